// Hides how the words of each thread are marked on the page that shows the text, and how suggested words stand in it.
import { altOf } from "./chosen.js";

const squeeze = (tex) => tex.replace(/[\s{}]/g, "");
const split = (words) =>
  [...words.matchAll(/\$([^$]+)\$|[\p{L}\p{N}]+/gu)].map((match) => (match[1] ? `$${squeeze(match[1])}` : match[0].toLowerCase()));

/** The words and formulas of the page in order: { word, node, at, to }. */
const read = (text) => {
  const found = [];
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => {
      if (node.nodeType === 1) {
        if (node.matches("svg, .quietly, details.figure-values, .said-new, .say-figure")) return NodeFilter.FILTER_REJECT;
        return node.localName === "math" ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
      }
      return node.parentElement.closest("math") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
    },
  });
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (node.nodeType === 1) found.push({ word: `$${squeeze(node.dataset.tex || "")}`, node });
    else
      for (const match of node.data.matchAll(/[\p{L}\p{N}]+/gu))
        found.push({ word: match[0].toLowerCase(), node, at: match.index, to: match.index + match[0].length });
  }
  return found;
};

const places = (rows, words, part) => {
  const found = [];
  for (let n = 0; n + words.length <= rows.length; n++) {
    if (words.every((word, i) => rows[n + i].word === word)) found.push(n);
  }
  const inside = document.getElementById(part);
  const here = inside ? found.filter((n) => inside.contains(rows[n].node)) : [];
  return here.length ? here : found;
};

const mark = (node, from, to, thread, kind) => {
  const box = document.createElement(kind === "goes" ? "del" : "mark");
  box.className = `said-of${kind ? ` ${kind}` : ""}`;
  box.dataset.of = thread.id;
  const range = document.createRange();
  if (node.nodeType === 1) range.selectNode(node);
  else {
    range.setStart(node, from);
    range.setEnd(node, to);
  }
  range.surroundContents(box);
  return box;
};

/** Marks a run of words; between two words of one sentence nothing stays unmarked. */
const markRun = (rows, thread, kind) => {
  const spans = new Map();
  for (const row of rows) {
    const span = spans.get(row.node);
    if (span) span.to = row.to;
    else spans.set(row.node, { from: row.at, to: row.to });
  }
  const entries = [...spans];
  entries.forEach(([node, span], i) => {
    if (node.nodeType !== 3) return;
    if (i > 0) span.from = 0;
    if (i < entries.length - 1) span.to = node.data.length;
  });
  return entries.map(([node, span]) => mark(node, span.from, span.to, thread, kind));
};

/** What a suggestion changes, in words of the page: runs that stay or go, each with the words that come behind it. */
const changesOf = (thread) => {
  const runs = [{ kind: "to-change", count: 0, comes: "" }];
  for (const piece of JSON.parse(thread.dataset.pieces || "[]")) {
    const count = piece.kind === "came" ? 0 : split(piece.shown).length;
    if (piece.kind === "came") runs.at(-1).comes += piece.text;
    else runs.push({ kind: piece.kind === "gone" ? "goes" : "to-change", count, comes: "" });
  }
  return runs;
};

const comes = (words, thread) => {
  const box = document.createElement("ins");
  box.className = "said-new";
  box.dataset.of = thread.id;
  const spoken = document.createElement("span");
  spoken.className = "quietly";
  spoken.textContent = "comes: ";
  box.append(spoken, words);
  return box;
};

/** Shows a suggestion in the text: what goes struck through, what comes behind it. From its end, so that places stay. */
const suggestIn = (rows, thread) => {
  const boxes = [];
  let end = rows.length;
  const runs = changesOf(thread);
  if (runs.reduce((sum, run) => sum + run.count, 0) !== rows.length) return markRun(rows, thread, "to-change");
  for (const run of runs.reverse()) {
    const here = rows.slice(end - run.count, end);
    end -= run.count;
    const made = here.length ? markRun(here, thread, run.kind) : [];
    if (run.comes.trim()) {
      const behind = made.at(-1);
      if (behind) behind.after(comes(run.comes, thread));
      else if (boxes.length) boxes[0].before(comes(run.comes, thread));
    }
    boxes.unshift(...made);
  }
  return boxes;
};

const markFigures = (text, threads) => {
  const figures = [...text.querySelectorAll("figure.figure, img")];
  for (const thread of threads) {
    if (!thread.dataset.figure) continue;
    const found = figures.find((one) => altOf(one) === thread.dataset.figure);
    if (!found) continue;
    found.classList.add("said-figure");
    found.dataset.of = thread.id;
    found.id ||= `words-${thread.id}`;
    thread.dataset.at = found.id;
  }
};

/** Marks the words of all threads in the text; `inline` shows suggested words where they would stand. */
export const markThreads = (text, inline) => {
  const threads = [...document.querySelectorAll("[data-thread]")];
  let rows = read(text);
  const jobs = [];
  for (const thread of threads) {
    const words = split(thread.dataset.shown || "");
    const found = words.length ? places(rows, words, thread.dataset.part) : [];
    if (!found.length) continue;
    const n = found.length === 1 ? found[0] : found[Math.min(Number(thread.dataset.nth), found.length - 1)];
    jobs.push({ thread, first: n, last: n + words.length - 1 });
  }
  // From the end, so that the places of earlier words stay what they are.
  jobs.sort((one, other) => other.first - one.first);
  for (const { thread, first, last } of jobs) {
    // Words that another thread has too stand in its mark by now: the page is read anew, the words keep their numbers.
    if (rows.slice(first, last + 1).some((row) => row.node.nodeType === 3 && row.node.data.length < row.to)) rows = read(text);
    try {
      const run = rows.slice(first, last + 1);
      const boxes = inline && thread.dataset.suggested !== undefined ? suggestIn(run, thread) : markRun(run, thread, "");
      boxes[0].id = `words-${thread.id}`;
      thread.dataset.at = boxes[0].id;
    } catch {
      // Words that another thread has cut in two stay unmarked; the thread names them.
    }
  }
  markFigures(text, threads);
};
