"""What the last publish of an edition was made from and what it made: beside the edition, never inside it.

One SQLite file, `.publish-<edition>`. It may be deleted at any time; the next publish then builds everything. While
files are being put in place `.publish-<edition>-open` stands beside it: whoever finds it there knows that a publish was cut
off, and that the state tells less than what lies there.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum_studio.domain.findings import Finding
from curriculum_studio.formats.facts import Claim, Facts, SectionFacts, Use

_SCHEMA = """
create table meta (name text primary key, value text not null) without rowid;
create table sources (path text primary key, stamp text not null, digest text not null) without rowid;
create table facts (path text primary key, id text not null, facts text not null);
create index facts_by_id on facts (id);
create table findings (path text primary key, rows text not null);
create table pages (address text primary key, key text not null) without rowid;
create table postings (address text primary key, key text not null, posting text not null);
create table files (path text primary key, digest text not null) without rowid;
"""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source file at the last publish: its stamp, the hash of its bytes."""

    stamp: str
    digest: str


class State:
    """The state of one edition, opened for one publish. Nothing is changed before `commit`."""

    def __init__(self, path: Path, program: str, *, fresh: bool = False) -> None:
        self.path = path
        self.fresh = True
        self._mark = path.with_name(f"{path.name}-open")
        if not fresh and path.exists() and not self._mark.exists():
            try:
                self._open(path, program)
                return
            except (sqlite3.DatabaseError, KeyError):
                # Damaged, or another program's: it is only a memory of work done, so all is done anew.
                pass
        self._aside.unlink(missing_ok=True)
        self._db = sqlite3.connect(self._aside)
        # Until it is renamed in, this file is worth nothing to anyone: it needs no journal.
        self._db.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_SCHEMA}")
        self.set_meta("program", program)

    @property
    def _aside(self) -> Path:
        return self.path.with_name(self.path.name + ".new")

    def _open(self, path: Path, program: str) -> None:
        db = sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None)
        try:
            row = db.execute("select value from meta where name = 'program'").fetchone()
            if row is None or row[0] != program:
                raise KeyError("program")
        except (sqlite3.DatabaseError, KeyError):
            db.close()
            raise
        db.execute("begin immediate")
        self._db = db
        self.fresh = False

    def close(self) -> None:
        """Ends without keeping what was not committed."""
        self._db.close()
        if self.fresh:
            self._aside.unlink(missing_ok=True)

    def begin(self) -> None:
        """Says that the edition's files change from now on; until `commit`, the state knows less than what they are."""
        self._mark.touch()

    def commit(self) -> None:
        """Keeps everything, in one step."""
        self._db.commit()
        if self.fresh:
            with self._aside.open("rb+") as file:
                os.fsync(file.fileno())
            self._aside.replace(self.path)
        self._mark.unlink(missing_ok=True)

    def meta(self, name: str) -> str:
        """A named value, "" where there is none."""
        row = self._db.execute("select value from meta where name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Keeps a named value."""
        self._db.execute("insert or replace into meta values (?, ?)", (name, value))

    # Sources --------------------------------------------------------------------------------------------------

    def stamps(self) -> dict[str, str]:
        """All source files of the last publish, with the stamp of each."""
        return dict(self._db.execute("select path, stamp from sources").fetchall())

    def digests(self, paths: Iterable[str]) -> dict[str, str]:
        """The hash of the bytes of the source files named, of those that there were."""
        return dict(self._each("select path, digest from sources where path = ?", paths))

    def put_sources(self, rows: Mapping[str, SourceRow], facts: Mapping[str, Facts]) -> None:
        """Keeps changed sources; `facts` lacks those of files that are no text."""
        self._db.executemany(
            "insert or replace into sources values (?, ?, ?)",
            ((path, row.stamp, row.digest) for path, row in rows.items()),
        )
        self._db.executemany(
            "insert or replace into facts values (?, ?, ?)",
            ((path, one.id, _json(facts_row(one))) for path, one in facts.items()),
        )

    def drop_sources(self, paths: Collection[str]) -> None:
        """Forgets files that are gone."""
        for table in ("sources", "facts"):
            self._db.executemany(f"delete from {table} where path = ?", [(path,) for path in paths])  # noqa: S608

    def facts(self, paths: Iterable[str] | None = None) -> dict[str, Facts]:
        """The facts of the files named, or of all."""
        if paths is None:
            rows = self._db.execute("select path, facts from facts").fetchall()
        else:
            rows = self._each("select path, facts from facts where path = ?", paths)
        return {path: facts_from(json.loads(text)) for path, text in rows}

    def facts_below(self, folder: str) -> dict[str, Facts]:
        """The facts of all files below a folder."""
        # "0" is the character after "/".
        rows = self._db.execute(
            "select path, facts from facts where path > ? and path < ?", (f"{folder}/", f"{folder}0")
        )
        return {path: facts_from(json.loads(text)) for path, text in rows}

    def paths_with_ids(self, ids: Iterable[str]) -> list[str]:
        """The files with these ids, and those that translate them."""
        return [path for (path,) in self._each("select path from facts where id = ?", ids)]

    def findings(self) -> list[Finding]:
        """What the last publish found, in order."""
        rows = self._db.execute("select path, rows from findings order by path").fetchall()
        return [Finding(path, *row) for path, text in rows for row in json.loads(text)]

    def put_findings(self, findings: Iterable[Finding], paths: Iterable[str] | None = None) -> None:
        """Keeps what was found in the files named, or in all."""
        if paths is None:
            self._db.execute("delete from findings")
        else:
            self._db.executemany("delete from findings where path = ?", [(path,) for path in paths])
        rows: dict[str, list[list[Any]]] = {}
        for one in sorted(findings):
            rows.setdefault(one.file, []).append(_finding(one))
        self._db.executemany(
            "insert into findings values (?, ?)", [(path, _json(found)) for path, found in rows.items()]
        )

    # Pages and files ------------------------------------------------------------------------------------------

    def pages(self, addresses: Iterable[str] | None = None) -> dict[str, str]:
        """Address to key of the pages named, of those that there are, or of every page of the last publish."""
        if addresses is None:
            return dict(self._db.execute("select address, key from pages").fetchall())
        return dict(self._each("select address, key from pages where address = ?", addresses))

    def count_pages(self) -> int:
        """How many pages the last publish left."""
        return int(self._db.execute("select count(*) from pages").fetchone()[0])

    def put_pages(self, keys: Mapping[str, str]) -> None:
        """Keeps the keys of pages by address."""
        self._db.executemany("insert or replace into pages values (?, ?)", list(keys.items()))

    def drop_pages(self, addresses: Iterable[str]) -> None:
        """Forgets pages that are gone."""
        self._db.executemany("delete from pages where address = ?", [(address,) for address in addresses])

    def posting_keys(self) -> dict[str, str]:
        """The key under which search knows each page, by address."""
        return dict(self._db.execute("select address, key from postings order by address").fetchall())

    def posting_key(self, address: str) -> str | None:
        """The key under which search knows a page, None where it knows none there."""
        row = self._db.execute("select key from postings where address = ?", (address,)).fetchone()
        return row[0] if row else None

    def postings(self, addresses: Iterable[str]) -> Iterator[list[Any]]:
        """What the pages named give to the index, one after the other, of those that there are."""
        for address in addresses:
            for (text,) in self._db.execute("select posting from postings where address = ?", (address,)):
                yield json.loads(text)

    def put_posting(self, address: str, key: str, row: list[Any]) -> None:
        """Keeps what a page gives to the index, as a plain row."""
        self._db.execute("insert or replace into postings values (?, ?, ?)", (address, key, _json(row)))

    def drop_postings(self, addresses: Iterable[str]) -> None:
        """Forgets pages that are gone."""
        self._db.executemany("delete from postings where address = ?", [(address,) for address in addresses])

    def files(self, paths: Iterable[str] | None = None) -> dict[str, str]:
        """The files named, or every file of the edition, pages made from one source aside: path to hash."""
        if paths is None:
            return dict(self._db.execute("select path, digest from files").fetchall())
        return dict(self._each("select path, digest from files where path = ?", paths))

    def put_files(self, rows: Mapping[str, str]) -> None:
        """Keeps the list of files."""
        self._db.executemany("insert or replace into files values (?, ?)", list(rows.items()))

    def drop_files(self, paths: Iterable[str]) -> None:
        """Forgets files that are gone."""
        self._db.executemany("delete from files where path = ?", [(path,) for path in paths])

    def _each(self, query: str, keys: Iterable[str]) -> list[Any]:
        return [row for key in keys for row in self._db.execute(query, (key,))]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _use(use: Use) -> list[Any]:
    return [use.target, use.line, use.column, use.seen]


def _finding(one: Finding) -> list[Any]:
    return [one.line, one.column, one.code, one.severity, one.message, one.hint]


def facts_row(facts: Facts) -> list[Any]:
    """Facts as plain lists and texts."""
    return [
        facts.path, facts.kind, facts.id, facts.title, facts.language, facts.grade, facts.minutes, facts.readable,
        facts.parts, facts.misconceptions, [_use(u) for u in facts.uses_misconceptions],
        [_use(u) for u in facts.links], [_use(u) for u in facts.pictures],
        [[c.relation, c.code, c.framework, c.line, c.column, c.seen, c.in_part] for c in facts.claims],
        [_use(u) for u in facts.goals],
        [[s.title, list(s.goals), [_use(u) for u in s.lessons]] for s in facts.sections],
        list(facts.formerly), list(facts.translates), facts.student_hash, facts.whole_hash, list(facts.digests),
        facts.framework, facts.units, facts.charter_goals, facts.weeks, facts.license, facts.credits, facts.based_on,
        facts.practices, facts.routines, facts.materials, facts.site,
        [_finding(f) for f in facts.findings],
        facts.rigor, facts.dok, facts.purpose, facts.asks, facts.asks_at,
    ]  # fmt: skip


def facts_from(row: list[Any]) -> Facts:
    """The facts of such a row."""
    path = row[0]
    return Facts(
        path, row[1], row[2], row[3], row[4], row[5], row[6], row[7],
        row[8], row[9], _uses(row[10]), _uses(row[11]), _uses(row[12]),
        tuple(Claim(*c) for c in row[13]), _uses(row[14]),
        tuple(SectionFacts(s[0], tuple(s[1]), _uses(s[2])) for s in row[15]),
        tuple(row[16]), (row[17][0], row[17][1], row[17][2]), row[18], row[19], (row[20][0], row[20][1], row[20][2]),
        row[21], tuple(row[22]), tuple(row[23]), row[24], row[25], tuple(row[26]),
        tuple((k, v) for k, v in row[27]), tuple(row[28]), tuple(row[29]),
        tuple((k, tuple(v)) for k, v in row[30]), (row[31][0], row[31][1], tuple(row[31][2])),
        findings=tuple(Finding(path, *f) for f in row[32]),
        rigor=tuple((a, m) for a, m in row[33]), dok=tuple((c, d) for c, d in row[34]), purpose=row[35],
        asks=tuple((k, v) for k, v in row[36]), asks_at=(row[37][0], row[37][1]),
    )  # fmt: skip


def _uses(rows: list[list[Any]]) -> tuple[Use, ...]:
    return tuple([Use(*row) for row in rows])
