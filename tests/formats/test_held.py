"""On the page, what stands behind a heading stays behind its words, whatever hands do to the text around it."""

from __future__ import annotations

import json

import pytest

from curriculum_studio.formats.editor import tables
from tests.node import run

TABLES = json.loads(tables())
TEXT = (
    "Story of the lesson.\n\n## Warm-up: See it {#see minutes=5}\n\n### Launch\n\nWords.\n\n## Activity 1: Draw the band {#band minutes=12 rigor=conceptual}\n"
    "More words.\n\n### Misconception: Adding on {#m-add}\n\n## Practice problems\n\n### Problem {#p1 standard=6.RP.A.1}\n\nWhich?\n\n- [x] one {misconception=m-add}\n- [ ] two\n\n"
    "#### Answer {tolerance=0.1 unit=cups}\n\n- 12\n\nThe end."
)
HANDS = """
const { EditorState, Transaction } = await import("@codemirror/state");
const { deleteCharBackward, deleteCharForward, deleteGroupBackward } = await import("@codemirror/commands");
const { splitEnd } = await import("EDITOR/blocks.js");
const { namesOf } = await import("EDITOR/outline.js");
const { structure } = await import("EDITOR/page_view.js");
const { backspace, deleteKey, heldMarks } = await import("EDITOR/held.js");
const { newline } = await import("EDITOR/commands.js");
const field = structure(namesOf(asked.kinds));
const begin = (text) => {
  const view = {
    state: EditorState.create({ doc: text, extensions: [EditorState.lineSeparator.of("\\n"), field, heldMarks(field)] }), said: [],
    dispatch(...specs) { view.state = view.state.update(...specs).state; },
  };
  const page = { mode: () => "page", tools: { structure: field }, say: (words) => view.said.push(words) };
  view.choose = (anchor, head = anchor) => view.dispatch({ selection: { anchor, head }, userEvent: "select" });
  view.put = (text) => view.dispatch(view.state.replaceSelection(text), { userEvent: "input.type" });
  view.drop = () => view.dispatch(view.state.replaceSelection(""), { userEvent: "delete.selection" });
  view.cut = (from, to) => view.dispatch({ changes: { from, to }, userEvent: "delete.backward" });
  view.back = () => backspace(page)(view) || (view.state.selection.main.head > 0 && view.cut(view.state.selection.main.head - 1, view.state.selection.main.head));
  view.del = () => deleteKey(page)(view) || (view.state.selection.main.head < view.state.doc.length && view.cut(view.state.selection.main.head, view.state.selection.main.head + 1));
  view.enter = () => newline(page)(view) || view.put("\\n");
  view.step = (by) => view.choose(Math.max(0, Math.min(view.state.doc.length, view.state.selection.main.head + by)));
  view.text = () => view.state.doc.toString();
  return view;
};
"""


def test_the_cursor_stands_among_words() -> None:
    script = (
        HANDS
        + """
    const text = asked.text, view = begin(text);
    const heading = text.indexOf("## Activity"), words = heading + 3, behind = text.indexOf(" {#band"), end = text.indexOf("conceptual}") + 11;
    const at = (place) => { view.choose(place); return view.state.selection.main.head; };
    const range = (a, b) => { view.choose(a, b); const { anchor, head } = view.state.selection.main; return [anchor, head]; };
    const stepped = (from, by) => { view.choose(from); view.step(by); return view.state.selection.main.head; };
    console.log(JSON.stringify([
      at(0) === 0, (view.choose(0), at(heading) === words), (view.choose(0), at(end) === behind), (view.choose(0), at(behind + 4) === behind),
      stepped(words, -1) === heading - 1, stepped(behind, 1) === end + 1,
      (view.choose(0), String(range(heading, end)) === String([words, behind])), (view.choose(0), String(range(0, heading)) === String([0, heading])),
      (view.choose(0), String(range(0, end)) === String([0, end])),
    ]));
    """
    )
    assert run(script, {"text": TEXT, "kinds": TABLES["kinds"]}) == [True] * 9


def test_what_stands_behind_stays_and_goes_with_its_heading() -> None:
    script = (
        HANDS
        + """
    const out = [];
    const tried = (act) => { const view = begin(asked.text); act(view, view.text()); out.push([view.text(), view.said.length]); };
    const place = (text, words, end = false) => text.indexOf(words) + (end ? words.length : 0);
    tried((view, text) => { view.choose(place(text, "Draw the band", true)); view.put(" "); view.put("x"); });
    tried((view, text) => { view.choose(place(text, "Draw the", true)); view.enter(); });
    tried((view, text) => { view.choose(place(text, "Draw the band", true)); view.del(); view.del(); });
    tried((view, text) => { view.choose(place(text, "Activity 1")); view.back(); });
    tried((view, text) => { view.choose(place(text, "Draw the ", true), place(text, "More ", true)); view.drop(); });
    tried((view, text) => { view.choose(place(text, "Wor", true), place(text, "Draw ", true)); view.drop(); });
    tried((view, text) => { view.choose(place(text, "Draw ", true)); view.put("one\\ntwo "); });
    tried((view, text) => { view.choose(place(text, "one", true)); view.enter(); view.put("three"); });
    tried((view, text) => { view.choose(place(text, "Launch"), place(text, "Launch", true)); view.drop(); view.back(); });
    console.log(JSON.stringify(out));
    """
    )
    rows = run(script, {"text": TEXT, "kinds": TABLES["kinds"]})
    old, tail = (
        "## Activity 1: Draw the band {#band minutes=12 rigor=conceptual}",
        " {#band minutes=12 rigor=conceptual}",
    )
    assert [said for _, said in rows] == [0, 0, 0, 1, 0, 0, 0, 0, 0], "a part's heading stays, and says so"
    assert [text for text, _ in rows] == [
        TEXT.replace(old, f"## Activity 1: Draw the band x{tail}"),
        TEXT.replace(old, f"## Activity 1: Draw the{tail}\n\n band"),
        TEXT,
        TEXT,
        TEXT.replace(f"{old}\nMore words.", f"## Activity 1: Draw the words.{tail}"),
        TEXT.replace(f"Words.\n\n{old}", "Worthe band"),
        TEXT.replace(old, f"## Activity 1: Draw one{tail}\ntwo the band"),
        TEXT.replace("- [x] one {misconception=m-add}\n", "- [x] one {misconception=m-add}\n- [ ] three\n"),
        TEXT.replace("### Launch\n", "\n"),
    ]


@pytest.mark.parametrize("seed", range(8))
def test_no_hand_tears_a_name_from_its_heading(seed: int) -> None:
    """Random steps, letters, lines and deletions: a group of attributes stands at the end of a heading, or nowhere."""
    script = (
        HANDS
        + """
    let seed = asked.seed * 7919 + 1;
    const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * below); };
    let torn = null;
    for (let round = 0; round < 60 && !torn; round += 1) {
      const view = begin(asked.text), did = [];
      for (let step = 0; step < 25 && !torn; step += 1) {
        const length = view.state.doc.length + 1;
        const a = random(length), b = Math.min(view.state.doc.length, a + random(40));
        const [name, act] = [
          ["choose", () => view.choose(a)], ["range", () => view.choose(a, b)], ["range back", () => view.choose(b, a)], ["type", () => view.put("x")], ["space", () => view.put(" ")],
          ["lines", () => view.put("p\\nq")], ["drop", () => view.drop()], ["back", () => view.back()], ["del", () => view.del()], ["enter", () => view.enter()],
          ["left", () => view.step(-1)], ["right", () => view.step(1)],
        ][random(12)];
        act();
        did.push(`${name} ${a} ${b}`);
        for (const line of view.text().split("\\n")) {
          if (/[{]#/.test(line) && !(/^#{1,6} /.test(line) && splitEnd(line).id)) torn = [line, did];
        }
      }
    }
    console.log(JSON.stringify(torn));
    """
    )
    assert run(script, {"text": TEXT, "kinds": TABLES["kinds"], "seed": seed}) is None, f"seed {seed}"
