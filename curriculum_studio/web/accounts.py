"""The desk for one's own account: signing in and out, the password, the sign-ins on other devices."""

from __future__ import annotations

import time

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from curriculum_studio.actions.people import end_sign_ins
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import MIN_PASSWORD, ROLES
from curriculum_studio.web.entrance import let_in
from curriculum_studio.web.gate import COOKIE, anyone, go, person, signed_in, studio

desk = Blueprint("accounts", __name__)


def _sign_in_page(error: str = "", code: int = 200) -> tuple[str, int]:
    samples = studio().people.samples() if studio().settings.sample_people else []
    following = request.values.get("next", "")
    page = render_template("studio/sign_in.html", samples=samples, next=following, error=error, roles=ROLES)
    return page, code


@desk.get("/sign-in")
@anyone
def sign_in() -> tuple[str, int]:
    """The sign-in page; in a workspace with sample people, a list to choose from."""
    return _sign_in_page()


@desk.post("/sign-in")
@anyone
def enter() -> Response | tuple[str, int]:
    """Signs in by account and password, or as a sample person where there are such."""
    sample = request.form.get("sample", "")
    if sample and studio().settings.sample_people:
        found = next((one for account, one in studio().people.samples() if account == sample), None)
        if found is None:
            abort(404)
        return let_in(found)
    account, now = request.form.get("account", "")[:200], int(time.time())
    keys = (f"a:{account.strip().casefold()}", f"i:{request.remote_addr}")
    if studio().sessions.blocked(keys, now):
        return _sign_in_page("Too many tries. Wait five minutes, then try again.", 429)
    found = studio().people.sign_in(account, request.form.get("password", "")[:500])
    if found is None:
        studio().sessions.failed(keys, now)
        return _sign_in_page("Account and password do not fit together.", 403)
    return let_in(found)


@desk.post("/sign-out")
@anyone
def leave() -> Response:
    """Ends the session."""
    studio().sessions.close(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("accounts.sign_in"), 303)
    response.delete_cookie(COOKIE)
    return response


@desk.get("/sign-out")
@anyone
def gone() -> Response:
    """Signing out is a button; this address leads home."""
    return go("home.home")


@desk.get("/welcome/<token>")
@anyone
def welcome(token: str) -> tuple[str, int]:
    """The page of a one-use link: choose a password."""
    owner = studio().people.link_owner(token[:200], int(time.time()))
    page = render_template("studio/welcome.html", owner=owner, least=MIN_PASSWORD, error="")
    return page, 200 if owner else 404


@desk.post("/welcome/<token>")
@anyone
def choose(token: str) -> Response | tuple[str, int]:
    """Sets the password and signs in."""
    now = int(time.time())
    try:
        found = studio().people.use_link(token[:200], request.form.get("password", "")[:500], now)
    except Refused as error:
        owner = studio().people.link_owner(token[:200], now)
        return render_template("studio/welcome.html", owner=owner, least=MIN_PASSWORD, error=str(error)), 400
    return let_in(found)


@desk.get("/account")
@signed_in
def account() -> str:
    """One's own name, password and sign-ins."""
    return _account_page()


def _account_page(error: str = "", done: str = "") -> str:
    mine = studio().people.account(person().key)
    rows = studio().sessions.of(person().key, request.cookies.get(COOKIE, ""))
    teams = [team for team in studio().teams.all() if person().key in team.members]
    return render_template(
        "studio/account.html", mine=mine, rows=rows, teams=teams, least=MIN_PASSWORD, error=error, done=done
    )


@desk.post("/account/name")
@signed_in
def rename() -> Response:
    """Changes the name that stands in versions from now on."""
    studio().people.rename(person().key, request.form.get("name", ""), person().key)
    return go("accounts.account")


@desk.post("/account/password")
@signed_in
def change_password() -> str | tuple[str, int]:
    """Changes the password; the sign-ins on other devices end."""
    keys, now = (f"a:password of {person().key}",), int(time.time())
    if studio().sessions.blocked(keys, now):
        return _account_page(error="Too many tries. Wait five minutes, then try again."), 429
    old, new = (request.form.get(name, "")[:500] for name in ("old", "new"))
    try:
        studio().people.change_password(person().key, old, new, request.cookies.get(COOKIE, ""))
    except Refused as error:
        studio().sessions.failed(keys, now)
        return _account_page(error=str(error)), 400
    return _account_page(done="Your password is changed. Sign-ins on other devices have ended.")


@desk.post("/account/sessions")
@signed_in
def end_session() -> Response:
    """Ends one of one's own sign-ins."""
    end_sign_ins(studio(), person(), person().key, request.form.get("session", "")[:16])
    return go("accounts.account")
