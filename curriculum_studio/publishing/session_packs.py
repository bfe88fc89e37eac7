"""A pack for whoever leads a session: its guide, slides, the lessons for paper and handouts, as one zip that opens from disk.

It holds what only teachers see. It is made when somebody who is signed in asks for it, and no site has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape

from curriculum_studio.publishing.pages import environment
from curriculum_studio.publishing.program import program_assets
from curriculum_studio.publishing.site import PagePart
from curriculum_studio.publishing.strings import RIGHT_TO_LEFT, strings
from curriculum_studio.publishing.zips import zip_of

_STUDIO_LINK = re.compile(r'<a\b[^>]* href="/[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_FOR_LEADERS = re.compile(r"<p>\s*<em>For the facilitator.*?</p>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"<[^>]+>")
_TO_STUDY = ("<table", "<figure", "<svg", "<img")
_STYLES = ("site.css", "paper.css")


@dataclass(frozen=True, slots=True)
class PackLesson:
    """A lesson of a pack: its title, its language, and its parts as teachers and as students see them."""

    title: str
    language: str
    teacher: tuple[PagePart, ...]
    student: tuple[PagePart, ...]


@dataclass(frozen=True, slots=True)
class SessionPack:
    """What a pack is made of: the session as its text says it, its lessons, and pictures by their path in the zip."""

    title: str
    language: str
    facts: tuple[str, ...]
    parts: tuple[PagePart, ...]
    lessons: tuple[PackLesson, ...]
    pictures: Mapping[str, bytes]


def session_pack(pack: SessionPack) -> bytes:
    """The zip."""
    names, assets = program_assets()
    wanted = {names[name] for name in _STYLES if name in names}
    fonts = {name for name in assets if name.endswith(".woff2")}
    files = {name: assets[name] for name in (*wanted, *fonts)} | dict(pack.pictures)
    # In a zip, styles and fonts lie side by side as on a site.
    files["guide.html"] = _page(pack, pack.title, "guide", pack.language, parts=pack.parts)
    files["slides.html"] = _page(pack, pack.title, "slides", pack.language, slides=slides_of(pack.parts))
    rows: list[tuple[str, str]] = []
    handed: list[tuple[str, str]] = []
    for number, lesson in enumerate(pack.lessons, 1):
        name = f"lesson-{number}.html"
        files[name] = _page(pack, lesson.title, "lesson", lesson.language, parts=lesson.teacher)
        rows.append((name, lesson.title))
        if lesson.student:
            name = f"handout-{number}.html"
            files[name] = _page(pack, lesson.title, "handout", lesson.language, parts=lesson.student)
            handed.append((name, lesson.title))
    studied = to_study(pack.parts)
    if studied:
        files["handout-work.html"] = _page(pack, pack.title, "handout", pack.language, parts=studied)
        said = ", ".join(_TAGS.sub("", one.heading or one.label) for one in studied)
        handed.insert(0, ("handout-work.html", unescape(said)))
    files["index.html"] = _page(pack, pack.title, "index", pack.language, lessons=rows, handouts=handed)
    return zip_of(files)


def slides_of(parts: Sequence[PagePart]) -> list[tuple[str, str, str]]:
    """A slide for each part and each part inside it: heading, minutes, body; what is for the facilitator stays in the guide."""
    found = []
    for one in parts:
        if one.kind in ("root", "text"):
            continue
        found.append((one.heading or one.label, one.attributes.get("minutes", ""), _for_all(one.body)))
        found += slides_of(one.parts)
    return found


def to_study(parts: Sequence[PagePart]) -> tuple[PagePart, ...]:
    """The parts of a session that are studied on paper: those with a table, a figure or a picture."""
    return tuple(
        replace(one, body=_for_all(one.body))
        for one in parts
        if one.kind not in ("root", "text") and any(mark in one.body for mark in _TO_STUDY)
    )


def _for_all(body: str) -> str:
    return _FOR_LEADERS.sub("", body)


def _page(pack: SessionPack, title: str, shape: str, language: str, **told: object) -> bytes:
    names, _ = program_assets()
    html = environment().get_template("site/session_pack.html").render(
        {
            "pack": pack, "title": title, "shape": shape, "lang": language or "en", "t": strings(language or "en"),
            "dir": "rtl" if (language or "en").partition("-")[0] in RIGHT_TO_LEFT else "ltr",
            "styles": [names[name] for name in _STYLES if name in names],
            "parts": (), "slides": (), "lessons": (), "handouts": (), **told,
        }
    )  # fmt: skip
    # Links into the studio lead nowhere from a disk.
    return _STUDIO_LINK.sub(r"\1", html).encode()
