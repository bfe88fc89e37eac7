"""The gate: who is signed in, and the thing that they asked for, found and permitted in one step."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.lessons import Lesson, read_lesson
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.people import Person, Right
from curriculum_studio.studio import Studio

COOKIE = "studio_session"
View = Callable[..., Any]


def studio() -> Studio:
    """The studio that this application serves."""
    return cast(Studio, current_app.extensions["studio"])


def who() -> Person | None:
    """Who is signed in, read once a request."""
    if "person" not in g:
        g.person = studio().people.of_session(request.cookies.get(COOKIE, ""), int(time.time()))
    return cast("Person | None", g.person)


def needs(right: Right) -> Callable[[View], View]:
    """Declares the right that a view needs; who is not signed in is sent to sign in, who may not finds nothing."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            person = who()
            if person is None:
                if request.method != "GET":
                    abort(403)
                return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))
            if not person.may(right):
                abort(404)
            return view(*args, **kwargs)

        guarded.declared_right = right  # type: ignore[attr-defined]
        return guarded

    return declare


def anyone(view: View) -> View:
    """Declares a view that needs no sign-in."""
    view.declared_right = "anyone"  # type: ignore[attr-defined]
    return view


def person() -> Person:
    """Who is signed in, in a view that needs someone."""
    found = who()
    if found is None:
        abort(403)
    return found


def find_lesson(place: str, version: str | None = None) -> Lesson:
    """The text at `/units/<place>`; absent and forbidden alike are not found."""
    try:
        return read_lesson(studio(), f"{place}.md", version)
    except NotFound:
        abort(404)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a page of our own, never another site."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target:
        return target
    return url_for("lessons.home")


def go(endpoint: str, **values: Any) -> Response:
    """Sends the browser on to a page, by a GET."""
    return redirect(url_for(endpoint, **values), 303)
