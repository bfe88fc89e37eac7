"""The pulse of a partnership: ten statements on five dimensions, what is kept of the answers, and from how many on anything is shown.

The five dimensions are those by which research–practice partnerships are commonly looked at: Henrick, Cobb, Penuel, Jackson
and Clark, *Assessing Research-Practice Partnerships: Five Dimensions of Effectiveness*, William T. Grant Foundation, 2017.
The statements are our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from curriculum_studio.domain.errors import Refused

FEWEST = 10
"""From so many answers on a figure is shown; of fewer nothing is kept once a round has ended."""
SHORTEST, LONGEST = 3, 60
"""Days that a round lasts, at the least and at the most."""
_LOW, _HIGH = 1.5, 4.5


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the five dimensions: its name, and its statements by their keys."""

    key: str
    name: str
    statements: Mapping[str, str]


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "trust",
        "Trust and relationships",
        {
            "trust-open": "I can say openly to the other side what I doubt and what I do not know.",
            "trust-kept": "What we agree with each other is done.",
        },
    ),
    Dimension(
        "rigor",
        "Rigorous research that informs action",
        {
            "rigor-enough": "Before we change something for everybody, we look at evidence that is good enough for that decision.",
            "rigor-timely": "What we find out reaches me in time, and in a form that I can act on.",
        },
    ),
    Dimension(
        "goals",
        "The goals of schools and district",
        {
            "goals-need": "What we work on is what our schools need most this year.",
            "goals-change": "Because of this work, something is different in classrooms.",
        },
    ),
    Dimension(
        "field",
        "Knowledge for others",
        {
            "field-written": "What we learn is written down so that people elsewhere can use it.",
            "field-failed": "We also tell others what did not work.",
        },
    ),
    Dimension(
        "capacity",
        "Growing able",
        {
            "capacity-learned": "Through this work I can do something that I could not do a year ago.",
            "capacity-time": "My working week has room for what this partnership asks of me.",
        },
    ),
)
STATEMENTS: Mapping[str, str] = {key: words for one in DIMENSIONS for key, words in one.statements.items()}
CHOICES: Mapping[int, str] = {
    1: "not at all",
    2: "hardly",
    3: "partly",
    4: "mostly",
    5: "fully",
}
"""How much a statement holds. Who cannot say leaves it open."""

Sums = Mapping[str, tuple[int, int]]
"""For each statement how many have answered it, and the sum of their answers."""


@dataclass(frozen=True, slots=True)
class Round:
    """A round: open until the end of a day (ISO). `answers` and `sums` are empty while it is open, and where fewer than
    ten have answered (`few`)."""

    key: str
    opened: int
    until: str
    closed: bool
    answers: int = 0
    sums: Sums | None = None

    @property
    def few(self) -> bool:
        """Whether it ended with too few answers to keep anything."""
        return self.closed and not self.answers


def ends_on(today: str, until: str) -> str:
    """The last day of a new round. Raises `Refused`."""
    try:
        days = (date.fromisoformat(until) - date.fromisoformat(today)).days
    except ValueError as error:
        raise Refused("Write the last day as a date. Nothing was changed.") from error
    if not SHORTEST <= days <= LONGEST:
        first = date.fromisoformat(today) + timedelta(days=SHORTEST)
        raise Refused(
            f"A round lasts {SHORTEST} to {LONGEST} days, so that everybody finds a quiet minute: choose {first.isoformat()} or later. Nothing was changed."
        )
    return until


def checked_answers(given: Mapping[str, str]) -> dict[str, int]:
    """One person's answers from what was sent: statement to 1…5; what was left open is not in it. Raises `Refused`."""
    found = {}
    for key in STATEMENTS:
        said = given.get(key, "")
        if not said:
            continue
        if said not in {str(one) for one in CHOICES}:
            raise Refused("One of the answers could not be read. Nothing was counted.")
        found[key] = int(said)
    if not found:
        raise Refused("Answer at least one statement. Nothing was counted.")
    return found


def added(sums: Sums, answers: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The sums with one more person's answers in them."""
    return {
        key: (number + (key in answers), total + answers.get(key, 0))
        for key in STATEMENTS
        for number, total in (sums.get(key, (0, 0)),)
    }


def kept(answers: int, sums: Sums) -> tuple[int, Sums]:
    """What stays of a round that has ended: nothing of fewer than ten people, no statement that fewer than ten answered."""
    if answers < FEWEST:
        return 0, {}
    return answers, {key: pair for key, pair in sums.items() if pair[0] >= FEWEST}


@dataclass(frozen=True, slots=True)
class Figure:
    """The mean answer of a dimension or a statement, from 1 to 5; None where it is not shown. Near the ends it is said to be
    beyond a border: a mean of 5 would tell what everybody answered."""

    mean: float | None

    @property
    def words(self) -> str:
        """The figure as it is shown."""
        if self.mean is None:
            return f"fewer than {FEWEST}"
        if self.mean >= _HIGH:
            return f"{_HIGH} or more"
        return f"{_LOW} or less" if self.mean <= _LOW else f"{self.mean:.1f}"


def figure(one: Round, statements: Iterable[str]) -> Figure:
    """The mean over statements, if each of them is kept; bounded as `Figure` says, and rounded to a tenth."""
    pairs = [(one.sums or {}).get(key) for key in statements]
    there = [pair for pair in pairs if pair is not None]
    if not there or len(there) < len(pairs):
        return Figure(None)
    mean = sum(total for _, total in there) / sum(number for number, _ in there)
    return Figure(round(min(_HIGH, max(_LOW, mean)), 1))
