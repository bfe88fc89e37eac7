"""People and their one-use links. Tokens are kept as hashes; passwords as Argon2id."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import MIN_PASSWORD, ROLES, Person, fault_of_account, fault_of_name
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.sessions import token_hash
from curriculum_studio.storage.tables import LinkRow, PersonRow, SessionRow, TokenRow

_HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what only administrators see: the account's name, whether they left or have no password yet."""

    person: Person
    account: str
    left: bool
    waiting: bool


class People:
    """The people of one workspace. `actor` is the key of who does it, for the record."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Checked against when there is no such account, so that an answer takes as long.
        self._nobody = _HASHER.hash(secrets.token_hex(16))

    def add(
        self, name: str, account: str, role: str, *, sample: bool = False, actor: str = "p-studio"
    ) -> Person:
        """Adds a person. Raises `Refused` where the account is taken, or name or role cannot be."""
        name, account = " ".join(name.split()), account.strip().casefold()
        if role not in ROLES:
            raise Refused(f"“{role}” is no role; one of {', '.join(ROLES)}.")
        if fault := fault_of_account(name, account):
            raise Refused(fault)
        key = f"p-{secrets.token_hex(4)}"
        with self._database.work() as work:
            if work.scalar(select(PersonRow).where(PersonRow.account == account)):
                raise Refused(f"The account {account} is taken.")
            work.add(PersonRow(key=key, name=name, role=role, account=account, sample=sample, password=""))
            work.flush()
            record(work, actor, "added", key, name=name, role=role)
        return Person(key, name, role, sample)

    def all(self) -> list[Account]:
        """Everybody, by name; those who left at the end."""
        with self._database.look() as look:
            rows = look.scalars(select(PersonRow).order_by(PersonRow.left, PersonRow.name, PersonRow.key))
            return [_account(row) for row in rows]

    def account(self, key: str) -> Account:
        """One person. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(PersonRow, key)
            if row is None:
                raise NotFound("There is no such person.")
            return _account(row)

    def by_account(self, account: str) -> Account:
        """One person, by the account that they sign in with. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.scalar(select(PersonRow).where(PersonRow.account == account.strip().casefold()))
            if row is None:
                raise NotFound(f"Nobody has the account {account}.")
            return _account(row)

    def samples(self) -> list[tuple[str, Person]]:
        """Account and person of each sample person."""
        return [(one.account, one.person) for one in self.all() if one.person.sample and not one.left]

    def sign_in(self, account: str, password: str) -> Person | None:
        """The person of an account and password, None where they do not fit."""
        with self._database.look() as look:
            row = look.scalar(select(PersonRow).where(PersonRow.account == account.strip().casefold()))
        usable = row is not None and row.password and not row.left
        try:
            _HASHER.verify(row.password if row and usable else self._nobody, password)
        except Argon2Error:
            return None
        return _person(row) if row and usable else None

    def change_role(self, key: str, role: str, actor: str) -> None:
        """Gives a role. Raises `Refused` where nobody would be left to administer."""
        if role not in ROLES:
            raise Refused(f"“{role}” is no role; one of {', '.join(ROLES)}.")
        with self._database.work() as work:
            row = work.get(PersonRow, key)
            if row is None:
                raise NotFound("There is no such person.")
            old, row.role = row.role, role
            work.flush()
            _keep_one_administrator(work)
            record(work, actor, "gave a role", key, old=old, new=role)

    def rename(self, key: str, name: str, actor: str) -> None:
        """Changes the name that stands in versions from now on."""
        name = " ".join(name.split())
        if fault := fault_of_name(name):
            raise Refused(fault)
        with self._database.work() as work:
            row = work.get(PersonRow, key)
            if row is None:
                raise NotFound("There is no such person.")
            old, row.name = row.name, name
            record(work, actor, "changed a name", key, old=old, new=name)

    def leave(self, key: str, actor: str, *, back: bool = False) -> None:
        """Ends a person's way in (or opens it again): sign-ins end, links and tokens die; what they wrote stays theirs."""
        with self._database.work() as work:
            row = work.get(PersonRow, key)
            if row is None:
                raise NotFound("There is no such person.")
            row.left = not back
            work.flush()
            _keep_one_administrator(work)
            if not back:
                row.password = ""
                for table in (SessionRow, LinkRow, TokenRow):
                    work.execute(delete(table).where(table.person == key))
            record(work, actor, "opened an account again" if back else "closed an account", key)

    def make_link(self, person: Person, until: int, actor: str = "p-studio") -> str:
        """The token of a one-use link to set a password; older ones of the person no longer work."""
        token = secrets.token_urlsafe(24)
        with self._database.work() as work:
            row = work.get(PersonRow, person.key)
            if row is None or row.left:
                raise Refused("This account is closed. Open it again first.")
            work.execute(delete(LinkRow).where(LinkRow.person == person.key))
            work.add(LinkRow(token=token_hash(token), person=person.key, until=until))
            record(work, actor, "made a password link", person.key)
        return token

    def link_owner(self, token: str, now: int) -> Account | None:
        """Whose link a token is; None where it is used or has run out."""
        with self._database.look() as look:
            link = look.get(LinkRow, token_hash(token))
            row = look.get(PersonRow, link.person) if link and link.until >= now else None
            return _account(row) if row else None

    def use_link(self, token: str, password: str, now: int) -> Person:
        """Sets a password by a one-use link; all older sessions of the person end. Raises `Refused`."""
        hashed = _hashed(password)
        with self._database.work() as work:
            link = work.get(LinkRow, token_hash(token))
            row = work.get(PersonRow, link.person) if link and link.until >= now else None
            if link is None or row is None or row.left:
                raise Refused("This link has been used or has run out. Ask for a new one.")
            row.password = hashed
            work.delete(link)
            work.execute(delete(SessionRow).where(SessionRow.person == row.key))
            record(work, row.key, "chose a password", row.key)
            return _person(row)

    def change_password(self, key: str, old: str, new: str, keep: str) -> None:
        """Changes one's own password; all sessions but the one with token `keep` end. Raises `Refused`."""
        with self._database.look() as look:
            row = look.get(PersonRow, key)
        try:
            _HASHER.verify(row.password if row and row.password else self._nobody, old)
        except Argon2Error as error:
            raise Refused("The present password is not right. Nothing was changed.") from error
        hashed = _hashed(new)
        with self._database.work() as work:
            found = work.get_one(PersonRow, key)
            found.password = hashed
            work.execute(
                delete(SessionRow).where(SessionRow.person == key, SessionRow.token != token_hash(keep))
            )
            record(work, key, "changed the password", key)


def _keep_one_administrator(work: Session) -> None:
    there = select(PersonRow).where(PersonRow.role == "administrator", PersonRow.left.is_(False)).limit(1)
    if work.scalar(there) is None:
        raise Refused("Somebody must remain an administrator. Make another person one first.")


def _hashed(password: str) -> str:
    if len(password) < MIN_PASSWORD:
        raise Refused(f"A password has at least {MIN_PASSWORD} characters.")
    if len(set(password)) < 5:
        raise Refused("This password is too easy to guess: use more different characters.")
    return _HASHER.hash(password)


def _person(row: PersonRow) -> Person:
    return Person(row.key, row.name, row.role, row.sample)


def _account(row: PersonRow) -> Account:
    return Account(_person(row), row.account, row.left, not row.password and not row.left)
