"""The commands for accounts: add people, list them, give roles, make password links, close accounts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from curriculum_studio.actions.people import LINK_DAYS
from curriculum_studio.cli import print_json, refuse
from curriculum_studio.domain.errors import StudioError
from curriculum_studio.domain.people import ROLES, SHELL
from curriculum_studio.storage.people import Account
from curriculum_studio.studio import Studio, open_studio

_workspace = click.argument("workspace", type=click.Path(exists=True, file_okay=False, path_type=Path))
_account = click.argument("account")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
_role = click.Choice(list(ROLES))


@click.group()
def people() -> None:
    """Look after accounts from the shell."""


@contextmanager
def _opened(workspace: Path, as_json: bool) -> Iterator[Studio]:
    try:
        studio = open_studio(workspace)
    except StudioError as error:
        refuse(str(error), as_json)
    try:
        yield studio
    except StudioError as error:
        refuse(str(error), as_json)
    finally:
        studio.close()


def _row(one: Account) -> dict[str, str]:
    state = "left" if one.left else "sample" if one.person.sample else "invited" if one.waiting else "active"
    return {
        "key": one.person.key, "name": one.person.name, "account": one.account, "role": one.person.role, "state": state,
    }  # fmt: skip


def _link(studio: Studio, one: Account, as_json: bool) -> None:
    until = int(time.time()) + LINK_DAYS * 86400
    link = f"/welcome/{studio.people.make_link(one.person, until, SHELL)}"
    if as_json:
        print_json({**_row(one), "link": link})
    else:
        click.echo(f"{one.person.name}: open {link} at the studio's address, once, within {LINK_DAYS} days.")


@people.command()
@_workspace
@click.argument("name")
@_account
@click.option("--role", type=_role, default="teacher", show_default=True)
@_json
def add(workspace: Path, name: str, account: str, role: str, as_json: bool) -> None:
    """Add a person and print their one-use link."""
    with _opened(workspace, as_json) as studio:
        person = studio.people.add(name, account, role, actor=SHELL)
        _link(studio, studio.people.account(person.key), as_json)


@people.command("list")
@_workspace
@_json
def list_people(workspace: Path, as_json: bool) -> None:
    """Everybody with an account."""
    with _opened(workspace, as_json) as studio:
        rows = [_row(one) for one in studio.people.all()]
    if as_json:
        print_json({"people": rows})
    for row in rows if not as_json else ():
        click.echo(f"{row['name']:<24} {row['account']:<32} {row['role']:<14} {row['state']}")


@people.command()
@_workspace
@_account
@click.argument("role", type=_role)
@_json
def role(workspace: Path, account: str, role: str, as_json: bool) -> None:
    """Give a role."""
    with _opened(workspace, as_json) as studio:
        one = studio.people.by_account(account)
        studio.people.change_role(one.person.key, role, SHELL)
        _told(studio, one.person.key, f"{one.person.name} is now {role}.", as_json)


@people.command()
@_workspace
@_account
@_json
def link(workspace: Path, account: str, as_json: bool) -> None:
    """Print a one-use link for a lost password."""
    with _opened(workspace, as_json) as studio:
        _link(studio, studio.people.by_account(account), as_json)


@people.command()
@_workspace
@_account
@click.option("--back", is_flag=True, help="Open the account again.")
@_json
def deactivate(workspace: Path, account: str, back: bool, as_json: bool) -> None:
    """Close an account; what the person wrote stays theirs."""
    with _opened(workspace, as_json) as studio:
        one = studio.people.by_account(account)
        studio.people.leave(one.person.key, SHELL, back=back)
        said = (
            "is open again; make a link for a password" if back else "is closed, and its sign-ins have ended"
        )
        _told(studio, one.person.key, f"The account {one.account} {said}.", as_json)


def _told(studio: Studio, key: str, sentence: str, as_json: bool) -> None:
    if as_json:
        print_json(_row(studio.people.account(key)))
    else:
        click.echo(sentence)
