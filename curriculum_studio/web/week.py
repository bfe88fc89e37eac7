"""The desk for the week in plain words: the same as goes out by mail to those who chose it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, abort, render_template, request

from curriculum_studio.actions.week import week
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.week import BY_MAIL, CHOICE, last_week, week_of
from curriculum_studio.web.gate import person, signed_in, studio

desk = Blueprint("week", __name__)


@desk.get("/week")
@signed_in
def show() -> str:
    """A week: the last whole one, or the one of the Monday in `of`."""
    now = datetime.now(UTC)
    try:
        first = week_of(request.args.get("of", ""), now)
    except Refused:
        abort(404)
    return render_template(
        "studio/week.html",
        week=week(studio(), person(), first),
        newest=first == last_week(now),
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        mailed=studio().notices.choices(person().key).get(CHOICE) == BY_MAIL,
    )
