"""Rubrics, and rounds in which people rate one version of a unit by one version of a rubric, each for themselves first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.domain.errors import Refused

MOST_WORDS = 4000
"""Characters in a note, a quotation or a word of discussion."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a rubric asks. A `gate` must reach `Rubric.passing`, or nothing else counts; `levels` say what a value means."""

    id: str
    title: str
    question: str
    gate: bool
    levels: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric in one version: its scale (value and label, rising) and its criteria in order."""

    id: str
    title: str
    version: str
    scale: tuple[tuple[int, str], ...]
    criteria: tuple[Criterion, ...]

    @property
    def values(self) -> tuple[int, ...]:
        """The values of the scale, the lowest first."""
        return tuple(value for value, _ in self.scale)

    @property
    def passing(self) -> int:
        """The value that a gate must reach: the upper half of the scale."""
        return self.values[len(self.values) // 2]

    def label(self, value: int) -> str:
        """The word of a value."""
        return dict(self.scale).get(value, str(value))


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's value for one criterion, why, and the words of a text that show it (`path` and `quote`)."""

    criterion: str
    value: int
    note: str = ""
    path: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who was invited; `at` is when their rating came in (seconds since 1970), 0 before."""

    person: str
    at: int = 0


class Sealed:
    """What several people judge, each for themselves first: the one rule of who may see what others gave."""

    __slots__ = ()
    closed: bool
    reviewers: tuple[Reviewer, ...]

    def reviewer(self, person: str) -> Reviewer | None:
        """The reviewer with this key."""
        return next((one for one in self.reviewers if one.person == person), None)

    @property
    def whole(self) -> bool:
        """Whether no further rating can come: all are in, or it was closed."""
        return self.closed or all(one.at for one in self.reviewers)

    def shows(self, person: str) -> bool:
        """Whether somebody may see others' ratings: one's own is in, or no further rating can come."""
        own = self.reviewer(person)
        return self.whole or (own is not None and own.at > 0)

    def awaits(self, person: str) -> bool:
        """Whether a rating of this person is still asked for."""
        own = self.reviewer(person)
        return own is not None and not own.at and not self.closed


@dataclass(frozen=True, slots=True)
class Round(Sealed):
    """A round: a unit (its id) in one version, a rubric in one version, and who rates. `closed` takes no rating any more.

    A `calibration` has anchor scores of whoever opened it; it says how raters judge, and nothing of the unit.
    """

    key: str
    unit: str
    title: str
    version: str
    rubric: Rubric
    opened_by: str
    at: int
    closed: bool
    reviewers: tuple[Reviewer, ...]
    calibration: bool = False


def checked(rubric: Rubric, ratings: Iterable[Rating]) -> tuple[Rating, ...]:
    """A whole rating in the order of the rubric. Raises `Refused` with what is missing or does not fit."""
    given = {one.criterion: one for one in ratings}
    found = []
    for criterion in rubric.criteria:
        one = given.get(criterion.id)
        if one is None or one.value not in rubric.values:
            raise Refused(f"Choose a value for “{criterion.title}”. Nothing was handed in yet.")
        if one.value > rubric.values[0] and not one.quote.strip():
            raise Refused(f"Copy the words that show it for “{criterion.title}”. Nothing was handed in yet.")
        if one.value == rubric.values[0] and not (one.note.strip() or one.quote.strip()):
            raise Refused(
                f"Say in a few words what you missed for “{criterion.title}”. Nothing was handed in yet."
            )
        if max(len(one.note), len(one.quote)) > MOST_WORDS:
            raise Refused(f"The words for “{criterion.title}” are too many. Nothing was handed in yet.")
        found.append(one)
    return tuple(found)


def gate_holds(rubric: Rubric, values: Mapping[str, int]) -> bool:
    """Whether every gate of the rubric is passed by these values (criterion to value)."""
    return all(values.get(one.id, rubric.values[0]) >= rubric.passing for one in rubric.criteria if one.gate)


def as_units(rubric: Rubric, ratings: Mapping[str, Sequence[Rating]]) -> list[tuple[int | None, ...]]:
    """The ratings of all persons (key to ratings) as agreement reads them: a row for each criterion, a place for each person."""
    persons = sorted(ratings)
    values = {person: {one.criterion: one.value for one in ratings[person]} for person in persons}
    return [tuple(values[person].get(criterion.id) for person in persons) for criterion in rubric.criteria]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How one person's ratings lie beside the anchors: of `count` criteria how many are the same, and the same or next to
    it; `severity` is the mean of rating minus anchor, below zero where the person rates lower than the anchors."""

    person: str
    count: int
    exact: Fraction
    adjacent: Fraction
    severity: Fraction


def calibrated(
    rows: Iterable[tuple[Mapping[str, int], Mapping[str, Sequence[Rating]]]],
) -> tuple[Calibrated, ...]:
    """Each person beside the anchors, over several rounds: rows of anchors (criterion to value) and ratings (person to
    ratings). Sorted by person."""
    apart: dict[str, list[int]] = {}
    for anchors, ratings in rows:
        for person, given in ratings.items():
            apart.setdefault(person, []).extend(
                one.value - anchors[one.criterion] for one in given if one.criterion in anchors
            )
    return tuple(
        Calibrated(
            person,
            len(steps),
            Fraction(sum(step == 0 for step in steps), len(steps)),
            Fraction(sum(abs(step) <= 1 for step in steps), len(steps)),
            Fraction(sum(steps), len(steps)),
        )
        for person, steps in sorted(apart.items())
        if steps
    )
