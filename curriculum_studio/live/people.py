"""Hides who is in a room: what each may do, how fast, and what the others see of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from curriculum_studio.live.grants import Grant

COLOURS = 8
_BURST, _RATE = 400.0, 120.0
_LOOKS, _LOOK_RATE = 20.0, 12.0
_ASKS, _ASK_RATE = 20.0, 0.5


class Line(Protocol):
    """The way to one browser."""

    def send(self, frame: bytes) -> None:
        """Sends a frame that is ready for the wire; a browser that is too slow for it is dropped."""

    def hold(self, seconds: float) -> None:
        """Reads nothing more for a while."""

    def end(self, code: int, why: str) -> None:
        """Ends the connection."""


@dataclass(slots=True)
class Allowance:
    """So many at once, so many a second."""

    most: float
    rate: float
    left: float = 0.0
    at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.most

    def take(self) -> float:
        """Takes one; gives the seconds to wait where too many were taken (0: none)."""
        now = time.monotonic()
        self.left = min(self.most, self.left + (now - self.at) * self.rate) - 1
        self.at = now
        return 0.0 if self.left >= 0 else -self.left / self.rate


@dataclass(eq=False, slots=True)
class Member:
    """One browser in a room. `place` is what it tells of its cursor; who it is, the room says.

    Of its updates, numbered by itself, `heard` is the last that was accepted, `kept` the last that is durable, and
    `told` the last of which it knows that. `writers` are the numbers under which it writes. `refused` where it wrote
    without the right to, which is put on record once.
    """

    number: int
    grant: Grant
    line: Line
    joined: bool = False
    colour: int = 0
    place: dict[str, Any] = field(default_factory=dict)
    writers: Sequence[int] = ()
    heard: int = 0
    kept: int = 0
    told: int = 0
    checked: int = 0
    refused: bool = False
    writes: Allowance = field(default_factory=lambda: Allowance(_BURST, _RATE))
    looks: Allowance = field(default_factory=lambda: Allowance(_LOOKS, _LOOK_RATE))
    asks: Allowance = field(default_factory=lambda: Allowance(_ASKS, _ASK_RATE))

    @property
    def writer(self) -> bool:
        """Whether it may write."""
        return self.grant.right == "write"

    def shown(self) -> dict[str, Any]:
        """What the others see: the name comes from the grant, never from the browser."""
        return {"id": self.number, "person": self.grant.person, "name": self.grant.name, "colour": self.colour,
                "writes": self.writer, "place": self.place}  # fmt: skip


def colour_for(person: str, there: Callable[[], list[Member]]) -> int:
    """A colour that nobody else in the room has, where there are enough; one person has one colour."""
    taken: dict[int, int] = {}
    for one in there():
        if one.grant.person == person:
            return one.colour
        taken[one.colour] = taken.get(one.colour, 0) + 1
    return min(range(COLOURS), key=lambda colour: (taken.get(colour, 0), colour))
