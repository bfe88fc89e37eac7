"""Rounds of ratings: who rates, talk, consensus and anchors; others' ratings come through the one door of `sealed`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.ratings import Rating, Reviewer, Round, Rubric, checked
from curriculum_studio.storage import sealed
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.sealed import ROUNDS
from curriculum_studio.storage.tables import ConsensusRow, RatingRow, RoundRow, WordRow
from curriculum_studio.storage.tables_alignment import AnchorRow

Reading = Callable[[bytes], Rubric]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a round came to for a criterion, by whom and when."""

    value: int
    note: str
    person: str
    at: int


@dataclass(frozen=True, slots=True)
class Word:
    """Something said about a round."""

    person: str
    text: str
    at: int


class Ratings:
    """The rounds of one workspace. Everywhere `read` turns a rubric’s kept text into the rubric."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self,
        unit: str,
        title: str,
        version: str,
        rubric: bytes,
        reviewers: Iterable[str],
        actor: str,
        name: str,
        *,
        calibration: bool = False,
    ) -> str:
        """Begins a round; gives its key. Raises `Refused` where nobody is invited."""
        key = new_key("r")
        row = RoundRow(
            key=key, unit=unit, title=title, version=version, rubric=rubric.decode(), person=actor,
            at=int(time.time()), closed=False, calibration=calibration,
        )  # fmt: skip
        with self._database.work() as work:
            invited = " ".join(sealed.invite(work, ROUNDS, row, reviewers))
            record(work, actor, "opened a round of ratings", key, unit=unit, rubric=name, invited=invited)
        return key

    def get(self, key: str, read: Reading) -> Round:
        """One round. Raises `NotFound`."""
        with self._database.look() as look:
            return _round(look, key, read)

    def all(self, read: Reading, unit: str = "") -> list[Round]:
        """Every round, the newest first; of one unit where it is named."""
        with self._database.look() as look:
            return [_made(row, invited, read) for row, invited in sealed.all_found(look, ROUNDS, unit)]

    def hand_in(self, key: str, person: str, ratings: Iterable[Rating], read: Reading) -> None:
        """Takes a whole rating, once. Raises `Refused` where it is not asked for, or is not whole."""

        def given(work: Session, one: Round) -> Iterable[RatingRow]:
            if one.calibration and work.scalar(select(AnchorRow).where(AnchorRow.round == key)) is None:
                raise Refused(
                    "The anchor scores of this calibration are not written yet. Nothing was changed."
                )
            for r in checked(one.rubric, ratings):
                yield RatingRow(
                    of=key, person=person, criterion=r.criterion, value=r.value, note=r.note, path=r.path, quote=r.quote
                )  # fmt: skip

        sealed.take_in(self._database, ROUNDS, key, person, lambda work: _round(work, key, read), given)

    def seen_by(self, key: str, person: str, read: Reading) -> Mapping[str, tuple[Rating, ...]]:
        """The ratings (person to ratings) that somebody may see now: their own at the least; the first look is recorded."""
        one, rows = sealed.seen(self._database, ROUNDS, key, person, lambda look: _round(look, key, read))
        place = {criterion.id: number for number, criterion in enumerate(one.rubric.criteria)}
        found: dict[str, list[Rating]] = {}
        for row in sorted(rows, key=lambda row: place.get(row.criterion, 99)):
            rating = Rating(row.criterion, row.value, row.note, row.path, row.quote)
            found.setdefault(row.person, []).append(rating)
        return {person: tuple(found[person]) for person in sorted(found)}

    def close(self, key: str, actor: str) -> None:
        """Ends a round: who has not rated no longer can. Raises `NotFound`."""
        sealed.close(self._database, ROUNDS, key, actor)

    def say(self, key: str, person: str, text: str, read: Reading) -> None:
        """Adds to the discussion. Raises `Refused` where the person may not see the ratings yet."""
        with self._database.work() as work:
            _open_to(_round(work, key, read), person)
            work.add(WordRow(round=key, person=person, text=text, at=int(time.time())))

    def words(self, key: str, person: str, read: Reading) -> list[Word]:
        """The discussion, for somebody who may see the ratings; else nothing."""
        with self._database.look() as look:
            if not _round(look, key, read).shows(person):
                return []
            rows = look.scalars(select(WordRow).where(WordRow.round == key).order_by(WordRow.number))
            return [Word(row.person, row.text, row.at) for row in rows]

    def agree(self, key: str, person: str, values: Mapping[str, tuple[int, str]], read: Reading) -> None:
        """Writes the consensus down (criterion to value and note), in place of an earlier one."""
        with self._database.work() as work:
            _open_to(_round(work, key, read), person)
            work.execute(delete(ConsensusRow).where(ConsensusRow.round == key))
            at = int(time.time())
            work.add_all(
                ConsensusRow(round=key, criterion=one, value=value, note=note, person=person, at=at)
                for one, (value, note) in values.items()
            )
            record(work, person, "wrote the consensus of a round", key)

    def agreed(self, key: str, person: str, read: Reading) -> Mapping[str, Agreed]:
        """The consensus by criterion, for somebody who may see the ratings; else nothing."""
        with self._database.look() as look:
            if not _round(look, key, read).shows(person):
                return {}
            rows = look.scalars(select(ConsensusRow).where(ConsensusRow.round == key))
            return {row.criterion: Agreed(row.value, row.note, row.person, row.at) for row in rows}

    def anchor(self, key: str, person: str, values: Mapping[str, tuple[int, str]], read: Reading) -> None:
        """Writes the anchors of a calibration down (criterion to value and reason). Raises `Refused` where a rating is in."""
        with self._database.work() as work:
            one = _round(work, key, read)
            if not one.calibration or one.opened_by != person:
                raise Refused("Who opened a calibration writes its anchor scores. Nothing was changed.")
            if one.closed or any(reviewer.at for reviewer in one.reviewers):
                raise Refused("A rating is in already, so the anchor scores stay. Nothing was changed.")
            work.execute(delete(AnchorRow).where(AnchorRow.round == key))
            work.add_all(
                AnchorRow(round=key, criterion=name, value=value, note=note)
                for name, (value, note) in values.items()
            )
            record(work, person, "wrote the anchor scores of a calibration", key)

    def anchors(self, key: str, person: str, read: Reading) -> Mapping[str, tuple[int, str]]:
        """The anchors (criterion to value and reason), for who wrote them and who may see the ratings; else nothing."""
        with self._database.look() as look:
            one = _round(look, key, read)
            if not one.shows(person) and one.opened_by != person:
                return {}
            rows = look.scalars(select(AnchorRow).where(AnchorRow.round == key))
            return {row.criterion: (row.value, row.note) for row in rows}


def _open_to(one: Round, person: str) -> None:
    if not one.shows(person):
        raise Refused("Hand in your own rating first; then the others’ are open to you. Nothing was changed.")


def _round(session: Session, key: str, read: Reading) -> Round:
    row, invited = sealed.found(session, ROUNDS, key)
    return _made(row, invited, read)


def _made(row: RoundRow, reviewers: Iterable[Reviewer], read: Reading) -> Round:
    return Round(
        row.key, row.unit, row.title, row.version, read(row.rubric.encode()), row.person, row.at, row.closed, tuple(reviewers), row.calibration
    )  # fmt: skip
