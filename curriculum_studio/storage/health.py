"""Hides how damage in a store or a database is found: each function gives faults in plain words."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import SHELL
from curriculum_studio.storage.audit import Audit
from curriculum_studio.storage.backup import first_line, open_read_only, quoted, run_git, table_names
from curriculum_studio.storage.database import Database

_NOBODY = ("", "p-studio", SHELL)
"""Who stands in the record without being a person."""
_SUMMED = ("pack/*.pack", "pack/*.idx", "pack/*.rev", "pack/multi-pack-index", "info/commit-graph")


def store_faults(store: Path) -> list[str]:
    """Every object read and every link followed by Git; the sums of the files that lie beside the objects."""
    if not (store / "HEAD").is_file():
        return [f"There is no store at {store}."]
    checked = run_git(store, "fsck", "--full", "--strict", "--no-dangling", "--no-progress")
    # An empty store gets a notice; a warning is damage too, though Git's exit code says nothing of it.
    said = [line for line in checked.stderr.splitlines() if line.strip() and not line.startswith("notice:")]
    faults = [first_line("\n".join(said) or checked.stdout)] if said or checked.returncode else []
    for pattern in _SUMMED:
        faults += [
            f"{path.name} is damaged." for path in sorted((store / "objects").glob(pattern)) if _torn(path)
        ]
    loose = sorted((store / "objects").glob("[0-9a-f][0-9a-f]/*"))
    return faults + [f"Object {path.name} is damaged." for path in loose if _bent(path)]


def _torn(path: Path) -> bool:
    """Whether a file of Git does not end with the sum of all that comes before."""
    try:
        left = path.stat().st_size - 20
        digest = hashlib.sha1(usedforsecurity=False)
        with path.open("rb") as file:
            while left > 0 and (chunk := file.read(min(1 << 20, left))):
                digest.update(chunk)
                left -= len(chunk)
            return left != 0 or file.read() != digest.digest()
    except FileNotFoundError:
        return False  # Packed anew by the studio meanwhile.


def _bent(path: Path) -> bool:
    """Whether an object in a file of its own is not its name's, or ends otherwise than it should (Git lets that be)."""
    unpacked = zlib.decompressobj()
    try:
        content = unpacked.decompress(path.read_bytes())
    except FileNotFoundError:
        return False  # Packed by the studio meanwhile.
    except zlib.error:
        return True
    if not unpacked.eof or unpacked.unused_data:
        return True
    return hashlib.sha1(content, usedforsecurity=False).hexdigest() != path.parent.name + path.name


def has_version(store: Path, version: str) -> bool:
    """Whether a store holds a version."""
    return run_git(store, "cat-file", "-e", f"{version}^{{commit}}").returncode == 0


def database_faults(path: Path) -> list[str]:
    """Pages, indexes, rules and links between tables; every value is read once."""
    if not path.is_file():
        return [f"{path.name} is missing."]
    try:
        with contextlib.closing(open_read_only(path)) as connection:
            connection.execute("begin")
            faults = [str(row[0]) for row in connection.execute("pragma integrity_check(10)")]
            if faults != ["ok"]:
                return faults
            links = connection.execute("pragma foreign_key_check").fetchmany(10)
            faults = [f"A row of {row[0]} names something in {row[2]} that is not there." for row in links]
            for name in table_names(connection):
                for _ in connection.execute(f"select * from {quoted(name)}"):  # noqa: S608
                    pass
            return faults + list(_strangers(connection))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [f"{path.name} cannot be read: {error}."]


def _strangers(connection: sqlite3.Connection) -> Iterator[str]:
    """Columns that name a person who is not there."""
    tables = table_names(connection)
    if "people" not in tables:
        yield "The table of people is missing."
        return
    for table in tables:
        columns = {row[1] for row in connection.execute(f"pragma table_info({quoted(table)})")}
        for column in sorted(columns & {"person", "actor"}):
            wanted = (
                f"select count(*) from {quoted(table)} where {quoted(column)} not in (?, ?, ?) "  # noqa: S608
                f"and {quoted(column)} not in (select key from people)"
            )
            count = connection.execute(wanted, _NOBODY).fetchone()[0]
            if count:
                yield f"{count} rows of {table} name a person who is not there."


def named_versions(path: Path) -> list[str]:
    """The versions that the database names, where it has a table of them."""
    try:
        with contextlib.closing(open_read_only(path)) as connection:
            if "names" not in table_names(connection):
                return []
            return [
                row[0] for row in connection.execute("select distinct version from names order by version")
            ]
    except (sqlite3.Error, UnicodeDecodeError):
        return []  # The check of the database tells.


def record_faults(path: Path) -> list[str]:
    """Whether each entry of the record fits the one before it."""
    try:
        database = Database(path)
    except (Refused, SQLAlchemyError, UnicodeDecodeError) as error:
        return [first_line(str(error))]
    try:
        broken = Audit(database).broken()
    except (SQLAlchemyError, ValueError, TypeError) as error:
        return [first_line(str(error))]
    finally:
        database.close()
    return (
        [] if broken is None else [f"Entry {broken} of the record was changed, or one before it is missing."]
    )
