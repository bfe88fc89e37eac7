// Hides how what is pasted from documents and pages becomes the text's own marks; words alone are pasted as they are.
import { markdownOf, withoutFallbacks } from "./paste_html.js";

export function pasted(event, view) {
  const html = event.clipboardData?.getData("text/html");
  if (!html) return false;
  const text = markdownOf(new DOMParser().parseFromString(withoutFallbacks(html), "text/html").body);
  const plain = event.clipboardData.getData("text/plain");
  if (!text || text === plain.trim()) return false;
  event.preventDefault();
  const { main } = view.state.selection;
  const line = view.state.doc.lineAt(main.from);
  const blocks = text.includes("\n");
  const lead = blocks && main.from > line.from && line.text.trim() ? "\n\n" : "";
  const insert = lead + text;
  view.dispatch({ changes: { from: main.from, to: main.to, insert }, selection: { anchor: main.from + insert.length }, userEvent: "input.paste", scrollIntoView: true });
  return true;
}
