"""When each person last looked, and the names that people gave to versions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import NameRow, VisitRow

_PAUSE = 1800
"""A visit ends when somebody was away for half an hour."""


class Visits:
    """What "since you were here" counts from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arrive(self, person: str, now: int) -> datetime | None:
        """Notes that somebody looks; gives the end of their visit before this one, None at their first."""
        with self._database.look() as look:
            row = look.get(VisitRow, person)
        if row is None or now - row.at > 60:
            before = row.at if row and now - row.at > _PAUSE else row.before if row else 0
            # Where two pages are opened at once, the other one has noted it.
            with suppress(StoreError, IntegrityError), self._database.work() as work:
                found = work.get(VisitRow, person)
                if found is None:
                    work.add(VisitRow(person=person, at=now, before=before))
                else:
                    found.at, found.before = now, before
        else:
            before = row.before
        return datetime.fromtimestamp(before, UTC) if before else None


@dataclass(frozen=True, slots=True)
class VersionName:
    """A name for a version of one file: what, by whose key."""

    version: str
    name: str
    person: str


class VersionNames:
    """Names of versions, by the id of the lesson that they name (its path where it has none)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(self, version: str, lesson: str, name: str, person: str, now: int) -> None:
        """Names a version of a file; an empty name takes the name away."""
        name = " ".join(name.split())[:120]
        with self._database.work() as work:
            work.execute(delete(NameRow).where(NameRow.version == version, NameRow.lesson == lesson))
            if name:
                work.add(NameRow(version=version, lesson=lesson, name=name, person=person, at=now))

    def of(self, lesson: str) -> dict[str, VersionName]:
        """The names of a file's versions, by version."""
        with self._database.look() as look:
            rows = look.scalars(select(NameRow).where(NameRow.lesson == lesson))
            return {row.version: VersionName(row.version, row.name, row.person) for row in rows}
