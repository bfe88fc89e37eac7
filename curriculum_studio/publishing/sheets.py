"""What is printed: a unit's pages cut and joined for paper, as booklet, guide, key and copy masters.

Made from the edition's own pages and nothing else: the students' booklet cannot hold more than their pages do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

_TAG = re.compile(r"<(/?)(section|div|details|span)\b([^>]*)>")
_CLASS = re.compile(r'class="([^"]*)"')
_ARTICLE = re.compile(r"<article\b[^>]*>\n?(.*)</article>", re.DOTALL)
_CRUMBS = re.compile(
    r'<nav class="crumbs".*?</nav>\n?|<p class="(?:languages|name-line)".*?</p>\n?', re.DOTALL
)
_ID = re.compile(r' id="([^"]*)"')
_HREF = re.compile(r' href="#([^"]*)"')
_SPOKEN = re.compile(r' (for|aria-labelledby|aria-describedby)="([^"]*)"')
_UNSEEN = re.compile(r"\\[a-zA-Z]+|[{}^_&; ]|amp;")
_LINK = re.compile(r'<a\b(?![^>]*href="(?:#|https?:))[^>]*>(.*?)</a>', re.DOTALL)
_ASSET = re.compile(r'="(?:\.\./)+assets/')
_DATA = re.compile(r' data-(?:check|salt|keys|choices|units|steps)="[^"]*"')
_LONG = re.compile(r'<div class="math-display"([^>]*)>(<math[^>]*data-tex="([^"]*)")')
_FOR_TEACHERS = frozenset({"teacher-passage", "choice-key", "part-hint"})
_TELLING = _FOR_TEACHERS | {"narrative", "prose"}
_BLANK = re.compile(r"(?:</?p>|\s)*\Z")
_ROOMS = ("answer-space", "answer-grid", 'class="choice"')
_QUESTION = re.compile(
    r"(<li>(?:(?!</?li\b|</?[ou]l\b).)*[?؟](?:\s|</(?:p|em|strong|span)>)*)(</li>)", re.DOTALL
)
_ROOM_FOLLOWS = re.compile(r'\s*</[ou]l>\s*<div class="answer-')
_WIDE = ("<figure", "<table", "<img", "<ol", "answer-grid", 'data-lines="3"')
_TAGS = re.compile(r"<[^>]*>")
_SHORT, _SHORT_WITH_DISPLAY = 230, 70
"""Letters of a problem that reads well in half the width of the paper, and of one that has a formula on a line of its own."""
_STUDENT = frozenset(
    [
        "learning-targets", "student-task", "extension", "problem", "lesson-summary", "for-students", "root", "text",
    ]
)  # fmt: skip
_KEYS = frozenset({"answer", "solution", "rubric", "student-responses"})
_ABOVE_KEYS = frozenset({"warm-up", "activity", "cool-down", "practice-problems", "problem", "section"})


@dataclass(slots=True)
class Piece:
    """An element of a page with all that lies in it: texts and pieces, in order. `kind` is that of a part, "" of what
    is no part."""

    tag: str
    opening: str
    inside: list[str | Piece] = field(default_factory=list)
    classes: frozenset[str] = frozenset()
    kind: str = ""

    def html(self) -> str:
        """The element as HTML."""
        whole = "".join([one if isinstance(one, str) else one.html() for one in self.inside])
        return f"{self.opening}{whole}</{self.tag}>" if self.tag else whole

    def holding(self, inside: list[str | Piece]) -> Piece:
        """The same element with other things in it."""
        return Piece(self.tag, self.opening, inside, self.classes, self.kind)

    def says(self, mark: str) -> bool:
        """Whether a mark, of one tag or text, stands anywhere in the element."""
        return mark in self.opening or any(
            mark in one if isinstance(one, str) else one.says(mark) for one in self.inside
        )


@lru_cache(maxsize=512)
def _named(tag: str, classes: str) -> tuple[frozenset[str], str]:
    """An element's classes, and the kind of the part that it is."""
    names = classes.split()
    kinds = (name[5:] for name in names if name.startswith("part-"))
    return frozenset(names), next(kinds, "") if tag in ("section", "details") else ""


@dataclass(slots=True)
class _Open:
    """An element that is being read: where it begins, where its text does that is not in it yet."""

    piece: Piece
    start: int
    text: int
    solid: bool = True


def pieces(html: str) -> Piece:
    """HTML of our own making as a tree of its parts and of the boxes and spans that matter on paper; what lies deeper
    and does not matter stays text."""
    root = _Open(Piece("", ""), 0, 0)
    open_now = [root]

    def close(end: int, after: int) -> None:
        one, above = open_now.pop(), open_now[-1]
        piece, within = one.piece, above.piece
        if one.solid and within.tag and not within.kind and not piece.kind and not piece.classes & _TELLING:
            return
        piece.inside.append(html[one.text : end])
        within.inside += (html[above.text : one.start], piece)
        above.text, above.solid = after, False

    for match in _TAG.finditer(html):
        if not match[1]:
            found = _CLASS.search(match[3])
            classes, kind = _named(match[2], found[1] if found else "")
            open_now.append(_Open(Piece(match[2], match[0], [], classes, kind), match.start(), match.end()))
        elif len(open_now) > 1:
            close(match.start(), match.end())
    while len(open_now) > 1:
        close(len(html), len(html))
    root.piece.inside.append(html[root.text :])
    return root.piece


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
            held = for_students(one.holding(inner))
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
    return piece.holding(_side_by_side(kept))


def _has_something(body: Piece) -> bool:
    return any(not isinstance(one, str) or not _BLANK.match(one) for one in body.inside)


def _with_room(part: Piece) -> Piece:
    """A task or problem with room to write where its author left none: below it, or below each of its questions."""
    if not any(part.says(mark) for mark in _ROOMS):
        room = '<div class="answer-space" data-lines="3"><span></span><span></span><span></span></div>\n'
        return part.holding([*part.inside, room])
    asked = [
        one.holding([_with_lines(x) if isinstance(x, str) else x for x in one.inside])
        if isinstance(one, Piece) and "prose" in one.classes
        else one
        for one in part.inside
    ]
    return part.holding(asked)


def _with_lines(html: str) -> str:
    """Numbered questions of a text, each with a line to write on unless it has room, or room follows it."""

    def line(match: re.Match[str]) -> str:
        item, after = match[1], match[2]
        if any(mark in item for mark in (*_ROOMS, "___")) or _ROOM_FOLLOWS.match(html, match.end()):
            return match[0]
        return f'{item}<div class="answer-space" data-lines="1"><span></span></div>{after}'

    return _QUESTION.sub(line, html)


def _side_by_side(parts: list[str | Piece]) -> list[str | Piece]:
    """Parts in which two short problems, one after the other, share the width of the paper."""
    made: list[str | Piece] = []
    waiting: int | None = None
    for one in parts:
        if isinstance(one, Piece):
            if not _short(one):
                waiting = None
            elif waiting is None:
                waiting = len(made)
            else:
                pair = Piece("div", '<div class="pair">', [*made[waiting:], one], frozenset(["pair"]))
                made[waiting:], waiting = [pair], None
                continue
        made.append(one)
    return made


def _short(part: Piece) -> bool:
    """Whether a problem reads well in half the width: few words, nothing wide, no room for more than two lines."""
    if part.kind != "problem" or any(isinstance(one, Piece) and one.kind for one in part.inside):
        return False
    body = "".join(one.html() for one in part.inside if isinstance(one, Piece))
    if any(mark in body for mark in _WIDE) or body.count("<span></span>") > 2:
        return False
    return len(_TAGS.sub("", body)) <= (_SHORT_WITH_DISPLAY if "math-display" in body else _SHORT)


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
        elif one.tag != "div" or one.says('class="choice-key right"'):
            kept.append(one)
            found = found or (one.tag == "div" and piece.kind == "problem")
    return piece.holding(kept) if found or not piece.tag else None


def only(piece: Piece, kinds: Iterable[str]) -> list[Piece]:
    """The parts of these kinds, in order."""
    wanted = frozenset(kinds)
    found: list[Piece] = []
    for one in piece.inside:
        if isinstance(one, Piece):
            found += [one] if one.kind in wanted else only(one, wanted)
    return found


def article(page: str) -> tuple[str, Piece]:
    """The head of a lesson's page and its parts, ready for paper but for `numbered`; what the page says besides
    (contents, standards) is not for paper."""
    match = _ARTICLE.search(page)
    head, end, parts = (match[1] if match else "").partition("</header>")
    found = [one for one in pieces(for_paper(parts)).inside if isinstance(one, Piece)]
    lesson = [one for one in found if one.kind or "narrative" in one.classes]
    return for_paper(_CRUMBS.sub("", head)) + end, Piece("", "", [x for one in lesson for x in (one, "\n")])


def for_paper(html: str) -> str:
    """A lesson's HTML without what paper has no use for: links that lead nowhere there are words, no picture waits
    to be scrolled to, and long formulas are smaller, so that none is cut."""

    def smaller(match: re.Match[str]) -> str:
        size = len(_UNSEEN.sub("", match[3]))
        name = " math-longest" if size > 75 else " math-longer" if size > 55 else ""
        return f'<div class="math-display{name}"{match[1]}>{match[2]}'

    html = _LINK.sub(r"\1", _DATA.sub("", html)).replace(' loading="lazy"', "")
    return _LONG.sub(smaller, html)


def numbered(html: str, number: int, root: str) -> str:
    """What `for_paper` made as one of several lessons on a sheet: names are its own, a link to a part that is not
    there is gone. `root` leads to the edition's own folder."""
    names = set(_ID.findall(html))

    def link(match: re.Match[str]) -> str:
        return f' href="#s{number}-{match[1]}"' if match[1] in names else ""

    def spoken(match: re.Match[str]) -> str:
        return f' {match[1]}="' + " ".join(f"s{number}-{one}" for one in match[2].split()) + '"'

    # Most sheets have few of these: where the plain text of a mark is not there, no pattern is tried.
    html = html.replace(' id="', f' id="s{number}-').replace("url(#", f"url(#s{number}-")
    if ' href="#' in html:
        html = _HREF.sub(link, html)
    if " aria-" in html or ' for="' in html:
        html = _SPOKEN.sub(spoken, html)
    return _ASSET.sub(f'="{root}assets/', html)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One lesson (or assessment) of a pack: its id on the page, its head and body as HTML, and whether somebody
    writes a name on it."""

    id: str
    head: str
    body: str
    named: bool
    kind: str = "lesson"


def sheets_of(
    edition: str, name: str, number: int, kind: str, page: str, root: str
) -> dict[str, list[Sheet]]:
    """The sheets that the page of a unit's lesson (or assessment) gives to each pack, of which `root` leads from the
    booklet's folder to the edition's. `name` is its id on a sheet, `number` its own in the unit, `kind` what it is.

    Students have a booklet; teachers have it too, and a guide, a key and copy masters.
    """
    head, parts = article(page)
    student = for_students(parts)
    found: dict[str, list[Piece]] = {"booklet": [student] if kind == "lesson" else []}
    if edition == "teacher":
        keys = key_only(parts)
        found["guide"] = [parts]
        found["key"] = [keys] if keys is not None and only(keys, (*_KEYS, "problem")) else []
        found["copy"] = only(student, ("cool-down",)) if kind == "lesson" else [student]
    made: dict[str, list[Sheet]] = {}
    for pack, bodies in found.items():
        up = root if pack == "booklet" else f"../{root}"
        top = numbered(head, number, up) if bodies else ""
        named = pack in ("booklet", "copy")
        made[pack] = [Sheet(name, top, numbered(body.html(), number, up), named, kind) for body in bodies]
    return made
