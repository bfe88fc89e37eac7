// Hides how typing becomes suggestions: the text underneath stays what it is, and each change stands in it as what it is.
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { changed } from "./differences.js";
import { makeEditor } from "./editor.js";
import { finding } from "./finding.js";
import { others, showOthers } from "./others.js";
import { addressOf } from "./page.js";
import { Shown, make } from "./widgets.js";

const INLINE = "inline";
const TAKEN = "all";
const REFUSED = "none";
const setView = StateEffect.define();

const goneWidget = (words, view) => new Shown(`gone ${view} ${words}`, () => (view === REFUSED ? make("span", { class: "cm-kept", text: words })
  : make("del", { class: "cm-goes" }, make("span", { class: "quietly", text: "goes: " }), words)));

/** The changes since `began` and how they are shown. */
const suggestions = (began) => StateField.define({
  create: (state) => ({ view: INLINE, rows: changed(began, state.doc.toString()) }),
  update(value, change) {
    let { view, rows } = value;
    for (const effect of change.effects) if (effect.is(setView)) view = effect.value;
    if (change.docChanged) rows = changed(began, change.newDoc.toString());
    return view === value.view && rows === value.rows ? value : { view, rows };
  },
  provide: (field) => EditorView.decorations.from(field, ({ view, rows }) => drawn(view, rows)),
});

function drawn(view, rows) {
  if (view === TAKEN) return Decoration.none;
  const marks = [];
  for (const { from, to, gone } of rows) {
    if (gone) marks.push(Decoration.widget({ widget: goneWidget(gone, view), side: -1 }).range(from));
    if (from < to) marks.push((view === REFUSED ? Decoration.replace({}) : Decoration.mark({ class: "cm-comes" })).range(from, to));
  }
  return Decoration.set(marks, true);
}

/** Starts the page on which a text is written anew as suggestions; the plain field stays where the editor cannot be had. */
export function startSuggesting(form, tables) {
  const field = form.querySelector("textarea[name=text]");
  const began = form.querySelector("[data-began]").value;
  const own = suggestions(began);
  const locked = new Compartment();
  const token = form.querySelector("input[name=csrf_token]").value;
  const label = form.querySelector("label[for=text]");
  let heard = null;
  const editor = makeEditor(field, {
    tables, label: label.textContent, language: field.lang || "en", mode: "page", text: began,
    ask: (body) => fetch("/editor/draw", { method: "POST", headers: { "content-type": "application/json", "X-CSRFToken": token }, body: JSON.stringify({ ...body, language: field.lang || "en" }), credentials: "same-origin" })
      .then((answer) => { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); }),
    picture: (target) => addressOf(form.dataset.key, target),
    extensions: [own, others, locked.of([]), finding],
    onChange: (update) => {
      heard?.(update);
      if (update.docChanged) list();
    },
  });
  const { view } = editor;
  const rows = form.querySelector("[data-changes]");
  const told = form.querySelector("[data-counted]");
  const list = () => {
    const found = view.state.field(own).rows;
    const words = found.length ? `${found.length} ${found.length === 1 ? "suggestion" : "suggestions"} to hand in` : "Nothing is different yet.";
    if (told.textContent !== words) told.textContent = words;
    rows.replaceChildren(...found.map((one) => make("li", {},
      make("button", { type: "button", class: "link", on: { click: () => { view.dispatch({ selection: { anchor: one.from, head: one.to }, scrollIntoView: true }); view.focus(); } } }, ...shownIn(one, view.state)),
      make("button", { type: "button", class: "quiet", on: { click: () => { view.dispatch({ changes: { from: one.from, to: one.to, insert: one.gone }, userEvent: "input.back" }); view.focus(); } } }, "Take back", make("span", { class: "quietly", text: ` this change: ${one.gone || view.state.sliceDoc(one.from, one.to)}`.slice(0, 80) })))));
  };
  // What this device kept, or what came back from the studio, stands in the text as suggestions again.
  const kept = field.value;
  if (kept !== began) {
    const back = changed(began, kept).map((one) => ({ from: one.at, to: one.at + one.gone.length, insert: kept.slice(one.from, one.to) }));
    view.dispatch({ changes: back, userEvent: "input.kept" });
  }
  heard = showOthers(view, form.querySelector("[data-others]"), form.dataset.beside, token);
  for (const radio of form.querySelectorAll("[name=shown]")) {
    radio.addEventListener("change", () => {
      view.dispatch({ effects: [setView.of(radio.value), locked.reconfigure(radio.value === REFUSED ? EditorState.readOnly.of(true) : [])] });
      // The text as it would be, or as it is, has nothing in it that is only suggested.
      form.classList.toggle("as-one-text", radio.value !== INLINE);
    });
  }
  form.addEventListener("submit", () => editor.flush());
  addEventListener("pagehide", () => editor.flush());
  document.addEventListener("visibilitychange", () => editor.flush());
  label.removeAttribute("for");
  form.querySelector("[data-with-editor]").hidden = false;
  form.classList.add("editor-on");
  list();
  requestAnimationFrame(() => performance.mark("editor-ready"));
}

const shownIn = (one, state) => {
  const came = state.sliceDoc(one.from, one.to);
  const short = (words) => (words.length > 80 ? `${words.slice(0, 77)}…` : words);
  return [one.gone && make("del", {}, make("span", { class: "quietly", text: "goes: " }), short(one.gone)), one.gone && came ? " " : null, came && make("ins", {}, make("span", { class: "quietly", text: "comes: " }), short(came))].filter(Boolean);
};
