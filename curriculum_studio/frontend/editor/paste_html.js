// Hides how a copied document becomes the text's own marks: headings, lists, tables, emphasis, links, formulas; the rest is words.
import { ofMathml, ofOmml, ofTex } from "./paste_math.js";

const SKIP = new Set(["script", "style", "head", "meta", "link", "title", "template", "noscript", "svg", "object", "iframe", "button", "select", "input", "textarea", "o:p", "mjx-math", "xml"]);
const BLOCKS = new Set(["p", "div", "section", "article", "main", "header", "footer", "aside", "figure", "figcaption", "address", "center", "dl", "dt", "dd", "details", "summary", "form", "fieldset", "nav", "body"]);
const HARD = "\u0001";

const styleOf = (node) => (node.getAttribute?.("style") || "").toLowerCase().replace(/\s*([:;])\s*/g, "$1");
const hidden = (node) => SKIP.has(node.localName) || /(?:^|;)(?:display:none|mso-hide:all|visibility:hidden)/.test(styleOf(node)) || node.getAttribute?.("aria-hidden") === "true" && !node.querySelector?.("math");
const heading = (node) => {
  if (/^h[1-6]$/.test(node.localName)) return Number(node.localName[1]);
  if (node.getAttribute("role") === "heading") return Math.min(6, Number(node.getAttribute("aria-level")) || 2);
  const name = /^Mso(Title|Heading(\d))/.exec(node.className || "");
  return name ? Number(name[2]) || 1 : 0;
};

/** What was copied, without the pictures that word processors add for programs that read no equations. */
export const withoutFallbacks = (html) => html.replace(/<!\[if !msEquation\]>[^]*?<!\[endif\]>/g, "");

/** The text of what was copied; "" where there is nothing. */
export function markdownOf(body) {
  const state = { top: topOf(body) };
  const text = blocks(body, state).filter(Boolean).join("\n\n").replaceAll(HARD, "").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
  return text;
}

/** The highest heading that was copied becomes a part; what lies below it follows. */
function topOf(body) {
  const found = [...body.querySelectorAll("h1,h2,h3,h4,h5,h6,[role=heading],p[class^=Mso]")].map(heading).filter(Boolean);
  return found.length ? Math.min(...found) : 1;
}

function blocks(node, state) {
  const out = [];
  let run = [];
  const flush = () => {
    const text = tidy(run.join(""));
    if (text) out.push(...text.split(HARD).map((one) => startSafe(one.trim())).filter(Boolean));
    run = [];
  };
  const word = [];
  const flushWord = () => {
    if (word.length) out.push(wordList(word.splice(0)));
  };
  for (const child of node.childNodes) {
    const one = child.nodeType === 1 ? block(child, state) : null;
    if (child.nodeType === 1 && !hidden(child) && isWordItem(child)) {
      flush();
      word.push(wordItem(child));
      continue;
    }
    if (one === null) {
      const words = inline(child, {});
      if (words.trim()) flushWord();
      run.push(words);
    } else {
      flush();
      flushWord();
      out.push(...one);
    }
  }
  flush();
  flushWord();
  return out;
}

/** The blocks of an element that is one; null where it stands in a line. */
function block(node, state) {
  const name = node.localName;
  if (name === "script" && /^math\/tex/.test(node.getAttribute("type") || "")) return null;
  if (hidden(node)) return [];
  const level = heading(node);
  if (level) {
    const words = tidy(inlineOf(node, { heading: true })).replaceAll(HARD, " ");
    return words ? [`${"#".repeat(Math.min(6, Math.max(2, level - state.top + 2)))} ${words}`] : [];
  }
  if (name === "ul" || name === "ol") return [list(node, state)];
  if (name === "table") return table(node, state);
  if (name === "blockquote") return [blocks(node, state).join("\n\n").replace(/^/gm, "> ").replace(/^> $/gm, ">")];
  if (name === "pre") return [fence(node.textContent)];
  if (name === "hr") return [];
  if (BLOCKS.has(name)) return blocks(node, state);
  if (name === "math" && node.getAttribute("display") === "block") return display(ofMathml(node));
  if (node.querySelector?.("p,div,ul,ol,table,h1,h2,h3,h4,h5,h6,blockquote,pre") && !node.matches("math,.katex,mjx-container")) return blocks(node, state);
  if (node.matches(".katex-display,mjx-container[display=true]")) return display(formula(node) ?? "");
  return null;
}

const display = (latex) => (latex ? [`$$\n${latex}\n$$`] : []);
const fence = (text) => {
  const mark = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((one) => one[0].length + 1)));
  return `${mark}\n${text.replace(/\n+$/, "")}\n${mark}`;
};

function list(node, state) {
  const ordered = node.localName === "ol";
  let number = Number(node.getAttribute("start")) || 1;
  const rows = [];
  for (const child of node.children) {
    if (child.localName === "ul" || child.localName === "ol") {
      // Word processors put an inner list beside its item instead of into it.
      const inner = list(child, state);
      const width = rows.length ? /^(?:- |\d+\. )/.exec(rows.at(-1))?.[0].length ?? 2 : 0;
      if (rows.length) rows[rows.length - 1] += `\n${inner.replace(/^/gm, " ".repeat(width))}`;
      else rows.push(inner);
      continue;
    }
    if (child.localName !== "li" || hidden(child)) continue;
    const box = child.querySelector(":scope > input[type=checkbox], :scope > p > input[type=checkbox]");
    const mark = `${ordered ? `${number}. ` : "- "}${box ? `[${box.checked ? "x" : " "}] ` : ""}`;
    number += 1;
    const inner = blocks(child, state);
    const width = ordered ? mark.indexOf(" ") + 1 : 2;
    rows.push(mark + inner.map((one, index) => (index ? one.replace(/^/gm, " ".repeat(width)) : one.replace(/\n/g, `\n${" ".repeat(width)}`)))
      .reduce((all, one, index) => all + (index ? (/^\s*(?:- |\d+\. )/.test(one) ? "\n" : "\n\n") : "") + one, ""));
  }
  return rows.join("\n");
}

const isWordItem = (node) => node.localName === "p" && /mso-list:\s*l\d/.test(node.getAttribute("style") || "");
function wordItem(node) {
  const level = Number(/level(\d)/.exec(node.getAttribute("style"))?.[1]) || 1;
  const copy = node.cloneNode(true);
  const ignored = [...copy.querySelectorAll("span")].find((one) => /mso-list:\s*ignore/i.test(one.getAttribute("style") || ""));
  const sign = (ignored?.textContent || "").trim();
  ignored?.remove();
  return { level, ordered: /^[\da-z]+[.)]/i.test(sign), words: tidy(inlineOf(copy, {})).replaceAll(HARD, " ") };
}
function wordList(items) {
  const counts = [];
  const widths = [];
  return items.map(({ level, ordered, words }) => {
    counts.length = level;
    counts[level - 1] = (counts[level - 1] || 0) + 1;
    const mark = ordered ? `${counts[level - 1]}. ` : "- ";
    widths[level - 1] = mark.length;
    return " ".repeat(widths.slice(0, level - 1).reduce((sum, one) => sum + (one || 2), 0)) + mark + words;
  }).join("\n");
}

function table(node, state) {
  const rows = [...node.querySelectorAll("tr")].filter((row) => row.closest("table") === node && !hidden(row));
  const cells = rows.map((row) => [...row.children].filter((one) => /^t[dh]$/.test(one.localName)));
  const wide = Math.max(0, ...cells.map((row) => row.reduce((sum, one) => sum + (one.colSpan || 1), 0)));
  if (!wide) return [];
  // A table of one cell only frames what stands in it.
  if (wide === 1 && rows.length === 1) return blocks(cells[0][0], state);
  const shown = cells.map((row) => {
    const out = row.flatMap((one) => [cell(one, state), ...Array.from({ length: (one.colSpan || 1) - 1 }, () => "")]);
    return [...out, ...Array.from({ length: wide - out.length }, () => "")];
  });
  const line = (row) => `| ${row.join(" | ")} |`.replace(/\| {2,}(?=\|)/g, "|  ");
  return [[line(shown[0]), `|${"---|".repeat(wide)}`, ...shown.slice(1).map(line)].join("\n")];
}
const cell = (node, state) => blocks(node, state).join(" ").replace(/\s*\n\s*/g, " ").replace(/^#+ /, "").replace(/(?<!\\)\|/g, "\\|");

function formula(node) {
  const annotated = node.querySelector("annotation[encoding*=tex i]");
  if (annotated) return ofTex(annotated.textContent);
  const math = node.localName === "math" ? node : node.querySelector("math");
  return math ? ofMathml(math) : null;
}

const inlineOf = (node, look) => [...node.childNodes].map((one) => inline(one, look)).join("");

/** What stands in a line. */
function inline(node, look) {
  if (node.nodeType === 3) return escaped(node.data.replace(/[\s\u00a0]+/g, " ").replace(/[\u200b\u200c\u200d\ufeff\u00ad]/g, ""));
  if (node.nodeType === 8) return equation(node.data);
  if (node.nodeType !== 1) return "";
  const name = node.localName;
  if (name === "math" || node.matches(".katex,mjx-container,.mwe-math-element")) {
    const latex = formula(node);
    return latex ? `$${latex.trim()}$` : "";
  }
  if (name.startsWith("m:omath")) return `$${ofOmml(node).trim()}$`;
  if (name === "script" && /^math\/tex/.test(node.getAttribute("type") || "")) return `$${ofTex(node.textContent)}$`;
  if (hidden(node)) return "";
  if (name === "br") return HARD;
  if (name === "img") return node.alt && !/^\s*(?:https?:|image|img|picture)/i.test(node.alt) ? `(${escaped(node.alt.trim())})` : "";
  if (name === "code" || name === "kbd" || name === "tt") return node.textContent.trim() ? `\`${node.textContent.trim()}\`` : "";
  if (name === "sup" || name === "sub") return raised(node, name);
  if (name === "a") return link(node, look);
  const now = { ...look, ...weight(node) };
  const words = inlineOf(node, now);
  const bold = now.bold && !look.bold && !look.heading;
  const italic = now.italic && !look.italic;
  const struck = now.struck && !look.struck;
  return wrap(words, `${bold ? "**" : ""}${italic ? "*" : ""}${struck ? "~~" : ""}`);
}

/** Marks around words, never around the spaces at their ends. */
function wrap(words, mark) {
  if (!mark || !words.trim()) return words;
  return words.split(HARD).map((one) => {
    const inner = one.trim();
    if (!inner) return one;
    const lead = one.slice(0, one.indexOf(inner[0]));
    return `${lead}${mark}${inner}${[...mark].reverse().join("")}${one.slice(lead.length + inner.length)}`;
  }).join(HARD);
}

function weight(node) {
  const style = styleOf(node);
  const bold = /(?:^|;)font-weight:(?:bold|[6-9]00)/.test(style) ? true : /(?:^|;)font-weight:(?:normal|400)/.test(style) ? false : /^(?:b|strong)$/.test(node.localName) ? true : undefined;
  const italic = /(?:^|;)font-style:(?:italic|oblique)/.test(style) ? true : /(?:^|;)font-style:normal/.test(style) ? false : /^(?:i|em|cite|dfn|var)$/.test(node.localName) ? true : undefined;
  const struck = /text-decoration[^;]*:[^;]*line-through/.test(style) || /^(?:s|del|strike)$/.test(node.localName) ? true : undefined;
  return Object.fromEntries(Object.entries({ bold, italic, struck }).filter(([, value]) => value !== undefined));
}

/** A raised or lowered sign belongs to the letter or number before it and makes a formula of both; endings of numbers stay words. */
function raised(node, name) {
  const text = node.textContent.trim();
  if (!text || /^(?:st|nd|rd|th|er|o|a|\[.*\])$/i.test(text) || text.length > 12) return escaped(text.replace(/^\[.*\]$/, ""));
  return `\u0002${name === "sup" ? "^" : "_"}{${text.replace(/[−–]/g, "-")}}`;
}

function link(node, look) {
  const words = inlineOf(node, look);
  let target = node.getAttribute("href") || "";
  const sent = /^https?:\/\/(?:www\.)?google\.[a-z.]+\/url\?/.test(target) ? new URL(target).searchParams.get("q") : null;
  if (sent) target = sent;
  if (!/^(?:https?:|mailto:)/i.test(target) || !words.trim()) return words;
  return `[${words.trim()}](${target.replace(/[\s()<>]/g, encodeURIComponent)})`;
}

function equation(data) {
  const match = /\[if gte msEquation \d+\]>([^]*?)<!\[endif\]/.exec(data) || /(<m:oMath[^]*<\/m:oMath(?:Para)?>)/.exec(data);
  if (!match) return "";
  const body = new DOMParser().parseFromString(match[1], "text/html").body;
  const latex = ofOmml(body).trim();
  return latex ? `$${latex}$` : "";
}

/** Signs that would be read as marks are kept as signs. */
const escaped = (text) => text.replace(/[\\*`$]/g, "\\$&").replace(/(^|[\s(])_(?=\S)|_(?=[\s).,;:!?]|$)/g, (found) => found.replace("_", "\\_")).replace(/\[(?=[ xX^]?\]|[^\]]*\]\()/g, "\\[").replace(/<!--/g, "\\<!--").replace(/[\ue000-\uf8ff]/g, "");
const startSafe = (text) => text.replace(/^(#{1,6} |>|\+ |:::|~~~)/, "\\$1");

function tidy(text) {
  return text.replace(/\$?([A-Za-z0-9)]{1,6})\$?((?:\u0002[\^_]\{[^}]*\})+)/g, (found, before, marks) => `$${before}${marks.replaceAll("\u0002", "").replace(/\{(.)\}/g, "$1")}$`)
    .replaceAll("\u0002", "").replace(/\*\*(\s*)\*\*/g, "$1").replace(/ +/g, " ").replace(new RegExp(` *${HARD} *`, "g"), HARD).trim();
}
