"""The desk for inquiries: findings about units, with effect, interval and the tier of evidence that a rule suggests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.goals import goals_of_charter
from curriculum_studio.actions.inquiries import (
    change_inquiry,
    find_inquiry,
    inquiries_of,
    may_change,
    units_to_inquiry,
    versions_to_inquiry,
    withdraw_inquiry,
    write_inquiry,
)
from curriculum_studio.domain.effects import ALIKE, Arm
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.inquiries import (
    ASSIGNED,
    COMPARING,
    DESIGNS,
    MAKERS,
    MOST_WORDS,
    TIERS,
    Inquiry,
    judged,
)
from curriculum_studio.web.gate import done, go, needs, person, signed_in, studio

desk = Blueprint("inquiries", __name__)


def _words() -> Mapping[str, object]:
    return {
        "designs": DESIGNS,
        "makers": MAKERS,
        "assigned": ASSIGNED,
        "tiers": TIERS,
        "most": MOST_WORDS,
        "judged": judged,
        "when": lambda at: datetime.fromtimestamp(at, UTC),
        "units": units_to_inquiry(studio(), person()),
        "goals": goals_of_charter(studio()),
    }


@desk.get("/inquiries")
@signed_in
def shelf() -> str:
    """Every inquiry; or those of one unit or one goal; or those that were withdrawn."""
    asked = request.args.get
    gone = asked("withdrawn") == "yes"
    return render_template(
        "studio/inquiries.html",
        found=inquiries_of(
            studio(), person(), unit=asked("unit", ""), goal=asked("goal", ""), withdrawn=gone
        ),
        unit=asked("unit", ""),
        goal=asked("goal", ""),
        withdrawn=gone,
        **_words(),
    )


@desk.get("/inquiries/new")
@needs("results")
def new() -> str:
    """The form for an inquiry."""
    return _form(request.values)


def _form(form: Mapping[str, str], error: str = "", inquiry: Inquiry | None = None) -> str:
    return render_template(
        "studio/inquiry_new.html",
        form=form,
        error=error,
        inquiry=inquiry,
        versions=versions_to_inquiry(studio()),
        **_words(),
    )


@desk.post("/inquiries/new")
@needs("results")
def write() -> Answer | tuple[str, int]:
    """Writes an inquiry down."""
    try:
        key = write_inquiry(studio(), person(), _said())
    except Refused as error:
        return _form(request.form, str(error)), 400
    return go("inquiries.show", key=key, did="written")


def _said() -> Inquiry:
    """What the form says. Raises `Refused` where a number is none."""
    said = request.form.get
    apart = said("apart", "").strip()
    return Inquiry(
        "", said("unit", ""), said("goal", ""), said("version", ""), said("title", "").strip(), said("finding", "").strip(),
        said("design", ""), said("measure", "").strip(), said("maker", ""), said("assigned", ""), _whole(said("sites", "")),
        _arm("treated"), _arm("compared"), _number(apart, "How far apart the groups were") if apart else None,
        said("adjusted") == "yes", said("positive") == "yes", said("rationale") == "yes", said("source", "").strip(), "",
    )  # fmt: skip


def _arm(name: str) -> Arm | None:
    texts = [
        request.form.get(f"{name}-{field}", "").strip() for field in ("mean", "deviation", "n", "clusters")
    ]
    if request.form.get("design") not in COMPARING or not any(texts):
        return None
    mean, deviation, n, clusters = texts
    return Arm(
        _number(mean, "The mean"), _number(deviation, "The standard deviation"), _whole(n), _whole(clusters)
    )


def _number(text: str, what: str) -> float:
    try:
        found = float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        raise Refused(f"{what} is a number, such as 12.5. Nothing was changed.") from None
    if not abs(found) < 1e9:
        raise Refused(f"{what} is a number, such as 12.5. Nothing was changed.")
    return found


def _whole(text: str) -> int:
    text = text.strip().replace(",", "")
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Refused("Students, classes and sites are counted in whole numbers. Nothing was changed.")
    return int(text)


def _find(key: str) -> Inquiry:
    try:
        return find_inquiry(studio(), person(), key)
    except NotFound:
        abort(404)


@desk.get("/inquiries/<key>")
@signed_in
def show(key: str) -> str:
    """An inquiry, its effect, and the tier that the rule suggests with its reason."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    inquiry = _find(key)
    return render_template(
        "studio/inquiry.html",
        inquiry=inquiry,
        versions={one.id: one for _, one in versions_to_inquiry(studio(), 40)},
        names={row.person.key: row.person.name for row in studio().people.all()},
        may=may_change(person(), inquiry),
        alike=ALIKE,
        did=request.args.get("did", ""),
        error=error,
        **_words(),
    )


@desk.get("/inquiries/<key>/edit")
@needs("results")
def edit(key: str) -> str:
    """The form with what was written."""
    inquiry = _find(key)
    if not may_change(person(), inquiry):
        abort(404)
    return _form(_kept(inquiry), inquiry=inquiry)


def _kept(inquiry: Inquiry) -> Mapping[str, str]:
    kept = {
        name: str(getattr(inquiry, name))
        for name in ("unit", "goal", "version", "title", "finding", "design", "measure")
    }
    kept |= {name: str(getattr(inquiry, name)) for name in ("maker", "assigned", "source")}
    kept |= {name: "yes" if getattr(inquiry, name) else "" for name in ("adjusted", "positive", "rationale")}
    kept |= {
        "sites": str(inquiry.sites or ""),
        "apart": "" if inquiry.apart is None else f"{inquiry.apart:g}",
    }
    for name, arm in (("treated", inquiry.treated), ("compared", inquiry.compared)):
        if arm is not None:
            kept |= {
                f"{name}-mean": f"{arm.mean:g}",
                f"{name}-deviation": f"{arm.deviation:g}",
                f"{name}-n": str(arm.n),
            }
            kept[f"{name}-clusters"] = str(arm.clusters or "")
    return kept


@desk.post("/inquiries/<key>/edit")
@needs("results")
def change(key: str) -> Answer | tuple[str, int]:
    """Writes an inquiry anew."""
    return done(
        lambda: change_inquiry(studio(), person(), key, _said()),
        lambda error: _form(request.form, error, _find(key)),
        go("inquiries.show", key=key, did="changed"),
    )


@desk.post("/inquiries/<key>/withdraw")
@needs("results")
def withdraw(key: str) -> Answer | tuple[str, int]:
    """Takes an inquiry out of every list; the page that answers can bring it back."""
    return _step(key, lambda: withdraw_inquiry(studio(), person(), key, True), "withdrawn")


@desk.post("/inquiries/<key>/back")
@needs("results")
def bring_back(key: str) -> Answer | tuple[str, int]:
    """Brings a withdrawn inquiry back."""
    return _step(key, lambda: withdraw_inquiry(studio(), person(), key, False), "back")


def _step(key: str, act: Callable[[], None], did: str) -> Answer | tuple[str, int]:
    return done(act, partial(_page, key), go("inquiries.show", key=key, did=did))
