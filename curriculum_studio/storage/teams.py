"""Teams, who is in them, and the units that they own."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from itertools import count

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Team
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.tables import MemberRow, OwnedRow, PersonRow, TeamRow


class Teams:
    """The teams of one workspace. `actor` is the key of who does it, for the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, members: Iterable[str], actor: str, *, private: bool = False) -> Team:
        """Makes a team. Raises `Refused` where the name is empty or taken, or a member is nobody."""
        name = " ".join(name.split())[:120]
        team = Team(f"t-{secrets.token_hex(4)}", name, private, frozenset(members))
        with self._database.work() as work:
            self._check_name(work, name, "")
            work.add(TeamRow(key=team.key, name=name, private=private))
            work.flush()
            _put_members(work, team.key, team.members)
            record(work, actor, "made a team", team.key, name=name)
        return team

    def change(self, key: str, name: str, members: Iterable[str], actor: str, *, private: bool) -> None:
        """Changes a team's name, members and privacy, in one step."""
        name = " ".join(name.split())[:120]
        with self._database.work() as work:
            row = _there(work, key)
            self._check_name(work, name, key)
            row.name, row.private = name, private
            work.execute(delete(MemberRow).where(MemberRow.team == key))
            wanted = frozenset(members)
            _put_members(work, key, wanted)
            detail = {"members": " ".join(sorted(wanted)), "private": str(private)}
            record(work, actor, "changed a team", key, name=name, **detail)

    def remove(self, key: str, actor: str) -> None:
        """Takes a team away; its units are then open to all who write, until it is brought back."""
        with self._database.work() as work:
            row = _there(work, key)
            row.away = True
            record(work, actor, "took a team away", key, name=row.name)

    def bring_back(self, key: str, actor: str) -> None:
        """Brings a team back with its members, and its units but for those that another team has got. Raises `NotFound`."""
        with self._database.work() as work:
            row = _there(work, key, away=True)
            row.away = False
            record(work, actor, "brought a team back", key, name=row.name)

    def all(self, *, away: bool = False) -> list[Team]:
        """Every team, or every one that was taken away, by name."""
        with self._database.look() as look:
            members: dict[str, set[str]] = {}
            for row in look.scalars(select(MemberRow)):
                members.setdefault(row.team, set()).add(row.person)
            rows = look.scalars(
                select(TeamRow).where(TeamRow.away.is_(away)).order_by(TeamRow.name, TeamRow.key)
            )
            return [Team(row.key, row.name, row.private, frozenset(members.get(row.key, ()))) for row in rows]

    def get(self, key: str) -> Team:
        """One team. Raises `NotFound`."""
        found = next((team for team in self.all() if team.key == key), None)
        if found is None:
            raise NotFound("There is no such team.")
        return found

    def owners(self) -> dict[str, Team]:
        """The team of each unit that has one, by the unit's id."""
        # Asked for by nearly every page: columns, and no objects made of rows.
        with self._database.look() as look:
            owned = look.execute(
                select(OwnedRow.unit, TeamRow.key, TeamRow.name, TeamRow.private)
                .join(TeamRow, TeamRow.key == OwnedRow.team)
                .where(TeamRow.away.is_(False))
            ).all()
            members: dict[str, set[str]] = {}
            for team, person in look.execute(select(MemberRow.team, MemberRow.person)) if owned else ():
                members.setdefault(team, set()).add(person)
        return {
            unit: Team(key, name, private, frozenset(members.get(key, ())))
            for unit, key, name, private in owned
        }

    def own(self, unit: str, team: str, actor: str) -> None:
        """Gives a unit to a team ("" for none)."""
        with self._database.work() as work:
            work.execute(delete(OwnedRow).where(OwnedRow.unit == unit))
            if team:
                _there(work, team)
                work.add(OwnedRow(unit=unit, team=team))
            record(work, actor, "gave a unit to a team", unit, team=team)

    def _check_name(self, work: Session, name: str, key: str) -> None:
        if not name:
            raise Refused("A team needs a name.")
        taken = work.scalar(select(TeamRow).where(TeamRow.name == name, TeamRow.key != key))
        if taken is not None and taken.away:
            # The name is free for who is there; whoever comes back has one that tells the two apart.
            taken.name = _earlier(work, taken.name)
            work.flush()
        elif taken is not None:
            raise Refused(f"There is already a team called {name}.")


def _earlier(work: Session, name: str) -> str:
    """A free name for a team that had this one before."""
    names = (f"{name[:105]} (earlier{f' {number}' if number > 1 else ''})" for number in count(1))
    return next(one for one in names if work.scalar(select(TeamRow).where(TeamRow.name == one)) is None)


def _there(work: Session, key: str, *, away: bool = False) -> TeamRow:
    row = work.get(TeamRow, key)
    if row is None or row.away != away:
        raise NotFound("There is no such team.")
    return row


def _put_members(work: Session, team: str, members: frozenset[str]) -> None:
    known = set(
        work.scalars(select(PersonRow.key).where(PersonRow.key.in_(members), PersonRow.left.is_(False)))
    )
    work.add_all(MemberRow(team=team, person=person) for person in sorted(members & known))
