// Hides what the editor gets once it stands: what puts things in, finds, marks and pastes. It comes by itself, a moment later.
import { autocompletion } from "@codemirror/autocomplete";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { openSearchPanel } from "@codemirror/search";
import { StateEffect } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { finding } from "./finding.js";
import { slash } from "./offers.js";

export { askAbout } from "./asked.js";
export { changeFigure, changeHere, offers, run, take } from "./offers.js";
export { askStandard, sayStandards } from "./standards.js";

/** Adds to a standing editor what it does not need to stand. */
export function addLater(page) {
  const { view } = page.editor;
  view.dispatch({
    effects: StateEffect.appendConfig.of([
      lintGutter(), finding, keymap.of(lintKeymap),
      autocompletion({ override: [(context) => slash(page, context)], icons: false, activateOnTyping: true, aboveCursor: false, tooltipClass: () => "slash-menu" }),
    ]),
  });
  page.markFindings = (rows) => view.dispatch(setDiagnostics(view.state, rows));
  page.markFindings(page.findings);
  page.form.classList.add("editor-whole");
}

export const find = (page) => openSearchPanel(page.editor.view);
