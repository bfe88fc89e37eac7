"""Cycles of improvement: each step is written once, after the step before it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, replace

from sqlalchemy import inspect, select

from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_evidence import CycleRow

Moved = Callable[[Cycle, int], Cycle]
"""A cycle and the moment to the cycle after a step; raises `Refused`."""


class Cycles:
    """The cycles of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, one: Cycle) -> str:
        """Writes a plan down; gives its key."""
        made = replace(one, key=new_key("c"), planned=int(time.time()))
        with self._database.work() as work:
            work.add(CycleRow(**asdict(made)))
            record(work, made.person, "planned a cycle", made.key, unit=made.unit, goal=made.goal)
        return made.key

    def get(self, key: str) -> Cycle:
        """A cycle. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(CycleRow, key)
            if row is None:
                raise NotFound("There is no such cycle.")
            return _cycle(row)

    def all(self) -> list[Cycle]:
        """Every cycle, the newest first."""
        with self._database.look() as look:
            return [
                _cycle(row)
                for row in look.scalars(
                    select(CycleRow).order_by(CycleRow.planned.desc(), CycleRow.key.desc())
                )
            ]

    def move(self, key: str, person: str, act: str, moved: Moved) -> None:
        """Takes a step. Raises `NotFound`, and `Refused` where `moved` does."""
        with self._database.work() as work:
            row = work.get(CycleRow, key, with_for_update=True)
            if row is None:
                raise NotFound("There is no such cycle.")
            for name, value in asdict(moved(_cycle(row), int(time.time()))).items():
                setattr(row, name, value)
            record(work, person, act, key)


def _cycle(row: CycleRow) -> Cycle:
    return Cycle(**{column.key: getattr(row, column.key) for column in inspect(CycleRow).column_attrs})
