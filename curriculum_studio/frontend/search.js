// Search on the published site. Enhances `<form data-search role="search">`: nothing is fetched before the first query.
import { foldCode, isCode, term, typedKeys, words } from "./words.js";

const SHOWN = 10;
const form = document.querySelector("form[data-search]");
if (form) start(form);

function start(form) {
  const input = form.querySelector("input[name=q]");
  const list = form.querySelector("[data-results]");
  const status = form.querySelector("[data-status]");
  const said = form.dataset;
  const kept = new Map();
  form.querySelector("[data-plain]")?.remove();
  let turn = 0;
  let wait = 0;
  let saying = 0;

  const load = (name) => {
    if (!kept.has(name)) {
      kept.set(name, location.protocol === "file:" ? unpack(name) : fetch(name).then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status)))));
    }
    return kept.get(name);
  };

  // A page opened from disk may fetch nothing, but may run a script: there all shards lie in one (`shards.packed`).
  let pack = null;
  const unpack = async (name) => {
    pack ||= new Promise((done, fail) => {
      const script = document.createElement("script");
      script.src = "packed.js";
      script.onload = done;
      script.onerror = () => { pack = null; fail(new Error(script.src)); };
      document.head.append(script);
    });
    await pack;
    return globalThis.curriculumSearch[name];
  };

  async function find(query) {
    const index = await load("index.json");
    const { grade, text } = gradeOf(query);
    const formulas = await formulaPages(index, text);
    const tokens = text.split(/\s+/).filter(Boolean);
    const codes = tokens.filter(isCode).map((code) => "#" + foldCode(code));
    // LaTeX is a formula or nothing: its digits as words would find every page.
    const plain = text.includes("\\") ? [] : words(tokens.filter((token) => !isCode(token)).join(" ")).map(term).filter(Boolean);
    const last = /\s$/.test(query) ? "" : plain[plain.length - 1];
    const asked = formulas.size && !plain.some((word) => /\D{2}/.test(word)) ? codes : [...codes, ...plain];
    const found = await Promise.all(asked.map((word) => pagesOf(index, word, word === last)));
    if (formulas.size) found.push(formulas);
    let scores = together(found);
    if (grade) {
      const inGrade = await pagesOf(index, "@" + grade, false);
      scores = asked.length || formulas.size ? new Map([...scores].filter(([number]) => inGrade.has(number))) : inGrade;
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, SHOWN);
    const pages = await Promise.all(best.map(async ([number]) => (await load(`d-${(crc32(number) % index.spread).toString(16)}.json`))[number]));
    const own = (page) => page[4] === document.documentElement.lang;
    const shown = pages.filter(Boolean);
    return { count: scores.size, pages: [...shown.filter(own), ...shown.filter((page) => !own(page))], plain };
  }

  // Each page gets the sum of its words' worths, and much less of it the more of the words it lacks.
  function together(found) {
    const scores = new Map();
    for (const pages of found) for (const [number, worth] of pages) {
      const [sum, count] = scores.get(number) || [0, 0];
      scores.set(number, [sum + worth, count + 1]);
    }
    return new Map([...scores].map(([number, [sum, count]]) => [number, sum * (count / found.length) ** 2]));
  }

  async function formulaPages(index, text) {
    const pages = new Map();
    for (const key of typedKeys(text)) {
      const shard = (crc32(key) % 64).toString(16).padStart(2, "0");
      if (!index.formulas.includes(shard)) continue;
      const rows = await load(`f-${shard}.json`);
      for (const [number] of postings(Object.hasOwn(rows, key) ? rows[key] : "", 5)) pages.set(number, 60);
    }
    return pages;
  }

  // The pages of one word with their worths: the word itself, words that it begins, else words that it may mean.
  async function pagesOf(index, word, partial) {
    const pages = new Map();
    for (const [rows, worth] of await matches(index, word, partial)) {
      const list = [...postings(rows, 6)];
      const rarity = Math.log(1 + index.pages / (list.length + 0.5));
      for (const [number, weight] of list) pages.set(number, Math.max(pages.get(number) || 0, worth * rarity * weight));
    }
    return pages;
  }

  async function matches(index, word, partial) {
    const shard = shardOf(word, index.width);
    const own = index.shards.filter((name) => name === shard || (partial && [...word].length < index.width && name.startsWith(shard))).slice(0, 6);
    const found = [];
    for (const name of own) {
      const rows = await load(`t-${name}.json`);
      if (Object.hasOwn(rows, word)) found.push([rows[word], 1]);
      if (partial) for (const other of Object.keys(rows)) if (other !== word && other.startsWith(word)) found.push([rows[other], 0.5]);
    }
    if (found.length || word.length < 4 || /^[#@]/.test(word)) return found;
    const most = word.length > 6 ? 2 : 1;
    const swapped = shardOf(word[1] + word[0] + word.slice(2), index.width);
    const near = index.shards.filter((name) => name === shard || name === swapped || (name[0] === shard[0] && distance(name, shard, 1) <= 1));
    for (const name of near.sort((a, b) => (a === shard || a === swapped ? 0 : 1) - (b === shard || b === swapped ? 0 : 1)).slice(0, 8)) {
      const rows = await load(`t-${name}.json`);
      for (const other of Object.keys(rows)) {
        const far = distance(other, word, most);
        if (far <= most) found.push([rows[other], 0.5 / far]);
      }
    }
    return found;
  }

  async function show() {
    const query = input.value;
    const mine = ++turn;
    clearTimeout(saying);
    if (!query.trim()) { list.replaceChildren(); status.textContent = ""; remember(""); return; }
    saying = setTimeout(() => { status.textContent = said.searching; }, 500);
    try {
      const { count, pages, plain } = await find(query);
      if (mine !== turn) return;
      list.replaceChildren(...pages.map((page) => item(page, plain)));
      const text = !count ? said.none : count === 1 ? said.one : (count > pages.length ? said.best : said.many).replace("{count}", count).replace("{shown}", pages.length);
      // What is said waits until the typing rests, so that a screen reader is not talked over.
      clearTimeout(saying);
      saying = setTimeout(() => { status.textContent = text; }, 350);
      remember(query);
    } catch {
      if (mine === turn) { clearTimeout(saying); kept.clear(); status.textContent = said.failed; }
    }
  }

  // The address keeps the query, so that the way back from a lesson leads to the same results.
  function remember(query) {
    if (location.protocol !== "file:") history.replaceState(null, "", query ? "?q=" + encodeURIComponent(query) : location.pathname);
  }

  function item([title, address, unit, grade, language, kind, lead], plain) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = said.root + (location.protocol === "file:" ? address.replace(/(^|\/)(#|$)/, "$1index.html$2") : address);
    link.textContent = title;
    link.lang = language;
    const where = document.createElement("span");
    where.className = "soft";
    const level = grade === "K" ? said.k : grade && `${said.grade} ${grade}`;
    where.textContent = [kind === "term" ? said.term : unit === title ? "" : unit, level].filter(Boolean).join(" · ");
    const text = document.createElement("p");
    text.className = "soft";
    text.lang = language;
    text.append(...context(lead, plain));
    row.append(link, " ", where, text);
    return row;
  }

  function context(lead, plain) {
    const pieces = lead.split(/([\p{L}\p{N}\p{M}]+)/u);
    const isHit = (piece) => plain.length > 0 && plain.includes(term(piece));
    const first = Math.max(0, pieces.findIndex(isHit));
    const from = Math.max(0, first - 12);
    const out = from ? ["… "] : [];
    for (const piece of pieces.slice(from, from + 60)) {
      if (isHit(piece)) { const mark = document.createElement("mark"); mark.textContent = piece; out.push(mark); } else out.push(piece);
    }
    return out;
  }

  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 30); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(wait); show(); });
  form.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && at + 1 < links.length) { links[at + 1].focus(); event.preventDefault(); }
    if (event.key === "ArrowUp" && at >= 0) { (at ? links[at - 1] : input).focus(); event.preventDefault(); }
    if (event.key === "Escape") { input.value = ""; input.focus(); show(); }
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked; show(); }
}

// "grade 6", "6th grade", "grado 6", "kindergarten": the grade, and the text without it.
function gradeOf(query) {
  const found = /(?:^|\s)(?:(?:grades?|grados?|gr\.?)\s*(k|\d{1,2})|(\d{1,2})(?:st|nd|rd|th|\.?º|\.?o)\s+(?:grade|grado)|(kindergarten|kínder))(?=$|\s)/i.exec(query);
  if (!found) return { grade: "", text: query };
  return { grade: found[3] ? "k" : (found[1] || found[2]).toLowerCase(), text: query.replace(found[0], " ") };
}

function shardOf(word, width) {
  return [...word.slice(0, width)].map((ch) => (/[0-9a-z]/.test(ch) ? ch : "_" + ch.codePointAt(0).toString(16))).join("");
}

function* postings(text, width) {
  for (let at = 0; at + width <= text.length; at += width) yield [text.slice(at, at + 5), width > 5 ? Number(text[at + 5]) : 1];
}

function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  let above = row;
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], above[j - 2] + 1);
    }
    above = row;
    row = next;
  }
  return row[b.length];
}

function crc32(text) {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
