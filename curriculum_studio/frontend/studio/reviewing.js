// Review: words chosen on the page go into the form; threads and their words show each other; what is typed is kept.
import { altOf, choiceBar, choiceOf, chosenIn, keysAreFree, sayable } from "./chosen.js";
import { markThreads } from "./marks.js";
import { keepForms } from "./said.js";

keepForms();

/** Shows a thread and its words; with `focus` one stands at the thread. */
const show = (thread, focus) => {
  for (const one of document.querySelectorAll(".said-of.on, .said-figure.on, [data-thread].on")) one.classList.remove("on");
  thread.classList.add("on");
  for (const one of document.querySelectorAll(`[data-of="${thread.id}"]`)) one.classList.add("on");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (thread.dataset.at) document.getElementById(thread.dataset.at)?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  if (focus) {
    thread.focus({ preventScroll: true });
    thread.scrollIntoView({ block: "nearest" });
  }
};

/** The page of a review. */
const review = (desk, text) => {
  const form = document.getElementById("say");
  const parts = new Set([...form.elements.part.options].map((one) => one.value));
  const fill = (choice, other) => {
    for (const [name, value] of Object.entries(choice)) form.elements[name].value = value;
    form.querySelector("details").open = other;
    form.dispatchEvent(new Event("input"));
    form.scrollIntoView({ block: "nearest" });
  };
  const take = (range, other) => {
    fill(choiceOf(text, range, parts), other);
    if (!other) {
      form.elements.text.focus();
      return;
    }
    // The words as they are typed in the text, formulas and marks included.
    fetch(`${location.pathname}/words`, { method: "POST", body: new URLSearchParams(new FormData(form)) })
      .then((answer) => (answer.ok ? answer.text() : form.elements.words.value))
      .then((words) => {
        form.elements.replacement.value = words;
        form.dispatchEvent(new Event("input"));
        form.elements.replacement.focus();
      });
  };
  choiceBar(text, { Comment: (range) => take(range, false), "Other words": (range) => take(range, true) });
  figureButtons(text, form, fill);
  keys(text, take);
  markThreads(text, desk.dataset.view === "inline");
  for (const thread of document.querySelectorAll("[data-thread]")) {
    thread.querySelector("[data-show]")?.addEventListener("click", () => show(thread, false));
  }
  text.addEventListener("click", (event) => {
    const box = event.target.closest("[data-of]");
    if (box && getSelection().isCollapsed && !event.target.closest("button, a, summary")) show(document.getElementById(box.dataset.of), true);
  });
  if (location.hash.startsWith("#t-")) {
    const thread = document.getElementById(location.hash.slice(1));
    if (thread) show(thread, true);
  }
};

/** Beside each figure a button that names it in the form. */
const figureButtons = (text, form, fill) => {
  const options = [...form.elements.part.options].filter((one) => one.dataset.alt !== undefined);
  for (const figure of text.querySelectorAll("figure.figure, img")) {
    const at = options.findIndex((one) => one.dataset.alt === altOf(figure));
    if (at < 0) continue;
    const [option] = options.splice(at, 1);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet say-figure";
    button.textContent = "Comment on this figure";
    button.addEventListener("click", () => {
      fill({ words: "", before: "", after: "", part: option.value }, false);
      form.elements.text.focus();
    });
    figure.after(button);
  }
};

/** Opens something that is folded, and goes to the first thing to press in it. */
const unfold = (box) => {
  if (!box) return;
  box.open = true;
  box.querySelector("input[type=checkbox], button")?.focus();
};

/** c and s say something about marked words, j and k lead from thread to thread, a, x and p decide, m decides on many, u undoes. */
const keys = (text, take) => {
  document.addEventListener("keydown", (event) => {
    if (!keysAreFree(event)) return;
    const range = chosenIn(text);
    if ((event.key === "c" || event.key === "s") && range) {
      event.preventDefault();
      take(range, event.key === "s");
      return;
    }
    if (event.key === "u") document.querySelector("[data-undo]")?.click();
    if (event.key === "m") unfold(document.querySelector("[data-many]"));
    if (!["j", "k", "a", "x", "p"].includes(event.key)) return;
    const threads = [...document.querySelectorAll("[data-thread]")];
    const at = threads.findIndex((one) => one.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = threads[event.key === "j" ? Math.min(at + 1, threads.length - 1) : Math.max(at - 1, 0)];
      if (next) show(next, true);
    } else if (at >= 0 && event.key === "p") unfold(threads[at].querySelector("[data-pick]"));
    else if (at >= 0) threads[at].querySelector(event.key === "a" ? "[data-accept]" : "[data-refuse]")?.click();
  });
};

const desk = document.querySelector("[data-review]");
const text = document.querySelector("[data-review-text]");
if (desk && text) review(desk, text);
// A page that shows a text elsewhere (a comparison): what is marked there goes on to the review of the text.
const shown = document.querySelector("[data-sayable]");
if (shown) sayable(shown, (range) => location.assign(`${shown.dataset.sayable}?${new URLSearchParams(choiceOf(shown, range))}#say`));
