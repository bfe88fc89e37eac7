"""The desk for looking again: what changed since one's own last visit, word by word or as readers see them."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, render_template, request, url_for

from curriculum_studio.actions.lessons import show_parts
from curriculum_studio.actions.looks import Start, since
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.formats.html_compare import Place, changed_places, compared
from curriculum_studio.web.gate import access, find_lesson, person, signed_in, studio

desk = Blueprint("looks", __name__)
STARTS: tuple[Start, ...] = get_args(Start)


@desk.get("/units/<path:place>/since")
@signed_in
def look(place: str) -> str:
    """What changed since one last looked or gave a verdict, or since the text was last approved."""
    lesson = find_lesson(place)
    start = next((one for one in STARTS if one == request.args.get("from")), STARTS[0])
    columns = request.args.get("in") == "two"
    edition = request.args.get("as", "teacher")
    edition = edition if edition in EDITIONS and not columns else ""
    found = since(studio(), person(), lesson.path, start)
    page, places = "", tuple[Place, ...]()
    if edition and found.old is not None:
        page, places = changed_places(
            compared(*(_shown(lesson.path, text, edition) for text in (found.old, found.new)))
        )
    return render_template(
        "studio/since.html", lesson=lesson, place=place, found=found, page=page, places=places, edition=edition, start=start,
        same=found.old == found.new, unseen=bool(page) and not places, says=access().may("comment", lesson.path), columns=columns,
    )  # fmt: skip


def _shown(path: str, text: str, edition: str) -> str:
    parts = show_parts(studio(), path, text, edition, lambda name: url_for("lessons.picture", path=name))
    return render_template("studio/shown.html", parts=parts)
