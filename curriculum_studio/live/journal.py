"""Hides the tables in which what people type is kept, and each thing that can be done to them.

A piece of work is a function of the connection; `journal_writer` does what queued in one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curriculum_studio.domain.errors import Refused

FORMAT = 1
WEEK = 7 * 86400
YEAR = 365 * 86400
_TABLES = """
create table if not exists meta(name text primary key, value text not null) without rowid;
create table if not exists rooms(
  document text primary key, epoch text not null, blob text not null, state blob not null, upto integer not null,
  owners text not null, at real not null
) without rowid;
create table if not exists log(
  n integer primary key autoincrement, document text not null, epoch text not null, kind text not null,
  author text not null, name text not null, weight integer not null, request text, at real not null, body blob not null
);
create index if not exists log_document on log(document, n);
create unique index if not exists log_request on log(request) where request is not null;
create table if not exists checkpoints(
  document text not null, blob text not null, n integer not null, state blob not null, owners text not null,
  at real not null, primary key(document, blob)
);
create table if not exists asks(
  id text primary key, document text not null, blob text not null, done integer not null, at real not null
) without rowid;
create table if not exists gone(
  document text not null, epoch text not null, known text not null, at real not null, primary key(document, epoch)
) without rowid;
"""

Work = Callable[[sqlite3.Connection], Any]


@dataclass(slots=True)
class Entry:
    """One thing that was done to a document; `weight` is how much was typed.

    `kind` is `edit` where its author typed it, `brought` where there are words of others in it too, which its author saw and
    the disk lost, `amend` where it came from outside the room.
    """

    document: str
    epoch: str
    author: str
    name: str
    body: bytes
    at: float
    weight: int = 0
    kind: str = "edit"
    request: str | None = None
    n: int = 0

    @property
    def typed(self) -> bool:
        """Whether it was typed in the room."""
        return self.kind != "amend"


@dataclass(slots=True)
class Kept:
    """What the journal holds of a document: its state with the last version (`blob`), and what came after."""

    epoch: str
    blob: str
    state: bytes
    upto: int
    owners: dict[int, str]
    entries: list[Entry] = field(default_factory=list)


def connect(path: Path) -> sqlite3.Connection:
    """Opens the file, durable at each commit. Raises `Refused` where it is of another format or no journal any more."""
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        # A busy or a full disk is an OperationalError, and says nothing of the file.
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise Refused(
            f"{path} is damaged: {error}. It holds what was written together and was no version yet; all versions and all people are "
            "elsewhere and untouched. Restore the newest backup into a new folder; or, to go on without those last words, stop the "
            f"studio, move {path.name}, {path.name}-wal and {path.name}-shm to another place, and start it."
        ) from error


def _opened(path: Path) -> sqlite3.Connection:
    fresh = not path.exists()
    if fresh:
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.executescript(_TABLES)
    connection.execute("insert or ignore into meta values ('format', ?)", (str(FORMAT),))
    connection.execute("insert or ignore into meta values ('secret', lower(hex(randomblob(32))))")
    found = connection.execute("select value from meta where name = 'format'").fetchone()[0]
    if found != str(FORMAT):
        connection.close()
        raise Refused(f"{path.name} is of format {found}; this program reads format {FORMAT}.")
    return connection


def secret(connection: sqlite3.Connection) -> bytes:
    """Gives what nobody outside can know: it is as old as the file."""
    found = connection.execute("select value from meta where name = 'secret'").fetchone()
    return bytes.fromhex(found[0])


def append(entry: Entry) -> Work:
    """Adds an entry; gives its number. An entry whose request is there already gives that one's number."""

    def work(connection: sqlite3.Connection) -> int:
        if entry.request is not None:
            row = connection.execute("select n from log where request = ?", (entry.request,)).fetchone()
            if row:
                return int(row[0])
        cursor = connection.execute(
            "insert into log(document, epoch, kind, author, name, weight, request, at, body) values (?,?,?,?,?,?,?,?,?)",
            (entry.document, entry.epoch, entry.kind, entry.author, entry.name, entry.weight, entry.request, entry.at,
             entry.body),
        )  # fmt: skip
        entry.n = int(cursor.lastrowid or 0)
        return entry.n

    return work


def load(document: str) -> Work:
    """Gives what is kept of a document (`Kept`), None where there is nothing."""

    def work(connection: sqlite3.Connection) -> Kept | None:
        row = connection.execute(
            "select epoch, blob, state, upto, owners from rooms where document = ?", (document,)
        ).fetchone()
        if row is None:
            return None
        owners = {int(key): str(person) for key, person in json.loads(row[4]).items()}
        kept = Kept(row[0], row[1], row[2], row[3], owners)
        rows = connection.execute(
            "select n, kind, author, name, weight, at, body from log where document = ? and epoch = ? and n > ? order by n",
            (document, kept.epoch, kept.upto),
        )
        kept.entries = [
            Entry(document, kept.epoch, author, name, body, at, weight, kind, n=n)
            for n, kind, author, name, weight, at, body in rows
        ]
        return kept

    return work


def begin(document: str, kept: Kept, at: float) -> Work:
    """Begins a document anew from one text: what was kept of it before is let go with its epoch."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("delete from checkpoints where document = ?", (document,))
        connection.execute(
            "insert or replace into rooms values (?,?,?,?,(select coalesce(max(n), 0) from log),?,?)",
            (document, kept.epoch, kept.blob, kept.state, json.dumps(kept.owners), at),
        )

    return work


def offer(
    document: str, blob: str, n: int, state: bytes, owners: dict[int, str], at: float, asks: Sequence[str]
) -> Work:
    """Keeps the state that a text was read from before the text becomes a version, and which asks it would answer."""

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "insert into asks values (?,?,?,0,?) on conflict(id) do update set blob = excluded.blob where done = 0",
            [(ask, document, blob, at) for ask in asks],
        )
        connection.execute(
            "insert or replace into checkpoints values (?,?,?,?,?,?)",
            (document, blob, n, state, json.dumps(owners), at),
        )

    return work


def offered(document: str) -> Work:
    """Gives the ids of the texts that were offered and are not settled."""

    def work(connection: sqlite3.Connection) -> list[str]:
        rows = connection.execute("select blob from checkpoints where document = ? order by n", (document,))
        return [row[0] for row in rows]

    return work


def checkpoint(document: str, blob: str) -> Work:
    """Gives number and state of a text that was offered (None where it was not)."""

    def work(connection: sqlite3.Connection) -> tuple[int, bytes, dict[int, str]] | None:
        row = connection.execute(
            "select n, state, owners from checkpoints where document = ? and blob = ?", (document, blob)
        ).fetchone()
        return (row[0], row[1], {int(k): v for k, v in json.loads(row[2]).items()}) if row else None

    return work


def answer(document: str, blob: str) -> Work:
    """A text is a version now: gives the asks that it answers, which are never answered by another."""

    def work(connection: sqlite3.Connection) -> list[str]:
        connection.execute("update asks set done = 1 where document = ? and blob = ?", (document, blob))
        rows = connection.execute("select id from asks where document = ? and blob = ?", (document, blob))
        return [row[0] for row in rows]

    return work


def answered(document: str, ask: str) -> Work:
    """Gives the version that an ask got; "" where it got none yet."""

    def work(connection: sqlite3.Connection) -> str:
        row = connection.execute(
            "select blob from asks where id = ? and document = ? and done = 1", (ask, document)
        ).fetchone()
        return str(row[0]) if row else ""

    return work


def settle(document: str, blob: str, n: int, state: bytes, owners: dict[int, str], at: float) -> Work:
    """An offered text has become a version: what came before it is in the state, and leaves the log after a week.
    Gives the asks that it answers."""
    asks = answer(document, blob)

    def work(connection: sqlite3.Connection) -> Any:
        connection.execute(
            "update rooms set blob = ?, state = ?, upto = ?, owners = ?, at = ? where document = ?",
            (blob, state, n, json.dumps(owners), at, document),
        )
        connection.execute("delete from checkpoints where document = ? and n < ?", (document, n))
        connection.execute(
            "delete from log where document = ? and n <= ? and at < ?", (document, n, at - WEEK)
        )
        connection.execute("delete from asks where done = 1 and at < ?", (at - WEEK,))
        return asks(connection)

    return work


def amend(entry: Entry, blob: str, state: bytes, owners: dict[int, str]) -> Work:
    """A version came from outside: its change is appended, and the state with the last version is that of the fork."""
    add = append(entry)

    def work(connection: sqlite3.Connection) -> int:
        n = int(add(connection))
        # What was offered on the version before can no longer become one.
        connection.execute("delete from checkpoints where document = ?", (entry.document,))
        connection.execute(
            "update rooms set blob = ?, state = ?, owners = ?, at = ? where document = ?",
            (blob, state, json.dumps(owners), entry.at, entry.document),
        )
        return n

    return work


def forget(document: str, known: Mapping[int, int], at: float) -> Work:
    """Lets a document go, after all of it has become a version; its log is kept for a week.

    What its history held at its end (`known`: for each writer how many units) is kept for a year: a browser that comes
    back with that history learns which of its words came in, though it never heard so.
    """

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(
            "insert or replace into gone select document, epoch, ?, ? from rooms where document = ?",
            (json.dumps(known), at, document),
        )
        connection.execute("delete from gone where at < ?", (at - YEAR,))
        connection.execute("delete from rooms where document = ?", (document,))
        connection.execute("delete from checkpoints where document = ?", (document,))

    return work


def gone(document: str) -> Work:
    """Gives what the earlier histories of a document held at their ends, by their epochs."""

    def work(connection: sqlite3.Connection) -> dict[str, dict[int, int]]:
        rows = connection.execute("select epoch, known from gone where document = ?", (document,))
        return {epoch: {int(key): clock for key, clock in json.loads(known).items()} for epoch, known in rows}

    return work


def unsettled() -> Work:
    """Gives the documents of which something was typed after their last version."""

    def work(connection: sqlite3.Connection) -> list[str]:
        rows = connection.execute(
            "select distinct log.document from log join rooms on rooms.document = log.document "
            "and rooms.epoch = log.epoch and log.n > rooms.upto where log.kind <> 'amend'"
        )
        return [row[0] for row in rows]

    return work
