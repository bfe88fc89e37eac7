"""What was put away and can be brought back: the bin remembers where it stood; the words are in the history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables import BinRow


@dataclass(frozen=True, slots=True)
class Binned:
    """A thing in the bin: its files stood in `version`; `section` is its place in the unit, -1 for none."""

    key: str
    title: str
    paths: tuple[str, ...]
    version: str
    unit: str
    section: int
    person: str
    at: datetime


class Bin:
    """The bin of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self, title: str, paths: list[str], version: str, unit: str, section: int, person: str, now: int
    ) -> str:
        """Remembers what is being put away; gives its key."""
        key = new_key("b")
        row = BinRow(
            key=key, title=title, paths=json.dumps(paths), version=version, unit=unit, section=section, person=person, at=now
        )  # fmt: skip
        with self._database.work() as work:
            work.add(row)
        return key

    def all(self) -> list[Binned]:
        """Everything in the bin, the newest first."""
        with self._database.look() as look:
            return [
                _binned(row)
                for row in look.scalars(select(BinRow).order_by(BinRow.at.desc(), BinRow.key.desc()))
            ]

    def get(self, key: str) -> Binned:
        """One thing. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(BinRow, key)
            if row is None:
                raise NotFound("This is not in the bin any more.")
            return _binned(row)

    def forget(self, key: str) -> None:
        """Takes a thing out of the bin, once it is back (or was never put away)."""
        with self._database.work() as work:
            row = work.get(BinRow, key)
            if row is not None:
                work.delete(row)


def _binned(row: BinRow) -> Binned:
    at = datetime.fromtimestamp(row.at, UTC)
    paths = tuple(json.loads(row.paths))
    return Binned(row.key, row.title, paths, row.version, row.unit, row.section, row.person, at)
