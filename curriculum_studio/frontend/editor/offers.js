// Hides what can be put into a text, and that toolbar, keys and the menu behind a slash offer the same.
import { aboutHere, askAbout } from "./asked.js";
import { insertBlock, insertFormula, insertPart, list } from "./commands.js";
import { askSpace, askTable } from "./dialogs.js";
import { askLink } from "./linking.js";
import { askFormula } from "./equation.js";
import { askFigure } from "./figure_form.js";
import { tableText } from "./parts.js";
import { markdownIn } from "./paste.js";
import { fieldsOf, heldAt } from "./held.js";
import { askPicture } from "./pictures.js";

const PARTS = ["activity", "warm-up", "launch", "student-task", "student-responses", "synthesis", "misconception", "cool-down", "lesson-synthesis", "lesson-summary"];

/** What can be put in: { name, label, words (other names), run(view) }, in the order of the menu behind a slash. */
export function offers(page, all = true) {
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
  add("link", "Link", "address web", (view) => askLink(page, view, (text, { from, to }) => view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.insert" })));
  // Not behind the slash: it writes into a part that is there.
  if (all) add("about", "About this part: minutes, standard, points …", "", (view) => aboutHere(page, view));
  return rows;
}

/** Does one of them by its name. */
export function run(page, name, view) {
  offers(page).find((one) => one.name === name).run(view);
  return true;
}

function newFigure(page, view, kind) {
  askFigure({ tables: page.tables, drawn: page.tools.drawn, view, kind, done: (text) => insertBlock(page, view, { text }) });
}

/** The form of a figure that stands in the text. */
export function changeFigure(page, block) {
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

/** Alt-Enter: the form of the figure, the formula, the heading or the choice at the cursor; elsewhere a new formula. */
export function changeHere(page, view) {
  const { blocks } = page.tools.structure && view.state.field(page.tools.structure);
  const { head } = view.state.selection.main;
  const block = blocks.find((one) => one.type === "fence" && page.tools.figures.has(one.word) && one.from <= head && head <= one.to);
  const held = heldAt(view.state, page.tools.structure, head);
  if (block) changeFigure(page, block);
  else if (held && fieldsOf(held, page.tools) && (held.kind === "heading" || head === held.behind)) askAbout(page, view, head);
  else formulaHere(page, view);
  return true;
}

/** What is offered behind a slash at the beginning of a line or after a space. */
export function slash(page, context) {
  const found = context.matchBefore(/(?:^|\s)\/[\p{L} -]{0,30}$/u);
  if (!found) return null;
  const from = found.from + found.text.indexOf("/");
  const { blocks } = context.state.field(page.tools.structure);
  if (blocks.some((one) => ["fence", "display", "header"].includes(one.type) && one.from <= from && from <= one.to)) return null;
  const typed = context.state.sliceDoc(from + 1, context.pos).toLowerCase().trim();
  const fits = (row) => !typed || row.label.toLowerCase().includes(typed) || row.words.toLowerCase().includes(typed);
  const rank = (row) => (row.label.toLowerCase().startsWith(typed) ? 0 : row.label.toLowerCase().includes(typed) ? 1 : 2);
  const rows = offers(page, false).filter(fits).sort((a, b) => rank(a) - rank(b));
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

/** Puts in what was pasted or dropped: a picture after its words were asked for, a document's parts in the text's own marks. */
export function take(page, view, carried) {
  if (carried.picture) return askPicture(page, view, carried.picture, (text) => insertBlock(page, view, { text }));
  const text = markdownIn(carried);
  const { main } = view.state.selection;
  const line = view.state.doc.lineAt(main.from);
  const lead = text !== carried.plain && text.includes("\n") && main.from > line.from && line.text.trim() ? "\n\n" : "";
  const insert = lead + text;
  return view.dispatch({ changes: { from: main.from, to: main.to, insert }, selection: { anchor: main.from + insert.length }, userEvent: "input.paste", scrollIntoView: true });
}
