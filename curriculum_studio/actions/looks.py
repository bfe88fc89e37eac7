"""What changed in a text since a person last looked at it, or since it was last approved."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum_studio.actions.approvals import approval_of
from curriculum_studio.actions.lessons import read_lesson, text_of
from curriculum_studio.domain.differences import Piece, difference
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.facts import text_key
from curriculum_studio.studio import Studio


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


def since(studio: Studio, person: Person, path: str, *, approved: bool = False) -> Since:
    """The exact difference since a person's own last visit, or since the words that were last approved."""
    lesson = read_lesson(studio, path)
    blob = approval_of(studio, path).approved_blob if approved else look_at(studio, person, path)
    try:
        old = text_of(studio, blob) if blob else None
    except NotFound:
        old = None
    pieces = tuple(difference(old, lesson.text, moves=True)) if old is not None else ()
    return Since(old, lesson.text, pieces)
