// Hides what the editor puts into a text for each part of a lesson, and where it goes. Only texts: nothing here touches a page.
import { freshId, partsAt } from "./outline.js";

const INSIDE = {
  "warm-up": ["Launch", "Student task", "Student responses"], activity: ["Launch", "Student task", "Student responses", "Synthesis"],
  "cool-down": ["Student task", "Student responses"],
};
const MINUTES = { "warm-up": 5, activity: 15, "lesson-synthesis": 10, "cool-down": 5 };
const STEMS = { "warm-up": "warm-up", activity: "activity-1", "cool-down": "cool-down", problem: "p1", misconception: "m-1", "anticipated-response": "" };
const TITLES = { "warm-up": "Title", activity: "Title", misconception: "What students may think" };
const MORE = { "support-multilingual-learners": "routine=MLR1", "support-students-with-disabilities": "udl=engagement" };
const BEFORE = { "learning-goals": "- ", "learning-targets": "- I can " };

/**
 * The text of a new part: { text, from, to } where from and to enclose what the person writes first. `shown` is what its heading is
 * called, `taken` the names that the text has.
 */
export function partText(kind, level, shown, taken, choices = false) {
  const title = TITLES[kind];
  const stem = STEMS[kind];
  const more = [stem ? `#${freshId(stem, taken)}` : "", MINUTES[kind] ? `minutes=${MINUTES[kind]}` : "", MORE[kind] || ""].filter(Boolean).join(" ");
  let text = `${"#".repeat(level)} ${shown}`;
  let from = text.length;
  let to = from;
  if (title) {
    from = text.length + 2;
    text += `: ${title}`;
    to = text.length;
  }
  if (more) text += ` {${more}}`;
  text += "\n\n";
  if (INSIDE[kind]) {
    text += INSIDE[kind].map((name) => `${"#".repeat(level + 1)} ${name}\n\n`).join("");
  } else if (kind === "practice-problems") {
    const inner = partText("problem", 3, "Problem", taken, choices);
    from = text.length + inner.from;
    to = text.length + inner.to;
    text += inner.text;
  } else if (kind === "problem") {
    from = to = text.length;
    text += choices ? "\n\n- [x] \n- [ ] \n\n#### Solution\n" : "\n\n#### Solution\n";
  } else if (!title) {
    text += BEFORE[kind] || "";
    from = to = text.length;
    text += "\n";
  } else text += "\n";
  return { text, from, to };
}

/** Where a part of a level goes, seen from a place: behind the part of that level in which the place lies. */
export function placeFor(kind, level, place, parts, length) {
  const around = partsAt(parts, place);
  if (level === 2) {
    const own = around.find((one) => one.level === 2);
    return own ? own.to : parts.find((one) => one.level === 2)?.from ?? length;
  }
  if (kind === "problem") {
    const practice = around.find((one) => one.kind === "practice-problems") || parts.find((one) => one.kind === "practice-problems");
    if (practice) return around.find((one) => one.level === 3 && practice.from <= one.from && one.to <= practice.to)?.to ?? practice.to;
  }
  const same = around.find((one) => one.level === level);
  if (same) return same.to;
  const outer = around.filter((one) => one.level < level).at(-1);
  return outer ? outer.to : length;
}

/**
 * A text put in at the start of a line, with an empty line on both sides: { insert, shift } where shift is what comes before. Empty
 * lines at its end are left away, but not those before `keep`, where somebody is about to write.
 */
export function surrounded(before, after, text, keep = 0) {
  const lead = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const body = text.slice(0, keep) + text.slice(keep).replace(/\n+$/, "");
  const tail = after === "" ? "\n" : after.startsWith("\n\n") || /^\n+$/.test(after) ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  return { insert: `${lead}${body}${tail}`, shift: lead.length };
}

/** A table with so many columns and rows below its head, all empty: { text, from }. */
export function tableText(columns, rows) {
  const row = `|${"  |".repeat(columns)}`;
  return { text: [row, `|${"---|".repeat(columns)}`, ...Array.from({ length: rows }, () => row)].join("\n"), from: 2 };
}
