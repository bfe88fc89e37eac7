"""Hides what becomes of a document that is written together: versions of it, versions from outside, and whether all
who look at it have the same."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from curriculum_studio.domain.errors import NotFound, Refused, StoreError
from curriculum_studio.live import frames, journal
from curriculum_studio.live.journal import Entry, Kept
from curriculum_studio.live.journal_writer import Journal
from curriculum_studio.live.owners import SERVER
from curriculum_studio.live.people import Member
from curriculum_studio.live.text import Change, SharedText, blob_of, sum_of
from curriculum_studio.live.updates import read_update
from curriculum_studio.live.writing import Gone, Later, Writing

_CHECK_SECONDS = 0.4


class Room(Writing):
    """One open document: the writing of it, and its versions."""

    def __init__(self, document: str, kept: Kept, book: Journal, touched: Later, gone: Gone) -> None:
        super().__init__(document, kept, book, touched, gone)
        self.turn = asyncio.Lock()
        self.asks: dict[str, str] = {}
        """The notes of versions that were asked for and are not made yet, by the asker's own name for its ask."""
        self._sums: dict[int, tuple[int, bool]] = {}
        self._checks = 0

    # Versions ------------------------------------------------------------------------------------------------

    @property
    def edits(self) -> list[Entry]:
        """What was typed since the last version."""
        return [entry for entry in self.entries if entry.typed and entry.n > self.upto]

    @property
    def dirty(self) -> bool:
        """Whether anything was typed since the last version, or is about to be durable."""
        return self.flying > 0 or any(entry.typed and entry.n > self.upto for entry in self.entries)

    def ask_version(self, member: Member, ask: str, note: str, wake: Callable[[], None]) -> None:
        """Somebody wants a version. An ask that was answered, and of which only the answer was lost, is answered again."""

        def found(blob: Any) -> None:
            if isinstance(blob, str) and blob:
                self.notice({"kind": "version", "blob": blob, "asks": [ask]}, member.number)
            else:
                self.asks[ask] = note
                wake()

        self.book.ask(journal.answered(self.document, ask), found)

    def refuse_asks(self, words: dict[str, Any]) -> None:
        """No version can be made now; whoever asked is told, and may ask again."""
        self.notice({**words, "asks": list(self.asks)})
        self.asks.clear()

    async def offer(self) -> dict[str, Any]:
        """The text as it is, for a version: its state is durable before anybody else sees the text."""
        async with self.turn:
            await self.written()
            await self._compare()
            self._clean()
            await self.written()
            words, n = str(self.text), max((entry.n for entry in self.entries), default=self.upto)
            edits, asks = self.edits, dict(self.asks)
            blob, state, owners = blob_of(words), self.text.update(), dict(self.owners.known)
            await self._ask(journal.offer(self.document, blob, n, state, owners, time.time(), list(asks)))
            typed: dict[str, list[Any]] = {}
            for entry in edits:
                typed.setdefault(entry.author, [entry.name, 0])[1] += entry.weight
            authors = sorted(
                ((key, name, weight) for key, (name, weight) in typed.items()), key=lambda one: -one[2]
            )
            return {
                "text": words, "blob": blob, "base": self.blob, "authors": [list(one[:2]) for one in authors],
                "notes": list(dict.fromkeys(note for note in asks.values() if note)), "n": n,
            }  # fmt: skip

    async def settle(self, blob: str, note: str = "", by: str = "") -> bool:
        """An offered text has become a version; whether it had been offered."""
        async with self.turn:
            if blob == self.blob and not self.dirty:
                asks = self._answered(await self._ask(journal.answer(self.document, blob)))
                if asks:
                    text = "Nothing was changed since the last version."
                    self.notice({"kind": "nothing", "text": text, "asks": asks})
                return True
            offered = await looked(self.book, journal.checkpoint(self.document, blob))
            if offered is None:
                return blob == self.blob
            n, state, owners = offered
            if n < self.upto:
                return True
            asks = self._answered(
                await self._ask(journal.settle(self.document, blob, n, state, owners, time.time()))
            )
            self.blob, self.base_state, self.upto = blob, state, n
            self.entries = [entry for entry in self.entries if entry.n > n]
            words = {"kind": "version", "blob": blob, "note": note, "by": by, "asks": asks}
            self.tell_all(words, frames.NOTICE)
            return True

    def _answered(self, asks: list[str]) -> list[str]:
        for ask in asks:
            self.asks.pop(ask, None)
        return asks

    async def amend(self, was: str, blob: str, changes: Sequence[Change], entry: Entry, note: str) -> None:
        """Takes in a version from outside: its changes are made on a fork of the state that is stored with the last
        version, and the fork is merged, so that nothing that was typed since is lost or moved.

        Raises `Refused` where the room's last version is not `was`, or the changes do not lead to `blob`.
        """
        async with self.turn:
            if blob == self.blob:
                return
            if was != self.blob:
                raise Refused("The room has another version by now.")
            await self.written()
            fork_writer = await self._writer_of(was, blob)
            fork = SharedText([self.base_state], fork_writer)
            before = fork.state()
            fork.change(changes)
            if blob_of(str(fork)) != blob:
                raise Refused("The changes do not lead to that version.")
            owners = {**self.owners.known, fork_writer: SERVER}
            entry.document, entry.epoch, entry.body, entry.kind = (
                self.document,
                self.epoch,
                fork.update(before),
                "amend",
            )
            state, update = fork.update(), read_update(entry.body)

            # Nobody sees it before the disk has it: it would come in again as a part of a later version, and stand twice.
            entry.n = await self._ask(journal.amend(entry, blob, state, owners))
            self.blob, self.base_state = blob, state
            self.owners.known[fork_writer] = SERVER
            self.take(entry, update)
            self.flush()
            self.tell_all(
                {"kind": "outside", "blob": blob, "by": entry.name, "person": entry.author, "note": note},
                frames.NOTICE,
            )

    async def _writer_of(self, was: str, blob: str) -> int:
        """The number under which a version from outside comes in: always the same for the same one, so that what a browser
        saw of it before the power failed is what comes in once more, and known to nobody else."""
        secret = await looked(self.book, journal.secret)
        sealed = hmac.digest(secret, f"{self.document}\0{was}\0{blob}".encode(), hashlib.sha256)
        return int.from_bytes(sealed[:4])

    async def written(self) -> None:
        """Waits until all that was asked of the journal so far is written, or refused; what is typed meanwhile is not waited
        for, nor is the disk: what is made durable afterwards makes it durable too."""
        over = asyncio.Event()
        self.book.ask(lambda _: None, lambda _: over.set(), lambda _: over.set())
        await over.wait()

    def _clean(self) -> None:
        """Takes out the one character that no version may hold."""
        words = str(self.text)
        if "\0" in words:
            self.edit([(place, place + 1, "") for place, char in enumerate(words) if char == "\0"])

    def edit(self, changes: Sequence[Change]) -> None:
        """An edit of the studio itself."""
        fork = SharedText([self.text.update()])
        before = fork.state()
        fork.change(changes)
        body = fork.update(before)
        update = read_update(body)
        self.known |= update.fresh(self.known)
        self.owners.give(SERVER, update.runs)
        entry = Entry(self.document, self.epoch, SERVER, "", body, time.time(), kind="amend")
        self.append(entry, update)

    # Looking whether all have the same -----------------------------------------------------------------------

    async def _compare(self) -> None:
        """The room against its journal, then the browsers against the room; a difference is repaired and logged."""
        again = SharedText([self.base_state, *(entry.body for entry in self.entries)])
        if str(again) != str(self.text) or again.known() != self.text.known():
            self.log.error("the room was not what its journal holds; it is now")
            self.again()
        asked = [member for member in self.members if member.joined]
        if not asked:
            return
        self._checks += 1
        number, wanted = self._checks, sum_of(str(self.text))
        self.tell()
        self._sums.clear()
        for member in asked:
            self.send(member, frames.check(number))
        end = time.monotonic() + _CHECK_SECONDS
        while time.monotonic() < end and any(one.checked < number and one in self.members for one in asked):
            await asyncio.sleep(0.005)
        for member in asked:
            found = self._sums.get(member.number)
            if found is not None and found[1] and found[0] != wanted:
                self.log.error("a browser had another text; it begins anew", person=member.grant.person)
                self.refuse(member, "different", 0)

    def checked(self, member: Member, number: int, total: int, quiet: bool) -> None:
        """A browser's sum of its text; `quiet` where nothing of its own was under way."""
        member.checked = max(member.checked, number)
        if number == self._checks:
            self._sums[member.number] = total, quiet

    async def _ask(self, work: journal.Work) -> Any:
        return await asked(self.book, work)


async def asked(book: Journal, work: journal.Work) -> Any:
    """What a piece of work gave, once it is durable. Raises `StoreError` where the journal could not do it."""
    answer, done = _answer()
    book.ask(work, done)
    return await answer


async def looked(book: Journal, work: journal.Work) -> Any:
    """What a piece of work gave that changes nothing: nobody waits for the disk. Raises `StoreError` as `asked` does."""
    answer, done = _answer()
    book.ask(work, done, done)
    return await answer


def _answer() -> tuple[asyncio.Future[Any], Callable[[Any], None]]:
    """What is waited for, and who is to be told."""
    answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def done(found: Any) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            fault = StoreError("What is being written could not be kept: the disk may be full.")
            fault.__cause__ = found
            answer.set_exception(fault)
        else:
            answer.set_result(found)

    return answer, done


def new_epoch() -> str:
    """A name for a history that begins now."""
    return secrets.token_hex(8)


def seeded(words: str, blob: str) -> Kept:
    """A document that begins with a version's text. Raises `Refused` where the text is not that version's."""
    if blob_of(words) != blob:
        raise Refused("The text is not that of the version.")
    made = SharedText.of(words)
    return Kept(new_epoch(), blob, made.update(), 0, {made.writer: SERVER})


def not_there() -> NotFound:
    """Nothing is kept of this document."""
    return NotFound("Nobody has written here yet.")
