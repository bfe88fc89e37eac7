// Search on the published site. Enhances `<form data-search role="search">`: nothing is fetched before the first query.
import { foldCode, isCode, term, typedKeys, words } from "./words.js";

const form = document.querySelector("form[data-search]");
if (form) start(form);

function start(form) {
  const input = form.querySelector("input[name=q]");
  const list = form.querySelector("[data-results]");
  const status = form.querySelector("[data-status]");
  const said = form.dataset;
  const kept = new Map();
  let turn = 0;
  let wait = 0;

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
    const scores = new Map();
    const add = (number, value) => scores.set(number, (scores.get(number) || 0) + value);
    const tokens = query.split(/\s+/).filter(Boolean);
    const codes = tokens.filter(isCode).map((code) => "#" + foldCode(code));
    const plain = words(tokens.filter((token) => !isCode(token)).join(" ")).map(term).filter(Boolean);
    const last = /\s$/.test(query) ? "" : plain[plain.length - 1];
    let hits = 0;
    for (const key of typedKeys(query)) {
      const shard = (crc32(key) % 64).toString(16).padStart(2, "0");
      if (!index.formulas.includes(shard)) continue;
      const rows = await load(`f-${shard}.json`);
      for (const [number] of postings(Object.hasOwn(rows, key) ? rows[key] : "", 5)) { add(number, 40); hits += 1; }
    }
    if (!hits || codes.length || plain.some((word) => /\D/.test(word))) {
      for (const word of [...codes, ...plain]) {
        const found = await matches(index, word, word === last);
        for (const [name, worth] of found) {
          const list = [...postings(name.rows, 6)];
          const rarity = Math.log(1 + index.pages / (list.length + 0.5));
          for (const [number, weight] of list) add(number, worth * rarity * weight);
        }
      }
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10);
    const pages = await Promise.all(best.map(async ([number]) => (await load(`d-${(crc32(number) % index.spread).toString(16)}.json`))[number]));
    return { count: scores.size, pages, plain };
  }

  async function matches(index, word, partial) {
    const shard = [...word.slice(0, index.width)].map((ch) => (/[0-9a-z]/.test(ch) ? ch : "_" + ch.codePointAt(0).toString(16))).join("");
    const shards = index.shards.filter((name) => name === shard || (partial && word.length < index.width && name.startsWith(shard))).slice(0, 6);
    const near = shards.length ? shards : index.shards.filter((name) => name[0] === shard[0] && distance(name, shard, 1) <= 1).slice(0, 4);
    const found = [];
    let typos = [];
    for (const name of near) {
      const rows = await load(`t-${name}.json`);
      if (Object.hasOwn(rows, word)) found.push([{ rows: rows[word] }, 1]);
      for (const other of Object.keys(rows)) {
        if (other === word) continue;
        if (partial && other.startsWith(word)) found.push([{ rows: rows[other] }, 0.5]);
        else if (word.length > 3 && distance(other, word, word.length > 6 ? 2 : 1) <= (word.length > 6 ? 2 : 1)) typos.push([{ rows: rows[other] }, 0.3]);
      }
    }
    return found.length ? found : typos;
  }

  async function show() {
    const query = input.value;
    const mine = ++turn;
    if (!query.trim()) { list.replaceChildren(); status.textContent = ""; return; }
    status.textContent = said.searching;
    try {
      const { count, pages, plain } = await find(query);
      if (mine !== turn) return;
      list.replaceChildren(...pages.filter(Boolean).map((page) => item(page, plain)));
      status.textContent = !count ? said.none : count === 1 ? said.one : said.many.replace("{count}", count);
    } catch {
      if (mine === turn) { kept.clear(); status.textContent = said.failed; }
    }
  }

  function item([title, address, unit, grade, language, , lead], plain) {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = said.root + (location.protocol === "file:" ? address.replace(/(^|\/)(#|$)/, "$1index.html$2") : address);
    link.textContent = title;
    link.lang = language;
    const where = document.createElement("span");
    where.className = "soft";
    where.textContent = [unit === title ? "" : unit, grade && `${said.grade} ${grade}`].filter(Boolean).join(" · ");
    const text = document.createElement("p");
    text.className = "soft";
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
