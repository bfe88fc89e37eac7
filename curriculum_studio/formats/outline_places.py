"""Where a heading belongs: whether it opens a part, of what kind, and for whom, in each kind of document."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum_studio.domain.kinds import (
    CONTAINERS,
    EVERYONE,
    FAMILY_TEACHER,
    KINDS,
    TEACHER,
    TEACHER_ONLY,
    Editions,
)
from curriculum_studio.domain.lessons import DocumentKind

_NOT_IN_LESSONS = frozenset({"section", "directions", "for-students"})


@dataclass(frozen=True, slots=True)
class Place:
    """The kind of a part, who may see anything of it, and who sees its own text.

    `unknown` marks a heading that names no kind where one is expected; `expected_level` is the level at which
    a kind belongs, 0 where any will do.
    """

    kind: str
    editions: Editions
    own: Editions
    unknown: bool = False
    expected_level: int = 0


AS_TEXT = Place("text", EVERYONE, EVERYONE)
_REGION = Place("region", TEACHER, TEACHER)
_UNKNOWN = Place("unknown", TEACHER, TEACHER, unknown=True)
_FREE = Place("free", TEACHER, TEACHER)


def root_audience(kind: DocumentKind) -> Editions:
    """Who sees the text before the first heading of a document."""
    return EVERYONE if kind == "curriculum" else TEACHER


def place_heading(
    document: DocumentKind, level: int, kind: str | None, near: str | None, parent: Place
) -> Place:
    """Where a heading of `level` belongs that names `kind` exactly and `near` at least nearly."""
    if document == "translation" and level == 2 and kind == "for-students":
        # A unit is translated too; in a lesson's translation such a part pairs with nothing and is in no page.
        return _known(kind, parent)
    if document in ("lesson", "translation"):
        return _in_lesson(level, kind, near, parent)
    if document == "unit":
        return _in_unit(level, kind, near)
    if document == "assessment":
        return _in_assessment(level, kind, near, parent)
    if document == "glossary":
        return Place("term", EVERYONE, EVERYONE) if level == 3 else AS_TEXT
    if document == "curriculum":
        return _text_unless_teachers(near)
    return _FREE if level == 2 else AS_TEXT


def _text_unless_teachers(near: str | None) -> Place:
    return _REGION if near in TEACHER_ONLY else AS_TEXT


def _known(kind: str, parent: Place) -> Place:
    row = KINDS[kind]
    editions = row.editions if parent.kind == "root" else row.editions & parent.editions
    own = editions & TEACHER if kind in CONTAINERS else editions
    return Place(kind, editions, own, expected_level=row.level)


def _in_lesson(level: int, kind: str | None, near: str | None, parent: Place) -> Place:
    if level == 2:
        return _UNKNOWN if kind is None or kind in _NOT_IN_LESSONS else _known(kind, parent)
    makes_parts = parent.kind in CONTAINERS or parent.kind == "unknown"
    if level == 3 and makes_parts:
        return _UNKNOWN if kind is None or kind in _NOT_IN_LESSONS else _known(kind, parent)
    if level == 4 and parent.kind == "problem":
        return _UNKNOWN if kind is None or kind in _NOT_IN_LESSONS else _known(kind, parent)
    if level == 4 and parent.kind in CONTAINERS and kind is not None:
        return _known(kind, parent)
    return _text_unless_teachers(near)


def _in_unit(level: int, kind: str | None, near: str | None) -> Place:
    if level > 2:
        return _text_unless_teachers(near)
    if kind == "for-students":
        return Place("for-students", EVERYONE, EVERYONE)
    if kind == "for-families":
        return Place("for-families", FAMILY_TEACHER, FAMILY_TEACHER)
    return _FREE


def _in_assessment(level: int, kind: str | None, near: str | None, parent: Place) -> Place:
    if level == 2:
        return Place(kind or "free", TEACHER, TEACHER)
    if level == 3 and (kind == "problem" or near == "problem"):
        return Place("problem", TEACHER, TEACHER)
    if level == 4 and parent.kind == "problem":
        return Place(kind or "free", TEACHER, TEACHER)
    return AS_TEXT
