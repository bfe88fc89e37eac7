"""What the check says of claims: unknown codes, what a lesson cannot build on, an order against the graph, and what a curriculum asks."""

from __future__ import annotations

import random

import pytest

from curriculum_studio.domain.findings import Finding
from curriculum_studio.formats.check import check
from curriculum_studio.formats.frameworks import framework

KNOWN = framework({}, "ccssm-2010")
assert KNOWN is not None
SINGLE = [one.code for one in KNOWN.standards.values() if one.kind == "standard"]


def course(*lessons: str, asks: str = "", problem: str = "") -> dict[str, bytes]:
    """A curriculum with one unit; each lesson is what stands under `standards`."""
    names = [f"{number:02}-lesson" for number in range(1, len(lessons) + 1)]
    files = {
        "curriculum.md": f"---\nid: course\ntitle: Course\nformat: 1\n{asks}\n---\n".replace("\n\n", "\n"),
        "u/unit.md": f"---\nid: unit\ntitle: Unit\ngrade: 6\nsections: [{{title: One, lessons: [{', '.join(names)}]}}]\n---\n",
    }
    for number, (name, claims) in enumerate(zip(names, lessons, strict=True), 1):
        files[f"u/{name}.md"] = (
            f"---\nid: lesson-{number}\ntitle: Lesson {number}\nminutes: 45\nstandards: {{{claims}}}\n---\n\n"
            f"## Practice problems\n\n### Problem {{#p1{problem}}}\n\nWhy?\n"
        )
    return {path: text.encode() for path, text in files.items()}


def found(files: dict[str, bytes], *codes: str) -> list[Finding]:
    return [one for one in check(files) if one.code in codes]


@pytest.mark.parametrize("seed", range(12))
def test_a_lesson_builds_on_what_its_standards_rest_on(seed: int) -> None:
    print("seed", seed)
    assert KNOWN is not None
    draw = random.Random(seed)
    taught = draw.choice([code for code in SINGLE if KNOWN.ancestors(code)])
    before = draw.choice(sorted(set(SINGLE) & KNOWN.ancestors(taught)) or [taught])
    other = draw.choice([code for code in SINGLE if not KNOWN.is_prerequisite(code, taught)])
    for code, wrong in ((before, before == taught), (other, True)):
        rows = found(course(f"building-on: [{code}], addressing: [{taught}]"), "standard-order")
        assert bool(rows) == wrong, (code, taught)
        assert all(code in row.message and row.line == 5 for row in rows)


def test_an_order_of_lessons_against_the_graph_is_said_at_the_lesson() -> None:
    rows = found(course("addressing: [6.RP.A.2]", "addressing: [6.RP.A.1]"), "lesson-order")
    (row,) = rows
    assert row.file == "u/unit.md"
    assert "“Lesson 1” addresses 6.RP.A.2, which rests on 6.RP.A.1" in row.message
    assert not found(course("addressing: [6.RP.A.1]", "addressing: [6.RP.A.2]"), "lesson-order")


def test_an_unknown_code_gets_the_nearest_wherever_it_stands() -> None:
    header = found(course("addressing: [6.RP.A.11]"), "standard-unknown")
    problem = found(course("addressing: [6.RP.A.1]", problem=" standard=6.RP.A.11"), "standard-unknown")
    for (row,) in (header, problem):
        assert "6.RP.A.11" in row.message
        assert "Did you mean “6.RP.A.1" in row.hint
    assert problem[0].line > header[0].line
    assert not found(course("addressing: [6.RP.1]", problem=" standard=6rp1"), "standard-unknown")
    (row,) = found(course("addressing: [7.RP.A.2]"), "standard-grade")
    assert "grade 7" in row.message


@pytest.mark.parametrize(
    ("asks", "words"),
    [
        ("alignment: {asessed: yes}", "asessed"),
        ("alignment: {assessed: perhaps}", "yes or no"),
        ("alignment: {major-work: many}", "percentage"),
        ("approval: {teachers: 9}", "teachers and researchers"),
        ("approval: {parents: 1}", "teachers and researchers"),
        ("aproval: {teachers: 1}", "aproval"),
    ],
)
def test_what_a_front_page_asks_must_be_understood(asks: str, words: str) -> None:
    (row,) = [one for one in check(course(asks=asks)) if one.code in ("unknown-key", "key-value")]
    assert words in row.message
    assert row.file == "curriculum.md"
    assert row.line == 5


def test_what_a_front_page_asks_is_understood() -> None:
    asks = "approval: {teachers: 2, researchers: 0}\nalignment: {assessed: yes, taught: no, major-work: 65, rated: [rigor]}"
    assert not [one for one in check(course(asks=asks)) if one.code in ("unknown-key", "key-value")]
