// Hides how two texts become one without history: a change is made where they differ, and the studio is asked where both changed.
import * as Y from "yjs";
import { changed } from "../editor/differences.js";

/** Whose a change is that puts words back: one's own, and undone as such. */
export const BACK = Symbol("put back");

/** Makes a shared text say `words`, touching only words that differ: two who do so at once double nothing. */
const become = (text, words) => {
  for (const { at, gone, from, to } of changed(text.toString(), words).reverse()) {
    if (gone) text.delete(at, gone.length);
    if (to > from) text.insert(at, words.slice(from, to));
  }
};

/**
 * The shared text of `doc` as it is now: { doc, words, put(words, origin) }. `put` makes it say other words as if at once: what came
 * into `doc` meanwhile stays. So whoever asks the studio in between need not wait until nobody writes.
 */
export const standing = (doc) => {
  const fork = new Y.Doc();
  Y.applyUpdate(fork, Y.encodeStateAsUpdate(doc));
  const text = fork.getText("text");
  return {
    doc, words: text.toString(),
    put(words, origin) {
      const before = Y.encodeStateVector(fork);
      fork.transact(() => become(text, words));
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(fork, before), origin);
    },
  };
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
