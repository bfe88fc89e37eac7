"""Hides whose a writer's number is, and who may bring words that were written under it.

A browser writes under a number of its own, which it tells when it comes. Under somebody else's number nobody writes; but
what others saw of a writer's words may be lost by the disk when the power fails, and then whoever comes back first brings
them. So words of a writer who is not back are taken from anybody, and of one who is back so much as it said that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

SERVER = ""
"""Whose the studio's own changes are."""


class Owners:
    """The numbers of one document. `known`: of those that wrote, the person, as the journal keeps it."""

    def __init__(self, known: Mapping[int, str]) -> None:
        self.known = dict(known)
        self._back: dict[int, tuple[str, int]] = {}

    def came(self, person: str, writers: Sequence[int], has: Mapping[int, int]) -> None:
        """A browser is back: its numbers, and of each writer how much it has. A number that is another's stays theirs."""
        for writer in writers:
            owner, most = self._back.get(writer, (person, 0))
            if owner == person == self.known.get(writer, person):
                self._back[writer] = person, max(most, has.get(writer, 0))

    def left(self, writers: Sequence[int]) -> None:
        """A browser is gone; what it never wrote under is nobody's again."""
        for writer in writers:
            if writer not in self.known:
                self._back.pop(writer, None)

    def admits(self, person: str, fresh: Mapping[int, int]) -> bool:
        """Whether somebody may write or bring these words (for each writer up to which unit)."""
        for writer, end in fresh.items():
            owner, most = self._back.get(writer, (person, 0))
            if self.known.get(writer) == SERVER or (owner != person and end > most):
                return False
        return True

    def wrote(self, person: str, writers: Iterable[int]) -> bool:
        """Somebody's words came in; whether all of them are that person's own."""
        own = True
        for writer in writers:
            if self._back.get(writer, ("", 0))[0] == person:
                self.known.setdefault(writer, person)
            own = own and self.known.get(writer) == person
        return own

    def give(self, person: str, writers: Iterable[int]) -> None:
        """These numbers are somebody's, where they are nobody's yet."""
        for writer in writers:
            self.known.setdefault(writer, person)
