"""Who wrote each sentence of a text: hides how sentences are followed through all its versions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

from curriculum_studio.domain.differences import ATOMS, BLOCK_START, matches

K = TypeVar("K")

# Atoms are found first and stepped over, so that no sentence ends inside a formula or a link.
_CUT = re.compile(
    rf"{ATOMS}|(?m:^)[ \t]*+\d{{1,9}}[.)]\s"
    rf"|(?P<cut>[.!?…][\"'”’»)\]*_]*+\s++|\n[ \t]*+(?:\n\s*+|(?={BLOCK_START})))",
    re.DOTALL,
)
# Aligning in order serves only sentences that stand more than once; it is not worth more work than this.
_LIMIT = 1_000_000


def blame(versions: Sequence[tuple[K, str]]) -> tuple[tuple[str, K], ...]:
    """The newest text in sentences, each with the key of the version that first wrote it in these words.

    `versions` stand oldest first. A sentence that moves keeps its author; one that was removed and put back
    belongs to whoever put it back. How a sentence is broken into lines is not part of its words.
    """
    sentences: list[str] = []
    words: list[str] = []
    authors: list[K] = []
    before: str | None = None
    for key, text in versions:
        if text == before:
            continue
        before = text
        sentences = sentences_of(text)
        now = [" ".join(sentence.split()) for sentence in sentences]
        authors = _authors(words, authors, now, key)
        words = now
    return tuple(zip(sentences, authors, strict=True))


def _authors(before: list[str], authors: list[K], now: list[str], key: K) -> list[K]:
    kept = dict[int, int]()
    for old, new in matches(before, now, _LIMIT):
        kept[new] = old
    stayed = set(kept.values())
    removed: defaultdict[str, list[int]] = defaultdict(list)
    for old in range(len(before) - 1, -1, -1):
        if old not in stayed:
            removed[before[old]].append(old)
    result: list[K] = []
    for new, words in enumerate(now):
        if new in kept:
            result.append(authors[kept[new]])
        elif removed.get(words):
            result.append(authors[removed[words].pop()])
        else:
            result.append(key)
    return result


def sentences_of(text: str) -> list[str]:
    """Sentences with the space after them; headings, list items, table rows and fields stand alone."""
    pieces: list[str] = []
    start = 0
    for match in _CUT.finditer(text):
        if match.lastgroup == "cut" and not text[start : match.end()].isspace():
            pieces.append(text[start : match.end()])
            start = match.end()
    rest = text[start:]
    # Space at the very end belongs to the last sentence: nobody wrote it on its own.
    if rest.isspace() and pieces:
        pieces[-1] += rest
    elif rest:
        pieces.append(rest)
    return pieces
