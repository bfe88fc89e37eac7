"""The policy, verdicts and requests for review as they are kept; a verdict is written once and never changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from curriculum_studio.domain.approvals import Policy, Verdict
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.notices import tell
from curriculum_studio.storage.review_tables import AskedRow, OutboxRow, PolicyRow, RequestRow, VerdictRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asked people to review a text: what they ask, by which rubric, until when (a day), who answered when."""

    key: str
    text: str
    path: str
    person: str
    at: int
    question: str
    rubric: str
    due: str
    closed: int
    asked: tuple[tuple[str, int], ...]

    def awaits(self, person: str) -> bool:
        """Whether this person's answer is still asked for."""
        return not self.closed and (person, 0) in self.asked


class Approvals:
    """Verdicts and requests of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def policy(self) -> Policy:
        """What publishing needs; a workspace that never asked needs nothing."""
        with self._database.look() as look:
            row = look.get(PolicyRow, 1)
        return Policy(row.needed, row.teachers, row.researchers, row.baseline) if row else Policy()

    def set_policy(self, policy: Policy, person: str) -> None:
        """Says what publishing needs from now on."""
        with self._database.work() as work:
            work.merge(
                PolicyRow(
                    number=1, needed=policy.needed, teachers=policy.teachers, researchers=policy.researchers,
                    baseline=policy.baseline, person=person, at=int(time.time()),
                )
            )  # fmt: skip
            record(work, person, "said what publishing needs", "policy", says=policy.says())

    def give(self, verdict: Verdict, told: Iterable[str]) -> Verdict:
        """Writes a verdict down (its key and time are set here); the person's open requests on the text are answered."""
        # Who thinks better of it says so at once: the key tells which of two of one second came later.
        now, key = int(time.time()), new_key("v")
        with self._database.work() as work:
            work.add(
                VerdictRow(
                    key=key, text=verdict.text, path=verdict.path, blob=verdict.blob, closure=verdict.closure,
                    person=verdict.person, role=verdict.role, author=verdict.author, verdict=verdict.verdict,
                    words=verdict.words, at=now,
                )
            )  # fmt: skip
            asked: set[str] = set(told)
            for request in work.scalars(
                select(RequestRow).where(RequestRow.text == verdict.text, RequestRow.closed == 0)
            ):
                row = work.get(AskedRow, (request.key, verdict.person))
                if row is not None and not row.answered:
                    row.answered = now
                    asked.add(request.person)
                    work.add(OutboxRow(kind="request", key=request.key))
                    if all(one.answered for one in _asked(work, request.key)):
                        request.closed = now
            said = "approved" if verdict.verdict == "approved" else "asked for changes"
            tell(work, asked, "verdict", key, verdict.path, f"{said}. {verdict.words}", verdict.person)
            record(
                work, verdict.person, f"verdict: {said}", verdict.text, path=verdict.path, blob=verdict.blob
            )
            work.add(OutboxRow(kind="verdict", key=key))
        return _verdict(VerdictRow(**{**_fields(verdict), "key": key, "at": now}))

    def get_verdict(self, key: str) -> Verdict:
        """One verdict. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(VerdictRow, key)
            if row is None:
                raise NotFound("There is no such verdict.")
            return _verdict(row)

    def of_text(self, text: str) -> list[Verdict]:
        """All verdicts on a text, the oldest first."""
        with self._database.look() as look:
            rows = look.scalars(
                select(VerdictRow).where(VerdictRow.text == text).order_by(VerdictRow.at, VerdictRow.key)
            )
            return [_verdict(row) for row in rows]

    def of_texts(self, texts: Iterable[str]) -> dict[str, list[Verdict]]:
        """All verdicts on many texts, by text."""
        wanted, found = sorted(set(texts)), dict[str, list[Verdict]]()
        with self._database.look() as look:
            for at in range(0, len(wanted), _AT_ONCE):
                rows = look.scalars(
                    select(VerdictRow)
                    .where(VerdictRow.text.in_(wanted[at : at + _AT_ONCE]))
                    .order_by(VerdictRow.at, VerdictRow.key)
                )
                for row in rows:
                    found.setdefault(row.text, []).append(_verdict(row))
        return found

    def ask(
        self, text: str, path: str, person: str, people: Iterable[str], question: str, rubric: str, due: str
    ) -> str:
        """Asks people to review a text; gives the key of the request."""
        now, key = int(time.time()), new_key("q")
        asked = sorted(set(people))
        with self._database.work() as work:
            work.add(
                RequestRow(
                    key=key, text=text, path=path, person=person, at=now, question=question, rubric=rubric, due=due, closed=0
                )
            )  # fmt: skip
            work.flush()
            work.add_all(AskedRow(request=key, person=one, answered=0, reminded=0) for one in asked)
            tell(work, asked, "request", key, path, question or "Please review this.", person)
            record(work, person, "asked for a review", text, path=path, people=" ".join(asked))
            work.add(OutboxRow(kind="request", key=key))
        return key

    def end(self, key: str, person: str) -> None:
        """Ends a request that is no longer wanted. Raises `NotFound`."""
        with self._database.work() as work:
            row = work.get(RequestRow, key)
            if row is None:
                raise NotFound("There is no such request.")
            if not row.closed:
                row.closed = int(time.time())
                record(work, person, "ended a request for review", row.text, path=row.path)
                work.add(OutboxRow(kind="request", key=key))

    def get_request(self, key: str) -> Request:
        """One request. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(RequestRow, key)
            if row is None:
                raise NotFound("There is no such request.")
            return _request(look, row)

    def requests(self, *, text: str = "", only_open: bool = True) -> list[Request]:
        """Requests, the newest first; of one text where it is named."""
        wanted = select(RequestRow).order_by(RequestRow.at.desc(), RequestRow.key.desc())
        if only_open:
            wanted = wanted.where(RequestRow.closed == 0)
        if text:
            wanted = wanted.where(RequestRow.text == text)
        with self._database.look() as look:
            return [_request(look, row) for row in look.scalars(wanted)]

    def remind(self, before: str) -> int:
        """Reminds, once, everybody who has not answered a request that is due on that day or earlier; gives how many."""
        count = 0
        with self._database.work() as work:
            wanted = select(RequestRow).where(
                RequestRow.closed == 0, RequestRow.due != "", RequestRow.due <= before
            )
            for row in work.scalars(wanted):
                late = [one for one in _asked(work, row.key) if not one.answered and not one.reminded]
                for one in late:
                    one.reminded = int(time.time())
                tell(
                    work, [one.person for one in late], "reminder", row.key, row.path, f"Due {row.due}. {row.question}", row.person
                )  # fmt: skip
                count += len(late)
        return count


def _asked(session: Session, key: str) -> list[AskedRow]:
    return list(session.scalars(select(AskedRow).where(AskedRow.request == key).order_by(AskedRow.person)))


def _request(session: Session, row: RequestRow) -> Request:
    asked = tuple((one.person, one.answered) for one in _asked(session, row.key))
    return Request(
        row.key, row.text, row.path, row.person, row.at, row.question, row.rubric, row.due, row.closed, asked
    )


def _fields(verdict: Verdict) -> dict[str, object]:
    return {name: getattr(verdict, name) for name in Verdict.__slots__}


def _verdict(row: VerdictRow) -> Verdict:
    return Verdict(
        row.key, row.text, row.path, row.blob, row.closure, row.person, row.role, row.author,
        "approved" if row.verdict == "approved" else "changes", row.words, row.at,
    )  # fmt: skip
