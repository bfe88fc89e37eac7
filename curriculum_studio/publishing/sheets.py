"""What is printed: a unit's pages cut and joined for paper, as booklet, guide, key and copy masters.

Made from the edition's own pages and nothing else: the students' booklet cannot hold more than their pages do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_TAG = re.compile(r"<(/?)(section|div|details|span)\b([^>]*)>")
_CLASS = re.compile(r'class="([^"]*)"')
_ARTICLE = re.compile(r"<article\b[^>]*>\n?(.*)</article>", re.DOTALL)
_CRUMBS = re.compile(
    r'<nav class="crumbs".*?</nav>\n?|<p class="(?:languages|name-line)".*?</p>\n?', re.DOTALL
)
_OWN = re.compile(r' (id|href|for|aria-labelledby|aria-describedby)="(#?)([^"]*)"|url\(#([^)]*)\)')
_LINK = re.compile(r'<a\b(?![^>]*href="(?:#|https?:))[^>]*>(.*?)</a>', re.DOTALL)
_ASSET = re.compile(r'\b(src|href)="(?:\.\./)+assets/')
_DATA = re.compile(r' data-(?:check|salt|keys|choices|units|steps)="[^"]*"')
_LONG = re.compile(r'<div class="math-display"([^>]*)>(<math[^>]*data-tex="([^"]*)")')
_FOR_TEACHERS = frozenset({"teacher-passage", "choice-key", "part-hint"})
_STUDENT = frozenset(
    [
        "learning-targets", "student-task", "extension", "problem", "lesson-summary", "for-students", "root", "text",
    ]
)  # fmt: skip
_KEYS = frozenset({"answer", "solution", "rubric", "student-responses"})
_ABOVE_KEYS = frozenset({"warm-up", "activity", "cool-down", "practice-problems", "problem", "section"})


@dataclass
class Piece:
    """An element of a page with all that lies in it: texts and pieces, in order."""

    tag: str
    opening: str
    inside: list[str | Piece] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The element's classes."""
        found = _CLASS.search(self.opening)
        return frozenset(found[1].split()) if found else frozenset()

    @property
    def kind(self) -> str:
        """The kind of a part; "" of what is no part."""
        names = (name[5:] for name in self.classes if name.startswith("part-"))
        return next(names, "") if self.tag in ("section", "details") else ""

    def html(self) -> str:
        """The element as HTML."""
        whole = "".join(one if isinstance(one, str) else one.html() for one in self.inside)
        return f"{self.opening}{whole}</{self.tag}>" if self.tag else whole


def pieces(html: str) -> Piece:
    """HTML of our own making as a tree of its sections, boxes and spans."""
    root = Piece("", "")
    open_now = [root]
    at = 0
    for match in _TAG.finditer(html):
        open_now[-1].inside.append(html[at : match.start()])
        at = match.end()
        if match[1]:
            if len(open_now) > 1:
                open_now.pop()
            continue
        piece = Piece(match[2], match[0])
        open_now[-1].inside.append(piece)
        open_now.append(piece)
    open_now[-1].inside.append(html[at:])
    return root


_HOLDERS = frozenset({"warm-up", "activity", "cool-down", "practice-problems", "section", "directions"})
"""Kinds whose own text, before their first part, is the teacher's."""


def for_students(piece: Piece) -> Piece:
    """What students may see of a part, for their booklet: also where the page is a teacher's. What has nothing for
    students leaves no trace, its heading included."""
    kept: list[str | Piece] = []
    for one in piece.inside:
        if isinstance(one, str):
            kept.append(one)
        elif one.classes & _FOR_TEACHERS or "narrative" in one.classes:
            continue
        elif one.kind == "directions":
            problems = [x for x in one.inside if isinstance(x, Piece) and x.kind == "problem"]
            kept += for_students(Piece("", "", list(problems))).inside
        elif one.kind in _HOLDERS:
            inner = [x for x in one.inside if isinstance(x, str) or "prose" not in x.classes]
            held = for_students(Piece(one.tag, one.opening, inner))
            kept += [held] if any(isinstance(x, Piece) and x.kind for x in held.inside) else []
        elif not one.kind:
            kept.append(for_students(one))
        elif one.kind in _STUDENT:
            made = for_students(one)
            bodies = [x for x in made.inside if isinstance(x, Piece) and "prose" in x.classes]
            if any(_has_something(body) for body in bodies) or any(
                isinstance(x, Piece) and x.kind for x in made.inside
            ):
                kept.append(_with_room(made) if one.kind in ("problem", "student-task") else made)
    return Piece(piece.tag, piece.opening, kept)


def _has_something(body: Piece) -> bool:
    html = "".join(one if isinstance(one, str) else one.html() for one in body.inside)
    return bool(re.sub(r"</?p>|\s", "", html))


def _with_room(part: Piece) -> Piece:
    """A task or problem with room to write where its author left none."""
    html = part.html()
    if "answer-space" in html or "answer-grid" in html or 'class="choice"' in html:
        return part
    room = '<div class="answer-space" data-lines="3"><span></span><span></span><span></span></div>\n'
    return Piece(part.tag, part.opening, [*part.inside, room])


def key_only(piece: Piece) -> Piece | None:
    """The answers in a part under their headings; None where there is none."""
    if piece.kind in _KEYS:
        return piece
    kept: list[str | Piece] = []
    found = False
    for one in piece.inside:
        if isinstance(one, str):
            kept.append(one)
        elif one.kind in _KEYS or one.kind in _ABOVE_KEYS:
            below = key_only(one)
            if below is not None:
                kept.append(below)
                found = True
        elif one.kind:
            continue
        elif one.tag != "div" or 'class="choice-key right"' in one.html():
            kept.append(one)
            found = found or (one.tag == "div" and piece.kind == "problem")
    return Piece(piece.tag, piece.opening, kept) if found or not piece.tag else None


def only(piece: Piece, kinds: Iterable[str]) -> list[Piece]:
    """The parts of these kinds, in order."""
    wanted = frozenset(kinds)
    found: list[Piece] = []
    for one in piece.inside:
        if isinstance(one, Piece):
            found += [one] if one.kind in wanted else only(one, wanted)
    return found


def article(page: str) -> tuple[str, Piece]:
    """The head of a lesson's page and its parts; what the page says besides (contents, standards) is not for paper."""
    match = _ARTICLE.search(page)
    body = _CRUMBS.sub("", match[1]) if match else ""
    head, _, parts = body.partition("</header>")
    found = [one for one in pieces(parts).inside if isinstance(one, Piece)]
    lesson = [one for one in found if one.kind or "narrative" in one.classes]
    return (head + "</header>" if parts else head), Piece("", "", [x for one in lesson for x in (one, "\n")])


def for_paper(html: str, number: int, root: str) -> str:
    """A lesson's HTML as one of several on a sheet: names of its own, links that lead nowhere on paper as words, no
    picture that waits to be scrolled to, long formulas smaller, so that none is cut. `root` leads to the edition's
    own folder."""

    def own(match: re.Match[str]) -> str:
        if match[4] is not None:
            return f"url(#s{number}-{match[4]})"
        name, mark, value = match[1], match[2], match[3]
        if name == "href":
            if not mark:
                return match[0]
            return f' href="#s{number}-{value}"' if value in names else ""
        return f' {name}="' + " ".join(f"s{number}-{one}" for one in value.split()) + '"'

    def smaller(match: re.Match[str]) -> str:
        size = len(re.sub(r"\\[a-zA-Z]+|[{}^_&; ]|amp;", "", match[3]))
        name = " math-longest" if size > 75 else " math-longer" if size > 55 else ""
        return f'<div class="math-display{name}"{match[1]}>{match[2]}'

    html = _LINK.sub(lambda match: match[1], _DATA.sub("", html))
    names = set(re.findall(r' id="([^"]*)"', html))
    html = _OWN.sub(own, html).replace(' loading="lazy"', "")
    return _LONG.sub(smaller, _ASSET.sub(rf'\1="{root}assets/', html))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One lesson (or assessment) of a pack: its id on the page, its head and body as HTML, and whether somebody
    writes a name on it."""

    id: str
    head: str
    body: str
    named: bool
    kind: str = "lesson"


def packs(edition: str, rows: Mapping[str, tuple[str, str]], root: str) -> dict[str, list[Sheet]]:
    """The packs of a unit, of which `root` leads from the booklet's folder to the edition's: `rows` gives for each id the kind and the page of a lesson or assessment,
    in order. Students have a booklet; teachers have it too, and a guide, a key and copy masters."""
    read = {name: (kind, *article(page)) for name, (kind, page) in rows.items()}
    found: dict[str, list[Sheet]] = {"booklet": [], "guide": [], "key": [], "copy": []}
    for number, (name, (kind, head, parts)) in enumerate(read.items(), 1):
        student = for_students(parts)
        made: list[tuple[str, str]] = [("booklet", student.html())] if kind == "lesson" else []
        if edition == "teacher":
            made.append(("guide", parts.html()))
            keys = key_only(parts)
            if keys is not None and only(keys, (*_KEYS, "problem")):
                made.append(("key", keys.html()))
            slips = only(student, ("cool-down",)) if kind == "lesson" else [student]
            made += [("copy", slip.html()) for slip in slips]
        for pack, body in made:
            up = root if pack == "booklet" else f"../{root}"
            named = pack in ("booklet", "copy")
            found[pack].append(
                Sheet(name, for_paper(head, number, up), for_paper(body, number, up), named, kind)
            )
    return {pack: sheets for pack, sheets in found.items() if sheets}
