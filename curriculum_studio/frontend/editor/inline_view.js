// Hides how the lines on the screen are shown: which marks are hidden, and what stands for them, line by line.
import { syntaxTree } from "@codemirror/language";
import { Decoration } from "@codemirror/view";
import { cellsOf, firstAt } from "./blocks.js";
import { calledAs, fieldsOf, heldAt } from "./held.js";
import { studentsSee } from "./outline.js";
import { answerWidget, badgesWidget, bulletWidget, choiceWidget, formulaWidget, labelWidget } from "./widgets.js";

/** Whether any of the selection touches a stretch of the text. */
export const touches = (state, from, to) => state.selection.ranges.some((range) => range.from <= to && range.to >= from);

const hidden = Decoration.replace({});
const line = (name) => Decoration.line({ class: name });
const mark = (name) => Decoration.mark({ class: name });
const STYLES = { StrongEmphasis: "cm-strong", Emphasis: "cm-em", Strikethrough: "cm-struck", InlineCode: "cm-code", Link: "cm-link", Autolink: "cm-link" };
const HIDDEN = new Set(["EmphasisMark", "CodeMark", "StrikethroughMark", "QuoteMark"]);
const CHOICE = /^[ ]*[-*+] \[([ xX])\] /;
const ATTRIBUTES = {
  minutes: (value) => `${value} min`, optional: () => "optional", points: (value) => `${value} ${value === "1" ? "point" : "points"}`,
  standard: (value) => value, rigor: (value) => value, routine: (value) => value, dok: (value) => `depth ${value}`, udl: (value) => value,
  check: () => "checks itself", for: (value) => `for ${value}`, misconception: (value) => `shows ${value}`, unit: (value) => value,
  tolerance: (value) => `± ${value}`, from: (value) => `from ${value}`,
};

/** What stands behind a heading or a choice, in words; `named` says what short names stand for. */
export const badgesOf = (values, named = (name) => name) => Object.entries(values).map(([key, value]) => (ATTRIBUTES[key] ? ATTRIBUTES[key](NAMES.has(key) ? namedAll(value, named) : value) : `${key} ${value}`));
const NAMES = new Set(["for", "misconception", "from"]);
const namedAll = (value, named) => value.split(/[\s,]+/).filter(Boolean).map((one) => (named(one) === one ? one : `“${named(one)}”`)).join(", ");

/** The titles of misconceptions and lessons: those that the studio knows, and those of the text as it stands now. */
const namesIn = ({ state, tools }) => (name) => tools.names?.[name] || state.field(tools.structure).parts.find((one) => one.id === name && one.kind === "misconception")?.title || name;

/** The decorations of what is on the screen; `header` is what the form stands for, if it does. */
export function inlineMarks(view, tools, header) {
  const { state } = view;
  const active = new Set();
  for (const range of state.selection.ranges) {
    const last = state.doc.lineAt(range.to).number;
    for (let number = state.doc.lineAt(range.from).number; number <= last; number += 1) active.add(number);
  }
  const page = {
    state, active, tools, marks: [],
    isActive: (place) => active.has(state.doc.lineAt(place).number),
  };
  const read = state.field(tools.structure);
  const { blocks } = read;
  const covered = new Set();
  for (const { from, to } of view.visibleRanges) {
    const start = Math.max(from, header ? header.to : 0);
    if (start > to) continue;
    for (let index = firstAt(blocks, start); index < blocks.length && blocks[index].from <= to; index += 1) {
      const block = blocks[index];
      if (covered.has(block)) continue;
      covered.add(block);
      SHOW[block.type]?.(page, block);
    }
    shade(page, read, start, to);
    words(page, start, to);
  }
  return page.marks;
}

const SHOW = { heading, fence, open: passage, close: passage, answer, table };

function heading(page, block) {
  const { state, marks, tools } = page;
  const part = state.field(tools.structure).partOf.get(block);
  const kind = part?.kind;
  marks.push(line(`cm-heading cm-h${block.level}${kind ? ` cm-kind-${kind}` : ""}`).range(block.from));
  if (part?.kind && part.title) marks.push(mark("cm-kind").range(block.wordsAt, block.wordsAt + part.words.length));
  if (block.wordsAt > block.from) marks.push(hidden.range(block.from, block.wordsAt));
  behind(page, heldAt(state, tools.structure, block.from));
}

/** What stands behind the words of a line, in words, with the button of its form where somebody writes. */
function behind(page, held) {
  const { marks, tools } = page;
  const form = page.isActive(held.from) && fieldsOf(held, tools) ? { words: `About this ${calledAs(held)}`, open: tools.about } : null;
  const badges = badgesOf(held.values, namesIn(page));
  if (held.attributesAt >= 0) marks.push(Decoration.replace({ widget: badgesWidget(badges, form) }).range(held.attributesAt, held.to));
  else if (form) marks.push(Decoration.widget({ widget: badgesWidget(badges, form), side: 1 }).range(held.to));
}

function fence(page, block) {
  const { doc } = page.state;
  for (let number = block.first; number <= block.last; number += 1) page.marks.push(line("cm-source").range(doc.line(number).from));
}

function passage(page, block) {
  const opens = block.type === "open";
  page.marks.push(line(opens ? "cm-passage cm-passage-first" : "cm-passage cm-passage-last").range(block.from));
  if (page.isActive(block.from)) page.marks.push(mark("cm-faint").range(block.from, block.to));
  else page.marks.push(Decoration.replace({ widget: labelWidget(opens ? "For teachers only" : "", opens ? "passage" : "end") }).range(block.from + block.indent, block.to));
}

function answer(page, block) {
  if (page.isActive(block.from)) {
    page.marks.push(mark("cm-faint").range(block.mark, block.to));
    return;
  }
  const lines = Math.min(Number(block.group.lines) || 1, 40);
  page.marks.push(Decoration.replace({ widget: answerWidget(lines, block.group.grid || "") }).range(block.mark, block.to));
}

function table(page, block) {
  const { state, marks } = page;
  const width = Math.min(block.columns, 12);
  for (let number = block.first; number <= block.last; number += 1) {
    const row = state.doc.line(number);
    const ruler = number === block.first + 1;
    const name = ruler ? "cm-ruler" : number === block.first ? "cm-row cm-row-head" : "cm-row";
    if (ruler && !page.active.has(number)) {
      marks.push(line("cm-row cm-ruler cm-ruler-folded").range(row.from));
      marks.push(hidden.range(row.from, row.to));
      continue;
    }
    marks.push(line(name).range(row.from));
    if (ruler) continue;
    const cells = cellsOf(row.text);
    const first = cells[0]?.start ?? 0;
    if (first > 0) marks.push(mark("cm-pipe").range(row.from, row.from + first));
    cells.forEach((cell, index) => {
      if (cell.end > cell.start) marks.push(mark(`cm-cell cm-cells-${width}`).range(row.from + cell.start, row.from + cell.end));
      const next = cells[index + 1]?.start ?? row.length;
      if (next > cell.end) marks.push(mark("cm-pipe").range(row.from + cell.end, row.from + next));
    });
  }
}

const forTeachers = new WeakMap();

/** What only teachers see of a text, read once: { passages: [[first line, last line], …], hidden: [[from, to], …] }. */
function teachersOf(read, kinds, length) {
  let found = forTeachers.get(read);
  if (!found) forTeachers.set(read, (found = { passages: passagesOf(read.blocks), hidden: studentsSee(read.parts, kinds, length).hidden }));
  return found;
}

function passagesOf(blocks) {
  const passages = [];
  let open = null;
  for (const block of blocks) {
    if (block.type === "open" && !open) open = block;
    else if (block.type === "close" && open) {
      passages.push([open.last + 1, block.first - 1]);
      open = null;
    }
  }
  return passages;
}

/** What only teachers see is tinted, as on the lesson's page. */
function shade(page, read, from, to) {
  if (!page.tools.lesson) return;
  const { doc } = page.state;
  const { passages, hidden: unseen } = teachersOf(read, page.tools.kinds, doc.length);
  for (const [first, last] of passages) {
    for (let number = Math.max(first, doc.lineAt(from).number); number <= Math.min(last, doc.lineAt(to).number); number += 1) {
      page.marks.push(line("cm-passage").range(doc.line(number).from));
    }
  }
  for (const [start, end] of unseen) {
    if (end <= from || start > to) continue;
    for (let at = Math.max(start, from); at < Math.min(end, to + 1);) {
      const row = doc.lineAt(at);
      page.marks.push(line("cm-teachers").range(row.from));
      at = row.to + 1;
    }
  }
}

function words(page, from, to) {
  const { state, marks } = page;
  const { doc } = state;
  syntaxTree(state).iterate({
    from, to,
    enter(node) {
      const { name } = node;
      if (name === "FencedCode" || name === "CodeBlock" || name.startsWith("ATXHeading") && name === "ATXHeading1") return name !== "FencedCode" && name !== "CodeBlock";
      if (name === "Formula") formula(page, node.from, node.to);
      else if (name === "ListItem") item(page, doc.lineAt(node.from));
      else if (name === "ListMark") listMark(page, node);
      else if (name === "Blockquote") quote(page, node, from, to);
      else if (name === "Link") link(page, node.node);
      else if (name === "Escape" && !touches(state, node.from, node.to)) marks.push(hidden.range(node.from, node.from + 1));
      else if (HIDDEN.has(name) && node.from < node.to) marks.push((shown(page, node.node) ? mark("cm-faint") : hidden).range(node.from, node.to));
      if (STYLES[name] && node.from < node.to) marks.push(mark(STYLES[name]).range(node.from, node.to));
      return name !== "Formula";
    },
  });
}

/** Marks are shown where the cursor is in what they mark; that of a quotation, which may be long, on the cursor's line. */
function shown(page, node) {
  return node.name === "QuoteMark" ? page.isActive(node.from) : touches(page.state, node.parent.from, node.parent.to);
}

function formula(page, from, to) {
  const { state, marks, tools } = page;
  const latex = state.sliceDoc(from + 1, to - 1);
  const drawn = tools.drawn.formula(latex, false);
  if (drawn?.html && !touches(state, from, to)) marks.push(Decoration.replace({ widget: formulaWidget(latex, false, drawn.html) }).range(from, to));
  else {
    marks.push(Decoration.mark({ class: drawn?.error ? "cm-code cm-broken" : "cm-code", attributes: drawn?.error ? { title: drawn.error } : {} }).range(from, to));
  }
}

function item(page, row) {
  const choice = CHOICE.exec(row.text);
  page.marks.push(line("cm-item").range(row.from));
  const held = heldAt(page.state, page.tools.structure, row.from);
  if (held) behind(page, held);
  if (!choice || held?.kind !== "choice") return;
  const at = row.from + choice[0].length - 4;
  page.marks.push(Decoration.replace({ widget: choiceWidget(choice[1] !== " ", page.tools.toggleChoice) }).range(at, at + 3));
}

function listMark(page, node) {
  const { state, marks } = page;
  // What the blocks read otherwise than the grammar of the words is shown as it is written.
  const held = heldAt(state, page.tools.structure, node.from);
  if (!held || held.kind === "heading" || node.to > held.mark) marks.push(mark("cm-list-mark").range(node.from, node.to));
  else if (CHOICE.test(state.doc.lineAt(node.from).text)) marks.push(hidden.range(node.from, node.to + 1));
  else marks.push(Decoration.replace({ widget: bulletWidget }).range(node.from, node.to));
}

function quote(page, node, from, to) {
  const { doc } = page.state;
  for (let at = Math.max(node.from, from); at <= Math.min(node.to, to);) {
    const row = doc.lineAt(at);
    page.marks.push(line("cm-quote").range(row.from));
    at = row.to + 1;
  }
}

function link(page, node) {
  const target = node.getChild("URL");
  const closers = node.getChildren("LinkMark");
  if (!target || closers.length < 2 || touches(page.state, node.from, node.to)) return;
  page.marks.push(hidden.range(node.from, closers[0].to), hidden.range(closers[1].from, node.to));
}
