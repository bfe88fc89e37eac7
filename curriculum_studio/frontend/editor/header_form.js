// Hides the form that stands for the lines above a lesson: each field changes only the words that it shows.
import { WidgetType } from "@codemirror/view";
import { flow, insideOf, keysOf, scalar, setKey } from "./header.js";
import { minutesOf } from "./outline.js";
import { byForm, headerAsText } from "./page_view.js";
import { make } from "./widgets.js";

const lines = (value) => value.split("\n").map((one) => one.trim()).filter(Boolean);
const commas = (value) => value.split(",").map((one) => one.trim()).filter(Boolean);
let aboutOpen = false;
/** As tall as it last was: the page must not jump under whoever chooses something far down in the form. */
let tall = 60;
const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);
const many = (value) => listed(value).map(String);

/** What the form shows, in order: name, words, how it is typed, where it stands, and its help. */
const FIELDS = [
  { name: "title", label: "Title", kind: "text", path: ["title"] },
  { name: "minutes", label: "Minutes", kind: "number", path: ["minutes"] },
  { name: "grade", label: "Grade", kind: "text", path: ["grade"], hint: "K, or a number" },
  { name: "weeks", label: "Weeks that it takes", kind: "number", path: ["weeks"] },
  { name: "organization", label: "Who publishes it", kind: "text", path: ["organization"] },
  { name: "school-year", label: "School year", kind: "text", path: ["school-year"] },
  { name: "gather", label: "Materials to gather, one a line", kind: "lines", path: ["materials", "gather"] },
  { name: "copy", label: "To copy, one a line", kind: "lines", path: ["materials", "copy"] },
  { name: "student", label: "Students need, one a line", kind: "lines", path: ["materials", "student"] },
  { name: "practices", label: "Mathematical practices", kind: "commas", path: ["practices"], hint: "such as MP2, MP6" },
  { name: "routines", label: "Routines", kind: "commas", path: ["routines"], hint: "such as notice-and-wonder, MLR8" },
  { name: "goals", label: "Goals of the charter", kind: "commas", path: ["goals"], hint: "such as g1, g2" },
  { name: "credits", label: "Credits, one name a line", kind: "lines", path: ["credits"] },
  { name: "language", label: "Language", kind: "text", path: ["language"] },
  { name: "license", label: "License", kind: "text", path: ["license"] },
];
const LESSONS = new Set(["gather", "copy", "student", "practices", "routines"]);
const RELATIONS = [["building-on", "Builds on"], ["addressing", "Teaches"], ["building-toward", "Prepares for"], ["assesses", "Assesses"]];

/** What the header's form stands for: equal texts are the same form, and a changed text changes its fields in place. */
export class HeaderForm extends WidgetType {
  constructor(text, tools) {
    super();
    this.text = text;
    this.tools = tools;
  }
  eq(other) { return other.text === this.text; }
  ignoreEvent() { return true; }
  get estimatedHeight() { return tall; }
  toDOM(view) { return build(view, this.text, this.tools); }
  updateDOM(dom, view) {
    dom.refresh?.(this.text, view);
    return Boolean(dom.refresh);
  }
}

const valueAt = (keys, path) => {
  const value = keys[path[0]]?.value;
  return path.length === 1 ? value : value && typeof value === "object" && !Array.isArray(value) ? value[path[1]] : undefined;
};
const shownAs = (value, kind) => (kind === "lines" ? many(value).join("\n") : kind === "commas" ? many(value).join(", ") : typeof value === "string" ? value : "");

function change(view, tools, path, written) {
  const { header } = view.state.field(tools.structure);
  if (!header) return;
  const found = setKey(view.state.doc.toString(), header, path, written);
  if (found) view.dispatch({ changes: found, annotations: byForm.of(true), userEvent: "input.form" });
}

function build(view, text, tools) {
  const head = make("span", { class: "cm-about-words" });
  const inner = make("div", { class: "cm-about-fields" });
  const inputs = new Map();
  const keys = keysOf(insideOf(text, { to: text.length }).text);
  for (const field of FIELDS) {
    const foreign = (!tools.lesson && LESSONS.has(field.name)) || !tools.keys.has(field.path[0]);
    if ((foreign && !(field.path[0] in keys)) || (field.name === "goals" && tools.goals.length)) continue;
    inner.append(row(view, tools, field, inputs));
  }
  const total = make("p", { class: "soft cm-total" });
  const sets = tools.lesson || tools.assessment || "standards" in keys ? standards(view, tools) : null;
  if (sets) inner.querySelector("label:nth-of-type(2), .cm-field:nth-of-type(2)")?.after(sets.node);
  const goals = tools.goals.length && (tools.keys.has("goals") || "goals" in keys) ? aims(view, tools) : null;
  if (goals) inner.append(goals.node);
  inner.append(make("p", {}, make("button", {
    type: "button", class: "quiet", text: "Show these lines as text",
    on: { click: () => {
      view.dispatch({ effects: headerAsText.of(true), selection: { anchor: 0 } });
      view.focus();
    } },
  })));
  const box = make("details", { class: "cm-about" }, make("summary", {}, make("strong", { text: "About this text" }), head), inner, total);
  // Enter in a field is no wish to save and leave.
  box.addEventListener("keydown", (event) => event.key === "Enter" && event.target.tagName === "INPUT" && event.preventDefault());
  box.querySelector("strong").textContent = tools.lesson ? "About this lesson" : "About this text";
  // Whoever opened it keeps it open, also where the page is bound anew to what others write.
  box.open = aboutOpen;
  box.addEventListener("toggle", () => {
    if (box.isConnected) aboutOpen = box.open;
    tall = box.offsetHeight || tall;
    view.requestMeasure();
  });
  box.refresh = (now, at) => {
    const found = keysOf(insideOf(now, { to: now.length }).text);
    for (const [field, input] of inputs) {
      const value = valueAt(found, field.path);
      const shown = shownAs(value, field.kind);
      if (input !== document.activeElement && input.value !== shown) input.value = shown;
      input.disabled = value === undefined && field.path[0] in found && found[field.path[0]].value === undefined;
    }
    sets?.refresh(found);
    goals?.refresh(found);
    const timed = minutesOf(at.state.field(tools.structure).parts);
    const wanted = Number(found.minutes?.value) || 0;
    head.textContent = [found.title?.value, wanted ? `${wanted} minutes` : "", ...RELATIONS.slice(1, 2).flatMap(([name]) => listed(valueAt(found, ["standards", name])).map(worded))].filter(Boolean).join(" · ");
    total.textContent = tools.lesson ? `The timed parts come to ${timed} minutes${wanted && wanted !== timed ? `, and the lesson has ${wanted}` : ""}.` : "";
    total.classList.toggle("cm-off", Boolean(tools.lesson && wanted && wanted !== timed));
  };
  box.refresh(text, view);
  return box;
}

function row(view, tools, field, inputs) {
  const long = field.kind === "lines";
  const input = make(long ? "textarea" : "input", long ? { rows: "2" } : { type: field.kind === "number" ? "number" : "text", min: field.kind === "number" ? "0" : null, max: field.kind === "number" ? "999" : null, autocomplete: "off" });
  const hint = field.hint ? make("span", { class: "soft", text: ` ${field.hint}` }) : null;
  const send = () => {
    const value = input.value.trim();
    if (field.kind === "number" && value && !/^\d{1,3}$/.test(value)) return;
    if (field.name === "title" && !value) return;
    change(view, tools, field.path, field.kind === "lines" ? flow(lines(value)) : field.kind === "commas" ? flow(commas(value)) : scalar(value));
  };
  input.addEventListener(field.kind === "number" ? "input" : "change", send);
  inputs.set(field, input);
  return make("label", { class: `cm-field cm-field-${field.kind}` }, make("span", {}, field.label, hint), input);
}

/** The goals of the charter in their own words, each to be chosen; what else stands there stays. */
function aims(view, tools) {
  const node = make("fieldset", { class: "cm-goals" }, make("legend", { text: "Goals of the charter that it serves" }));
  const boxes = new Map();
  let now = [];
  for (const [id, words] of tools.goals) {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => change(view, tools, ["goals"], flow(box.checked ? [...now, id] : now.filter((one) => one !== id))));
    boxes.set(id, box);
    node.append(make("label", { class: "check" }, box, make("span", { text: words })));
  }
  const refresh = (found) => {
    now = many(valueAt(found, ["goals"]));
    const unread = "goals" in found && found.goals.value === undefined;
    for (const [id, box] of boxes) {
      box.checked = now.includes(id);
      box.disabled = unread;
    }
  };
  return { node, refresh };
}

/** A claim as a person reads it: its code, and which edition where that is not the curriculum's own. */
const worded = (claim) => (typeof claim === "string" ? claim : `${claim.code || "?"} (${claim.framework || "?"})`);

function standards(view, tools) {
  const node = make("div", { class: "cm-standards" });
  const boxes = new Map();
  for (const [name, words] of RELATIONS) {
    const list = make("ul", { class: "cm-codes" });
    boxes.set(name, list);
    node.append(make("div", { role: "group", "aria-label": `${words} these standards` }, make("span", { class: "cm-standards-name", text: words }), list,
      make("button", { type: "button", class: "quiet", "aria-label": `${words}: add a standard`, text: "Add a standard",
        on: { click: () => tools.pickStandard?.(words, (code) => add(name, code)) } })));
  }
  let now = {};
  // A claim on another edition is a map of framework and code: shown, taken away or kept like any other.
  const claims = (name) => listed(valueAt(now, ["standards", name]));
  const codes = (name) => claims(name).filter((one) => typeof one === "string");
  const put = (name, kept) => change(view, tools, ["standards", name], flow(kept));
  const add = (name, code) => { if (!codes(name).includes(code)) put(name, [...claims(name), code]); };
  const refresh = (found) => {
    now = found;
    for (const [name, list] of boxes) {
      // What a lesson assesses stands at its problems; an assessment says it as a whole. What is claimed otherwise is shown too.
      const usual = tools.assessment ? name === "assesses" : name !== "assesses";
      list.parentElement.hidden = !usual && !claims(name).length;
      const has = document.activeElement && list.contains(document.activeElement);
      list.replaceChildren(...claims(name).map((claim, at) => make("li", {}, make("span", { class: "chip code", text: worded(claim) }),
        make("button", { type: "button", class: "quiet", "aria-label": `Take ${worded(claim)} away`, text: "×", on: { click: () => put(name, claims(name).filter((one, place) => place !== at)) } }))));
      if (has) list.parentElement.querySelector(":scope > button").focus();
      tools.sayStandards?.(codes(name), list);
    }
  };
  return { node, refresh };
}
