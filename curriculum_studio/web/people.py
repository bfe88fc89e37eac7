"""The desk for people: signing in and out, and the first password."""

from __future__ import annotations

import time

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.web.gate import COOKIE, anyone, go, safe_next, studio

desk = Blueprint("people", __name__)
_ATTEMPTS: dict[str, list[float]] = {}
_WINDOW, _MOST = 300.0, 10


def _too_many(key: str) -> bool:
    """Counts attempts by account and by address; more than ten in five minutes are refused."""
    now = time.monotonic()
    recent = [at for at in _ATTEMPTS.get(key, []) if now - at < _WINDOW]
    recent.append(now)
    _ATTEMPTS[key] = recent
    if len(_ATTEMPTS) > 10_000:
        _ATTEMPTS.clear()
    return len(recent) > _MOST


@desk.get("/sign-in")
@anyone
def sign_in() -> str:
    """The sign-in page; in a workspace with sample people, a list to choose from."""
    samples = studio().people.samples() if studio().settings.sample_people else []
    return render_template(
        "studio/sign_in.html", samples=samples, next=request.args.get("next", ""), error=""
    )


@desk.post("/sign-in")
@anyone
def enter() -> Response | tuple[str, int]:
    """Signs in by account and password, or as a sample person where there are such."""
    people = studio().people
    sample = request.form.get("sample", "")
    if sample and studio().settings.sample_people:
        found = people.sample(sample)
        if found is None:
            abort(404)
        return _signed_in(found)
    account = request.form.get("account", "")[:200]
    if _too_many(f"a:{account.casefold()}") or _too_many(f"i:{request.remote_addr}"):
        error = "Too many tries. Wait five minutes, then try again."
        return render_template(
            "studio/sign_in.html", samples=[], next=request.form.get("next", ""), error=error
        ), 429
    found = people.sign_in(account, request.form.get("password", "")[:500])
    if found is None:
        error = "Account and password do not fit together."
        return render_template(
            "studio/sign_in.html", samples=[], next=request.form.get("next", ""), error=error
        ), 403
    return _signed_in(found)


def _signed_in(found: Person) -> Response:
    hours = studio().settings.session_hours
    old = request.cookies.get(COOKIE)
    if old:
        studio().people.close_session(old)
    token = studio().people.open_session(found, int(time.time()) + hours * 3600)
    response = redirect(safe_next(request.form.get("next")), 303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=studio().settings.secure_cookies,
        path="/",
    )
    return response


@desk.post("/sign-out")
@anyone
def leave() -> Response:
    """Ends the session."""
    studio().people.close_session(request.cookies.get(COOKIE, ""))
    response = redirect(url_for("people.sign_in"), 303)
    response.delete_cookie(COOKIE)
    return response


@desk.get("/welcome/<token>")
@anyone
def welcome(token: str) -> str:
    """The page of a one-use link: choose a password."""
    return render_template("studio/welcome.html", token=token, error="")


@desk.post("/welcome/<token>")
@anyone
def choose(token: str) -> Response | tuple[str, int]:
    """Sets the password and signs in."""
    try:
        found = studio().people.use_link(token, request.form.get("password", "")[:500], int(time.time()))
    except Refused as error:
        return render_template("studio/welcome.html", token=token, error=str(error)), 400
    return _signed_in(found)


@desk.get("/sign-out")
@anyone
def gone() -> Response:
    """Signing out is a button; this address leads home."""
    return go("lessons.home")
