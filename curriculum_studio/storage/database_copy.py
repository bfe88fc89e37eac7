"""Hides how the rows of one database come into another: from a server into a file that can be kept, and back."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.storage.database import Database, upgrade
from curriculum_studio.storage.tables import Base

_SLICE = 1000


def copy_rows(source: Path | str, target: Path | str) -> None:
    """Copies every row, as one transaction sees them, into a database that has none; makes its tables first.

    Raises `Refused`, with nothing changed, where the target holds rows or either is of another schema.
    """
    upgrade(target)
    here, there = Database(source), Database(target)
    try:
        reading = here.engine.execution_options(reads=True).connect()
        if reading.dialect.name != "sqlite":
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        with reading, there.engine.begin() as writing:
            for table in Base.metadata.sorted_tables:
                if writing.execute(select(func.count()).select_from(table)).scalar():
                    raise Refused(f"The database to fill is not empty (it has rows in {table.name}); name an empty one. It was not changed.")  # fmt: skip
            for table in Base.metadata.sorted_tables:
                _copy_table(reading, writing, table)
    finally:
        here.close()
        there.close()


def _copy_table(reading: Connection, writing: Connection, table: Table) -> None:
    for rows in reading.execute(select(table).order_by(*table.primary_key)).mappings().partitions(_SLICE):
        writing.execute(insert(table), [dict(row) for row in rows])
    counted = table.autoincrement_column
    if counted is not None and writing.dialect.name == "postgresql":
        # A server counts on from its own sequence, which knows nothing of rows that came with their numbers.
        last = writing.execute(select(func.max(counted))).scalar()
        sequence = {"table": table.name, "column": counted.name, "last": last or 1, "used": last is not None}
        writing.execute(
            text("select setval(pg_get_serial_sequence(:table, :column), :last, :used)"), sequence
        )


@contextlib.contextmanager
def as_file(place: Path | str) -> Iterator[Path]:
    """A database as a file: itself, or a passing copy of what a server holds. Raises `StoreError`."""
    if isinstance(place, Path):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="curriculum-studio-") as aside:
        file = Path(aside) / "copy.db"
        try:
            copy_rows(place, file)
        except SQLAlchemyError as error:
            raise StoreError(
                f"The database server does not answer as it should ({type(error).__name__})."
            ) from error
        yield file
