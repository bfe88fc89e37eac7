"""The desk for a change of standards: crosswalks between editions, and a unit's claims taken over one by one."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.crosswalks import (
    crosswalks,
    find_crosswalk,
    import_crosswalk,
    left_by_unit,
    links_of,
    migrations,
    take_change,
    titles_of,
)
from curriculum_studio.actions.standards import frameworks
from curriculum_studio.domain.alignment import RELATIONS
from curriculum_studio.domain.crosswalks import KINDS, Crosswalk
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.formats.crosswalks import COLUMNS, MAX_BYTES
from curriculum_studio.web.gate import (
    access,
    admits,
    find_lesson,
    find_unit,
    given_file,
    go,
    needs,
    person,
    signed_in,
    studio,
    writes,
)

desk = Blueprint("crosswalks", __name__)


@desk.get("/crosswalks")
@signed_in
def shelf() -> str:
    """All crosswalks, and the form to bring one in."""
    return _shelf_page()


def _shelf_page(error: str = "") -> str:
    snapshot = studio().snapshot()
    return render_template(
        "studio/crosswalks.html",
        walks=crosswalks(snapshot),
        frameworks=frameworks(snapshot),
        columns=COLUMNS,
        kinds=KINDS,
        most=MAX_BYTES // 1024 // 1024,
        error=error,
        old=request.form.get("old", ""),
        new=request.form.get("new", ""),
    )


@desk.post("/crosswalks")
@needs("frameworks")
@admits(MAX_BYTES)
def take_in() -> Answer | tuple[str, int]:
    """Brings a crosswalk in; with anything amiss in it nothing is kept."""
    form = request.form
    try:
        walk = import_crosswalk(
            studio(), person(), given_file(MAX_BYTES), form.get("old", ""), form.get("new", "")
        )
    except (FormatError, Refused) as error:
        return _shelf_page(str(error)), 400
    return go("crosswalks.show", name=walk.name, did="imported")


def _find(name: str) -> Crosswalk:
    try:
        return find_crosswalk(studio().snapshot(), name)
    except (NotFound, FormatError):
        abort(404)


@desk.get("/crosswalks/<name>")
@signed_in
def show(name: str) -> str:
    """What became of every standard, and how far each unit is."""
    walk = _find(name)
    return render_template(
        "studio/crosswalk.html",
        walk=walk,
        kinds=KINDS,
        units=left_by_unit(studio(), person(), walk),
        did=request.args.get("did", ""),
    )


@desk.get("/units/<path:place>/claims")
@signed_in
def claims(place: str) -> str:
    """What a text claims of every edition, and where each claim came from."""
    lesson = find_lesson(place)
    found = links_of(studio(), lesson.path)
    return render_template("studio/claims.html", lesson=lesson, place=place, links=found, relations=RELATIONS)


@desk.get("/crosswalks/<name>/<path:folder>")
@signed_in
def unit(name: str, folder: str) -> str:
    """The claims of a unit, each with what became of its standard."""
    return _unit_page(_find(name), folder)


def _unit_page(walk: Crosswalk, folder: str, error: str = "") -> str:
    found = find_unit(folder)
    snapshot, curriculum = studio().curriculum()
    rows = migrations(snapshot, curriculum, walk, found)
    return render_template(
        "studio/crosswalk_unit.html",
        walk=walk,
        unit=found,
        rows=rows,
        titles=titles_of(snapshot, rows),
        kinds=KINDS,
        relations=RELATIONS,
        may={row.path for row in rows if access().may("write", row.path)},
        error=error,
        did=request.args.get("did", ""),
    )


@desk.post("/crosswalks/<name>/<path:folder>")
@writes
def take(name: str, folder: str) -> Answer | tuple[str, int]:
    """Takes one change over into one text, in the name of the person who decided."""
    walk = _find(name)
    found = find_unit(folder)
    form = request.form
    lesson = find_lesson(form.get("path", "").removesuffix(".md"), "write")
    if not lesson.path.startswith(f"{found.folder}/"):
        abort(404)
    claim = form.get("relation", ""), form.get("code", "")
    typed = form.get("line", "0")
    line = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else -1
    new, base = form.get("new", ""), form.get("base", "")
    try:
        take_change(studio(), person(), walk, lesson.path, claim, new, base, line)
    except Refused as error:
        return _unit_page(walk, folder, str(error)), 409
    return go("crosswalks.unit", name=name, folder=folder, did="taken")
