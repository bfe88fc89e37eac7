// Hides how findings stand in the text: marks under what is meant, a list that leads there, F8 from one to the next.
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";

/** Follows the list beside the preview, which the check makes anew while somebody writes. */
export function addFindings(page) {
  const read = () => {
    const { view } = page.editor;
    const { doc } = view.state;
    const rows = [...page.form.querySelectorAll("#preview .finding [data-line]")].map((jump) => {
      const item = jump.closest("li");
      const line = doc.line(Math.max(1, Math.min(Number(jump.dataset.line), doc.lines)));
      const from = Math.min(line.from + Math.max(0, Number(jump.dataset.column || 1) - 1), line.to);
      return { from, to: Math.max(line.to, from), severity: item.classList.contains("grave") ? "error" : "warning", message: item.querySelector("span").textContent.trim().replace(/\s+/g, " ") };
    });
    rows.sort((a, b) => a.from - b.from);
    page.findings = rows;
    view.dispatch(setDiagnostics(view.state, rows));
    page.onFindings?.(rows);
  };
  page.form.addEventListener("htmx:afterSwap", read);
  read();
}

addFindings.extensions = () => [lintGutter(), keymap.of(lintKeymap)];
