// Hides the form of what stands behind a heading or a choice: minutes, standards, what it shows; written as the format has it.
import { attributeChange } from "./attributes.js";
import { splitEnd } from "./blocks.js";
import { ask, fieldRow } from "./dialogs.js";
import { calledAs, fieldsOf, heldAt } from "./held.js";
import { partsAt } from "./outline.js";
import { askStandard } from "./standards.js";
import { make } from "./widgets.js";

const DEPTHS = [["1", "1 recall"], ["2", "2 skill and concept"], ["3", "3 strategic thinking"], ["4", "4 extended thinking"]];
const OPTIONAL = [["beyond-standard", "may be left out: it goes beyond the standard"], ["below-grade", "may be left out: it repeats earlier grades"], ["extra-practice", "may be left out: it is more practice"]];
const ROUTINES = [
  ["MLR1", "Stronger and clearer each time"], ["MLR2", "Collect and display"], ["MLR3", "Clarify, critique, correct"], ["MLR4", "Information gap"],
  ["MLR5", "Co-craft questions"], ["MLR6", "Three reads"], ["MLR7", "Compare and connect"], ["MLR8", "Discussion supports"],
].map(([name, words]) => [name, `${name} ${words}`]);
const PRINCIPLES = [["engagement", "engagement"], ["representation", "representation"], ["action-expression", "action and expression"]];
const ASPECTS = [["conceptual", "conceptual understanding"], ["procedural", "procedures and fluency"], ["application", "application"]];
const HIDDEN = "Teachers see it, students do not.";

const number = (least, step = "1") => (value) => make("input", { type: "number", min: least, step, value });
const words = (value) => make("input", { type: "text", autocomplete: "off", value });
const choice = (none, rows) => (value) => {
  const all = !value || rows.some(([name]) => name === value) ? rows : [...rows, [value, value]];
  const field = make("select", {}, make("option", { value: "", text: none }), ...all.map(([name, text]) => make("option", { value: name, text })));
  field.value = value;
  return field;
};

/** Boxes of which any may be chosen; `value` is their names with commas between. */
const several = (rows) => (value) => {
  const now = value.split(/[\s,]+/).filter(Boolean);
  const all = [...rows, ...now.filter((name) => !rows.some(([one]) => one === name)).map((name) => [name, name])];
  const boxes = all.map(([name, text]) => [make("input", { type: "checkbox", value: name, checked: now.includes(name) }), text]);
  const field = make("fieldset", { class: "ask-group" }, ...boxes.map(([box, text]) => make("label", { class: "check" }, box, ` ${text}`)));
  Object.defineProperty(field, "value", { get: () => boxes.filter(([box]) => box.checked).map(([box]) => box.value).join(",") });
  return field;
};

/** The form's fields: { name: [label, what stands below it, control(value, page)] }. */
const FIELDS = {
  minutes: ["Minutes", "", number("1")],
  optional: ["May it be left out?", "", choice("no, every class does it", OPTIONAL)],
  rigor: ["What it is mostly about", `Its minutes count evenly for each. ${HIDDEN}`, several(ASPECTS)],
  standard: ["Standard that it practises or assesses", "", words],
  dok: ["Depth of knowledge that it asks for", HIDDEN, choice("not said", DEPTHS)],
  points: ["Points", "", number("0", "any")],
  check: ["May students check their answer on the page?", "The answer then stands in their page, hidden from a glance and not from one who looks for it.", choice("no", [["true", "yes"]])],
  from: ["The lesson that it comes from", HIDDEN, (value, page) => choice("this one, or none", lessonsOf(page))(value)],
  for: ["The misconceptions for which these questions are", HIDDEN, (value, page) => several(misconceptionsOf(page, false))(value)],
  misconception: ["What somebody may think who takes this choice", HIDDEN, (value, page) => choice("nothing in particular", misconceptionsOf(page, true))(value)],
  routine: ["Routine", HIDDEN, choice("not said", ROUTINES)],
  udl: ["Principle of the support", HIDDEN, choice("not said", PRINCIPLES)],
  tolerance: ["How far off a number may lie", "such as 0.01; nothing: exactly", number("0", "any")],
  unit: ["Unit of the answer", "such as cups", words],
};

/** The misconceptions that a text may name, with their titles: its own, and those of other lessons where `others` is true. */
function misconceptionsOf(page, others) {
  const { parts } = page.editor.view.state.field(page.tools.structure);
  const own = parts.filter((one) => one.kind === "misconception" && one.id).map((one) => [one.id, one.title || one.id]);
  const known = new Set(own.map(([name]) => name));
  const more = Object.entries(page.tools.names).filter(([name]) => name.includes("#") && !known.has(name));
  return others ? [...own, ...more] : own;
}

/** The lessons of the unit: what has a short name and is no misconception. */
const lessonsOf = (page) => Object.entries(page.tools.names).filter(([name]) => /^(?=.*\d)[a-z0-9]{8}$/.test(name));

/** A line with some attributes written into it, or taken away where their value is "". */
export function withAttributes(line, values) {
  let text = line;
  for (const [name, value] of Object.entries(values)) {
    const said = /[\s{}"]/.test(value) ? `"${value.replace(/["\n]/g, "")}"` : value;
    const change = attributeChange({ from: 0, to: text.length, attributesAt: splitEnd(text).at }, text, name, said);
    if (change) text = text.slice(0, change.from) + change.insert + text.slice(change.to);
  }
  return text;
}

/** The form of the line at a place. */
export function askAbout(page, view, place) {
  const { structure } = page.tools;
  const held = heldAt(view.state, structure, place);
  const names = held && fieldsOf(held, page.tools);
  if (!names) return;
  const before = view.state.sliceDoc(held.from, held.to);
  const controls = names.map((name) => [name, FIELDS[name][2](held.values[name] ?? "", page)]);
  ask({
    title: held.kind === "heading" ? `About “${before.slice(held.wordsAt - held.from, held.behind - held.from).trim()}”` : `About this ${calledAs(held)}`,
    button: "Write it down", back: () => view.focus(),
    fill: (form) => form.append(...controls.map(([name, control]) => rowOf(name, control))),
    done: () => {
      // Somebody else may have written meanwhile: the line is where its words are.
      const now = heldAt(view.state, structure, placeNow(view.state, before, held.from));
      if (!now || view.state.sliceDoc(now.from, now.to) !== before) return "Somebody changed this line meanwhile. Nothing was written; close this and look at it again.";
      const said = Object.fromEntries(controls.map(([name, control]) => [name, control.value.trim()]).filter(([name, value]) => value !== (held.values[name] ?? "")));
      const line = withAttributes(before, said);
      const keep = now.behind - now.from;
      if (line !== before) view.dispatch({ changes: { from: now.behind, to: now.to, insert: line.slice(keep) }, userEvent: "input.form" });
      return true;
    },
  });
}

/** Where a line that was at a place is now: there, or the nearest that reads the same. */
function placeNow(state, line, from) {
  const found = [];
  for (let number = 1; number <= state.doc.lines; number += 1) if (state.doc.line(number).text === line) found.push(state.doc.line(number).from);
  return found.sort((a, b) => Math.abs(a - from) - Math.abs(b - from))[0] ?? 0;
}

function rowOf(name, control) {
  const [label, help] = FIELDS[name];
  if (control.localName === "fieldset") {
    control.prepend(make("legend", { text: label }));
    control.append(make("span", { class: "soft", text: help }));
    return control;
  }
  const row = fieldRow(label, control, help);
  if (name === "standard") {
    row.append(make("button", { type: "button", class: "quiet", text: "Find a standard", on: { click: () => askStandard("This problem", (code) => { control.value = code; }, () => control.focus()) } }));
  }
  return row;
}

/** The form of the line, or of the innermost part, in which the cursor is; says so where there is none. */
export function aboutHere(page, view) {
  const { state } = view;
  const { head } = state.selection.main;
  const here = heldAt(state, page.tools.structure, head);
  if (here && here.kind !== "heading" && fieldsOf(here, page.tools)) return askAbout(page, view, head);
  const inside = partsAt(state.field(page.tools.structure).parts, head).reverse();
  const part = inside.find((one) => fieldsOf(heldAt(state, page.tools.structure, one.from), page.tools));
  if (part) return askAbout(page, view, part.from);
  page.say("Put the cursor into an activity, a problem or another part of which something can be said.");
  return undefined;
}
