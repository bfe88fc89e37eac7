"""Hides how what several people type at once is accepted, kept and told to the others, and in which order.

The order is the journal's. An update is read, appended, and only once the system has it, so that no killed process can
lose it, applied to the text and told to everybody else; what queued meanwhile goes out as one. Its writer hears that it
is saved once it is on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog

from curriculum_studio.live import frames, journal
from curriculum_studio.live.journal import Entry, Kept
from curriculum_studio.live.journal_writer import Journal
from curriculum_studio.live.owners import Owners
from curriculum_studio.live.people import Member, colour_for
from curriculum_studio.live.text import SharedText, readable, together
from curriculum_studio.live.updates import Damaged, Update, read_update, state_of, state_vector

MOST_TEXT = 256 * 1024
"""Bytes of a text; the same that a saved version may have."""
_PRESSED, _GATHERED, _LONGEST = 2000.0, 0.1e-6, 0.03
"""Frames a second from which on a room gathers, seconds of it for each of them, and at most."""

Later = Callable[["Writing"], None]
Gone = Mapping[str, Mapping[int, int]]
"""What the earlier histories of a document held at their ends, by their epochs."""


class Writing:
    """The text of one open document and who writes it. All runs on the loop; the journal answers on it too."""

    def __init__(self, document: str, kept: Kept, book: Journal, touched: Later, gone: Gone) -> None:
        self.document, self.epoch = document, kept.epoch
        self.blob, self.base_state, self.upto = kept.blob, kept.state, kept.upto
        self.owners = Owners(kept.owners)
        self.entries: list[Entry] = list(kept.entries)
        self.members: set[Member] = set()
        self.closed = ""
        self.touched_at = time.monotonic()
        self.book, self.touched, self._gone = book, touched, gone
        self.log = structlog.get_logger().bind(document=document)
        self.flying = 0
        self.out: list[tuple[Member | None, bytes]] = []
        self._told: tuple[float, float] = (time.monotonic(), 0.0)
        self._space, self._coming = 0, 0
        self._load()

    def _load(self) -> None:
        self.text = SharedText([self.base_state, *(entry.body for entry in self.entries)])
        self.applied = self.text.known()
        self.known = dict(self.applied)
        self._halves: set[tuple[int, int]] = set()
        self._halves.update(read_update(self.base_state).halves)
        for entry in self.entries:
            update = read_update(entry.body)
            self._halves.update(update.halves)
            if entry.kind != "brought":
                self.owners.give(entry.author, update.runs)

    # Who is here ---------------------------------------------------------------------------------------------

    def join(self, member: Member, epoch: str, writers: Sequence[int], state: bytes) -> None:
        """Lets somebody in, who writes under these numbers: they get what they lack, or with another epoch the whole text,
        and what the history of that epoch held at its end. Raises `Damaged`."""
        same = epoch == self.epoch
        person, has = member.grant.person, state_of(state) if same and state else {}
        self.owners.came(person, writers, has)
        member.writers = writers
        missing = self.text.update(state if same and state else None)
        member.colour = colour_for(person, lambda: [one for one in self.members if one.joined])
        member.joined = True
        self.members.add(member)
        words = {
            "protocol": frames.PROTOCOL, "you": member.number, "right": member.grant.right, "blob": self.blob,
            "same": same, "people": [one.shown() for one in self.members if one.joined],
            "was": self._gone.get(epoch, {}),
        }  # fmt: skip
        self.send(member, frames.welcome(words, self.epoch, self.text.state(), missing))
        self.tell_all({"joined": member.shown()}, frames.PRESENCE, but=member)
        if same and self.owners.lacks(person, writers, has, self.applied):
            self.refuse(member, "writer", 0, "others wrote under its number")

    def leave(self, member: Member) -> None:
        """Somebody is gone."""
        if member in self.members:
            self.members.discard(member)
            self.owners.left(member.grant.person, member.writers)
            self.touched_at = time.monotonic()
            if member.joined:
                self.tell_all({"left": member.number}, frames.PRESENCE)

    def show(self, member: Member, place: dict[str, Any]) -> None:
        """Tells the others where somebody is in the text."""
        member.place = {key: place[key] for key in ("anchor", "head", "part") if key in place}
        self.tell_all({"at": member.shown()}, frames.PRESENCE, but=member)

    # Writing -------------------------------------------------------------------------------------------------

    def write(self, member: Member, since: int, count: int, content: bytes) -> None:
        """Takes an update from a browser; what cannot be accepted is told to that browser and changes nothing.

        It stands for all of the browser's updates after `since`, up to `count`: where one between is missing, the
        browser is asked for all again, for what only deletes leaves no other gap.
        """
        if not member.writer:
            self.refuse(member, "right", count)
            return
        if self.closed:
            self.refuse(member, "closed", count)
            return
        try:
            update = read_update(content)
            readable(content)
            if update.cuts_character(self._halves, self.known):
                # The library of the room and that of the browsers disagree on what half a character is.
                raise Damaged("it cuts a character in two")
        except Damaged as error:
            self.refuse(member, "damaged", count, str(error))
            return
        if since > member.heard or not update.fits(self.known) or not self._goes_in(update, content):
            self.send(member, frames.again(self.text.state()))
            return
        fresh, size = update.fresh(self.known), update.size(self.known)
        grant = member.grant
        if not self.owners.admits(grant.person, fresh) or self._has_other_words(update):
            self.refuse(member, "writer", count)
            return
        if fresh and not self._has_space(size):
            self.refuse(member, "large", count)
            return
        member.heard = max(member.heard, count)
        self.known |= fresh
        self._halves.update(update.halves)
        kind = "edit" if self.owners.wrote(grant.person, update.runs) else "brought"
        weight = update.added + update.removed
        entry = Entry(self.document, self.epoch, grant.person, grant.name, content, time.time(), weight, kind)
        self.append(entry, update, member, count, size)

    def _has_other_words(self, update: Update) -> bool:
        """Whether it repeats what is known in other words: somebody has written under that writer's number meanwhile."""
        repeats = update.repeats(self.applied)
        if not repeats:
            return False
        there = self.text.update(state_vector({**self.applied, **repeats}))
        return update.contradicts(read_update(there))

    def _goes_in(self, update: Update, content: bytes) -> bool:
        """Whether nothing in it waits for itself in a circle: where that may be, it is tried on a copy."""
        if not update.tied(self.known):
            return True
        trial = SharedText([self.text.update(), content])
        return trial.known() == {**self.applied, **update.fresh(self.applied)}

    def _has_space(self, size: int) -> bool:
        """Whether so many more bytes fit; the text is measured only when the last measure is used up, and what is on its way
        into it (`_coming`) with it."""
        self._space -= size
        if self._space < 0:
            self._space = MOST_TEXT - len(str(self.text).encode()) - self._coming - size
        return self._space >= 0

    def append(
        self, entry: Entry, update: Update, member: Member | None = None, count: int = 0, size: int = 0
    ) -> None:
        """Takes an update of so many bytes of text in: it is applied and told once it is appended, and its writer hears of it
        once it is durable."""
        self.flying += 1
        self._coming += size
        applied = False

        def appended(_: Any) -> None:
            nonlocal applied
            self._coming -= size
            applied = self._appended(entry, update, member)

        def durable(found: Any) -> None:
            self._durable(member if applied else None, count, found)

        self.book.ask(journal.append(entry), durable, appended)

    def _appended(self, entry: Entry, update: Update, member: Member | None) -> bool:
        """Whether the text holds it now."""
        if not update.fits(self.applied):
            # What it builds on was in a batch that the disk refused: its writer sends both again.
            self.log.error("an entry builds on one that was not kept", n=entry.n)
            return False
        try:
            self.take(entry, update, member)
        except Damaged as error:
            self.log.error("an accepted update could not be applied", n=entry.n, why=str(error))
            self.again()
            return False
        self.touched_at = time.monotonic()
        self.touched(self)
        return True

    def take(self, entry: Entry, update: Update, member: Member | None = None) -> None:
        """Makes an entry that the journal has part of the text, to be told with all that is. Raises `Damaged`."""
        self.text.apply(entry.body)
        for table in (self.known, self.applied):
            # Known too: the room may have begun from its journal anew while this was on its way.
            table |= update.fresh(table)
        self._halves.update(update.halves)
        if not entry.typed:
            # Nobody measured it before it came.
            self._space = 0
        self.entries.append(entry)
        self.out.append((member, entry.body))

    def _durable(self, member: Member | None, count: int, found: Any) -> None:
        self.flying -= 1
        if isinstance(found, Exception):
            self._lost(found)
        elif member is not None:
            member.kept = max(member.kept, count)
            self.touched(self)

    def _lost(self, error: Exception) -> None:
        """The journal took nothing: what is in flight is forgotten, and everybody sends it again, later."""
        self.log.error("the journal could not be written", kind=type(error).__name__)
        self.known, self._coming = dict(self.applied), 0
        for member in list(self.members):
            member.line.end(1013, "the journal cannot be written")

    def again(self) -> None:
        """Begins from the journal once more, and lets everybody send what is missing here."""
        self._load()
        for member in self.members:
            self.send(member, frames.again(self.text.state()))

    def flush(self) -> None:
        """Tells everybody what is new since the last time: to all what was written, to each writer what is durable. It is
        called once for a whole batch of the journal."""
        for member in self.members:
            if member.kept > member.told:
                member.told = member.kept
                self.send(member, frames.kept(member.kept))
        self.tell()

    @property
    def pace(self) -> float:
        """Seconds for which this room gathers before it tells: none while it tells little, for a frame costs its sender the
        same whether it holds one word or ten."""
        since, told = self._told
        told *= max(0.0, 1 - (time.monotonic() - since))
        return min(_LONGEST, told * _GATHERED) if told > _PRESSED else 0.0

    def tell(self) -> None:
        """Tells the others what is appended and was not told yet."""
        out, self.out = self.out, []
        if not out:
            return
        now = time.monotonic()
        since, told = self._told
        # How many would have been told in about a second, had each update gone out alone.
        self._told = now, told * max(0.0, 1 - (now - since)) + len(self.members) * len(out)
        writers = {member for member, _ in out}
        alone = next(iter(writers)) if len(writers) == 1 else None
        frame = frames.framed(frames.update(together([body for _, body in out])))
        for member in list(self.members):
            # What was all one's own comes back to nobody.
            if member.joined and member is not alone:
                member.line.send(frame)

    # Telling -------------------------------------------------------------------------------------------------

    def close(self, why: str, words: dict[str, Any]) -> None:
        """Takes no more writing: the text moved or was taken away."""
        self.closed = why
        self.tell_all({"kind": "closed", "why": why, **words}, frames.NOTICE)

    def open(self) -> None:
        """Takes writing again: the text stays where it is, or is back."""
        self.closed = ""
        self.tell_all({"kind": "opened"}, frames.NOTICE)

    def notice(self, words: dict[str, Any], to: int = 0) -> None:
        """Tells everybody, or one browser, something in words."""
        for member in list(self.members):
            if not to or member.number == to:
                self.send(member, frames.in_words(frames.NOTICE, words))

    def refuse(self, member: Member, why: str, count: int, detail: str = "") -> None:
        self.log.warning("refused", why=why, person=member.grant.person, detail=detail)
        self.send(member, frames.in_words(frames.REFUSED, {"why": why, "count": count}))

    def tell_all(self, words: dict[str, Any], kind: int, but: Member | None = None) -> None:
        frame = frames.framed(frames.in_words(kind, words))
        for member in list(self.members):
            if member.joined and member is not but:
                member.line.send(frame)

    def send(self, member: Member, content: bytes) -> None:
        member.line.send(frames.framed(content))
