// Review: words chosen on the page go into the form; threads and their words show each other; what is typed is kept.
const desk = document.querySelector("[data-review]");
const text = document.querySelector("[data-review-text]");
const PREFIX = `said:${document.body.dataset.person || ""}:${location.pathname}:`;

// What somebody types is kept on this device until it is sent.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const place = PREFIX + form.dataset.keep;
  const fields = [...form.querySelectorAll("textarea, select, input[type=hidden][name=before], input[type=hidden][name=after]")];
  try {
    const kept = JSON.parse(localStorage.getItem(place) || "null");
    if (kept && (kept.base || "") === (form.dataset.keepBase || "")) {
      for (const field of fields) if (kept[field.name] && (!field.value || form.dataset.keepBase)) field.value = kept[field.name];
    }
  } catch {
    localStorage.removeItem(place);
  }
  const keep = () => {
    const words = { base: form.dataset.keepBase || "" };
    for (const field of fields) words[field.name] = field.value;
    const said = fields.some((field) => field.tagName === "TEXTAREA" && field.value.trim());
    try {
      if (said) localStorage.setItem(place, JSON.stringify(words));
      else localStorage.removeItem(place);
    } catch {
      // A device without room keeps nothing; the form itself still does.
    }
  };
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => sessionStorage.setItem("said", place));
}
// It was taken: the page says so after it was sent.
const sent = sessionStorage.getItem("said");
if (sent && document.querySelector(".notice.good")) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("said");
  for (const form of document.querySelectorAll("form[data-keep]")) if (PREFIX + form.dataset.keep === sent) form.reset();
}

/** The words of a piece of the page; a formula is what was typed for it. */
const wordsOf = (fragment) => {
  for (const one of fragment.querySelectorAll("math")) one.replaceWith(` $${one.dataset.tex || ""}$ `);
  for (const one of fragment.querySelectorAll("svg, .quietly, .sr-only, details.figure-values")) one.remove();
  for (const one of fragment.querySelectorAll("p, li, td, th, h2, h3, h4, h5, div")) one.append(" ");
  return fragment.textContent.replace(/\s+/g, " ").trim();
};

const whole = (range) => {
  const around = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("math");
  const first = around(range.startContainer);
  const last = around(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  return range;
};

if (desk && text) {
  const form = document.getElementById("say");
  const choose = () => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0).cloneRange();
    if (!text.contains(range.commonAncestorContainer)) return null;
    return whole(range);
  };
  const take = (range, other) => {
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const after = document.createRange();
    after.setStart(range.endContainer, range.endOffset);
    after.setEnd(text, text.childNodes.length);
    const start = range.startContainer;
    form.elements.words.value = wordsOf(range.cloneContents());
    form.elements.before.value = wordsOf(before.cloneContents()).slice(-300);
    form.elements.after.value = wordsOf(after.cloneContents()).slice(0, 300);
    form.elements.part.value = "";
    let element = start.nodeType === 1 ? start : start.parentElement;
    while (element && element !== text) {
      if (element.id && [...form.elements.part.options].some((one) => one.value === element.id)) {
        form.elements.part.value = element.id;
        break;
      }
      element = element.parentElement;
    }
    const box = form.querySelector("details");
    box.open = other;
    bar.hidden = true;
    form.dispatchEvent(new Event("input"));
    if (other) {
      // The words as they are typed in the text, formulas and marks included.
      const query = new URLSearchParams(new FormData(form));
      fetch(`${location.pathname}/words`, { method: "POST", body: query })
        .then((answer) => (answer.ok ? answer.text() : form.elements.words.value))
        .then((words) => {
          form.elements.replacement.value = words;
          form.dispatchEvent(new Event("input"));
          form.elements.replacement.focus();
        });
    } else form.elements.text.focus();
    form.scrollIntoView({ block: "nearest" });
  };
  // Two buttons beside what was marked.
  const bar = document.createElement("div");
  bar.className = "choice-bar";
  bar.hidden = true;
  for (const [name, other] of [["Comment", false], ["Other words", true]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const range = choose();
      if (range) take(range, other);
    });
    bar.append(button);
  }
  document.body.append(bar);
  document.addEventListener("selectionchange", () => {
    const range = choose();
    bar.hidden = !range;
    if (!range) return;
    const box = range.getBoundingClientRect();
    bar.style.setProperty("top", `${box.bottom + scrollY + 6}px`);
    bar.style.setProperty("left", `${Math.max(8, Math.min(box.left + scrollX, innerWidth - 230))}px`);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (localStorage.getItem("single-keys") === "off") return;
    const range = choose();
    if ((event.key === "c" || event.key === "s") && range) {
      event.preventDefault();
      take(range, event.key === "s");
      return;
    }
    if (event.key !== "j" && event.key !== "k" && event.key !== "a" && event.key !== "x") return;
    const threads = [...document.querySelectorAll("[data-thread]")];
    const at = threads.findIndex((one) => one.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = threads[event.key === "j" ? Math.min(at + 1, threads.length - 1) : Math.max(at - 1, 0)];
      if (next) show(next, true);
    } else if (at >= 0) threads[at].querySelector(event.key === "a" ? "[data-accept]" : "[data-refuse]")?.click();
  });

  // The words of each thread, marked in the text.
  const squeeze = (tex) => tex.replace(/[\s{}]/g, "");
  const read = () => {
    const found = [];
    const walk = document.createTreeWalker(text, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
      acceptNode: (node) => {
        if (node.nodeType === 1) {
          if (node.matches("svg, .quietly, details.figure-values")) return NodeFilter.FILTER_REJECT;
          return node.localName === "math" ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
        }
        return node.parentElement.closest("math") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT;
      },
    });
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.nodeType === 1) found.push({ word: `$${squeeze(node.dataset.tex || "")}`, node });
      else
        for (const match of node.data.matchAll(/[\p{L}\p{N}]+/gu))
          found.push({ word: match[0].toLowerCase(), node, at: match.index, to: match.index + match[0].length });
    }
    return found;
  };
  let rows = read();
  const split = (words) =>
    [...words.matchAll(/\$([^$]+)\$|[\p{L}\p{N}]+/gu)].map((match) => (match[1] ? `$${squeeze(match[1])}` : match[0].toLowerCase()));
  const places = (words, part) => {
    const found = [];
    for (let n = 0; n + words.length <= rows.length; n++) {
      if (words.every((word, i) => rows[n + i].word === word)) found.push(n);
    }
    const inside = document.getElementById(part);
    const here = inside ? found.filter((n) => inside.contains(rows[n].node)) : [];
    return here.length ? here : found;
  };
  const jobs = [];
  for (const thread of document.querySelectorAll("[data-thread]")) {
    const words = split(thread.dataset.shown || "");
    if (!words.length) continue;
    const found = places(words, thread.dataset.part);
    if (!found.length) continue;
    const n = found.length === 1 ? found[0] : found[Math.min(Number(thread.dataset.nth), found.length - 1)];
    jobs.push({ thread, first: n, last: n + words.length - 1 });
  }
  const mark = (node, from, to, thread) => {
    const box = document.createElement("mark");
    box.className = "said-of";
    box.dataset.of = thread.id;
    const range = document.createRange();
    if (node.nodeType === 1) range.selectNode(node);
    else {
      range.setStart(node, from);
      range.setEnd(node, to);
    }
    range.surroundContents(box);
    return box;
  };
  // From the end, so that the places of earlier words stay what they are.
  jobs.sort((one, other) => other.first - one.first);
  for (const { thread, first, last } of jobs) {
    // Words that another thread has too stand in its mark by now: the page is read anew, the words keep their numbers.
    if (rows.slice(first, last + 1).some((row) => row.node.nodeType === 3 && row.node.data.length < row.to)) rows = read();
    const spans = new Map();
    for (const row of rows.slice(first, last + 1)) {
      const span = spans.get(row.node);
      if (span) span.to = row.to;
      else spans.set(row.node, { from: row.at, to: row.to });
    }
    const entries = [...spans];
    // Between two words of one sentence nothing stays unmarked.
    entries.forEach(([node, span], i) => {
      if (node.nodeType !== 3) return;
      if (i > 0) span.from = 0;
      if (i < entries.length - 1) span.to = node.data.length;
    });
    try {
      const boxes = entries.map(([node, span]) => mark(node, span.from, span.to, thread));
      if (desk.dataset.view === "inline" && thread.dataset.suggested !== undefined) boxes.forEach((one) => one.classList.add("to-change"));
      boxes[0].id = `words-${thread.id}`;
    } catch {
      // Words that another thread has cut in two stay unmarked; the thread names them.
    }
  }
  const show = (thread, focus) => {
    for (const one of document.querySelectorAll(".said-of.on, [data-thread].on")) one.classList.remove("on");
    thread.classList.add("on");
    for (const one of document.querySelectorAll(`mark[data-of="${thread.id}"]`)) one.classList.add("on");
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    document.getElementById(`words-${thread.id}`)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    if (focus) {
      thread.focus({ preventScroll: true });
      thread.scrollIntoView({ block: "nearest" });
    }
  };
  for (const thread of document.querySelectorAll("[data-thread]")) {
    thread.querySelector("[data-show]")?.addEventListener("click", () => show(thread, false));
  }
  text.addEventListener("click", (event) => {
    const box = event.target.closest("mark[data-of]");
    if (box && getSelection().isCollapsed) show(document.getElementById(box.dataset.of), true);
  });
  if (location.hash.startsWith("#t-")) {
    const thread = document.getElementById(location.hash.slice(1));
    if (thread) show(thread, true);
  }
}
