"""Hides what a journal holds when no rooms run: for a restore, which goes on from it, and for whoever looks whether it is whole."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from curriculum_studio.live import journal
from curriculum_studio.live.text import SharedText, blob_of
from curriculum_studio.live.updates import Damaged
from curriculum_studio.storage.backup import open_read_only


@dataclass(frozen=True, slots=True)
class Written:
    """A document of the journal: the version that it rests on, that version's text, the text now, and who typed since
    (key and name)."""

    document: str
    blob: str
    base: str
    text: str
    authors: tuple[tuple[str, str], ...]


def written(path: Path) -> list[Written]:
    """Every document of a journal. Raises `Damaged` or `sqlite3.Error` where it cannot be read."""
    if not path.is_file():
        return []
    found = []
    with contextlib.closing(open_read_only(path)) as connection:
        for (document,) in connection.execute("select document from rooms order by document").fetchall():
            kept = journal.load(document)(connection)
            base = SharedText([kept.state])
            text = SharedText([kept.state, *(entry.body for entry in kept.entries)])
            authors = {entry.author: entry.name for entry in kept.entries if entry.typed}
            found.append(Written(document, kept.blob, str(base), str(text), tuple(authors.items())))
    return found


def faults(path: Path) -> list[str]:
    """What is amiss in a journal, in plain words."""
    if not path.is_file():
        return []
    try:
        with contextlib.closing(open_read_only(path)) as connection:
            checked = [str(row[0]) for row in connection.execute("pragma integrity_check(10)")]
        if checked != ["ok"]:
            return checked
        wrong = [one.document for one in written(path) if blob_of(one.base) != one.blob]
    except (sqlite3.Error, Damaged, UnicodeDecodeError) as error:
        return [f"{path.name} cannot be read: {error}."]
    return [f"What is kept of {document} does not rest on its version." for document in wrong]


def let_go(path: Path, documents: list[str]) -> None:
    """Lets documents go whose words are versions by now; no rooms may be running."""
    connection = journal.connect(path)
    try:
        for document in documents:
            kept = journal.load(document)(connection)
            if kept is not None:
                known = SharedText([kept.state, *(entry.body for entry in kept.entries)]).known()
                journal.forget(document, known, time.time())(connection)
    finally:
        connection.close()
