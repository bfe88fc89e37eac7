"""The desk for publishing, and the published sites themselves."""

from __future__ import annotations

from pathlib import Path

from flask import (
    Blueprint,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response

from curriculum_studio.actions.lessons import headings_of
from curriculum_studio.actions.releases import (
    begin,
    preview_release,
    progress,
    publish_release,
    releases,
    take_back,
)
from curriculum_studio.domain.findings import Finding
from curriculum_studio.publishing.strings import strings
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, anyone, go, needs, person, signed_in, studio, who

desk = Blueprint("releases", __name__)
WORDS = strings("en")
_SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@desk.get("/publish")
@signed_in
def preview() -> str:
    """What publishing would change, for whom, and what stops it; the releases so far."""
    found = preview_release(studio())
    snapshot, curriculum = studio().curriculum()
    changes = [one for one in found.changes if access().reads(one.path)]
    findings = [one for one in found.findings if access().reads(one.file)]
    return render_template(
        "studio/publish.html",
        preview=found,
        changes=changes,
        hidden=len(found.changes) - len(changes),
        findings=findings,
        headings=headings_of(lambda path: snapshot[path], _listed(findings)),
        unapproved=[one for one in found.reasons if access().reads(one.path)],
        titles={path: facts.title for path, facts in curriculum.facts.items()},
        now=progress(studio()),
        releases=releases(studio()),
        place=lambda path: path.removesuffix(".md"),
    )


def _listed(findings: list[Finding]) -> list[Finding]:
    """Those whose place is said on the page: all that stop a release, and the first hundred of the rest."""
    graves = [one for one in findings if one.severity == "grave"]
    return [*graves, *[one for one in findings if one.severity == "warning"][:100]]


@desk.get("/publish/progress")
@signed_in
def publish_progress() -> str:
    """How the publication stands, for the page that waits for it."""
    return render_template("studio/publish_progress.html", now=progress(studio()), waited=True)


@desk.post("/publish")
@needs("publish")
def publish() -> Response:
    """Publishes all editions."""
    one, who_asked, note = studio(), person(), request.form.get("note", "").strip()[:2000]
    begin(one, lambda tell: publish_release(one, who_asked, note, tell))
    return go("releases.preview", did="published")


@desk.post("/publish/back")
@needs("publish")
def back() -> Response:
    """Publishes an earlier release again."""
    version = request.form.get("version", "")
    if not OID.match(version):
        abort(404)
    one, who_asked = studio(), person()
    begin(one, lambda tell: take_back(one, who_asked, version, tell))
    return go("releases.preview", did="published")


@desk.get("/sites/<any(student, family, teacher):edition>/")
@desk.get("/sites/<any(student, family, teacher):edition>/<path:address>")
@anyone
def site(edition: str, address: str = "") -> Response:
    """A file of a published edition; the teacher edition is for those who are signed in."""
    if edition == "teacher" and who() is None:
        return redirect(url_for("accounts.sign_in", next=request.path))
    folder = studio().settings.sites / edition
    name = f"{address}index.html" if not address or address.endswith("/") else address
    if not (folder / "index.html").is_file():
        words = "When the first lessons are published, they stand here."
        return make_response(render_template("studio/error.html", title="Nothing is published yet", text=words), 404)  # fmt: skip
    if any(part.startswith(".") for part in name.split("/")) or not (folder / name).exists():
        response = _missing(folder, edition)
    elif (folder / name).is_dir():
        return redirect(f"{request.path}/")
    else:
        response = send_from_directory(folder, name)
    response.headers["Content-Security-Policy"] = _SITE_POLICY
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
    )
    if edition == "teacher":
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _missing(folder: Path, edition: str) -> Response:
    """The site's own page for what is not there; its links are made for the site's address, wherever it is asked for."""
    page, root = folder / "404.html", url_for("releases.site", edition=edition)
    if not page.is_file():
        abort(404)
    text = page.read_text("utf-8").replace('="./', f'="{root}').replace('="assets/', f'="{root}assets/')
    return make_response(text, 404)
