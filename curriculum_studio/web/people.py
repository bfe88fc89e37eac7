"""The desk for people: invite them, give roles, help who lost a password, close accounts; and the record."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.left_behind import left_behind
from curriculum_studio.actions.people import (
    MOST,
    Invitation,
    change_role,
    clashes,
    close_account,
    end_sign_ins,
    invite_people,
    links_table,
    make_password_link,
    read_invitations,
)
from curriculum_studio.actions.tested import tested_backups
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import ROLES, SHELL
from curriculum_studio.formats.rubrics import read_rubric
from curriculum_studio.formats.words import fold
from curriculum_studio.web.gate import go, needs, person, studio

desk = Blueprint("people", __name__)
_BIG = 200_000
_SHOWN = 100


@desk.get("/people")
@needs("people")
def people() -> str:
    """Everybody with an account, and the form to invite."""
    return _people_page()


def _people_page(error: str = "", typed: str = "") -> str:
    teams, everybody = studio().teams.all(), studio().people.all()
    wanted = fold(request.args.get("q", ""))[:200]
    found = [one for one in everybody if wanted in fold(f"{one.person.name} {one.account}")]
    of = {one.person.key: [t.name for t in teams if one.person.key in t.members] for one in found[:_SHOWN]}
    return render_template(
        "studio/people.html", people=found[:_SHOWN], found=len(found), total=len(everybody), few=_SHOWN, teams=teams,
        of=of, roles=ROLES, error=error, typed=typed, most=MOST,
    )  # fmt: skip


@desk.post("/people")
@needs("people")
def invite() -> str | tuple[str, int]:
    """Invites one person by a form, or up to 100 by a file or a pasted table; the links are shown once."""
    upload = request.files.get("file")
    raw = upload.read(_BIG + 1) if upload and upload.filename else request.form.get("table", "").encode()
    if len(raw) > _BIG:
        return _people_page("This file is too large for a list of 100 people. Nobody was invited."), 413
    if raw.strip():
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _people_page("This file is not text (save it as CSV, UTF-8). Nobody was invited."), 400
        wanted, faults = read_invitations(text)
        faults += clashes(studio(), wanted)
    else:
        form = request.form
        team = next((t.name for t in studio().teams.all() if t.key == form.get("team")), "")
        one = Invitation(0, form.get("name", ""), form.get("account", ""), form.get("role", ""), team)
        wanted, text, faults = [one], "", []
    if faults:
        more = f" And {len(faults) - 8} more lines." if len(faults) > 8 else ""
        return _people_page(f"Nobody was invited. {' '.join(faults[:8])}{more}", text), 400
    try:
        done = invite_people(studio(), person(), wanted)
    except Refused as refusal:
        return _people_page(str(refusal), text), 409
    return render_template(
        "studio/invited.html", done=done, root=_root(), lost=False, table=links_table(done, _root())
    )


@desk.get("/people/table.csv")
@needs("people")
def table() -> Response:
    """An empty table to fill in."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [("name", "account", "role", "team"), ("Ada Example", "ada@example.org", "teacher", "")]
    )
    return Response(
        out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=people.csv"},
    )


@desk.get("/people/<key>")
@needs("people")
def one(key: str) -> str:
    """One person: role, teams, sign-ins, what the record holds of them."""
    try:
        found = studio().people.account(key)
    except NotFound:
        abort(404)
    teams = [team for team in studio().teams.all() if key in team.members]
    rows = studio().sessions.of(key)
    entries = studio().audit.entries(50, about=key)
    return render_template(
        "studio/person.html", one=found, teams=teams, rows=rows, entries=entries, roles=ROLES, names=_names(),
        left=left_behind(studio(), person(), found.person), did=request.args.get("did", ""),
    )  # fmt: skip


@desk.post("/people/<key>/role")
@needs("people")
def role(key: str) -> Response:
    """Gives a role."""
    change_role(studio(), person(), key, request.form.get("role", ""))
    return go("people.one", key=key, did="role")


@desk.post("/people/<key>/link")
@needs("people")
def link(key: str) -> str:
    """Makes a one-use link for a lost password, shown once."""
    token = make_password_link(studio(), person(), key)
    found = studio().people.account(key)
    done = [{"person": found.person, "account": found.account, "token": token}]
    return render_template("studio/invited.html", done=done, root=_root(), lost=True)


@desk.post("/people/<key>/close")
@needs("people")
def close(key: str) -> Response:
    """Closes an account, or opens it again."""
    back = request.form.get("back") == "yes"
    close_account(studio(), person(), key, back=back)
    return go("people.one", key=key, did="opened" if back else "closed")


@desk.post("/people/<key>/sessions")
@needs("people")
def sessions(key: str) -> Response:
    """Ends all sign-ins of a person."""
    end_sign_ins(studio(), person(), key)
    return go("people.one", key=key, did="ended")


@desk.get("/record")
@needs("people")
def audit() -> str:
    """What was done with accounts, teams and releases, the newest first; and whether the record is whole."""
    before = request.args.get("before", "")[:12]
    whole = bool(request.args.get("whole"))
    entries = studio().audit.entries(
        100, int(before) if before.isdecimal() else None, without=() if whole else ("signed in",)
    )
    return render_template(
        "studio/record.html", entries=entries, names=_names(), broken=studio().audit.broken(), whole=whole,
        backup=_tested_backup(),
    )  # fmt: skip


def _tested_backup() -> dict[str, Any] | None:
    """The last backup that was restored on trial, with the moment; None where none was, or nobody knows."""
    try:
        rows = tested_backups(studio().settings.folder)
    except Refused:
        return None
    return {**rows[-1], "at": datetime.fromisoformat(str(rows[-1]["at"])).astimezone(UTC)} if rows else None


def _root() -> str:
    """The address at which new people will come: the one that people type, where the settings say it."""
    return (studio().settings.address or request.host_url).rstrip("/")


def _names() -> dict[str, str]:
    """What people, teams, texts, and all that people made are called, for the record: by their keys, and texts by their paths too."""
    one = studio()
    found = {each.person.key: each.person.name for each in one.people.all()}
    found |= {team.key: team.name for team in (*one.teams.all(), *one.teams.all(away=True))}
    _, curriculum = one.curriculum()
    found |= {facts.id: facts.title for facts in curriculum.facts.values() if facts.id}
    found |= {path: facts.title for path, facts in curriculum.facts.items()}
    results = (*one.evidence.all(), *one.evidence.all(withdrawn=True))
    found |= {row.key: f"{row.title}, {row.month}" for row in results}
    found |= {row.key: f"{row.rubric.title}, {row.title}" for row in one.ratings.all(read_rubric)}
    inquiries = (*one.inquiries.all(), *one.inquiries.all(withdrawn=True))
    for rows in (one.studies.all(), one.series.all(), inquiries, one.flags.all()):
        found |= {row.key: row.title for row in rows}
    found |= {row.key: row.idea for row in one.cycles.all()}
    return {"p-studio": "Curriculum Studio", SHELL: "The command line"} | found
