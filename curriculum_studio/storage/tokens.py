"""Personal tokens: how other programs come in as a person. The database keeps hashes alone; a token is shown once."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select

from curriculum_studio.domain.errors import NotFound, Refused, StoreError
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.sessions import token_hash
from curriculum_studio.storage.tables import PersonRow, TokenRow

MOST_TOKENS = 20
"""Tokens that one person may have."""
_FORM = re.compile(r"cst_[A-Za-z0-9_-]{43}\Z")
_SEEN = 300


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; `key` names it without being a way in. `used` is None where it never was."""

    key: str
    name: str
    writes: bool
    made: datetime
    until: datetime
    used: datetime | None


class Tokens:
    """The tokens of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, person: str, name: str, now: int, until: int, *, writes: bool) -> str:
        """A new token, kept nowhere; what ran out a month ago goes. Raises `Refused`."""
        name = " ".join(name.split())[:80]
        if not name:
            raise Refused("A token needs a name, so that you know later what it is for. Nothing was made.")
        token = f"cst_{secrets.token_urlsafe(32)}"
        with self._database.work() as work:
            work.execute(delete(TokenRow).where(TokenRow.until < now - 30 * 86400))
            count = work.scalar(select(func.count()).select_from(TokenRow).where(TokenRow.person == person))
            if (count or 0) >= MOST_TOKENS:
                raise Refused(f"You have {MOST_TOKENS} tokens. End one that you no longer use first.")
            row = TokenRow(
                key=secrets.token_hex(8), hash=token_hash(token), person=person, name=name,
                writes=writes, made=now, until=until, used=0, fetched="", fetched_at=0,
            )  # fmt: skip
            work.add(row)
            record(
                work,
                person,
                "made a token",
                person,
                token=row.key,
                name=name,
                may="write" if writes else "read",
            )
        return token

    def of(self, person: str) -> list[Token]:
        """The tokens of a person, the newest first; those that ran out lately among them."""
        wanted = (
            select(TokenRow).where(TokenRow.person == person).order_by(TokenRow.made.desc(), TokenRow.key)
        )
        with self._database.look() as look:
            return [_token(row) for row in look.scalars(wanted)]

    def bearer(self, token: str, now: int) -> tuple[Person, Token] | None:
        """Whose token it is, and what it may do; None where it is none, has run out, or its owner has left."""
        if not _FORM.match(token):
            return None
        with self._database.look() as look:
            row = look.scalar(select(TokenRow).where(TokenRow.hash == token_hash(token)))
            one = look.get(PersonRow, row.person) if row is not None and row.until >= now else None
        if row is None or one is None or one.left:
            return None
        if now - row.used > _SEEN:
            # Nobody who works waits for this, and a full disk keeps nobody from reading.
            with suppress(StoreError), self._database.work() as work:
                found = work.get(TokenRow, row.key)
                if found is not None:
                    found.used = now
        return Person(one.key, one.name, one.role, one.sample), _token(row)

    def note_fetch(self, key: str, version: str, now: int) -> None:
        """Notes the version that a token takes along."""
        with suppress(StoreError), self._database.work() as work:
            row = work.get(TokenRow, key)
            if row is not None:
                row.fetched, row.fetched_at = version, now

    def fetched(self, key: str, since: int) -> str | None:
        """The version that a token took along last, where that is not before `since`."""
        with self._database.look() as look:
            row = look.get(TokenRow, key)
            return row.fetched if row is not None and row.fetched and row.fetched_at >= since else None

    def end(self, person: str, key: str, actor: str) -> None:
        """Ends one token of a person; it works from now on nowhere. Raises `NotFound`."""
        with self._database.work() as work:
            row = work.get(TokenRow, key)
            if row is None or row.person != person:
                raise NotFound("There is no such token.")
            work.delete(row)
            record(work, actor, "ended a token", person, token=key, name=row.name)


def _token(row: TokenRow) -> Token:
    used = _when(row.used) if row.used else None
    return Token(row.key, row.name, row.writes, _when(row.made), _when(row.until), used)


def _when(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
