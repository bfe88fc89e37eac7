"""Merges two people's changes of one text: by sentence first, then by word; formulas, code and links are whole.

Where both changed the same words nothing is merged: the result is a question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_ATOM = re.compile(
    r"```.*?```|~~~.*?~~~|\$\$.*?\$\$|(?<![\\\d])\$[^$\n]+\$|`[^`\n]+`|!?\[[^\]\n]*\]\([^)\n]*\)|\{[^{}\n]*\}|\w+|\s+|.",
    re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]*_]*(?=\s)")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Words that both sides changed: what stood there, and what each side made of it."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text, or None with every overlap where there is one."""

    text: str | None
    overlaps: tuple[Overlap, ...] = ()


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Puts both sides' changes of `base` together."""
    if mine == theirs or theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    out: list[str] = []
    overlaps: list[Overlap] = []
    for old, left, right in _chunks(sentences(base), sentences(mine), sentences(theirs)):
        merged = _settled("".join(old), "".join(left), "".join(right))
        if merged is None:
            merged = _by_words("".join(old), "".join(left), "".join(right), overlaps)
        out.append(merged)
    return Merged(None, tuple(overlaps)) if overlaps else Merged("".join(out))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text put together: `text` where both sides agree or only one changed it, None where a person decides.

    `changed` says that only the others wrote it: words that whoever saves has not seen.
    """

    text: str | None
    mine: str
    theirs: str
    changed: bool = False


def stretches(base: str, mine: str, theirs: str) -> tuple[Stretch, ...]:
    """The whole text in runs, for a person to decide where both sides changed the same words.

    With every choice made, the runs one after another are the text to save.
    """
    out: list[Stretch] = []
    for old, left, right in _chunks(sentences(base), sentences(mine), sentences(theirs)):
        texts = "".join(old), "".join(left), "".join(right)
        overlaps: list[Overlap] = []
        merged = _settled(*texts)
        if merged is None:
            merged = _by_words(*texts, overlaps)
        if overlaps:
            out.append(Stretch(None, texts[1], texts[2]))
        else:
            out.append(Stretch(merged, texts[1], texts[2], merged != texts[1]))
    return tuple(out)


def _settled(old: str, left: str, right: str) -> str | None:
    if left == right or right == old:
        return left
    return right if left == old else None


def _by_words(base: str, mine: str, theirs: str, overlaps: list[Overlap]) -> str:
    out: list[str] = []
    for old, left, right in _chunks(words(base), words(mine), words(theirs)):
        texts = "".join(old), "".join(left), "".join(right)
        merged = _settled(*texts)
        if merged is None:
            overlaps.append(Overlap(*texts))
            merged = texts[0]
        out.append(merged)
    return "".join(out)


def words(text: str) -> list[str]:
    """Words, spaces and marks; formulas, code, links and attributes are one piece each."""
    return _ATOM.findall(text)


def sentences(text: str) -> list[str]:
    """Sentences with the space after them; lines of lists, tables, headings and headers stand alone."""
    pieces: list[str] = []
    for block in re.split(r"(?<=\n)(?=\s*\n|[ \t]*(?:[-*+>|#]|\d+[.)]\s|[\w-]+:\s|:::|```|~~~))", text):
        start = 0
        for match in _SENTENCE_END.finditer(block):
            end = match.end()
            while end < len(block) and block[end].isspace():
                end += 1
            pieces.append(block[start:end])
            start = end
        if start < len(block):
            pieces.append(block[start:])
    return [piece for piece in pieces if piece]


_Chunk = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _chunks(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[_Chunk]:
    """Cuts the three into runs that stand still on both sides and runs that at least one side changed.

    Two changes that touch or overlap in the base fall into one run.
    """
    changes = sorted(
        [(a, b, 0, c, d) for tag, a, b, c, d in _opcodes(base, mine) if tag != "equal"]
        + [(a, b, 1, c, d) for tag, a, b, c, d in _opcodes(base, theirs) if tag != "equal"]
    )
    runs: list[list[int]] = []
    for start, end, *_ in changes:
        # Changes that only touch in the base are one run: whose comes first would be a guess.
        if runs and start <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    out: list[_Chunk] = []
    at = 0
    for start, end in runs:
        if start > at:
            same = base[at:start]
            out.append((same, same, same))
        out.append(
            (
                base[start:end],
                _side(changes, 0, start, end, base, mine),
                _side(changes, 1, start, end, base, theirs),
            )
        )
        at = end
    if at < len(base):
        out.append((base[at:], base[at:], base[at:]))
    return out


def _opcodes(base: Sequence[str], other: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    return [*SequenceMatcher(None, base, other, autojunk=False).get_opcodes()]


def _side(
    changes: list[tuple[int, int, int, int, int]],
    side: int,
    start: int,
    end: int,
    base: Sequence[str],
    other: Sequence[str],
) -> list[str]:
    """What one side made of base[start:end]."""
    out: list[str] = []
    at = start
    for a, b, which, c, d in changes:
        if which == side and start <= a and b <= end:
            out += base[at:a]
            out += other[c:d]
            at = b
    out += base[at:end]
    return out


def changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """What leads from one text to another, word by word: from which code point to which, and what stands there instead.

    In the order of the text; where a sentence stayed, nothing of it is touched.
    """
    before, after = sentences(old), sentences(new)
    out: list[tuple[int, int, str]] = []
    places = _places(before)
    for tag, a, b, c, d in _opcodes(before, after):
        if tag == "equal":
            continue
        left, right = words("".join(before[a:b])), words("".join(after[c:d]))
        inner = _places(left)
        out += [
            (places[a] + inner[e], places[a] + inner[f], "".join(right[g:h]))
            for kind, e, f, g, h in _opcodes(left, right)
            if kind != "equal"
        ]
    return out


def _places(pieces: Sequence[str]) -> list[int]:
    """Where each piece begins, and where the last one ends."""
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found


def keep_both(base: str, mine: str, theirs: str) -> tuple[str, int]:
    """Both sides' changes put together without a question: where both changed the same words, both stand, theirs first.

    Gives the text, and in how many places both stand. No word of either side is lost.
    """
    out: list[str] = []
    double = 0
    for run in stretches(base, mine, theirs):
        if run.text is not None:
            out.append(run.text)
        elif _holds(run.theirs, run.mine):
            out.append(run.theirs)
        elif _holds(run.mine, run.theirs):
            out.append(run.mine)
        else:
            double += 1
            gap = "" if not run.theirs or run.theirs[-1].isspace() else "\n" if "\n" in run.mine else " "
            out.append(run.theirs + gap + run.mine)
    return "".join(out), double


def _holds(larger: str, smaller: str) -> bool:
    """Whether all words of one text stand in another, in their order."""
    found = iter(words(larger))
    return all(word in found for word in words(smaller) if not word.isspace())
