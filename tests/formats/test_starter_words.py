"""Words that a new text begins with are found until somebody has written their own."""

from __future__ import annotations

import pytest

from curriculum_studio.formats.check_document import check_outline
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.starter_words import WAITING
from curriculum_studio.publishing.pages import starter_text

STARTERS = {
    "lesson": "grade-6/new/01-new.md",
    "unit": "grade-6/new/unit.md",
    "charter": "charter.md",
    "curriculum": "curriculum.md",
}


def _found(name: str, text: str) -> list[tuple[int, str]]:
    document = read_document(STARTERS[name], text.encode())
    lines = text.split("\n")
    return [
        (one.line, lines[one.line - 1].strip().removeprefix("- "))
        for one in check_outline(document)
        if one.code == "starter-words"
    ]


@pytest.mark.parametrize("name", STARTERS)
def test_each_is_found_on_its_line(name: str) -> None:
    text = starter_text(name, id="abcd2345", title="New", grade="6")
    lines = {line.strip().removeprefix("- ") for line in text.split("\n")}
    assert {words for _, words in _found(name, text)} == lines & WAITING
    assert lines & WAITING
    written = text
    for words in WAITING:
        written = written.replace(words, "What somebody wrote.")
    assert _found(name, written) == []


def test_every_waiting_word_is_in_a_starter() -> None:
    there = "\n".join(starter_text(name) for name in STARTERS)
    assert all(words in there for words in WAITING)
