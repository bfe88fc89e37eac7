"""What is told about the running studio: one log line a request, figures for monitoring; never a text, query or secret."""

from __future__ import annotations

import time
from ipaddress import ip_address

import structlog
from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, render_template, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from curriculum_studio.domain.errors import StudioError
from curriculum_studio.web.gate import anyone, signed_in, studio, who

desk = Blueprint("watch", __name__)
_NEED_NO_TEXTS = frozenset({"", "static", "watch", "accounts", "help", "live"})
"""Desks whose pages do not wait for the texts to be read."""
_REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "studio_request_seconds", "Seconds of each request.", ("desk", "kind"), registry=_REGISTRY,
    buckets=(0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 5),
)  # fmt: skip
_ANSWERS = Counter(
    "studio_answers", "Answers by the first figure of their code.", ("code",), registry=_REGISTRY
)
_FAULTS = Counter("studio_faults", "Requests that ended in a fault.", registry=_REGISTRY)
_FREE = Gauge("studio_disk_free_bytes", "Free space where the workspace lies.", registry=_REGISTRY)
_FILES = Gauge("studio_curriculum_files", "Files of the working text.", registry=_REGISTRY)


def watch(app: Flask) -> None:
    """Logs and measures each request of an application."""
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        name = request.endpoint or "none"
        _SECONDS.labels(name.partition(".")[0], request.method).observe(seconds)
        _ANSWERS.labels(str(response.status_code)[0]).inc()
        if response.status_code >= 500:
            _FAULTS.inc()
        view = current_app.view_functions.get(name)
        person = None if getattr(view, "unnamed", False) else g.get("person")
        if name not in ("static", "watch.healthy", "watch.ready", "watch.metrics"):
            # The endpoint and not the address: addresses can hold what somebody typed.
            log.info(
                "request", view=name, method=request.method, code=response.status_code,
                ms=round(seconds * 1000, 1), person=person.key if person else None,
            )  # fmt: skip
        return response


@desk.get("/healthz")
@anyone
def healthy() -> tuple[str, int]:
    """The process is up."""
    return "ok\n", 200


@desk.get("/readyz")
@anyone
def ready() -> tuple[str, int]:
    """Database and store answer, and so do the rooms in which people write together."""
    try:
        studio().content.tip()
        studio().people.all()
    except StudioError:
        return "not ready\n", 503
    if not studio().rooms.answers():
        return "not ready: writing together is being started\n", 503
    return "ready\n", 200


@desk.get("/reading")
@signed_in
def reading() -> Response:
    """How far a large curriculum is read, for the page that waits for it; once it is, that page is opened anew."""
    answer = make_response(render_template("studio/reading_progress.html", reading=studio().reading))
    if studio().reading is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


def wait_for_reading() -> Response | None:
    """While all texts are read anew, pages say so and how far it is; nobody looks at an empty window for a minute."""
    found = studio().reading
    # Programs and parts of pages ask for anything; a browser that opens a page names what a page is.
    if found is None or request.method != "GET" or "text/html" not in request.headers.get("Accept", ""):
        return None
    free = (request.endpoint or "").partition(".")[0] in _NEED_NO_TEXTS or request.path.startswith("/sites/")
    if free or who() is None:
        return None
    answer = make_response(render_template("studio/reading.html", reading=found), 503)
    answer.headers["Retry-After"] = "5"
    return answer


@desk.get("/metrics")
@anyone
def metrics() -> Response:
    """Figures for Prometheus; for this machine alone unless the settings open it."""
    if not studio().settings.metrics_open and not _is_here(request.remote_addr or ""):
        abort(404)
    _FREE.set(studio().free_space())
    _FILES.set(len(studio().snapshot()) if studio().content.tip() else 0)
    return Response(generate_latest(_REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
