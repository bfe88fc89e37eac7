// Hides how the marks of headings, choices and items stay whole while their words are written: what begins a heading and what
// stands behind the words is never typed on the page, and goes only with the words or by its form.
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { firstAt, splitEnd } from "./blocks.js";

const CHOICE = /^ *[-*+] \[[ xX]\] /;
const BULLET = /^ *[-*+] (?=\S|$)/;
const HANDS = /^(?:input|delete|move)/;
/** What a form writes is as it is to be, and so is what is left of a heading that becomes a paragraph. */
const FORMS = /^(?:input\.form|delete\.mark)/;

/**
 * What is held of the line at a place: { kind ("heading", "choice" or "item"), from, mark, wordsAt, behind, to, values, attributesAt,
 * part }. Its own mark ends at `mark`, the cursor stands between `wordsAt` and `behind`; null where a line holds nothing.
 */
export function heldAt(state, structure, place) {
  const { blocks, partOf } = state.field(structure);
  const line = state.doc.lineAt(place);
  const block = blockAt(blocks, line.from);
  if (block?.type === "heading") {
    const { from, to, wordsAt, values } = block;
    const attributesAt = lastSpace(line, block.attributesAt);
    return { kind: "heading", from, wordsAt, mark: wordsAt, behind: attributesAt < 0 ? to : attributesAt, to, values, attributesAt, part: partOf.get(block) };
  }
  if (block && block.type !== "open" && block.type !== "close") return null;
  const choice = CHOICE.exec(line.text);
  const head = choice || BULLET.exec(line.text);
  if (!head) return null;
  const kind = choice ? "choice" : "item";
  const { at, values } = choice ? splitEnd(line.text) : { at: -1, values: {} };
  const { from, to } = line;
  const mark = from + head[0].length;
  const attributesAt = at < 0 ? -1 : Math.max(mark, lastSpace(line, from + at));
  return { kind, from, wordsAt: mark, mark, behind: at < 0 ? to : attributesAt, to, values, attributesAt };
}

/** Of the spaces before what stands behind words the last one belongs to it; those before it somebody is just typing. */
function lastSpace(line, at) {
  if (at < 0) return -1;
  const brace = line.text.indexOf("{", at - line.from) + line.from;
  return Math.max(at, brace - 1);
}

/** What a line with a form is called. */
export const calledAs = (held) => (held.kind === "heading" ? { activity: "activity", problem: "problem" }[held.part?.kind] || "part" : held.kind);

const PROBLEM = ["standard", "dok", "points"];
const FIELDS = {
  "warm-up": ["minutes"], activity: ["minutes", "rigor", "optional"], "lesson-synthesis": ["minutes"], "cool-down": ["minutes"], answer: ["tolerance", "unit"],
  "advancing-student-thinking": ["for"], "support-multilingual-learners": ["routine"], "support-students-with-disabilities": ["udl"],
};

/** The names of what the form of a line asks; null where it has none. `tools` says what kind of text it is. */
export function fieldsOf(held, tools) {
  if (held.kind === "choice") return ["misconception"];
  const { kind, level } = held.part ?? {};
  if (kind === "problem") return tools.lesson ? [...PROBLEM, "check", "from"] : PROBLEM;
  if (tools.session && level === 2) return ["minutes"];
  return FIELDS[kind] ?? null;
}

function blockAt(blocks, place) {
  const block = blocks[firstAt(blocks, place)];
  return block && block.from <= place ? block : null;
}

/** The cursor stands among words; what is deleted or put in beside the marks leaves them whole; Backspace and Delete stop at them. */
export const heldMarks = (structure) => [
  EditorState.transactionFilter.of((change) => {
    const event = change.annotation(Transaction.userEvent) || "";
    if (!change.docChanged) return change.selection && event !== "select.search" ? amongWords(change, structure) : change;
    return HANDS.test(event) && !FORMS.test(event) ? whole(change, structure) : change;
  }),
  EditorView.inputHandler.of((view, from, to, text) => {
    if (from !== to) return false;
    const place = nearest(heldAt(view.state, structure, from), from);
    if (place === from) return false;
    view.dispatch({ changes: { from: place, insert: text }, selection: { anchor: place + text.length }, userEvent: "input.type", scrollIntoView: true });
    return true;
  }),
];

/** The place among a line's words that is nearest to a place in it. */
function nearest(held, place) {
  return held ? Math.min(Math.max(place, held.wordsAt), held.behind) : place;
}

/** Moves what a cursor's step or a press of the mouse chose to where words are; a step beyond them leads to the next line. */
function amongWords(change, structure) {
  const { startState: state } = change;
  const { anchor, head } = change.selection.main;
  const before = state.selection.main.head;
  const held = heldAt(state, structure, head);
  const own = held && anchor >= held.from && anchor <= held.to;
  let to = head;
  // A step to the side, and one down where what stands behind the words has a row of its own.
  const step = head - before;
  const down = change.selection.main.goalColumn !== undefined && step > 0;
  if (held && head < held.wordsAt) to = before === held.wordsAt && step === -1 && held.from > 0 ? held.from - 1 : own || anchor === head ? held.wordsAt : held.from;
  else if (held && head > held.behind) {
    if (before === held.behind && (step === 1 || down) && held.to < state.doc.length) to = nearest(heldAt(state, structure, held.to + 1), held.to + 1);
    else to = own || anchor === head ? held.behind : held.to;
  }
  const from = anchor === head ? to : own ? nearest(held, anchor) : anchor;
  return to === head && from === anchor ? change : [change, { selection: { anchor: from, head: to }, sequential: true }];
}

/** What stands behind words is at the end of their line after any change, and goes where the line's own mark goes. */
function whole(change, structure) {
  const { startState: state, changes } = change;
  const doc = change.newDoc;
  const more = [];
  const seen = new Set();
  const gone = [];
  changes.iterChangedRanges((from, to) => gone.push([from, to]));
  for (const [from, to] of gone) {
    for (let number = state.doc.lineAt(from).number; number <= state.doc.lineAt(to).number; number += 1) {
      const held = seen.has(number) ? null : heldAt(state, structure, state.doc.line(number).from);
      seen.add(number);
      if (held) mend(held, state, changes, gone, doc, more);
    }
  }
  return more.length ? [change, { changes: more, sequential: true }] : change;
}

function mend(held, state, changes, gone, doc, more) {
  const { from, mark, attributesAt, to } = held;
  const begins = left(from, mark, changes, gone);
  const start = begins.length === 1 && begins[0][1] - begins[0][0] === mark - from ? begins[0][0] : -1;
  const line = start < 0 ? null : doc.lineAt(start);
  const lives = line?.from === start;
  if (!lives && held.kind === "heading") more.push(...begins.map(([a, b]) => ({ from: a, to: b })));
  if (attributesAt < 0) return;
  const tail = left(attributesAt, to, changes, gone);
  if (lives && tail.length === 1 && tail[0][1] === line.to && tail[0][1] - tail[0][0] === to - attributesAt) return;
  more.push(...tail.map(([a, b]) => ({ from: a, to: b })));
  if (lives) more.push({ from: line.to, insert: state.sliceDoc(attributesAt, to) });
}

/** What is left of a stretch of the text before a change, as stretches of the text after it. */
function left(from, to, changes, gone) {
  const found = [];
  let at = from;
  for (const [a, b] of gone) {
    if (b < at || a > to || (a === b && (a <= at || a >= to))) continue;
    if (a > at) found.push([at, Math.min(a, to)]);
    at = Math.max(at, b);
  }
  if (at < to) found.push([at, to]);
  return found.filter(([a, b]) => a < b).map(([a, b]) => [changes.mapPos(a, 1), changes.mapPos(b, -1)]);
}

/**
 * Backspace at the first word: the heading of a part stays, and `say` tells what to do instead; an item moves out, or becomes a
 * paragraph as any other heading does.
 */
export const backspace = (page) => (view) => {
  const { state } = view;
  const { main } = state.selection;
  if (!main.empty || page.mode() !== "page") return false;
  const held = heldAt(state, page.tools.structure, main.head);
  if (!held || main.head !== held.wordsAt) return false;
  const inset = /^ */.exec(state.sliceDoc(held.from, held.mark))[0].length;
  if (held.kind === "heading" && held.part?.kind && held.behind > held.wordsAt) {
    page.say("The heading stays. To take a part away, choose all of it, its heading too, and delete it.");
  } else if (inset) view.dispatch({ changes: { from: held.from, to: held.from + Math.min(inset, 3) }, userEvent: "delete.dedent", scrollIntoView: true });
  else view.dispatch({ changes: [{ from: held.from, to: held.mark }, { from: held.behind, to: held.to }], userEvent: "delete.mark", scrollIntoView: true });
  return true;
};

/** Delete behind the last word: what stands there stays. */
export const deleteKey = (page) => (view) => {
  const { main } = view.state.selection;
  if (!main.empty || page.mode() !== "page") return false;
  const held = heldAt(view.state, page.tools.structure, main.head);
  return Boolean(held && held.attributesAt >= 0 && main.head === held.behind);
};

/** Enter at the first word of a heading: an empty line above it. */
export function newlineAbove(view, structure) {
  const { main } = view.state.selection;
  const held = heldAt(view.state, structure, main.head);
  if (held?.kind !== "heading" || !main.empty || main.head > held.wordsAt) return false;
  view.dispatch({ changes: { from: held.from, insert: "\n" }, userEvent: "input.item", scrollIntoView: true });
  return true;
}
