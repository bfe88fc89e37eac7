// Hides how a lesson's lines make blocks: header, headings, figures, displays, passages, tables. Only looks, changes nothing.
const HEADING = /^(#{2,6}) +(.*)$/;
const TITLE = /^# +(.*)$/;
const FENCE = /^([ >]*)((?:[-*+]|\d{1,9}[.)]) {1,4})?(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const OPENING = /^([ >]*)(:{3,}) *teacher *$/;
const CLOSING = /^([ >]*)(:{3,}) *$/;
const ANSWER = /^([ >]*(?:(?:[-*+]|\d{1,9}[.)]) +)?)(\[\[ *\]\]|_{3,}) *(\{[^{}]*\})? *$/;
const PICTURE = /^([ ]*)!\[((?:[^[\]\\]|\\.)*)\]\(([^()\s<>]+)\) *$/;
const RULER = /^ *\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$/;
const ONE = String.raw`(?:#[a-z][a-z0-9-]{0,63}|[a-z][a-z-]*=(?:"[^"\n]*"|[^\s"{}]+))`;
const GROUP_AT_END = new RegExp(String.raw`[ ]*\{[ ]*(${ONE}(?:[ ]+${ONE})*)[ ]*\}[ ]*$`);
const EACH = new RegExp(ONE, "g");

/** What a group of attributes says: { id, values }, from what stands between its braces. */
export function readGroup(inside) {
  let id = "";
  const values = {};
  for (const [item] of inside.matchAll(EACH)) {
    if (item[0] === "#") id ||= item.slice(1);
    else {
      const at = item.indexOf("=");
      values[item.slice(0, at)] ??= item.slice(at + 1).replace(/^"|"$/g, "");
    }
  }
  return { id, values };
}

/** A line without the attributes at its end: { text, id, values, at }, `at` being where the group's space begins, or -1. */
export function splitEnd(line) {
  const match = line.trimEnd().endsWith("}") ? GROUP_AT_END.exec(line) : null;
  if (!match) return { text: line, id: "", values: {}, at: -1 };
  return { text: line.slice(0, match.index), ...readGroup(match[1]), at: match.index };
}

/** The places of a table's cells on one of its lines: [from, to] without the spaces around, in characters of the line. */
export function cellsOf(line) {
  const found = [];
  let start = /^[ ]*\|?/.exec(line)[0].length;
  const close = (end, whole) => {
    let from = start;
    let to = end;
    while (from < to && line[from] === " ") from += 1;
    while (to > from && line[to - 1] === " ") to -= 1;
    if (from === to) from = to = Math.min(start + 1, end);
    found.push({ from, to, start, end: whole });
  };
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === "\\") at += 1;
    else if (line[at] === "|") {
      close(at, at);
      start = at + 1;
    }
  }
  if (line.slice(start).trim() || !found.length) close(line.length, line.length);
  return found;
}

/**
 * The blocks of a text, in order. Each has `type`, `from` and `to` (characters; `to` is the end of its last line) and
 * `first` and `last` (numbers of lines, from 1).
 *
 * Types: header · heading (level, words, id, values, attributesAt) · fence (word, rest, body, indent, closed) ·
 * display (latex, closed) · open and close (a passage) · answer (mark, group) · picture (alt, target) · table (rows).
 */
export function blocksOf(lines) {
  const found = [];
  let at = 0;
  let number = 0;
  let open = null; // a fence or a display that is not closed yet
  const rows = [...lines];
  const starts = rows.map((row) => {
    const here = at;
    at += row.length + 1;
    return here;
  });
  const end = (index) => starts[index] + rows[index].length;
  const put = (type, first, last, more) => found.push({ type, from: starts[first], to: end(last), first: first + 1, last: last + 1, ...more });
  if (rows[0]?.trimEnd() === "---") {
    const stop = rows.findIndex((row, index) => index > 0 && row.trimEnd() === "---");
    if (stop > 0) {
      put("header", 0, stop, {});
      number = stop + 1;
    }
  }
  const closeOpen = (last, closed) => {
    const body = rows.slice(open.first + 1, closed ? last : last + 1);
    if (open.type === "display") put("display", open.first, last, { latex: body.join("\n"), closed });
    else {
      const cut = body.map((row) => (row.slice(0, open.indent).trim() ? row : row.slice(open.indent)));
      put("fence", open.first, last, { word: open.word, rest: open.rest, body: cut.map((row) => `${row}\n`).join(""), indent: open.indent, closed });
    }
    open = null;
  };
  for (; number < rows.length; number += 1) {
    const row = rows[number];
    const heading = row[0] === "#" ? HEADING.exec(row) : null;
    if (open) {
      // Nothing reaches over a heading of the outline.
      if (heading && heading[1].length < 5) closeOpen(number - 1, false);
      else if (open.type === "display") {
        if (row.trim() === "$$") closeOpen(number, true);
        else if (!row.trim()) closeOpen(number - 1, false);
        else if (number === rows.length - 1) closeOpen(number, false);
        continue;
      } else {
        const mark = row.trim();
        if (mark[0] === open.mark[0] && mark.length >= open.mark.length && !mark.replaceAll(open.mark[0], "")) closeOpen(number, true);
        else if (number === rows.length - 1) closeOpen(number, false);
        continue;
      }
    }
    if (heading || (row[0] === "#" && TITLE.test(row))) {
      const whole = heading ? heading[2] : row.slice(1).trim();
      const { text, id, values, at: cut } = splitEnd(whole);
      const words = text.trim();
      put("heading", number, number, {
        level: heading ? heading[1].length : 1, words, id, values,
        attributesAt: cut < 0 ? -1 : starts[number] + row.length - whole.length + cut,
        wordsAt: starts[number] + row.length - whole.length,
      });
      continue;
    }
    const first = row.trimStart()[0];
    if (first === undefined) continue;
    let match;
    if ((first === "`" || first === "~" || first === ">" || "-*+0123456789".includes(first)) && (match = FENCE.exec(row))) {
      const info = match[4].trim();
      const word = info.split(/\s/, 1)[0];
      open = { type: "fence", first: number, mark: match[3], word, rest: info.slice(word.length).trim(), indent: match[1].length + (match[2] || "").length };
      if (number === rows.length - 1) closeOpen(number, false);
    } else if (first === "$" && row.trim() === "$$") {
      open = { type: "display", first: number };
      if (number === rows.length - 1) closeOpen(number, false);
    } else if ((first === ":" || first === ">") && (match = OPENING.exec(row))) put("open", number, number, { indent: match[1].length });
    else if ((first === ":" || first === ">") && (match = CLOSING.exec(row))) put("close", number, number, { indent: match[1].length });
    else if ((match = ANSWER.exec(row)) !== null) {
      put("answer", number, number, { mark: starts[number] + match[1].length, group: match[3] ? readGroup(match[3].slice(1, -1)).values : {} });
    } else if (first === "!" && (match = PICTURE.exec(row))) put("picture", number, number, { alt: match[2], target: match[3] });
    else if (row.includes("|") && number + 1 < rows.length && rows[number + 1].includes("-") && RULER.test(rows[number + 1])
      && rows[number + 1].includes("|") && cellsOf(rows[number + 1]).length === cellsOf(row).length) {
      let last = number + 1;
      while (last + 1 < rows.length && rows[last + 1].trim() && rows[last + 1].includes("|") && !HEADING.test(rows[last + 1])) last += 1;
      put("table", number, last, { columns: cellsOf(row).length });
      number = last;
    }
  }
  return found;
}

/** The header of a text that has one: where it begins and ends, the end being the start of the line below it; else null. */
export function headerOf(blocks, length) {
  const header = blocks[0]?.type === "header" ? blocks[0] : null;
  return header && { from: 0, to: Math.min(header.to + 1, length), last: header.last };
}

/** The first of the blocks, which are in order, that does not end before a place. */
export function firstAt(blocks, place) {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle].to < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
