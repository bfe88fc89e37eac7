"""The starter curriculum: no finding, and every numeric key recomputed from the problem's own numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from curriculum_studio.domain.findings import to_mend
from curriculum_studio.formats.check import check
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.content.keys import UNITS, keys, read

RATIOS = "grade-6/ratios"


def ratio(text: str) -> Fraction:
    first, second = text.split(":")
    return Fraction(int(first), int(second))


def test_the_check_finds_nothing_to_mend() -> None:
    found = check(FolderSnapshot(UNITS))
    assert [one.as_text() for one in to_mend(found)] == []
    assert {one.code for one in found} == {"check-open"}


@pytest.mark.parametrize(
    ("lesson", "problem", "expected"),
    [
        ("01-introducing-ratios", "p3", Fraction(4 * 12)),
        ("02-same-taste", "p2", Fraction(5) * Fraction(80, 20)),
        ("03-for-one", "p1", Fraction(150, 3)),
        ("03-for-one", "p2", Fraction(9, 6) * 10),
        ("assessments/readiness", "q2", Fraction(3, 4)),
    ],
)
def test_numeric_keys(lesson: str, problem: str, expected: Fraction) -> None:
    assert [Fraction(key) for key in keys(read(f"{RATIOS}/{lesson}"), problem)] == [expected]


@pytest.mark.parametrize(
    ("lesson", "problem", "expected"),
    [
        ("01-introducing-ratios", "p2", Fraction(10, 6)),
        ("02-same-taste", "p3", Fraction(9, 12)),
        ("03-for-one", "p4", Fraction(4, 7)),
    ],
)
def test_ratio_keys(lesson: str, problem: str, expected: Fraction) -> None:
    found = keys(read(f"{RATIOS}/{lesson}"), problem)
    assert found
    assert all(ratio(key) == expected for key in found)


def test_every_problem_with_choices_has_one_key() -> None:
    for path in sorted(UNITS.rglob("*.md")):
        document = read_document(path.relative_to(UNITS).as_posix(), path.read_bytes())
        for part in document.walk():
            if part.choices:
                assert sum(choice.right for choice in part.choices) == 1, f"{path.name} {part.id}"
