// What counts as the same answer: the twin of `formats/answers.py` (change them together), and PBKDF2 in plain script,
// since browsers give their own to secure addresses alone.
import table from "../formats/measures.json" with { type: "json" };

const ITERATIONS = 1000;
const GONE = /[\u0300-\u036f\u0640\u064b-\u0655\u061c\u200b-\u200f\u2060\ufeff\u00ad]/g;
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const SAME = [
  [/[\u0660-\u0669]/g, (ch) => ch.charCodeAt(0) - 0x660], [/[\u06f0-\u06f9]/g, (ch) => ch.charCodeAt(0) - 0x6f0],
  [/[\u2010-\u2015\u2212]/g, "-"], [/[\u2044\u2215\u00f7]/g, "/"], [/[\u00d7\u00b7\u22c5]/g, "*"], [/[\u2018\u2019\u2032]/g, "'"],
  [/[\u201c\u201d\u2033]/g, '"'], [/\u2236/g, ":"], [/\u066b/g, "."], [/\u066c/g, ","], [/\u03c2/g, "\u03c3"], [/\u03c0/g, "pi"],
];
const QUANTITY = new RegExp(
  "^([-+]?) ?([$€£]?) ?([-+]?)" +
  "(?:([0-9]+)(?: | and | y | و )([0-9]+) ?/ ?([0-9]+)|([0-9]+) ?/ ?([0-9]+)" +
  "|([1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\\.[0-9]+)?)(?![0-9,])|([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))" +
  "([^0-9=+*^<>()\\[\\]{}:;,!?|\\\\_]*)$");
const RATIO = / ?: ?| to | a | الى /;
const PER = / per | por | each | cada | en cada | ?\/ ?/;
const POWERS = [
  [/^(?:(?:square|sq\.?) (.+)|(.+) (?:squared|cuadrad[oa]s?))$/, 2n], [/^(?:(?:cubic|cu\.?) (.+)|(.+) (?:cubed|cubic[oa]s?))$/, 3n],
];

// Numbers are pairs of whole numbers in lowest terms, the lower one above zero.
const gcd = (a, b) => { while (b) [a, b] = [b, a % b]; return a < 0n ? -a : a; };
const number = (top, bottom) => { const by = gcd(top, bottom) || 1n; return [top / by, bottom / by]; };
const times = (a, b) => number(a[0] * b[0], a[1] * b[1]);
const over = (a, b) => times(a, b[0] < 0n ? [-b[1], -b[0]] : [b[1], b[0]]);
const shown = ([top, bottom]) => (bottom === 1n ? `${top}` : `${top}/${bottom}`);

export function readNumber(text) {
  const [top, bottom] = text.split("/");
  return number(BigInt(top), BigInt(bottom || 1));
}

function decimal(text) {
  const [whole, part = ""] = text.split(".");
  return number(BigInt(`${whole}${part}` || 0), 10n ** BigInt(part.length));
}

export function fold(text) {
  text = text.replace(/\u00b2/g, "^2").replace(/\u00b3/g, "^3").replace(/[\u00bc-\u00be\u2150-\u215f\u2189]/g, " $&");
  text = text.normalize("NFKD").replace(GONE, "").toLowerCase();
  for (const [from, to] of SAME) text = text.replace(from, to);
  text = text.replace(/ ?\^ ?([23])(?![0-9])/g, (_, power) => (power === "2" ? " squared" : " cubed"));
  return text.replace(SPACE, " ").replace(/^ +| +$/g, "").replace(/(?: ?\.)+$/, "");
}

function quantity(folded) {
  const match = QUANTITY.exec(folded);
  if (!match || /[0-9]{31}/.test(folded) || (match[1] && match[3])) return null;
  const [, sign, coin, inner, whole, top1, bottom1, top2, bottom2, grouped, plain, rest] = match;
  const bottom = bottom1 ?? bottom2;
  let value;
  if (bottom !== undefined) {
    if (!BigInt(bottom)) return null;
    const below = BigInt(bottom);
    value = number(BigInt(whole || 0) * below + BigInt(top1 ?? top2), below);
  } else value = decimal(grouped ? grouped.replace(/,/g, "") : plain.replace(",", ".").replace(/\.$/, ""));
  const words = rest.replace(/^ +| +$/g, "");
  if (coin && words) return null;
  return { value: sign === "-" || inner === "-" ? [-value[0], value[1]] : value, unit: coin || words, apart: Boolean(coin) || rest[0] === " " };
}

const known = new Map();
for (const [family, rows] of Object.entries(table.families)) {
  for (const [factor, names] of rows) for (const name of names.split("|")) known.set(name, [readNumber(factor), family]);
}

function singular(word) {
  if (word.endsWith("ies") && [...word].length > 4) return word.slice(0, -3) + "y";
  if (/(?:ses|xes|ches|shes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") && [...word].length > 2 ? word.slice(0, -1) : word;
}

const bare = (words) => words.replace(/^[ .]+|[ .]+$/g, "");

function simple(text) {
  const words = bare(bare(text).split(" of ")[0].split(" de ")[0]);
  for (const [pattern, power] of POWERS) {
    const match = pattern.exec(words);
    if (match) {
      const [factor, name] = simple(match[1] || match[2]);
      return [[factor[0] ** power, factor[1] ** power], `${name}^${power}`];
    }
  }
  const single = words.split(" ").map(singular).join(" ");
  return known.get(words) || known.get(single) || [[1n, 1n], single];
}

function measure(text) {
  const unit = bare(text);
  if (known.has(unit)) return known.get(unit);
  const whole = Object.hasOwn(table.compounds, unit) ? table.compounds[unit] : unit;
  const cut = PER.exec(whole);
  if (!cut) return simple(whole);
  const [factor, name] = simple(whole.slice(0, cut.index));
  const [under, other] = simple(whole.slice(cut.index + cut[0].length));
  return [over(factor, under), `${name}/${other}`];
}

// Whether what stands behind a number is a unit and not algebra: `5 cm`, `5cm`, `5 boxes`; not `3x`, `4 pi`.
function isUnit({ unit, apart }) {
  const words = bare(unit);
  return known.has(words) || Object.hasOwn(table.compounds, words) || known.has(singular(words)) || (apart && [...words].length > 2) || PER.test(words);
}

function place(value, step) {
  const [top, bottom] = over(value, step);
  if (bottom === 1n) return `g:${top}`;
  return `g:${top / bottom - (top < 0n ? 1n : 0n)}+`;
}

// All that a student may mean by a text, as canonical texts: right is whoever's one of them is a key.
export function readings(text, { units = false, steps = [] } = {}) {
  const folded = fold(text);
  if (!folded) return [];
  const terms = folded.split(RATIO).map((part) => quantity(part.replace(/^ +| +$/g, "")));
  if (terms.length > 1 && terms.every(Boolean)) return ["r:" + terms.map((term) => shown(term.value)).join(":")];
  const found = quantity(folded);
  const words = "t:" + folded.replace(/ ?([=+\-*/^<>()[\]{},:;|]) ?/g, "$1").replace(/([0-9]) /g, "$1");
  if (!found || (found.unit && !isUnit(found))) return [words];
  if (!found.unit || !units) {
    const value = steps.length ? place(found.value, steps[0]) : `n:${shown(found.value)}`;
    return found.unit ? [words, value] : [value];
  }
  const [factor, name] = measure(found.unit);
  const value = times(found.value, factor);
  return [words, `${steps.length > 1 ? place(value, steps[1]) : `n:${shown(value)}`} ${name}`];
}

export function choicesText(right) {
  return "c:" + [...right].sort((a, b) => a - b).join(",");
}

// SHA-256 and what is built on it -------------------------------------------------------------------------------

const ROUND = new Int32Array(64);
const START = new Int32Array(8);
for (let n = 2, at = 0; at < 64; n += 1) {
  let prime = true;
  for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
  if (!prime) continue;
  const part = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
  if (at < 8) START[at] = part(Math.sqrt(n));
  ROUND[at] = part(Math.cbrt(n));
  at += 1;
}

const W = new Int32Array(64);
function compress(state, block) {
  W.set(block);
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + W[i - 7] + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10));
  }
  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + ROUND[i] + W[i]) | 0;
    const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  return state;
}

// The state after the bytes, of which `before` were taken in already (whole blocks), and the end mark.
function finish(state, bytes, before) {
  const size = (((bytes.length + 8) >> 6) + 1) << 6;
  const padded = new DataView(new ArrayBuffer(size));
  for (let i = 0; i < bytes.length; i += 1) padded.setUint8(i, bytes[i]);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(size - 4, (before + bytes.length) * 8);
  const block = new Int32Array(16);
  for (let at = 0; at < size; at += 64) {
    for (let i = 0; i < 16; i += 1) block[i] = padded.getInt32(at + i * 4);
    compress(state, block);
  }
  return state;
}

const encoder = new TextEncoder();
const hex = (state) => [...state].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

export function pbkdf2(password, salt, iterations) {
  let secret = encoder.encode(password);
  if (secret.length > 64) {
    const view = new DataView(new ArrayBuffer(32));
    finish(START.slice(), secret, 0).forEach((word, i) => view.setInt32(i * 4, word));
    secret = new Uint8Array(view.buffer);
  }
  const pad = (mark) => {
    const bytes = new DataView(new ArrayBuffer(64));
    for (let i = 0; i < 64; i += 1) bytes.setUint8(i, (secret[i] || 0) ^ mark);
    return compress(START.slice(), Int32Array.from({ length: 16 }, (_, i) => bytes.getInt32(i * 4)));
  };
  const inner = pad(0x36), outer = pad(0x5c);
  const block = new Int32Array(16);
  block[8] = 0x80000000 | 0;
  block[15] = (64 + 32) * 8;
  const again = (from, words) => { block.set(words); return compress(from.slice(), block); };
  let turn = again(outer, finish(inner.slice(), Uint8Array.of(...encoder.encode(salt), 0, 0, 0, 1), 64));
  const out = turn.slice();
  for (let i = 1; i < iterations; i += 1) {
    turn = again(outer, again(inner, turn));
    for (let j = 0; j < 8; j += 1) out[j] ^= turn[j];
  }
  return hex(out);
}

export function sealed(text, salt) {
  return pbkdf2(text, salt, ITERATIONS).slice(0, 16);
}
