"""A document of the curriculum as its outline: parts with their audiences, and where each stands in the source.

A document is a view. It never turns back into a file: who wants to change a file changes the span that he means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from curriculum_studio.domain.kinds import Editions

DocumentKind = Literal[
    "curriculum",
    "charter",
    "glossary",
    "unit",
    "lesson",
    "assessment",
    "professional-learning",
    "translation",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """A teacher passage: the line of the student's text before which it stands, its prefix, its lines.

    `at` counts lines of `Part.text`; `prefix` is the indentation or the `>` marks that its lines carried;
    `lines` are file line numbers, one for each line of `text`. `held` marks text held back by a finding.
    """

    at: int
    prefix: str
    text: str
    lines: tuple[int, ...]
    held: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a problem: its words (Markdown, without key and attributes), key, and what it shows."""

    text: str
    right: bool
    misconception: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of the outline with its own text and the parts below it.

    `text` is what the least of its readers sees, comments, passages, keys and attributes of choices already
    gone; `slots` is what the teacher sees besides. `start` and `end` are code-point offsets in the source, from
    the heading's first character to the end of the last part below it; `lines` are file line numbers, one for
    each line of `text`. `own` says who sees the part's own text; `editions` who may see anything of it at all.
    """

    kind: str
    level: int
    words: str
    title: str
    id: str | None
    attributes: Mapping[str, str]
    line: int
    start: int
    end: int
    editions: Editions
    own: Editions
    text: str = ""
    lines: tuple[int, ...] = ()
    slots: tuple[Slot, ...] = ()
    choices: tuple[Choice, ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def heading(self) -> str:
        """The heading as typed, without its marks and attributes."""
        if self.words and self.title:
            return f"{self.words}: {self.title}"
        return self.words or self.title

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the text."""
        yield self
        for part in self.parts:
            yield from part.walk()


def all_parts(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Every part of an outline, in the order of the text."""
    for part in parts:
        yield from part.walk()
