// Hides that decorations of a whole text are changed only where they differ: a key costs what it changes, however long the text is.
import { RangeSet } from "@codemirror/state";

const inOrder = (marks) => marks.sort((one, other) => one.from - other.from || one.value.startSide - other.value.startSide);
const equal = (one, other, shift) => one.from + shift === other.from && one.to + shift === other.to && (one.value === other.value || one.value.eq(other.value));

/** Decorations as they stand: `marks` are ranges in order, `set` is made of them. */
export const drawnBy = (marks) => ({ marks: inOrder(marks), set: RangeSet.of(marks) });

/** The decorations after a change: what stands before it and behind it as before is kept, and what is between is made anew. */
export function patched(before, marks, changes) {
  const had = before.marks;
  const wanted = inOrder(marks);
  let { head, tail } = alike(had, wanted, changes);
  const rest = () => [had.slice(head, had.length - tail), wanted.slice(head, wanted.length - tail)];
  let [gone, come] = rest();
  const set = before.set.map(changes);
  if (!gone.length && !come.length) return { marks: wanted, set };
  const low = Math.min(...gone.slice(0, 1).map((one) => changes.mapPos(one.from, -1)), ...come.slice(0, 1).map((one) => one.from));
  const high = Math.max(...gone.slice(-1).map((one) => changes.mapPos(one.from, 1)), ...come.slice(-1).map((one) => one.from));
  // What begins at the same place as something that goes or comes is made anew with it: places tell them apart.
  while (head && wanted[head - 1].from >= low) head -= 1;
  while (tail && wanted.at(-tail).from <= high) tail -= 1;
  [, come] = rest();
  return { marks: wanted, set: set.update({ filterFrom: low, filterTo: high, filter: (from) => from < low || from > high, add: come }) };
}

/** How many marks at the beginning and at the end are what they were. */
function alike(had, wanted, changes) {
  let first = Infinity;
  let last = -1;
  changes.iterChangedRanges((from, to) => {
    first = Math.min(first, from);
    last = Math.max(last, to);
  });
  const most = Math.min(had.length, wanted.length);
  let head = 0;
  while (head < most && had[head].to < first && equal(had[head], wanted[head], 0)) head += 1;
  let tail = 0;
  const shift = changes.newLength - changes.length;
  while (tail < most - head && had.at(-1 - tail).from > last && equal(had.at(-1 - tail), wanted.at(-1 - tail), shift)) tail += 1;
  return { head, tail };
}
