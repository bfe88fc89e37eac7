// Hides how a figure is made with a form: its fields come from the program's table, its picture and its faults at once.
import { ask, fieldRow } from "./dialogs.js";
import { withOwnNames } from "./drawn.js";
import { COMMON, keyAt, readFigure, writeFigure } from "./figure_text.js";
import { make } from "./widgets.js";

/** Asks for a figure: a new one of a kind (`done` gets its whole block), or a block to be changed (`done` gets its new body). */
export function askFigure({ tables, drawn, view, kind, block = null, done }) {
  const spec = tables.figures[kind];
  const start = block ? block.body : spec.start;
  const { values } = readFigure(spec, start);
  const picture = make("div", { class: "ask-figure prose", "aria-live": "polite" });
  const faults = make("ul", { class: "cm-faults", role: "status" });
  const fields = make("div", { class: "ask-fields" });
  let timer = 0;
  const draw = () => {
    const body = writeFigure(spec, values, block ? block.body : "");
    const said = values.alt.trim() ? body : `${body}alt: …\n`;
    const shown = drawn.figure(kind, block?.rest ?? "", said);
    if (!shown) return;
    if (shown.html) {
      picture.innerHTML = withOwnNames(shown.html);
      for (const box of picture.querySelectorAll("[tabindex]")) box.removeAttribute("tabindex");
    }
    picture.classList.toggle("ask-stale", !shown.html);
    const rows = (shown.faults || []).map((fault) => [fault.line > 0 ? keyAt(said, fault.line) : "", fault.reason]);
    for (const field of [...fields.querySelectorAll("[data-key]"), ...words.children]) field.classList.toggle("ask-wrong", rows.some(([key]) => key === field.dataset.key));
    faults.replaceChildren(...rows.map(([key, reason]) => make("li", { text: `${labelOf(spec, key)}${reason}` })));
  };
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 200);
  };
  fields.append(...spec.fields.map((field) => control(field, values, changed)));
  const words = make("div", {}, ...[...COMMON].reverse().map((field) => control(field, values, changed)));
  const stop = drawn.listen(draw);
  ask({
    title: block ? `Change: ${spec.label.toLowerCase()}` : spec.label, words: spec.about, wide: true, button: block ? "Change it" : "Put it in",
    back: () => { stop(); view.focus(); },
    fill: (form) => form.append(make("div", { class: "ask-two" }, fields, make("div", { class: "ask-beside" }, picture, faults, words))),
    done: () => {
      if (!values.alt.trim()) {
        words.querySelector("textarea").focus();
        return "Say in a sentence what the picture shows: students who do not see it hear your words.";
      }
      const body = writeFigure(spec, values, block ? block.body : "");
      return done(block ? body : `\`\`\`${kind}\n${body}\`\`\``);
    },
  });
  draw();
}

function labelOf(spec, key) {
  const field = [...spec.fields, ...spec.fields.flatMap((one) => one.fields || []), ...COMMON].find((one) => one.key === key);
  return field ? `${field.label}: ` : "";
}

/** The control of one field; it writes into `values` and calls `changed`. */
function control(field, values, changed) {
  const set = (value) => {
    values[field.key] = value;
    changed();
  };
  const value = values[field.key];
  if (typeof value === "string" && ["pairs", "map", "maps"].includes(field.kind)) return control({ ...field, kind: "list", help: "as it is written" }, values, changed);
  if (field.kind === "pairs") return pairs(field, value, changed);
  if (field.kind === "map") return group(field.label, field.fields, value, changed, field.key);
  if (field.kind === "maps") return groups(field, value, changed);
  let input;
  if (field.kind === "choice") {
    input = make("select", { on: { change: () => set(input.value) } }, ...field.choices.map((one) => make("option", { value: one, text: one })));
    if (!field.choices.includes(value)) input.append(make("option", { value, text: value }));
    input.value = value;
  } else if (field.kind === "switch") {
    input = make("input", { type: "checkbox", on: { change: () => set(input.checked ? "yes" : "no") } });
    input.checked = value === "yes";
    return make("p", { class: "ask-field", "data-key": field.key }, make("label", { class: "check" }, input, ` ${field.label}`));
  } else {
    const long = field.key === "alt" || value.includes("\n") || value.length > 60;
    input = make(long ? "textarea" : "input", long ? { rows: "2" } : { type: "text", autocomplete: "off", inputmode: field.kind === "number" ? "text" : null, placeholder: field.example ?? null });
    input.value = value;
    input.addEventListener("input", () => set(long && field.key === "alt" ? input.value.replace(/\s*\n\s*/g, " ") : input.value));
  }
  const row = fieldRow(field.label + (field.needed ? " (needed)" : ""), input, field.help || "");
  row.dataset.key = field.key;
  return row;
}

function pairs(field, rows, changed) {
  const box = make("fieldset", { class: "ask-pairs", "data-key": field.key }, make("legend", { text: field.label + (field.needed ? " (needed)" : "") }));
  const add = make("button", { type: "button", class: "quiet", text: `Add to ${field.label.toLowerCase()}`, on: { click: () => {
    rows.push(["", ""]);
    fill();
    box.querySelector(".ask-pair:last-of-type input").focus();
  } } });
  const fill = () => {
    box.replaceChildren(box.firstChild, ...(field.help ? [make("span", { class: "soft", text: field.help })] : []), ...rows.map((row, index) => make("div", { class: "ask-pair" },
      ...field.pair.map((name, side) => {
        const input = make("input", { type: "text", "aria-label": `${name}, ${field.label.toLowerCase()} ${index + 1}`, placeholder: name, autocomplete: "off" });
        input.value = row[side];
        input.addEventListener("input", () => { row[side] = input.value; changed(); });
        return input;
      }),
      make("button", { type: "button", class: "quiet", "aria-label": `Take ${field.label.toLowerCase()} ${index + 1} away`, text: "×", on: { click: () => { rows.splice(index, 1); fill(); changed(); add.focus(); } } }))), add);
  };
  fill();
  return box;
}

const group = (label, fields, values, changed, key) => make("fieldset", { class: "ask-group", "data-key": key }, make("legend", { text: label }), ...fields.map((one) => control(one, values, changed)));

function groups(field, rows, changed) {
  const box = make("div", { "data-key": field.key });
  const empty = () => Object.fromEntries(field.fields.map((one) => [one.key, one.kind === "pairs" ? [] : one.kind === "choice" ? one.choices[0] : one.kind === "switch" ? one.default : ""]));
  const fill = () => {
    box.replaceChildren(...rows.map((row, index) => {
      const one = group(`${field.label.replace(/s$/, "")} ${index + 1}`, field.fields, row, changed, "");
      if (rows.length > 1) one.append(make("button", { type: "button", class: "quiet", text: `Take this ${field.one} away`, on: { click: () => { rows.splice(index, 1); fill(); changed(); box.querySelector("input")?.focus(); } } }));
      return one;
    }), make("button", { type: "button", class: "quiet", text: `Add a ${field.one}`, on: { click: () => { rows.push(empty()); fill(); box.querySelector("fieldset:last-of-type input")?.focus(); } } }));
  };
  fill();
  return box;
}
