// Hides where formulas and figures come from: the studio draws them, many at a time, and what was drawn is kept.
import { StateEffect } from "@codemirror/state";

/** Something that was asked for has come: what shows it is made anew. */
export const arrived = StateEffect.define();
const MOST = { formulas: 150, figures: 30 };
const PAUSE = 5000;

/** `ask(body)` sends what is wanted and gives what the studio answers, or throws. */
export function makeDrawn(ask) {
  const known = { formulas: new Map(), figures: new Map() };
  const wanted = { formulas: new Map(), figures: new Map() };
  const listeners = new Set();
  let timer = 0;
  let silentUntil = 0;

  const send = async () => {
    timer = 0;
    const taken = {};
    for (const sort of ["formulas", "figures"]) {
      taken[sort] = [...wanted[sort]].slice(0, MOST[sort]);
      for (const [key] of taken[sort]) wanted[sort].delete(key);
    }
    try {
      const answer = await ask({ formulas: taken.formulas.map(([, one]) => one), figures: taken.figures.map(([, one]) => one) });
      for (const sort of ["formulas", "figures"]) taken[sort].forEach(([key], index) => known[sort].set(key, answer[sort][index]));
    } catch {
      // What could not be drawn now stays as it is written, and is asked for again after a while.
      for (const sort of ["formulas", "figures"]) for (const [key] of taken[sort]) known[sort].delete(key);
      silentUntil = Date.now() + PAUSE;
    }
    if (wanted.formulas.size || wanted.figures.size) plan();
    for (const tell of [...listeners]) tell();
  };
  const plan = () => {
    timer ||= setTimeout(send, Math.max(12, silentUntil - Date.now()));
  };
  const get = (sort, key, one) => {
    const found = known[sort].get(key);
    if (found !== undefined) return found;
    known[sort].set(key, null);
    wanted[sort].set(key, one);
    plan();
    return null;
  };
  return {
    /** A formula: { html } or { error, hint }; null until it has come. */
    formula: (latex, display) => get("formulas", `${display ? "d" : "i"}${latex}`, { latex, display }),
    /** A figure: { html } or { faults: [{ line, reason }] }; null until it has come. */
    figure: (word, rest, body) => get("figures", `${word}\n${rest}\n${body}`, { word, rest, body }),
    /** Calls when something has come; gives the way to stop. */
    listen(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}

let count = 0;
/** The HTML of a figure with names of its own: the same figure may stand on a page twice. */
export const withOwnNames = (html) => html.replaceAll("figure-LIVE", `figure-live-${(count += 1)}`);
