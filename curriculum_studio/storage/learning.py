"""Who took part in which session. What somebody wrote about it is read by nobody else, unless they chose to share it."""

from __future__ import annotations

import time

from sqlalchemy import func, select

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.learning import Attendance
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_evidence import AttendanceRow


class Learning:
    """Attendance of one workspace. It is no record of anybody's work: nothing here is graded, counted by person or audited."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attend(self, session: str, person: str, took: str, *, shared: bool = False, at: int = 0) -> None:
        """Somebody says that they took part, or writes anew what they took with them. `at` is the moment, now where none is
        given."""
        with self._database.work() as work:
            row = work.get(AttendanceRow, (session, person))
            if row is None:
                work.add(
                    AttendanceRow(
                        session=session,
                        person=person,
                        took=took,
                        at=at or int(time.time()),
                        used="",
                        used_at=0,
                        shared=shared,
                    )
                )
            else:
                row.took, row.shared = took, shared

    def follow_up(self, session: str, person: str, used: str, *, shared: bool = False) -> None:
        """Somebody writes what they used and what it did. Raises `NotFound` where they did not take part."""
        with self._database.work() as work:
            row = work.get(AttendanceRow, (session, person))
            if row is None:
                raise NotFound("There is no such session.")
            row.used, row.used_at, row.shared = used, int(time.time()), shared

    def leave(self, session: str, person: str) -> None:
        """Takes it back, words and all."""
        with self._database.work() as work:
            row = work.get(AttendanceRow, (session, person))
            if row is not None:
                work.delete(row)

    def took_part(self) -> dict[str, list[str]]:
        """For each session who took part, the earliest first; no words."""
        found: dict[str, list[str]] = {}
        with self._database.look() as look:
            for row in look.scalars(select(AttendanceRow).order_by(AttendanceRow.at, AttendanceRow.person)):
                found.setdefault(row.session, []).append(row.person)
        return found

    def own(self, person: str) -> dict[str, Attendance]:
        """What somebody wrote, for that person, by session."""
        with self._database.look() as look:
            rows = look.scalars(select(AttendanceRow).where(AttendanceRow.person == person))
            return {row.session: _attendance(row) for row in rows}

    def shared(self, session: str) -> list[Attendance]:
        """What people wrote about a session and chose to share, the earliest first."""
        wanted = select(AttendanceRow).where(AttendanceRow.session == session, AttendanceRow.shared)
        with self._database.look() as look:
            rows = look.scalars(wanted.order_by(AttendanceRow.at, AttendanceRow.person))
            return [_attendance(row) for row in rows if row.took or row.used]

    def used(self) -> dict[str, int]:
        """For each session how many have written what they used; no words and no names."""
        wanted = select(AttendanceRow.session, func.count()).where(AttendanceRow.used_at > 0)
        with self._database.look() as look:
            return {row[0]: row[1] for row in look.execute(wanted.group_by(AttendanceRow.session))}


def _attendance(row: AttendanceRow) -> Attendance:
    return Attendance(row.session, row.person, row.took, row.at, row.used, row.used_at, row.shared)
