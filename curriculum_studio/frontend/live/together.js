// Hides how two texts become one without history: a change is made where they differ, and the studio is asked where both changed.

/** Makes a shared text say `words`, touching only what differs. */
export const become = (text, words, origin) => {
  const now = text.toString();
  if (now === words) return;
  let head = 0;
  while (head < now.length && head < words.length && now[head] === words[head]) head += 1;
  let tail = 0;
  while (tail < now.length - head && tail < words.length - head && now.at(-1 - tail) === words.at(-1 - tail)) tail += 1;
  // Never into the middle of a character of two units.
  if (/[\ud800-\udbff]/.test(now[head - 1] ?? "")) head -= 1;
  if (tail && /[\udc00-\udfff]/.test(now.at(-tail))) tail -= 1;
  text.doc.transact(() => {
    text.delete(head, now.length - head - tail);
    text.insert(head, words.slice(head, words.length - tail));
  }, origin);
};

/**
 * What `mine`, written from `base`, and `theirs` become together: { text, double }; `double` counts places where both stand
 * because both changed the same words. `ask(body)` reaches the studio; it is asked only where both sides changed something.
 */
export const together = async (ask, base, mine, theirs, blob = "") => {
  if (mine === base || mine === theirs) return { text: theirs, double: 0 };
  if (theirs === base) return { text: mine, double: 0 };
  return ask(base === null ? { blob, mine, theirs } : { base, mine, theirs });
};

/** A plain account of it. */
export const account = (double) =>
  double
    ? `Your words were put together with what others wrote meanwhile. In ${double} place${double > 1 ? "s" : ""} you both changed the same words: both stand there, theirs first. Please look at ${double > 1 ? "them" : "it"}.`
    : "Your words were put together with what others wrote meanwhile. Nothing of either was lost.";
