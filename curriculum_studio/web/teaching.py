"""The desk for the teaching log: one's own logs, the form after a lesson, what the team's shared logs say of a lesson."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import partial

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.teaching import (
    Taught,
    change_log,
    delete_log,
    find_taught,
    lessons_to_log,
    lessons_together,
    logs_of,
    logs_together,
    readers_of,
    share_log,
    write_log,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.teaching import (
    HOWS,
    MOST_ABOUT_PART,
    MOST_MINUTES,
    MOST_WORDS,
    REASONS,
    Log,
    PartLog,
    Timed,
    weight_of,
)
from curriculum_studio.publishing.program import dist_folder
from curriculum_studio.web.gate import FEW_UNITS, access, anyone, done, go, needs, person, signed_in, studio

desk = Blueprint("teaching", __name__)


def _words() -> Mapping[str, object]:
    return {
        "hows": HOWS,
        "reasons": REASONS,
        "most": MOST_WORDS,
        "most_part": MOST_ABOUT_PART,
        "most_minutes": MOST_MINUTES,
        "date": date.fromisoformat,
    }


@desk.get("/teaching")
@needs("teaching")
def shelf() -> str:
    """One's own logs, and the lessons that can be logged: where there are many units, those of one's own and one that was chosen."""
    found, chosen = lessons_to_log(studio(), person()), request.args.get("unit", "")
    few = len(found) <= FEW_UNITS
    listed = [one for one in found if few or one.own or one.unit.folder == chosen]
    listed.sort(key=lambda one: one.unit.folder != chosen)
    return render_template(
        "studio/teaching.html",
        logs=logs_of(studio(), person()),
        units=listed,
        others=[one for one in found if one not in listed],
        together=lessons_together(studio(), person()),
        did=request.args.get("did", ""),
        **_words(),
    )


@desk.get("/teaching/door")
@needs("teaching")
def door() -> Answer:
    """Who is signed in and the form's token: what a device needs to send the logs that it kept without a network."""
    return jsonify(person=person().key, token=generate_csrf())


@desk.get("/teaching/worker.js")
@anyone
def worker() -> Answer:
    """The script that keeps the forms of the log on the device; a script may look after the places below its own alone."""
    answer = Response((dist_folder() / "teaching_worker.js").read_bytes(), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/teaching"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _find(lesson: str) -> Taught:
    try:
        return find_taught(studio(), person(), lesson)
    except NotFound:
        abort(404)


@desk.get("/teaching/lessons/<lesson>")
@needs("teaching")
def new(lesson: str) -> str:
    """The form after a lesson."""
    return _form(_find(lesson))


def _form(taught: Taught, error: str = "") -> str:
    return render_template(
        "studio/teaching_new.html",
        taught=taught,
        log=None,
        key=request.form.get("key") or secrets.token_hex(16),
        today=datetime.now(UTC).date().isoformat(),
        readers=readers_of(studio(), person(), taught.facts.id),
        shared=_shared(taught),
        form=request.form,
        error=error,
        **_words(),
    )


def _shared(taught: Taught) -> int:
    """How many logs of a lesson are shared, for those who may see them."""
    may = access().may("write", taught.facts.path)
    return len(studio().teaching.shared(taught.facts.id)) if may else 0


@desk.post("/teaching/lessons/<lesson>")
@needs("teaching")
def write(lesson: str) -> Answer | tuple[str, int] | tuple[Answer, int]:
    """Keeps a log; a device that sends by itself gets a short answer."""
    taught, form = _find(lesson), request.form
    log = Log(
        form.get("key", ""), "", "", "", form.get("text", ""), form.get("day", ""), (), form.get("happened", ""),
        form.get("shared") == "yes",
    )  # fmt: skip
    by_itself = request.headers.get("X-Kept") == "yes"
    try:
        write_log(studio(), person(), lesson, _said, log, sure=form.get("sure") == "yes")
    except Refused as error:
        return (jsonify(error=str(error)), 422) if by_itself else (_form(taught, str(error)), 400)
    there = url_for("teaching.show", key=log.key, did="kept")
    return jsonify(address=there) if by_itself else go("teaching.show", key=log.key, did="kept")


def _said(timed: Timed) -> PartLog:
    """What the form says of a part."""
    form, part = request.form, timed.part
    minutes = form.get(f"minutes-{part}", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdecimal() and len(minutes) < 5):
        raise Refused(f"Minutes of {timed.name}: a number from 0 to {MOST_MINUTES}. Nothing was kept.")
    return PartLog(
        timed, int(minutes) if minutes else None, form.get(f"how-{part}", ""), form.get(f"reason-{part}", ""),
        form.get(f"words-{part}", ""),
    )  # fmt: skip


def _own(key: str) -> Log:
    try:
        return studio().teaching.own(person().key, key)
    except NotFound:
        abort(404)


@desk.get("/teaching/logs/<key>")
@needs("teaching")
def show(key: str) -> str:
    """One's own log: read it, share it, go on to change it."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    log = _own(key)
    try:
        place = find_taught(studio(), person(), log.document).facts.path.removesuffix(".md")
    except NotFound:
        place = ""
    return render_template(
        "studio/teaching_log.html",
        log=log,
        place=place,
        may_write=bool(place) and access().may("write", f"{place}.md"),
        readers=readers_of(studio(), person(), log.document),
        error=error,
        did=request.args.get("did", ""),
        **_words(),
    )


@desk.get("/teaching/logs/<key>/edit")
@needs("teaching")
def edit(key: str) -> str:
    """The form with what one wrote."""
    return _edit(_own(key))


def _edit(log: Log, error: str = "") -> str:
    kept = {"day": log.day, "happened": log.happened}
    for one in log.parts:
        part = one.timed.part
        minutes = "" if one.taught is None else str(one.taught)
        kept |= {
            f"minutes-{part}": minutes,
            f"how-{part}": one.how,
            f"reason-{part}": one.reason,
            f"words-{part}": one.words,
        }
    return render_template(
        "studio/teaching_new.html", taught=None, log=log, key=log.key, today=log.day, readers="", form=request.form or kept,
        error=error, **_words(),
    )  # fmt: skip


@desk.post("/teaching/logs/<key>/edit")
@needs("teaching")
def change(key: str) -> Answer | tuple[str, int]:
    """Writes an own log anew."""
    form = request.form
    day, happened, sure = form.get("day", ""), form.get("happened", ""), form.get("sure") == "yes"
    return done(
        lambda: change_log(studio(), person(), key, _said, day, happened, sure=sure),
        lambda error: _edit(_own(key), error),
        go("teaching.show", key=key, did="changed"),
    )


@desk.post("/teaching/logs/<key>/share")
@needs("teaching")
def share(key: str) -> Answer | tuple[str, int]:
    """Shares an own log with the team, or takes it back."""
    shared = request.form.get("shared") == "yes"
    then = go("teaching.show", key=key, did="shared" if shared else "alone")
    return done(lambda: share_log(studio(), person(), key, shared), partial(_page, key), then)


@desk.post("/teaching/logs/<key>/delete")
@needs("teaching")
def delete(key: str) -> Answer | tuple[str, int]:
    """Deletes an own log."""
    then = go("teaching.shelf", did="deleted")
    return done(lambda: delete_log(studio(), person(), key), partial(_page, key), then)


@desk.get("/teaching/together/<lesson>")
@signed_in
def together(lesson: str) -> str:
    """What the shared logs of a lesson say, for those who write in its unit."""
    try:
        found = logs_together(studio(), person(), lesson)
    except NotFound:
        abort(404)
    return render_template(
        "studio/teaching_together.html",
        found=found,
        weight=weight_of(found.logs),
        place=found.facts.path.removesuffix(".md"),
        names={row.person.key: row.person.name for row in studio().people.all()},
        **_words(),
    )
