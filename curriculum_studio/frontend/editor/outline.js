// Hides how headings say what a part is: the same reading as the program's, for showing parts while somebody writes.
const SEPARATOR = /\s*:\s*|\s+[-–—]+\s+|\s*[–—]\s*/;
const NUMBER = /[\s.]*(?:#?\s*)?\d+(?:\.\d+)*[a-z]?\.?$/i;

/** Letters only, without case, accents, spaces, hyphens, marks and the plural s of each word. */
export function fold(words) {
  const plain = words.normalize("NFKD").toLowerCase().replaceAll("ß", "ss");
  let letters = "";
  for (const ch of plain) letters += /\p{L}/u.test(ch) || ch === " " ? ch : "-–—_\t/".includes(ch) ? " " : "";
  return letters.split(/\s+/).filter(Boolean).map((word) => ([...word].length > 2 && word.endsWith("s") ? word.slice(0, -1) : word)).join("");
}

/**
 * The kinds by their folded names, from the program's table ({ kind: { names, shown, level, … } }). What a heading was read as is
 * kept beside them: while somebody writes, nearly all headings are what they were.
 */
export function namesOf(kinds) {
  const found = new Map();
  for (const [kind, row] of Object.entries(kinds)) for (const name of row.names) found.set(fold(name), kind);
  found.read = new Map();
  return found;
}

/** What a heading says: { kind, words, title }; kind is null where its words name none. */
export function nameOf(heading, names) {
  const cut = SEPARATOR.exec(heading);
  const tries = cut ? [[heading.slice(0, cut.index), heading.slice(cut.index + cut[0].length)]] : [];
  for (const [words, title] of [...tries, [heading, ""]]) {
    for (const form of [words, words.replace(NUMBER, "")]) {
      const kind = form.trim() ? names.get(fold(form)) : undefined;
      if (kind !== undefined) return { kind, words: words.trim(), title: title.trim() };
    }
  }
  return { kind: null, words: "", title: heading.trim() };
}

function readOnce(words, names) {
  let found = names.read.get(words);
  if (!found) {
    // Headings that were on the way to their words are forgotten now and then.
    if (names.read.size > 2000) names.read.clear();
    names.read.set(words, (found = nameOf(words, names)));
  }
  return found;
}

const wholeMinutes = (text) => (/^\d{1,4}$/.test(text || "") ? Number(text) : 0);

/**
 * The parts of a text from its blocks: { kind, level, words, title, id, minutes, optional, line, from, to, values, block }, in
 * order; `to` is where the part ends, its deeper parts included.
 */
export function outlineOf(blocks, names, length) {
  const parts = blocks.filter((one) => one.type === "heading" && one.level > 1).map((block) => ({
    ...readOnce(block.words, names), level: block.level, id: block.id, minutes: wholeMinutes(block.values.minutes),
    optional: block.values.optional !== undefined, line: block.first, from: block.from, to: length, values: block.values, block,
  }));
  const open = [];
  for (const part of parts) {
    part.closes = false;
    while (open.length && open.at(-1).level >= part.level) Object.assign(open.pop(), { to: part.from, closes: true });
    open.push(part);
  }
  return parts;
}

/**
 * What each part is called where parts are listed: a problem without a number or a title gets the one that pages show, those of an
 * assessment through all its sections, practice problems by themselves.
 */
export function namesOfParts(parts) {
  let count = 0;
  return new Map(parts.map((part) => {
    if (part.kind === "practice-problems") count = 0;
    if (part.kind !== "problem") return [part, part.block.words];
    count += 1;
    return [part, part.title || /\d$/.test(part.words) ? part.block.words : `${part.block.words} ${count}`];
  }));
}

/** The minutes of the timed parts; optional ones stand apart. */
export const minutesOf = (parts) => parts.filter((one) => one.level === 2 && !one.optional).reduce((sum, one) => sum + one.minutes, 0);

/** The parts that a place lies in, the innermost last. */
export const partsAt = (parts, place) => parts.filter((one) => one.from <= place && (place < one.to || !one.closes));

/** Names of parts that a text has already. */
export const idsOf = (blocks) => new Set(blocks.filter((one) => one.type === "heading" && one.id).map((one) => one.id));

/** A name for a part that the text does not have yet: the stem, or the stem with the next number. */
export function freshId(stem, taken) {
  if (!/\d$/.test(stem) && !taken.has(stem)) return stem;
  const plain = stem.replace(/-?\d+$/, "");
  const glue = /^[a-z]$/.test(plain) ? "" : "-";
  for (let number = 1; ; number += 1) if (!taken.has(`${plain}${glue}${number}`)) return `${plain}${glue}${number}`;
}

/**
 * Which stretches of a lesson students do not see, as far as headings say: { hidden: [[from, to], …] }. Where headings leave it
 * open, less is seen.
 */
export function studentsSee(parts, kinds, length) {
  const hidden = [];
  const add = (from, to) => {
    if (from >= to) return;
    if (hidden.length && hidden.at(-1)[1] === from) hidden.at(-1)[1] = to;
    else hidden.push([from, to]);
  };
  const above = [];
  parts.forEach((part, index) => {
    while (above.length && above.at(-1).level >= part.level) above.pop();
    const parent = above.at(-1);
    const row = part.kind ? kinds[part.kind] : null;
    const container = parent && ["warm-up", "activity", "cool-down", "practice-problems", "problem", "section"].includes(parent.kind);
    const seen = row ? row.students && (parent ? parent.inside : true) : parent ? parent.inside && !container : false;
    const next = parts[index + 1]?.from ?? length;
    const own = row?.parts && part.kind !== "problem" ? false : seen;
    if (!own) add(part.block.to + 1, next);
    above.push({ level: part.level, kind: part.kind, inside: seen });
  });
  return { hidden };
}
