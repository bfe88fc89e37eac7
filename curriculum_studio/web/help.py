"""The desk for help: a tour for each role, the format's reference made from its own tables, the shortcuts."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from curriculum_studio.domain.findings import RULES
from curriculum_studio.domain.kinds import KINDS
from curriculum_studio.domain.people import RIGHTS, ROLES
from curriculum_studio.formats.kinds import shown_names
from curriculum_studio.web.gate import person, signed_in

desk = Blueprint("help", __name__)
TOPICS = {
    "writing": "Writing a lesson",
    "versions": "Versions, and bringing things back",
    "together": "When two write at once",
    "publishing": "Publishing",
    "standards": "Standards, coverage and ratings",
    "pictures": "Pictures and formulas",
    "privacy": "Students’ privacy",
}
"""The pages of help, by the name of their template."""
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


@desk.get("/help/findings")
@signed_in
def findings() -> str:
    """Everything that the check can say."""
    return render_template("studio/help/findings.html", rules=RULES)


@desk.get("/help/<topic>")
@signed_in
def page(topic: str) -> str:
    """One page of help."""
    if topic not in TOPICS:
        abort(404)
    return render_template(f"studio/help/{topic}.html", title=TOPICS[topic])
