"""Results of groups: counts and sums alone, each with the mask that the ledger keeps for its table."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.evidence import Item, Option, Results, ResultSet, Tally
from curriculum_studio.domain.suppression import Mask
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_evidence import ColumnsRow, MaskRow, ResultsRow

Judge = Callable[[Sequence[ResultSet]], Mapping[str, Mask]]
"""Given all results of the same text so far, withdrawn ones too, the masks of the new ones; raises `Refused`."""


class Evidence:
    """The results of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, found: ResultSet, judge: Judge) -> ResultSet:
        """Takes results in, in one transaction; gives them with key, moment (now, unless one is given) and mask. A table that the ledger knows gets the
        mask that it had. Raises `Refused` where the same table is in already, or where `judge` does."""
        made = replace(found, key=new_key("e"), at=found.at or int(time.time()))
        digest = digest_of(found)
        with self._database.work() as work:
            rows = work.scalars(
                select(ResultsRow)
                .where(ResultsRow.document == found.document)
                .order_by(ResultsRow.at, ResultsRow.key)
            )
            earlier = [_set(row) for row in rows]
            if any(row.digest == digest and not row.withdrawn for row in _same(work, digest)):
                raise Refused("These very results are in already. Nothing was changed.")
            kept = work.get(MaskRow, digest)
            masks = json.loads(kept.mask) if kept else judge(earlier)
            if kept is None:
                work.add(MaskRow(digest=digest, mask=json.dumps(masks, sort_keys=True), at=made.at))
            made = replace(made, masks=masks)
            work.add(_row(made, digest))
            record(
                work, made.person, "brought results in", made.key, text=made.document, version=made.version
            )
        return made

    def all(self, document: str = "", year: str = "", *, withdrawn: bool = False) -> list[ResultSet]:
        """All results that are not withdrawn, or all that are, the newest first; of one text, or of one school year."""
        wanted = select(ResultsRow).where(ResultsRow.withdrawn.is_(withdrawn))
        if document:
            wanted = wanted.where(ResultsRow.document == document)
        if year:
            first = int(year[:4])
            wanted = wanted.where(ResultsRow.taken >= f"{first}-08", ResultsRow.taken < f"{first + 1}-08")
        with self._database.look() as look:
            return [
                _set(row)
                for row in look.scalars(
                    wanted.order_by(ResultsRow.taken.desc(), ResultsRow.at.desc(), ResultsRow.key.desc())
                )
            ]

    def get(self, key: str) -> ResultSet:
        """Results by their key. Raises `NotFound` where there are none, or they were withdrawn."""
        with self._database.look() as look:
            row = look.get(ResultsRow, key)
            if row is None or row.withdrawn:
                raise NotFound("There are no such results.")
            return _set(row)

    def withdraw(self, key: str, actor: str) -> None:
        """Takes results out of all pages and sums."""
        with self._database.work() as work:
            row = work.get(ResultsRow, key)
            if row is None or row.withdrawn:
                raise NotFound("There are no such results.")
            row.withdrawn = True
            record(work, actor, "withdrew results", key)

    def bring_back(self, key: str, actor: str) -> None:
        """Takes results that were withdrawn in again, under the mask that they had: whatever came meanwhile was masked beside them.
        Raises `NotFound`, and `Refused` where the same table has been brought in again."""
        with self._database.work() as work:
            row = work.get(ResultsRow, key)
            if row is None or not row.withdrawn:
                raise NotFound("There are no such results.")
            if any(not one.withdrawn for one in _same(work, row.digest)):
                raise Refused("These very results are in already. Nothing was changed.")
            row.withdrawn = False
            record(work, actor, "brought withdrawn results back", key)

    def columns(self, document: str, width: int) -> list[str]:
        """Which problem each column of a file with so many columns is, as said before; empty where it was not."""
        with self._database.look() as look:
            row = look.get(ColumnsRow, (document, width))
            return [str(one) for one in json.loads(row.items)] if row else []

    def keep_columns(self, document: str, items: Sequence[str]) -> None:
        """Remembers which problem each column is ("" for one that is left out)."""
        with self._database.work() as work:
            work.merge(ColumnsRow(document=document, width=len(items), items=json.dumps(list(items))))


def _same(work: Session, digest: str) -> Sequence[ResultsRow]:
    return work.scalars(select(ResultsRow).where(ResultsRow.digest == digest)).all()


def digest_of(found: ResultSet) -> str:
    """The hash of a table of results: text, version and counts, whatever order they came in."""
    rows = [[t.item.id, sorted((m, n) for m, n in t.counts.items() if n)] for t in found.results.tallies]
    text = json.dumps([found.document, found.blob, sorted(rows)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _row(one: ResultSet, digest: str) -> ResultsRow:
    tallies = {
        "sum": one.results.total,
        "squares": one.results.squares,
        "items": [
            [dict(tally.counts), dict(tally.sums) if tally.sums else None] for tally in one.results.tallies
        ],
    }
    return ResultsRow(
        key=one.key, document=one.document, path=one.path, title=one.title, version=one.version, blob=one.blob,
        taken=one.taken, classes=one.classes, students=one.results.students,
        items=json.dumps([_item_row(tally.item) for tally in one.results.tallies], ensure_ascii=False),
        tallies=json.dumps(tallies), masks=json.dumps(one.masks, sort_keys=True), digest=digest, person=one.person,
        at=one.at, withdrawn=one.withdrawn,
    )  # fmt: skip


def _item_row(item: Item) -> list[Any]:
    options = [[one.mark, one.words, one.right, one.misconception] for one in item.options]
    return [item.id, item.title, item.kind, options, item.most, item.standard]


def _set(row: ResultsRow) -> ResultSet:
    kept = json.loads(row.tallies)
    tallies = []
    for (name, title, kind, options, most, standard), (counts, sums) in zip(
        json.loads(row.items), kept["items"], strict=True
    ):
        item = Item(name, title, kind, tuple(Option(*one) for one in options), most, standard)
        tallies.append(Tally(item, counts, sums))
    results = Results(row.students, tuple(tallies), kept["sum"], kept["squares"])
    return ResultSet(
        row.key, row.document, row.path, row.title, row.version, row.blob, row.taken, row.classes, results,
        json.loads(row.masks), row.person, row.at, row.withdrawn,
    )  # fmt: skip
