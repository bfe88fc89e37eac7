"""What each side said it would do, step by step; nothing is written over."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.domain.commitments import Act, Commitment, Step
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_partnership import CommitmentRow, CommitmentStepRow

Next = Callable[[Commitment], tuple[Act, str, str, str]]
"""A commitment to its next step (act, words, day, reason); raises `Refused`."""


class Commitments:
    """The commitments of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, side: str, words: str, due: str, person: str) -> str:
        """Writes down what a side said it would do; gives its key."""
        key = new_key("w")
        with self._database.work() as work:
            work.add(CommitmentRow(key=key, side=side))
            work.flush()
            _add(work, key, "made", words, due, "", person)
            record(work, person, "said what a side would do", key, side=side, due=due)
        return key

    def move(self, key: str, person: str, following: Next) -> None:
        """Takes the next step. Raises `NotFound`, and `Refused` where `following` does."""
        with self._database.work() as work:
            if work.get(CommitmentRow, key, with_for_update=True) is None:
                raise NotFound("There is no such commitment.")
            act, words, due, reason = following(_found(work, key)[0])
            _add(work, key, act, words, due, reason, person)
            record(work, person, "moved what a side would do", key, step=act)

    def all(self) -> list[Commitment]:
        """Every commitment, those that are due first at the front."""
        with self._database.look() as look:
            return sorted(_found(look), key=lambda one: (one.due, one.key))


def _add(work: Session, key: str, act: Act, words: str, due: str, reason: str, person: str) -> None:
    work.add(
        CommitmentStepRow(
            commitment=key, act=act, words=words, due=due, reason=reason, person=person, at=int(time.time())
        )
    )


def _found(look: Session, key: str = "") -> list[Commitment]:
    rows, steps = select(CommitmentRow), select(CommitmentStepRow).order_by(CommitmentStepRow.number)
    if key:
        rows, steps = rows.where(CommitmentRow.key == key), steps.where(CommitmentStepRow.commitment == key)
    by_key: dict[str, list[Step]] = {}
    for one in look.scalars(steps):
        day = datetime.fromtimestamp(one.at, UTC).date().isoformat()
        by_key.setdefault(one.commitment, []).append(
            Step(one.act, one.words, one.due, one.reason, one.person, one.at, day)  # type: ignore[arg-type]
        )
    return [Commitment(row.key, row.side, tuple(by_key[row.key])) for row in look.scalars(rows)]
