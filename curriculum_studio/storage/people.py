"""People, their sessions and their one-use links. Tokens are kept as hashes; passwords as Argon2id."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, select

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import ROLES, Person
from curriculum_studio.storage.database import Database, LinkRow, PersonRow, SessionRow

MIN_PASSWORD = 12
_HASHER = PasswordHasher()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class People:
    """The people of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Checked against when there is no such account, so that an answer takes as long.
        self._nobody = _HASHER.hash(secrets.token_hex(16))

    def add(self, name: str, account: str, role: str, *, sample: bool = False) -> Person:
        """Adds a person. Raises `Refused` where the account is taken or the role unknown."""
        if role not in ROLES:
            raise Refused(f"“{role}” is no role; one of {', '.join(ROLES)}.")
        key = f"p-{secrets.token_hex(4)}"
        with self._database.work() as work:
            if work.scalar(select(PersonRow).where(PersonRow.account == account.casefold())):
                raise Refused(f"The account {account} is taken.")
            work.add(
                PersonRow(
                    key=key, name=name, role=role, account=account.casefold(), sample=sample, password=""
                )
            )
        return Person(key, name, role, sample)

    def samples(self) -> list[tuple[str, Person]]:
        """Account and person of each sample person."""
        with self._database.work() as work:
            rows = work.scalars(select(PersonRow).where(PersonRow.sample).order_by(PersonRow.name)).all()
            return [(row.account, _person(row)) for row in rows]

    def sign_in(self, account: str, password: str) -> Person | None:
        """The person of an account and password, None where they do not fit."""
        with self._database.work() as work:
            row = work.scalar(select(PersonRow).where(PersonRow.account == account.casefold()))
        try:
            _HASHER.verify(row.password if row and row.password else self._nobody, password)
        except Argon2Error:
            return None
        return _person(row) if row and row.password else None

    def sample(self, account: str) -> Person | None:
        """The sample person of an account."""
        with self._database.work() as work:
            row = work.scalar(select(PersonRow).where(PersonRow.account == account, PersonRow.sample))
            return _person(row) if row else None

    def open_session(self, person: Person, until: int) -> str:
        """A new session's token; the database keeps only its hash."""
        token = secrets.token_urlsafe(32)
        with self._database.work() as work:
            work.add(SessionRow(token=_hash(token), person=person.key, until=until))
        return token

    def of_session(self, token: str, now: int) -> Person | None:
        """Whose session a token is; None where it has ended."""
        if not token or len(token) > 100:
            return None
        with self._database.work() as work:
            row = work.get(SessionRow, _hash(token))
            if row is None or row.until < now:
                return None
            person = work.get(PersonRow, row.person)
            return _person(person) if person else None

    def close_session(self, token: str) -> None:
        """Ends a session."""
        with self._database.work() as work:
            work.execute(delete(SessionRow).where(SessionRow.token == _hash(token)))

    def make_link(self, person: Person, until: int) -> str:
        """The token of a one-use link to set a password."""
        token = secrets.token_urlsafe(24)
        with self._database.work() as work:
            work.add(LinkRow(token=_hash(token), person=person.key, until=until))
        return token

    def use_link(self, token: str, password: str, now: int) -> Person:
        """Sets a password by a one-use link; all older sessions of the person end. Raises `Refused`."""
        if len(password) < MIN_PASSWORD:
            raise Refused(f"A password has at least {MIN_PASSWORD} characters.")
        hashed = _HASHER.hash(password)
        with self._database.work() as work:
            link = work.get(LinkRow, _hash(token))
            row = work.get(PersonRow, link.person) if link and link.until >= now else None
            if link is None or row is None:
                raise Refused("This link has been used or has run out. Ask for a new one.")
            row.password = hashed
            work.delete(link)
            work.execute(delete(SessionRow).where(SessionRow.person == row.key))
            return _person(row)


def _person(row: PersonRow) -> Person:
    return Person(row.key, row.name, row.role, row.sample)
