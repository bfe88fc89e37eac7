"""What the last publish of an edition was made from and what it made: beside the edition, never inside it.

One SQLite file, `.publish-<edition>`. It may be deleted at any time; the next publish then builds everything.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum_studio.domain.findings import Finding
from curriculum_studio.formats.facts import Claim, Facts, SectionFacts, Use

_SCHEMA = """
create table meta (name text primary key, value text not null) without rowid;
create table sources (path text primary key, stamp text not null, digest text not null, facts text) without rowid;
create table pages (address text primary key, key text not null, source text not null) without rowid;
create table entries (address text primary key, entry text not null) without rowid;
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
        if not fresh and path.exists():
            try:
                self._open(path, program)
                return
            except (sqlite3.DatabaseError, KeyError):
                # Damaged, or another program's: it is only a memory of work done, so all is done anew.
                pass
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(_SCHEMA)
        self.set_meta("program", program)

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

    def commit(self) -> None:
        """Keeps everything, in one step."""
        self._db.commit()
        if not self.fresh:
            return
        aside = self.path.with_name(self.path.name + ".new")
        aside.unlink(missing_ok=True)
        with closing(sqlite3.connect(aside)) as target:
            self._db.backup(target)
        aside.replace(self.path)

    def meta(self, name: str) -> str:
        """A named value, "" where there is none."""
        row = self._db.execute("select value from meta where name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, name: str, value: str) -> None:
        """Keeps a named value."""
        self._db.execute("insert or replace into meta values (?, ?)", (name, value))

    def sources(self) -> dict[str, SourceRow]:
        """All source files of the last publish."""
        rows = self._db.execute("select path, stamp, digest from sources")
        return {path: SourceRow(stamp, digest) for path, stamp, digest in rows}

    def facts(self, paths: Iterable[str] | None = None) -> dict[str, Facts]:
        """The facts of the files named, or of all."""
        if paths is None:
            rows = self._db.execute("select path, facts from sources where facts is not null").fetchall()
        else:
            rows = [
                row
                for path in paths
                for row in self._db.execute(
                    "select path, facts from sources where path = ? and facts is not null", (path,)
                )
            ]
        return {path: facts_from(json.loads(text)) for path, text in rows}

    def put_sources(self, rows: Mapping[str, SourceRow], facts: Mapping[str, Facts]) -> None:
        """Keeps changed sources; `facts` may lack those of files that are no text."""
        self._db.executemany(
            "insert or replace into sources values (?, ?, ?, ?)",
            [
                (path, row.stamp, row.digest, _json(facts_row(facts[path])) if path in facts else None)
                for path, row in rows.items()
            ],
        )

    def drop_sources(self, paths: Iterable[str]) -> None:
        """Forgets files that are gone."""
        self._db.executemany("delete from sources where path = ?", [(path,) for path in paths])

    def pages(self) -> dict[str, str]:
        """Address to key of every page of the last publish."""
        return dict(self._db.execute("select address, key from pages").fetchall())

    def put_pages(self, rows: Mapping[str, tuple[str, str]]) -> None:
        """Keeps the keys of pages: address to key and source path."""
        self._db.executemany(
            "insert or replace into pages values (?, ?, ?)", [(a, *r) for a, r in rows.items()]
        )

    def drop_pages(self, addresses: Iterable[str]) -> None:
        """Forgets pages that are gone."""
        self._db.executemany("delete from pages where address = ?", [(address,) for address in addresses])

    def entries(self) -> list[dict[str, Any]]:
        """What search knows of every page, by address."""
        rows = self._db.execute("select entry from entries order by address").fetchall()
        return [json.loads(row[0]) for row in rows]

    def entries_at(self, addresses: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What search knew of the pages at these addresses."""
        query = "select entry from entries where address = ?"
        found = {address: self._db.execute(query, (address,)).fetchone() for address in addresses}
        return {address: json.loads(row[0]) for address, row in found.items() if row}

    def findings(self) -> tuple[Finding, ...]:
        """What the last publish found."""
        return tuple(Finding(*row) for row in json.loads(self.meta("findings") or "[]"))

    def put_findings(self, findings: Iterable[Finding]) -> None:
        """Keeps what a publish found."""
        rows = [[f.file, f.line, f.column, f.code, f.severity, f.message, f.hint] for f in findings]
        self.set_meta("findings", _json(rows))

    def put_entries(self, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Keeps what search knows of pages: address to a plain row."""
        self._db.executemany(
            "insert or replace into entries values (?, ?)", [(a, _json(dict(row))) for a, row in rows.items()]
        )

    def drop_entries(self, addresses: Iterable[str]) -> None:
        """Forgets pages that are gone."""
        self._db.executemany("delete from entries where address = ?", [(address,) for address in addresses])

    def files(self) -> dict[str, str]:
        """Every file of the edition and the hash of its bytes, pages made from one source aside."""
        return dict(self._db.execute("select path, digest from files").fetchall())

    def put_files(self, rows: Mapping[str, str]) -> None:
        """Keeps the list of files."""
        self._db.executemany("insert or replace into files values (?, ?)", list(rows.items()))

    def drop_files(self, paths: Iterable[str]) -> None:
        """Forgets files that are gone."""
        self._db.executemany("delete from files where path = ?", [(path,) for path in paths])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _use(use: Use) -> list[Any]:
    return [use.target, use.line, use.column, use.seen]


def facts_row(facts: Facts) -> list[Any]:
    """Facts as plain lists and texts."""
    return [
        facts.path, facts.kind, facts.id, facts.title, facts.language, facts.grade, facts.minutes, facts.readable,
        facts.parts, sorted(facts.misconceptions), [_use(u) for u in facts.uses_misconceptions],
        [_use(u) for u in facts.links], [_use(u) for u in facts.pictures],
        [[c.relation, c.code, c.framework, c.line, c.column] for c in facts.claims],
        [_use(u) for u in facts.goals],
        [[s.title, list(s.goals), [_use(u) for u in s.lessons]] for s in facts.sections],
        list(facts.formerly), list(facts.translates), facts.student_hash, facts.whole_hash, list(facts.digests),
        facts.framework, facts.units, facts.charter_goals, facts.weeks, facts.license, facts.credits, facts.based_on,
        facts.practices, facts.routines, facts.materials, facts.site,
        [[f.line, f.column, f.code, f.severity, f.message, f.hint] for f in facts.findings],
    ]  # fmt: skip


def facts_from(row: list[Any]) -> Facts:
    """The facts of such a row."""
    path = row[0]
    return Facts(
        path, row[1], row[2], row[3], row[4], row[5], row[6], row[7],
        row[8], frozenset(row[9]), _uses(row[10]), _uses(row[11]), _uses(row[12]),
        tuple(Claim(*c) for c in row[13]), _uses(row[14]),
        tuple(SectionFacts(s[0], tuple(s[1]), _uses(s[2])) for s in row[15]),
        tuple(row[16]), (row[17][0], row[17][1], row[17][2]), row[18], row[19], (row[20][0], row[20][1], row[20][2]),
        row[21], tuple(row[22]), tuple(row[23]), row[24], row[25], tuple(row[26]),
        tuple((k, v) for k, v in row[27]), tuple(row[28]), tuple(row[29]),
        tuple((k, tuple(v)) for k, v in row[30]), (row[31][0], row[31][1], tuple(row[31][2])),
        tuple(Finding(path, *f) for f in row[32]),
    )  # fmt: skip


def _uses(rows: list[list[Any]]) -> tuple[Use, ...]:
    return tuple([Use(*row) for row in rows])
