"""Who may do what: one table that a principal can read aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["teacher", "researcher", "coach", "lead", "reviewer", "administrator"]
Right = Literal[
    "read",
    "comment",
    "verdict",
    "write",
    "share",
    "start",
    "publish",
    "policy",
    "frameworks",
    "rounds",
    "results",
    "teaching",
    "team",
    "people",
]

ROLES: Mapping[str, str] = {
    "teacher": "writes lessons with a team",
    "researcher": "writes with a team, and reviews alignment and evidence",
    "coach": "publishes, and runs professional learning",
    "lead": "may write in every unit, publishes, and looks after teams",
    "reviewer": "comments and suggests other words, and changes nothing",
    "administrator": "invites people, gives roles, and looks after the studio itself",
}
"""Each role, and what somebody with it does."""

MIN_PASSWORD = 12
SHELL = "p-shell"
"""Who stands in the record for what was done by commands, at the keyboard of the machine: nobody with an account."""


_LONGEST_NAME, _LONGEST_ACCOUNT = 120, 200
_JOINERS = str.maketrans("", "", "\u200c\u200d")
"""Invisible, and yet a part of how names are written in some scripts."""


def fault_of_name(name: str) -> str:
    """What keeps a name from being somebody's, in a sentence; "" where nothing does.

    What cannot be seen is refused: a terminal would obey it, and two people could look like one.
    """
    if not name.strip():
        return "A name cannot be empty."
    if len(name) > _LONGEST_NAME:
        return f"A name has at most {_LONGEST_NAME} characters."
    if not name.translate(_JOINERS).isprintable():
        return "A name is written with characters that can be seen. Type it anew."
    return ""


def fault_of_account(name: str, account: str) -> str:
    """What keeps a name and an account from being somebody's, in a sentence; "" where nothing does."""
    if not name.strip() or not account.strip():
        return "A person needs a name and an account to sign in with."
    if len(account) > _LONGEST_ACCOUNT:
        return f"An account has at most {_LONGEST_ACCOUNT} characters."
    if not account.isprintable():
        return "An account is written with characters that can be seen. Type it anew."
    return fault_of_name(name)


@dataclass(frozen=True, slots=True)
class Team:
    """People who own units together; with `private`, nobody else reads what they are working on."""

    key: str
    name: str
    private: bool = False
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who has an account; `key` is what versions carry, and no address."""

    key: str
    name: str
    role: str
    sample: bool = False

    def may(self, right: Right, team: Team | None = None) -> bool:
        """Whether the table gives this person a right, on what `team` owns (None: no team owns it)."""
        return RIGHTS[right].holds(self, team)


def near_first(people: Iterable[Person], team: Team | None) -> list[Person]:
    """The people of a team before all others, by name: in a district, thousands stand in a list."""
    members = team.members if team is not None else frozenset()
    return sorted(people, key=lambda one: (one.key not in members, one.name.casefold(), one.key))


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table: the right in words, and its predicate."""

    says: str
    holds: Callable[[Person, Team | None], bool]


def _member(person: Person, team: Team | None) -> bool:
    # Whoever reviews from outside stays a reviewer in every team.
    return team is not None and person.key in team.members and person.role != "reviewer"


def _one_of(*roles: Role) -> Callable[[Person, Team | None], bool]:
    return lambda person, team: person.role in roles


def _reads(person: Person, team: Team | None) -> bool:
    return (
        team is None
        or not team.private
        or person.key in team.members
        or person.role in ("lead", "administrator")
    )


def _writes(person: Person, team: Team | None) -> bool:
    if person.role == "lead":
        return True
    if team is None:
        return person.role in ("teacher", "researcher", "coach")
    return _member(person, team)


RIGHTS: Mapping[Right, Rule] = {
    "read": Rule(
        "Everyone who is signed in reads all working text. Where a team keeps a unit private, only its members, leads and administrators do.",
        _reads,
    ),
    "comment": Rule(
        "Everyone who may read a text comments on it and suggests other words for it; who may write there takes them over.",
        _reads,
    ),
    "verdict": Rule(
        "Teachers, researchers and leads who may read a text say whether it is ready to be published.",
        lambda person, team: person.role in ("teacher", "researcher", "lead") and _reads(person, team),
    ),
    "write": Rule(
        "The members of a team write in the units that it owns; leads write in every unit. A unit without a team is open to teachers, researchers and coaches.",
        _writes,
    ),
    "share": Rule(
        "Teachers, researchers, coaches and leads write in the pages that all share: front page, charter, glossary.",
        _one_of("teacher", "researcher", "coach", "lead"),
    ),
    "start": Rule(
        "Teachers, researchers, coaches and leads start new units.",
        _one_of("teacher", "researcher", "coach", "lead"),
    ),
    "publish": Rule(
        "Coaches, leads and administrators publish, and take a publication back.",
        _one_of("coach", "lead", "administrator"),
    ),
    "policy": Rule(
        "Leads say whether publishing needs approvals, and whose.",
        _one_of("lead"),
    ),
    "frameworks": Rule(
        "Researchers, leads and administrators bring frameworks of standards and crosswalks in, and bring them up to date.",
        _one_of("researcher", "lead", "administrator"),
    ),
    "rounds": Rule(
        "Researchers and leads invite people to rate a unit, and close a round. Who was invited rates; nobody sees another’s rating before their own is in.",
        _one_of("researcher", "lead"),
    ),
    "results": Rule(
        "Teachers, researchers, coaches and leads bring results of a group in, for units that they may read. Nobody sees a number below 10, and no student is in any of them.",
        _one_of("teacher", "researcher", "coach", "lead"),
    ),
    "teaching": Rule(
        "Teachers, researchers, coaches and leads keep a log of lessons that they taught. It is theirs alone: only what somebody shares is seen, by those who write in the unit.",
        _one_of("teacher", "researcher", "coach", "lead"),
    ),
    "team": Rule(
        "Leads and administrators make teams and say who is in them; the members of a team may bring in others.",
        lambda person, team: person.role in ("lead", "administrator") or _member(person, team),
    ),
    "people": Rule(
        "Administrators invite people, give roles, make new password links, end sign-ins and read the record of what was done.",
        _one_of("administrator"),
    ),
}
