"""The charter of a partnership: values, goals with measures and targets, and what is meant to drive them; who agreed to it, what
serves which goal, and how far each goal has come over the years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriculum_studio.domain.errors import Refused

SIDES: Mapping[str, str] = {"teachers": "teachers", "researchers": "researchers"}
ALL_SIDES = ("teachers", "researchers", "leaders")
SIDE_OF: Mapping[str, str] = {
    "teacher": "teachers", "coach": "teachers", "researcher": "researchers", "lead": "leaders",
}  # fmt: skip
"""The side for which a role speaks; other roles speak for none."""
MOST_SOURCE = 200
_YEAR = re.compile(r"20\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Goal:
    """A collective goal: its id, words, how it is measured, what is aimed at, and by when."""

    id: str
    text: str
    measure: str = ""
    target: str = ""
    by: str = ""

    @property
    def aim(self) -> float | None:
        """The number in the target, for a line in a chart."""
        found = re.search(r"\d+(?:\.\d+)?", self.target)
        return float(found[0]) if found else None

    @property
    def unit(self) -> str:
        """What stands behind a value of its measure: a sign of percent, or nothing where the target names another unit."""
        return " %" if "percent" in self.target or "%" in self.target else ""


@dataclass(frozen=True, slots=True)
class Driver:
    """What is believed to move goals (`serves`), and the ideas for change that act on it."""

    id: str
    text: str
    serves: tuple[str, ...]
    ideas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Charter:
    """What a partnership has written down together."""

    values: tuple[tuple[str, str], ...]
    goals: tuple[Goal, ...]
    drivers: tuple[Driver, ...]

    @property
    def loose(self) -> tuple[str, ...]:
        """What hangs in the air, in sentences: drivers that serve no goal or have no idea, goals without a driver."""
        known = {one.id for one in self.goals}
        served = {goal for one in self.drivers for goal in one.serves}
        found = [
            f"Driver {one.id} serves no goal of the charter."
            for one in self.drivers
            if not known & set(one.serves)
        ]
        found += [f"Driver {one.id} has no idea for change." for one in self.drivers if not one.ideas]
        if self.drivers:
            found += [f"No driver serves goal {one.id}." for one in self.goals if one.id not in served]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Assent:
    """Somebody's yes to one text of the charter (its blob): from which side, and when."""

    person: str
    side: str
    blob: str
    at: int


def side_of(role: str) -> str:
    """The side for which somebody speaks. Raises `Refused` for roles that speak for none."""
    if role in SIDE_OF:
        return SIDE_OF[role]
    raise Refused("Teachers, coaches, researchers and leads agree to the charter. Nothing was changed.")


def missing_sides(assents: Iterable[Assent], blob: str) -> tuple[str, ...]:
    """The sides that have not yet said yes to this very text."""
    there = {one.side for one in assents if one.blob == blob}
    return tuple(side for side in SIDES if side not in there)


@dataclass(frozen=True, slots=True)
class Point:
    """A measured value of a goal in a school year (`2026-27`), in the unit of its target, and where it comes from."""

    goal: str
    year: str
    value: float
    source: str
    person: str = ""
    at: int = 0


def checked_point(goals: Sequence[Goal], goal: str, year: str, value: str, source: str) -> Point:
    """A point from what was typed. Raises `Refused`."""
    if all(one.id != goal for one in goals):
        raise Refused("The charter has no such goal. Nothing was changed.")
    if not _YEAR.fullmatch(year) or int(year[5:]) != (int(year[2:4]) + 1) % 100:
        raise Refused("Write the school year as 2026-27. Nothing was changed.")
    number = value.strip().rstrip("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", number):
        raise Refused("Write the value as a number. Nothing was changed.")
    words = " ".join(source.split())
    if not words or len(words) > MOST_SOURCE:
        raise Refused(
            f"Say in at most {MOST_SOURCE} characters where the value comes from. Nothing was changed."
        )
    return Point(goal, year, float(number), words)
