"""The desk for cycles of improvement: plan, do, study, act, each on the page of its cycle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.cycles import (
    begin_cycle,
    change_plan,
    cycles_of,
    decide_cycle,
    find_cycle,
    plan_cycle,
    study_cycle,
    units_of,
)
from curriculum_studio.actions.evidence import results_of
from curriculum_studio.actions.goals import goals_board
from curriculum_studio.domain.cycles import DECISIONS, MOST_WORDS, Cycle
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.goals import Goal
from curriculum_studio.web.gate import done, go, needs, person, signed_in, studio

desk = Blueprint("cycles", __name__)


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _goals() -> tuple[Goal, ...]:
    try:
        return goals_board(studio(), person()).charter.goals
    except NotFound:
        return ()


@desk.get("/cycles")
@signed_in
def shelf() -> str:
    """Every cycle: those under way first."""
    found = cycles_of(studio(), person())
    return render_template(
        "studio/cycles.html",
        open=[one for one in found if not one.decided],
        over=[one for one in found if one.decided],
        units=units_of(studio(), person()),
        when=_when,
        decisions=DECISIONS,
    )


@desk.get("/cycles/new")
@needs("results")
def new() -> str:
    """The form for a plan."""
    return _new_page()


def _new_page(error: str = "", one: Cycle | None = None) -> str:
    return render_template(
        "studio/cycle_new.html",
        units=units_of(studio(), person()),
        goals=_goals(),
        error=error,
        form=asdict(one) if one and not error else request.values,
        most=MOST_WORDS,
        one=one,
    )


@desk.post("/cycles/new")
@needs("results")
def plan() -> Answer | tuple[str, int]:
    """Writes a plan down."""
    try:
        key = plan_cycle(studio(), person(), _said())
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    return go("cycles.show", key=key, did="planned")


def _said() -> Cycle:
    said = request.form.get
    return Cycle(
        "", said("unit", ""), said("goal", ""), said("flag", ""), said("before", ""), said("idea", ""), said("prediction", ""),
        said("measure", ""), person().key, 0,
    )  # fmt: skip


@desk.get("/cycles/<key>/plan")
@needs("results")
def old_plan(key: str) -> str:
    """The form for another plan, before the cycle begins."""
    return _new_page(one=_find(key))


@desk.post("/cycles/<key>/plan")
@needs("results")
def replan(key: str) -> Answer | tuple[str, int]:
    """Changes the plan of a cycle that has not begun."""
    one = _find(key)
    return done(
        lambda: change_plan(studio(), person(), key, _said()),
        lambda error: _new_page(error, one),
        go("cycles.show", key=key, did="replanned"),
    )


def _find(key: str) -> Cycle:
    try:
        return find_cycle(studio(), person(), key)
    except NotFound:
        abort(404)


@desk.get("/cycles/<key>")
@signed_in
def show(key: str) -> str:
    """A cycle, and what comes next."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    one = _find(key)
    unit = units_of(studio(), person())[one.unit]
    inside = {
        unit.facts.id,
        *(studio().curriculum()[1].facts[path].id for path in (*unit.lessons, *unit.assessments)),
    }
    return render_template(
        "studio/cycle.html",
        one=one,
        unit=unit,
        goal=next((goal for goal in _goals() if goal.id == one.goal), None),
        results=[
            row for row in results_of(studio(), person()) if row.document in inside and row.at >= one.begun
        ],
        following=[row for row in cycles_of(studio(), person()) if row.before == one.key],
        names={row.person.key: row.person.name for row in studio().people.all()},
        decisions=DECISIONS,
        when=_when,
        error=error,
        did=request.args.get("did", ""),
        form=request.form,
        most=MOST_WORDS,
    )


def _step(key: str, act: Callable[[], None], did: str) -> Answer | tuple[str, int]:
    _find(key)
    return done(act, partial(_page, key), go("cycles.show", key=key, did=did))


@desk.post("/cycles/<key>/begin")
@needs("results")
def begin(key: str) -> Answer | tuple[str, int]:
    """Begins it."""
    return _step(key, lambda: begin_cycle(studio(), person(), key), "begun")


@desk.post("/cycles/<key>/study")
@needs("results")
def study(key: str) -> Answer | tuple[str, int]:
    """Writes down what happened."""
    form = request.form
    return _step(
        key,
        lambda: study_cycle(studio(), person(), key, form.get("happened", ""), form.get("results", "")),
        "studied",
    )


@desk.post("/cycles/<key>/decide")
@needs("results")
def decide(key: str) -> Answer | tuple[str, int]:
    """Decides."""
    form = request.form
    return _step(
        key,
        lambda: decide_cycle(studio(), person(), key, form.get("decision", ""), form.get("learned", "")),
        "decided",
    )
