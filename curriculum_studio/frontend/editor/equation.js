// Hides how a formula is written without knowing how: a palette of school symbols beside what is typed, with its picture at once.
import { ask, fieldRow } from "./dialogs.js";
import { make } from "./widgets.js";

/** What the palette puts in: what the button shows, its name, and the LaTeX; `{}` is a place to write. */
export const SYMBOLS = [
  ["Numbers", [["a⁄b", "fraction", "\\frac{}{}"], ["1 a⁄b", "mixed number", "1\\frac{}{}"], ["x²", "square", "^{2}"], ["xⁿ", "power", "^{}"], ["xₙ", "index", "_{}"], ["√", "square root", "\\sqrt{}"], ["∛", "cube root", "\\sqrt[3]{}"], ["0.3̅", "repeating decimal", "0.\\overline{}"], ["|x|", "absolute value", "|{}|"], ["%", "percent", "\\%"], ["$", "dollar", "\\$"], ["°", "degrees", "^{\\circ}"]]],
  ["Operations", [["×", "times", "\\times "], ["·", "dot", "\\cdot "], ["÷", "divided by", "\\div "], ["±", "plus or minus", "\\pm "], ["−", "minus", "-"], ["( )", "parentheses", "\\left({}\\right)"]]],
  ["Comparing", [["=", "equals", "="], ["≠", "not equal", "\\ne "], ["<", "less than", "<"], [">", "greater than", ">"], ["≤", "less than or equal", "\\le "], ["≥", "greater than or equal", "\\ge "], ["≈", "about equal", "\\approx "], ["→", "arrow", "\\to "]]],
  ["Geometry", [["∠", "angle", "\\angle "], ["△", "triangle", "\\triangle "], ["AB̅", "segment", "\\overline{}"], ["AB→", "ray", "\\overrightarrow{}"], ["AB↔", "line", "\\overleftrightarrow{}"], ["⊥", "perpendicular", "\\perp "], ["∥", "parallel", "\\parallel "], ["≅", "congruent", "\\cong "], ["∼", "similar", "\\sim "], ["π", "pi", "\\pi "]]],
  ["Letters and more", [["θ", "theta", "\\theta "], ["α", "alpha", "\\alpha "], ["β", "beta", "\\beta "], ["Δ", "delta", "\\Delta "], ["∞", "infinity", "\\infty "], ["□", "empty box", "\\square "], ["text", "words", "\\text{}"], ["Σ", "sum", "\\sum_{}^{}"], ["⋯", "dots", "\\cdots "]]],
];

/** The next empty place after a position: where to write; or the end of the braces around it; -1 where there is none. */
export function nextPlace(text, from) {
  const empty = text.indexOf("{}", from);
  if (empty >= 0) return empty + 1;
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === "{") depth += 1;
    else if (text[at] === "}" && depth-- === 0) return at + 1;
  }
  return -1;
}

/** What becomes of a text when a symbol is put between two places: { text, at }. What is chosen goes into its first place. */
export function withSymbol(text, from, to, latex) {
  const chosen = text.slice(from, to);
  const place = latex.indexOf("{}");
  const put = place >= 0 && chosen ? latex.slice(0, place + 1) + chosen + latex.slice(place + 1) : latex;
  const next = put.indexOf("{}");
  const at = next >= 0 ? from + next + 1 : from + put.length;
  return { text: text.slice(0, from) + put + text.slice(to), at };
}

/** Asks for a formula; `done(latex, display)` gets it. */
export function askFormula({ latex = "", display = false, drawn, view, done }) {
  const input = make("textarea", { name: "latex", rows: "2", spellcheck: "false", autocapitalize: "off", autocomplete: "off", class: "ask-latex", autofocus: true });
  input.value = latex;
  const own = make("input", { type: "checkbox", name: "display" });
  own.checked = display;
  const picture = make("div", { class: "ask-picture", role: "img", "aria-live": "polite" });
  let stop = () => {};
  const draw = () => {
    const typed = input.value.trim();
    picture.classList.remove("ask-broken");
    if (!typed) {
      picture.replaceChildren(make("span", { class: "soft", text: "The formula shows here as you type." }));
      picture.setAttribute("aria-label", "Nothing yet");
      return;
    }
    const shown = drawn.formula(typed.replaceAll("{}", "{\\square}"), true);
    if (!shown) return;
    if (shown.html) {
      picture.innerHTML = shown.html;
      picture.setAttribute("aria-label", picture.querySelector("math")?.getAttribute("aria-label") || typed);
    } else {
      picture.textContent = shown.error;
      picture.classList.add("ask-broken");
      picture.setAttribute("aria-label", shown.error);
    }
  };
  const put = (what) => {
    const next = withSymbol(input.value, input.selectionStart, input.selectionEnd, what);
    input.value = next.text;
    input.focus();
    input.setSelectionRange(next.at, next.at);
    draw();
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !event.shiftKey) {
      const next = nextPlace(input.value, input.selectionEnd);
      if (next < 0) return;
      event.preventDefault();
      input.setSelectionRange(next, next);
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      input.form.requestSubmit();
    }
  });
  const palette = make("div", { class: "palette" }, ...SYMBOLS.map(([name, rows]) => make("div", { role: "group", "aria-label": name },
    ...rows.map(([sign, words, what]) => make("button", { type: "button", class: "palette-key", title: words, on: { click: () => put(what) } }, make("span", { "aria-hidden": "true", text: sign }), make("span", { class: "quietly", text: words }))))));
  const dialog = ask({
    title: "Formula", wide: true, button: latex ? "Change it" : "Put it in", back: () => { stop(); view.focus(); },
    fill: (form) => form.append(palette, fieldRow("What it says", input, "Press a symbol, fill its places, Tab leads to the next place. Who knows LaTeX types it."), picture,
      make("p", {}, make("label", { class: "check" }, own, " On a line of its own"))),
    done: () => {
      const typed = input.value.trim().replace(/\s*\n\s*/g, " ");
      if (!typed) return "Write something first.";
      if (/(?:^|[^\\])\{\}/.test(typed) && /\\(?:frac|sqrt|overline|text|left)/.test(typed)) return "A place is still empty.";
      return done(typed, own.checked);
    },
  });
  stop = drawn.listen(draw);
  draw();
  return dialog;
}
