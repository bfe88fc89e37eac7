"""What people do with teams: make them, say who is in them, give them units."""

from __future__ import annotations

from collections.abc import Iterable

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import Person, Team
from curriculum_studio.studio import Studio


def add_team(studio: Studio, person: Person, name: str, members: Iterable[str], private: bool) -> Team:
    """Makes a team."""
    _may_team(person, None)
    return studio.teams.add(name, members, person.key, private=private)


def change_team(
    studio: Studio, person: Person, key: str, name: str, members: Iterable[str], private: bool
) -> None:
    """Changes a team. Members may bring others in; taking away and privacy are for leads and administrators."""
    team = studio.teams.get(key)
    _may_team(person, team)
    wanted = frozenset(members)
    more = private != team.private or not team.members <= wanted or name.strip() != team.name
    if more and not person.may("team"):
        raise Refused(
            "Members bring others in; renaming, privacy and taking away are for leads. Nothing was changed."
        )
    studio.teams.change(key, name, wanted, person.key, private=private)


def remove_team(studio: Studio, person: Person, key: str) -> None:
    """Takes a team away; its units are then open to all who write."""
    _may_team(person, None)
    studio.teams.remove(key, person.key)


def bring_team_back(studio: Studio, person: Person, key: str) -> None:
    """Brings a team back that was taken away, with its members and units."""
    _may_team(person, None)
    studio.teams.bring_back(key, person.key)


def give_unit(studio: Studio, person: Person, unit: str, team: str) -> None:
    """Gives a unit (its id) to a team, or with "" to none."""
    _may_team(person, None)
    studio.teams.own(unit, team, person.key)


def _may_team(person: Person, team: Team | None) -> None:
    if not person.may("team", team):
        raise Refused("Teams are looked after by leads and administrators. Nothing was changed.")
