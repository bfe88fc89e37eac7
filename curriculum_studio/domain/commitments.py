"""What each side of a partnership said it would do: by when, whether it was done, and what changed and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from curriculum_studio.domain.errors import Refused

Act = Literal["made", "changed", "done", "dropped"]
ACTS: Mapping[Act, str] = {
    "made": "said so",
    "changed": "changed it",
    "done": "done",
    "dropped": "let it go",
}
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a commitment: from this step on it reads `words` and is due on `due` (ISO); `reason` says why it was
    changed or let go, or what came of it. `day` is the day of the step."""

    act: Act
    words: str
    due: str
    reason: str
    person: str
    at: int
    day: str


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that a side said it would do; its steps from the first on, never taken back."""

    key: str
    side: str
    steps: tuple[Step, ...]

    @property
    def words(self) -> str:
        """What it says now."""
        return self.steps[-1].words

    @property
    def due(self) -> str:
        """The day by which it is to be done, as it is now."""
        return self.steps[-1].due

    @property
    def open(self) -> bool:
        """Whether it still is to be done."""
        return self.steps[-1].act in ("made", "changed")

    @property
    def changed(self) -> bool:
        """Whether it was changed on the way."""
        return any(one.act == "changed" for one in self.steps)

    @property
    def in_time(self) -> bool:
        """Whether it was done by the day that was said first."""
        return self.steps[-1].act == "done" and self.steps[-1].day <= self.steps[0].due

    def late(self, today: str) -> bool:
        """Whether its day has gone by."""
        return self.open and self.due < today


@dataclass(frozen=True, slots=True)
class Kept:
    """How one side has kept to its word: how many it gave, were done by the first day, were done later, are open, late, let go."""

    side: str
    made: int
    in_time: int
    later: int
    open: int
    late: int
    dropped: int


def how_kept(found: Iterable[Commitment], sides: Iterable[str], today: str) -> list[Kept]:
    """For each side how it has kept to its word."""
    rows = list(found)
    made = []
    for side in sides:
        ones = [one for one in rows if one.side == side]
        done = [one for one in ones if one.steps[-1].act == "done"]
        in_time = sum(one.in_time for one in done)
        made.append(
            Kept(
                side,
                len(ones),
                in_time,
                len(done) - in_time,
                sum(one.open for one in ones),
                sum(one.late(today) for one in ones),
                sum(one.steps[-1].act == "dropped" for one in ones),
            )
        )
    return made


def next_step(
    one: Commitment, act: str, words: str, due: str, reason: str, today: str
) -> tuple[Act, str, str, str]:
    """What a step writes down: act, words, day and reason. Raises `Refused` with what is missing."""
    if not one.open:
        raise Refused("This is done or let go already. Look at it again. Nothing was changed.")
    why = " ".join(reason.split())
    if len(why) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")
    if act == "done":
        return "done", one.words, one.due, why
    if not why:
        raise Refused("Say why it changes: the other side counts on it. Nothing was changed.")
    if act == "dropped":
        return "dropped", one.words, one.due, why
    if act != "changed":
        raise Refused("Choose what became of it. Nothing was changed.")
    return "changed", *promised(words or one.words, due or one.due, today), why


def promised(words: str, due: str, today: str) -> tuple[str, str]:
    """Words and day of what somebody says they will do. Raises `Refused`."""
    said = " ".join(words.split())
    if not said or len(said) > MOST_WORDS:
        raise Refused(f"Say in at most {MOST_WORDS} characters what your side will do. Nothing was changed.")
    try:
        day = date.fromisoformat(due)
    except ValueError as error:
        raise Refused("Say by which day. Nothing was changed.") from error
    if not today <= day.isoformat() <= f"{int(today[:4]) + 3}{today[4:7]}-01":
        raise Refused("Choose a day from today on, at most three years ahead. Nothing was changed.")
    return said, day.isoformat()
