// Hides what the toolbar, the keys and the menu behind a slash offer, and that all three offer the same.
import { autocompletion } from "@codemirror/autocomplete";
import { redo, undo } from "@codemirror/commands";
import { openSearchPanel } from "@codemirror/search";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { apply, around, barInput, insertBlock, insertFormula, insertPart, list, newline, roomBelow, tab } from "./commands.js";
import { askLink, askSpace, askTable } from "./dialogs.js";
import { askFormula } from "./equation.js";
import { askFigure } from "./figure_form.js";
import { menu, tool, toolbar } from "./menus.js";
import { tableText } from "./parts.js";
import { askPicture, pictureIn } from "./pictures.js";
import { askStandard } from "./standards.js";
import { addColumn, addRow, removeColumn, removeRow, removeTable, tableAt } from "./tables.js";
import { pasted } from "./paste.js";
import { make } from "./widgets.js";

const PARTS = ["activity", "warm-up", "launch", "student-task", "student-responses", "synthesis", "misconception", "cool-down", "lesson-synthesis", "lesson-summary"];

/** The keys of the editor; part of what the field is made with. */
addTools.extensions = (page) => {
  page.mode = () => page.editor?.mode ?? "page";
  Object.defineProperty(page, "tools", { configurable: true, get: () => page.editor.tools });
  return [
    Prec.high(keymap.of([
      { key: "Mod-b", run: around("**") }, { key: "Mod-i", run: around("*") }, { key: "Mod-k", run: (view) => run(page, "link", view) },
      { key: "Mod-Shift-8", run: list("bullets") }, { key: "Mod-Shift-7", run: list("numbers") },
      { key: "Mod-m", run: (view) => run(page, "formula", view) }, { key: "Alt-F10", run: () => page.bar?.settle()?.focus() ?? true },
      { key: "Mod-Shift-e", run: () => { toggle(page); return true; } }, { key: "Alt-Enter", run: (view) => changeHere(page, view) },
    ])),
    keymap.of([{ key: "Enter", run: newline(page) }, { key: "Tab", run: tab(page, 1) }, { key: "Shift-Tab", run: tab(page, -1) }]),
    barInput(page), roomBelow(page),
    autocompletion({ override: [(context) => slash(page, context)], icons: false, activateOnTyping: true, aboveCursor: false, tooltipClass: () => "slash-menu" }),
    EditorView.domEventHandlers({
      paste: (event, view) => take(page, event.clipboardData, view) || pasted(event, view),
      drop(event, view) {
        if (!pictureIn(event.dataTransfer)) return false;
        const place = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (place !== null) view.dispatch({ selection: { anchor: place } });
        event.preventDefault();
        return take(page, event.dataTransfer, view);
      },
    }),
  ];
};

function take(page, carried, view) {
  const file = pictureIn(carried);
  // What a word processor copies has words and a picture of them: the words are meant.
  if (!file || carried.types.includes("text/html") && /<(?:p|li|td|h\d)\b/i.test(carried.getData("text/html"))) return false;
  askPicture(page, view, file, (text) => insertBlock(page, view, { text }));
  return true;
}

/** What can be put in: { name, label, words (other names), run(view) }, in the order of the menu behind a slash. */
function offers(page) {
  const { kinds, figures } = page.tables;
  const rows = [];
  const add = (name, label, words, act) => rows.push({ name, label, words, run: act });
  const order = page.tools.lesson ? [...PARTS, ...Object.keys(kinds).filter((one) => !PARTS.includes(one) && !["section", "directions", "for-students"].includes(one))] : Object.keys(kinds);
  for (const kind of order) add(kind, kinds[kind].shown, kinds[kind].names.join(" "), (view) => insertPart(page, view, kind));
  rows.splice(rows.findIndex((one) => one.name === "problem") + 1, 0, { name: "choices-problem", label: "Problem with choices", words: "multiple choice question", run: (view) => insertPart(page, view, "problem", true) });
  add("table", "Table", "grid rows columns", (view) => askTable(view, (columns, count) => insertBlock(page, view, tableText(columns, count))));
  add("formula", "Formula", "equation fraction math latex", (view) => formulaHere(page, view));
  for (const [kind, row] of Object.entries(figures)) add(`figure-${kind}`, row.label, `figure ${row.about}`, (view) => newFigure(page, view, kind));
  add("picture", "Picture", "image photo", (view) => askPicture(page, view, null, (text) => insertBlock(page, view, { text })));
  add("space", "Space to write", "answer lines squared paper", (view) => askSpace(view, (text) => insertBlock(page, view, { text })));
  add("teacher", "Teacher note", "passage for teachers only", (view) => insertBlock(page, view, { text: "::: teacher\n\n:::", from: 12 }));
  add("bullets", "Bulleted list", "items", list("bullets"));
  add("numbers", "Numbered list", "ordered", list("numbers"));
  add("choices", "Choices", "task list answers", list("choices"));
  add("link", "Link", "address web", (view) => askLink(view, (text, { from, to }) => view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.insert" })));
  return rows;
}

function run(page, name, view) {
  offers(page).find((one) => one.name === name).run(view);
  return true;
}

function newFigure(page, view, kind) {
  askFigure({ tables: page.tables, drawn: page.tools.drawn, view, kind, done: (text) => insertBlock(page, view, { text }) });
}

function changeFigure(page, block) {
  const { view } = page.editor;
  askFigure({
    tables: page.tables, drawn: page.tools.drawn, view, kind: block.word, block, done: (body) => {
      const whole = view.state.sliceDoc(block.from, block.to);
      const first = whole.indexOf("\n") + 1;
      const last = whole.lastIndexOf("\n") + 1;
      const indented = body.replace(/^(?=.)/gm, " ".repeat(block.indent));
      view.dispatch({ changes: { from: block.from + first, to: block.from + last, insert: indented }, userEvent: "input.form" });
    },
  });
}

/** The formula in which the cursor is, else an empty one where it stands. */
function formulaHere(page, view) {
  const { state } = view;
  const { main } = state.selection;
  const line = state.doc.lineAt(main.head);
  for (const match of line.text.matchAll(/(?<![\d\\$])\$(?![ $])((?:\\.|[^$\\])*?)(?<! )\$(?!\d)/g)) {
    const from = line.from + match.index;
    const to = from + match[0].length;
    if (from < main.head && main.head < to) return askFormula({ latex: match[1], drawn: page.tools.drawn, view, done: (latex) => insertFormula(view, latex, from, to) });
  }
  return askFormula({
    latex: "", drawn: page.tools.drawn, view, done: (latex, display) => {
      if (display) insertBlock(page, view, { text: `$$\n${latex}\n$$` });
      else insertFormula(view, latex, main.from, main.to);
    },
  });
}

/** Alt-Enter: the form of the figure or the formula at the cursor. */
function changeHere(page, view) {
  const { blocks } = page.tools.structure && view.state.field(page.tools.structure);
  const block = blocks.find((one) => one.type === "fence" && page.tools.figures.has(one.word) && one.from <= view.state.selection.main.head && view.state.selection.main.head <= one.to);
  if (block) changeFigure(page, block);
  else formulaHere(page, view);
  return true;
}

/** What is offered behind a slash at the beginning of a line or after a space. */
function slash(page, context) {
  const found = context.matchBefore(/(?:^|\s)\/[\p{L} -]{0,30}$/u);
  if (!found) return null;
  const from = found.from + found.text.indexOf("/");
  const { blocks } = context.state.field(page.tools.structure);
  if (blocks.some((one) => ["fence", "display", "header"].includes(one.type) && one.from <= from && from <= one.to)) return null;
  const typed = context.state.sliceDoc(from + 1, context.pos).toLowerCase().trim();
  const fits = (row) => !typed || row.label.toLowerCase().includes(typed) || row.words.toLowerCase().includes(typed);
  const rank = (row) => (row.label.toLowerCase().startsWith(typed) ? 0 : row.label.toLowerCase().includes(typed) ? 1 : 2);
  const rows = offers(page).filter(fits).sort((a, b) => rank(a) - rank(b));
  if (!rows.length) return null;
  return {
    from, filter: false,
    options: rows.map((row, index) => ({
      label: row.label, boost: -index, apply(view, completion, start, end) {
        view.dispatch({ changes: { from: start, to: end }, userEvent: "delete.slash" });
        row.run(view);
      },
    })),
  };
}

function toggle(page) {
  const next = page.editor.mode === "page" ? "text" : "page";
  page.editor.show(next);
  page.keepMode(next);
  page.look?.();
  page.editor.view.focus();
}

function problemStandard(page, view) {
  const { parts } = view.state.field(page.tools.structure);
  const part = parts.filter((one) => one.kind === "problem" && one.from <= view.state.selection.main.head && view.state.selection.main.head < Math.max(one.to, one.from + 1)).at(-1);
  if (!part) {
    page.say("Put the cursor into a problem first.");
    return;
  }
  askStandard("This problem assesses", (code) => {
    const now = view.state.field(page.tools.structure).parts.find((one) => one.kind === "problem" && one.from === part.from);
    if (!now) return;
    const { block } = now;
    const group = block.attributesAt < 0 ? "" : view.state.sliceDoc(block.attributesAt, block.to);
    const old = /\bstandard=("[^"\n]*"|[^\s"{}]+)/.exec(group);
    const change = old ? { from: block.attributesAt + old.index, to: block.attributesAt + old.index + old[0].length, insert: `standard=${code}` }
      : group ? { from: block.attributesAt + group.lastIndexOf("}"), insert: ` standard=${code}` } : { from: block.to, insert: ` {standard=${code}}` };
    view.dispatch({ changes: change, userEvent: "input.form" });
  }, () => view.focus());
}

/** Adds the toolbar above the text. */
export function addTools(page) {
  const { editor, form } = page;
  const { view } = editor;
  const go = (name) => () => run(page, name, view);
  const do_ = (command) => () => { command(view); view.focus(); };
  const rows = () => offers(page).map((one) => ({ label: one.label, name: one.name, run: () => one.run(view) }));
  const only = (pick) => () => rows().filter((one) => pick(one.name));
  const isFigure = (name) => name.startsWith("figure-");
  const isPart = (name) => name in page.tables.kinds || name === "choices-problem";
  const said = make("p", { class: "quietly", role: "status" });
  page.say = (words) => { said.textContent = words; };
  page.pictureAddress = (name) => editor.tools.picture(name);
  page.actions.figure = (block) => changeFigure(page, block);
  const mode = tool("", "", () => toggle(page));
  const change = (act) => () => { const table = tableAt(view.state.doc, view.state.field(editor.tools.structure).blocks, view.state.selection.main.head); if (table) apply(view, act(table)); view.focus(); };
  const tableTools = make("div", { class: "tools-group", role: "group", "aria-label": "Table", hidden: true },
    tool("Add row", "Add a row below", change(addRow)), tool("Add column", "Add a column at the right", change(addColumn)),
    tool("Remove row", "Remove this row", change(removeRow)), tool("Remove column", "Remove this column", change(removeColumn)), tool("Remove table", "Remove the table", change(removeTable)));
  const bar = toolbar("Write", [
    ["Undo", [tool("↶", "Undo", do_((view) => page.together?.back() ?? undo(view))), tool("↷", "Redo", do_((view) => page.together?.forth() ?? redo(view)))]],
    ["Words", [tool([make("b", { text: "B" })], "Bold", do_(around("**"))), tool([make("i", { text: "I" })], "Italic", do_(around("*"))), tool("Link", "Link", go("link"))]],
    ["Lists", [tool("Bullets", "Bulleted list", do_(list("bullets"))), tool("Numbers", "Numbered list", do_(list("numbers"))), tool("Choices", "Choices of a problem", do_(list("choices")))]],
    ["Put in", [menu("Part", "Put in a part", only(isPart)), menu("Figure", "Put in a figure", only(isFigure)), tool("Formula", "Formula", go("formula")), tool("Table", "Table", go("table")), tool("Picture", "Picture", go("picture")),
      menu("More", "Put in more", () => [...only((name) => ["space", "teacher"].includes(name))(), { label: "Standard that this problem assesses", run: () => problemStandard(page, view) }])]],
    ["View", [tool("Find", "Find and replace", do_((one) => openSearchPanel(one))), mode, tool("?", "Keys and help", () => document.querySelector("dialog[data-keys]")?.showModal())]],
  ]);
  bar.append(tableTools);
  page.bar = bar;
  page.look = () => {
    const plain = editor.mode === "text";
    mode.textContent = plain ? "Show the page" : "Show the text";
    mode.title = plain ? "Show the page, with its formulas and figures" : "Show the text as it is kept";
    mode.removeAttribute("aria-label");
  };
  page.look();
  view.dom.before(bar, said);
  bar.settle();
  const before = page.onChange;
  page.onChange = (update) => {
    before?.(update);
    if (!update.docChanged && !update.selectionSet) return;
    const table = tableAt(update.state.doc, update.state.field(editor.tools.structure).blocks, update.state.selection.main.head);
    if (tableTools.hidden !== !table) tableTools.hidden = !table;
  };
  form.classList.add("editor-on");
}
