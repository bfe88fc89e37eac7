"""Hides how what people type becomes durable: one append-only file, one transaction for all that queued, one sync for all
who wait.

What is asked for is done in the order in which it was asked. A transaction is handed to the system at once, so that
nothing of it is lost when this process is killed; a thread waits for the disk meanwhile, and only then is it durable,
though the power fails. Where the system takes no more, nothing of that transaction was done, and each of its askers is
told so.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum_studio.live.journal import Work, connect

_sync = getattr(os, "fdatasync", os.fsync)
_SYNC_SECONDS = 0.005
"""From one sync to the next at least: nobody sees when "Saved" comes five milliseconds later, and a disk has other work."""
_COPY_SECONDS, _MOST_PAGES = 1.0, 4096
"""How often what is durable is copied from the log into the tables, and how many pages the log may have before it begins again."""

Batch = list[tuple["Asked", Any]]
"""What was done in one transaction, each with what it gave, or the error."""


@dataclass(slots=True)
class Asked:
    """A piece of work for the journal, and who wants to hear of it: `first` once no killed process can lose it,
    `answer` once it is durable, or refused."""

    work: Work
    answer: Callable[[Any], None]
    first: Callable[[Any], None] | None = None


class Journal:
    """The journal of one workspace; it belongs to the loop on which it is made.

    `written` hears of each transaction that the system has, `settled` of what is durable (in the same order) or refused;
    `broken` hears, on a thread of its own, that the disk did not keep what the system had taken.
    """

    def __init__(
        self,
        path: Path,
        written: Callable[[Batch], None],
        settled: Callable[[Batch], None],
        broken: Callable[[OSError], None],
    ) -> None:
        self._written, self._settled, self._broken = written, settled, broken
        self._loop = asyncio.get_running_loop()
        self.pace = 0.0
        """Seconds from one transaction to the next at least: where many write, what they write is told together."""
        self._asked: list[Asked] = []
        self._due: asyncio.Handle | None = None
        self._at = 0.0
        self._connection = connect(path)
        # A commit hands all to the system and does not wait for the disk; the thread does, on the same file, and copies it into
        # the tables, which would hold up everybody for some milliseconds if a commit did it.
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute("pragma wal_autocheckpoint = 0")
        self._copier = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._log = os.open(f"{path}-wal", os.O_RDONLY)
        self._unsynced: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._wait_for_disk, name="journal", daemon=True)
        self._thread.start()

    def ask(
        self, work: Work, answer: Callable[[Any], None], first: Callable[[Any], None] | None = None
    ) -> None:
        """Queues a piece of work, done with all others that are asked for in the same turn of the loop."""
        self._asked.append(Asked(work, answer, first))
        if self._due is None:
            wait = self._at + self.pace - self._loop.time()
            self._due = (
                self._loop.call_later(wait, self._write) if wait > 0 else self._loop.call_soon(self._write)
            )

    def close(self) -> None:
        """Ends after all that was asked is done and durable."""
        self._write()
        self._unsynced.put(None)
        self._thread.join(timeout=10)
        os.close(self._log)
        with suppress(sqlite3.Error):
            self._copier.close()
            self._connection.close()

    def _write(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
        asked, self._asked = self._asked, []
        if asked:
            self._at = self._loop.time()
            batch, refused = self._commit(asked)
            if refused:
                self._settled(batch)
            else:
                # Given to the thread first: what it says comes after this turn of the loop, and comes whatever happens in it.
                self._unsynced.put(batch)
                self._written(batch)

    def _begin_log_again(self) -> None:
        """While somebody always writes, the log is never copied to its end by itself, and would grow for ever."""
        with suppress(sqlite3.Error):
            self._connection.execute("pragma wal_checkpoint(restart)")

    def _copy(self) -> None:
        with suppress(sqlite3.Error):
            _, pages, _ = self._copier.execute("pragma wal_checkpoint(passive)").fetchone()
            if pages > _MOST_PAGES:
                self._tell(self._begin_log_again)

    def _wait_for_disk(self) -> None:
        ended, at, copied = False, 0.0, time.monotonic()
        while not ended:
            batches = [self._unsynced.get()]
            time.sleep(max(0.0, at + _SYNC_SECONDS - time.monotonic()))
            at = time.monotonic()
            with suppress(queue.Empty):
                while True:
                    batches.append(self._unsynced.get_nowait())
            ended = None in batches
            try:
                _sync(self._log)
            except OSError as error:
                # The system may have let go what it could not write, and would not say so a second time.
                self._broken(error)
                return
            done = [one for batch in batches for one in batch or ()]
            self._tell(self._settled, done)
            if at - copied > _COPY_SECONDS:
                copied = at
                self._copy()

    def _tell(self, what: Callable[..., None], *found: Batch) -> None:
        """Calls on the loop; where that has ended, nobody waits."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(what, *found)

    def _commit(self, batch: Sequence[Asked]) -> tuple[Batch, bool]:
        connection = self._connection
        try:
            connection.execute("begin immediate")
            found: Batch = []
            for one in batch:
                found.append((one, one.work(connection)))
            connection.execute("commit")
            return found, False
        except Exception as error:
            # Whatever it was (the disk is full, a name that is no UTF-8): nothing was done, and nobody waits for ever.
            with suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("rollback")
            return [(one, error) for one in batch], True
