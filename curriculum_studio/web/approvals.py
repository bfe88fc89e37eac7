"""The desk for approvals: where a text stands, who is asked about it, verdicts, and what publishing needs."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.approvals import (
    approval_of,
    ask_for_review,
    end_request,
    give_verdict,
    policy_of,
    said_in,
    set_policy,
    unapproved,
)
from curriculum_studio.actions.lessons import Lesson
from curriculum_studio.actions.ratings import rubrics
from curriculum_studio.actions.reviews import readers
from curriculum_studio.actions.rooms import flush
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, find_lesson, go, needs, person, signed_in, studio

desk = Blueprint("approvals", __name__)


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


def _when(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@desk.get("/units/<path:place>/approval")
@signed_in
def approval(place: str) -> str:
    """Where a text stands, and what it still needs."""
    return _page(place, find_lesson(place))


def _page(place: str, lesson: Lesson, error: str = "") -> str:
    found = approval_of(studio(), lesson.path)
    people = readers(studio(), lesson.path)
    return render_template(
        "studio/approval.html", lesson=lesson, place=place, found=found, policy=policy_of(studio(), studio().snapshot()),
        names=_names(), people=people, mine=person().key, when=_when, error=error, form=request.form,
        may=access().may("write", lesson.path), judges=access().may("verdict", lesson.path),
        rubrics=rubrics(studio()), today=datetime.now(UTC).date().isoformat(), day=lambda due: f"{date.fromisoformat(due):%-d %B %Y}",
    )  # fmt: skip


@desk.post("/units/<path:place>/approval/verdict")
@signed_in
def judge(place: str) -> Response | tuple[str, int]:
    """Says whether the text that was on the page is ready."""
    lesson, form = find_lesson(place, "verdict"), request.form
    blob, verdict = form.get("blob", ""), form.get("verdict", "")
    if not OID.match(blob) or verdict not in ("approved", "changes"):
        abort(400)
    try:
        given = "approved" if verdict == "approved" else "changes"
        give_verdict(studio(), person(), lesson.path, blob, given, form.get("words", ""))  # type: ignore[arg-type]
    except Refused as error:
        return _page(place, lesson, str(error)), 409
    return go("approvals.approval", place=place, did="judged")


@desk.post("/units/<path:place>/approval/request")
@signed_in
def ask(place: str) -> Response | tuple[str, int]:
    """Asks people to review the text."""
    flush(studio(), find_lesson(place, "write").path)
    lesson, form = find_lesson(place, "write"), request.form
    try:
        ask_for_review(
            studio(), person(), lesson.path, form.getlist("person"), form.get("question", ""), form.get("rubric", ""),
            form.get("due", ""),
        )  # fmt: skip
    except Refused as error:
        return _page(place, lesson, str(error)), 409
    return go("approvals.approval", place=place, did="asked")


@desk.post("/requests/<key>/end")
@signed_in
def end(key: str) -> Response:
    """Ends a request for review."""
    try:
        path = end_request(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("approvals.approval", place=path.removesuffix(".md"), did="ended")


@desk.get("/approvals")
@signed_in
def overview() -> str:
    """What publishing needs, and what is not ready."""
    snapshot, curriculum = studio().curriculum()
    found = unapproved(studio(), snapshot, curriculum)
    seen = [one for one in found if access().reads(one.path)]
    return render_template(
        "studio/approvals.html", policy=policy_of(studio(), snapshot), by_text=said_in(snapshot) is not None, reasons=seen, hidden=len(found) - len(seen),
        place=lambda path: path.removesuffix(".md"), error="",
    )  # fmt: skip


@desk.post("/approvals/policy")
@needs("policy")
def policy() -> Response:
    """Says what publishing needs."""
    form = request.form
    counts = [form.get(name, "1") for name in ("teachers", "researchers")]
    if not all(one.isascii() and one.isdecimal() and len(one) == 1 for one in counts):
        abort(400)
    set_policy(studio(), person(), form.get("needed") == "yes", int(counts[0]), int(counts[1]))
    return go("approvals.overview", did="kept")
