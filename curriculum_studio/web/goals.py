"""The desk for the charter: goals and what serves them, the driver diagram, who agreed, progress over the years."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.goals import CHARTER, Board, agree_to_charter, goals_board, write_progress
from curriculum_studio.actions.inquiries import inquiries_of
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.formats.csv_cells import csv_table
from curriculum_studio.formats.goal_pictures import driver_diagram, years_chart
from curriculum_studio.publishing.lists import month_in_words
from curriculum_studio.web.gate import access, go, needs, person, signed_in, studio

desk = Blueprint("goals", __name__)


def _board() -> Board:
    try:
        return goals_board(studio(), person())
    except NotFound:
        abort(404)


_NO_CHARTER = (
    "A charter says what everybody here works for. A studio that begins empty gets one with its first unit; "
    "otherwise it comes in with a folder."
)


@desk.get("/goals")
@signed_in
def show() -> str | tuple[str, int]:
    """The charter at work."""
    if CHARTER not in studio().snapshot():
        return render_template("studio/error.html", title="There is no charter yet", text=_NO_CHARTER), 404
    return _page()


def _page(error: str = "") -> str:
    board = _board()
    return render_template(
        "studio/goals.html",
        board=board,
        diagram=driver_diagram(board.charter),
        charts={goal.id: years_chart(goal, board.points.get(goal.id, ())) for goal in board.charter.goals},
        inquiries={goal.id: inquiries_of(studio(), person(), goal=goal.id) for goal in board.charter.goals},
        names={one.person.key: one.person.name for one in studio().people.all()},
        when=lambda at: datetime.fromtimestamp(at, UTC),
        agreed=any(one.person == person().key for one in board.now),
        may_write=access().may("write", "charter.md"),
        error=error,
        did=request.args.get("did", ""),
        form=request.form,
        month=month_in_words,
    )


@desk.post("/goals/assent")
@needs("share")
def assent() -> Answer | tuple[str, int]:
    """Agrees to the charter as it was read."""
    try:
        agree_to_charter(studio(), person(), request.form.get("blob", ""))
    except Refused as error:
        return _page(str(error)), 409
    return go("goals.show", did="agreed")


@desk.post("/goals/progress")
@needs("share")
def progress() -> Answer | tuple[str, int]:
    """Writes the value of a goal in a year down."""
    form = request.form
    _board()
    try:
        write_progress(
            studio(), person(), *(form.get(name, "") for name in ("goal", "year", "value", "source"))
        )
    except Refused as error:
        return _page(str(error)), 400
    return go("goals.show", did="measured")


@desk.get("/goals/progress.csv")
@signed_in
def table() -> Response:
    """All values of all goals as a table."""
    board = _board()
    head = ["goal", "words", "measure", "target", "by", "school_year", "value", "source"]
    rows = [
        [
            goal.id,
            goal.text,
            goal.measure,
            goal.target,
            goal.by,
            point.year,
            f"{point.value:g}",
            point.source,
        ]
        for goal in board.charter.goals
        for point in board.points.get(goal.id, ())
    ]
    answer = Response(csv_table([head, *rows]), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="goals.csv"'
    return answer
