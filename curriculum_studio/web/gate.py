"""The gate: who is signed in, and the thing that they asked for, found and permitted in one step."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import IO, Any, cast

from flask import Request, abort, current_app, g, redirect, request, url_for
from flask.json.provider import DefaultJSONProvider
from werkzeug.wrappers import Response

from curriculum_studio.access import Access, note_refusal
from curriculum_studio.actions.lessons import Lesson, read_lesson
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person, Right
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.storage.tokens import Token
from curriculum_studio.studio import Studio

COOKIE = "studio_session"
FEW_UNITS = 30
"""So many units stand in one list with their texts; in a larger curriculum a unit is chosen first."""
View = Callable[..., Any]


class PlainJson(DefaultJSONProvider):
    """Reads JSON whose texts can be kept: what nests without end, or holds half a character, is none."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            found = super().loads(s, **kwargs)
            json.dumps(found, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        return found


class Asked(Request):
    """A request whose files stay in memory: what is refused must not have lain on a disk, however short."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:  # fmt: skip
        return BytesIO()


def studio() -> Studio:
    """The studio that this application serves."""
    return cast(Studio, current_app.extensions["studio"])


def who() -> Person | None:
    """Who is signed in, read once a request."""
    if "person" not in g:
        g.person = studio().sessions.person(request.cookies.get(COOKIE, ""), int(time.time()))
    return cast("Person | None", g.person)


def access() -> Access:
    """What the person who is signed in may do with each file."""
    if "access" not in g:
        g.access = Access(studio(), person())
    return cast(Access, g.access)


def signed_in(view: View) -> View:
    """Declares a view for everyone who is signed in; what it finds, it finds through `find_…`, with its right."""
    return _declare("read", view, lambda one: True)


def needs(right: Right) -> Callable[[View], View]:
    """Declares the right that a view needs; who is not signed in is sent to sign in, who may not finds nothing."""
    return lambda view: _declare(right, view, lambda one: one.may(right))


def _declare(right: Right, view: View, holds: Callable[[Person], bool]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        one = who()
        if one is None:
            if request.method != "GET":
                abort(403)
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        if not holds(one):
            abort(404)
        return view(*args, **kwargs)

    guarded.declared_right = right  # type: ignore[attr-defined]
    return guarded


def writes(view: View) -> View:
    """Declares a view that changes one unit or page: it finds it with `find_…(…, "write")`, which decides."""
    return _declare("write", view, lambda one: True)


def comments(view: View) -> View:
    """Declares a view in which somebody says something about a text: it finds it with `find_…(…, "comment")`."""
    return _declare("comment", view, lambda one: True)


def admits(size: int) -> Callable[[View], View]:
    """Declares that a view takes a file in, of at most so many bytes: larger than what forms may send."""

    def declare(view: View) -> View:
        view.admitted = size  # type: ignore[attr-defined]
        return view

    return declare


def admit_files() -> None:
    """Lets a request be as large as its view declares, for somebody who is signed in; before the body is read."""
    size = getattr(current_app.view_functions.get(request.endpoint or ""), "admitted", 0)
    if size and who() is not None:
        request.max_content_length = size + 64 * 1024


def unnamed(view: View) -> View:
    """Declares a view whose requests are logged without who made them."""
    view.unnamed = True  # type: ignore[attr-defined]
    return view


def anyone(view: View) -> View:
    """Declares a view that needs no sign-in."""
    view.declared_right = "anyone"  # type: ignore[attr-defined]
    return view


def by_token(view: View) -> View:
    """Declares a view for other programs: who comes in shows a personal token, as Basic password or as Bearer.

    Cookies count for nothing here, so no other site's page can make a browser use such a view.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        now, keys = int(time.time()), (f"t:{request.remote_addr}",)
        token = _given()
        found = studio().tokens.bearer(token, now)
        if found is not None:
            g.person, g.token = found
            return view(*args, **kwargs)
        if token and studio().sessions.blocked(keys, now):
            return told(
                "Too many tries with tokens that do not hold. Wait five minutes, then try again.", 429
            )
        if token:
            studio().sessions.failed(keys, now)
        answer = told(
            "A personal token is needed: make one in the studio at your account, and give it as the password.",
            401,
        )
        answer.headers["WWW-Authenticate"] = 'Basic realm="Curriculum Studio: your token is the password"'
        return answer

    guarded.declared_right = "token"  # type: ignore[attr-defined]
    return guarded


def _given() -> str:
    """The token in a request, "" where there is none that can be read."""
    try:
        given = request.authorization
    except ValueError:
        return ""
    if given is None:
        return ""
    return (given.token if given.type == "bearer" else given.password) or ""


def token() -> Token:
    """The token with which somebody came in, in a view declared `by_token`."""
    return cast(Token, g.token)


def told(sentence: str, code: int) -> Response:
    """A plain sentence, for programs that show it to a person."""
    return Response(sentence + "\n", code, content_type="text/plain; charset=utf-8")


def person() -> Person:
    """Who is signed in, in a view that needs someone."""
    found = who()
    if found is None:
        abort(403)
    return found


def find_lesson(place: str, right: Right = "read", version: str | None = None) -> Lesson:
    """The text at `/units/<place>`, for somebody with a right to it; absent and forbidden alike are not found."""
    try:
        found = read_lesson(studio(), f"{place}.md", version)
    except NotFound:
        _follow(place)
        abort(404)
    if not access().reads(found.path):
        abort(404)
    if not access().may(right, found.path):
        if request.method != "GET":
            # An attempt to change what somebody may only read goes into the record; a look at a page does not.
            note_refusal(studio(), person().key, found.path, request.path)
        abort(404)
    return found


def _follow(place: str) -> None:
    """A lesson that was moved is found at its old address too: bookmarks and mails live longer than an order of lessons."""
    found = studio().curriculum()[1].moved.get(place, ())
    there = next((path for path in found if access().reads(path)), None)
    if request.method == "GET" and there is not None:
        new = request.full_path.replace(f"/{place}", f"/{there.removesuffix('.md')}", 1).rstrip("?")
        abort(redirect(new, 303))


def find_unit(folder: str, right: Right = "read") -> UnitOutline:
    """The unit in a folder, for somebody with a right to it; absent and forbidden alike are not found."""
    _, curriculum = studio().curriculum()
    found = next((one for one in curriculum.units if one.folder == folder), None)
    path = f"{folder}/unit.md"
    if found is None or not (access().reads(path) and access().may(right, path)):
        abort(404)
    return found


def given_file(most: int) -> bytes:
    """The file that a form brings, one byte over `most` at the longest: whoever reads it says that it is too large.

    Raises `Refused` where none was chosen.
    """
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Refused("Choose a file first. Nothing was changed.")
    content: bytes = given.read(most + 1)
    given.close()
    return content


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a page of our own, never another site."""
    # A browser leaves out tabs and line ends, and takes a backslash for a slash: what stands behind them would become a host.
    if (
        target
        and target.startswith("/")
        and not target.startswith("//")
        and target.isprintable()
        and "\\" not in target
    ):
        return target
    return url_for("home.home")


def go(endpoint: str, **values: Any) -> Response:
    """Sends the browser on to a page, by a GET."""
    return redirect(url_for(endpoint, **values), 303)


def done(act: Callable[[], object], page: Callable[[str], str], then: Response) -> Response | tuple[str, int]:
    """Does one thing and goes on; where it is refused, `page` shows the reason, and what is not there for this person is absent."""
    try:
        act()
    except NotFound:
        abort(404)
    except Refused as error:
        return page(str(error)), 400
    return then
