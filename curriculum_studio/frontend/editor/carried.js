// Hides what somebody carries into the text from elsewhere, by pasting or dragging: a picture, a document, or words.
import { isPicture } from "../smaller.js";

/** All of it that may be meant: { html, plain, picture }. */
export function carriedIn(carried) {
  const html = carried?.getData("text/html") || "";
  const picture = [...(carried?.files || [])].find((file) => isPicture(file.type)) || null;
  // What a word processor copies has words and a picture of them: the words are meant.
  const words = picture && /<(?:p|li|td|h\d)\b/i.test(html);
  return { html, plain: (carried?.getData("text/plain") || "").replace(/\r\n?/g, "\n"), picture: words ? null : picture };
}

/** Whether it is words alone, which the editor takes as they are. */
export const isPlain = (carried) => !carried.picture && !carried.html;
