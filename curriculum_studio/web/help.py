"""The desk for help: a tour for each role, the format's reference made from its own tables, the shortcuts."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from curriculum_studio.domain.findings import RULES
from curriculum_studio.domain.headers import ASKS, ATTRIBUTES, HEADER, places_of
from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.domain.people import RIGHTS, ROLES
from curriculum_studio.formats.figures.gallery import chapters
from curriculum_studio.formats.html import render_text, settled
from curriculum_studio.formats.kinds import shown_names
from curriculum_studio.web.gate import person, signed_in

desk = Blueprint("help", __name__)
TOPICS = {
    "writing": "Writing a lesson",
    "versions": "Versions, and bringing things back",
    "together": "When two write at once",
    "folder": "A folder on your own computer",
    "reviewing": "Comments, suggestions, approvals",
    "publishing": "Publishing",
    "standards": "Standards, coverage and ratings",
    "evidence": "Results, flags and what they changed",
    "partnership": "How we work together",
    "teaching": "The teaching log",
    "goals": "Goals, the charter and inquiries",
    "cycles": "Cycles: trying something on purpose",
    "sessions": "Sessions for teachers",
    "pictures": "Pictures and formulas",
    "privacy": "Students’ privacy",
}
"""The pages of help, by the name of their template."""
KINDS_SHOWN = chapters()[2:]
"""The chapters of the gallery of figures, one for each kind."""
_READERS = {"student": "students", "family": "families", "teacher": "teachers"}


@desk.get("/help")
@signed_in
def home() -> str:
    """The tours and the list of pages."""
    return render_template("studio/help/home.html", topics=TOPICS, role=person().role, roles=ROLES)


@desk.get("/help/rights")
@signed_in
def rights() -> str:
    """The table of rights, to be read aloud."""
    return render_template("studio/rights.html", rights=RIGHTS, roles=ROLES)


@desk.get("/help/parts")
@signed_in
def parts() -> str:
    """Every part that a lesson may have: its names, who sees it, how deep its heading is."""
    names = shown_names()
    rows = [
        (names[name][0], names[name][1], "#" * kind.level, [_READERS[one] for one in ("student", "family", "teacher") if one in kind.editions], kind)
        for name, kind in KINDS.items()
    ]  # fmt: skip
    return render_template("studio/help/parts.html", rows=rows)


@desk.get("/help/headers")
@signed_in
def headers() -> str:
    """Every key that may stand above a text or behind a heading."""
    return render_template(
        "studio/help/headers.html",
        header=[(f"{name}: {key.example}", key.says, places_of(key)) for name, key in HEADER.items()],
        asks={name: [(one, *words) for one, words in asks.items()] for name, asks in ASKS.items()},
        attributes=[(f"{name}={example}", says) for name, (example, says) in ATTRIBUTES.items()],
    )


@desk.get("/help/findings")
@signed_in
def findings() -> str:
    """Everything that the check can say."""
    return render_template("studio/help/findings.html", rules=RULES)


@desk.get("/help/figures")
@signed_in
def figures() -> str:
    """Every kind of figure, one picture of each."""
    shown = [(one.title, _drawn(one.examples()[0].source, number)) for number, one in enumerate(KINDS_SHOWN)]
    return render_template("studio/help/figures.html", kinds=shown)


@desk.get("/help/figures/<kind>")
@signed_in
def figure(kind: str) -> str:
    """One kind of figure: its words, and each of its examples as it is written and as it is drawn."""
    chapter = next((one for one in KINDS_SHOWN if one.title == kind), None)
    if chapter is None:
        abort(404)
    pieces = [
        (None, _drawn(piece, number))
        if isinstance(piece, str)
        else (piece.source, _drawn(piece.source, number))
        for number, piece in enumerate(chapter.pieces)
    ]
    common = [_drawn(piece, 0) for piece in chapters()[1].pieces if isinstance(piece, str)]
    return render_template("studio/help/figure.html", title=kind, pieces=pieces, common=common)


def _drawn(text: str, number: int) -> str:
    return settled(render_text(text).html, str(number), "en")


@desk.get("/help/<topic>")
@signed_in
def page(topic: str) -> str:
    """One page of help."""
    if topic not in TOPICS:
        abort(404)
    return render_template(f"studio/help/{topic}.html", title=TOPICS[topic])
