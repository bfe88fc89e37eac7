"""Who agreed to which text of the charter, and the measured values of its goals over the years."""

from __future__ import annotations

import time

from sqlalchemy import delete, select

from curriculum_studio.domain.goals import Assent, Point
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_evidence import AssentRow, PointRow


class Goals:
    """Assents and progress of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def assent(self, person: str, side: str, blob: str) -> None:
        """Writes somebody's yes to a text down; a second yes to the same text changes nothing."""
        with self._database.work() as work:
            if work.get(AssentRow, (person, blob)) is None:
                work.add(AssentRow(person=person, blob=blob, side=side, at=int(time.time())))
                record(work, person, "agreed to the charter", blob, side=side)

    def assents(self) -> list[Assent]:
        """Every yes, the newest first."""
        with self._database.look() as look:
            rows = look.scalars(select(AssentRow).order_by(AssentRow.at.desc(), AssentRow.person))
            return [Assent(row.person, row.side, row.blob, row.at) for row in rows]

    def measure(self, point: Point, person: str) -> None:
        """Keeps the value of a goal in a year, in place of an earlier one; who wrote which stays in the record."""
        with self._database.work() as work:
            work.execute(delete(PointRow).where(PointRow.goal == point.goal, PointRow.year == point.year))
            work.add(
                PointRow(
                    goal=point.goal,
                    year=point.year,
                    value=round(1000 * point.value),
                    source=point.source,
                    person=person,
                    at=int(time.time()),
                )
            )
            record(
                work,
                person,
                "wrote the progress of a goal",
                point.goal,
                year=point.year,
                value=f"{point.value:g}",
            )

    def points(self) -> list[Point]:
        """All values, by goal and year."""
        with self._database.look() as look:
            rows = look.scalars(select(PointRow).order_by(PointRow.goal, PointRow.year))
            return [
                Point(row.goal, row.year, row.value / 1000, row.source, row.person, row.at) for row in rows
            ]
