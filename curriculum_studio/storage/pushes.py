"""What was brought in from outside: which version it made, by whom, and the files it touched; what Home tells of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import PersonRow, PushRow


@dataclass(frozen=True, slots=True)
class Push:
    """Changes from outside: the version they made, the one before, whose key and name, when (UTC), the files."""

    version: str
    before: str
    person: str
    name: str
    at: datetime
    paths: tuple[str, ...]


class Pushes:
    """The pushes of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, version: str, before: str, person: str, at: int, paths: tuple[str, ...]) -> None:
        """Writes a push down, with a line in the record; once, however often it is told."""
        with self._database.work() as work:
            if work.get(PushRow, version) is not None:
                return
            row = PushRow(version=version, before=before, person=person, at=at, paths=json.dumps(paths))
            work.add(row)
            record(
                work, person, "brought in changes from outside", version, files=str(len(paths)), before=before
            )

    def since(self, at: int, limit: int = 20) -> list[Push]:
        """The pushes after a moment, the newest first."""
        wanted = (
            select(PushRow, PersonRow.name)
            .outerjoin(PersonRow, PersonRow.key == PushRow.person)
            .where(PushRow.at > at)
            .order_by(PushRow.at.desc(), PushRow.version)
            .limit(limit)
        )
        with self._database.look() as look:
            return [
                Push(
                    row.version, row.before, row.person, name or "Someone",
                    datetime.fromtimestamp(row.at, UTC), tuple(json.loads(row.paths)),
                )
                for row, name in look.execute(wanted)
            ]  # fmt: skip
