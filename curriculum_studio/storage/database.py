"""The database of people and sessions: SQLite in WAL mode, every acknowledged write on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The tables."""


class PersonRow(Base):
    """A person who may sign in; `key` is what versions carry, and no address."""

    __tablename__ = "people"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    account: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str] = mapped_column(default="")
    sample: Mapped[bool] = mapped_column(default=False)


class SessionRow(Base):
    """A sign-in: the hash of its token, whose it is, until when (seconds)."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), index=True)
    until: Mapped[int]


class LinkRow(Base):
    """A one-use link to set a password: the hash of its token."""

    __tablename__ = "links"
    token: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"))
    until: Mapped[int]


class Database:
    """One database file; a session for each piece of work."""

    def __init__(self, path: Path) -> None:
        self.engine: Engine = create_engine(
            f"sqlite:///{path}", connect_args={"timeout": 5}, pool_size=64, max_overflow=16
        )
        event.listen(self.engine, "connect", _pragmas)
        event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("begin immediate"))
        Base.metadata.create_all(self.engine)

    @contextmanager
    def work(self) -> Iterator[Session]:
        """One transaction: kept when the block ends, undone when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Ends all connections."""
        self.engine.dispose()


def _pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=5000"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()
