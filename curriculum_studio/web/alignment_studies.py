"""The desk for alignment studies: problems coded blind, Webb's criteria, what was taught, and contents side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import partial
from math import ceil

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.alignment_studies import (
    CONTENTS,
    MOST_MINUTES,
    Seen,
    close_study,
    contents_of,
    hand_in_codings,
    open_study,
    say_taught,
    see_study,
    studies,
    taught_by,
    to_study,
)
from curriculum_studio.actions.teaching import minutes_logged
from curriculum_studio.domain.agreement import READING
from curriculum_studio.domain.alignment_studies import DEPTH_WORDS, DEPTHS, Coding, Comparison, Weights
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.web.gate import access, done, find_unit, go, needs, person, signed_in, studio

desk = Blueprint("alignment_studies", __name__)


@dataclass(frozen=True, slots=True)
class Shade:
    """A cell of a heat map: its share in percent, and how strongly it is shaded (0 to 4)."""

    percent: float
    shade: int


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _readable() -> list[UnitOutline]:
    _, curriculum = studio().curriculum()
    return [one for one in curriculum.units if access().reads(f"{one.folder}/unit.md")]


@desk.get("/studies")
@signed_in
def shelf() -> str:
    """Studies: what is asked of me, and all others."""
    found, me = studies(studio(), person()), person().key
    return render_template(
        "studio/studies.html",
        mine=[one for one in found if one.awaits(me)],
        others=[one for one in found if not one.awaits(me)],
        units=_readable(),
        names=_names(),
        when=_when,
    )


@desk.get("/studies/new")
@needs("rounds")
def new() -> str:
    """The form for a new study: first the unit, then its standards and who codes."""
    return _new_page()


def _new_page(error: str = "") -> str:
    folder = request.values.get("unit", "")
    about = None
    if folder:
        try:
            about = to_study(studio(), person(), folder)
        except NotFound:
            abort(404)
        except Refused as refused:
            error = error or str(refused)
    return render_template(
        "studio/study_new.html",
        units=_readable(),
        folder=folder,
        about=about,
        people=[one.person for one in studio().people.all() if not one.left],
        chosen=request.form.getlist("person"),
        form=request.form,
        depths=DEPTHS,
        words=DEPTH_WORDS,
        error=error,
    )


@desk.post("/studies/new")
@needs("rounds")
def begin() -> Answer | tuple[str, int]:
    """Invites people."""
    form = request.form
    depths = {
        name.removeprefix("depth-"): int(value)
        for name, value in form.items()
        if name.startswith("depth-") and value in ("1", "2", "3", "4")
    }
    try:
        key = open_study(studio(), person(), form.get("unit", ""), depths, form.getlist("person"))
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    return go("alignment_studies.show", key=key, did="opened")


def _find(key: str) -> Seen:
    try:
        return see_study(studio(), person(), key)
    except NotFound:
        abort(404)


@desk.get("/studies/<key>")
@signed_in
def show(key: str) -> str:
    """A study: to code where one is asked to, else to see what one may."""
    return _study_page(key)


def _study_page(key: str, error: str = "") -> str:
    seen, me = _find(key), person()
    leads = me.key == seen.study.opened_by or me.role == "lead"
    return render_template(
        "studio/study.html",
        seen=seen,
        study=seen.study,
        given={(who, one.problem): one for who, rows in seen.codings.items() for one in rows},
        may_close=leads and not seen.study.awaits(me.key) and not seen.study.whole,
        depths=DEPTHS,
        words=DEPTH_WORDS,
        reading=READING,
        names=_names(),
        when=_when,
        form=request.form,
        error=error,
        did=request.args.get("did", ""),
    )


@desk.post("/studies/<key>/hand-in")
@signed_in
def give(key: str) -> Answer | tuple[str, int]:
    """Hands one's own coding in."""
    form = request.form
    codings = [
        Coding(
            one.id,
            form.get(f"standard-{one.id}", "none").removeprefix("none"),
            int(typed) if (typed := form.get(f"depth-{one.id}", "")) in ("1", "2", "3", "4") else 0,
        )
        for one in _find(key).study.problems
    ]
    try:
        hand_in_codings(studio(), person(), key, codings)
    except Refused as error:
        return _study_page(key, str(error)), 400
    return go("alignment_studies.show", key=key, did="in")


@desk.post("/studies/<key>/close")
@signed_in
def close(key: str) -> Answer | tuple[str, int]:
    """Ends the study."""
    _find(key)
    try:
        close_study(studio(), person(), key)
    except Refused as error:
        return _study_page(key, str(error)), 400
    return go("alignment_studies.show", key=key, did="closed")


@desk.get("/studies/contents")
@signed_in
def contents() -> str:
    """Two contents of a unit side by side."""
    asked = request.args
    units = _readable()
    folder = asked.get("unit", "") or (units[0].folder if units else "")
    one, other = asked.get("one", "unit"), asked.get("other", "assessments")
    try:
        unit, known, found = contents_of(studio(), person(), folder, one, other)
    except NotFound:
        abort(404)
    return render_template(
        "studio/contents.html",
        units=units,
        unit=unit,
        known=known,
        found=found,
        one=one,
        other=other,
        rows=_heat(found),
        contents=CONTENTS,
        words=DEPTH_WORDS,
    )


def _heat(found: Comparison) -> list[tuple[str, list[Shade], list[Shade]]]:
    """For each topic the cells of one side and of the other; the darkest is the largest share of either."""
    most = max((*found.one.values(), *found.other.values()), default=Fraction(0))

    def cells(side: Weights, topic: str) -> list[Shade]:
        shares = [side.get((topic, depth), Fraction(0)) for depth in found.depths]
        return [Shade(float(100 * share), ceil(4 * share / most) if most else 0) for share in shares]

    return [(topic, cells(found.one, topic), cells(found.other, topic)) for topic in found.topics]


@desk.get("/units/<path:place>/taught")
@signed_in
def taught(place: str) -> str:
    """The form for what was taught."""
    return _taught_page(place)


def _taught_page(place: str, error: str = "") -> str:
    find_unit(place)
    unit, own, count = taught_by(studio(), person(), place)
    return render_template(
        "studio/taught.html",
        unit=unit,
        facts=studio().curriculum()[1].facts,
        own=own,
        logged=minutes_logged(studio(), person()),
        count=count,
        may=person().may("results"),
        most=MOST_MINUTES,
        form=request.form,
        error=error,
        did=request.args.get("did", ""),
    )


@desk.post("/units/<path:place>/taught")
@needs("results")
def say(place: str) -> Answer | tuple[str, int]:
    """Keeps what was taught."""
    find_unit(place)
    typed = {
        name.removeprefix("minutes-"): value
        for name, value in request.form.items()
        if name.startswith("minutes-")
    }
    return done(
        lambda: say_taught(studio(), person(), place, typed),
        partial(_taught_page, place),
        go("alignment_studies.taught", place=place, did="said"),
    )
