"""Moves the key of a problem that students may check into a form that a page can hold, or says why it cannot.

Nothing but `Sealed` leaves this module for a student's view; of a problem without `check=true` nothing leaves it.
"""

from __future__ import annotations

import re

from curriculum_studio.domain.editions import Sealed
from curriculum_studio.domain.lessons import DocumentKind, Part
from curriculum_studio.formats.answers import NotComparable, choices_text, key_of, sealed
from curriculum_studio.formats.choices import clean_choices

_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)]) +(.*)")
CHECKED: frozenset[DocumentKind] = frozenset({"lesson", "translation"})


def allowed(kind: DocumentKind, part: Part) -> bool:
    """Whether the author decided that students may check this problem; never in an assessment."""
    return kind in CHECKED and part.kind == "problem" and part.attributes.get("check") == "true"


def sealed_key(kind: DocumentKind, lesson: str, part: Part, position: int) -> Sealed | None:
    """The key of a problem for a student's page; `position` counts the problems of the student's view from 1."""
    if not allowed(kind, part):
        return None
    try:
        return _seal(part, f"{lesson}.{part.id or ''}.{position}")
    except NotComparable:
        return None


def why_not(kind: DocumentKind, part: Part) -> str:
    """Why a problem marked `check=true` is not checked on the page; "" where it is."""
    if kind == "assessment":
        return "an assessment's answers never go to students."
    if not allowed(kind, part):
        return "only problems of a lesson are."
    try:
        _seal(part, "")
    except NotComparable as error:
        return str(error)
    return ""


def _seal(part: Part, salt: str) -> Sealed:
    if part.choices:
        right = [number for number, choice in enumerate(part.choices, 1) if choice.right]
        if not right:
            raise NotComparable("no choice is marked as right.")
        form = "single" if len(right) == 1 else "multiple"
        return Sealed(form, salt, (sealed(choices_text(right), salt),), choices=len(part.choices))
    answer = next((child for child in part.parts if child.kind == "answer"), None)
    if answer is None:
        raise NotComparable("it has neither choices nor an answer.")
    unit, tolerance = answer.attributes.get("unit", ""), answer.attributes.get("tolerance", "")
    key = key_of(accepted(answer), unit=unit, tolerance=tolerance)
    # Sorted, so that their order does not tell the middle of a grid.
    digests = tuple(sorted(sealed(text, salt) for text in key.texts))
    return Sealed("value", salt, digests, units=key.units, steps=tuple(str(step) for step in key.steps))


def accepted(answer: Part) -> list[str]:
    """The accepted values of an answer: its items, or the only line where it has none."""
    lines = [line for line in answer.text.split("\n") if line.strip()]
    items = [match[1].strip() for line in lines if (match := _ITEM.match(line))]
    if not items and len(lines) > 1:
        raise NotComparable("the answer is a text; write each accepted value as an item.")
    return items or lines


def choices_in(text: str) -> int:
    """How many choices a problem's text holds."""
    lines = text.split("\n")
    cleaned = clean_choices("", lines, range(1, len(lines) + 1))
    return len(cleaned.choices) if cleaned is not None else 0
