// Hides how it is chosen what a part asks of students (its standard, its depth, its aspects of rigor), and that it stands behind the heading.
import { attributeChange } from "./attributes.js";
import { ask, fieldRow } from "./dialogs.js";
import { askStandard } from "./standards.js";
import { make } from "./widgets.js";

const DEPTHS = ["1 recall", "2 skill and concept", "3 strategic thinking", "4 extended thinking"];
const ASPECTS = ["conceptual", "procedural", "application"];

/** The innermost part of a kind at the cursor; says so where there is none. */
function partHere(page, view, kind) {
  const { parts } = view.state.field(page.tools.structure);
  const { head } = view.state.selection.main;
  const part = parts.filter((one) => one.kind === kind && one.from <= head && head < Math.max(one.to, one.from + 1)).at(-1);
  if (!part) page.say(`Put the cursor into ${kind === "activity" ? "an activity" : "a problem"} first.`);
  return part;
}

/** Writes an attribute of a part that stood there when its dialog was opened. */
function write(page, view, part, name, value) {
  const now = view.state.field(page.tools.structure).parts.find((one) => one.kind === part.kind && one.from === part.from);
  const change = now && attributeChange(now.block, view.state.sliceDoc(now.block.from, now.block.to), name, value);
  if (change) view.dispatch({ changes: change, userEvent: "input.form" });
}

/** The standard that the problem at the cursor assesses. */
export function problemStandard(page, view) {
  const part = partHere(page, view, "problem");
  if (part) askStandard("This problem assesses", (code) => write(page, view, part, "standard", code), () => view.focus());
}

/** How deeply the problem at the cursor asks. */
export function problemDepth(page, view) {
  const part = partHere(page, view, "problem");
  if (!part) return;
  const now = part.block.values?.dok ?? "";
  const choice = make("select", { autofocus: true }, make("option", { value: "", text: "not said" }), ...DEPTHS.map((words) => make("option", { value: words[0], text: words })));
  choice.value = now;
  ask({
    title: "Depth of knowledge", button: "Write it down", back: () => view.focus(),
    fill: (form) => form.append(fieldRow("This problem asks for", choice, "Teachers see it, students do not.")),
    done: () => { write(page, view, part, "dok", choice.value); return true; },
  });
}

/** The aspects of rigor of the activity at the cursor. */
export function activityRigor(page, view) {
  const part = partHere(page, view, "activity");
  if (!part) return;
  const now = (part.block.values?.rigor ?? "").split(/[\s,]+/);
  const boxes = ASPECTS.map((name) => make("input", { type: "checkbox", value: name, checked: now.includes(name) }));
  ask({
    title: "Aspects of rigor", words: "What the activity is mostly about. Its minutes count evenly for each.", button: "Write it down", back: () => view.focus(),
    fill: (form) => form.append(...boxes.map((box) => make("label", { class: "check" }, box, ` ${box.value}`))),
    done: () => { write(page, view, part, "rigor", boxes.filter((box) => box.checked).map((box) => box.value).join(",")); return true; },
  });
}
