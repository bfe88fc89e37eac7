"""The desk for ratings: rounds, one's own rating before anybody else's, discussion and consensus; calibrations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.ratings import (
    Seen,
    agree,
    calibrations,
    close_round,
    discuss,
    gates,
    hand_in,
    open_rounds,
    rounds,
    rubrics,
    see_round,
    set_anchors,
)
from curriculum_studio.domain.agreement import READING, WHY_AC2, others
from curriculum_studio.domain.alignment import Gate
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.ratings import Calibrated, Rating, as_units, calibrated
from curriculum_studio.web.gate import access, go, needs, person, signed_in, studio

desk = Blueprint("ratings", __name__)


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


@desk.get("/ratings")
@signed_in
def shelf() -> str:
    """Rounds: what is asked of me, and all others."""
    found, me = rounds(studio(), person()), person().key
    return render_template(
        "studio/ratings.html",
        mine=[one for one in found if one.awaits(me)],
        others=[one for one in found if not one.awaits(me)],
        rubrics=rubrics(studio()),
        calibrated=calibrations(studio(), person()),
        did=request.args.get("did", ""),
        names=_names(),
        when=lambda at: datetime.fromtimestamp(at, UTC),
    )


@desk.get("/ratings/new")
@needs("rounds")
def new() -> str:
    """The form for a new round."""
    return _new_page()


def _new_page(error: str = "") -> str:
    _, curriculum = studio().curriculum()
    units = [one for one in curriculum.units if access().reads(f"{one.folder}/unit.md")]
    people = [one.person for one in studio().people.all() if not one.left]
    return render_template(
        "studio/rating_new.html",
        units=units,
        people=people,
        rubrics=rubrics(studio()),
        error=error,
        unit=request.values.get("unit", ""),
        wanted=request.form.getlist("rubric") or (studio().curriculum()[1].gate or Gate()).rated,
        calibration=request.form.get("calibration") == "yes",
        chosen=request.form.getlist("person"),
    )


@desk.post("/ratings/new")
@needs("rounds")
def begin() -> Answer | tuple[str, int]:
    """Invites people."""
    form = request.form
    try:
        keys = open_rounds(
            studio(),
            person(),
            form.get("unit", ""),
            form.getlist("rubric"),
            form.getlist("person"),
            calibration=form.get("calibration") == "yes",
        )
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    if len(keys) > 1:
        return go("ratings.shelf", did="opened")
    return go("ratings.show", key=keys[0], did="opened")


def _find(key: str) -> Seen:
    try:
        return see_round(studio(), person(), key)
    except NotFound:
        abort(404)


@desk.get("/ratings/<key>")
@signed_in
def show(key: str) -> str:
    """A round: to rate where one is asked to, else to see what one may."""
    return _round_page(key)


def _round_page(key: str, error: str = "") -> str:
    seen = _find(key)
    me = person()
    takes_part = (
        seen.round.reviewer(me.key) is not None or me.key == seen.round.opened_by or me.role == "lead"
    )
    return render_template(
        "studio/round.html",
        seen=seen,
        round=seen.round,
        rubric=seen.round.rubric,
        own=seen.ratings.get(me.key, ()),
        takes_part=takes_part,
        may_close=(me.key == seen.round.opened_by or me.role == "lead") and not seen.round.awaits(me.key),
        titles={path: facts.title for path, facts in studio().curriculum()[1].facts.items()},
        given={(rater, one.criterion): one for rater, rows in seen.ratings.items() for one in rows},
        gate=gates(seen),
        calibrated=_calibrated(seen),
        reading=READING,
        why_ac2=WHY_AC2,
        others=others(as_units(seen.round.rubric, seen.ratings), seen.round.rubric.values)
        if seen.agreement
        else (),
        names=_names(),
        when=lambda at: datetime.fromtimestamp(at, UTC),
        error=error,
        did=request.args.get("did", ""),
        form=request.form,
    )


def _calibrated(seen: Seen) -> tuple[Calibrated, ...]:
    """Everybody whom the viewer may see beside the anchors of a calibration."""
    anchors = {name: value for name, (value, _) in seen.anchors.items()}
    return calibrated([(anchors, seen.ratings)]) if seen.open else ()


@desk.post("/ratings/<key>/hand-in")
@signed_in
def give(key: str) -> Answer | tuple[str, int]:
    """Hands one's own rating in."""
    form, one = request.form, _find(key).round
    ratings = [
        Rating(
            criterion.id,
            _number(form.get(f"value-{criterion.id}", "")),
            form.get(f"note-{criterion.id}", ""),
            "",
            form.get(f"quote-{criterion.id}", ""),
        )
        for criterion in one.rubric.criteria
    ]
    try:
        hand_in(studio(), person(), key, ratings)
    except Refused as error:
        return _round_page(key, str(error)), 400
    return go("ratings.show", key=key, did="in")


@desk.post("/ratings/<key>/say")
@signed_in
def say(key: str) -> Answer | tuple[str, int]:
    """Adds to the discussion."""
    return _done(key, lambda: discuss(studio(), person(), key, request.form.get("text", "")), "said")


@desk.post("/ratings/<key>/consensus")
@signed_in
def consensus(key: str) -> Answer | tuple[str, int]:
    """Writes the consensus down."""
    values = _values(key)
    return _done(key, lambda: agree(studio(), person(), key, values), "agreed")


@desk.post("/ratings/<key>/anchors")
@signed_in
def anchors(key: str) -> Answer | tuple[str, int]:
    """Writes the anchor scores of a calibration down."""
    values = _values(key)
    return _done(key, lambda: set_anchors(studio(), person(), key, values), "anchored")


def _values(key: str) -> dict[str, tuple[int, str]]:
    """A value and its reason for each criterion, as a form gives them."""
    form = request.form
    return {
        one.id: (_number(form.get(f"value-{one.id}", "")), form.get(f"note-{one.id}", "")[:2000])
        for one in _find(key).round.rubric.criteria
    }


@desk.post("/ratings/<key>/close")
@signed_in
def close(key: str) -> Answer | tuple[str, int]:
    """Ends the round."""
    return _done(key, lambda: close_round(studio(), person(), key), "closed")


def _done(key: str, act: Any, did: str) -> Answer | tuple[str, int]:
    _find(key)
    try:
        act()
    except Refused as error:
        return _round_page(key, str(error)), 400
    return go("ratings.show", key=key, did=did)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else -1
