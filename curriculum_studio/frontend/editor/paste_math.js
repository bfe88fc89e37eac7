// Hides how formulas of other programs become LaTeX: MathML of web pages, the equations of word processors; the school's part of them.
const SIGNS = {
  "×": "\\times", "⋅": "\\cdot", "·": "\\cdot", "÷": "\\div", "±": "\\pm", "∓": "\\mp", "−": "-", "–": "-", "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "≅": "\\cong", "∼": "\\sim",
  "≡": "\\equiv", "∝": "\\propto", "→": "\\to", "←": "\\leftarrow", "↔": "\\leftrightarrow", "⇒": "\\Rightarrow", "⇔": "\\Leftrightarrow", "∞": "\\infty", "π": "\\pi", "θ": "\\theta", "α": "\\alpha", "β": "\\beta",
  "γ": "\\gamma", "δ": "\\delta", "Δ": "\\Delta", "σ": "\\sigma", "Σ": "\\Sigma", "μ": "\\mu", "λ": "\\lambda", "φ": "\\varphi", "ω": "\\omega", "Ω": "\\Omega", "ρ": "\\rho", "∠": "\\angle", "△": "\\triangle",
  "⊥": "\\perp", "∥": "\\parallel", "∑": "\\sum", "∏": "\\prod", "∫": "\\int", "√": "\\surd", "∈": "\\in", "∉": "\\notin", "⊂": "\\subset", "⊆": "\\subseteq", "∪": "\\cup", "∩": "\\cap", "∅": "\\emptyset",
  "ℝ": "\\mathbb{R}", "ℕ": "\\mathbb{N}", "ℤ": "\\mathbb{Z}", "ℚ": "\\mathbb{Q}", "…": "\\dots", "⋯": "\\cdots", "⋮": "\\vdots", "′": "'", "″": "''", "°": "^{\\circ}", "%": "\\%", "$": "\\$", "#": "\\#", "&": "\\&", "_": "\\_",
  "{": "\\{", "}": "\\}", "□": "\\square", "∴": "\\therefore", "⟨": "\\langle", "⟩": "\\rangle", "⌊": "\\lfloor", "⌋": "\\rfloor", "⌈": "\\lceil", "⌉": "\\rceil", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "", "\u200b": "", "\u00a0": " ",
};
const FUNCTIONS = new Set(["sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "lim", "max", "min", "gcd", "exp", "arcsin", "arccos", "arctan"]);
const ABOVE = { "¯": "overline", "‾": "overline", "_": "overline", "\u0305": "overline", "\u0304": "bar", "→": "overrightarrow", "\u20d7": "vec", "^": "hat", "ˆ": "hat", "\u0302": "hat", "~": "tilde", "˜": "tilde", "\u0303": "tilde", "˙": "dot", "\u0307": "dot", "⏞": "overbrace", "↔": "overleftrightarrow", "⌢": "overset{\\frown}" };
const BELOW = { "_": "underline", "\u0332": "underline", "⏟": "underbrace", "¯": "underline" };

/** A letter that word processors send in italic or bold as a sign of its own, as the plain letter. */
const plain = (text) => text.normalize("NFKC") === text ? text : [...text].map((ch) => (/[\u{1D400}-\u{1D7FF}ℎ]/u.test(ch) ? ch.normalize("NFKC") : ch)).join("");

/** Words of a formula: signs as commands, names of functions as such. */
export function signs(text) {
  let out = "";
  for (const ch of plain(text)) {
    const sign = SIGNS[ch];
    const put = sign === undefined ? ch : sign;
    if (/\\[a-z]+$/i.test(out) && /^[a-z]/i.test(put)) out += " ";
    out += put;
  }
  return out;
}

const join = (pieces) => pieces.filter((one) => one !== "").reduce((all, one) => all + (/\\[a-z]+$/i.test(all) && /^[a-z]/i.test(one) ? " " : "") + one, "");
const group = (text) => (text.length === 1 ? text : `{${text}}`);
const base = (text) => (/^(?:\\?[\p{L}\p{N}]+|\\left.*\\right.|.)$/u.test(text) && !/^\d{2,}.*[^\d]/.test(text) ? text : `{${text}}`);

const TREE = {
  mfrac: (node, rows) => (node.getAttribute("linethickness") === "0" ? `\\binom{${rows[0]}}{${rows[1]}}` : `\\frac{${rows[0]}}{${rows[1]}}`),
  msqrt: (node, rows) => `\\sqrt{${join(rows)}}`,
  mroot: (node, rows) => `\\sqrt[${rows[1]}]{${rows[0]}}`,
  msup: (node, rows) => (rows[1] === "^{\\circ}" || rows[1] === "\\circ" ? `${base(rows[0])}^{\\circ}` : /^'+$/.test(rows[1]) ? rows[0] + rows[1] : `${base(rows[0])}^${group(rows[1])}`),
  msub: (node, rows) => `${base(rows[0])}_${group(rows[1])}`,
  msubsup: (node, rows) => `${base(rows[0])}_${group(rows[1])}^${group(rows[2])}`,
  munderover: (node, rows) => `${rows[0]}_${group(rows[1])}^${group(rows[2])}`,
  mover: (node, rows) => above(rows, node.children[1]?.textContent.trim()),
  munder: (node, rows) => below(rows, node.children[1]?.textContent.trim()),
  mfenced: (node, rows) => `\\left${signs(node.getAttribute("open") ?? "(")}${rows.join(signs(node.getAttribute("separators")?.[0] ?? ","))}\\right${signs(node.getAttribute("close") ?? ")")}`,
  mtable: (node) => matrix([...node.children].map((row) => [...row.children].map((cell) => join([...cell.childNodes].map(ofMathml))))),
  mtext: (node) => (node.textContent.trim() ? `\\text{${node.textContent.replace(/[{}\\$%#&_]/g, "\\$&")}}` : " "),
  ms: (node) => `\\text{${node.textContent}}`,
  mspace: () => " ", mphantom: () => "", annotation: () => "", "annotation-xml": () => "", none: () => "", mprescripts: () => "",
  menclose: (node, rows) => (/strike/.test(node.getAttribute("notation") || "") ? `\\cancel{${join(rows)}}` : /box/.test(node.getAttribute("notation") || "") ? `\\boxed{${join(rows)}}` : join(rows)),
  mi: (node) => { const text = node.textContent.trim(); return FUNCTIONS.has(text) ? `\\${text}` : [...text].length > 1 && /^[a-z]+$/i.test(plain(text)) && plain(text) === text ? `\\mathrm{${text}}` : signs(text); },
};

const above = (rows, sign) => (ABOVE[sign] ? `\\${ABOVE[sign]}{${rows[0]}}` : `${base(rows[0])}^${group(rows[1])}`);
const below = (rows, sign) => (BELOW[sign] ? `\\${BELOW[sign]}{${rows[0]}}` : `${rows[0]}_${group(rows[1])}`);
const matrix = (rows) => `\\begin{matrix}${rows.map((row) => row.join(" & ")).join(" \\\\ ")}\\end{matrix}`;

/** The LaTeX of a MathML element; what somebody wrote as LaTeX comes back as it was written. */
export function ofMathml(node) {
  if (node.nodeType === 3) return signs(node.data.trim());
  if (node.nodeType !== 1) return "";
  const name = node.localName.replace(/^.*:/, "");
  if (name === "math") {
    const tex = [...node.querySelectorAll("annotation")].find((one) => /tex/i.test(one.getAttribute("encoding") || ""));
    if (tex) return ofTex(tex.textContent);
    if (node.getAttribute("data-tex")) return node.getAttribute("data-tex");
  }
  const tree = TREE[name];
  const rows = tree && ["mtable", "mtext", "mi", "ms"].includes(name) ? [] : [...node.childNodes].filter((one) => one.nodeType === 1 || one.data?.trim()).map(ofMathml);
  return tree ? tree(node, rows) : join(rows);
}

/** LaTeX of a page, without what the page put around it. */
export const ofTex = (text) => text.trim().replace(/^\{\\(?:displaystyle|textstyle) ?(.*)\}$/s, "$1").replace(/^\\(?:displaystyle|textstyle) ?/, "").replace(/\s*\n\s*/g, " ").trim();

const child = (node, name) => [...node.children].find((one) => one.localName.toLowerCase() === `m:${name}` || one.localName === name);
const inside = (node, name) => (child(node, name) ? ofOmml(child(node, name)) : "");
const setting = (node, props, name) => { const one = child(node, props) && child(child(node, props), name); return one ? one.getAttribute("m:val") ?? one.getAttribute("val") ?? "" : null; };

const OMML = {
  f: (node) => (setting(node, "fpr", "type") === "noBar" ? `\\binom{${inside(node, "num")}}{${inside(node, "den")}}` : `\\frac{${inside(node, "num")}}{${inside(node, "den")}}`),
  rad: (node) => (inside(node, "deg") ? `\\sqrt[${inside(node, "deg")}]{${inside(node, "e")}}` : `\\sqrt{${inside(node, "e")}}`),
  ssup: (node) => `${base(inside(node, "e"))}^${group(inside(node, "sup").replace(/^\^\{\\circ\}$/, "\\circ"))}`,
  ssub: (node) => `${base(inside(node, "e"))}_${group(inside(node, "sub"))}`,
  ssubsup: (node) => `${base(inside(node, "e"))}_${group(inside(node, "sub"))}^${group(inside(node, "sup"))}`,
  d: (node) => `\\left${signs(setting(node, "dpr", "begchr") ?? "(") || "."}${[...node.children].filter((one) => /^(?:m:)?e$/i.test(one.localName)).map(ofOmml).join("|")}\\right${signs(setting(node, "dpr", "endchr") ?? ")") || "."}`,
  nary: (node) => `${signs(setting(node, "narypr", "chr") ?? "∫")}${inside(node, "sub") ? `_${group(inside(node, "sub"))}` : ""}${inside(node, "sup") ? `^${group(inside(node, "sup"))}` : ""} ${inside(node, "e")}`,
  bar: (node) => (setting(node, "barpr", "pos") === "bot" ? `\\underline{${inside(node, "e")}}` : `\\overline{${inside(node, "e")}}`),
  acc: (node) => above([inside(node, "e"), ""], setting(node, "accpr", "chr") ?? "^"),
  groupchr: (node) => `\\underbrace{${inside(node, "e")}}`,
  func: (node) => join([inside(node, "fname"), inside(node, "e")]),
  limlow: (node) => `${inside(node, "e")}_${group(inside(node, "lim"))}`,
  m: (node) => matrix([...node.children].filter((one) => /^(?:m:)?mr$/i.test(one.localName)).map((row) => [...row.children].map(ofOmml))),
  eqarr: (node) => `\\begin{aligned}${[...node.children].filter((one) => /^(?:m:)?e$/i.test(one.localName)).map(ofOmml).join(" \\\\ ")}\\end{aligned}`,
  borderbox: (node) => `\\boxed{${inside(node, "e")}}`,
  r: (node) => {
    const text = [...node.querySelectorAll("*")].filter((one) => /^(?:m:)?t$/i.test(one.localName)).map((one) => one.textContent).join("") || [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data).join("").trim() || node.textContent;
    return FUNCTIONS.has(text.trim()) ? `\\${text.trim()}` : signs(text.replace(/\s+/g, " "));
  },
};

/** The LaTeX of an equation of a word processor (OMML, as it stands in what is copied). */
export function ofOmml(node) {
  if (node.nodeType === 3) return signs(node.data.replace(/\s+/g, " ").trim());
  if (node.nodeType !== 1) return "";
  const name = node.localName.toLowerCase().replace(/^m:/, "");
  if (name.endsWith("pr") && name !== "pr") return "";
  return OMML[name] ? OMML[name](node) : join([...node.childNodes].map(ofOmml));
}
