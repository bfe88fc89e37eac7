"""Notices: who should know of what, what of it they saw, and how each wants to hear of each kind."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from curriculum_studio.storage.database import Database
from curriculum_studio.storage.review_tables import NoticeChoiceRow, NoticeRow, WeekMailRow

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know: its kind, the thread or request that it is about, the text, the first words, by whom, when."""

    number: int
    person: str
    kind: str
    about: str
    path: str
    words: str
    sender: str
    at: int
    seen: bool


def tell(
    work: Session, people: Iterable[str], kind: str, about: str, path: str, words: str, sender: str
) -> None:
    """Adds a notice for each person but the sender, within a transaction."""
    now = int(time.time())
    for person in sorted(set(people) - {sender, ""}):
        work.add(
            NoticeRow(
                person=person, kind=kind, about=about, path=path, words=" ".join(words.split())[:200], sender=sender,
                at=now, seen=0, mailed=0,
            )
        )  # fmt: skip


class Notices:
    """The notices of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: str, *, unseen: bool = False) -> list[Notice]:
        """A person's notices, the newest first."""
        wanted = select(NoticeRow).where(NoticeRow.person == person).order_by(NoticeRow.number.desc())
        if unseen:
            wanted = wanted.where(NoticeRow.seen == 0)
        with self._database.look() as look:
            return [_made(row) for row in look.scalars(wanted.limit(_KEPT))]

    def seen(self, person: str, about: str = "") -> None:
        """Marks a person's notices as seen: those about one thing, or all."""
        wanted = update(NoticeRow).where(NoticeRow.person == person, NoticeRow.seen == 0)
        if about:
            wanted = wanted.where(NoticeRow.about == about)
        with self._database.work() as work:
            work.execute(wanted.values(seen=int(time.time())))

    def unmailed(self, limit: int = 200) -> list[Notice]:
        """Notices that no mail has gone out for, the oldest first."""
        wanted = select(NoticeRow).where(NoticeRow.mailed == 0).order_by(NoticeRow.number).limit(limit)
        with self._database.look() as look:
            return [_made(row) for row in look.scalars(wanted)]

    def mailed(self, numbers: Iterable[int]) -> None:
        """Marks notices as dealt with: a mail has gone out, or none is wanted."""
        with self._database.work() as work:
            work.execute(
                update(NoticeRow).where(NoticeRow.number.in_([*numbers])).values(mailed=int(time.time()))
            )

    def week_sent(self, person: str) -> str:
        """The Monday (ISO) of the last week that was mailed to somebody, "" for none."""
        with self._database.look() as look:
            row = look.get(WeekMailRow, person)
            return row.week if row is not None else ""

    def sent_week(self, person: str, week: str) -> None:
        """Notes that a week was mailed to somebody, or needs no mail."""
        with self._database.work() as work:
            work.merge(WeekMailRow(person=person, week=week))

    def choices(self, person: str) -> dict[str, str]:
        """How a person wants to hear of each kind; the kind "" holds their address."""
        with self._database.look() as look:
            rows = look.scalars(select(NoticeChoiceRow).where(NoticeChoiceRow.person == person))
            return {row.kind: row.way for row in rows}

    def who_chose(self, kind: str, way: str) -> list[str]:
        """The people who want to hear of a kind in a way."""
        wanted = select(NoticeChoiceRow.person).where(
            NoticeChoiceRow.kind == kind, NoticeChoiceRow.way == way
        )
        with self._database.look() as look:
            return list(look.scalars(wanted.order_by(NoticeChoiceRow.person)))

    def choose(self, person: str, choices: Mapping[str, str]) -> None:
        """Keeps how a person wants to hear of each kind, in place of what they wanted before."""
        with self._database.work() as work:
            work.execute(delete(NoticeChoiceRow).where(NoticeChoiceRow.person == person))
            work.add_all(
                NoticeChoiceRow(person=person, kind=kind, way=way) for kind, way in choices.items() if way
            )


def _made(row: NoticeRow) -> Notice:
    return Notice(
        row.number, row.person, row.kind, row.about, row.path, row.words, row.sender, row.at, row.seen > 0
    )
