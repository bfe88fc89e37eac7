"""Words of a text that something is said about: how they are kept, and found again after the text has changed.

An anchor is what the W3C Web Annotation model calls selectors: the exact words, 64 characters of what stands around
them, their position, with the text (its blob) and the part in which they were chosen. It is never rewritten. Finding
it again is a comparison of texts first (`anchor_paths`) and a search by words and context second; below the floor of
the search the words are lost, and said to be lost, until a later text has them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from curriculum_studio.domain.anchor_paths import AnchorPath, Range
from curriculum_studio.domain.differences import ATOMS
from curriculum_studio.domain.errors import Refused

CONTEXT = 64
"""Characters kept on each side of the words."""
LONGEST = 20_000
"""More characters than this are a part or a lesson, and should be chosen as one."""
FLOOR = 0.75
"""The least score of a place that the search gives."""
MARGIN = 0.1
"""By so much the best place must be better than the next."""

_ATOM = re.compile(rf"(?P<atom>{ATOMS})|[^\\$`!\[{{~]+|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Chosen words: `quote` stands at `start` (code points) of the text `blob`, between `prefix` and `suffix`.

    `part` is the id of the innermost part that has one, "" outside of all. With an empty `quote` the anchor means the
    whole part, or the whole text where `part` is empty too.
    """

    quote: str
    prefix: str
    suffix: str
    start: int
    blob: str
    part: str = ""

    @property
    def end(self) -> int:
        """Where the words end."""
        return self.start + len(self.quote)

    @property
    def whole(self) -> bool:
        """Whether a whole part or text is meant, and no words of it."""
        return not self.quote


@dataclass(frozen=True, slots=True)
class Place:
    """Where an anchor's words were last seen: a range of the text `blob`."""

    blob: str
    start: int
    end: int


def grown(text: str, start: int, end: int) -> Range:
    """The range without space at its ends, grown to whole formulas, code, links and attributes that it touches."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for match in _ATOM.finditer(text):
        if match.start() >= end:
            break
        if match["atom"] and len(match[0]) > 2 and match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    return start, end


def anchor_at(text: str, start: int, end: int, blob: str, part: str = "") -> Anchor:
    """An anchor on words of a text, grown to whole formulas and links. Raises `Refused` where there are no words."""
    if not 0 <= start < end <= len(text):
        raise Refused("Choose the words that you mean. Nothing was kept yet.")
    start, end = grown(text, start, end)
    if start == end:
        raise Refused("Choose some words, not the space between them. Nothing was kept yet.")
    if end - start > LONGEST:
        raise Refused("That is a great deal of text. Choose a part or the whole lesson instead.")
    return anchor_on(text, start, end, blob, part)


def anchor_on(text: str, start: int, end: int, blob: str, part: str = "") -> Anchor:
    """An anchor on exactly a range of a text."""
    before, after = text[max(start - CONTEXT, 0) : start], text[end : end + CONTEXT]
    return Anchor(text[start:end], before, after, start, blob, part)


def find_all(
    anchors: Mapping[str, tuple[Anchor, Place]], texts: Mapping[str, str], blob: str, text: str
) -> dict[str, Place | None]:
    """Where each anchor (key to the anchor and the place it was last seen at) is in `text`; None where it is lost.

    `texts` has the words of the blobs in which they were last seen and first chosen, as far as they can be read. Each
    pair of texts is compared once, however many anchors follow.
    """
    paths: dict[str, AnchorPath] = {}

    def along(place: Place) -> Range | None:
        if place.blob == blob:
            return place.start, place.end
        path = to_here(place.blob)
        return path.follow(place.start, place.end) if path else None

    def to_here(start: str) -> AnchorPath | None:
        if start not in paths and start in texts:
            paths[start] = AnchorPath(texts[start], text)
        return paths.get(start)

    found: dict[str, Place | None] = {}
    for key, (anchor, last) in anchors.items():
        first = Place(anchor.blob, anchor.start, anchor.end)
        at = along(last)
        if last != first and (at is None or text[slice(*at)] != anchor.quote):
            # What was undone leads back to the text in which the words were chosen.
            again = along(first)
            if again and (at is None or text[slice(*again)] == anchor.quote):
                at = again
        if at is not None and text[slice(*at)] != anchor.quote:
            # Part of the words is where they were, and the whole of them stands elsewhere: there they were put.
            at = _once(anchor.quote, text, texts.get(anchor.blob, "")) or at
        if at is None:
            at = search(anchor, text, texts.get(anchor.blob, ""))
            path = to_here(last.blob)
            if at and path and path.stood_elsewhere(at, last.start, last.end):
                at = None
        found[key] = Place(blob, *at) if at else None
    return found


def search(anchor: Anchor, text: str, before: str = "") -> Range | None:
    """The place of an anchor's words by the words and their context alone; None below the floor, or where two are alike.

    `before` is the text in which they were chosen: words that stood there once and stand once now are found without
    their context, where they are enough to be told from others.
    """
    if (found := _once(anchor.quote, text, before) or _with_neighbours(anchor, text, before)) is not None:
        return found
    quote = anchor.quote
    places = list(_occurrences(quote, text))
    telling = _telling(quote)
    scored = [(_score(anchor, text, at, at + len(quote), 1.0), (at, at + len(quote))) for at in places[:200]]
    scored += _similar(anchor, text) if telling else []
    scored.sort(key=lambda row: (-row[0], row[1]))
    if not scored or scored[0][0] < FLOOR:
        return None
    best = scored[0]
    others = [score for score, at in scored[1:] if at[0] >= best[1][1] or at[1] <= best[1][0]]
    if others and others[0] > best[0] - MARGIN:
        return None
    return best[1]


def _telling(quote: str) -> bool:
    """Whether words are enough to be told from others without what stands around them."""
    return len(_WORD.findall(quote)) >= 4 and len(quote) >= 20


def _once(quote: str, text: str, before: str) -> Range | None:
    """Where telling words are that stood once in the text in which they were chosen, and stand once now."""
    if not _telling(quote) or text.count(quote) != 1 or before.count(quote) > 1:
        return None
    return (at := text.index(quote)), at + len(quote)


def _with_neighbours(anchor: Anchor, text: str, before: str) -> Range | None:
    """Where words are that tell little by themselves, by the words right before or right after them, which make them telling."""
    quote = anchor.quote
    heads = [anchor.prefix[match.start() :] for match in _WORD.finditer(anchor.prefix)][::-1]
    tails = [anchor.suffix[: match.end()] for match in _WORD.finditer(anchor.suffix)]
    head = next((one for one in heads if _telling(one + quote)), "")
    tail = next((one for one in tails if _telling(quote + one)), "")
    found = set()
    if head and (at := _once(head + quote, text, before)):
        found.add((at[1] - len(quote), at[1]))
    if tail and (at := _once(quote + tail, text, before)):
        found.add((at[0], at[0] + len(quote)))
    return found.pop() if len(found) == 1 else None


def nearest(words: str, before: str, after: str, start: int, text: str) -> Range | None:
    """Where exact words of a text that somebody is writing stand in a version of it: of several places the one whose
    context is most alike, of several such the one nearest to `start`; None where they do not stand there."""
    found = [(at, at + len(words)) for at in _occurrences(words, text)] if words else []
    around = Anchor(words, before[-CONTEXT:], after[:CONTEXT], start, "")
    return max(
        found[:200],
        key=lambda at: (round(_score(around, text, at[0], at[1], 1.0), 2), -abs(at[0] - start)),
        default=None,
    )


def _occurrences(quote: str, text: str) -> Iterable[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _score(anchor: Anchor, text: str, start: int, end: int, alike: float) -> float:
    """How well a place answers to an anchor, from 0 to 1: its words, weighed with what stands before and after.

    A long quotation speaks for itself; a short one says little without its context.
    """
    own = min(len(anchor.quote) / 120, 0.7)
    around = [
        _alike(anchor.prefix, text[max(start - CONTEXT, 0) : start], from_end=True),
        _alike(anchor.suffix, text[end : end + CONTEXT]),
    ]
    return own * alike + (1 - own) * (alike * (around[0] + around[1]) / 2)


def _alike(one: str, other: str, *, from_end: bool = False) -> float:
    """How alike two contexts are; what is nearest to the words counts most."""
    if not one:
        return 1.0 if not other else 0.5
    if from_end:
        one, other = one[::-1], other[::-1]
    near = SequenceMatcher(None, one[:16], other[:16], autojunk=False).ratio()
    return 0.5 * near + 0.5 * SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=4)
def _words(text: str) -> tuple[list[str], list[Range]]:
    """The words of a text, whatever their case, and where each stands: read once, however many anchors are looked for."""
    matches = list(_WORD.finditer(text))
    return [match[0].casefold() for match in matches], [match.span() for match in matches]


def _similar(anchor: Anchor, text: str) -> list[tuple[float, Range]]:
    """Places whose words are nearly the anchor's, by the words that they share."""
    words = [word.casefold() for word in _WORD.findall(anchor.quote)]
    wanted = set(words)
    there, spans = _words(text)
    size = len(words)
    hits = [n for n, word in enumerate(there) if word in wanted and len(word) > 3]
    found: list[tuple[float, Range]] = []
    reached = -1
    for n in hits:
        if n < reached:
            continue
        low, high = max(n - size, 0), min(n + 2 * size, len(there))
        window = there[low:high]
        if 3 * len(wanted.intersection(window)) < 2 * len(wanted):
            continue
        blocks = [
            block
            for block in SequenceMatcher(None, words, window, autojunk=False).get_matching_blocks()
            if block.size
        ]
        shared = sum(block.size for block in blocks)
        if 3 * shared < 2 * size:
            continue
        first, last = spans[low + blocks[0].b], spans[low + blocks[-1].b + blocks[-1].size - 1]
        span = blocks[-1].b + blocks[-1].size - blocks[0].b
        alike = 2 * shared / (size + span)
        found.append((_score(anchor, text, first[0], last[1], alike), (first[0], last[1])))
        reached = low + blocks[-1].b + blocks[-1].size
    return found
