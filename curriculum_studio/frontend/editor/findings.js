// Hides how findings are read from the list beside the preview; the marks under what is meant come with what is loaded later.

/** Follows the list, which the check makes anew while somebody writes. */
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
    page.markFindings?.(rows);
    page.onFindings?.(rows);
  };
  page.form.addEventListener("htmx:afterSwap", read);
  read();
}
