"""Threads as they are kept: every change together with whom it is told to and what the record waits for, in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.anchors import Anchor, Place
from curriculum_studio.domain.errors import NotFound, Refused, StoreError
from curriculum_studio.domain.reviews import Remark, State, Thread, said
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.notices import tell
from curriculum_studio.storage.review_tables import OutboxRow, RemarkRow, ThreadRow, thread_row

_AT_ONCE = 500


class Reviews:
    """The threads of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self, threads: Iterable[tuple[str, str, Anchor, str | None]], person: str, words: str, told: Mapping[str, str]
    ) -> list[str]:  # fmt: skip
        """Begins threads, given as (text, path, anchor, replacement), with the same first words ("" for none).

        `told` says who is told and as what kind of notice. Gives their keys.
        """
        now, keys = int(time.time()), []
        with self._database.work() as work:
            for text, path, anchor, replacement in threads:
                key = new_key("t")
                place = Place(anchor.blob, anchor.start, anchor.end)
                work.add(thread_row(Thread(key, text, path, anchor, place, person, now, replacement)))
                work.flush()
                if words:
                    work.add(RemarkRow(thread=key, person=person, text=words, at=now))
                keys.append(key)
                work.add(OutboxRow(kind="thread", key=key))
                for who, kind in told.items():
                    tell(work, [who], kind, key, path, words or replacement or "", person)
        return keys

    def get(self, key: str) -> Thread:
        """One thread. Raises `NotFound`."""
        with self._database.look() as look:
            return _thread(look, _row(look, key))

    def of_text(self, text: str, *, only_open: bool = False) -> list[Thread]:
        """The threads on a text, by its id, the oldest first."""
        wanted = select(ThreadRow).where(ThreadRow.text == text).order_by(ThreadRow.at, ThreadRow.key)
        return self._all(wanted.where(ThreadRow.state == "open") if only_open else wanted)

    def everywhere(self, *, only_open: bool = True) -> list[Thread]:
        """The threads on all texts, those last begun first."""
        wanted = select(ThreadRow).order_by(ThreadRow.at.desc(), ThreadRow.key.desc())
        return self._all(wanted.where(ThreadRow.state == "open") if only_open else wanted)

    def counts(self) -> dict[str, int]:
        """How many open threads each text has."""
        wanted = (
            select(ThreadRow.text, func.count()).where(ThreadRow.state == "open").group_by(ThreadRow.text)
        )
        with self._database.look() as look:
            return {row[0]: row[1] for row in look.execute(wanted)}

    def open_on(self, text: str) -> int:
        """How many open threads a text has."""
        wanted = (
            select(func.count())
            .select_from(ThreadRow)
            .where(ThreadRow.text == text, ThreadRow.state == "open")
        )
        with self._database.look() as look:
            return look.scalar(wanted) or 0

    def reply(self, key: str, person: str, words: str, told: Mapping[str, str]) -> None:
        """Adds a remark."""
        with self._database.work() as work:
            row = _row(work, key)
            work.add(RemarkRow(thread=key, person=person, text=said(words), at=int(time.time())))
            for who, kind in told.items():
                tell(work, [who], kind, key, row.path, words, person)
            work.add(OutboxRow(kind="thread", key=key))

    def close(
        self, key: str, person: str, state: State, reason: str, told: Iterable[str] = (), at: int = 0
    ) -> None:
        """Closes an open thread; `at` is the moment of the act where it closes others too (0: now).

        Raises `Refused` where it is closed already.
        """
        with self._database.work() as work:
            row = _row(work, key)
            if row.state != "open":
                raise Refused("Somebody closed this meanwhile. Nothing was changed.")
            row.state, row.reason = state, reason[:200]
            row.closed_by, row.closed_at = person, at or int(time.time())
            tell(work, told, "closed", key, row.path, reason, person)
            record(work, person, f"closed a thread: {state}", key, path=row.path, reason=row.reason)
            work.add(OutboxRow(kind="thread", key=key))

    def reopen(self, key: str, person: str, told: Iterable[str] = ()) -> None:
        """Opens a closed thread again."""
        with self._database.work() as work:
            row = _row(work, key)
            row.state, row.reason, row.closed_by, row.closed_at = "open", "", "", 0
            tell(work, told, "reply", key, row.path, "opened again", person)
            record(work, person, "opened a thread again", key, path=row.path)
            work.add(OutboxRow(kind="thread", key=key))

    def assign(self, key: str, person: str, to: str) -> None:
        """Gives a thread to somebody to look after, or to nobody ("")."""
        with self._database.work() as work:
            row = _row(work, key)
            row.assigned = to
            tell(work, [to], "assigned", key, row.path, row.quote, person)
            work.add(OutboxRow(kind="thread", key=key))

    def place_again(self, key: str, anchor: Anchor) -> None:
        """Says where a thread belongs that had lost its words; the words that it was made on stay as they are."""
        with self._database.work() as work:
            row = _row(work, key)
            row.seen_blob, row.seen_start, row.seen_end = anchor.blob, anchor.start, anchor.end
            row.lost, row.part = False, anchor.part
            work.add(OutboxRow(kind="thread", key=key))

    def found(self, places: Mapping[str, Place | None], path: str) -> None:
        """Keeps where threads' words were found in the newest text (None: lost); who began a lost one is told, once."""
        with self._database.work() as work:
            for row in work.scalars(select(ThreadRow).where(ThreadRow.key.in_([*places]))):
                place = places[row.key]
                if place is None:
                    if not row.lost and row.state == "open":
                        # Nobody sends this notice: the text itself changed.
                        tell(work, [row.person], "lost", row.key, path, row.quote, "-")
                    row.lost = True
                    continue
                row.seen_blob, row.seen_start, row.seen_end = place.blob, place.start, place.end
                row.lost, row.path = False, path

    def _all(self, wanted: Select[Any]) -> list[Thread]:
        with self._database.look() as look:
            rows: list[ThreadRow] = list(look.scalars(wanted))
            remarks: dict[str, list[Remark]] = {}
            keys = [row.key for row in rows]
            for at in range(0, len(keys), _AT_ONCE):
                found = select(RemarkRow).where(RemarkRow.thread.in_(keys[at : at + _AT_ONCE]))
                for one in look.scalars(found.order_by(RemarkRow.number)):
                    remarks.setdefault(one.thread, []).append(Remark(one.person, one.text, one.at))
            return [_made(row, remarks.get(row.key, ())) for row in rows]


def _row(session: Session, key: str) -> ThreadRow:
    row = session.get(ThreadRow, key)
    if row is None:
        raise NotFound("There is no such thread.")
    return row


def _thread(session: Session, row: ThreadRow) -> Thread:
    found = select(RemarkRow).where(RemarkRow.thread == row.key).order_by(RemarkRow.number)
    return _made(row, [Remark(one.person, one.text, one.at) for one in session.scalars(found)])


def _made(row: ThreadRow, remarks: Iterable[Remark]) -> Thread:
    place = Place(row.seen_blob, row.seen_start, row.seen_end)
    return Thread(
        row.key, row.text, row.path, row.anchor, place, row.person, row.at, row.replacement, row.lost, _state(row.state),
        row.reason, row.closed_by, row.closed_at, row.assigned, tuple(remarks),
    )  # fmt: skip


def _state(word: str) -> State:
    for state in get_args(State):
        if state == word:
            return state  # type: ignore[no-any-return]
    raise StoreError(f"A thread is in no state that the studio knows: {word}.")
