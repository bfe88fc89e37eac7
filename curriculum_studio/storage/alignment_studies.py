"""Alignment studies: codings are sealed until the one who looks may see them; and what people say that they taught."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.alignment_studies import Coding, Problem, Study, checked_codings
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.ratings import Reviewer
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables_alignment import CoderRow, CodingRow, StudyRow, TaughtRow


class AlignmentStudies:
    """The studies of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self,
        unit: tuple[str, str, str],
        framework: str,
        standards: Mapping[str, int],
        problems: Sequence[Problem],
        people: Iterable[str],
        actor: str,
    ) -> str:
        """Begins a study of a unit (id, title, version); gives its key. Raises `Refused` where nobody is invited."""
        invited = sorted(set(people))
        if not invited:
            raise Refused("Invite at least one person. Nothing was begun.")
        key = f"s-{secrets.token_hex(6)}"
        id_, title, version = unit
        with self._database.work() as work:
            work.add(
                StudyRow(
                    key=key, unit=id_, title=title, version=version, framework=framework,
                    standards=json.dumps(dict(standards)), problems=json.dumps([asdict(one) for one in problems]),
                    person=actor, at=int(time.time()), closed=False,
                )
            )  # fmt: skip
            work.flush()
            work.add_all(CoderRow(study=key, person=one, at=0, saw=0) for one in invited)
            record(work, actor, "opened an alignment study", key, unit=id_, invited=" ".join(invited))
        return key

    def get(self, key: str) -> Study:
        """One study. Raises `NotFound`."""
        with self._database.look() as look:
            return _study(look, key)

    def all(self, unit: str = "") -> list[Study]:
        """Every study, the newest first; of one unit where it is named."""
        wanted = select(StudyRow).order_by(StudyRow.at.desc(), StudyRow.key)
        if unit:
            wanted = wanted.where(StudyRow.unit == unit)
        with self._database.look() as look:
            invited: dict[str, list[Reviewer]] = {}
            for one in look.scalars(select(CoderRow).order_by(CoderRow.person)):
                invited.setdefault(one.study, []).append(Reviewer(one.person, one.at))
            return [_made(row, invited.get(row.key, ())) for row in look.scalars(wanted)]

    def hand_in(self, key: str, person: str, codings: Iterable[Coding]) -> None:
        """Takes a whole coding, once. Raises `Refused` where it is not asked for, or is not whole."""
        with self._database.work() as work:
            row = work.get(CoderRow, (key, person), with_for_update=True)
            one = _study(work, key)
            if row is None or not one.awaits(person):
                raise Refused("Yours is in already, or was not asked for. Nothing was changed.")
            work.add_all(
                CodingRow(study=key, person=person, problem=c.problem, standard=c.standard, depth=c.depth)
                for c in checked_codings(one, codings)
            )
            row.at = int(time.time())
            # The record tells the order of things, and never what was given.
            record(work, person, "handed in the codings of a study", key)

    def seen_by(self, key: str, person: str) -> Mapping[str, tuple[Coding, ...]]:
        """The codings (person to codings) that somebody may see now: their own at the least; the first look is recorded."""
        with self._database.look() as look:
            one = _study(look, key)
            wanted = select(CodingRow).where(CodingRow.study == key)
            if not one.shows(person):
                wanted = wanted.where(CodingRow.person == person)
            place = {problem.id: number for number, problem in enumerate(one.problems)}
            found: dict[str, list[Coding]] = {}
            for row in look.scalars(wanted.order_by(CodingRow.person)):
                found.setdefault(row.person, []).append(Coding(row.problem, row.standard, row.depth))
            coder = look.get(CoderRow, (key, person))
            first = coder is not None and not coder.saw and one.shows(person)
        if first:
            with self._database.work() as work:
                again = work.get(CoderRow, (key, person), with_for_update=True)
                if again is not None and not again.saw:
                    again.saw = int(time.time())
                    record(work, person, "first saw the codings of a study", key)
        return {
            who: tuple(sorted(rows, key=lambda c: place.get(c.problem, 999))) for who, rows in found.items()
        }

    def close(self, key: str, actor: str) -> None:
        """Ends a study: who has not coded no longer can."""
        with self._database.work() as work:
            row = work.get(StudyRow, key)
            if row is None:
                raise NotFound("There is no such study.")
            if not row.closed:
                row.closed = True
                record(work, actor, "closed an alignment study", key)

    def say_taught(self, unit: str, person: str, minutes: Mapping[str, int]) -> None:
        """Somebody says how many minutes they taught each lesson (by id) of a unit, in place of what they said before."""
        with self._database.work() as work:
            work.execute(delete(TaughtRow).where(TaughtRow.unit == unit, TaughtRow.person == person))
            at = int(time.time())
            work.add_all(
                TaughtRow(unit=unit, lesson=lesson, person=person, minutes=count, at=at)
                for lesson, count in minutes.items()
            )

    def taught(self, unit: str) -> Mapping[str, Mapping[str, int]]:
        """For each person what they say that they taught: lesson (id) to minutes."""
        found: dict[str, dict[str, int]] = {}
        wanted = select(TaughtRow).where(TaughtRow.unit == unit).order_by(TaughtRow.person, TaughtRow.lesson)
        with self._database.look() as look:
            for row in look.scalars(wanted):
                found.setdefault(row.person, {})[row.lesson] = row.minutes
        return found


def _study(session: Session, key: str) -> Study:
    row = session.get(StudyRow, key)
    if row is None:
        raise NotFound("There is no such study.")
    rows = session.scalars(select(CoderRow).where(CoderRow.study == key).order_by(CoderRow.person))
    return _made(row, [Reviewer(one.person, one.at) for one in rows])


def _made(row: StudyRow, reviewers: Iterable[Reviewer]) -> Study:
    return Study(
        row.key, row.unit, row.title, row.version, row.framework, json.loads(row.standards),
        tuple(Problem(**one) for one in json.loads(row.problems)), row.person, row.at, row.closed, tuple(reviewers),
    )  # fmt: skip
