"""Sign-ins, and the limits on failed ones. The database keeps hashes of tokens alone."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import AttemptRow, PersonRow, SessionRow

WINDOW = 300
MOST = {"a": 10, "i": 100, "t": 100}
"""Failed sign-ins within five minutes after which a door stays closed: of one account, of one address, and of one address
with tokens. A school of eighty teachers may well be one address."""
_SEEN = 300


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in as its owner sees it; `key` names it without being a way in."""

    key: str
    device: str
    opened: datetime
    seen: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A sign-in that holds: its key, whose it is, and until when (seconds)."""

    key: str
    person: Person
    until: int


class Sessions:
    """The sign-ins of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, person: Person, now: int, until: int, device: str) -> str:
        """A new sign-in's token."""
        token = secrets.token_urlsafe(32)
        with self._database.work() as work:
            work.execute(delete(SessionRow).where(SessionRow.until < now))
            row = SessionRow(
                token=token_hash(token),
                person=person.key,
                until=until,
                opened=now,
                seen=now,
                device=device[:80],
            )
            work.add(row)
            record(work, person.key, "signed in", person.key, device=device[:80])
        return token

    def person(self, token: str, now: int) -> Person | None:
        """Whose sign-in a token is; None where it has ended."""
        if not token or len(token) > 100:
            return None
        # Asked at every request: columns alone, in one question.
        wanted = (
            select(SessionRow.until, SessionRow.seen, PersonRow.key, PersonRow.name, PersonRow.role, PersonRow.sample, PersonRow.left)
            .join(PersonRow, PersonRow.key == SessionRow.person)
            .where(SessionRow.token == token_hash(token))
        )  # fmt: skip
        with self._database.look() as look:
            row = look.execute(wanted).first()
        if row is None or row.until < now or row.left:
            return None
        if now - row.seen > _SEEN:
            # Being seen is told to nobody who waits: a full disk must not keep people from reading.
            with suppress(StoreError), self._database.work() as work:
                found = work.get(SessionRow, token_hash(token))
                if found is not None:
                    found.seen = now
        return Person(row.key, row.name, row.role, row.sample)

    def sign_in(self, token: str) -> Held | None:
        """The sign-in of a token; None where it has ended."""
        found = self.held([token_hash(token)[:16]]) if token else []
        return next(iter(found), None)

    def held(self, keys: Sequence[str]) -> list[Held]:
        """Those of these sign-ins (their keys) that still hold, each with its person as they are now."""
        now = int(datetime.now(UTC).timestamp())
        found: list[Held] = []
        with self._database.look() as look:
            for slice_ in (keys[at : at + 400] for at in range(0, len(keys), 400)):
                wanted = (
                    select(SessionRow, PersonRow)
                    .join(PersonRow, PersonRow.key == SessionRow.person)
                    .where(func.substr(SessionRow.token, 1, 16).in_(slice_), SessionRow.until >= now)
                )
                found += [
                    Held(row.token[:16], Person(one.key, one.name, one.role, one.sample), row.until)
                    for row, one in look.execute(wanted)
                    if not one.left
                ]
        return found

    def of(self, person: str, token: str = "") -> list[SignIn]:
        """The sign-ins of a person, the newest first; `here` marks the one with this token."""
        wanted = (
            select(SessionRow)
            .where(SessionRow.person == person)
            .order_by(SessionRow.seen.desc(), SessionRow.opened.desc(), SessionRow.token)
        )
        mine = token_hash(token)
        with self._database.look() as look:
            return [
                SignIn(row.token[:16], row.device, _when(row.opened), _when(row.seen), row.token == mine)
                for row in look.scalars(wanted)
            ]

    def close(self, token: str) -> None:
        """Ends the sign-in with this token."""
        with self._database.work() as work:
            work.execute(delete(SessionRow).where(SessionRow.token == token_hash(token)))

    def end(self, person: str, key: str, actor: str) -> bool:
        """Ends one sign-in of a person (`key` "" for all of them); whether there was one."""
        wanted = select(SessionRow).where(SessionRow.person == person)
        with self._database.work() as work:
            rows = [row for row in work.scalars(wanted) if not key or row.token[:16] == key]
            for row in rows:
                work.delete(row)
            if rows:
                record(work, actor, "ended sign-ins", person, count=str(len(rows)))
        return bool(rows)

    def failed(self, keys: tuple[str, ...], now: int) -> None:
        """Counts a failed sign-in for an account and an address."""
        with self._database.work() as work:
            work.execute(delete(AttemptRow).where(AttemptRow.at < now - WINDOW))
            work.add_all(AttemptRow(key=token_hash(key), at=now) for key in keys)

    def blocked(self, keys: tuple[str, ...], now: int) -> bool:
        """Whether too many have failed lately; a key is `a:` and an account, `i:` or `t:` and an address."""
        hashed = {token_hash(key): MOST[key[0]] for key in keys}
        counts = (
            select(AttemptRow.key, func.count())
            .select_from(AttemptRow)
            .where(AttemptRow.key.in_(hashed), AttemptRow.at >= now - WINDOW)
            .group_by(AttemptRow.key)
        )
        with self._database.look() as look:
            return any(count >= hashed[key] for key, count in look.execute(counts))


def _when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
