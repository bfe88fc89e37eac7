// Hides how the open suggestions of others stand in a text while somebody suggests in it: their words marked, the new ones behind them.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { Shown, make } from "./widgets.js";

const AGAIN = 30_000;
const LONGEST = 60;
const setOthers = StateEffect.define();
const marked = (key) => Decoration.mark({ class: "cm-said cm-said-suggestion", key });
const short = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST - 3)}…` : words);

const behind = ({ name, words }) => Decoration.widget({
  side: 1,
  widget: new Shown(`other ${name} ${words}`, () => make("span", { class: "cm-other" }, make("b", { text: `${name}: ` }), words)),
});

/** Where the suggestions of others are; they move along with every change. */
export const others = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    let next = value.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(setOthers)) next = Decoration.set(effect.value.flatMap((one) => [marked(one.key).range(one.from, one.to), behind(one).range(one.to)]), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Asks for the open suggestions on the text now and then, marks them, and lists them in `box`; gives what hears of changes. */
export function showOthers(view, box, address, token) {
  const list = box.querySelector("ol");
  let since = null;
  let last = "";
  const show = (html) => {
    const template = document.createElement("template");
    template.innerHTML = html;
    const rows = [...template.content.querySelectorAll("[data-suggested][data-from]")].map(read).map((one) => ({
      ...one, from: since.mapPos(one.from, 1), to: since.mapPos(one.to, -1),
    })).filter((one) => one.from < one.to);
    if (rows.length || view.state.field(others).size) view.dispatch({ effects: setOthers.of(rows) });
    // Whoever reads the list is not disturbed where nothing is new.
    const now = rows.map((one) => one.key).join();
    if (now === last) return;
    last = now;
    list.replaceChildren(...rows.map((one) => make("li", {}, make("button", { type: "button", class: "link", on: { click: () => lead(view, one.key) } }, `${one.name}: `, ...one.changed))));
    box.querySelector("[data-count]").textContent = rows.length;
    box.hidden = !rows.length;
  };
  const ask = async () => {
    if (since || document.hidden) return;
    since = view.state.changes();
    try {
      const body = new URLSearchParams({ csrf_token: token, text: view.state.doc.toString() });
      const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
      if (answer.ok) show(await answer.text());
    } catch {
      // What could not be asked for now is asked for the next time.
    }
    since = null;
  };
  ask();
  setInterval(ask, AGAIN);
  return (update) => {
    if (since && update.docChanged) since = since.compose(update.changes);
  };
}

/** A suggestion from its thread: who made it, where its words are, and its words as a list shows them. */
function read(thread) {
  const pieces = JSON.parse(thread.dataset.pieces || "[]");
  const came = pieces.filter((one) => one.kind === "came").map((one) => one.text.trim()).join(" … ");
  const words = thread.querySelector(".words").cloneNode(true);
  return {
    key: thread.id, name: thread.querySelector("header strong").textContent, from: Number(thread.dataset.from), to: Number(thread.dataset.to),
    words: short(came || "other words"), changed: [...words.childNodes],
  };
}

function lead(view, key) {
  for (const cursor = view.state.field(others).iter(); cursor.value; cursor.next()) {
    if (cursor.value.spec.key !== key) continue;
    view.dispatch({ selection: { anchor: cursor.from, head: cursor.to }, effects: EditorView.scrollIntoView(cursor.from, { y: "center" }) });
    view.focus();
    return;
  }
}
