"""The desk for readers' reports: the open form for who reads a published page, and the list for who writes there."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.reports import (
    MOST_CHARACTERS,
    bring_report_back,
    drop_report,
    published_page,
    report_thread,
    reports_for,
    reports_open,
    take_report,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.publishing.strings import RIGHT_TO_LEFT, strings
from curriculum_studio.storage.reports import DAYS
from curriculum_studio.web.gate import anyone, go, person, signed_in, studio

desk = Blueprint("reports", __name__)


def _read(page: str) -> tuple[str, str]:
    """The title and the language of the text that a published page shows."""
    try:
        path = published_page(studio(), page)
    except NotFound:
        abort(404)
    released = studio().content.published()
    facts = studio().curriculum(released)[1].facts[path]
    return facts.title, facts.language or "en"


@desk.get("/report")
@anyone
def form() -> str:
    """The form of a reader; where reports are not open there is none."""
    return _form(request.args.get("page", ""), request.args.get("words", "")[:2000])


def _form(page: str, chosen: str, words: str = "", error: str = "", *, done: bool = False) -> str:
    title, language = _read(page)
    t = {
        key: text.format(title=title, most=MOST_CHARACTERS, days=DAYS)
        for key, text in strings(language).items()
        if key.startswith("report_")
    }
    return render_template(
        "studio/report.html", page=page, t=t, lang=language, rtl=language.partition("-")[0] in RIGHT_TO_LEFT,
        chosen=chosen, words=words, error=error, done=done, most=MOST_CHARACTERS, back=_address(page),
    )  # fmt: skip


def _address(page: str) -> str:
    """Where the page that a report is about is read: on the student site, or where only families read it."""
    sites = studio().settings.sites
    edition = "student" if (sites / "student" / page / "index.html").is_file() else "family"
    return url_for("releases.site", edition=edition, address=page)


@desk.post("/report")
@anyone
def take() -> str | tuple[str, int]:
    """Takes a report."""
    page, chosen, words = (request.form.get(name, "")[:4000] for name in ("page", "chosen", "words"))
    _read(page)
    try:
        take_report(studio(), page, chosen, words)
    except Refused as error:
        return _form(page, chosen, words, str(error)), 400
    return _form(page, "", done=True)


@desk.get("/reports")
@signed_in
def reports() -> str:
    """What readers said of the texts in which one writes."""
    _, curriculum = studio().curriculum()
    return render_template(
        "studio/reports.html", rows=reports_for(studio(), person()), dropped=reports_for(studio(), person(), dropped=True),
        facts=curriculum.facts, did=request.args.get("did", ""), undo=request.args.get("undo", ""), days=DAYS,
        when=lambda at: datetime.fromtimestamp(at, UTC), place=lambda path: path.removesuffix(".md"),
        asked=reports_open(studio()),
    )  # fmt: skip


@desk.post("/reports/<key>/thread")
@signed_in
def turn(key: str) -> Response:
    """Turns a report into a thread."""
    try:
        made = report_thread(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("reviews.thread", key=made)


@desk.post("/reports/<key>/drop")
@signed_in
def drop(key: str) -> Response:
    """Deletes a report; the page then offers to undo it."""
    try:
        drop_report(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("reports.reports", did="dropped", undo=key)


@desk.post("/reports/<key>/back")
@signed_in
def back(key: str) -> Response:
    """Brings a deleted report back."""
    try:
        bring_report_back(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("reports.reports", did="back")
