"""The texts of a document that are read by themselves: where each stands in the file, and who sees it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.lesson_markdown import Document
from curriculum_studio.formats.views import shows

Spot = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """One text of a document with the file line of each of its lines, and who sees it."""

    text: str
    lines: tuple[int, ...]
    seen: str
    part: Part

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, mark: str, from_line: int = 0) -> Spot:
        """Line and column of a mark in the file, looked for from a line of the text on."""
        first = mark.split("\n")[0]
        begin = self._starts[min(from_line, len(self._starts) - 1)]
        at = self.text.find(first, begin) if first else -1
        if at < 0:
            return (self.lines[min(from_line, len(self.lines) - 1)], 1) if self.lines else (self.part.line, 1)
        return self.spot(at)

    def spot(self, at: int) -> Spot:
        """Line and column in the file of a place in the text."""
        row = bisect_right(self._starts, at) - 1
        return self.lines[min(row, len(self.lines) - 1)], at - self._starts[row] + 1

    def row(self, line: int) -> int:
        """Which line of the text a line of the file is, or would be."""
        return bisect_left(self.lines, line)


def seen_by(editions: frozenset[str]) -> str:
    """Editions as a short string in a fixed order: `sft` is everyone."""
    return "".join(edition[0] for edition in ("student", "family", "teacher") if edition in editions)


def shown_to(part: Part) -> str:
    """Who sees anything of a part: one with nothing for students leaves no trace in what they read, not as a link's target either."""
    return seen_by(frozenset(edition for edition in EDITIONS if shows(part, edition)))


def passages(document: Document) -> Iterator[Passage]:
    """Every text of a document that is parsed by itself, in order."""
    for part in (document.preface, *document.walk()):
        if part.text:
            yield Passage(part.text, part.lines, seen_by(part.own), part)
        for slot in part.slots:
            yield Passage(slot.text, slot.lines, "t" if part.editions else "", part)
