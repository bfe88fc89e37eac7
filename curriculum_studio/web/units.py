"""The desk for a unit as a whole: start it, arrange it, pace it; copy, rename, move and put away its texts; the bin."""

from __future__ import annotations

import posixpath
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.pictures import add_picture, pictures_of
from curriculum_studio.actions.units import (
    SectionPlan,
    arrange_unit,
    bin_of,
    bring_back,
    copy_text,
    move_text,
    put_away,
    rename_text,
    start_text,
    start_unit,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.pacing import pace
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.web.gate import (
    FEW_UNITS,
    access,
    find_lesson,
    find_unit,
    go,
    needs,
    person,
    signed_in,
    studio,
    writes,
)

desk = Blueprint("units", __name__)
GRADES = ("K", *(str(n) for n in range(1, 13)))


def _place(path: str) -> str:
    return path.removesuffix(".md")


def _writable() -> list[UnitOutline]:
    _, curriculum = studio().curriculum()
    return [one for one in curriculum.units if access().may("write", f"{one.folder}/unit.md")]


@desk.get("/units/new")
@needs("start")
def new() -> str:
    """The form for a new unit."""
    return _new_page("")


def _new_page(error: str) -> str:
    teams = [t for t in studio().teams.all() if person().key in t.members or person().may("team")]
    return render_template("studio/unit_new.html", teams=teams, grades=GRADES, error=error, form=request.form)


@desk.post("/units/new")
@needs("start")
def start() -> Response | tuple[str, int]:
    """Makes a unit."""
    form = request.form
    grade = form.get("grade", "")
    try:
        if grade and grade not in GRADES:
            raise Refused("This grade is not known. Nothing was made.")
        folder = start_unit(studio(), person(), form.get("title", ""), grade, form.get("team", ""))
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    return go("lessons.show", place=folder, did="started")


@desk.post("/units/<path:place>/add")
@writes
def add(place: str) -> Response:
    """Starts a lesson, assessment or session in a unit."""
    unit, form = find_unit(place, "write"), request.form
    section = form.get("section", "-1")
    number = int(section) if section.isascii() and section.isdecimal() else -1
    purpose = form.get("purpose", "end-of-unit")
    path = start_text(
        studio(), person(), unit.folder, form.get("kind", ""), form.get("title", ""), number, purpose
    )
    return go("lessons.edit", place=_place(path))


@desk.get("/units/<path:place>/arrange")
@writes
def arrange(place: str) -> str:
    """Sections and lessons, to be put in order by drag or by keyboard."""
    unit = find_unit(place, "write")
    snapshot, curriculum = studio().curriculum()
    return render_template(
        "studio/arrange.html",
        unit=unit,
        facts=curriculum.facts,
        stem=lambda path: posixpath.basename(path)[:-3],
        base=snapshot.blob(f"{unit.folder}/unit.md"),
    )


@desk.post("/units/<path:place>/arrange")
@writes
def put_in_order(place: str) -> Response:
    """Takes the order of the form's sections and of the lessons in each as the order of the unit."""
    unit = find_unit(place, "write")
    form = request.form
    plans = [
        SectionPlan(
            form.get(f"section-{number}", "").strip(),
            tuple(line.strip() for line in form.get(f"goals-{number}", "").splitlines() if line.strip()),
            tuple(form.getlist(f"lesson-{number}")),
        )
        for number in form.getlist("order")
    ]
    kept = [section for section in plans if section.title or section.lessons]
    arrange_unit(studio(), person(), unit.folder, kept, request.form.get("base", ""))
    return go("lessons.show", place=place, did="arranged")


@desk.get("/units/<path:place>/pacing")
@signed_in
def pacing(place: str) -> str:
    """Minutes, class days and weeks of a unit."""
    unit = find_unit(place)
    _, curriculum = studio().curriculum()
    length = request.args.get("length", "45")
    minutes = int(length) if length in ("30", "40", "45", "50", "55", "60", "70", "80", "90") else 45
    rows = [
        (
            section.title,
            [
                (path, curriculum.facts[path].title, curriculum.facts[path].minutes)
                for path in section.lessons
            ],
        )
        for section in unit.sections
    ]
    plan = pace(rows, minutes)
    weeks = unit.facts.weeks
    return render_template(
        "studio/pacing.html", unit=unit, plan=plan, length=minutes, weeks=weeks, place=_place
    )


@desk.get("/units/<path:place>/manage")
@writes
def manage(place: str) -> str:
    """Rename, copy, move or put away a text."""
    lesson = find_lesson(place, "write")
    owner, units = studio().curriculum()[1].unit_of.get(lesson.path), _writable()
    # Of many units only those of one's teams are offered section by section.
    near = {
        one.folder
        for one in units
        if len(units) <= FEW_UNITS
        or one is owner
        or ((team := access().team(one.facts.path)) and person().key in team.members)
    }
    return render_template(
        "studio/manage.html",
        lesson=lesson,
        place=place,
        units=units,
        near=near,
        owner=owner,
    )


@desk.post("/units/<path:place>/rename")
@writes
def rename(place: str) -> Response:
    """Gives another title."""
    rename_text(studio(), person(), find_lesson(place, "write").path, request.form.get("title", ""))
    return go("lessons.show", place=place.removesuffix("/unit"), did="renamed")


def _target() -> tuple[str, int]:
    folder, _, section = request.form.get("to", "").rpartition("#")
    return find_unit(folder, "write").folder, int(
        section
    ) if section.isascii() and section.isdecimal() else -1


@desk.post("/units/<path:place>/copy")
@signed_in
def copy(place: str) -> Response:
    """Copies a lesson into a unit."""
    folder, section = _target()
    title = request.form.get("title", "")
    path = copy_text(studio(), person(), find_lesson(place).path, folder, title, section)
    return go("lessons.show", place=_place(path), did="copied")


@desk.post("/units/<path:place>/move")
@writes
def move(place: str) -> Response:
    """Moves a lesson to another unit."""
    folder, section = _target()
    path = move_text(studio(), person(), find_lesson(place, "write").path, folder, section)
    return go("lessons.show", place=_place(path), did="moved")


@desk.post("/units/<path:place>/put-away")
@writes
def away(place: str) -> Response:
    """Puts a text, or a whole unit, into the bin."""
    lesson = find_lesson(place, "write")
    key = put_away(studio(), person(), lesson.path)
    return go("units.bin_page", put=key)


@desk.get("/bin")
@signed_in
def bin_page() -> str:
    """What was put away, with its way back."""
    names = {one.person.key: one.person.name for one in studio().people.all()}
    return render_template("studio/bin.html", rows=bin_of(studio(), person()), names=names, error="")


@desk.post("/bin/<key>")
@signed_in
def back(key: str) -> Response:
    """Brings a thing back."""
    if not any(one.key == key for one in bin_of(studio(), person())):
        abort(404)
    path = bring_back(studio(), person(), key)
    return go("lessons.show", place=_place(path).removesuffix("/unit"), did="back")


@desk.get("/units/<path:place>/pictures")
@writes
def pictures(place: str) -> str:
    """The pictures of a unit, and the form for a new one."""
    return _pictures_page(place)


def _pictures_page(place: str, error: str = "", added: Any = None) -> str:
    unit = find_unit(place, "write")
    rows = pictures_of(studio(), unit.folder)
    return render_template("studio/pictures.html", unit=unit, rows=rows, error=error, added=added)


@desk.post("/units/<path:place>/pictures")
@writes
def upload(place: str) -> str | Response | tuple[str | Response, int]:
    """Takes a picture in: cleaned of all but the picture, with the words for those who do not see it.

    A script that accepts JSON gets `{"path", "alt", "taken_out"}`, or `{"error"}`.
    """
    unit = find_unit(place, "write")
    script = request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    given = request.files.get("file")
    if given is None or not given.filename:
        words = "Choose a picture first."
        return (jsonify({"error": words}) if script else _pictures_page(place, words)), 400
    try:
        added = add_picture(
            studio(), person(), unit.folder, given.filename, given.read(), request.form.get("alt", "")
        )
    except Refused as error:
        return (jsonify({"error": str(error)}) if script else _pictures_page(place, str(error))), 400
    if script:
        return jsonify({"path": added.path, "alt": added.alt, "taken_out": added.taken_out})
    return _pictures_page(place, added=added)
