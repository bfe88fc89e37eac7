"""From words on a page to the place in the source that they come from, and back: what is said on a page is kept on the source.

A page shows words, and formulas as drawings that carry their LaTeX; the source has marks, targets and attributes besides.
Both are read as rows of words and formulas, and the one is looked for in the other.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.attributes import standards_in
from curriculum_studio.formats.figures.drawing import KINDS
from curriculum_studio.formats.header import HeaderError, read_mapping
from curriculum_studio.formats.lesson_markdown import Document

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SKIPPED = re.compile(
    r"(?<=\])\([^()\s]*(?:\([^()]*\)[^()]*)*\)|\[\^[^\]\[\n]{1,200}\]:?|\{[^{}\n#=.]*[#=.][^{}\n]*\}|^:::[^\n]*$|^```[^\n]*$",
    re.MULTILINE,
)
_WORD = re.compile(r"\$\$?(?P<tex>(?:[^$\\]|\\.)+?)\$\$?|\\.|(?P<word>[^\W_]+)", re.DOTALL)
_AROUND = 12
_LOOKED_AT = 3 * _AROUND
"""So many words on either side decide, since no more than two are stepped over for each."""
_DRAWN = re.compile(
    r"^[ >]*(?:[-*+] |\d{1,9}[.)] )?(?P<whole>(?P<mark>`{3,}|~{3,})[ ]*(?P<kind>[a-z][a-z-]*)[^\n`]*\n(?P<body>.*?)^[ >]*(?P=mark)[ \t]*$)"
    r"|(?P<picture>!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\([^()\s]+\))",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """Words and formulas in order, with where each stands."""

    words: list[str]
    spans: list[tuple[int, int]]


def _row(text: str, *, source: bool) -> _Row:
    if source:
        text = _blanked(text)
    words, spans = [], []
    for match in _WORD.finditer(text):
        if match["tex"] is not None:
            words.append("$" + re.sub(r"[\s{}]", "", match["tex"]))
            spans.append(match.span())
        elif match["word"] is not None:
            words.append(match["word"].casefold())
            spans.append(match.span())
    return _Row(words, spans)


def _blanked(text: str) -> str:
    """A source in which what no page shows is spaces, so that places stay what they are."""
    # Behind the last end of a comment nothing is looked for: each mark that never closes would be followed to the end.
    end = text.rfind("-->") + 3 if "-->" in text else 0
    text = _COMMENT.sub(lambda match: " " * len(match[0]), text[:end]) + text[end:]
    return _SKIPPED.sub(lambda match: " " * len(match[0]), text)


def chosen_in(
    document: Document, words: str, before: str = "", after: str = "", part: str = ""
) -> tuple[int, int] | None:
    """Where words of a page (formulas as `$…$`) stand in the source of its text: code points, None where they do not.

    Of several places the one is meant that stands between `before` and `after`, in the part that is named.
    """
    wanted = _row(words, source=False).words
    if not wanted:
        return None
    row = _row(document.source, source=True)
    size = len(wanted)
    left, right = _row(before, source=False).words[-_AROUND:], _row(after, source=False).words[:_AROUND]
    inside = document.part(part) if part else None
    best: tuple[int, int, int] | None = None
    for n in range(len(row.words) - size + 1):
        if row.words[n] != wanted[0] or row.words[n : n + size] != wanted:
            continue
        start, end = row.spans[n][0], row.spans[n + size - 1][1]
        near = row.words[max(0, n - _LOOKED_AT) : n], row.words[n + size : n + size + _LOOKED_AT]
        score = _common(left[::-1], near[0][::-1]) + _common(right, near[1])
        if inside is not None and inside.start <= start < inside.end:
            score += _AROUND
        if best is None or score > best[0]:
            best = score, start, end
    return (best[1], best[2]) if best else None


def _common(one: list[str], other: list[str]) -> int:
    """How many words agree, one after another; a missing one (a heading's label, a number) is stepped over."""
    count = at = 0
    for word in one:
        found = next((n for n in range(at, min(at + 3, len(other))) if other[n] == word), -1)
        if found >= 0:
            count, at = count + 1, found + 1
    return count


def shown(source: str) -> str:
    """The words of a passage of the source as a page shows them, formulas as `$…$`: what a page looks for to mark it."""
    text = _blanked(source)
    out = []
    for match in _WORD.finditer(text):
        out.append(f"${match['tex']}$" if match["tex"] is not None else match["word"] or "")
    return " ".join(word for word in out if word)


class WordsOf:
    """The words and formulas of a source in order, read once: which of equal words a place is, however many places ask."""

    def __init__(self, source: str) -> None:
        self._row = _row(source, source=True)
        self._places: dict[str, list[int]] = {}
        for number, word in enumerate(self._row.words):
            self._places.setdefault(word, []).append(number)

    def nth(self, passage: str, since: int, start: int) -> int:
        """How often the words of a passage stand between two places of the source (code points), before the second."""
        wanted = _row(passage, source=True).words
        if not wanted:
            return 0
        words, spans = self._row.words, self._row.spans
        return sum(
            since <= spans[n][0] < start and words[n : n + len(wanted)] == wanted
            for n in self._places.get(wanted[0], ())
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure or picture of a text: where its source stands, and what it says to somebody who does not see it."""

    start: int
    end: int
    alt: str


def drawn_in(source: str) -> list[Drawn]:
    """The figures and pictures of a text, in its order."""
    found = []
    for match in _DRAWN.finditer(source):
        if match["picture"]:
            found.append(Drawn(*match.span("picture"), match["alt"]))
        elif match["kind"] in KINDS:
            found.append(Drawn(*match.span("whole"), _alt(match["body"])))
    return found


def _alt(body: str) -> str:
    try:
        return " ".join(read_mapping(body.rstrip("\n"), name="figure", pairs=True).text("alt").split())
    except HeaderError:
        return ""


def in_words(quote: str) -> str:
    """Words of the source for somebody to read: of a figure or picture what it shows, and not how it is written."""
    whole = drawn_in(quote)
    if len(whole) == 1 and whole[0].end - whole[0].start == len(quote):
        return f"The figure: {whole[0].alt or 'without a description'}"
    return quote


def part_at(document: Document, at: int) -> Part | None:
    """The innermost part with an id of its own in which a place of the source lies."""
    found = None
    for part in document.walk():
        if part.id and part.start <= at < part.end:
            found = part
    return found


def standards_at(document: Document, at: int) -> frozenset[str]:
    """The codes that the innermost part around a place names for itself; none where no part there names any."""
    named = ""
    for part in document.walk():
        if part.start <= at < part.end:
            named = part.attributes.get("standard") or named
    return frozenset(code for code, _ in standards_in(named))


def heading_on(document: Document, line: int) -> str:
    """The nearest heading at or above a line of the file, "" before the first; one that stands there more than once is
    numbered among its neighbours, as on the page, or named with the heading above it."""
    above: Part | None = None
    found, rows = "", document.parts
    often = Counter(part.heading for part in document.walk())
    while here := [part for part in rows if part.line <= line]:
        last = here[-1]
        alike = [part for part in rows if part.heading == last.heading]
        found = last.heading
        if len(alike) > 1:
            found = f"{found} {alike.index(last) + 1}"
        elif often[found] > 1 and above is not None:
            found = f"{above.heading} – {found}"
        above, rows = last, last.parts
    return found


def heading_at(document: Document, at: int) -> str:
    """The heading under which a place of the source lies, "" before the first."""
    found = ""
    for part in document.walk():
        if part.start <= at < part.end:
            found = part.heading or found
    return found
