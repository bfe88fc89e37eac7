"""The record of what was done: append-only, each entry bound to the one before it by a hash."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import AuditRow

_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: when (UTC), whose key acted, what they did, to what, and the rest."""

    number: int
    at: datetime
    actor: str
    act: str
    about: str
    detail: Mapping[str, str]


def record(work: Session, actor: str, act: str, about: str, **detail: str) -> None:
    """Adds an entry within a transaction, so that an act and its entry stand or fall together.

    The transaction must be one that writes: SQLite then admits one at a time; a server makes the others wait for the
    first entry, which `new` writes. So the chain cannot fork.
    """
    work.execute(select(AuditRow.number).where(AuditRow.number == 1).with_for_update())
    last = work.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
    number, at = (last.number + 1 if last else 1), int(time.time())
    words = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    row = AuditRow(number=number, at=at, actor=actor, act=act, about=about, detail=words, hash="")
    row.hash = _hash(last.hash if last else _FIRST, row)
    work.add(row)
    work.flush()


class Audit:
    """The record: to read, to add to, and to ask whether it is whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entries(
        self, limit: int = 100, before: int | None = None, about: str = "", without: Iterable[str] = ()
    ) -> list[Entry]:
        """The newest entries first; `before` continues a list, `about` keeps those on one thing or person.

        `without` are acts that the list leaves out.
        """
        wanted = select(AuditRow).order_by(AuditRow.number.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(AuditRow.number < before)
        if about:
            wanted = wanted.where((AuditRow.about == about) | (AuditRow.actor == about))
        if left_out := list(without):
            wanted = wanted.where(AuditRow.act.not_in(left_out))
        with self._database.look() as look:
            return [_entry(row) for row in look.scalars(wanted)]

    def note(self, actor: str, act: str, about: str, **detail: str) -> None:
        """Adds an entry by itself, for an act whose own memory is not the database."""
        with self._database.work() as work:
            record(work, actor, act, about, **detail)

    def broken(self) -> int | None:
        """The number of the first entry that does not fit the chain; None where the record is whole."""
        before, expected = _FIRST, 1
        with self._database.look() as look:
            for row in look.scalars(select(AuditRow).order_by(AuditRow.number)):
                if row.number != expected or row.hash != _hash(before, row):
                    return expected
                before, expected = row.hash, expected + 1
        return None


def _hash(before: str, row: AuditRow) -> str:
    entry = [before, row.number, row.at, row.actor, row.act, row.about, row.detail]
    return hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()


def _entry(row: AuditRow) -> Entry:
    when = datetime.fromtimestamp(row.at, UTC)
    return Entry(row.number, when, row.actor, row.act, row.about, json.loads(row.detail))
