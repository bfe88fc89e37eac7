// Hides how the editor asks: one dialog at a time, named, with its fields; the focus goes back to the text.
import { make } from "./widgets.js";

let number = 0;

/**
 * Opens a dialog. `fill(form, close)` puts the fields into it; `done(form)` is called by its button and closes it unless it gives false
 * or a sentence, which is shown. Gives the dialog.
 */
export function ask({ title, words = "", button, fill, done, back, wide = false }) {
  number += 1;
  const id = `ask-${number}`;
  const told = make("p", { class: "notice bad", role: "alert", hidden: true });
  const form = make("form", { method: "dialog" });
  const dialog = make("dialog", { class: `ask${wide ? " ask-wide" : ""}`, "aria-labelledby": id }, make("h2", { id, text: title }), words ? make("p", { class: "soft", text: words }) : null, form);
  const close = () => dialog.close();
  fill(form, close);
  form.append(told, make("p", { class: "ask-buttons" }, button ? make("button", { text: button }) : null,
    make("button", { type: "button", class: "quiet", text: button ? "Cancel" : "Close", on: { click: close } })));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = done ? await done(form) : true;
    if (answer === false) return;
    if (typeof answer === "string") {
      told.textContent = answer;
      told.hidden = false;
      return;
    }
    close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    back?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("[autofocus], input, select, textarea")?.focus();
  return dialog;
}

/** A field with its words above it. */
export function fieldRow(label, input, help = "") {
  number += 1;
  input.id ||= `field-${number}`;
  const row = make("p", { class: "ask-field" }, make("label", { for: input.id, text: label }), input);
  if (help) {
    const hint = make("span", { class: "soft", id: `${input.id}-help`, text: help });
    input.setAttribute("aria-describedby", hint.id);
    row.append(hint);
  }
  return row;
}

export function askTable(view, done) {
  const columns = make("input", { name: "columns", type: "number", min: "1", max: "10", value: "3", required: true });
  const rows = make("input", { name: "rows", type: "number", min: "1", max: "40", value: "3", required: true });
  ask({
    title: "Table", words: "The first row is the head. Tab leads from cell to cell, and past the last one makes a new row.", button: "Put it in", back: () => view.focus(),
    fill: (form) => form.append(fieldRow("Columns", columns), fieldRow("Rows below the head", rows)),
    done: () => done(Number(columns.value), Number(rows.value)),
  });
}

export function askSpace(view, done) {
  const kind = make("select", { name: "kind" }, make("option", { value: "lines", text: "lines" }), make("option", { value: "grid", text: "squared paper" }));
  const lines = make("input", { name: "lines", type: "number", min: "1", max: "40", value: "3" });
  const wide = make("input", { name: "wide", type: "number", min: "1", max: "40", value: "10" });
  const high = make("input", { name: "high", type: "number", min: "1", max: "40", value: "6" });
  const rows = [fieldRow("Lines", lines), fieldRow("Squares across", wide), fieldRow("Squares down", high)];
  const follow = () => rows.forEach((row, index) => { row.hidden = (kind.value === "grid") !== (index > 0); });
  kind.addEventListener("change", follow);
  ask({
    title: "Space to write", button: "Put it in", back: () => view.focus(),
    fill: (form) => { form.append(fieldRow("Kind", kind), ...rows); follow(); },
    done: () => done(kind.value === "grid" ? `[[ ]]{grid=${wide.value || 10}x${high.value || 6}}` : `[[ ]]{lines=${lines.value || 1}}`),
  });
}
