"""The studio as a Flask application: desks, security headers, errors in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, abort, current_app, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from curriculum_studio.domain.errors import NotFound, StoreError, StudioError
from curriculum_studio.domain.findings import hint_on_page
from curriculum_studio.publishing.program import templates_folder
from curriculum_studio.studio import Studio
from curriculum_studio.web import (
    accounts,
    alignment,
    alignment_studies,
    api,
    approvals,
    commitments,
    crosswalks,
    cycles,
    editor,
    evidence,
    flags,
    gate,
    goals,
    help,
    history,
    home,
    inquiries,
    learning,
    lessons,
    live,
    looks,
    notices,
    people,
    pulse,
    pushes,
    ratings,
    releases,
    reports,
    reviews,
    search,
    series,
    standards,
    statements,
    teaching,
    teams,
    tokens,
    trust,
    units,
    watch,
    week,
)
from curriculum_studio.web.assets import send_asset
from curriculum_studio.web.logs import log_fault

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
MAX_REQUEST = 2 * 1024 * 1024
_WORDS = {
    400: (
        "This could not be read",
        "The page may have been open too long, and nothing was saved. Go back and copy what you typed, then load the page anew and send it again.",
    ),
    403: (
        "Please sign in again",
        "Your sign-in has ended. What you typed is kept on this device; sign in and it is offered back.",
    ),
    404: (
        "There is nothing here",
        "It may have been moved or renamed, or it is not open to you. Look for it among the units, or search.",
    ),
    405: ("This address is not for that", "Go back and use the button on the page."),
    429: ("Too many tries", "Wait five minutes, then try again. Nothing is lost."),
    413: (
        "This is too large",
        "Nothing was saved. Go back, make it smaller and try again: what you typed still stands there.",
    ),
}

_DESKS = (
    home.desk,
    lessons.desk,
    live.desk,
    history.desk,
    releases.desk,
    accounts.desk,
    people.desk,
    pushes.desk,
    teams.desk,
    tokens.desk,
    units.desk,
    search.desk,
    standards.desk,
    alignment.desk,
    alignment_studies.desk,
    api.desk,
    ratings.desk,
    statements.desk,
    crosswalks.desk,
    evidence.desk,
    flags.desk,
    goals.desk,
    learning.desk,
    series.desk,
    teaching.desk,
    inquiries.desk,
    cycles.desk,
    reviews.desk,
    reports.desk,
    editor.desk,
    approvals.desk,
    looks.desk,
    notices.desk,
    trust.desk,
    pulse.desk,
    commitments.desk,
    week.desk,
    watch.desk,
    help.desk,
)


def create_app(studio: Studio) -> Flask:
    """The application over an opened studio."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/static/<path:filename>", "static", send_asset)
    app.request_class = gate.Asked
    app.json = gate.PlainJson(app)
    app.extensions["studio"] = studio
    app.config.update(
        SECRET_KEY=studio.settings.key.read_text().strip(),
        MAX_CONTENT_LENGTH=MAX_REQUEST + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        SESSION_COOKIE_NAME="studio_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=studio.settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_loader = ChoiceLoader([FileSystemLoader(templates_folder())])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        html=Markup,
        unmarked=history.unmarked,
        hint_on_page=hint_on_page,
        said=lambda one: gate.access().said(one),
    )
    app.jinja_env.globals.update(counted=_counted, way_to=lessons.way_to)
    watch.watch(app)
    if studio.settings.trusted_proxies:
        app.wsgi_app = believing(app.wsgi_app, studio.settings.trusted_proxies)  # type: ignore[method-assign,assignment]
    app.before_request(_same_origin)
    app.before_request(gate.admit_files)
    app.before_request(watch.wait_for_reading)
    # Other programs show a token and no cookie: there is nothing that another site's page could use.
    forms = CSRFProtect(app)
    forms.exempt(pushes.desk)
    forms.exempt(api.desk)
    app.after_request(_add_headers)
    app.context_processor(lambda: {"who": gate.who(), "t": releases.WORDS})
    for desk in _DESKS:
        app.register_blueprint(desk)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _http_error)
    app.register_error_handler(StudioError, _studio_error)
    app.register_error_handler(Exception, _fault)
    return app


def believing(inner: WSGIApplication, proxies: str) -> WSGIApplication:
    """Believes forwarded headers where the connection itself comes from one of the proxies, and from nobody else."""
    known = {one.strip() for one in proxies.split(",") if one.strip()}
    fixed = ProxyFix(inner, x_for=1, x_proto=1, x_host=1)

    def choose(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        # A Unix socket has no address.
        believed = (environ.get("REMOTE_ADDR") or "unix") in known
        return (fixed if believed else inner)(environ, start)

    return choose


def _counted(number: int, thing: str, things: str = "") -> str:
    """A count with its word: "1 lesson", "12 lessons"."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def _same_origin() -> None:
    """Refuses what another site's page sends: a second wall behind the form token."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.path.startswith(("/static/", "/sites/", "/pictures/")):
        response.headers["Cache-Control"] = "no-store"
    elif not request.path.startswith("/static/"):
        # What these pages say of themselves holds; a way to the sign-in or what is missing is kept by nobody.
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _http_error(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    title, text = _WORDS.get(
        code, ("Something went wrong", "Nothing that was saved is lost. Try again in a moment.")
    )
    return render_template("studio/error.html", title=title, text=text), code


def _studio_error(error: StudioError) -> tuple[str, int]:
    if isinstance(error, StoreError):
        log_fault(error)
        return render_template("studio/error.html", title="This could not be kept", text=str(error)), 507
    code = 404 if isinstance(error, NotFound) else 409
    return render_template("studio/error.html", title="This was not done", text=str(error)), code


def _fault(error: Exception) -> tuple[str, int]:
    log_fault(error)
    if current_app.testing:
        raise error
    return _http_error(InternalServerError())
