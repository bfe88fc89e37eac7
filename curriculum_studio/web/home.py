"""The desk where everybody comes in."""

from __future__ import annotations

from flask import Blueprint, render_template

from curriculum_studio.actions.home import home_of
from curriculum_studio.actions.notices import notices_of
from curriculum_studio.web.gate import person, signed_in, studio

desk = Blueprint("home", __name__)


@desk.get("/")
@signed_in
def home() -> str:
    """What waits for me, what is stuck, what changed since I was here, and the units."""
    _, curriculum = studio().curriculum()
    return render_template(
        "studio/home.html",
        home=home_of(studio(), person()),
        notices=notices_of(studio(), person(), unseen=True),
        facts=curriculum.facts,
        place=lambda path: path.removesuffix(".md"),
    )
