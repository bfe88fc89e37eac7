"""Alignment studies, whose codings come through the one door of `sealed`; and what people say that they taught."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.alignment_studies import Coding, Problem, Study, checked_codings
from curriculum_studio.domain.ratings import Reviewer
from curriculum_studio.storage import sealed
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.sealed import STUDIES
from curriculum_studio.storage.tables_alignment import CodingRow, StudyRow, TaughtRow


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
        key = new_key("s")
        id_, title, version = unit
        row = StudyRow(
            key=key, unit=id_, title=title, version=version, framework=framework,
            standards=json.dumps(dict(standards)), problems=json.dumps([asdict(one) for one in problems]),
            person=actor, at=int(time.time()), closed=False,
        )  # fmt: skip
        with self._database.work() as work:
            invited = " ".join(sealed.invite(work, STUDIES, row, people))
            record(work, actor, "opened an alignment study", key, unit=id_, invited=invited)
        return key

    def get(self, key: str) -> Study:
        """One study. Raises `NotFound`."""
        with self._database.look() as look:
            return _study(look, key)

    def all(self, unit: str = "") -> list[Study]:
        """Every study, the newest first; of one unit where it is named."""
        with self._database.look() as look:
            return [_made(row, invited) for row, invited in sealed.all_found(look, STUDIES, unit)]

    def hand_in(self, key: str, person: str, codings: Iterable[Coding]) -> None:
        """Takes a whole coding, once. Raises `Refused` where it is not asked for, or is not whole."""

        def given(_: Session, one: Study) -> Iterable[CodingRow]:
            for c in checked_codings(one, codings):
                yield CodingRow(of=key, person=person, problem=c.problem, standard=c.standard, depth=c.depth)

        sealed.take_in(self._database, STUDIES, key, person, lambda work: _study(work, key), given)

    def seen_by(self, key: str, person: str) -> Mapping[str, tuple[Coding, ...]]:
        """The codings (person to codings) that somebody may see now: their own at the least; the first look is recorded."""
        one, rows = sealed.seen(self._database, STUDIES, key, person, lambda look: _study(look, key))
        place = {problem.id: number for number, problem in enumerate(one.problems)}
        found: dict[str, list[Coding]] = {}
        for row in sorted(rows, key=lambda row: place.get(row.problem, 999)):
            found.setdefault(row.person, []).append(Coding(row.problem, row.standard, row.depth))
        return {person: tuple(found[person]) for person in sorted(found)}

    def close(self, key: str, actor: str) -> None:
        """Ends a study: who has not coded no longer can. Raises `NotFound`."""
        sealed.close(self._database, STUDIES, key, actor)

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
    return _made(*sealed.found(session, STUDIES, key))


def _made(row: StudyRow, reviewers: Iterable[Reviewer]) -> Study:
    return Study(
        row.key, row.unit, row.title, row.version, row.framework, json.loads(row.standards),
        tuple(Problem(**one) for one in json.loads(row.problems)), row.person, row.at, row.closed, tuple(reviewers),
    )  # fmt: skip
