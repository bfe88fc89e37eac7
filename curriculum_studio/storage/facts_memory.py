"""Hides where what was read of each working text is remembered between starts; derived, and may be deleted at any time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock

_TABLES = "create table if not exists program (version text); create table if not exists facts (path text primary key, blob text not null, facts text not null);"  # fmt: skip


class FactsMemory:
    """For each path the newest blob that was read and what was found in it, as one program version wrote it.

    Nothing here may stop anybody: a memory that cannot be read is begun anew, one that cannot be written is left. It stays
    open, for every save adds to it. Safe for threads.
    """

    def __init__(self, place: Path, program: str) -> None:
        self._place, self._program = place, program
        self._lock = Lock()
        self._database: sqlite3.Connection | None = None

    def all(self) -> dict[str, tuple[str, str]]:
        """Path to blob and text."""
        try:
            with self._work() as database:
                rows = database.execute("select path, blob, facts from facts").fetchall()
        except sqlite3.DatabaseError:
            for path in (
                self._place,
                *(self._place.with_name(self._place.name + end) for end in ("-wal", "-shm")),
            ):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
            return {}
        return {path: (blob, text) for path, blob, text in rows}

    def keep(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Remembers path, blob and text."""
        with contextlib.suppress(sqlite3.Error), self._work() as database:
            database.executemany("insert or replace into facts values (?, ?, ?)", rows)

    def close(self) -> None:
        """Closes it; whoever asks again opens it again."""
        with self._lock:
            self._let_go()

    @contextlib.contextmanager
    def _work(self) -> Iterator[sqlite3.Connection]:
        """One transaction; what failed once is opened anew by whoever comes next."""
        with self._lock:
            try:
                if self._database is None:
                    self._database = sqlite3.connect(self._place, timeout=5, check_same_thread=False)
                    # What is lost here is read again: no wait for the disk.
                    self._database.executescript(
                        f"pragma journal_mode=wal; pragma synchronous=off; {_TABLES}"
                    )
                with self._database as database:
                    # Looked for each time: another version of the program may have been here meanwhile.
                    if database.execute("select version from program").fetchone() != (self._program,):
                        database.execute("delete from facts")
                        database.execute("delete from program")
                        database.execute("insert into program values (?)", (self._program,))
                    yield database
            except sqlite3.Error:
                self._let_go()
                raise

    def _let_go(self) -> None:
        database, self._database = self._database, None
        if database is not None:
            database.close()
