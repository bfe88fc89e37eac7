"""The desk for series: sessions with their days over a year, who leads, how many took part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.learning import sessions_of
from curriculum_studio.actions.series import begin_series, drop_meeting, find_series, set_meeting
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.series import MOST_WORDS
from curriculum_studio.web.gate import done, go, needs, person, signed_in, studio

desk = Blueprint("series", __name__)


@desk.get("/series/<key>")
@signed_in
def show(key: str) -> str:
    """A series with its meetings."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    try:
        series, rows = find_series(studio(), person(), key)
    except NotFound:
        abort(404)
    people = studio().people.all()
    return render_template(
        "studio/series.html",
        series=series,
        rows=rows,
        found=sessions_of(studio(), person()),
        names={row.person.key: row.person.name for row in people},
        leaders=[
            (row.person.key, row.person.name) for row in people if not row.left and row.person.may("share")
        ],
        day=date.fromisoformat,
        most=MOST_WORDS,
        form=request.form,
        error=error,
        did=request.args.get("did", ""),
        undo=request.args.get("undo", ""),
    )


def _done(key: str, act: Callable[[], None], did: str) -> Response | tuple[str, int]:
    return done(act, partial(_page, key), go("series.show", key=key, did=did))


@desk.post("/series")
@needs("share")
def begin() -> Response:
    """Sets a series up."""
    return go("series.show", key=begin_series(studio(), person(), request.form.get("title", "")), did="begun")


@desk.post("/series/<key>/meetings")
@needs("share")
def add(key: str) -> Response | tuple[str, int]:
    """Adds a meeting."""
    given = [request.form.get(name, "") for name in ("session", "day", "leads", "place")]
    return _done(key, lambda: set_meeting(studio(), person(), key, *given), "set")


@desk.post("/series/<key>/drop")
@needs("share")
def drop(key: str) -> Response | tuple[str, int]:
    """Takes a meeting back; the page then offers to undo it."""
    meeting = request.form.get("meeting", "")
    then = go("series.show", key=key, did="dropped", undo=meeting)
    return done(lambda: drop_meeting(studio(), person(), key, meeting), partial(_page, key), then)


@desk.post("/series/<key>/back")
@needs("share")
def back(key: str) -> Response | tuple[str, int]:
    """Brings a meeting back."""
    meeting = request.form.get("meeting", "")
    return _done(key, lambda: drop_meeting(studio(), person(), key, meeting, back=True), "back")
