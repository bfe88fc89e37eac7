"""What changed in a text since a person last looked at it or gave a verdict, or since it was last approved."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from curriculum_studio.access import Access
from curriculum_studio.actions.approvals import approval_of
from curriculum_studio.actions.history import compare_texts
from curriculum_studio.actions.lessons import read_lesson, text_of
from curriculum_studio.domain.differences import Piece
from curriculum_studio.domain.errors import NotFound, StoreError
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.facts import text_key
from curriculum_studio.studio import Studio

Start = Literal["visit", "verdict", "approved"]
"""From where on: one's own last visit, one's own last verdict, or the last approval by anybody."""


@dataclass(frozen=True, slots=True)
class Since:
    """What a text read before and now; `old` is None where there is nothing to compare with."""

    old: str | None
    new: str
    pieces: tuple[Piece, ...]


def look_at(studio: Studio, person: Person, path: str) -> str:
    """Notes that somebody looks at a text; gives the blob that they saw at their visit before, "" at the first."""
    lesson = read_lesson(studio, path)
    return studio.looks.look(person.key, text_key(studio.curriculum()[1].facts[path]), lesson.blob)


def visit(studio: Studio, person: Person, path: str) -> None:
    """Notes a look at a text's own page; where that cannot be kept, the page comes all the same."""
    with suppress(StoreError):
        look_at(studio, person, path)


def since(studio: Studio, person: Person, path: str, start: Start = "visit") -> Since:
    """The exact difference since a person's own last visit or verdict, or since the words that were last approved."""
    lesson = read_lesson(studio, path)
    seen = look_at(studio, person, path)
    blob = seen if start == "visit" else _judged(studio, person, path, start)
    try:
        old = text_of(studio, blob) if blob else None
    except NotFound:
        old = None
    reads = Access(studio, person).reads
    pieces = tuple(compare_texts(studio, reads, path, old, lesson.text)) if old is not None else ()
    return Since(old, lesson.text, pieces)


def _judged(studio: Studio, person: Person, path: str, start: Start) -> str:
    """The blob of a person's own last verdict, or of the last approval; "" where there is none."""
    found = approval_of(studio, path)
    if start == "approved":
        return found.approved_blob
    return next((one.blob for one in reversed(found.verdicts) if one.person == person.key), "")
