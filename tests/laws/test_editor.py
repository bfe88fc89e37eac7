"""Laws of the editor: opening a text and touching nothing changes no character; what the cursor stands in hides nothing but the
marks that its line holds, and the cursor never stands within what is hidden."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from curriculum_studio.formats.editor import tables
from curriculum_studio.formats.math import formula
from tests.node import ROOT, run

UNITS = sorted((ROOT / "units").rglob("*.md"))
SCRIPT = """
const { EditorState, Text } = await import("@codemirror/state");
const { ensureSyntaxTree } = await import("@codemirror/language");
const { lessonLanguage } = await import("EDITOR/language.js");
const { namesOf } = await import("EDITOR/outline.js");
const { pageView, structure } = await import("EDITOR/page_view.js");
const { inlineMarks } = await import("EDITOR/inline_view.js");
const { heldAt } = await import("EDITOR/held.js");
const { headerOf, blocksOf } = await import("EDITOR/blocks.js");
const drawn = { formula: () => ({ html: "<math></math>" }), figure: () => ({ html: "<figure></figure>" }) };

const { WidgetType } = await import("@codemirror/view");
class Form extends WidgetType {}
const fails = [];
for (const text of asked.texts) {
  const tools = { structure: structure(namesOf(asked.kinds)), kinds: asked.kinds, drawn, lesson: true, figures: new Set(Object.keys(asked.figures)), headerWidget: () => new Form(), picture: () => "/x", act() {}, toggleChoice() {} };
  const header = headerOf(blocksOf(text.split("\\n")), text.length);
  const make = (at) => EditorState.create({ doc: text, selection: { anchor: at }, extensions: [EditorState.lineSeparator.of("\\n"), tools.structure, lessonLanguage, pageView(tools)] });
  let state = make(header ? header.to : 0);
  if (state.doc.toString() !== text) fails.push(["text", text]);
  const { blocks } = state.field(tools.structure);
  for (const block of blocks) if (block.from > block.to || block.to > text.length) fails.push(["block", text, block]);
  // Wherever the cursor stands, what it touches shows every character, or is a mark that the line holds.
  const places = [];
  for (let number = 1; number <= state.doc.lines; number += Math.max(1, Math.floor(state.doc.lines / asked.most))) places.push(state.doc.line(number).from, state.doc.line(number).to);
  for (const place of places) {
    if (header && place < header.to) continue;
    state = make(header ? header.to : 0).update({ selection: { anchor: place } }).state;
    const at = state.selection.main.head;
    ensureSyntaxTree(state, text.length, 1000);
    const held = heldAt(state, tools.structure, at);
    const hide = (from, to) => {
      // The end of a line inside a paragraph is the space that stands there instead.
      if (/^\\n *$/.test(text.slice(from, to)) || from >= to || at < from || at > to || to <= (header ? header.to : -1)) return;
      const own = held && ((from >= held.from && to <= held.mark) || (held.attributesAt >= 0 && from >= held.attributesAt && to <= held.to));
      if (!own || (at > from && at < to)) fails.push(["hidden", text, place, text.slice(from, to)]);
    };
    for (const set of state.facet((await import("@codemirror/view")).EditorView.decorations)) if (typeof set !== "function") set.between(0, text.length, (from, to, value) => { if (value.spec.widget ? !(value.spec.side > 0) : value.point) hide(from, to); });
    const marks = inlineMarks({ state, visibleRanges: [{ from: 0, to: text.length }] }, tools, header);
    for (const { from, to, value } of marks) if (value.point && from < to) hide(from, to);
  }
  // A selection in the header's form is moved below it; a hand cannot type there; and nothing of this changes the text.
  if (header && header.to < text.length) {
    state = make(header.to);
    const moved = state.update({ selection: { anchor: 0, head: text.length } }).state;
    if (moved.selection.main.from < header.to) fails.push(["selection", text]);
    const typed = state.update({ changes: { from: 1, insert: "x" }, userEvent: "input.type" }).state;
    if (typed.doc.toString() !== text) fails.push(["guard", text]);
    const remote = state.update({ changes: { from: 4, insert: "x" } }).state;
    if (remote.doc.toString() === text) fails.push(["remote", text]);
  }
}
console.log(JSON.stringify(fails));
"""
TABLES: dict[str, Any] = json.loads(tables())


def failures(texts: list[str], most: int) -> list[Any]:
    found = run(SCRIPT, {"texts": texts, "most": most, **TABLES})
    assert isinstance(found, list)
    return found


def test_every_lesson_opens_as_it_is_and_hides_nothing_at_the_cursor() -> None:
    assert not failures([path.read_text("utf-8") for path in UNITS], 60)


PIECES = st.sampled_from(
    ["---\n", "title: x\n", "\n", "\r\n", "\r", "\t", "  ", "a b", "*a*", "**b", "`c`", "$x^2$", "$5", "$$\n", "\\$", "## Activity: A {#a minutes=5}\n", "### Student task\n", "#### x\n", "# y\n",
     "```number-line\nto: 4\nalt: x\n```\n", "```\n", "~~~\n", "::: teacher\n", ":::\n", "- [x] a\n", "- b\n", "1. c\n", "> q\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "|", "[[ ]]{lines=3}\n", "____\n",
     "![a](figures/x.svg)\n", "[t](u)", "<!-- c -->", "\u2028", "\u2029", "\u0085", "\ufeff", "\u200b", "é", "e\u0301", "𝒳", "🧮", "\u202eabc", "العربية", " \n", "\v", "\f", "\0"]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(st.characters(exclude_categories=("Cs",)), max_size=6)), max_size=25).map("".join)  # fmt: skip


# Each run starts a process, which makes the search for a smaller failure last for minutes: the failing text is told as it is.
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@example(["$5 a\nb c\nd$e\n"])
@given(st.lists(TEXTS, min_size=100, max_size=150))
def test_any_text_opens_as_it_is_and_hides_nothing_at_the_cursor(texts: list[str]) -> None:
    assert not failures(texts, 12)


SAME = """
const { EditorState } = await import("@codemirror/state");
const { EditorView } = await import("@codemirror/view");
const { lessonLanguage } = await import("EDITOR/language.js");
const { namesOf } = await import("EDITOR/outline.js");
const { pageView, structure } = await import("EDITOR/page_view.js");
const { WidgetType } = await import("@codemirror/view");
class Form extends WidgetType { constructor(words) { super(); this.words = words; } eq(other) { return other.words === this.words; } }
const drawn = { formula: () => ({ html: "<math></math>" }), figure: () => ({ html: "<figure></figure>" }) };
const tools = { structure: structure(namesOf(asked.kinds)), kinds: asked.kinds, drawn, lesson: true, figures: new Set(Object.keys(asked.figures)), headerWidget: (words) => new Form(words), picture: () => "/x", act() {}, toggleChoice() {} };
const extensions = [EditorState.lineSeparator.of("\\n"), tools.structure, lessonLanguage, pageView(tools)];
const shown = (state) => {
  const rows = [];
  for (const set of state.facet(EditorView.decorations)) if (typeof set !== "function") set.between(0, state.doc.length, (from, to, value) => { rows.push([from, to, value.startSide, value.spec.widget?.key ?? value.spec.widget?.words ?? ""]); });
  return JSON.stringify(rows.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || (one[3] < other[3] ? -1 : 1)));
};
const fails = [];
for (const { text, steps } of asked.trials) {
  let state = EditorState.create({ doc: text, extensions });
  for (const [place, length, words, head] of steps) {
    const from = Math.min(place, state.doc.length);
    state = state.update({ changes: { from, to: Math.min(from + length, state.doc.length), insert: words } }).state;
    state = state.update({ selection: { anchor: Math.min(head, state.doc.length) } }).state;
    const fresh = EditorState.create({ doc: state.doc, selection: state.selection, extensions });
    if (shown(state) !== shown(fresh)) { fails.push([text, steps, state.doc.toString(), shown(state), shown(fresh)]); break; }
  }
}
console.log(JSON.stringify(fails.slice(0, 2)));
"""
STEPS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), st.one_of(st.just(""), PIECES), st.integers(0, 400)), max_size=10)  # fmt: skip


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.fixed_dictionaries({"text": TEXTS, "steps": STEPS}), min_size=20, max_size=60))
def test_what_is_shown_after_changes_is_what_the_text_shows_anew(trials: list[dict[str, Any]]) -> None:
    assert not run(SAME, {"trials": trials, **TABLES})


def test_a_lesson_that_is_written_in_is_shown_as_if_it_were_opened_then() -> None:
    text = max((path.read_text("utf-8") for path in UNITS), key=len)
    steps = [(place * 37 % len(text), place % 3, piece, place * 91 % len(text)) for place, piece in enumerate(["x", "\n", "```\n", "$$\n", "", "| a |\n"] * 20)]  # fmt: skip
    assert not run(SAME, {"trials": [{"text": text, "steps": steps}], **TABLES})


def test_every_symbol_of_the_palette_is_a_formula() -> None:
    script = 'const { SYMBOLS } = await import("EDITOR/equation.js");\nconsole.log(JSON.stringify(SYMBOLS));'
    symbols = [symbol for _, rows in run(script, {}) for symbol in rows]
    assert len(symbols) >= 24
    assert len({name for _, name, _ in symbols}) == len(symbols)
    for _, name, latex in symbols:
        # What goes above or below needs something to stand at.
        written = "x" + latex.replace("{}", "{2}")
        assert "<math" in formula(written).mathml, name
