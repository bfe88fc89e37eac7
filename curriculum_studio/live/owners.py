"""Hides whose a writer's number is, and who may bring words that were written under it.

A browser writes under a number of its own, which it tells when it comes. Under somebody else's number nobody writes; but
what others saw of a writer's words may be lost by the disk when the power fails, and then whoever comes back first brings
them. So words of a writer who is not back are taken from anybody, and of one who is back so much as it said that it has.
Whether they were that writer's own words shows when the writer comes and sends them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SERVER = ""
"""Whose the studio's own changes are."""


@dataclass(slots=True)
class _Claim:
    """Who came with a number, how much of it they had at most, and how many connections of theirs have it now: one that is
    lost may be noticed after the next one has come."""

    person: str
    has: int = 0
    lines: int = 0


class Owners:
    """The numbers of one document. `known`: of those that wrote, the person, as the journal keeps it."""

    def __init__(self, known: Mapping[int, str]) -> None:
        self.known = dict(known)
        self._back: dict[int, _Claim] = {}

    def came(self, person: str, writers: Sequence[int], has: Mapping[int, int]) -> None:
        """A browser is back: its numbers, and of each writer how much it has. A number that is another's stays theirs."""
        for writer in set(writers):
            if self.known.get(writer, person) != person:
                continue
            claim = self._back.setdefault(writer, _Claim(person))
            if claim.person == person:
                claim.has, claim.lines = max(claim.has, has.get(writer, 0)), claim.lines + 1

    def left(self, person: str, writers: Sequence[int]) -> None:
        """A browser is gone; what it never wrote under is nobody's again."""
        for writer in set(writers):
            claim = self._back.get(writer)
            if claim is None or claim.person != person:
                continue
            claim.lines -= 1
            if not claim.lines and writer not in self.known:
                del self._back[writer]

    def lacks(
        self, person: str, writers: Iterable[int], has: Mapping[int, int], there: Mapping[int, int]
    ) -> bool:
        """Whether more stands there under somebody's own numbers than they have: others wrote it."""
        return any(
            self._back[writer].person == person and has.get(writer, 0) < there.get(writer, 0)
            for writer in writers
            if writer in self._back
        )

    def admits(self, person: str, fresh: Mapping[int, int]) -> bool:
        """Whether somebody may write or bring these words (for each writer up to which unit)."""
        for writer, end in fresh.items():
            claim = self._back.get(writer)
            if self.known.get(writer) == SERVER or (claim and claim.person != person and end > claim.has):
                return False
        return True

    def wrote(self, person: str, writers: Iterable[int]) -> bool:
        """Somebody's words came in; whether all of them are that person's own."""
        own = True
        for writer in writers:
            claim = self._back.get(writer)
            if claim and claim.person == person:
                self.known.setdefault(writer, person)
            own = own and self.known.get(writer) == person
        return own

    def give(self, person: str, writers: Iterable[int]) -> None:
        """These numbers are somebody's, where they are nobody's yet."""
        for writer in writers:
            self.known.setdefault(writer, person)
