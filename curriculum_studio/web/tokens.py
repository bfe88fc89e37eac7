"""The desk for one's own tokens: how other programs, and a folder on one's own computer, come in as oneself."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request

from curriculum_studio.actions.pushes import FOLDER_LINES, clone_line
from curriculum_studio.actions.tokens import DAYS, end_token, make_token
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.web.gate import go, person, signed_in, studio

desk = Blueprint("tokens", __name__)


def _page(made: str = "", error: str = "") -> str:
    now = datetime.fromtimestamp(int(time.time()), UTC)
    address = request.host_url + "git/curriculum.git"
    return render_template(
        "studio/tokens.html", rows=studio().tokens.of(person().key), days=DAYS, made=made, error=error, now=now,
        clone=clone_line(person(), address), lines=FOLDER_LINES,
    )  # fmt: skip


@desk.get("/account/tokens")
@signed_in
def tokens() -> str:
    """One's own tokens, and how to work in a folder."""
    return _page()


@desk.post("/account/tokens")
@signed_in
def make() -> str | tuple[str, int]:
    """Makes a token and shows it, this once."""
    form = request.form
    days = int(form["days"]) if form.get("days", "").isdecimal() and len(form["days"]) < 5 else 0
    try:
        made = make_token(studio(), person(), form.get("name", ""), days, writes=form.get("may") == "write")
    except Refused as error:
        return _page(error=str(error)), 400
    return _page(made=made)


@desk.post("/account/tokens/end")
@signed_in
def end() -> object:
    """Ends one of one's own tokens."""
    try:
        end_token(studio(), person(), request.form.get("token", "")[:40])
    except NotFound:
        abort(404)
    return go("tokens.tokens")
