"""The one place where a browser is signed in, whoever vouched for the person: a password, a link, one day a single sign-on."""

from __future__ import annotations

import re
import time

from flask import request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from curriculum_studio.domain.people import Person
from curriculum_studio.web.gate import COOKIE, safe_next, studio

_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("CrOS", "Chromebook"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_PLACES = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac", "Mac"), ("Linux", "Linux"))  # fmt: skip


def let_in(found: Person, following: str | None = None) -> Response:
    """Opens a sign-in for a person whose word has been checked, and sends the browser on.

    Whatever checks that word (a password, a one-use link, a district's single sign-on) ends here and nowhere else, so that
    every way in gets the same cookie, the same length, a line in the record and a place in the list of sign-ins.
    """
    hours, now = studio().settings.session_hours, int(time.time())
    old = request.cookies.get(COOKIE)
    if old:
        studio().sessions.close(old)
    token = studio().sessions.open(found, now, now + hours * 3600, _device())
    response = redirect(safe_next(following or request.form.get("next")), 303)
    secure = studio().settings.secure_cookies
    response.set_cookie(
        COOKIE, token, max_age=hours * 3600, httponly=True, samesite="Lax", secure=secure, path="/"
    )
    return response


def _device() -> str:
    """The browser and system in two words; the address is not kept."""
    agent = request.headers.get("User-Agent", "")[:400]
    browser = next((name for mark, name in _BROWSERS if re.search(mark, agent)), "A browser")
    place = next((name for mark, name in _PLACES if re.search(mark, agent)), "")
    return f"{browser} on {place}" if place and place not in browser else browser
