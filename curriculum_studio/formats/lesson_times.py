"""The parts of a lesson that take time in class, with the minutes that the text plans for each."""

from __future__ import annotations

from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.domain.lessons import Part
from curriculum_studio.domain.teaching import Timed
from curriculum_studio.formats.kinds import shown_names
from curriculum_studio.formats.lesson_markdown import Document


def timed_parts(document: Document) -> tuple[Timed, ...]:
    """Warm-up, activities, synthesis and cool-down, in order; a part without an id goes by the name of its kind."""
    found = [
        Timed(part.id or part.kind, _name(part), _minutes(part.attributes.get("minutes", "")))
        for part in document.parts
        if part.kind in KINDS and KINDS[part.kind].timed
    ]
    return tuple({one.part: one for one in reversed(found)}.values())[::-1]


def timed_part(document: Document, name: str) -> Part | None:
    """The part that goes by a name: its id, or its kind where it has none."""
    return document.part(name) or next(
        (part for part in document.parts if part.kind == name and part.id is None), None
    )


def _name(part: Part) -> str:
    return part.heading or shown_names()[part.kind][0]


def _minutes(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
