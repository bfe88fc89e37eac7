// Hides how what is said about a text stands beside it while somebody writes: words marked, threads in order, answers sent.
import { Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { choiceOf, sayable } from "../studio/chosen.js";
import { forgetSaid, keepSaid } from "../studio/said.js";
import { sayTimes } from "../studio/times.js";
import { tool } from "./menus.js";
import { partsAt } from "./outline.js";
import { make } from "./widgets.js";

const CONTEXT = 64;
const HELD = "button, textarea, summary, input, select, a";
const setPlaces = StateEffect.define();

/** The marked words of the threads; they move along with every change, whoever makes it. */
const marks = StateField.define({
  create: () => Decoration.none,
  update(value, change) {
    let next = value.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(setPlaces)) next = Decoration.set(effect.value.map(({ key, kind, from, to }) => marked(key, kind).range(from, to)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});
const marked = (key, kind) => Decoration.mark({ class: `cm-said cm-said-${kind}`, key, inclusive: false });

/** Adds the threads beside the text; `page.askThreads()` brings them up to date. */
export function addBeside(page) {
  const box = document.querySelector("[data-beside]");
  if (!box) return;
  const beside = new Beside(page, box);
  page.askThreads = (news) => beside.ask(news);
  page.openBeside = () => beside.open();
  beside.ask();
}

addBeside.extensions = (page) => [marks, Prec.high(keymap.of([{ key: "Ctrl-Alt-m", run: () => { page.openBeside?.(); return true; } }]))];

class Beside {
  constructor(page, box) {
    this.page = page;
    this.box = box;
    this.view = page.editor.view;
    this.list = box.querySelector("[data-beside-list]");
    this.form = box.querySelector("[data-beside-say]");
    this.undo = box.querySelector("[data-beside-undo]");
    this.token = this.form.querySelector("input[name=csrf_token]").value;
    this.since = null;
    this.count = 0;
    this.button = tool("Comments", "Comments (Ctrl Alt M)", () => (this.box.hidden ? this.open() : this.close()), { "aria-expanded": "false" });
    page.bar.add("Comments", [this.button]);
    page.bar.settle();
    box.querySelector("[data-beside-close]").addEventListener("click", () => this.close());
    box.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    box.addEventListener("submit", (event) => this.send(event));
    box.addEventListener("click", (event) => this.lead(event));
    keepSaid(this.form);
    this.offer();
    this.hearPreview(document.getElementById("preview"));
    const before = page.onChange;
    page.onChange = (update) => {
      before?.(update);
      if (this.since && update.docChanged) this.since = this.since.compose(update.changes);
      if (update.selectionSet && !this.box.hidden) this.turn();
      if ((update.selectionSet || update.docChanged) && !this.box.hidden && this.view.hasFocus) this.offer();
    };
  }

  /** Words that are marked in the preview can be spoken of too: the studio finds them in the text. */
  hearPreview(preview) {
    sayable(preview, (range) => {
      const page = preview.querySelector("article");
      if (page?.contains(range.commonAncestorContainer)) this.open({ ...choiceOf(page, range), written: "yes" });
    });
  }

  /** Opens the drawer with what is chosen in the text (or was in the preview), ready to say something about it. */
  open(shown = null) {
    this.offer(shown);
    this.box.hidden = false;
    document.body.classList.add("with-beside");
    this.button.setAttribute("aria-expanded", "true");
    this.form.elements.text.focus();
    this.turn();
    this.ask();
  }

  close() {
    this.box.hidden = true;
    document.body.classList.remove("with-beside");
    this.button.setAttribute("aria-expanded", "false");
    this.view.focus();
  }

  // Choosing what is meant ----------------------------------------------------------------------------------

  /** What something can be said about where the cursor stands: words, a figure, the parts around it, the whole text. */
  offer(shown = null) {
    const { state } = this.view;
    const { from, to } = state.selection.main;
    const { blocks, parts } = state.field(this.page.editor.tools.structure);
    const rows = shown ? [{ words: `the words “${cut(shown.words)}”`, shown }] : [];
    const figure = blocks.find((one) => (one.type === "picture" || one.type === "display" || (one.type === "fence" && this.page.editor.tools.figures.has(one.word))) && from <= one.to && to >= one.from);
    if (to > from && state.sliceDoc(from, to).trim()) rows.push({ words: `the words “${cut(state.sliceDoc(from, to))}”`, from, to });
    if (figure) rows.push({ words: figure.type === "display" ? "this formula" : figure.type === "picture" ? "this picture" : `this figure (${figure.word.replaceAll("-", " ")})`, from: figure.from, to: figure.to });
    for (const part of partsAt(parts, from).reverse()) if (part.id) rows.push({ words: `the part “${cut(part.block.words)}”`, part: part.id });
    rows.push({ words: "the whole text", part: "" });
    this.rows = rows;
    this.form.elements.about.replaceChildren(...rows.map((row, number) => make("option", { value: number, text: row.words })));
  }

  choice() {
    const row = this.rows[Number(this.form.elements.about.value)] ?? this.rows.at(-1);
    if (row.shown) return row.shown;
    if (row.from === undefined) return { part: row.part };
    const { doc } = this.view.state;
    const before = doc.sliceString(0, row.from);
    return {
      words: doc.sliceString(row.from, row.to), before: before.slice(-CONTEXT), after: doc.sliceString(row.to, row.to + CONTEXT),
      // The studio counts characters, the browser halves of some.
      start: [...before].length,
    };
  }

  // Sending -------------------------------------------------------------------------------------------------

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter?.name) body.append(event.submitter.name, event.submitter.value);
    if (form === this.form) for (const [name, value] of Object.entries(this.choice())) body.append(name, value);
    this.page.editor.flush();
    this.tell("");
    let answer;
    try {
      await this.page.together?.settled();
      answer = await fetch(form.action, { method: "POST", body, redirect: "manual", credentials: "same-origin" });
    } catch {
      this.tell("The studio does not answer. Your words are still here; try again.");
      return;
    }
    if (answer.type !== "opaqueredirect") {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.tell(page.querySelector("[role=alert]")?.textContent || "That could not be done. Your words are still here.");
      return;
    }
    forgetSaid(form);
    form.reset();
    if (form === this.form) this.offer();
    const took = body.get("act") === "accept";
    this.tell(!took ? "Done." : this.page.live ? "Taken over: it is in the text." : "Taken over in the text that is kept. It comes together with yours when you save.");
    this.offerUndo(form, body);
    this.ask();
  }

  /** What was just decided on a suggestion can be undone; whoever decides by keyboard stands on that button then. */
  offerUndo(form, body) {
    const decided = ["accept", "refuse"].includes(body.get("act"));
    if (decided) this.undo.action = `/threads/${body.get("key")}/undo`;
    this.undo.hidden = !decided;
    if (decided) this.undo.querySelector("button").focus();
    else if (form === this.undo) this.box.focus();
  }

  tell(words) {
    this.box.querySelector("[data-beside-told]").textContent = words;
  }

  // Keeping up to date --------------------------------------------------------------------------------------

  /** Asks for the threads beside the text as it stands here. */
  async ask(news = false) {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    const { doc } = this.view.state;
    this.since = this.view.state.changes();
    try {
      const body = new URLSearchParams({ csrf_token: this.token, text: doc.toString() });
      const answer = await fetch(`${this.box.dataset.beside}/beside`, { method: "POST", body, credentials: "same-origin" });
      if (answer.ok) this.show(await answer.text(), news);
    } catch {
      // What could not be asked for now is asked for with the next news.
    }
    this.since = null;
    this.asking = false;
    if (this.again) {
      this.again = false;
      this.ask(news);
    }
  }

  show(html, news) {
    const held = document.activeElement.closest?.("[data-beside-list] [data-thread]");
    const at = held && [...held.querySelectorAll(HELD)].indexOf(document.activeElement);
    const open = [...this.list.querySelectorAll("details[open]")].map((one) => one.closest("[data-thread]")?.id);
    const template = document.createElement("template");
    template.innerHTML = html;
    sayTimes(template.content);
    this.list.replaceChildren(template.content);
    const threads = [...this.list.querySelectorAll("[data-thread]")];
    for (const form of this.list.querySelectorAll("form[data-keep]")) keepSaid(form);
    for (const thread of threads) if (open.includes(thread.id)) for (const one of thread.querySelectorAll("details")) one.open = true;
    // Whoever stands on a button of a thread stands there still, however often the list is brought up to date.
    if (held) document.getElementById(held.id)?.querySelectorAll(HELD)[at]?.focus({ preventScroll: true });
    const places = threads.filter((one) => one.dataset.from !== undefined).map((one) => ({
      key: one.id, kind: one.classList.contains("suggestion") ? "suggestion" : "comment",
      from: this.since.mapPos(Number(one.dataset.from), 1), to: this.since.mapPos(Number(one.dataset.to), -1),
    })).filter((one) => one.from < one.to);
    this.view.dispatch({ effects: setPlaces.of(places) });
    if (news && threads.length > this.count) this.page.together?.say("Something new is said about this text: see Comments.");
    this.count = threads.length;
    this.button.textContent = threads.length ? `Comments (${threads.length})` : "Comments";
    this.turn();
  }

  // One thread and its words --------------------------------------------------------------------------------

  placeOf(key) {
    const cursor = this.view.state.field(marks).iter();
    for (; cursor.value; cursor.next()) if (cursor.value.spec.key === key) return { from: cursor.from, to: cursor.to };
    return null;
  }

  lead(event) {
    const button = event.target.closest("[data-show]");
    const place = button && this.placeOf(button.closest("[data-thread]").id);
    if (!place) return;
    this.view.dispatch({ selection: { anchor: place.from, head: place.to }, effects: EditorView.scrollIntoView(place.from, { y: "center" }) });
    this.view.focus();
  }

  /** The threads whose words the cursor is in stand out, and the first of them is in sight. */
  turn() {
    const { head } = this.view.state.selection.main;
    const here = new Set();
    this.view.state.field(marks).between(head, head, (from, to, value) => { here.add(value.spec.key); });
    let first = null;
    for (const thread of this.list.querySelectorAll("[data-thread]")) {
      thread.classList.toggle("on", here.has(thread.id));
      if (here.has(thread.id)) first ||= thread;
    }
    if (first && !this.list.contains(document.activeElement)) first.scrollIntoView({ block: "nearest" });
  }
}

const cut = (words) => {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
};
