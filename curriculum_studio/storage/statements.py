"""Alignment statements as they were when a release came out: written once, never changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_alignment import StatementRow


class Statements:
    """The alignment statements of units as they were when a release came out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, release: str, documents: Mapping[str, str]) -> None:
        """Keeps the statements (unit to JSON) of a release; those that stand already stay as they are."""
        with self._database.work() as work:
            there = set(work.scalars(select(StatementRow.unit).where(StatementRow.release == release)))
            work.add_all(
                StatementRow(release=release, unit=unit, document=text)
                for unit, text in documents.items()
                if unit not in there
            )

    def get(self, release: str, unit: str) -> str | None:
        """The statement of a unit (its id) in a release; None where none was kept."""
        with self._database.look() as look:
            row = look.get(StatementRow, (release, unit))
            return row.document if row is not None else None

    def releases(self, unit: str) -> frozenset[str]:
        """The releases with which a statement of the unit was kept."""
        with self._database.look() as look:
            return frozenset(look.scalars(select(StatementRow.release).where(StatementRow.unit == unit)))
