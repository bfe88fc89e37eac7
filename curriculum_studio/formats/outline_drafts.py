"""What is open while an outline is read: drafts of parts, blocks of code, teacher passages."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from curriculum_studio.domain.lessons import Slot
from curriculum_studio.formats.outline_places import Place

PLAIN = frozenset(string.ascii_letters + "|$([!\"'\\,.;&")
"""A line that begins so can be nothing but text."""


@dataclass(slots=True)
class Draft:
    """A part while it is read. `region` is the level of a deeper heading whose text is the teacher's (0: all
    the rest of the part, by a grave finding), None while text is the part's own."""

    place: Place
    level: int
    words: str
    title: str
    id: str | None
    attributes: Mapping[str, str]
    line: int
    start: int
    end: int = 0
    text: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    parts: list[Draft] = field(default_factory=list)
    region: int | None = None
    region_text: list[str] = field(default_factory=list)
    region_lines: list[int] = field(default_factory=list)

    def put(self, line: str, number: int) -> None:
        """Adds a line to the region that is open, else to the part's own text."""
        if self.region is not None:
            self.region_text.append(line)
            self.region_lines.append(number)
        else:
            self.text.append(line)
            self.lines.append(number)

    def hold_from(self, at: int) -> None:
        """Makes the part's own text from line index `at` on, and the rest of the part, the teacher's."""
        if self.region is not None:
            self.region = 0
            return
        text, lines = self.text[at:], self.lines[at:]
        del self.text[at:], self.lines[at:]
        later = [slot for slot in self.slots if slot.at > at]
        self.slots = [slot for slot in self.slots if slot.at <= at]
        pairs = [*zip(lines, text, strict=True)]
        for slot in later:
            pairs += zip(slot.lines, slot.text.split("\n"), strict=False)
        pairs.sort()
        self.region = 0
        self.region_text = [line for _, line in pairs]
        self.region_lines = [number for number, _ in pairs]

    def end_region(self) -> None:
        """Puts the open region away as a slot."""
        if self.region is None:
            return
        if self.region_text:
            text = "\n".join(self.region_text)
            self.slots.append(Slot(len(self.text), "", text, tuple(self.region_lines), self.region == 0))
        self.region, self.region_text, self.region_lines = None, [], []


@dataclass(slots=True)
class Fence:
    """An open block of code: its prefix and marks, where it began, and the part's line index there."""

    prefix: str
    char: str
    size: int
    line: int
    column: int
    at: int


@dataclass(slots=True)
class OpenPassage:
    """An open teacher passage, and the block of code that was open around it."""

    prefix: str
    size: int
    line: int
    at: int
    fence: Fence | None
    text: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
