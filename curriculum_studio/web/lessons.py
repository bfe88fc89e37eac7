"""The desk for units and lessons: read, write, save."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.lessons import (
    Lesson,
    find_findings,
    save_version,
    show_parts,
)
from curriculum_studio.domain.differences import difference
from curriculum_studio.domain.errors import EditConflict
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.pictures import PictureError, clean_picture
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, find_lesson, find_unit, go, person, signed_in, studio, writes

desk = Blueprint("lessons", __name__)
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def place_of(path: str) -> str:
    """A file's place in the studio's addresses."""
    return path.removesuffix(".md")


def _edition() -> str:
    wanted = request.values.get("edition", "teacher")
    return wanted if wanted in EDITIONS else "teacher"


def _parts(lesson: Lesson, text: str, edition: str) -> Any:
    return show_parts(
        studio(), lesson.path, text, edition, lambda path: url_for("lessons.picture", path=path)
    )


def _titles(curriculum: Curriculum, paths: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(place_of(path), curriculum.facts[path].title or path) for path in paths]


@desk.get("/text/<path:path>")
@signed_in
def text(path: str) -> Response:
    """The page of a file by its path; links in previews lead here."""
    if path.endswith("/unit.md"):
        return go("lessons.show", place=path.removesuffix("/unit.md"))
    return go("lessons.show", place=place_of(path))


@desk.get("/units/<path:place>")
@signed_in
def show(place: str) -> str:
    """A unit, or a lesson in one of its editions."""
    _, curriculum = studio().curriculum()
    if any(one.folder == place for one in curriculum.units):
        unit = find_unit(place)
        rows = {
            name: _titles(curriculum, paths)
            for name, paths in (
                ("Drafts", unit.drafts),
                ("Assessments", unit.assessments),
                ("Professional learning", unit.sessions),
            )
        }
        return render_template(
            "studio/unit.html",
            unit=unit,
            titles=lambda paths: _titles(curriculum, paths),
            others=rows,
            facts=curriculum.facts,
            may=access().may("write", unit.facts.path),
            team=access().team(unit.facts.path),
        )
    version = request.args.get("version", "")
    lesson = find_lesson(place, version=version or None) if OID.match(version) or not version else abort(404)
    edition = _edition()
    parts = _parts(lesson, lesson.text, edition)
    owner = curriculum.unit_of.get(lesson.path)
    return render_template(
        "studio/lesson.html",
        lesson=lesson,
        place=place,
        edition=edition,
        parts=parts,
        unit=owner,
        may=access().may("write", lesson.path),
    )


@desk.get("/units/<path:place>/edit")
@writes
def edit(place: str) -> str:
    """The editor of a lesson."""
    lesson = find_lesson(place, "write")
    return _editor(place, lesson, lesson.text, lesson.blob)


def _editor(place: str, lesson: Lesson, source: str, base: str, note: str = "") -> str:
    findings = find_findings(studio(), lesson.path, source)
    parts = _parts(lesson, source, "student")
    return render_template(
        "studio/edit.html",
        lesson=lesson,
        place=place,
        text=source,
        base=base,
        findings=findings,
        parts=parts,
        note=note,
        edition="student",
    )


@desk.post("/units/<path:place>/edit")
@writes
def save(place: str) -> Response | tuple[str, int] | str:
    """Saves a version; where somebody changed the same words, both texts are shown and nothing is saved."""
    lesson = find_lesson(place, "write")
    source = request.form.get("text", "").replace("\r\n", "\n")
    base, note = request.form.get("base", ""), request.form.get("note", "").strip()
    if not OID.match(base) or not source.strip():
        abort(400)
    try:
        saved = save_version(studio(), person(), lesson.path, source, base, note or f"Changed {lesson.title}")
    except EditConflict as conflict:
        pieces = difference(conflict.theirs, conflict.mine)
        page = render_template(
            "studio/conflict.html",
            lesson=lesson,
            place=place,
            conflict=conflict,
            pieces=pieces,
            base=lesson.blob,
            note=note,
        )
        return page, 409
    return go("lessons.show", place=place, saved="merged" if saved.merged else "yes")


@desk.post("/units/<path:place>/preview")
@writes
def preview(place: str) -> str:
    """What a text would look like and what is amiss in it; for the editor, while somebody types."""
    lesson = find_lesson(place, "write")
    source = request.form.get("text", "").replace("\r\n", "\n")
    findings = find_findings(studio(), lesson.path, source)
    edition = _edition()
    return render_template(
        "studio/preview.html", parts=_parts(lesson, source, edition), findings=findings, edition=edition
    )


@desk.get("/pictures/<path:path>")
@signed_in
def picture(path: str) -> Response:
    """A picture of the working text, cleaned."""
    snapshot = studio().snapshot()
    suffix = path.rpartition(".")[2].lower()
    if path not in snapshot or suffix not in _TYPES or not access().reads(path):
        abort(404)
    try:
        clean = clean_picture(path, snapshot[path])
    except PictureError:
        abort(404)
    response = Response(clean.content, mimetype=_TYPES[suffix])
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
