"""Figures from their text to the page: what a lesson holds, what a page shows, what the check says and where."""

from __future__ import annotations

import re

import pytest

from curriculum_studio.domain.findings import Finding
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.html import render_text
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.views import student_view, teacher_view
from curriculum_studio.publishing.parts import leaf_of

HEAD = "---\nid: lesson-1\ntitle: T\nminutes: 5\n---\n## Activity: A {#a minutes=5}\n### Student task\n"
LINE = """```number-line
from: 0
to: 2
step: 1/4
points: {A: 3/4, B: 1 1/2}
alt: Number line from 0 to 2 in fourths, A at three fourths, B at one and one half.
```
"""


def findings(body: str) -> list[Finding]:
    document = read_document("u/one.md", (HEAD + body).encode())
    return [f for f in facts_of(document).findings if f.severity == "grave"]


def page(body: str, edition: str = "student") -> str:
    document = read_document("u/one.md", (HEAD + body).encode())
    view = student_view(document) if edition == "student" else teacher_view(document)
    assert view is not None
    return "".join(part.body for part in leaf_of(view).walk())


def test_the_example_of_the_format_is_drawn_in_its_place() -> None:
    assert findings(LINE) == []
    shown = page("Look.\n\n" + LINE + "\nSay where *A* is.\n")
    assert shown.index("Look.") < shown.index("<svg") < shown.index("Say where")
    assert 'role="img"' in shown
    assert "Number line from 0 to 2 in fourths, A at three fourths, B at one and one half.</title>" in shown
    # A line of 480: three fourths of the way from 0 to 2 stand at 180, one and one half at 360.
    assert re.search(r'<circle cx="180" cy="0"', shown)
    assert re.search(r'<circle cx="360" cy="0"', shown)


@pytest.mark.parametrize(
    "opening", ["```number-line", "~~~~ number-line {#one width=300}", "```number-line {#one}"]
)
def test_either_fence_and_an_id_will_do(opening: str) -> None:
    fence = opening[: opening.index("n")].strip()
    shown = page(f"{opening}\npoints: 3\nalt: A dot at 3.\n{fence}\n")
    assert shown.count("<svg") == 1
    assert ('<figure class="figure" id="one">' in shown) == ("#one" in opening)


def test_ids_are_unique_on_a_page_and_come_from_what_is_seen() -> None:
    hidden = "### Launch\n" + LINE
    shown = page(LINE + LINE + "\n### Extension\n" + LINE)
    with_hidden = page(LINE + LINE + "\n" + hidden + "### Extension\n" + LINE)
    assert shown == with_hidden
    assert page(LINE + LINE + "\n" + hidden, "teacher").count("<svg") == 3
    names = re.findall(
        r'\bid="([^"]+)"', page(LINE + LINE + "\n" + hidden + "### Extension\n" + LINE, "teacher")
    )
    assert names
    assert len(names) == len(set(names))
    assert not re.search("[\ue000-\uf8ff]", shown)


def test_a_passage_for_teachers_inside_a_figure_stands_below_it() -> None:
    body = LINE.replace("step: 1/4\n", "step: 1/4\n::: teacher\nAsk about A.\n:::\n")
    assert page(body) == page(LINE)
    shown = page(body, "teacher")
    assert shown.index("</svg>") < shown.index("Ask about A.")


def test_a_figure_can_be_linked_to() -> None:
    body = "See [the line](#fig-one).\n\n" + LINE.replace("number-line\n", "number-line {#fig-one}\n")
    assert findings(body) == []
    twice = body + LINE.replace("number-line\n", "number-line {#fig-one}\n")
    assert [f.code for f in findings(twice)] == ["part-id-twice"]


def test_without_words_it_is_not_built() -> None:
    body = "```number-line\npoints: 3\n```\n"
    assert [(f.code, f.line) for f in findings(body)] == [("figure-alt", 8)]
    assert "<svg" not in page(body)
    hidden = "\n## Research notes\n" + body
    assert findings(LINE + hidden) == []


def test_a_kind_nearly_named_is_grave() -> None:
    assert [f.code for f in findings("```numberline\nalt: x\n```\n")] == ["figure-unknown"]
    assert [f.code for f in findings("```Number-Line\nalt: x\n```\n")] == ["figure-unknown"]
    assert findings("```python\nx = 1\n```\n") == []


def test_each_fault_is_told_at_its_place() -> None:
    body = (
        "- in a list\n\n  ```number-line\n  to: 4\n  points: {A: 1, B: 5}\n  colour: red\n  alt: x\n  ```\n"
    )
    found = [(f.line, f.column, f.message) for f in findings(body)]
    assert [(line, column) for line, column, _ in found] == [(12, 18), (13, 3)]
    assert "5 lies outside the line, which goes from 0 to 4." in found[0][2]
    assert "“colour” is not known here" in found[1][2]


@pytest.mark.parametrize(
    "info", ["{width=9}", "{width=99999999999999}", "{height=3}", "number", "{#a", "{width=x}"]
)
def test_a_wrong_info_line_is_a_fault_of_its_line(info: str) -> None:
    faults = draw("number-line", info, "alt: x\n").faults
    assert [fault.line for fault in faults] == [0]


def test_words_of_a_drawing_are_not_words_of_the_text() -> None:
    assert "three fourths" not in render_text(LINE).plain()
    assert "Where A is" in render_text(LINE.replace("from: 0", "caption: Where A is\nfrom: 0")).plain()


def test_a_ticked_box_in_a_figure_is_a_fault_and_no_lost_letter() -> None:
    """Reading a lesson empties `[x]` everywhere, so a list of x alone would lose its x without a word."""
    body = "```balance\nleft: [x]\nright: 9\nalt: x and 9 in balance.\n```\n"
    assert [(f.code, f.line, f.column) for f in findings(body)] == [("figure", 9, 7)]
    assert "<svg" not in page(body)
    for spelled in ("x", "['x']"):
        assert ">x</text>" in page(body.replace("[x]", spelled))


def test_comments_and_words_of_a_figure_that_fails_stay_out_of_pages() -> None:
    body = LINE.replace("from: 0", "# zanzibarquokka\nfrom: 0")
    assert "zanzibarquokka" not in page(body)
    assert page(body) == page(LINE)


def test_words_of_the_program_are_in_the_language_of_the_page() -> None:
    plot = "```dot-plot\nvalues: 4, 5, 5\nalt: Tres puntos, uno en 4 y dos en 5.\n```\n"
    assert "<summary>Table of values</summary>" in page(plot)
    document = read_document("u/one.md", (HEAD.replace("title: T", "title: T\nlanguage: es") + plot).encode())
    view = student_view(document)
    assert view is not None
    assert "<summary>Tabla de valores</summary>" in "".join(part.body for part in leaf_of(view).walk())
