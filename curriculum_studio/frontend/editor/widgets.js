// Hides what stands in place of markup while nobody writes there: formulas, figures, pictures, boxes, labels.
import { Decoration, WidgetType } from "@codemirror/view";
import { withOwnNames } from "./drawn.js";

export const make = (name, more = {}, ...children) => {
  const { text, on, ...rest } = more;
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(rest)) {
    if (value === false || value === undefined || value === null) continue;
    node.setAttribute(key, value === true ? "" : value);
  }
  if (text !== undefined) node.textContent = text;
  for (const [event, call] of Object.entries(on || {})) node.addEventListener(event, call);
  node.append(...children.filter((one) => one !== null && one !== undefined));
  return node;
};

/** A widget made by a function from a key: equal keys are the same widget. */
export class Shown extends WidgetType {
  constructor(key, build, { height = -1, events = false } = {}) {
    super();
    this.key = key;
    this.build = build;
    this.height = height;
    this.events = events;
  }
  eq(other) { return other.key === this.key; }
  toDOM(view) { return this.build(view); }
  get estimatedHeight() { return this.height; }
  ignoreEvent(event) { return this.events || event.target.closest?.("button, input, select, textarea, a, summary") !== null; }
}

/** In place of the end of a line that means no more than a space. */
export const space = Decoration.replace({ widget: new Shown("space", () => make("span", { class: "cm-space", text: " " })) });

const raw = (html) => {
  const box = document.createElement("template");
  box.innerHTML = html;
  return box.content;
};

export const formulaWidget = (latex, display, html) => new Shown(`formula ${display} ${latex}`, () => {
  const node = make(display ? "div" : "span", display ? { class: "cm-display math-display", tabindex: "0", role: "group" } : { class: "cm-formula" });
  node.append(raw(html));
  return node;
}, { height: display ? 60 : -1 });

/** A drawn figure with its two buttons; `act(view, name, node)` does what a button says. */
export const figureWidget = (block, html, act) => new Shown(`figure ${block.word} ${block.rest} ${block.body}`, (view) => {
  const node = make("div", { class: "cm-figure prose" });
  node.append(raw(withOwnNames(html)));
  // Inside of the text the picture is no place of its own to stop at; its buttons are.
  for (const box of node.querySelectorAll("[tabindex]")) box.removeAttribute("tabindex");
  const name = block.word.replaceAll("-", " ");
  node.append(make("span", { class: "cm-figure-tools" },
    make("button", { type: "button", class: "quiet", "aria-label": `Change this ${name}`, text: "Change", on: { click: () => act(view, "change", node) } }),
    make("button", { type: "button", class: "quiet", "aria-label": `Show this ${name} as text`, text: "As text", on: { click: () => act(view, "text", node) } })));
  return node;
}, { height: 220 });

export const figureBelow = (block, html) => new Shown(`below ${block.word} ${block.rest} ${block.body}`, () => {
  const node = make("div", { class: "cm-below prose" });
  node.append(raw(withOwnNames(html)));
  for (const box of node.querySelectorAll("[tabindex]")) box.removeAttribute("tabindex");
  return node;
}, { height: 200 });

export const faultsBelow = (key, rows) => new Shown(`faults ${key} ${rows.join("\n")}`, () =>
  make("ul", { class: "cm-faults" }, ...rows.map((row) => make("li", { text: row }))), { height: 30 });

export const pictureWidget = (alt, address) => new Shown(`picture ${alt} ${address}`, () =>
  make("span", { class: "cm-picture" }, make("img", { src: address, alt, loading: "lazy" })), { height: 160 });

export const bulletWidget = new Shown("bullet", () => make("span", { class: "cm-bullet", "aria-hidden": "true", text: "•" }));

export const labelWidget = (text, kind) => new Shown(`label ${kind} ${text}`, () => make("span", { class: `cm-label cm-label-${kind}`, text }));

/** What stands behind words, and a button that opens its form: `form` is { words, open(view, node) }, or null for none. */
export const badgesWidget = (badges, form) => new Shown(`badges ${form?.words ?? ""} ${badges.join("\n")}`, (view) => {
  const node = make("span", { class: "cm-badges" }, ...badges.map((text) => make("span", { class: "badge", text })));
  if (form) node.append(make("button", { type: "button", class: "quiet cm-about-part", tabindex: "-1", text: form.words, on: { click: () => form.open(view, node) } }));
  return node;
});

export const answerWidget = (lines, grid) => new Shown(`answer ${lines} ${grid}`, () =>
  make("span", { class: "cm-answer", role: "img", "aria-label": grid ? `Squared paper, ${grid}` : `Space to write, ${lines} ${lines === 1 ? "line" : "lines"}` },
    ...Array.from({ length: grid ? 1 : lines }, () => make("span", { class: "cm-answer-line", text: grid ? `squared paper ${grid}` : "" }))));

export const choiceWidget = (right, toggle) => new Shown(`choice ${right}`, (view) => {
  const box = make("input", { type: "checkbox", class: "cm-choice", "aria-label": "This choice is right", tabindex: "-1" });
  box.checked = right;
  box.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(view, box);
  });
  return box;
}, { events: true });
