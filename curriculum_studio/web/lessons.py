"""The desk for units and lessons: read, write, save."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.access import unit_folder
from curriculum_studio.actions.approvals import states_of_texts
from curriculum_studio.actions.flags import flags_on
from curriculum_studio.actions.goals import goals_of_charter
from curriculum_studio.actions.inquiries import inquiries_of
from curriculum_studio.actions.lessons import (
    Lesson,
    decided,
    find_findings,
    headings_of,
    names_in_unit,
    own_text,
    read_last,
    save_version,
    show_parts,
    side_by_side,
)
from curriculum_studio.actions.looks import visit
from curriculum_studio.actions.review_lists import open_counts
from curriculum_studio.actions.rooms import flush
from curriculum_studio.actions.search import states_of
from curriculum_studio.domain.approvals import rolled_up
from curriculum_studio.domain.errors import EditConflict, NotFound, Refused, StoreError
from curriculum_studio.domain.headers import KEYS
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.domain.merging import Stretch, head_of, stretches
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.facts import text_key
from curriculum_studio.formats.pictures import SUFFIXES, PictureError, clean_picture
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.assets import editor_pieces, squeezed
from curriculum_studio.web.gate import access, find_lesson, find_unit, go, person, signed_in, studio, writes
from curriculum_studio.web.logs import log_fault

desk = Blueprint("lessons", __name__)
_OF_TEACHERS = frozenset({"assessment", "professional-learning", "charter"})
"""Kinds of which students see nothing: whoever writes one sees it as teachers do, from the start."""
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def place_of(path: str) -> str:
    """A file's place in the studio's addresses."""
    return path.removesuffix(".md")


def way_to(path: str) -> list[tuple[str, str]]:
    """The steps from the front page to a text: its unit, then itself, each with address and title."""
    _, curriculum = studio().curriculum()
    unit = _unit(curriculum, path)
    paths = [*([unit.facts.path] if unit is not None and unit.facts.path != path else []), path]
    return [
        (
            url_for("lessons.show", place=place_of(one.removesuffix("/unit.md"))),
            facts.title if (facts := curriculum.facts.get(one)) is not None and facts.title else one,
        )
        for one in paths
    ]


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
        stands = states_of_texts(
            studio(), [path for path in curriculum.unit_of if curriculum.unit_of[path] == unit]
        )
        return render_template(
            "studio/unit.html",
            stands=stands,
            way=rolled_up(stands.values()) if studio().approvals.policy().needed else {},
            talk=open_counts(studio(), curriculum),
            unit=unit,
            titles=lambda paths: _titles(curriculum, paths),
            others=rows,
            facts=curriculum.facts,
            states=states_of(studio(), (*unit.lessons, *unit.assessments, *unit.sessions)),
            may=access().may("write", unit.facts.path),
            team=access().team(unit.facts.path),
            inquiries=inquiries_of(studio(), person(), unit=unit.facts.id) if unit.facts.id else [],
        )
    version = request.args.get("version", "")
    lesson = find_lesson(place, version=version or None) if OID.match(version) or not version else abort(404)
    if not version:
        visit(studio(), person(), lesson.path)
    edition = _edition()
    parts = _parts(lesson, lesson.text, edition)
    return render_template(
        "studio/lesson.html",
        lesson=lesson,
        place=place,
        edition=edition,
        parts=parts,
        unit=_unit(curriculum, lesson.path),
        may=access().may("write", lesson.path),
        state=states_of(studio(), [lesson.path]).get(lesson.path, ""),
        released=studio().content.published(),
        threads=studio().reviews.open_on(text_key(known))
        if (known := curriculum.facts.get(lesson.path))
        else 0,
        loops=flags_on(studio(), lesson.id),
    )


def _unit(curriculum: Curriculum, path: str) -> UnitOutline | None:
    folder = unit_folder(curriculum, path)
    return curriculum.unit_of.get(path) or next(
        (one for one in curriculum.units if one.folder == folder), None
    )


@desk.get("/units/<path:place>/edit")
@writes
def edit(place: str) -> Response:
    """The editor of a lesson."""
    lesson = find_lesson(place, "write")
    return squeezed(_editor(place, lesson, lesson.text, lesson.blob))


def _editor(place: str, lesson: Lesson, source: str, base: str, note: str = "", error: str = "") -> str:
    findings = find_findings(studio(), lesson.path, source)
    edition = "teacher" if lesson.kind in _OF_TEACHERS else "student"
    parts = _parts(lesson, source, edition)
    _, curriculum = studio().curriculum()
    unit, known = _unit(curriculum, lesson.path), curriculum.facts.get(lesson.path)
    return render_template(
        "studio/edit.html",
        lesson=lesson,
        place=place,
        live=studio().rooms.there,
        pieces=editor_pieces(),
        unit=unit,
        language=known.language if known is not None and known.language else "en",
        pictures=_pictures(lesson, unit),
        names=names_in_unit(studio(), lesson.path),
        keys=sorted(KEYS[lesson.kind]),
        goals=[(one.id, one.text) for one in goals_of_charter(studio()).values()],
        text=source,
        base=base,
        findings=findings,
        headings=headings_of(lambda path: source.encode(), findings),
        parts=parts,
        note=note,
        error=error,
        edition=edition,
    )


def _pictures(lesson: Lesson, unit: UnitOutline | None) -> list[str]:
    """The pictures of a text's unit, named as the text names them."""
    if unit is None:
        return []
    ends = tuple(f".{suffix}" for suffix in SUFFIXES)
    here = posixpath.dirname(lesson.path)
    return [
        posixpath.relpath(path, here)
        for path in studio().snapshot()
        if path.startswith(f"{unit.folder}/") and path.lower().endswith(ends)
    ]


@desk.post("/units/<path:place>/edit")
@writes
def save(place: str) -> Response | tuple[str, int] | str:
    """Saves a version; where somebody changed the same words, both texts are shown and nothing is saved."""
    lesson = find_lesson(place, "write")
    if flush(studio(), lesson.path):
        lesson = find_lesson(place, "write")
    source = request.form.get("text", "").replace("\r\n", "\n")
    base, note = request.form.get("base", ""), request.form.get("note", "").strip()
    if not OID.match(base) or not source.strip():
        abort(400)
    return _save(place, lesson, source, base, note, seen=request.form.get("seen", ""))


def _save(
    place: str, lesson: Lesson, source: str, base: str, note: str, seen: str = ""
) -> Response | tuple[str, int]:
    """Saves, unless others wrote meanwhile what this person has not seen: that is shown first, and nothing is saved."""
    runs = None if seen == lesson.blob else _runs(lesson, base, source)
    if runs is not None:
        return _together(place, lesson, runs, source, base, note), 409
    try:
        saved = save_version(studio(), person(), lesson.path, source, base, note or f"Changed {lesson.title}")
    except EditConflict:
        # Somebody saved between the look and the save: look again.
        fresh = find_lesson(place, "write")
        return _together(place, fresh, _runs(fresh, base, source) or (), source, base, note), 409
    except StoreError as error:
        # The words come back in the editor: a full disk must not cost anybody what they typed.
        log_fault(error)
        return _editor(place, lesson, source, base, note, str(error)), 507
    return go("lessons.show", place=place.removesuffix("/unit"), saved="merged" if saved.merged else "yes")


def _runs(lesson: Lesson, base: str, source: str) -> tuple[Stretch, ...] | None:
    try:
        return side_by_side(studio(), lesson.path, base, source)
    except NotFound:
        abort(400)


def _together(
    place: str, lesson: Lesson, runs: tuple[Stretch, ...], source: str, base: str, note: str, error: str = ""
) -> str:
    """Both texts put together: what merged by itself is marked, and where a person must decide both are shown."""
    last = read_last(studio(), lesson.path)

    def shown(text: str) -> Any:
        # A footnote's words stand elsewhere in the text; in a piece of it the mark would show as typed.
        text = re.sub(r"\[\^[^\]\n]+\](?!:)", "", text)
        return _parts(lesson, f"---\nid: {lesson.id or 'text'}\ntitle: x\n---\n\n{text}", "teacher")

    def fields(number: int) -> bool:
        """Whether a run lies in the header: lines of names and values, which no reader sees as they are."""
        return len("".join(run.mine for run in runs[: number + 1])) <= len(head_of(source))

    open_ = sum(run.text is None for run in runs)
    return render_template(
        "studio/conflict.html", lesson=lesson, place=place, runs=runs, shown=shown, fields=fields, source=source,
        base=base, note=note, open=open_, last=last, error=error,
    )  # fmt: skip


@desk.post("/units/<path:place>/decide")
@writes
def decide(place: str) -> Response | tuple[str, int]:
    """Saves what a person decided where two wrote in the same place."""
    lesson, form = find_lesson(place, "write"), request.form
    source, base, seen = (
        form.get("text", "").replace("\r\n", "\n"),
        form.get("base", ""),
        form.get("seen", ""),
    )
    if not (OID.match(base) and OID.match(seen)):
        abort(400)
    try:
        runs = stretches(own_text(studio(), lesson, base), source, own_text(studio(), lesson, seen))
    except NotFound:
        abort(400)
    places = [number for number, run in enumerate(runs) if run.text is None]
    choices = {
        number: (form.get(f"take-{number}", ""), form.get(f"edit-{number}", "").replace("\r\n", "\n"))
        for number in places
    }
    try:
        text = decided(runs, choices)
    except Refused as error:
        return _together(place, lesson, runs, source, base, form.get("note", ""), str(error)), 409
    # From here on the others' text is the base: what they saved after it is merged or shown once more.
    return _save(place, lesson, text, seen, form.get("note", "").strip(), seen)


@desk.post("/units/<path:place>/preview")
@writes
def preview(place: str) -> str:
    """What a text would look like and what is amiss in it; for the editor, while somebody types."""
    lesson = find_lesson(place, "write")
    source = request.form.get("text", "").replace("\r\n", "\n")
    findings = find_findings(studio(), lesson.path, source)
    edition = _edition()
    return render_template(
        "studio/preview.html",
        parts=_parts(lesson, source, edition),
        findings=findings,
        edition=edition,
        headings=headings_of(lambda path: source.encode(), findings),
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
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
