"""The desk for the pulse: how the partnership is over time, and the form in which everybody says so unnamed."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.pulse import answer_pulse, health, open_pulse, today
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.pulse import CHOICES, DIMENSIONS, FEWEST, SHORTEST, STATEMENTS, Figure, Round
from curriculum_studio.formats.charts import line_chart
from curriculum_studio.web.gate import go, needs, person, signed_in, studio, unnamed

desk = Blueprint("pulse", __name__)
_USUAL_DAYS = 14


def _month(one: Round) -> str:
    return date.fromisoformat(one.until).strftime("%b %Y")


def _chart(name: str, ended: tuple[Round, ...], figures: tuple[Figure, ...]) -> str:
    shown = [one for one in figures if one.mean is not None]
    said = (
        f"{name}, from 1 to 5: first {shown[0].words}, last {shown[-1].words}; the table says each round."
        if shown
        else ""
    )
    return line_chart(
        said, [(_month(one), row.mean) for one, row in zip(ended, figures, strict=True)], floor=1, top=5
    )


@desk.get("/pulse")
@signed_in
def show() -> str:
    """The pulse over time, and what is open."""
    return _page()


def _page(error: str = "") -> str:
    found = health(studio(), person())
    now = date.fromisoformat(today())
    return render_template(
        "studio/pulse.html",
        health=found,
        charts={one.key: _chart(one.name, found.ended, row) for one, row in found.dimensions},
        statements=STATEMENTS,
        fewest=FEWEST,
        month=_month,
        day=date.fromisoformat,
        soonest=now + timedelta(days=SHORTEST),
        usual=request.form.get("until") or now + timedelta(days=_USUAL_DAYS),
        error=error,
        did=request.args.get("did", ""),
    )


@desk.post("/pulse/open")
@needs("rounds")
def begin() -> Response | tuple[str, int]:
    """Opens a round."""
    try:
        open_pulse(studio(), person(), request.form.get("until", ""))
    except Refused as error:
        return _page(str(error)), 400
    return go("pulse.show", did="opened")


@desk.get("/pulse/answer")
@needs("share")
@unnamed
def form() -> str:
    """The statements."""
    return _form()


def _form(error: str = "") -> str:
    return render_template(
        "studio/pulse_answer.html",
        health=health(studio(), person()),
        dimensions=DIMENSIONS,
        choices=CHOICES,
        day=date.fromisoformat,
        fewest=FEWEST,
        form=request.form,
        error=error,
    )


@desk.post("/pulse/answer")
@needs("share")
@unnamed
def answer() -> Response | tuple[str, int]:
    """Counts one person's answers in."""
    try:
        answer_pulse(studio(), person(), request.form)
    except Refused as error:
        return _form(str(error)), 400
    return go("pulse.show", did="answered")
