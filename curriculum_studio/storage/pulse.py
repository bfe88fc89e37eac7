"""Rounds of the pulse: what is kept are sums, and nothing hands out the sums of a round that is open."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.pulse import Round, added, kept
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_partnership import PulseMarkRow, PulseRow


class Pulse:
    """The rounds of one workspace. `key` is the file of its secret key, which lies outside the database: without it nobody
    can tell whose a mark is."""

    def __init__(self, database: Database, key: Path) -> None:
        self._database, self._key = database, key

    def open(self, until: str, person: str) -> str:
        """Begins a round; gives its key. Raises `Refused` where one is open."""
        with self._database.work() as work:
            if work.scalar(select(PulseRow.key).where(~PulseRow.closed)):
                raise Refused("A round is open already. Nothing was changed.")
            key = f"u-{secrets.token_hex(6)}"
            work.add(
                PulseRow(key=key, opened=int(time.time()), until=until, closed=False, answers=0, sums="{}")
            )
            record(work, person, "opened a round of the pulse", key, until=until)
        return key

    def answer(self, key: str, person: str, answers: Mapping[str, int]) -> None:
        """Counts one person's answers in. Raises `NotFound`, and `Refused` where they have answered or the round is over.

        The record gets no line: its order and moments would tell who answered when.
        """
        with self._database.work() as work:
            row = work.get(PulseRow, key, with_for_update=True)
            if row is None:
                raise NotFound("There is no such round.")
            if row.closed:
                raise Refused("This round has ended. Nothing was counted.")
            mark = self._mark(key, person)
            if work.get(PulseMarkRow, mark) is not None:
                raise Refused(
                    "You have answered in this round. It cannot be changed, for nobody can tell which answers are yours."
                )
            work.add(PulseMarkRow(mark=mark, pulse=key))
            row.answers += 1
            row.sums = json.dumps(added(_sums(row), answers))

    def has_answered(self, key: str, person: str) -> bool:
        """Whether somebody has answered in a round that is open; for that person alone."""
        with self._database.look() as look:
            return look.get(PulseMarkRow, self._mark(key, person)) is not None

    def rounds(self, today: str) -> list[Round]:
        """All rounds, the oldest first; those whose last day has gone by are ended first."""
        with self._database.look() as look:
            rows = [
                _round(row) for row in look.scalars(select(PulseRow).order_by(PulseRow.until, PulseRow.key))
            ]
        if not any(not one.closed and one.until < today for one in rows):
            return rows
        with self._database.work() as work:
            for row in work.scalars(
                select(PulseRow).where(~PulseRow.closed, PulseRow.until < today).with_for_update()
            ):
                _end(work, row)
            return [
                _round(row) for row in work.scalars(select(PulseRow).order_by(PulseRow.until, PulseRow.key))
            ]

    def _mark(self, key: str, person: str) -> str:
        secret = self._key.read_bytes().strip()
        return hmac.digest(secret, f"pulse {key} {person}".encode(), "sha256").hex()


def _end(work: Session, row: PulseRow) -> None:
    row.answers, sums = kept(row.answers, _sums(row))
    row.sums, row.closed = json.dumps(sums), True
    work.execute(delete(PulseMarkRow).where(PulseMarkRow.pulse == row.key))


def _sums(row: PulseRow) -> dict[str, tuple[int, int]]:
    return {key: (number, total) for key, (number, total) in json.loads(row.sums).items()}


def _round(row: PulseRow) -> Round:
    if not row.closed:
        return Round(row.key, row.opened, row.until, False)
    return Round(row.key, row.opened, row.until, True, row.answers, _sums(row))
