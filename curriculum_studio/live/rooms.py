"""Hides which documents are open: opens each from the journal when somebody comes, and lets it go when nobody is there."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from curriculum_studio.domain.errors import NotFound, Refused, StoreError, StudioError
from curriculum_studio.live import frames, journal
from curriculum_studio.live.grants import Grant
from curriculum_studio.live.journal import Entry, Kept
from curriculum_studio.live.journal_writer import Batch, Journal
from curriculum_studio.live.people import Line, Member
from curriculum_studio.live.room import Room, asked, looked, not_there, seeded
from curriculum_studio.live.text import Change
from curriculum_studio.live.updates import Damaged, Reader
from curriculum_studio.live.writing import Writing

MOST_IN_ROOM, MOST_OF_PERSON, MOST = 600, 20, 5000
_EMPTY_SECONDS, _LEFT_SECONDS, _LONGEST_SECONDS = 60.0, 1.5, 3600.0
_FAT = 8
_MOST_REFUSED = 1000
_MOST_WRITERS = 4
_LONGEST_HOLD = 8.0
"""Seconds for which nothing is read from somebody who writes faster than any hand: shorter than a connection lives unheard."""
_TOO_MANY = "This version was not saved: too many were asked for at once. What you wrote is kept; try once more in a minute."
_NO_RIGHT = "This version was not saved: you may read here now, and no longer write."


class Rooms:
    """All open documents of one workspace, and their journal; everything here runs on the loop on which it is made.

    `broken` hears, on another thread, that the disk lost what it had been given.
    """

    def __init__(self, path: Path, broken: Callable[[OSError], None], idle: float = 120.0) -> None:
        self._book, self._idle = Journal(path, self._written, self._settled, broken), idle
        self._open: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Lock] = {}
        self._members: set[Member] = set()
        self._touched: dict[Writing, None] = {}
        self._count = 0
        self.refused: dict[str, tuple[str, str]] = {}
        """Who wrote where they may not (person and document), by a key of each, until that is on record."""
        self.wake = asyncio.Event()
        self.stopping = False
        self._log = structlog.get_logger()

    def _written(self, batch: Batch) -> None:
        """A transaction of the journal is with the system: each room tells what is new in it."""
        for one, found in batch:
            if one.first is not None:
                self._answer(one.first, found)
        self._flush()

    def _settled(self, batch: Batch) -> None:
        """A batch of the journal is durable, or refused: each asker hears it."""
        for one, found in batch:
            self._answer(one.answer, found)
        self._flush()

    def _answer(self, answer: Callable[..., None], *found: Any) -> None:
        try:
            answer(*found)
        except Exception as error:
            # Who cannot take an answer is no reason for the others never to get theirs.
            self._log.error(
                "an answer of the journal could not be taken", kind=type(error).__name__, why=str(error)
            )

    def _flush(self) -> None:
        touched, self._touched = self._touched, {}
        for room in touched:
            self._answer(room.flush)
        if touched:
            self._book.pace = max(room.pace for room in touched)

    def _touch(self, room: Writing) -> None:
        self._touched[room] = None

    # Documents -----------------------------------------------------------------------------------------------

    async def room(self, document: str) -> Room:
        """The room of a document. Raises `NotFound` where nothing is kept of it."""
        found = self._open.get(document)
        if found is not None:
            return found
        async with self._opening.setdefault(document, asyncio.Lock()):
            if document not in self._open:
                kept = await looked(self._book, journal.load(document))
                if kept is None:
                    raise not_there()
                await self._open_room(document, kept)
            return self._open[document]

    async def seed(self, document: str, blob: str, words: str) -> Room:
        """Begins a document with a version's text, where nothing is kept of it yet."""
        async with self._opening.setdefault(document, asyncio.Lock()):
            if document not in self._open:
                kept = await looked(self._book, journal.load(document))
                if kept is None:
                    kept = seeded(words, blob)
                    await asked(self._book, journal.begin(document, kept, time.time()))
                    kept = await looked(self._book, journal.load(document))
                await self._open_room(document, kept)
        return self._open[document]

    async def _open_room(self, document: str, kept: Kept) -> None:
        gone = await looked(self._book, journal.gone(document))
        self._open[document] = Room(document, kept, self._book, self._touch, gone)

    async def standing(self, document: str) -> dict[str, Any]:
        """What a room rests on: its last version, texts that were offered, whether anything was typed since."""
        room = await self.room(document)
        offered = await looked(self._book, journal.offered(document))
        return {"base": room.blob, "offered": offered, "dirty": room.dirty, "epoch": room.epoch}

    async def amend(
        self,
        document: str,
        was: str,
        blob: str,
        changes: Sequence[Change],
        author: tuple[str, str],
        note: str,
        request: str,
    ) -> None:
        """Takes a version from outside in; a request that was done already is done."""
        room = await self.room(document)
        entry = Entry(document, "", author[0], author[1], b"", time.time(), request=request)
        await room.amend(was, blob, changes, entry, note)

    def tell(self, document: str, words: dict[str, Any]) -> None:
        """Tells everybody who has a document open something in words; where nobody has, there is nothing to do."""
        room = self._open.get(document)
        if room is not None:
            room.notice(words)

    async def close(self, document: str, why: str, words: dict[str, Any]) -> None:
        """Lets nobody write there any more: the text moved or was taken away."""
        try:
            room = await self.room(document)
        except NotFound:
            return
        room.close(why, words)
        await room.written()

    async def forget(self, document: str) -> None:
        """Lets a document go whose text is a version by now; who comes back begins with a new history. Raises `StoreError`:
        it is then open as it was."""
        try:
            room = await self.room(document)
        except NotFound:
            return
        async with self._opening.setdefault(document, asyncio.Lock()):
            if self._open.get(document) is not room:
                return
            del self._open[document]
            try:
                await asked(self._book, journal.forget(document, room.applied, time.time()))
            except StoreError:
                # It stands as it was: in another room that was opened of it, those who are here would not be heard of.
                self._open[document] = room
                raise
        for member in list(room.members):
            member.line.end(4410, room.closed or "gone")

    # People --------------------------------------------------------------------------------------------------

    def enter(self, grant: Grant, line: Line) -> Member:
        """A browser has come. Raises `Refused` where there are too many."""
        there = [one for one in self._members if one.grant.document == grant.document]
        mine = sum(one.grant.person == grant.person for one in there)
        if (
            self.stopping
            or len(self._members) >= MOST
            or len(there) >= MOST_IN_ROOM
            or mine >= MOST_OF_PERSON
        ):
            raise Refused("There are too many here.")
        self._count += 1
        member = Member(self._count, grant, line)
        self._members.add(member)
        return member

    def leave(self, member: Member) -> None:
        """A browser is gone."""
        self._members.discard(member)
        room = self._open.get(member.grant.document)
        if room is not None:
            room.leave(member)
            self.wake.set()

    def hear(self, member: Member, content: bytes) -> None:
        """A message from a browser whose room is open; a damaged one ends that connection and concerns nobody else."""
        document = member.grant.document
        try:
            reader = Reader(content)
            kind = reader.byte()
            room = self._open.get(document)
            if room is None:
                raise not_there()
            if kind == frames.JOIN:
                self._join(room, member, reader)
            elif not member.joined:
                raise Damaged("it has not joined")
            else:
                self._heard(room, member, kind, reader)
        except Damaged as error:
            self._log.warning(
                "a damaged message", person=member.grant.person, document=document, why=str(error)
            )
            member.line.end(1007, "damaged")
        except StudioError:
            member.line.end(1013, "not open")

    def _join(self, room: Room, member: Member, reader: Reader) -> None:
        if member.joined:
            raise Damaged("it has joined already")
        if reader.number() != frames.PROTOCOL:
            member.line.end(4426, "the page is older than the studio")
            return
        member.heard = member.kept = member.told = reader.number()
        epoch = reader.text()
        writers = [reader.number() for _ in range(min(reader.number(), _MOST_WRITERS + 1))]
        if len(writers) > _MOST_WRITERS:
            raise Damaged("it writes under too many numbers")
        room.join(member, epoch, writers, reader.rest())
        if room.closed:
            room.notice({"kind": "closed", "why": room.closed}, member.number)

    def _heard(self, room: Room, member: Member, kind: int, reader: Reader) -> None:
        if kind == frames.UPDATE:
            self._slow(member, member.writes.take())
            if not member.writer:
                self._note_refusal(member)
            room.write(member, reader.number(), reader.number(), reader.rest())
        elif kind == frames.PRESENCE:
            words = frames.words_of(reader, 2048)
            if not member.looks.take():
                room.show(member, words)
        elif kind == frames.NAME:
            words = frames.words_of(reader)
            wait = member.asks.take()
            self._slow(member, wait)
            ask = str(words.get("ask", ""))[:64] or secrets.token_hex(8)
            # What was read at one go with many others is not accepted, and told so: never forgotten.
            why = _NO_RIGHT if not member.writer else _TOO_MANY if wait > _LONGEST_HOLD else ""
            if why:
                room.notice({"kind": "noversion", "text": why, "asks": [ask]}, member.number)
            else:
                room.ask_version(member, ask, str(words.get("note", ""))[:300], self.wake.set)
        elif kind == frames.ALIVE:
            member.line.send(frames.framed(bytes([frames.ALIVE])))
        elif kind == frames.CHECK:
            number, total, quiet = reader.number(), reader.number(), reader.number()
            room.checked(member, number, total, quiet == 1)
        else:
            raise Damaged("its kind is not known")

    def _slow(self, member: Member, seconds: float) -> None:
        """Who is faster than any hand waits, and loses nothing."""
        if seconds:
            member.line.hold(min(seconds, _LONGEST_HOLD))

    def _note_refusal(self, member: Member) -> None:
        """The record is the web side's; a browser that goes on trying fills it with no second entry."""
        if not member.refused and len(self.refused) < _MOST_REFUSED:
            member.refused = True
            self.refused[secrets.token_hex(8)] = member.grant.person, member.grant.document
            self.wake.set()

    def right(self, person: str, sign_in: str, document: str, right: str) -> None:
        """Somebody's right has changed ("": none is left), for one of their sign-ins."""
        for member in list(self._members):
            grant = member.grant
            if (grant.person, grant.sign_in, grant.document) != (person, sign_in, document):
                continue
            if not right:
                member.line.end(4403, "no right")
            elif right != grant.right:
                member.grant = grant.with_right(right)
                room = self._open.get(document)
                if room is not None:
                    room.notice({"kind": "right", "right": right}, member.number)

    # What waits ----------------------------------------------------------------------------------------------

    def waiting(self) -> list[dict[str, Any]]:
        """Every open document: its version, whether it should become a new one now, and who is there."""
        rows = []
        for room in self._open.values():
            people = sorted({(one.grant.person, one.grant.sign_in, one.grant.right) for one in room.members})
            rows.append(
                {
                    "document": room.document,
                    "base": room.blob,
                    "due": self._due(room),
                    "dirty": room.dirty,
                    "people": people,
                }
            )
        return rows

    def _due(self, room: Room) -> bool:
        if room.asks:
            return True
        if not room.dirty:
            return False
        quiet = time.monotonic() - room.touched_at
        alone = not any(one.writer for one in room.members)
        first = next((entry.at for entry in room.edits), time.time())
        return quiet > (_LEFT_SECONDS if alone else self._idle) or time.time() - first > _LONGEST_SECONDS

    async def tidy(self) -> None:
        """Closes what nobody uses; ends who has no right any more, because their time is over."""
        now = time.time()
        for member in list(self._members):
            if member.grant.until <= now:
                member.line.end(4403, "the sign-in has ended")
        for document, room in list(self._open.items()):
            idle = time.monotonic() - room.touched_at
            used = room.dirty or room.asks or room.turn.locked() or idle < _EMPTY_SECONDS
            if used or any(one.grant.document == document for one in self._members):
                continue
            # While another was let go this one may have gone too, and come again.
            if self._open.get(document) is not room:
                continue
            del self._open[document]
            self._opening.pop(document, None)
            if len(room.base_state) > _FAT * len(str(room.text).encode()) + 65536:
                await asked(self._book, journal.forget(document, room.applied, now))

    async def unversioned(self) -> None:
        """Opens every document of which something was typed and is no version yet: after a start, none is forgotten."""
        for document in await looked(self._book, journal.unsettled()):
            try:
                await self.room(document)
            except (StudioError, Damaged) as error:
                # The others are not to wait for one that cannot be read.
                self._log.error("a room could not be opened", document=document, why=str(error))

    async def stop(self) -> None:
        """Ends every connection; the journal holds everything already."""
        self.stopping = True
        self.wake.set()
        for member in list(self._members):
            member.line.end(1012, "the studio starts anew")
        for room in list(self._open.values()):
            await room.written()

    def end(self) -> None:
        """Ends the journal, after all that was asked of it is durable."""
        self._book.close()
