"""The studio's database: SQLite in WAL mode with every acknowledged write on the disk, or PostgreSQL by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.storage import review_tables as _review_tables  # noqa: F401 (so that its tables are known)
from curriculum_studio.storage import tables_alignment as _tables_alignment  # noqa: F401 (so that its tables are known)
from curriculum_studio.storage import tables_evidence as _tables_evidence  # noqa: F401 (so that its tables are known)
from curriculum_studio.storage import tables_inquiry as _tables_inquiry  # noqa: F401
from curriculum_studio.storage import tables_partnership as _tables_partnership  # noqa: F401 (likewise)
from curriculum_studio.storage.tables import SCHEMA

_STEPS = Path(__file__).resolve().parent / "migrations"


class Database:
    """One database; `work` for a transaction that writes, `look` for one that only reads."""

    def __init__(self, place: Path | str) -> None:
        """Opens it. Raises `Refused` where it is missing, or its schema is not this program's."""
        # A missing file would be made by looking at it, and an empty studio would stand where a full one was.
        if isinstance(place, Path) and not place.is_file():
            raise Refused(missing(place))
        self.engine = _engine(place)
        self._reading = self.engine.execution_options(reads=True)
        found = _schema(self.engine)
        if found != SCHEMA:
            self.engine.dispose()
            raise Refused(
                f"The database has schema {found or 'none'}; this program needs {SCHEMA}. Nothing was changed. "
                + (
                    "Run `curriculum-studio upgrade WORKSPACE` (it makes a backup of the database first)."
                    if not found or found < SCHEMA
                    else "Use the program that wrote it, or a newer one."
                )
            )

    @contextmanager
    def work(self) -> Iterator[Session]:
        """One transaction that may write: kept when the block ends, undone when it raises.

        Raises `StoreError` where the database cannot write."""
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise StoreError(
                "The studio could not write this down: the disk may be full, or the database busy. Nothing was changed; "
                "what was kept before is safe. Try again, and tell whoever runs the studio if it happens again."
            ) from error

    @contextmanager
    def look(self) -> Iterator[Session]:
        """One transaction that reads, and waits for no writer."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Ends all connections."""
        self.engine.dispose()


def missing(place: Path) -> str:
    """What to say where a database's file is not there."""
    return (
        f"{place} is missing: people, comments and the record stood in it. Nothing was changed. Where they are in PostgreSQL, its "
        "address is not set here (database_url in studio.toml, or STUDIO_DATABASE_URL). Else put the file back, or restore the newest "
        "backup into a new folder: `curriculum-studio restore FILE WORKSPACE`. Only where there is no backup, "
        "`curriculum-studio rebuild WORKSPACE --lost-database` begins anew from the texts and the record of review."
    )


def upgrade(place: Path | str) -> str:
    """Brings a database, absent or of any older schema, to the newest; gives the schema that it had ("" for none).

    Each step is one transaction. Raises `Refused` where the database is newer than the program.
    """
    from alembic import command
    from alembic.config import Config

    engine = _engine(place)
    found = _schema(engine)
    try:
        if found > SCHEMA:
            raise Refused(f"The database has schema {found}, newer than this program's {SCHEMA}.")
        config = Config()
        config.set_main_option("script_location", str(_STEPS))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            if found and not inspect(connection).has_table("alembic_version"):
                command.stamp(config, found)
            command.upgrade(config, SCHEMA)
    finally:
        engine.dispose()
    return found


def schema_of(place: Path | str) -> str:
    """The schema that a database has, "" for an empty or absent one."""
    engine = _engine(place)
    try:
        return _schema(engine)
    finally:
        engine.dispose()


def _engine(place: Path | str) -> Engine:
    if isinstance(place, str) and "://" in place:
        return create_engine(place, pool_size=64, max_overflow=16, pool_pre_ping=True)
    engine = create_engine(f"sqlite:///{place}", connect_args={"timeout": 5}, pool_size=64, max_overflow=16)
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: a transaction that reads first and writes later could not wait for another's.
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("begin" if reads else "begin immediate")


def _pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=5000"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()


def _schema(engine: Engine) -> str:
    """The schema that a database has: "" for an empty one; the first one kept no number."""
    with engine.execution_options(reads=True).connect() as connection:
        tables = inspect(connection)
        if tables.has_table("alembic_version"):
            return str(connection.execute(text("select version_num from alembic_version")).scalar() or "")
        return "0001" if tables.has_table("people") else ""
