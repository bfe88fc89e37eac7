"""The desk for versions: by day and person, compared in words and as rendered, named, brought back; who wrote what."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import groupby

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.history import (
    Sentence,
    compare_texts,
    name_version,
    names_of,
    parts_at,
    read_history,
    read_unit_history,
    restore_unit,
    restore_version,
    short_names,
    text_at,
    version_on,
    who_wrote,
)
from curriculum_studio.actions.lessons import Lesson, show_parts
from curriculum_studio.actions.rooms import flush
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.formats.html_compare import changed_places, compared
from curriculum_studio.publishing.worded import flowing, particular, worded_line
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, find_lesson, find_unit, go, person, signed_in, studio, writes

desk = Blueprint("history", __name__)
PAGE = 50
Line = tuple[bool, str]
"""Whether a line is a heading, and its words."""
WORDS = "words"
"""A comparison of every word, also of what no reader sees: the header, and how figures are said."""
_END_OF_HEADER = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)


def _given(name: str) -> str:
    """A version's id from the address, "" where none is given."""
    value = request.values.get(name, "")
    if value and not OID.match(value):
        abort(404)
    return value


def _days(versions: list[Version]) -> list[tuple[str, list[Version]]]:
    grouped = groupby(versions, key=lambda one: one.at.strftime("%A, %-d %B %Y"))
    return [(day, list(rows)) for day, rows in grouped]


def _people() -> list[tuple[str, str]]:
    return [(one.person.key, one.person.name) for one in studio().people.all()]


@desk.get("/units/<path:place>/history")
@signed_in
def history(place: str) -> str:
    """The versions of a text by day, or with `whole` of everything in its unit."""
    lesson = find_lesson(place)
    _, curriculum = studio().curriculum()
    after, by = _given("after") or None, request.args.get("by", "")[:40]
    whole = lesson.kind == "unit" and bool(request.args.get("whole"))
    folder = place.rpartition("/")[0]
    if whole:
        versions = read_unit_history(studio(), folder, after, by)
    else:
        versions = read_history(studio(), lesson.path, after, by)
    return render_template(
        "studio/history.html",
        lesson=lesson,
        place=place,
        days=_days(versions),
        order=versions,
        more=len(versions) >= PAGE,
        by=by,
        people=_people(),
        names=names_of(studio(), lesson.path),
        titles={path: facts.title for path, facts in curriculum.facts.items()} if whole else {},
        whole=whole,
        folder=folder,
        may=access().may("write", lesson.path),
        newest=not after,
    )


@desk.post("/units/<path:place>/history/name")
@writes
def name(place: str) -> Response:
    """Gives a version a name."""
    lesson = find_lesson(place, "write")
    version = _given("version")
    try:
        name_version(studio(), person(), lesson.path, version, request.form.get("name", ""))
    except NotFound:
        abort(404)
    return go("history.history", place=place, did="named")


def _shown(lesson: Lesson, text: str, edition: str) -> str:
    """A text as an edition shows it, in one piece of HTML."""
    parts = show_parts(
        studio(), lesson.path, text, edition, lambda path: url_for("lessons.picture", path=path)
    )
    return render_template("studio/shown.html", parts=parts)


@desk.get("/units/<path:place>/compare")
@signed_in
def compare(place: str) -> str:
    """Two versions of a text: word by word in its source, or as readers see it."""
    lesson = find_lesson(place)
    old, new = _given("from"), _given("to")
    edition = request.args.get("as", "teacher")
    try:
        choices = read_history(studio(), lesson.path)
        # The newest version of this text, not of the whole curriculum: others may have saved other texts since.
        new = new or (choices[0].id if choices else lesson.version)
        first, second = studio().content.version(old), studio().content.version(new)
        texts = [text_at(studio(), lesson.path, one) for one in (old, new)]
        if edition in EDITIONS:
            page, places = changed_places(compared(*(_shown(lesson, text, edition) for text in texts)))
            pieces = []
        else:
            page, places, edition = "", (), WORDS
            pieces = compare_texts(studio(), access().reads, lesson.path, *texts)
        parts = parts_at(lesson.path, texts[0])
    except NotFound:
        abort(404)
    return render_template(
        "studio/compare.html", lesson=lesson, place=place, pieces=pieces, page=page, places=places, edition=edition, first=first,
        second=second, parts=parts, may=access().may("write", lesson.path), says=access().may("comment", lesson.path), old=old, new=new,
        choices=[*choices, *(one for one in (second, first) if one not in choices)],
        names=names_of(studio(), lesson.path), same=texts[0] == texts[1],
        unseen=not places if edition != WORDS else all(piece.kind == "same" for piece in pieces),
    )  # fmt: skip


@desk.post("/units/<path:place>/restore")
@writes
def restore(place: str) -> Response:
    """Brings an older text, or one part of it, back as a new version; the page then offers to undo it."""
    flush(studio(), find_lesson(place, "write").path)
    before = find_lesson(place, "write").version
    try:
        restore_version(
            studio(), person(), f"{place}.md", _given("version"), request.form.get("part", "")[:80]
        )
    except NotFound:
        abort(404)
    return go("lessons.show", place=place.removesuffix("/unit"), did="restored", undo=before, of=place)


@desk.get("/units/<path:place>/who")
@signed_in
def who_wrote_what(place: str) -> str:
    """The text in sentences, each with who wrote it and when."""
    lesson = find_lesson(place)
    sentences = who_wrote(studio(), lesson.path)
    authors = {one.version.author.key: one.version.author.name for one in sentences}
    numbers = {key: number for number, key in enumerate(sorted(authors), 1)}
    head, body = _head_and_body(sentences)
    names = short_names(studio(), access().reads, lesson.path, "".join(one.text for one in sentences))
    return render_template(
        "studio/who.html",
        lesson=lesson,
        place=place,
        particulars=_runs(head, _of_header),
        runs=_runs(body, lambda text: [worded_line(line, names) for line in flowing(text)]),
        authors=authors,
        numbers=numbers,
    )


def _head_and_body(sentences: list[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of a text's header, and those below it: a header is no prose that anybody reads for its words."""
    if sentences and sentences[0].text.strip() == "---":
        for number, one in enumerate(sentences[1:], 1):
            if end := _END_OF_HEADER.search(one.text):
                head, body = (
                    replace(one, text=one.text[: end.start()]),
                    replace(one, text=one.text[end.end() :]),
                )
                return [*sentences[1:number], head], [body, *sentences[number + 1 :]]
    return [], sentences


def _runs(sentences: list[Sentence], say: Callable[[str], list[Line]]) -> list[tuple[Version, list[Line]]]:
    """Neighbouring sentences of one version as lines in words."""
    runs = []
    for version, rows in groupby(sentences, key=lambda one: one.version):
        lines = say("".join(one.text for one in rows).strip("\n"))
        if any(words.strip() for _, words in lines):
            runs.append((version, lines))
    return runs


def _of_header(text: str) -> list[Line]:
    return [(False, said) for line in text.split("\n") if (said := particular(line))]


def unmarked(text: str) -> str:
    """Some words of a text without the marks of its source, line by line."""
    return "\n".join(worded_line(line)[1] for line in text.split("\n"))


@desk.get("/units/<path:place>/as-of")
@signed_in
def as_of(place: str) -> str:
    """A whole unit as it stood at the end of a day."""
    unit = find_unit(place)
    folder = unit.folder
    try:
        day = date.fromisoformat(request.args.get("day", ""))
        version = version_on(studio(), day)
    except (ValueError, NotFound):
        return render_template("studio/as_of.html", unit=unit, then=None, day=request.args.get("day", ""))
    _, curriculum = studio().curriculum(version.id)
    then = next(
        (one for one in curriculum.units if (one.folder, one.facts.id) == (folder, unit.facts.id)), None
    )
    return render_template(
        "studio/as_of.html", unit=unit, then=then, day=day.isoformat(), said=f"{day:%-d %B %Y}", version=version, facts=curriculum.facts,
        place=lambda path: path.removesuffix(".md"), may=access().may("write", unit.facts.path),
    )  # fmt: skip


@desk.post("/units/<path:place>/as-of")
@writes
def back_to(place: str) -> Response:
    """Brings a whole unit back to how it stood in a version."""
    unit = find_unit(place, "write")
    flush(studio(), unit.folder)
    before = studio().snapshot().version
    try:
        restore_unit(studio(), person(), unit.folder, _given("version"))
    except NotFound:
        abort(404)
    return go("lessons.show", place=place, did="restored", undo=before, unit="yes")
