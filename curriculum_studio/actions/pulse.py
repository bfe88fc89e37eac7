"""What people do with the pulse: open a round, answer once without leaving a trace, and look at it over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.pulse import (
    DIMENSIONS,
    Dimension,
    Figure,
    Round,
    checked_answers,
    ends_on,
    figure,
)
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Health:
    """The pulse over time: the round that is open and whether the one who looks has answered in it; those that have ended,
    the oldest first; for each dimension a figure for each of these, and so for each statement."""

    open: Round | None
    answered: bool
    ended: tuple[Round, ...]
    dimensions: tuple[tuple[Dimension, tuple[Figure, ...]], ...]
    statements: Mapping[str, tuple[Figure, ...]]


def today() -> str:
    """The day (UTC) as it counts for rounds."""
    return datetime.now(UTC).date().isoformat()


def health(studio: Studio, person: Person) -> Health:
    """The pulse as everybody may see it."""
    rounds = studio.pulse.rounds(today())
    ended = tuple(one for one in rounds if one.closed)
    now = next((one for one in rounds if not one.closed), None)
    return Health(
        now,
        now is not None and studio.pulse.has_answered(now.key, person.key),
        ended,
        tuple((one, tuple(figure(row, one.statements) for row in ended)) for one in DIMENSIONS),
        {key: tuple(figure(row, (key,)) for row in ended) for one in DIMENSIONS for key in one.statements},
    )


def waits_for_answer(studio: Studio, person: Person) -> Round | None:
    """The open round, if somebody may answer in it and has not."""
    now = next((one for one in studio.pulse.rounds(today()) if not one.closed), None)
    if now is None or not person.may("share") or studio.pulse.has_answered(now.key, person.key):
        return None
    return now


def open_pulse(studio: Studio, person: Person, until: str) -> str:
    """Opens a round until the end of a day; gives its key."""
    if not person.may("rounds"):
        raise Refused("Researchers and leads open a round. Nothing was changed.")
    studio.pulse.rounds(today())
    return studio.pulse.open(ends_on(today(), until), person.key)


def answer_pulse(studio: Studio, person: Person, given: Mapping[str, str]) -> None:
    """Counts one person's answers in, in the round that is open. Raises `Refused`."""
    if not person.may("share"):
        raise Refused("Teachers, researchers, coaches and leads answer. Nothing was counted.")
    now = next((one for one in studio.pulse.rounds(today()) if not one.closed), None)
    if now is None:
        raise Refused("No round is open. Nothing was counted.")
    studio.pulse.answer(now.key, person.key, checked_answers(given))
