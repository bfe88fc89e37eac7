"""The desk for reviews: a text with what is said about it beside it, threads answered and closed, suggestions decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.lessons import Lesson, names_of_parts, show_parts
from curriculum_studio.actions.looks import visit
from curriculum_studio.actions.reports import reports_for
from curriculum_studio.actions.review_lists import all_threads, standards_named, threads_about
from curriculum_studio.actions.reviews import (
    Choice,
    Placed,
    assign_thread,
    choice_source,
    close_thread,
    find_thread,
    place_again,
    readers,
    reopen_thread,
    reply,
    start_thread,
    threads_beside,
)
from curriculum_studio.actions.suggestions import (
    accept,
    began_from,
    refuse,
    suggest_text,
    suggestions_of,
    undo,
    with_suggestions,
)
from curriculum_studio.domain.errors import EditConflict, NotFound, Refused
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.domain.lessons import all_parts
from curriculum_studio.domain.reviews import REASONS, Wanted
from curriculum_studio.formats.assessment_items import heading_of
from curriculum_studio.formats.choosing import drawn_in, in_words
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.live.offsets import to_units
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, comments, find_lesson, go, person, signed_in, studio

desk = Blueprint("reviews", __name__)
VIEWS = ("inline", "all", "none")
_FIGURE, _NUMBER = re.compile(r"figure:([0-9]{1,3})"), re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"t-[0-9a-f]{16,20}")


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _wanted() -> Wanted:
    """The narrowing that an address asks for."""
    given = request.args
    state = given.get("state", "open")
    return Wanted(
        given.get("person", "")[:40],
        state if state in ("open", "closed", "all") else "open",
        given.get("part", "")[:80],
        given.get("kind", "") if given.get("kind") in ("comment", "suggestion") else "",
    )


def _choice() -> Choice:
    """What was chosen on the page, from the form."""
    form = request.form
    words, before, after, part = (
        form.get(name, "").replace("\r\n", "\n")[:20_000] for name in ("words", "before", "after", "part")
    )
    if figure := _FIGURE.fullmatch(part):
        return Choice(figure=int(figure[1]))
    start = form.get("start", "")
    at = int(start) if _NUMBER.fullmatch(start) else -1
    return Choice(words, before, after, part, at, written=form.get("written") == "yes")


@desk.get("/units/<path:place>/review")
@comments
def review(place: str) -> str:
    """A text with its threads beside it."""
    lesson = find_lesson(place, "comment")
    visit(studio(), person(), lesson.path)
    return _page(place, lesson)


def _page(place: str, lesson: Lesson, error: str = "") -> str:
    wanted, view = _wanted(), request.args.get("view", "inline")
    edition = request.args.get("edition", "teacher")
    edition = edition if edition in EDITIONS else "teacher"
    text = with_suggestions(studio(), lesson.path) if view == "all" else lesson.text
    parts = show_parts(
        studio(), lesson.path, text, edition, lambda path: url_for("lessons.picture", path=path)
    )
    whole = [
        (one.id, heading_of(one))
        for one in all_parts(read_document(lesson.path, lesson.text.encode()).parts)
        if one.id
    ]
    standard = request.args.get("standard", "")[:80]
    placed = threads_about(studio(), lesson.path, wanted, standard)
    return render_template(
        "studio/review.html", lesson=lesson, place=place, parts=parts, whole=whole, standard=standard,
        standards=sorted({one.code for one in studio().curriculum()[1].facts[lesson.path].claims}), figures=drawn_in(lesson.text), placed=placed, wanted=wanted,
        view=view if view in VIEWS else "inline", edition=edition, may=access().may("write", lesson.path),
        names=_names(), people=readers(studio(), lesson.path), reasons=REASONS, when=_when, error=error,
        form=request.form or request.args, mine=person().key, spoken=in_words, authors=_authors(placed),
        undo=key if _KEY.fullmatch(key := request.args.get("undo", "")) else "",
    )  # fmt: skip


def _authors(placed: list[Placed]) -> list[str]:
    """Who has open suggestions here."""
    open_ = [
        one.thread
        for one in placed
        if one.thread.open and one.thread.kind == "suggestion" and not one.thread.lost
    ]
    return list(dict.fromkeys(one.person for one in open_))


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()} | {"-": "The studio"}


@desk.post("/units/<path:place>/review")
@comments
def begin(place: str) -> Response | tuple[str, int]:
    """Begins a thread: a comment, or with other words a suggestion."""
    lesson, form = find_lesson(place, "comment"), request.form
    replacement = form.get("replacement", "") if form.get("act") == "suggest" else None
    try:
        key = start_thread(studio(), person(), lesson.path, _choice(), form.get("text", ""), replacement)
    except Refused as error:
        return _page(place, lesson, str(error)), 400
    return go("reviews.review", place=place, did="said", _anchor=key)


@desk.post("/units/<path:place>/review/beside")
@comments
def beside(place: str) -> str:
    """The open threads beside the text as the editor has it, each with where its words are there (in the browser's count)."""
    lesson = find_lesson(place, "comment")
    text = request.form.get("text", "").replace("\r\n", "\n")
    rows = threads_beside(studio(), lesson.path, text)
    at = {
        one.placed.thread.key: tuple(to_units(text, end) for end in one.at)
        for one in rows
        if one.at is not None
    }
    return render_template(
        "studio/beside.html", place=place, placed=[one.placed for one in rows], at=at, names=_names(), when=_when,
        people=readers(studio(), lesson.path), reasons=REASONS, may=access().may("write", lesson.path), mine=person().key,
        spoken=in_words,
    )  # fmt: skip


@desk.post("/units/<path:place>/review/words")
@comments
def words(place: str) -> Response:
    """The words of the source that were chosen on the page: what a suggestion starts from."""
    lesson = find_lesson(place, "comment")
    try:
        found = choice_source(studio(), person(), lesson.path, _choice())
    except Refused:
        abort(404)
    return Response(found, mimetype="text/plain")


@desk.get("/units/<path:place>/suggest")
@comments
def suggesting(place: str) -> str:
    """The text to be written anew: what is changed becomes suggestions."""
    lesson = find_lesson(place, "comment")
    return _suggesting(place, lesson, lesson.text, lesson.text, lesson.blob)


def _suggesting(
    place: str, lesson: Lesson, text: str, began: str, base: str, note: str = "", error: str = ""
) -> str:
    return render_template(
        "studio/suggest.html", lesson=lesson, place=place, text=text, began=began, base=base, note=note, error=error,
        language=studio().curriculum()[1].facts[lesson.path].language,
    )  # fmt: skip


@desk.post("/units/<path:place>/suggest")
@comments
def suggest(place: str) -> Response | tuple[str, int]:
    """Takes what was changed as suggestions."""
    lesson, form = find_lesson(place, "comment"), request.form
    text, base, note = form.get("text", ""), form.get("base", ""), form.get("note", "")
    base = base if OID.match(base) else ""
    try:
        suggest_text(studio(), person(), lesson.path, text, base, note)
    except Refused as error:
        began = began_from(studio(), lesson, base)
        if began is None:
            # Nobody knows any more what these words were written from: they are compared with the text of today.
            return _suggesting(place, lesson, text, lesson.text, lesson.blob, note, str(error)), 409
        return _suggesting(place, lesson, text, began, base, note, str(error)), 409
    return go("reviews.review", place=place, did="suggested")


@desk.post("/units/<path:place>/suggestions")
@comments
def decide(place: str) -> Response | tuple[str, int]:
    """Takes suggestions over or refuses them: one, part of one, all of a person, all of a part, or all."""
    lesson, form = find_lesson(place, "comment"), request.form
    if not access().may("write", lesson.path):
        # Who may only comment is told so in the record: suggestions are decided by those who write here.
        find_lesson(place, "write")
    keys = form.getlist("key")
    if form.get("all"):
        keys = suggestions_of(studio(), lesson.path, form.get("person", ""), form.get("part", ""))
    chosen = [
        int(one) for one in form.getlist("change") if one.isascii() and one.isdecimal() and len(one) < 4
    ]
    try:
        if form.get("act") == "accept":
            accept(studio(), person(), keys, chosen if form.get("some") else None)
        else:
            refuse(studio(), person(), keys, form.get("reason", ""))
    except (Refused, EditConflict) as error:
        return _page(place, find_lesson(place, "comment"), str(error)), 409
    return go("reviews.review", place=place, did="taken" if form.get("act") == "accept" else "refused", undo=keys[0])  # fmt: skip


@desk.get("/threads")
@signed_in
def threads() -> str:
    """Every thread that one may see, narrowed by person, state, kind, unit and standard."""
    wanted, unit, standard = _wanted(), request.args.get("unit", ""), request.args.get("standard", "")[:80]
    _, curriculum = studio().curriculum()
    rows = all_threads(studio(), person(), wanted, unit, standard)[:300]
    on = names_of_parts(
        studio(), ((one.text, one.anchor.part) for one, _ in rows if one.anchor.whole), access().reads
    )
    return render_template(
        "studio/threads.html", on=on, rows=rows, wanted=wanted, spoken=in_words, unit=unit, standard=standard, standards=standards_named(curriculum, access()), names=_names(), when=_when,
        units=[one for one in curriculum.units if access().reads(one.facts.path)], facts=curriculum.facts,
        place=lambda path: path.removesuffix(".md"), mine=person().key, reports=len(reports_for(studio(), person())),
        people=[(one.person.key, one.person.name) for one in studio().people.all() if not one.left],
    )  # fmt: skip


@desk.get("/threads/<key>")
@signed_in
def thread(key: str) -> Response:
    """A thread, beside its text."""
    _, path = _find(key)
    studio().notices.seen(person().key, key)
    return go("reviews.review", place=path.removesuffix(".md"), state="all", _anchor=key)


def _find(key: str) -> tuple[object, str]:
    try:
        return find_thread(studio(), person(), key)
    except NotFound:
        abort(404)


def _done(key: str, act: Callable[[], None], did: str) -> Response | tuple[str, int]:
    _, path = _find(key)
    place = path.removesuffix(".md")
    try:
        act()
    except Refused as error:
        return _page(place, find_lesson(place, "comment"), str(error)), 409
    return go("reviews.review", place=place, did=did, state="all", _anchor=key)


@desk.post("/threads/<key>/reply")
@comments
def answer(key: str) -> Response | tuple[str, int]:
    """Adds a remark."""
    return _done(key, lambda: reply(studio(), person(), key, request.form.get("text", "")), "said")


@desk.post("/threads/<key>/close")
@comments
def close(key: str) -> Response | tuple[str, int]:
    """Closes a thread with a reason."""
    form = request.form
    reason = form.get("other", "").strip() or form.get("reason", "")
    return _done(key, lambda: close_thread(studio(), person(), key, reason), "closed")


@desk.post("/threads/<key>/reopen")
@comments
def reopen(key: str) -> Response | tuple[str, int]:
    """Opens a thread again."""
    return _done(key, lambda: reopen_thread(studio(), person(), key), "reopened")


@desk.post("/threads/<key>/assign")
@comments
def assign(key: str) -> Response | tuple[str, int]:
    """Gives a thread to somebody."""
    return _done(key, lambda: assign_thread(studio(), person(), key, request.form.get("to", "")), "assigned")


@desk.post("/threads/<key>/undo")
@comments
def take_back(key: str) -> Response | tuple[str, int]:
    """Takes a decision on suggestions back."""
    _, path = _find(key)
    find_lesson(path.removesuffix(".md"), "write")
    return _done(key, lambda: undo(studio(), person(), key), "undone")


@desk.post("/threads/<key>/place")
@comments
def place(key: str) -> Response | tuple[str, int]:
    """Says where a thread belongs whose words are gone."""
    return _done(key, lambda: place_again(studio(), person(), key, _choice()), "placed")
