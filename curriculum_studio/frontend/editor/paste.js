// Hides how what is pasted from documents and pages becomes the text's own marks; words alone are pasted as they are.
import { markdownOf, withoutFallbacks } from "./paste_html.js";

/** What a document that is carried in says in the text's own marks; its words as they are where it has no marks. */
export function markdownIn({ html, plain }) {
  const text = markdownOf(new DOMParser().parseFromString(withoutFallbacks(html), "text/html").body);
  return (!text || text === plain.trim() ? plain : text).replaceAll("\0", "");
}
