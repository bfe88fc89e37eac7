"""What administrators do with accounts: invite, give roles, make password links, close and open."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import ROLES, Person, fault_of_account
from curriculum_studio.formats.csv_cells import csv_table
from curriculum_studio.studio import Studio

LINK_DAYS = 7
MOST = 100
"""People in one file of invitations."""
COLUMNS = ("name", "account", "role", "team")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to invite: a line of the file; 0 where they were typed into the form."""

    line: int
    name: str
    account: str
    role: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was made; the token is shown once and kept nowhere."""

    person: Person
    account: str
    token: str


def read_invitations(text: str) -> tuple[list[Invitation], list[str]]:
    """Reads a table (commas, semicolons or tabs) with the columns name, account, role and perhaps team.

    Gives the invitations and what is wrong, each with its line; with any fault nothing is to be invited.
    """
    first = text.lstrip("\ufeff").lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    # Some spreadsheets end lines as old machines did.
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        rows = list(csv.reader(io.StringIO(lines), delimiter=mark))
    except csv.Error:
        return [], ["This is no table that can be read. Save it as CSV again, or type it into the field."]
    heads = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in COLUMNS[:3] if name not in heads]
    if missing:
        return [], [
            f"Line 1: the columns must be called name, account and role (and team); missing: {', '.join(missing)}."
        ]
    found: list[Invitation] = []
    faults: list[str] = []
    for number, row in enumerate(rows[1:], 2):
        cells = {head: (row[at].strip() if at < len(row) else "") for at, head in enumerate(heads)}
        if not any(cells.values()):
            continue
        role = cells["role"].casefold()
        if not cells["name"] or not cells["account"]:
            faults.append(f"Line {number}: name or account is empty.")
        elif role not in ROLES:
            faults.append(f"Line {number}: “{cells['role']}” is no role; one of {', '.join(ROLES)}.")
        elif fault := fault_of_account(" ".join(cells["name"].split()), cells["account"].casefold()):
            faults.append(f"Line {number}: {fault}")
        else:
            found.append(Invitation(number, cells["name"], cells["account"], role, cells.get("team", "")))
    accounts = [one.account.casefold() for one in found]
    faults += [
        f"Line {one.line}: the account {one.account} stands in this file twice."
        for at, one in enumerate(found)
        if one.account.casefold() in accounts[:at]
    ]
    if len(found) > MOST:
        faults.append(f"A file holds at most {MOST} people; this one has {len(found)}. Cut it into several.")
    if not found and not faults:
        faults.append("There is nobody in this file.")
    return found, faults


def clashes(studio: Studio, wanted: list[Invitation]) -> list[str]:
    """What of some invitations does not fit those who are here already: accounts that are taken, teams that are not there."""
    taken = {one.account for one in studio.people.all()}
    teams = {team.name.casefold() for team in studio.teams.all()}
    found: list[str] = []
    for one in wanted:
        the, there = (f"Line {one.line}: the", f"Line {one.line}: there") if one.line else ("The", "There")
        if one.account.strip().casefold() in taken:
            found.append(f"{the} account {one.account} is taken.")
        if one.team and one.team.casefold() not in teams:
            found.append(f"{there} is no team called {one.team}.")
    return found


def invite_people(studio: Studio, actor: Person, wanted: list[Invitation]) -> list[Invited]:
    """Adds people and makes a one-use link for each. All or nobody: raises `Refused` with every reason."""
    may_people(actor)
    faults = clashes(studio, wanted)
    if faults:
        raise Refused("Nobody was invited. " + " ".join(faults))
    teams = {team.name.casefold(): team.key for team in studio.teams.all()}
    joining: dict[str, set[str]] = {}
    until = int(time.time()) + LINK_DAYS * 86400
    done: list[Invited] = []
    for one in wanted:
        person = studio.people.add(one.name, one.account, one.role, actor=actor.key)
        done.append(Invited(person, one.account, studio.people.make_link(person, until, actor.key)))
        if one.team:
            joining.setdefault(teams[one.team.casefold()], set()).add(person.key)
    for key, members in joining.items():
        team = studio.teams.get(key)
        studio.teams.change(key, team.name, team.members | members, actor.key, private=team.private)
    return done


def links_table(done: list[Invited], root: str) -> str:
    """The links of new people as a table, to be kept by whoever invited them: the studio keeps none."""
    rows = [(one.person.name, one.account, f"{root}/welcome/{one.token}") for one in done]
    return csv_table([("name", "account", "link"), *rows])


def change_role(studio: Studio, actor: Person, key: str, role: str) -> None:
    """Gives a person another role."""
    may_people(actor)
    studio.people.change_role(key, role, actor.key)


def make_password_link(studio: Studio, actor: Person, key: str) -> str:
    """The token of a one-use link for somebody who lost their password; needs no mail."""
    may_people(actor)
    until = int(time.time()) + LINK_DAYS * 86400
    return studio.people.make_link(studio.people.account(key).person, until, actor.key)


def close_account(studio: Studio, actor: Person, key: str, *, back: bool = False) -> None:
    """Closes the account of somebody who leaves (`back` opens it again); what they wrote stays theirs."""
    may_people(actor)
    if key == actor.key:
        raise Refused("You cannot close your own account. Ask another administrator.")
    studio.people.leave(key, actor.key, back=back)


def end_sign_ins(studio: Studio, actor: Person, person: str, key: str = "") -> bool:
    """Ends one sign-in, or with `key` "" all of them; one's own, or as an administrator anybody's."""
    if person != actor.key:
        may_people(actor)
    return studio.sessions.end(person, key, actor.key)


def may_people(actor: Person) -> None:
    """Raises `Refused` for all but administrators."""
    if not actor.may("people"):
        raise Refused("Accounts are looked after by administrators. Nothing was changed.")
