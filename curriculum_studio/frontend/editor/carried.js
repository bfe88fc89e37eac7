// Hides what somebody carries into the text from elsewhere, by pasting or dragging: a picture, a document, or words.
const TYPES = { "image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg" };

/** The end of a picture's file name by its type; "" for what is no picture that a text can hold. */
export const endingOf = (type) => TYPES[type] || "";

/** All of it that may be meant: { html, plain, picture }. */
export function carriedIn(carried) {
  const html = carried?.getData("text/html") || "";
  const picture = [...(carried?.files || [])].find((file) => endingOf(file.type)) || null;
  // What a word processor copies has words and a picture of them: the words are meant.
  const words = picture && /<(?:p|li|td|h\d)\b/i.test(html);
  return { html, plain: (carried?.getData("text/plain") || "").replace(/\r\n?/g, "\n"), picture: words ? null : picture };
}

/** Whether it is words alone, which the editor takes as they are. */
export const isPlain = (carried) => !carried.picture && !carried.html;
