"""The desk for professional learning: which sessions there are, which the evidence points to, and one's own part in them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.goals import goals_of_charter
from curriculum_studio.actions.learning import (
    attend_session,
    find_session,
    follow_session_up,
    leave_session,
    pack_of,
    sessions_of,
)
from curriculum_studio.actions.lessons import names_of_parts
from curriculum_studio.actions.series import (
    ask_for_topic,
    join_topic,
    meetings_ahead,
    series_of,
    take_topic_up,
    topics_of,
)
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.learning import MOST_WORDS
from curriculum_studio.domain.series import MOST_WORDS as MOST_TITLE
from curriculum_studio.web.gate import access, done, go, needs, person, signed_in, studio

desk = Blueprint("learning", __name__)
_AHEAD = timedelta(days=60)


@desk.get("/learning")
@signed_in
def shelf() -> str:
    """What comes, what is asked for, and all sessions, those that the evidence points to first."""
    return _shelf()


def _shelf(error: str = "") -> str:
    now = int(time.time())
    found = sessions_of(studio(), person())
    return render_template(
        "studio/learning.html",
        found=found,
        asks=[one for one in found if one.own and one.own.asks(now)],
        ahead=meetings_ahead(studio(), person(), _AHEAD),
        series=series_of(studio(), person()),
        topics=topics_of(studio(), person()),
        names=_names(),
        day=date.fromisoformat,
        most=MOST_TITLE,
        form=request.form,
        error=error,
        did=request.args.get("did", ""),
    )


def _names() -> dict[str, str]:
    return {row.person.key: row.person.name for row in studio().people.all()}


def _at_shelf(act: Callable[[], None], did: str) -> Answer | tuple[str, int]:
    return done(act, _shelf, go("learning.shelf", did=did))


@desk.post("/learning/topics")
@needs("share")
def ask() -> Answer | tuple[str, int]:
    """Asks for a session about something."""
    return _at_shelf(lambda: ask_for_topic(studio(), person(), request.form.get("words", "")), "asked")


@desk.post("/learning/topics/<topic>")
@needs("share")
def voice(topic: str) -> Answer | tuple[str, int]:
    """Asks for it too, or no longer; or says which session takes it up."""
    form = request.form
    if form.get("act") == "take":
        return _at_shelf(lambda: take_topic_up(studio(), person(), topic, form.get("session", "")), "taken")
    return _at_shelf(
        lambda: join_topic(studio(), person(), topic, leave=form.get("act") == "leave"), "voiced"
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
        takes_up=names_of_parts(studio(), one.session.addresses, access().reads).values(),
        goals=goals_of_charter(studio()),
        names=_names(),
        shared=[row for row in studio().learning.shared(key) if row.person != person().key],
        meetings=[
            (series, row.meeting)
            for series, rows in series_of(studio(), person())
            for row in rows
            if row.session.id == key
        ],
        day=date.fromisoformat,
        asks=one.own is not None and one.own.asks(int(time.time())),
        most=MOST_WORDS,
        error=error,
        did=request.args.get("did", ""),
    )


def _done(key: str, act: Callable[[], None], did: str) -> Answer | tuple[str, int]:
    return done(act, partial(_page, key), go("learning.show", key=key, did=did))


@desk.post("/learning/<key>/attend")
@signed_in
def attend(key: str) -> Answer | tuple[str, int]:
    """Says that one took part."""
    form = request.form
    return _done(
        key,
        lambda: attend_session(studio(), person(), key, form.get("took", ""), shared="shared" in form),
        "attended",
    )


@desk.post("/learning/<key>/used")
@signed_in
def used(key: str) -> Answer | tuple[str, int]:
    """Writes what one used since."""
    form = request.form
    return _done(
        key,
        lambda: follow_session_up(studio(), person(), key, form.get("used", ""), shared="shared" in form),
        "used",
    )


@desk.post("/learning/<key>/leave")
@signed_in
def leave(key: str) -> Answer | tuple[str, int]:
    """Takes it back."""
    return _done(key, lambda: leave_session(studio(), person(), key), "left")


@desk.get("/learning/<key>/pack.zip")
@signed_in
def pack(key: str) -> Response:
    """Everything for whoever leads the session, to take along."""
    try:
        content = pack_of(studio(), person(), key)
    except NotFound:
        abort(404)
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="session-{key}.zip"'
    return answer
