"""What several people judge blind, as rows: who was invited, what each gave whole and once, and the one door to what others gave.

Rounds of ratings and alignment studies lie in tables of their own, because what is given differs; who may give, who may see
and what the record says of it is written here once for both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.ratings import Reviewer, Sealed
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import Base, RatingRow, ReviewerRow, RoundRow
from curriculum_studio.storage.tables_alignment import CoderRow, CodingRow, StudyRow

Judged = TypeVar("Judged", bound=Sealed)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where one kind lies (`head` the thing itself, `invited` who judges it, `given` what they gave), what people call it,
    and what the record says of it. The record tells the order of things, and never what was given."""

    head: type[RoundRow] | type[StudyRow]
    invited: type[ReviewerRow] | type[CoderRow]
    given: type[RatingRow] | type[CodingRow]
    called: str
    came: str
    saw: str
    ended: str


ROUNDS = Shape(
    RoundRow, ReviewerRow, RatingRow, "round",
    "handed in a rating", "first saw the ratings of a round", "closed a round of ratings",
)  # fmt: skip
STUDIES = Shape(
    StudyRow, CoderRow, CodingRow, "study",
    "handed in the codings of a study", "first saw the codings of a study", "closed an alignment study",
)  # fmt: skip


def invite(work: Session, shape: Shape, head: RoundRow | StudyRow, people: Iterable[str]) -> list[str]:
    """Begins something: keeps it and whom it asks, and gives their keys in order. Raises `Refused` where nobody is invited."""
    invited = sorted(set(people))
    if not invited:
        raise Refused("Invite at least one person. Nothing was begun.")
    work.add(head)
    work.flush()
    work.add_all(shape.invited(of=head.key, person=one, at=0, saw=0) for one in invited)
    return invited


def found(session: Session, shape: Shape, key: str) -> tuple[Any, list[Reviewer]]:
    """The row of one thing, and who was invited to it. Raises `NotFound`."""
    row = session.get(shape.head, key)
    if row is None:
        raise NotFound(f"There is no such {shape.called}.")
    table: Any = shape.invited
    rows = session.scalars(select(table).where(table.of == key).order_by(table.person))
    return row, [Reviewer(one.person, one.at) for one in rows]


def all_found(session: Session, shape: Shape, unit: str) -> list[tuple[Any, list[Reviewer]]]:
    """As `found`, of every thing, the newest first; of one unit where it is named."""
    # Any: the two kinds of table have these columns in common, and nothing else but their names says so.
    head: Any = shape.head
    table: Any = shape.invited
    wanted = select(head).order_by(head.at.desc(), head.key.desc())
    if unit:
        wanted = wanted.where(head.unit == unit)
    invited: dict[str, list[Reviewer]] = {}
    for one in session.scalars(select(table).order_by(table.person)):
        invited.setdefault(one.of, []).append(Reviewer(one.person, one.at))
    return [(row, invited.get(row.key, [])) for row in session.scalars(wanted)]


def take_in(
    database: Database, shape: Shape, key: str, person: str,
    read: Callable[[Session], Judged], given: Callable[[Session, Judged], Iterable[Base]],
) -> None:  # fmt: skip
    """Keeps what somebody gives, whole and once. Raises `NotFound`, and `Refused` where it is not asked for or `given`
    refuses it."""
    with database.work() as work:
        # Locked before the thing is read: of two at once the second finds the first one's in.
        row = _invitation(work, shape, key, person)
        judged = read(work)
        if row is None or not judged.awaits(person):
            raise Refused("Yours is in already, or was not asked for. Nothing was changed.")
        work.add_all(given(work, judged))
        row.at = int(time.time())
        record(work, person, shape.came, key)


def _invitation(work: Session, shape: Shape, key: str, person: str) -> Any:
    """The invitation of somebody, locked until the transaction ends; None where there is none."""
    return work.get(shape.invited, (key, person), with_for_update=True)


def seen(
    database: Database, shape: Shape, key: str, person: str, read: Callable[[Session], Judged]
) -> tuple[Judged, list[Any]]:
    """A thing and the rows that somebody may see of it now: their own at the least; the first look at others' is recorded.

    `read` reads the thing in the same transaction in which the rule is asked.
    """
    table: Any = shape.given
    with database.look() as look:
        judged = read(look)
        open_ = judged.shows(person)
        wanted = select(table).where(table.of == key).order_by(table.person)
        rows = list(look.scalars(wanted if open_ else wanted.where(table.person == person)))
        invited: Any = look.get(shape.invited, (key, person))
        first = open_ and invited is not None and not invited.saw
    if first:
        with database.work() as work:
            again = _invitation(work, shape, key, person)
            if again is not None and not again.saw:
                again.saw = int(time.time())
                record(work, person, shape.saw, key)
    return judged, rows


def close(database: Database, shape: Shape, key: str, actor: str) -> None:
    """Ends a thing: who has not given theirs no longer can. Raises `NotFound`."""
    with database.work() as work:
        row = found(work, shape, key)[0]
        if not row.closed:
            row.closed = True
            record(work, actor, shape.ended, key)
