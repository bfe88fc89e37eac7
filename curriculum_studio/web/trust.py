"""The desk for credit and trust: who wrote and improved a lesson, and how roles work together."""

from __future__ import annotations

from flask import Blueprint, render_template

from curriculum_studio.actions.trust import credit_of, trust
from curriculum_studio.domain.trust import FEWEST
from curriculum_studio.web.gate import find_lesson, signed_in, studio

desk = Blueprint("trust", __name__)


@desk.get("/units/<path:place>/credit")
@signed_in
def credit(place: str) -> str:
    """Who wrote and who improved a text."""
    lesson = find_lesson(place)
    return render_template(
        "studio/credit.html", lesson=lesson, place=place, credit=credit_of(studio(), lesson.path)
    )


@desk.get("/trust")
@signed_in
def figures() -> str:
    """How long answers take, and how many suggestions are taken over, by role and both ways."""
    return render_template("studio/trust.html", trust=trust(studio()), fewest=FEWEST)
