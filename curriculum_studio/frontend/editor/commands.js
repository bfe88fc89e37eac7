// Hides what keys and buttons do to the text: emphasis, lists, new lines, parts put in; each a small change that can be undone.
import { EditorSelection } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { newlineAbove } from "./held.js";
import { idsOf } from "./outline.js";
import { partText, placeFor, surrounded } from "./parts.js";
import { addRow, cellBelow, nextCell, tableAt } from "./tables.js";

const ITEM = /^( *)([-*+]|(\d{1,9})([.)]))( +)(\[[ xX]\] +)?/;
const QUOTE = /^ *> ?/;

/** Puts marks around what is chosen, or the word at the cursor; takes them away where they stand already. */
export const around = (mark) => (view) => {
  const { state } = view;
  const size = mark.length;
  view.dispatch(state.changeByRange((range) => {
    let { from, to } = range;
    if (from === to) {
      const word = state.wordAt(from);
      if (word) ({ from, to } = word);
    }
    while (from < to && /\s/.test(state.sliceDoc(from, from + 1))) from += 1;
    while (to > from && /\s/.test(state.sliceDoc(to - 1, to))) to -= 1;
    const inside = state.sliceDoc(from, to);
    const outer = state.sliceDoc(from - size, from) === mark && state.sliceDoc(to, to + size) === mark && (size > 1 || state.sliceDoc(from - 2, from) !== "**" || state.sliceDoc(from - 3, from) === "***");
    if (outer) return { changes: [{ from: from - size, to: from }, { from: to, to: to + size }], range: EditorSelection.range(from - size, to - size) };
    if (inside.length >= 2 * size && inside.startsWith(mark) && inside.endsWith(mark)) {
      return { changes: [{ from, to: from + size }, { from: to - size, to }], range: EditorSelection.range(from, to - 2 * size) };
    }
    return { changes: [{ from, insert: mark }, { from: to, insert: mark }], range: EditorSelection.range(from + size, to + size) };
  }), { userEvent: "input.format", scrollIntoView: true });
  return true;
};

/** Makes the chosen lines a list ("bullets", "numbers", "choices"), or plain lines again. */
export const list = (kind) => (view) => {
  const { state } = view;
  const { from, to } = state.selection.main;
  const lines = [];
  for (let number = state.doc.lineAt(from).number; number <= state.doc.lineAt(to).number; number += 1) lines.push(state.doc.line(number));
  const wanted = lines.length > 1 ? lines.filter((line) => line.text.trim()) : lines;
  const is = (match) => match && (kind === "choices" ? match[6] : kind === "numbers" ? match[3] && !match[6] : !match[3] && !match[6]);
  const all = wanted.every((line) => is(ITEM.exec(line.text)));
  const changes = wanted.map((line, index) => {
    const match = ITEM.exec(line.text);
    const lead = match ? match[1] : /^ */.exec(line.text)[0];
    const mark = kind === "numbers" ? `${index + 1}. ` : kind === "choices" ? (index ? "- [ ] " : "- [x] ") : "- ";
    return { from: line.from + lead.length, to: line.from + (match ? match[0].length : lead.length), insert: all ? "" : mark };
  });
  const before = all || lines[0].number === 1 ? "" : state.doc.line(lines[0].number - 1).text;
  // A list stands apart from the words above it.
  if (before.trim() && !ITEM.test(before)) changes.unshift({ from: lines[0].from, insert: "\n" });
  view.dispatch({ changes, userEvent: "input.format", scrollIntoView: true });
  return true;
};

/** Enter: goes on with a list, a quotation or a table; on the page begins a new paragraph. */
export const newline = (page) => (view) => {
  const { state } = view;
  const { main } = state.selection;
  if (state.selection.ranges.length > 1) return false;
  const { blocks } = state.field(page.tools.structure);
  const inside = blocks.find((one) => one.from <= main.head && main.head <= one.to && ["fence", "display", "header"].includes(one.type));
  if (inside) return false;
  const table = tableAt(state.doc, blocks, main.head);
  if (table) return goBelow(view, table);
  if (page.mode() === "page" && newlineAbove(view, page.tools.structure)) return true;
  const line = state.doc.lineAt(main.head);
  const match = ITEM.exec(line.text);
  const head = match?.[0] ?? QUOTE.exec(line.text)?.[0];
  if (head && main.from - line.from >= head.length) {
    if (!line.text.slice(head.length).trim()) {
      view.dispatch({ changes: { from: line.from, to: line.to }, userEvent: "delete.item", scrollIntoView: true });
      return true;
    }
    const mark = !match ? head : match[3] ? `${match[1]}${Number(match[3]) + 1}${match[4]}${match[5]}` : `${match[1]}${match[2]}${match[5]}${match[6] ? "[ ] " : ""}`;
    put(view, `\n${mark}`, "input.item");
    return true;
  }
  if (page.mode() !== "page" || !line.text.trim() || main.from === line.from) return false;
  put(view, "\n\n", "input");
  return true;
};

function put(view, text, userEvent) {
  const { main } = view.state.selection;
  view.dispatch({ changes: { from: main.from, to: main.to, insert: text }, selection: { anchor: main.from + text.length }, userEvent, scrollIntoView: true });
}

function goBelow(view, table) {
  const cell = cellBelow(table);
  if (cell) choose(view, cell.from, cell.to);
  else apply(view, addRow(table));
  return true;
}

export function choose(view, from, to = from) {
  view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
}

/** Does a change that a table's function gave; null does nothing. */
export function apply(view, change) {
  if (!change) return false;
  view.dispatch({ changes: change.changes, selection: { anchor: change.place }, userEvent: "input.table", scrollIntoView: true });
  return true;
}

/** Tab and Shift-Tab: from cell to cell, a list item in and out; elsewhere the key is the browser's. */
export const tab = (page, step) => (view) => {
  const { state } = view;
  const { blocks } = state.field(page.tools.structure);
  const table = tableAt(state.doc, blocks, state.selection.main.head);
  if (table) {
    const cell = nextCell(table, step);
    if (cell) choose(view, cell.from, cell.to);
    else if (step > 0) apply(view, addRow({ ...table, row: table.rows.length - 1 }));
    else return false;
    return true;
  }
  const line = state.doc.lineAt(state.selection.main.head);
  const match = ITEM.exec(line.text);
  if (!match) return false;
  if (step > 0) {
    const above = line.number > 1 ? ITEM.exec(state.doc.line(line.number - 1).text) : null;
    const width = above ? above[0].length - (above[6]?.length || 0) : 2;
    if (!above || match[1].length >= width) return false;
    view.dispatch({ changes: { from: line.from + match[1].length, insert: " ".repeat(width - match[1].length) }, userEvent: "input.indent" });
  } else {
    if (!match[1]) return false;
    view.dispatch({ changes: { from: line.from, to: line.from + Math.min(match[1].length, 3) }, userEvent: "delete.dedent" });
  }
  return true;
};

/** Words on the one empty line above a heading keep an empty line below them. */
export const roomBelow = (page) => EditorView.inputHandler.of((view, from, to, text) => {
  if (page.mode() !== "page" || from !== to || !text.trim() || view.composing) return false;
  const { doc } = view.state;
  const line = doc.lineAt(from);
  if (line.length || line.number === doc.lines || !/^#{1,6} /.test(doc.line(line.number + 1).text)) return false;
  view.dispatch({ changes: { from, insert: `${text}\n` }, selection: { anchor: from + text.length }, userEvent: "input.type", scrollIntoView: true });
  return true;
});

/** In a table a bar is a bar of the text, and no new cell. */
export const barInput = (page) => EditorView.inputHandler.of((view, from, to, text) => {
  if (!text.includes("|") || page.mode() !== "page") return false;
  if (!tableAt(view.state.doc, view.state.field(page.tools.structure).blocks, from)) return false;
  const insert = text.replaceAll("|", "\\|");
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.type" });
  return true;
});

/** Puts a part where parts of its kind go, and chooses what is to be written first. */
export function insertPart(page, view, kind, choices = false) {
  const { state } = view;
  const { blocks, parts } = state.field(page.tools.structure);
  const row = page.tools.kinds[kind];
  const practice = kind === "problem" && page.tools.lesson && !parts.some((one) => one.kind === "practice-problems");
  const made = practice ? "practice-problems" : kind;
  const level = practice ? 2 : row.level;
  const shown = page.tools.kinds[made].shown;
  const part = partText(made, level, shown, idsOf(blocks), choices);
  const place = placeFor(made, level, state.selection.main.head, parts, state.doc.length);
  insertAt(view, place, part);
}

/** Puts a text between empty lines at a place that is the start of a line or the end of the text. */
export function insertAt(view, place, part, to = place) {
  const { state } = view;
  const { insert, shift } = surrounded(state.sliceDoc(Math.max(0, place - 2), place), state.sliceDoc(to, to + 2), part.text, Math.max(part.from ?? 0, part.to ?? 0));
  const at = place + shift;
  view.dispatch({
    changes: { from: place, to, insert }, selection: { anchor: at + (part.from ?? part.text.length), head: at + (part.to ?? part.from ?? part.text.length) },
    userEvent: "input.part", scrollIntoView: true,
  });
  view.focus();
}

/** Puts a block where somebody writes: on an empty line there, else behind the paragraph; in a list item as a part of the item. */
export function insertBlock(page, view, part) {
  const { state } = view;
  const { blocks, header } = state.field(page.tools.structure);
  const head = Math.max(state.selection.main.head, header?.to ?? 0);
  const line = state.doc.lineAt(head);
  if (!line.text.trim()) return insertAt(view, line.from, part, line.to);
  const block = blocks.find((one) => one.from <= head && head <= one.to && ["fence", "display", "table"].includes(one.type));
  let last = block ? state.doc.line(block.last) : line;
  const item = ITEM.exec(line.text);
  while (!block && !item && !/^#{1,6} /.test(last.text) && last.number < state.doc.lines) {
    const next = state.doc.line(last.number + 1);
    if (!next.text.trim() || /^(?:#{1,6} |:{3,}|`{3,}|~{3,})/.test(next.text) || ITEM.test(next.text)) break;
    last = next;
  }
  if (!item) return insertAt(view, last.to, part);
  const indent = " ".repeat(item[0].length - (item[6]?.length || 0));
  const text = part.text.split("\n").map((row) => (row ? indent + row : row)).join("\n");
  const shift = (place) => place + indent.length * part.text.slice(0, place).split("\n").length;
  return insertAt(view, last.to, { text, from: part.from === undefined ? undefined : shift(part.from), to: part.to === undefined ? undefined : shift(part.to) });
}

/** Puts words where the cursor is, instead of what is chosen. */
export function insertWords(view, text) {
  const { main } = view.state.selection;
  view.dispatch({ changes: { from: main.from, to: main.to, insert: text }, selection: { anchor: main.from + text.length }, userEvent: "input.insert", scrollIntoView: true });
  view.focus();
}

/** Puts a formula where the cursor is, or instead of the one between two places; digits beside its dollars are kept apart. */
export function insertFormula(view, latex, from, to) {
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const after = view.state.sliceDoc(to, to + 1);
  const insert = `${/[\d\\$]/.test(before) ? " " : ""}$${latex}$${/[\d$]/.test(after) ? " " : ""}`;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.insert", scrollIntoView: true });
  view.focus();
}
