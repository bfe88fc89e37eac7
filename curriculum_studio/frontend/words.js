// The words under which texts are found: the same rules as `formats/words.py`, change them together.
const STOP = new Set(("a an and are as at be by can do does for from has have how in is it its of on or that the their them then there these they this to " +
  "was we what when which who will with you your").split(" "));

export function fold(word) {
  return word.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
}

export function stem(word) {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  if (word.endsWith("ies") && word.length > 4) word = word.slice(0, -3) + "y";
  else if (/(ches|shes|sses|xes|zes)$/.test(word)) word = word.slice(0, -2);
  else if (word.endsWith("s") && !/(ss|us|is)$/.test(word)) word = word.slice(0, -1);
  for (const ending of ["ing", "ed"]) {
    const root = word.slice(0, -ending.length);
    if (word.endsWith(ending) && root.length >= 3 && /[aeiouy]/.test(root)) {
      const last = root[root.length - 1];
      return root.length > 3 && last === root[root.length - 2] && !"lsz".includes(last) ? root.slice(0, -1) : root;
    }
  }
  return word.endsWith("e") && word.length > 4 ? word.slice(0, -1) : word;
}

export function term(word) {
  const folded = fold(word);
  return STOP.has(folded) ? "" : stem(folded);
}

export function words(text) {
  return text.match(/[\p{L}\p{N}\p{M}]+/gu) || [];
}

export function foldCode(code) {
  return [...code.toLowerCase()].filter((ch) => /[\p{L}\p{N}]/u.test(ch)).join("");
}

const CODE = /^(?:ccss\.math\.(?:content|practice)\.)?(?:[k1-8]\.?(?:cc|oa|nbt|nf|md|g|rp|ns|ee|sp|f)(?:\.?[a-k])?(?:\.?\d{1,2})?(?:\.?[a-k])?|(?:hs)?[nafgs]-[a-z]{1,3}(?:\.[a-k])?(?:\.\d{1,2})?(?:\.?[a-k])?|s?mp\.?[1-8])$/i;
export function isCode(text) {
  return CODE.test(text) && /\d|\./.test(text);
}

const SAME = { "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\cfrac": "\\frac", "\\le": "\\leq", "\\ge": "\\geq", "\\ne": "\\neq", "\\lt": "<", "\\gt": ">",
  "\\cdotp": "\\cdot", "\\to": "\\rightarrow", "\\colon": ":", "\\lvert": "|", "\\rvert": "|", "\\vert": "|", "\\ast": "*", "−": "-", "×": "\\times",
  "÷": "\\div", "≤": "\\leq", "≥": "\\geq", "≠": "\\neq", "π": "\\pi", "·": "\\cdot", "°": "^\\circ", "√": "\\sqrt" };
const DROPPED = new Set(["\\left", "\\right", "\\big", "\\Big", "\\bigl", "\\bigr", "\\displaystyle", "\\textstyle", "\\,", "\\;", "\\:", "\\!", "\\ ",
  "\\quad", "\\qquad", "~", "&", " ", "\n", "\t"]);
const TAKES = { "\\frac": 2, "\\sqrt": 1, "\\overline": 1, "\\text": 1, "\\binom": 2 };

export function formulaKey(latex) {
  const tokens = (latex.match(/\\[a-zA-Z]+\*?|\\.|[^]/gu) || []).map((t) => SAME[t] || t).filter((t) => !DROPPED.has(t));
  let at = 0;
  const argument = () => {
    if (at >= tokens.length) return [];
    if (tokens[at] === "{") { at += 1; return read(true); }
    const token = tokens[at++];
    if (!(token in TAKES)) return [token];
    const out = [token];
    for (let i = 0; i < TAKES[token]; i += 1) out.push("{" + argument().join("") + "}");
    return out;
  };
  const read = (stop) => {
    const out = [];
    while (at < tokens.length) {
      const token = tokens[at];
      if (token === "}") { at += 1; if (stop) return out; } else if (token === "^" || token === "_") {
        at += 1;
        const inside = argument();
        out.push(token, inside.length === 1 ? inside[0] : "{" + inside.join("") + "}");
      } else if (token in TAKES) {
        at += 1;
        out.push(token);
        if (token === "\\sqrt" && tokens[at] === "[") while (at < tokens.length && out[out.length - 1] !== "]") out.push(tokens[at++]);
        for (let i = 0; i < TAKES[token]; i += 1) out.push("{" + argument().join("") + "}");
      } else if (token === "{") { at += 1; out.push(...read(true)); } else { out.push(token); at += 1; }
    }
    return out;
  };
  return read(false).join("");
}

export function typedKeys(query) {
  const text = query.trim().replace(/^\$+|\$+$/g, "").trim();
  if (!text || text.length > 200 || (!/[\d\\^=+:/<>≤≥×÷√−|_-]/.test(text) && text.length > 2)) return [];
  let plain = text.replace(/sqrt\s*\(([^()]*)\)/g, "\\sqrt{$1}").replace(/<=/g, "\\leq ").replace(/>=/g, "\\geq ").replace(/!=/g, "\\neq ");
  const mixed = plain.replace(/(?<![\w/])(\d+)\s+(\d+)\/(\d+)(?![\w/])/g, "$1\\frac{$2}{$3}");
  const starred = plain.replace(/\*/g, "\\times ");
  const forms = [text, mixed.replace(/(?<![\w/}])(\d+|[a-z])\s*\/\s*(\d+|[a-z])(?![\w/])/g, "\\frac{$1}{$2}"), plain, starred,
    starred.replace(/\\times/g, "\\cdot")];
  return [...new Set(forms.map(formulaKey).filter(Boolean))];
}
