// Hides how words that somebody marked on a page are read: as shown, formulas as they are typed, with what stands around them.

/** The words of a piece of the page; a formula is what was typed for it. What is not in the text is not read. */
const wordsOf = (fragment) => {
  for (const one of fragment.querySelectorAll("math")) one.replaceWith(` $${one.dataset.tex || ""}$ `);
  for (const one of fragment.querySelectorAll("svg, summary, .quietly, .sr-only, details.figure-values, del:not(.said-of), .said-new, .say-figure")) one.remove();
  for (const one of fragment.querySelectorAll("p, li, td, th, h2, h3, h4, h5, div")) one.append(" ");
  return fragment.textContent.replace(/\s+/g, " ").trim();
};

/** What is marked inside of `text`, grown to whole formulas; null where nothing is. */
export const chosenIn = (text) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!text.contains(range.commonAncestorContainer)) return null;
  const around = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("math");
  const first = around(range.startContainer);
  const last = around(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  return range;
};

/** A choice as the studio takes it: words, before, after, part (the id of the innermost of `parts` around it). */
export const choiceOf = (text, range, parts = null) => {
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  let element = range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement;
  while (element && element !== text && !(element.id && (!parts || parts.has(element.id)))) element = element.parentElement;
  return {
    words: wordsOf(range.cloneContents()), before: wordsOf(before.cloneContents()).slice(-300), after: wordsOf(after.cloneContents()).slice(0, 300),
    part: element && element !== text ? element.id : "",
  };
};

/** Buttons beside what is marked in `text`: { name: act(range) }. */
export const choiceBar = (text, acts) => {
  const bar = document.createElement("div");
  bar.className = "choice-bar";
  bar.hidden = true;
  for (const [name, act] of Object.entries(acts)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      const range = chosenIn(text);
      bar.hidden = true;
      if (range) act(range);
    });
    bar.append(button);
  }
  document.body.append(bar);
  document.addEventListener("selectionchange", () => {
    const range = chosenIn(text);
    bar.hidden = !range;
    if (!range) return;
    const box = range.getBoundingClientRect();
    bar.style.setProperty("top", `${box.bottom + scrollY + 6}px`);
    bar.style.setProperty("left", `${Math.max(8, Math.min(box.left + scrollX, innerWidth - 230))}px`);
  });
};

/** The keys by which something is said about marked words: false where keys belong to a field, or are off. */
export const keysAreFree = (event) =>
  !(event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable=true]")) && localStorage.getItem("single-keys") !== "off";

/** Lets somebody say something about what they marked in `text`: by a button beside it, or by the key c. */
export const sayable = (text, say) => {
  choiceBar(text, { Comment: say });
  document.addEventListener("keydown", (event) => {
    const range = event.key === "c" && keysAreFree(event) ? chosenIn(text) : null;
    if (!range) return;
    event.preventDefault();
    say(range);
  });
};

/** What a drawn figure or picture says to somebody who does not see it. */
export const altOf = (figure) => (figure.localName === "img" ? figure.alt : figure.querySelector("svg title")?.textContent || "").replace(/\s+/g, " ").trim();
