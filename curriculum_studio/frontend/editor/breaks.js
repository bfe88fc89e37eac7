// Hides which ends of lines mean nothing: inside a paragraph a line goes on with the next one, and the page shows a space.
// A line of a quotation keeps its mark, and so its own line.
const STARTS = /^ *(?:>|[-*+] |\d{1,9}[.)] |#{1,6} |`{3}|~{3}|:{3}|<!--|\||\$\$|\[\^?[^\]]+\]:|_{3,} *$|\[\[ *\]\] *$)/;
const BLANK = /^[ \t]*$/;
const HARD = /(?: {2,}|\\)$/;

/**
 * The ends of lines that are no more than a space: { from, to } each, from the end of a line to where the words of the
 * next one begin. `rows` are the lines, `blocks` what blocksOf says of them.
 */
export function softBreaks(rows, blocks) {
  const taken = new Set();
  for (const block of blocks) for (let line = block.first; line <= block.last; line += 1) taken.add(line);
  const found = [];
  let at = 0;
  for (let index = 0; index + 1 < rows.length; index += 1) {
    const row = rows[index];
    const next = rows[index + 1];
    const end = at + row.length;
    at = end + 1;
    if (BLANK.test(row) || BLANK.test(next) || taken.has(index + 1) || taken.has(index + 2)) continue;
    if (HARD.test(row) || STARTS.test(next) || row.includes("<!--")) continue;
    found.push({ from: end, to: at + /^ */.exec(next)[0].length });
  }
  return found;
}
