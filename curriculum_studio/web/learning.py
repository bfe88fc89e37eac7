"""The desk for professional learning: which sessions there are, which the evidence points to, and one's own part in them."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.learning import (
    attend_session,
    find_session,
    follow_session_up,
    leave_session,
    sessions_of,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.learning import MOST_WORDS
from curriculum_studio.web.gate import go, person, signed_in, studio

desk = Blueprint("learning", __name__)


@desk.get("/learning")
@signed_in
def shelf() -> str:
    """All sessions, those that the evidence points to first."""
    now = int(time.time())
    found = sessions_of(studio(), person())
    return render_template(
        "studio/learning.html", found=found, asks=[one for one in found if one.own and one.own.asks(now)]
    )


@desk.get("/learning/<key>")
@signed_in
def show(key: str) -> str:
    """One session: why it is recommended, who took part, one's own words."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    try:
        one = find_session(studio(), person(), key)
    except NotFound:
        abort(404)
    return render_template(
        "studio/session.html",
        one=one,
        names={row.person.key: row.person.name for row in studio().people.all()},
        asks=one.own is not None and one.own.asks(int(time.time())),
        most=MOST_WORDS,
        error=error,
        did=request.args.get("did", ""),
    )


def _done(key: str, act: Callable[[], None], did: str) -> Answer | tuple[str, int]:
    try:
        act()
    except NotFound:
        abort(404)
    except Refused as error:
        return _page(key, str(error)), 400
    return go("learning.show", key=key, did=did)


@desk.post("/learning/<key>/attend")
@signed_in
def attend(key: str) -> Answer | tuple[str, int]:
    """Says that one took part."""
    return _done(
        key, lambda: attend_session(studio(), person(), key, request.form.get("took", "")), "attended"
    )


@desk.post("/learning/<key>/used")
@signed_in
def used(key: str) -> Answer | tuple[str, int]:
    """Writes what one used since."""
    return _done(
        key, lambda: follow_session_up(studio(), person(), key, request.form.get("used", "")), "used"
    )


@desk.post("/learning/<key>/leave")
@signed_in
def leave(key: str) -> Answer | tuple[str, int]:
    """Takes it back."""
    return _done(key, lambda: leave_session(studio(), person(), key), "left")
