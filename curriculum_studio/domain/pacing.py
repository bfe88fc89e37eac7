"""How long a unit takes: minutes to class days to weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

DAYS_A_WEEK = 5


@dataclass(frozen=True, slots=True)
class PacedLesson:
    """A lesson with its minutes (None: not said), the class days that it takes, and its first day from 1."""

    path: str
    title: str
    minutes: int | None
    days: int
    first: int

    @property
    def week(self) -> int:
        """The week of its first day, from 1."""
        return (self.first - 1) // DAYS_A_WEEK + 1


@dataclass(frozen=True, slots=True)
class PacedSection:
    """A section of a unit."""

    title: str
    lessons: tuple[PacedLesson, ...]
    minutes: int
    days: int


@dataclass(frozen=True, slots=True)
class Pacing:
    """A unit: its sections, the sums, and the lessons that say no minutes."""

    sections: tuple[PacedSection, ...]
    minutes: int
    days: int
    weeks: int
    unsaid: int


def pace(sections: Sequence[tuple[str, Sequence[tuple[str, str, str]]]], length: int) -> Pacing:
    """Lays lessons (path, title, minutes as typed) one after another on class days of `length` minutes.

    A lesson begins on a day of its own and takes as many whole days as its minutes need, at least one.
    """
    first, unsaid = 1, 0
    paced: list[PacedSection] = []
    for title, lessons in sections:
        rows: list[PacedLesson] = []
        for path, name, said in lessons:
            minutes = int(said) if said.isascii() and said.isdecimal() and int(said) > 0 else None
            unsaid += minutes is None
            days = ceil((minutes or length) / length)
            rows.append(PacedLesson(path, name, minutes, days, first))
            first += days
        paced.append(
            PacedSection(title, tuple(rows), sum(r.minutes or 0 for r in rows), sum(r.days for r in rows))
        )
    days = first - 1
    return Pacing(tuple(paced), sum(s.minutes for s in paced), days, ceil(days / DAYS_A_WEEK), unsaid)
