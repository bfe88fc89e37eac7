"""The starter curriculum: no finding, and one key for every problem with choices."""

from __future__ import annotations

from curriculum_studio.domain.findings import to_mend
from curriculum_studio.formats.check import check
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.content.keys import UNITS


def test_the_check_finds_nothing_to_mend() -> None:
    found = check(FolderSnapshot(UNITS))
    assert [one.as_text() for one in to_mend(found)] == []
    assert {one.code for one in found} == {"check-open"}


def test_every_problem_with_choices_has_one_key() -> None:
    for path in sorted(UNITS.rglob("*.md")):
        document = read_document(path.relative_to(UNITS).as_posix(), path.read_bytes())
        for part in document.walk():
            if part.choices:
                assert sum(choice.right for choice in part.choices) == 1, f"{path.name} {part.id}"
