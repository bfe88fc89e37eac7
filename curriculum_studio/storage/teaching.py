"""Teaching logs. The door asks for the person: a log that is not shared is found by nobody else. Like attendance it is no record
of anybody's work: writing, changing and deleting are not audited."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.teaching import Log, PartLog, Timed
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_inquiry import TeachingRow


class Teaching:
    """The teaching logs of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, log: Log) -> bool:
        """Keeps a new log; False where one with this key of this person is there already, or was: then nothing changes."""
        # Two sendings at the same moment: the second finds the key taken when it is written.
        with suppress(IntegrityError), self._database.work() as work:
            if work.get(TeachingRow, (log.person, log.key)) is not None:
                return False
            now = int(time.time())
            work.add(
                TeachingRow(
                    person=log.person, key=log.key, document=log.document, title=log.title, blob=log.blob, day=log.day,
                    parts=_packed(log.parts), happened=log.happened, shared=log.shared, gone=False, at=log.at or now,
                    changed=log.at or now,
                )
            )  # fmt: skip
            return True
        return False

    def own(self, person: str, key: str) -> Log:
        """A person's own log. Raises `NotFound`."""
        with self._database.look() as look:
            return _log(_row(look, person, key))

    def all_own(self, person: str) -> list[Log]:
        """A person's own logs, the newest day first."""
        wanted = select(TeachingRow).where(TeachingRow.person == person, TeachingRow.gone.is_(False))
        with self._database.look() as look:
            rows = look.scalars(
                wanted.order_by(TeachingRow.day.desc(), TeachingRow.at.desc(), TeachingRow.key)
            )
            return [_log(row) for row in rows]

    def shared(self, document: str) -> list[Log]:
        """What was shared of a lesson, the newest day first."""
        wanted = select(TeachingRow).where(TeachingRow.document == document, TeachingRow.shared.is_(True))
        with self._database.look() as look:
            rows = look.scalars(
                wanted.order_by(TeachingRow.day.desc(), TeachingRow.at.desc(), TeachingRow.key)
            )
            return [_log(row) for row in rows]

    def shared_counts(self) -> dict[str, int]:
        """How many logs of each lesson (its id) are shared."""
        wanted = select(TeachingRow.document, func.count()).where(TeachingRow.shared.is_(True))
        with self._database.look() as look:
            return {row[0]: row[1] for row in look.execute(wanted.group_by(TeachingRow.document))}

    def change(self, log: Log) -> None:
        """Writes a log anew, shared or not as it was. Raises `NotFound`."""
        with self._database.work() as work:
            row = _row(work, log.person, log.key)
            row.day, row.parts, row.happened = log.day, _packed(log.parts), log.happened
            row.changed = int(time.time())

    def share(self, person: str, key: str, shared: bool) -> None:
        """Shares a log with those who write in its unit, or takes it back. Raises `NotFound`."""
        with self._database.work() as work:
            _row(work, person, key).shared = shared

    def delete(self, person: str, key: str) -> None:
        """Deletes a log: its key alone stays. Raises `NotFound`."""
        with self._database.work() as work:
            row = _row(work, person, key)
            row.document = row.title = row.blob = row.day = row.happened = ""
            row.parts, row.shared, row.gone = "[]", False, True


def _row(session: Session, person: str, key: str) -> TeachingRow:
    row = session.get(TeachingRow, (person, key))
    if row is None or row.gone:
        raise NotFound("There is no such log.")
    return row


def _packed(parts: tuple[PartLog, ...]) -> str:
    return json.dumps([asdict(one) for one in parts], ensure_ascii=False)


def _log(row: TeachingRow) -> Log:
    parts = tuple(PartLog(**{**one, "timed": Timed(**one["timed"])}) for one in json.loads(row.parts))
    return Log(
        row.key, row.person, row.document, row.title, row.blob, row.day, parts, row.happened, row.shared, row.at, row.changed
    )  # fmt: skip
