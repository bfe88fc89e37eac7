"""Grade 6, ratios: what summaries, extensions and sessions for teachers state, and what no summary may give away."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from curriculum_studio.domain.lessons import Part
from tests.content.keys import claims, documents, read
from tests.content.test_ratios_answers import FOLDER, F, Numbers, Work, numbers, unit_file

_MIXED = re.compile(r"(\d+)\\frac\{(\d+)\}\{(\d+)\}")


def said(part: Part) -> str:
    """The text of a part with its passages for teachers."""
    return "\n".join((part.text, *(slot.text for slot in part.slots)))


def test_every_equation_of_the_unit_is_true() -> None:
    """Tasks that put up a false sentence on purpose are left out: a warm-up and a mistaken classmate's words."""
    kinds = {
        "lesson-summary",
        "solution",
        "student-responses",
        "extension",
        "synthesis",
        "hint",
        "anticipated-response",
    }
    found = [
        (name, text, true)
        for name, document in documents(FOLDER)
        for part in document.walk()
        if part.kind in kinds
        for text, true in claims(_MIXED.sub(r"(\1+\\frac{\2}{\3})", said(part)))
    ]
    assert len(found) > 120
    assert [(name, text) for name, text, true in found if not true] == []


# File, the numbers that the summary begins with, and what it says of them.
SUMMARIES: list[tuple[str, Sequence[float], Work]] = [
    ("01-introducing-ratios", [3, 8], lambda n: n),
    ("02-same-taste", [3, 7], lambda n: [k * one for k in (1, 2, 3) for one in n]),
    ("03-for-one", [3, 24, 7], lambda n: [n[1] / n[0], n[0] / n[1], n[2] * n[1] / n[0]]),
    ("04-two-lines", [12, 2, 10], lambda n: [n[0] / n[1], n[2] * n[0] / n[1]]),
    ("05-ratio-tables", [2, 18], lambda n: [n[1] / n[0] * k for k in (1, 20, 21)]),
    ("06-points-in-a-row", [4, 8, 12, 16], lambda n: [k / 2 for k in n]),
    ("07-better-buy", [4, 3, 10, 7], lambda n: [n[1] / n[0], n[3] / n[2], n[0] / n[1], n[2] / n[3], 20 * n[1] / n[0], 20 * n[3] / n[2]]),
    ("08-at-this-speed", [35, 10, 40, 70], lambda n: [(v := n[0] / n[1]), n[2] * v, n[3] / v]),
    ("09-other-units", [12, 4], lambda n: [n[0] * n[1], n[0] * F(5, 2)]),
    ("10-parts-and-whole", [5, 1, 42], lambda n: [(one := n[2] / (n[0] + n[1])), n[0] * one, n[1] * one, n[0] / (n[0] + n[1])]),
    ("11-out-of-100", [11, 20, 200, 90, 30], lambda n: [n[0] / n[1] * 100, n[2] / 10, n[2] * F(7, 10), n[3] / n[4] * 100]),
    ("12-pump-it-dry", [60, 7.5, 3, 20], lambda n: [(all_ := n[0] * n[1]), (rate := n[2] * 60 / n[3]), all_ / rate]),
]  # fmt: skip


def summary(name: str) -> Part:
    return next(part for part in unit_file(name).walk() if part.kind == "lesson-summary")


@pytest.mark.parametrize(("name", "given", "work"), SUMMARIES, ids=[row[0] for row in SUMMARIES])
def test_summary(name: str, given: Sequence[float], work: Work) -> None:
    stated = numbers(summary(name).text)
    values = [F(str(number)) for number in given]
    assert [value for value in [*values, *work(values)] if value not in stated] == []


def test_every_lesson_has_a_row() -> None:
    lessons = {name for name, document in documents(FOLDER) if document.kind == "lesson"}
    assert lessons == {row[0] for row in SUMMARIES}


@pytest.mark.parametrize("name", [row[0] for row in SUMMARIES])
def test_no_summary_gives_an_answer_away(name: str) -> None:
    """It stands on the same page as the tasks, so it shows other numbers: no formula of it is the key of a task."""
    keyed = {
        formula
        for part in unit_file(name).walk()
        if part.kind == "student-responses"
        for formula in re.findall(r"\$([^$]*[=:][^$]*)\$", part.text)
    }
    shown = set(re.findall(r"\$([^$]*[=:][^$]*)\$", summary(name).text))
    assert shown & keyed == set()
    tables = {tuple(re.findall(r"^\|.*\d.*\|$", part.text, re.MULTILINE)) for part in [summary(name)]}
    for row in next(iter(tables)):
        for part in unit_file(name).walk():
            assert part.kind != "student-task" or row not in part.text


# File, the numbers of the extension, and the key that teachers have of it.
EXTENSIONS: list[tuple[str, Sequence[float], Work]] = [
    ("01-introducing-ratios", [15], lambda n: [n[0] / 3, n[0] / 3 * 4]),
    ("03-for-one", [1], lambda n: [n[0] / F(3, 4), n[0] / F(4, 6), 60 * n[0] / F(3, 4), 60 * n[0] / F(4, 6)]),
    ("04-two-lines", [3, 6], lambda n: [(m := (n[0] + n[1]) / 2), m * F(5, 3), (q := (n[0] + m) / 2), q * F(5, 3)]),
    ("06-points-in-a-row", [7, 3], lambda n: [6 * F(5, 2), 6 * n[0] / n[1]]),
    ("08-at-this-speed", [2, 5], lambda n: [60 * n[1], n[1] + n[0]]),
    ("09-other-units", [8, 3], lambda n: [n[1] * F(17, 4), n[1] * F(17, 4) * n[0]]),
    ("10-parts-and-whole", [5, 3], lambda n: [(box := F(4) / (n[0] - n[1])), n[0] * box, n[1] * box, (n[0] + n[1]) * box]),
    ("11-out-of-100", [60], lambda n: [n[0] * F(3, 2), n[0] / 2]),
    ("12-pump-it-dry", [3], lambda n: [F(2250) / (n[0] * 60), F(144, 10) - F(2250) / (n[0] * 60)]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "work"), EXTENSIONS, ids=[row[0] for row in EXTENSIONS])
def test_extension(name: str, given: Sequence[float], work: Work) -> None:
    part = next(part for part in unit_file(name).walk() if part.kind == "extension")
    values: Numbers = [F(str(number)) for number in given]
    assert [value for value in values if value not in numbers(part.text)] == []
    keyed = numbers("\n".join(slot.text for slot in part.slots))
    assert [result for result in work(values) if result not in keyed] == []


def test_the_facilitators_numbers_of_the_third_session() -> None:
    """Rain that spoils the plan of lesson 12, and two bags compared at 30 dollars."""
    text = "\n".join(
        part.text for part in read(f"{FOLDER}/professional-learning/03-comparing-and-percents").walk()
    )
    stated = numbers(text)
    gains = [F(144, 10) - F(13, 10), F(144, 10) - 2, F(75, 100) * 18 - F(12, 10)]
    assert [gain * 180 >= 2250 for gain in gains] == [True, False, False]
    for value in (
        *gains,
        gains[0] * 180,
        gains[1] * 180,
        F(30, 6) * 5,
        F(30, 10) * 8,
        F(72) * F(6, 10),
        F(72) / 6 * 10,
    ):
        assert value in stated
