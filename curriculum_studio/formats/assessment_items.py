"""The problems of a text that results can be about, as its outline has them: their choices, points, and misconceptions."""

from __future__ import annotations

import re

from curriculum_studio.domain.evidence import Item, Option
from curriculum_studio.domain.kinds import CONTAINERS
from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.lesson_markdown import Document

_LETTERS = "ABCDEFGHIJ"
_MOST_POINTS = 30


def items_of(document: Document) -> tuple[Item, ...]:
    """Every problem with an id, in order; in a lesson also each warm-up, activity and cool-down with an id, whose answers a
    teacher sorts into piles: right, one of the lesson's misconceptions, other."""
    found: list[Item] = []
    misconceptions = {
        part.id: Option(part.id, _plain(part.title), False, part.id)
        for part in document.walk()
        if part.kind == "misconception" and part.id
    }
    for part in document.walk():
        if not part.id:
            continue
        if part.kind == "problem":
            found.append(_problem(part, part.id))
        elif document.kind == "lesson" and part.kind in CONTAINERS and part.kind != "practice-problems":
            found.append(_piles(part, part.id, misconceptions))
    return tuple(found)


def title_of(part: Part) -> str:
    """What a part is called: its title; a problem that has none is known by its first words."""
    if part.kind == "problem" and not part.title and (words := _first_words(part.text)):
        return f"{part.words}: {words}"
    return part.title or part.words


def heading_of(part: Part) -> str:
    """The heading of a part; that of a problem without a title with its first words, for many stand beside each other."""
    words = _first_words(part.text) if part.kind == "problem" and not part.title else ""
    return f"{part.heading}: {words}" if words else part.heading


def _problem(part: Part, name: str) -> Item:
    points = part.attributes.get("points", "1")
    most = min(int(points), _MOST_POINTS) if points.isdecimal() and int(points) else 1
    title = _plain(part.title) or _first_words(part.text) or name
    standard = " ".join(_own(part))
    if not part.choices:
        return Item(name, title, "points", (), most, standard)
    options = tuple(
        Option(letter, _plain(one.text), one.right, one.misconception)
        for letter, one in zip(_LETTERS, part.choices, strict=False)
    )
    return Item(name, title, "choices", options, most, standard)


def _piles(part: Part, name: str, misconceptions: dict[str, Option]) -> Item:
    own = {one.id for one in part.parts if one.kind == "misconception"}
    # A part's own misconceptions come first; in a cool-down any of the lesson may show.
    order = sorted(misconceptions.values(), key=lambda one: one.mark not in own)
    right = Option("right", "right", True)
    return Item(name, _plain(part.title) or part.words, "piles", (right, *order), 1, "")


_SIGNS = {"times": "×", "div": "÷", "cdot": "·", "le": "≤", "ge": "≥", "dots": "…", "$": "\ue000"}
# A dollar of money stands apart from those around a formula until these are gone.


def _plain(text: str) -> str:
    """Words and formulas of a line as plain text, for a table's row."""
    text = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r" \1/\2 ", " ".join(text.split()))
    text = re.sub(r"\\([a-z]+|\$) ?", lambda found: _SIGNS.get(found[1], ""), text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\S)[*_]+|[*_]+(?!\w)|(?<![\w])\$(?=\S)|\$(?!\d)|[{}]", "", text)
    return " ".join(text.replace(_SIGNS["$"], "$").split())


def _first_words(text: str) -> str:
    line = next(
        (line for line in text.split("\n") if line.strip() and not line.startswith(("- [", "```", "|"))), ""
    )
    words = _plain(line).split()
    return " ".join(words[:12]) + (" …" if len(words) > 12 else "")


def _own(part: Part) -> list[str]:
    """The codes that a problem names of the framework that the curriculum follows; those of other editions say so."""
    return [one for one in part.attributes.get("standard", "").replace(",", " ").split() if ":" not in one]


def asked_of(document: Document) -> tuple[tuple[str, str, tuple[str, ...], str, int], ...]:
    """Of each problem that names a standard: part id, title, the codes, the depth of knowledge ("" for none), the points."""
    found = []
    for part in document.walk():
        codes = _own(part)
        if part.kind == "problem" and codes:
            item = _problem(part, part.id or "")
            found.append((item.id, item.title, tuple(codes), part.attributes.get("dok", ""), item.most))
    return tuple(found)
