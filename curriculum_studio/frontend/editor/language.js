// Hides the Markdown grammar that the editor reads: what the lesson format adds to it and what it takes away.
import { Language, defineLanguageFacet, languageDataProp } from "@codemirror/language";
import { Strikethrough, parser } from "@lezer/markdown";
import { styleTags, tags } from "@lezer/highlight";

const DOLLAR = 36;
const HEADING = /^#{2,4} +/;
const digit = (code) => code >= 48 && code <= 57;
const space = (code) => code === 32 || code === 10 || code === 9;

/** `$` opens unless a digit or backslash stands before it or a space after it; the next one closes, or none does. */
function formula(cx, next, pos) {
  if (next !== DOLLAR) return -1;
  if (cx.char(pos + 1) === DOLLAR) return pos + 2;
  if (pos + 1 >= cx.end || space(cx.char(pos + 1)) || (pos > cx.offset && (digit(cx.char(pos - 1)) || cx.char(pos - 1) === 92))) return -1;
  let at = pos + 1;
  while (at < cx.end && cx.char(at) !== DOLLAR) at += cx.char(at) === 92 ? 2 : 1;
  if (at >= cx.end || space(cx.char(at - 1)) || digit(cx.char(at + 1))) return -1;
  return cx.addElement(cx.elt("Formula", pos, at + 1));
}

/** A fence ends at its mark, at the end of its block, or at a heading of the outline. */
function fence(cx, line) {
  const match = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line.text.slice(line.pos));
  if (!match || line.indent >= line.baseIndent + 4) return false;
  const from = cx.lineStart + line.pos;
  const depth = cx.depth;
  while (cx.nextLine() && line.depth >= depth) {
    if (HEADING.test(line.text)) break;
    const rest = line.text.slice(line.pos).trimEnd();
    if (rest[0] === match[1][0] && rest.length >= match[1].length && !rest.replaceAll(rest[0], "")) {
      cx.nextLine();
      break;
    }
  }
  cx.addElement(cx.elt("FencedCode", from, cx.prevLineEnd()));
  return true;
}

const lesson = {
  remove: ["SetextHeading", "HTMLBlock", "HTMLTag", "FencedCode"],
  defineNodes: [{ name: "Formula" }],
  parseInline: [{ name: "Formula", parse: formula, before: "Escape" }],
  parseBlock: [{
    name: "Fence", parse: fence, before: "Blockquote",
    endLeaf: (cx, line) => /^(`{3,}(?=[^`]*$)|~{3,})/.test(line.text.slice(line.pos)),
  }],
  props: [styleTags({ Formula: tags.special(tags.string) })],
};
const data = defineLanguageFacet({});

export const lessonLanguage = new Language(
  data, parser.configure([Strikethrough, lesson, { props: [languageDataProp.add({ Document: data })] }]), [], "lesson",
);
