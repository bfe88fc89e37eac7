"""The desk for publishing, and the published sites themselves."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.releases import preview_release, publish_release
from curriculum_studio.publishing.strings import strings
from curriculum_studio.web.gate import anyone, needs, person, signed_in, studio, who

desk = Blueprint("releases", __name__)
WORDS = strings("en")
_SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@desk.get("/publish")
@signed_in
def preview() -> str:
    """What publishing would change, and what stops it."""
    return render_template("studio/publish.html", preview=preview_release(studio()), report=None)


@desk.post("/publish")
@needs("publish")
def publish() -> tuple[str, int] | str:
    """Publishes all editions."""
    report = publish_release(studio(), person(), request.form.get("note", "").strip()[:500])
    page = render_template("studio/publish.html", preview=preview_release(studio()), report=report)
    return page if report.done else (page, 409)


@desk.get("/sites/<any(student, family, teacher):edition>/")
@desk.get("/sites/<any(student, family, teacher):edition>/<path:address>")
@anyone
def site(edition: str, address: str = "") -> Response:
    """A file of a published edition; the teacher edition is for those who are signed in."""
    if edition == "teacher" and who() is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    folder = studio().settings.sites / edition
    name = f"{address}index.html" if not address or address.endswith("/") else address
    if (folder / name).is_dir():
        return redirect(f"{request.path}/")
    if not (folder / "index.html").is_file() or any(part.startswith(".") for part in name.split("/")):
        abort(404)
    response = send_from_directory(folder, name)
    response.headers["Content-Security-Policy"] = _SITE_POLICY
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    )
    if edition == "teacher":
        response.headers["Cache-Control"] = "private, no-store"
    return response
