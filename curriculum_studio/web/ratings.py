"""The desk for ratings: rounds, one's own rating before anybody else's, discussion and consensus, a unit's statement."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.ratings import (
    Seen,
    Statement,
    agree,
    close_round,
    discuss,
    gates,
    hand_in,
    open_round,
    rounds,
    rubrics,
    see_round,
    statement,
)
from curriculum_studio.domain.agreement import Figure
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.ratings import Rating
from curriculum_studio.web.gate import access, find_unit, go, needs, person, signed_in, studio

desk = Blueprint("ratings", __name__)


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%-d %B %Y, %H:%M} UTC" if at else ""


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
        names=_names(),
        day=_day,
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
        chosen=request.form.getlist("person"),
    )


@desk.post("/ratings/new")
@needs("rounds")
def begin() -> Answer | tuple[str, int]:
    """Invites people."""
    form = request.form
    try:
        key = open_round(
            studio(), person(), form.get("unit", ""), form.get("rubric", ""), form.getlist("person")
        )
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    return go("ratings.show", key=key, did="opened")


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
        names=_names(),
        day=_day,
        error=error,
        did=request.args.get("did", ""),
        form=request.form,
    )


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
    form, one = request.form, _find(key).round
    values = {
        criterion.id: (
            _number(form.get(f"value-{criterion.id}", "")),
            form.get(f"note-{criterion.id}", "")[:2000],
        )
        for criterion in one.rubric.criteria
    }
    return _done(key, lambda: agree(studio(), person(), key, values), "agreed")


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


def _statement(place: str) -> Statement:
    find_unit(place)
    return statement(studio(), person(), place)


@desk.get("/units/<path:place>/statement")
@signed_in
def statement_page(place: str) -> str:
    """What can be said of a unit's alignment, and on what grounds."""
    return render_template(
        "studio/statement.html", said=_statement(place), names=_names(), day=_day, gates=gates
    )


@desk.get("/units/<path:place>/statement.json")
@signed_in
def statement_json(place: str) -> Response:
    """The statement for other programs."""
    said = _statement(place)
    names = _names()
    found = said.coverage
    document = {
        "unit": {"id": said.unit.facts.id, "title": said.unit.facts.title, "version": said.version},
        "framework": {"id": found.framework.id, "title": found.framework.title},
        "claims": [
            {
                "code": code,
                "guid": found.framework.standards[code].guid,
                "text": path,
                "relations": list(relations),
            }
            for (code, path), relations in sorted(found.cells.items())
        ],
        "assessed_nowhere": list(found.unassessed),
        "rounds": [_round_row(one, names) for one in said.rounds],
        "under_way": [
            {
                "rubric": one.rubric.id,
                "invited": len(one.reviewers),
                "in": sum(bool(r.at) for r in one.reviewers),
            }
            for one in said.under_way
        ],
    }
    return Response(json.dumps(document, ensure_ascii=False, indent=1), mimetype="application/json")


def _round_row(one: Seen, names: dict[str, str]) -> dict[str, Any]:
    rubric, figures = one.round.rubric, one.agreement
    return {
        "rubric": {"id": rubric.id, "version": rubric.version, "title": rubric.title},
        "version": one.round.version,
        "unit_changed_since": one.changed,
        "opened": _iso(one.round.at),
        "ratings": [
            {
                "rater": names.get(key, key),
                "in": _iso(next((r.at for r in one.round.reviewers if r.person == key), 0)),
                "values": {rating.criterion: rating.value for rating in rows},
            }
            for key, rows in one.ratings.items()
        ],
        "agreement": None
        if figures is None
        else {
            "raters": figures.raters,
            "criteria": figures.units,
            "alpha_ordinal": _figure(figures.alpha),
            "alpha_interval_95": [round(end, 4) for end in figures.interval] if figures.interval else None,
            "exact": _figure(figures.exact),
            "adjacent": _figure(figures.adjacent),
            "ac2": _figure(figures.ac2) if figures.ac2 else None,
        },
        "consensus": {key: {"value": row.value, "note": row.note} for key, row in one.agreed.items()},
        "gates_hold": gates(one),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    if figure.value is None:
        return {"value": None, "because": figure.because}
    return {"value": round(float(figure.value), 6), "exact": str(figure.value)}


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
