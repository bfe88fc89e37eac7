// Hides the outline beside the text: its parts with their minutes and findings, which lead to their places and add up.
import { attributeChange } from "./attributes.js";
import { minutesOf, namesOfParts, partsAt } from "./outline.js";
import { make } from "./widgets.js";

/** The kinds of text whose parts have minutes that add up. */
const TIMED = new Set(["lesson", "professional-learning"]);

/** Adds the outline; the preview follows the part in which somebody writes. */
export function addSide(page) {
  const { form, editor } = page;
  const list = make("ul", { class: "outline-list" });
  const total = make("p", { class: "outline-total", role: "status" });
  const box = make("details", { class: "outline", "data-outline": true }, make("summary", { text: TIMED.has(form.dataset.kind) ? "Outline and minutes" : "Outline" }), list, total);
  box.open = innerWidth >= 832;
  form.querySelector(".side").prepend(box);
  let drawn = "";
  let shownPart = "";
  const draw = () => {
    const { view, tools } = editor;
    const { parts } = view.state.field(tools.structure);
    const rows = parts.filter((one) => one.level <= 3);
    const names = namesOfParts(parts);
    const found = page.findings || [];
    const ends = new Map(parts.map((part, index) => [part, parts[index + 1]?.from ?? view.state.doc.length]));
    const count = (part) => found.filter((one) => one.from >= part.from && one.from < ends.get(part)).length;
    const key = JSON.stringify(rows.map((one) => [one.level, names.get(one), one.minutes, one.id, count(one), one.kind]));
    if (key !== drawn) {
      drawn = key;
      fill(page, list, rows, names, count);
    }
    const sum = minutesOf(parts);
    const wanted = Number(minutesOfHeader(view, tools)) || 0;
    // An assessment has one time for all of it: nothing adds up to it.
    const words = TIMED.has(form.dataset.kind) && (sum || wanted) ? `${sum} of ${wanted || "?"} minutes` : "";
    if (total.textContent !== words) total.textContent = words;
    total.classList.toggle("cm-off", Boolean(wanted && sum !== wanted));
    const here = partsAt(parts, view.state.selection.main.head).at(-1);
    list.querySelectorAll("[aria-current]").forEach((one) => one.removeAttribute("aria-current"));
    const index = rows.indexOf(here);
    if (index >= 0) {
      const row = list.children[index];
      row.querySelector("button").setAttribute("aria-current", "true");
      const over = row.offsetTop - list.offsetTop;
      if (!list.contains(document.activeElement) && (over < list.scrollTop || over + row.offsetHeight > list.scrollTop + list.clientHeight)) list.scrollTop = over - list.clientHeight / 3;
    }
    const withId = partsAt(parts, view.state.selection.main.head).findLast((one) => one.id)?.id || "";
    if (withId && withId !== shownPart) follow(form, withId);
    shownPart = withId;
  };
  let frame = 0;
  const soon = () => {
    frame ||= setTimeout(() => {
      frame = 0;
      draw();
    }, 80);
  };
  const before = page.onChange;
  page.onChange = (update) => {
    before?.(update);
    if (update.docChanged || update.selectionSet) soon();
  };
  page.onFindings = soon;
  form.addEventListener("htmx:afterSwap", () => { if (shownPart) follow(form, shownPart); });
  draw();
}

function minutesOfHeader(view, tools) {
  const { header } = view.state.field(tools.structure);
  return header ? /^minutes *: *(\d+)/m.exec(view.state.sliceDoc(0, header.to))?.[1] : 0;
}

function follow(form, id) {
  const pane = form.querySelector("#preview");
  const there = form.querySelector(`#preview #${CSS.escape(id)}`);
  if (!there || pane.contains(document.activeElement) || getComputedStyle(pane).overflowY !== "auto") return;
  pane.scrollTop += there.getBoundingClientRect().top - pane.getBoundingClientRect().top - 12;
}

function fill(page, list, rows, names, count) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.at : "";
  list.replaceChildren(...rows.map((part, number) => {
    const findings = count(part);
    const jump = make("button", { type: "button", class: `outline-jump level-${part.level}`, "data-at": `jump-${number}`, on: { click: () => page.goTo(lineOf(page, number), false) } },
      make("span", { text: names.get(part) || "(no words)" }));
    if (findings) jump.append(make("span", { class: "outline-findings", text: `${findings} to look at` }));
    const timed = part.level === 2 && part.kind && page.tables.kinds[part.kind]?.timed;
    const minutes = timed ? make("input", {
      type: "number", min: "0", max: "999", "data-at": `minutes-${number}`, "aria-label": `Minutes of ${names.get(part)}`, value: part.minutes || "",
      on: { change: (event) => setMinutes(page, number, event.target.value) },
    }) : null;
    return make("li", { class: `level-${part.level}` }, jump, minutes);
  }));
  if (focused) list.querySelector(`[data-at="${focused}"]`)?.focus();
}

const partOf = (page, number) => page.editor.view.state.field(page.editor.tools.structure).parts.filter((one) => one.level <= 3)[number];
const lineOf = (page, number) => partOf(page, number)?.line ?? 1;

function setMinutes(page, number, typed) {
  const part = partOf(page, number);
  const value = typed.trim();
  if (!part || (value && !/^\d{1,3}$/.test(value))) return;
  const { view } = page.editor;
  const change = attributeChange(part.block, view.state.sliceDoc(part.block.from, part.block.to), "minutes", value);
  if (change) view.dispatch({ changes: change, userEvent: "input.form" });
}
