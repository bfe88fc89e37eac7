"""Edits of a text by spans: a key of its header, the sections of a unit, links to files that moved; all else stays as typed."""

from __future__ import annotations

import json
import posixpath
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from curriculum_studio.domain.errors import Refused
from curriculum_studio.formats.links import resolve

_PLAIN = re.compile(r"[^\W\d_][\w .'’()/&+%?!–—-]*(?<![ ])\Z")
_NAME = re.compile(r"[\w.#-]+")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "~"})
_TARGET = re.compile(r"(?P<open>\]\(<?|^[ ]{0,3}\[[^\]\n]+\]:[ ]*<?)(?P<target>[^)\s>]+)", re.MULTILINE)


def scalar(value: str) -> str:
    """A value as it stands in a header: plain where it can be, else in double quotes."""
    flat = " ".join(value.split())
    if _PLAIN.match(flat) and flat.casefold() not in _WORDS:
        return flat
    return json.dumps(flat, ensure_ascii=False)


def flow(values: Iterable[str]) -> str:
    """A list on one line."""
    shown = (one if _NAME.fullmatch(one) else json.dumps(one, ensure_ascii=False) for one in values)
    return f"[{', '.join(shown)}]"


def with_key(text: str, key: str, value: str | None) -> str:
    """The text with a key of its header set to what is given as it shall stand there; None takes the key away.

    Raises `Refused` where the text has no header.
    """
    lines = text.split("\n")
    end = _header_end(lines)
    start = next((at for at in range(1, end) if re.match(rf"{re.escape(key)}[ ]*:", lines[at])), end)
    stop = start
    if start < end:
        stop = start + 1
        while stop < end and (not lines[stop].strip() or lines[stop][0] in " -\t"):
            stop += 1
        while not lines[stop - 1].strip():
            stop -= 1
    fresh = (
        []
        if value is None
        else f"{key}: {value}".split("\n")
        if value[:1] != "\n"
        else f"{key}:{value}".split("\n")
    )
    return "\n".join([*lines[:start], *fresh, *lines[stop:]])


def with_sections(text: str, sections: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """A unit's text with these sections: title, goals and the stems of its lessons, each."""
    rows = []
    for title, goals, lessons in sections:
        rows.append(f"  - title: {scalar(title)}")
        if goals:
            rows.append(f"    goals: {flow(goals)}")
        rows.append(f"    lessons: {flow(lessons)}")
    return with_key(text, "sections", "\n" + "\n".join(rows) if rows else "[]")


def _header_end(lines: Sequence[str]) -> int:
    if not lines or lines[0].rstrip() != "---":
        raise Refused(
            "This text has no heading block at its top, so it cannot be arranged. Open it and add a title first."
        )
    for at in range(1, len(lines)):
        if lines[at].rstrip() == "---":
            return at
    raise Refused("The heading block at the top of this text is not closed. Open it and mend it first.")


def with_links(text: str, old: str, new: str, moves: Mapping[str, str]) -> str:
    """The text of a file that was at `old` and is now at `new`, its links leading where they led.

    `moves` gives the new path of each file that moved (`old` among them).
    """

    def mend(match: re.Match[str]) -> str:
        target = match["target"]
        to = resolve(old, target)
        if to.kind != "file" or (to.path == old and target.startswith("#")):
            return match[0]
        there = moves.get(to.path, to.path)
        if there == to.path and posixpath.dirname(old) == posixpath.dirname(new):
            return match[0]
        path = quote(posixpath.relpath(there, posixpath.dirname(new) or "."), safe="/._-~!$&'()*+,;=:@")
        return f"{match['open']}{path}{'#' + to.part if to.part else ''}"

    return _TARGET.sub(mend, text)


def slug(title: str) -> str:
    """A file's name from a title: letters without marks, numbers, hyphens; "text" where nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:60].strip("-") or "text"
