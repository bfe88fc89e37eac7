// Hides how the lines above a lesson and the lines of a figure are read and changed: `key: value`, by single stretches of text.
const KEY = /^( *)("[^"\n]*"|'[^'\n]*'|[^\s:#"'[\]{},&*!|>%@`-][^:\n"']*?) *:(?: +|$)/;
const PLAIN = /^[\p{L}](?:[\p{L}\p{N}_ .'’()/&+%?!–—-]*[\p{L}\p{N}_.'’()/&+%?!–—-])?$/u;
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.#-]*$/u;
const TYPED = new Set(["true", "false", "null", "yes", "no", "on", "off", "~"]);

const quoted = (text) => JSON.stringify(text);
/** A value as it stands behind a key: plain where it can be, else in double quotes. */
export function scalar(value) {
  const flat = value.split(/\s+/).filter(Boolean).join(" ");
  return (PLAIN.test(flat) && !TYPED.has(flat.toLowerCase())) || /^\d+$/.test(flat) ? flat : flat ? quoted(flat) : "";
}
/** A value as it stands in a list or a map on one line. */
export const item = (value) => (NAME.test(value) || /^[\p{L}][\p{L}\p{N} '’()/.-]*$/u.test(value) ? value : quoted(value));
const entry = (value) => (typeof value === "string" ? item(value)
  : Array.isArray(value) ? flow(value)
    : `{${Object.entries(value).map(([key, one]) => `${key}: ${entry(one)}`).join(", ")}}`);
/** A list on one line, of words or of maps. */
export const flow = (values) => `[${values.map(entry).join(", ")}]`;

class Reading {
  constructor(text, pairs) { this.text = text; this.at = 0; this.pairs = pairs; }
  space() { while (/\s/.test(this.text[this.at] || "")) this.at += 1; }
  fail() { throw new SyntaxError("not read here"); }
  value() {
    this.space();
    const ch = this.text[this.at];
    if (ch === "[") return this.list();
    if (ch === "{") return this.map();
    if (ch === '"' || ch === "'") return this.quote(ch);
    return this.plain();
  }
  quote(mark) {
    let out = "";
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const ch = this.text[this.at];
      if (ch === mark) {
        if (mark === "'" && this.text[this.at + 1] === "'") { out += "'"; this.at += 1; continue; }
        this.at += 1;
        return out;
      }
      if (ch === "\\" && mark === '"') { this.at += 1; out += this.text[this.at] === "n" ? "\n" : this.text[this.at]; } else out += ch;
    }
    return this.fail();
  }
  plain(stop = /[,\]}]/) {
    const from = this.at;
    while (this.at < this.text.length && !stop.test(this.text[this.at])) {
      const pair = this.pairs && this.text[this.at] === "(" ? /^\([^(),\]}]*,[^(),\]}]*\)/.exec(this.text.slice(this.at)) : null;
      this.at += pair ? pair[0].length : 1;
    }
    return this.text.slice(from, this.at).trim();
  }
  list() {
    const found = [];
    this.at += 1;
    for (;;) {
      this.space();
      if (this.text[this.at] === "]") break;
      found.push(this.value());
      this.space();
      if (this.text[this.at] === ",") this.at += 1;
      else if (this.text[this.at] !== "]") this.fail();
    }
    this.at += 1;
    return found;
  }
  map() {
    const found = {};
    this.at += 1;
    for (;;) {
      this.space();
      if (this.text[this.at] === "}") break;
      const key = /["']/.test(this.text[this.at] || "") ? this.quote(this.text[this.at]) : this.plain(/[:,\]}]/);
      this.space();
      if (this.text[this.at] !== ":") this.fail();
      this.at += 1;
      found[key] = this.value();
      this.space();
      if (this.text[this.at] === ",") this.at += 1;
      else if (this.text[this.at] !== "}") this.fail();
    }
    this.at += 1;
    return found;
  }
}

/** A value on one line: a text, a list or a map. Throws `SyntaxError` where it cannot be read. */
export function readValue(text, pairs = false) {
  const shown = text.trim();
  if (!/^[[{"']/.test(shown)) return (shown.includes(" #") ? shown.slice(0, shown.indexOf(" #")) : shown).trim();
  const reading = new Reading(shown, pairs);
  const found = reading.value();
  reading.space();
  if (reading.at < shown.length && shown[reading.at] !== "#") reading.fail();
  return found;
}

const indentOf = (row) => row.length - row.trimStart().length;

/**
 * The keys of some lines that stand `at` characters into the text: { name: { from, to, valueFrom, value, lines } }, where `value` is
 * undefined for what a form cannot show. Lists and maps on the lines below a key are read too.
 */
export function keysOf(text, at = 0, pairs = false) {
  const rows = text.split("\n");
  const found = {};
  let place = at;
  const top = rows.find((row) => KEY.test(row));
  const indent = top ? indentOf(top) : 0;
  for (let number = 0; number < rows.length; number += 1) {
    const row = rows[number];
    const start = place;
    place += row.length + 1;
    const match = KEY.exec(row);
    if (!match || match[1].length !== indent) continue;
    let to = start + row.length;
    const below = [];
    while (number + 1 < rows.length) {
      const next = rows[number + 1];
      const nested = next.trim() && (indentOf(next) > indent || (next.trimStart().startsWith("- ") && indentOf(next) >= indent));
      const blank = !next.trim() && rows.slice(number + 2).some((later) => later.trim() && indentOf(later) > indent);
      if (!nested && !blank) break;
      number += 1;
      below.push(next);
      to = place + next.length;
      place += next.length + 1;
    }
    const rest = row.slice(match[0].length);
    found[match[2].replace(/^["']|["']$/g, "")] = {
      from: start, to, valueFrom: start + match[0].length, lineTo: start + row.length, belowFrom: start + row.length + 1,
      value: valueBelow(rest, below, pairs), below, rest, gap: /: +$/.test(match[0]),
    };
  }
  return found;
}

function valueBelow(rest, below, pairs) {
  try {
    if (!below.length) return readValue(rest, pairs);
    if (/^[[{]/.test(rest.trim())) return readValue([rest, ...below].join(" "), pairs);
    if (rest.trim() && !rest.trim().startsWith("#")) return undefined;
    const rows = below.filter((row) => row.trim() && !row.trim().startsWith("#"));
    if (rows.every((row) => row.trimStart().startsWith("- "))) {
      const items = rows.map((row) => row.trimStart().slice(2));
      return items.some((one) => KEY.test(one)) ? undefined : items.map((one) => readValue(one, pairs));
    }
    if (rows[0].trimStart().startsWith("- ")) return undefined;
    const inner = keysOf(below.join("\n"), 0, pairs);
    const values = Object.entries(inner).map(([name, one]) => [name, one.value]);
    return values.some(([, value]) => value === undefined) || rows.some((row) => !KEY.test(row) && !row.trimStart().startsWith("- ")) ? undefined : Object.fromEntries(values);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A change without what is the same at both of its ends; null where nothing changes. */
export function trimmed(text, change) {
  const old = text.slice(change.from, change.to);
  const { insert } = change;
  if (old === insert) return null;
  let head = 0;
  while (head < old.length && head < insert.length && old[head] === insert[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < insert.length - head && old.at(-1 - tail) === insert.at(-1 - tail)) tail += 1;
  // A character of two halves is never cut.
  if (head && /[\uD800-\uDBFF]/.test(old[head - 1])) head -= 1;
  if (tail && /[\uDC00-\uDFFF]/.test(old.at(-tail))) tail -= 1;
  return { from: change.from + head, to: change.to - tail, insert: insert.slice(head, insert.length - tail) };
}

/** The lines between the marks of a header: { text, from, to }. */
export function insideOf(text, header) {
  const from = text.indexOf("\n") + 1;
  const to = text.lastIndexOf("\n---", header.to);
  return { text: text.slice(from, to < from ? from : to + 1), from, to: to < from ? from : to + 1 };
}

/**
 * The smallest change that gives a key of the header a value as it shall stand there (`written`); null takes the key away. `path` is one
 * key, or a key and a key below it. Gives null where there is nothing to change.
 */
export function setKey(text, header, path, written) {
  const inside = insideOf(text, header);
  const keys = keysOf(inside.text, inside.from);
  const [name, below] = path;
  const key = keys[name];
  if (below !== undefined) return setBelow(text, inside, key, name, below, written);
  if (!key) return written === null ? null : { from: inside.to, to: inside.to, insert: `${name}: ${written}\n` };
  if (written === null) return { from: key.from, to: Math.min(key.to + 1, text.length), insert: "" };
  return trimmed(text, { from: key.valueFrom, to: key.to, insert: `${key.gap || !written ? "" : " "}${written}` });
}

function setBelow(text, inside, key, name, below, written) {
  if (!key) return written === null ? null : { from: inside.to, to: inside.to, insert: `${name}:\n  ${below}: ${written}\n` };
  if (key.below.length && !key.rest.trim()) {
    const inner = keysOf(key.below.join("\n"), key.belowFrom);
    const found = inner[below];
    const indent = " ".repeat(indentOf(key.below[0]));
    if (!found) return written === null ? null : { from: key.to, to: key.to, insert: `\n${indent}${below}: ${written}` };
    return trimmed(text, { from: found.valueFrom, to: found.to, insert: `${found.gap ? "" : " "}${written ?? "[]"}` });
  }
  const value = typeof key.value === "object" && !Array.isArray(key.value) ? key.value : {};
  const rows = Object.entries(value).map(([one, what]) => [one, Array.isArray(what) ? flow(what.map(String)) : item(String(what))]);
  const place = rows.find(([one]) => one === below);
  if (place) place[1] = written ?? "[]";
  else rows.push([below, written ?? "[]"]);
  return trimmed(text, { from: key.valueFrom, to: key.to, insert: `${key.gap ? "" : " "}{${rows.map(([one, what]) => `${one}: ${what}`).join(", ")}}` });
}
