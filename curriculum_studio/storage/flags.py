"""Flags and their steps: raised once for a rule and a part while their loop is open, moved on by people."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.flags import Flag, Sign, State, Step, merged, state_after
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_evidence import FlagRow, FlagStepRow


class Flags:
    """The flags of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raise_all(self, signs: Iterable[Sign], at: int = 0) -> list[str]:
        """Raises a flag for each rule and part, or adds the evidence to one whose loop is open; gives the keys. `at` is the
        moment, now where none is given."""
        keys = []
        with self._database.work() as work:
            for sign in merged(list(signs)):
                row = work.scalar(
                    select(FlagRow).where(
                        FlagRow.rule == sign.rule, FlagRow.document == sign.document, FlagRow.part == sign.part,
                        FlagRow.state.in_(("open", "taken")),
                    )
                )  # fmt: skip
                if row is None:
                    row = FlagRow(
                        key=new_key("f"), rule=sign.rule, document=sign.document, part=sign.part, state="open"
                    )  # fmt: skip
                    work.add(row)
                    work.flush()
                elif sign.source and _has(work, row.key, sign.source):
                    keys.append(row.key)
                    continue
                work.add(
                    FlagStepRow(
                        flag=row.key,
                        act="raised",
                        person="",
                        words=sign.words,
                        at=at or int(time.time()),
                        source=sign.source,
                    )
                )
                keys.append(row.key)
        return keys

    def all(self, *states: State, on: Iterable[str] | None = None) -> list[Flag]:
        """The flags in some states (all where none is named), on some texts (`on`: their ids; all where None), the oldest first."""
        wanted = select(FlagRow).order_by(FlagRow.key)
        if states:
            wanted = wanted.where(FlagRow.state.in_(states))
        if on is not None:
            wanted = wanted.where(FlagRow.document.in_(sorted(on)))
        with self._database.look() as look:
            rows = list(look.scalars(wanted))
            if not rows:
                return []
            steps: dict[str, list[FlagStepRow]] = {}
            for step in look.scalars(
                select(FlagStepRow)
                .where(FlagStepRow.flag.in_([row.key for row in rows]))
                .order_by(FlagStepRow.number)
            ):
                steps.setdefault(step.flag, []).append(step)
        return sorted((_flag(row, steps.get(row.key, [])) for row in rows), key=lambda one: (one.at, one.key))

    def get(self, key: str) -> Flag:
        """A flag. Raises `NotFound`."""
        with self._database.look() as look:
            return _get(look, key)

    def move(self, key: str, act: str, person: str, words: str, source: str = "") -> Flag:
        """Takes a flag up, sets it aside, closes it or opens it again; `source` is the thread that goes on from
        there. Raises `NotFound` or `Refused`."""
        with self._database.work() as work:
            row = work.get(FlagRow, key, with_for_update=True)
            if row is None:
                raise NotFound("There is no such flag.")
            row.state = state_after(_get(work, key), act, words)
            work.add(
                FlagStepRow(
                    flag=key, act=act, person=person, words=words.strip(), at=int(time.time()), source=source
                )
            )
            record(work, person, f"{_WORDS[act]} a flag", key)
            work.flush()
            return _get(work, key)


_WORDS = {"taken": "took up", "aside": "set aside", "closed": "closed", "again": "opened again"}


def _has(work: Session, key: str, source: str) -> bool:
    found = select(FlagStepRow.number).where(FlagStepRow.flag == key, FlagStepRow.source == source)
    return work.scalar(found) is not None


def _get(session: Session, key: str) -> Flag:
    row = session.get(FlagRow, key)
    if row is None:
        raise NotFound("There is no such flag.")
    steps = session.scalars(select(FlagStepRow).where(FlagStepRow.flag == key).order_by(FlagStepRow.number))
    return _flag(row, list(steps))


def _flag(row: FlagRow, steps: list[FlagStepRow]) -> Flag:
    told = tuple(Step(one.act, one.person, one.words, one.at, one.source) for one in steps)
    return Flag(row.key, row.rule, row.document, row.part, cast(State, row.state), told)
