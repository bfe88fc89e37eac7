"""Merges two people's changes of one text: by sentence first, then by word; formulas, code, links and header lines are whole.

Where both changed the same words nothing is merged: the result is a question, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curriculum_studio.domain.differences import ATOMS, BLOCK_START, matches, tokens

# Atoms are found first and stepped over, so that no sentence ends inside a formula, a link or a figure.
_CUT = re.compile(
    rf"{ATOMS}|(?m:^)[ \t]*+\d{{1,9}}[.)]\s"
    rf"|(?P<cut>[.!?…][\"'”’»)\]*_]*+\s++|\n[ \t]*+(?:\n\s*+|(?={BLOCK_START}|```|~~~)))",
    re.DOTALL,
)
_HEADER = re.compile(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
# The work of aligning words; what is larger was rewritten as a whole, and is asked about as a whole.
_LIMIT = 30_000_000


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text put together: `text` where both sides agree or only one changed it, None where a person decides.

    `changed` says that only the others wrote it: words that whoever saves has not seen. `base` is what stood there before.
    """

    text: str | None
    mine: str
    theirs: str
    changed: bool = False
    base: str = ""


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Puts both sides' changes of `base` together."""
    if mine == theirs or theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    out: list[str] = []
    overlaps: list[Overlap] = []
    for texts, merged, found in _settled_runs(base, mine, theirs):
        overlaps += found
        out.append(texts[0] if merged is None else merged)
    return Merged(None, tuple(overlaps)) if overlaps else Merged("".join(out))


def stretches(base: str, mine: str, theirs: str) -> tuple[Stretch, ...]:
    """The whole text in runs, for a person to decide where both sides changed the same words.

    With every choice made, the runs one after another are the text to save.
    """
    out: list[Stretch] = []
    for (old, left, right), merged, _found in _settled_runs(base, mine, theirs):
        changed = merged is not None and merged != left
        if out and merged is not None and (before := out[-1]).text is not None and before.changed == changed:
            texts = before.text + merged, before.mine + left, before.theirs + right
            out[-1] = Stretch(*texts, changed, before.base + old)
        else:
            out.append(Stretch(merged, left, right, changed, old))
    return tuple(out)


_Texts = tuple[str, str, str]


def _settled_runs(base: str, mine: str, theirs: str) -> Iterator[tuple[_Texts, str | None, list[Overlap]]]:
    """The whole text in runs: the three texts of each, the merged one (None: a question), and the words in question."""
    heads = [head_of(text) for text in (base, mine, theirs)]
    if not all(heads):
        # Where one side has no header any more, its lines are lines like all others: or they would seem to move.
        heads = ["", "", ""]
    for texts in _runs(*(head.splitlines(keepends=True) for head in heads)):
        merged = _settled(*texts)
        yield texts, merged, [] if merged is not None else [Overlap(*texts)]
    bodies = [text[len(head) :] for text, head in zip((base, mine, theirs), heads, strict=True)]
    for texts in _runs(*map(sentences, bodies)):
        overlaps: list[Overlap] = []
        merged = _settled(*texts)
        if merged is None:
            merged = _by_words(*texts, overlaps)
        yield texts, None if overlaps else merged, overlaps


def _settled(old: str, left: str, right: str) -> str | None:
    if left == right or right == old:
        return left
    return right if left == old else None


def _by_words(base: str, mine: str, theirs: str, overlaps: list[Overlap]) -> str:
    """The texts put together word by word; where both changed the same words both stand, and the words are noted."""
    out: list[str] = []
    for texts in _runs(words(base), words(mine), words(theirs)):
        merged = _settled(*texts)
        if merged is None:
            overlaps.append(Overlap(*texts))
            merged = _beside(texts[2], texts[1])
        out.append(merged)
    return "".join(out)


def _beside(first: str, second: str) -> str:
    """Two texts one after the other, and not as one word."""
    near = not first or first[-1].isspace() or not second or second[0].isspace()
    return first + ("" if near else "\n" if "\n" in second else " ") + second


def head_of(text: str) -> str:
    """The header of a text with the marks around it, "" where it has none."""
    match = _HEADER.match(text)
    return match[0] if match else ""


def words(text: str) -> list[str]:
    """Words and the spaces between them; what hangs together without a space is one, formulas and links too.

    Half of a number or a fraction is never put together with another half.
    """
    out: list[str] = []
    open_ = False
    for token in tokens(text):
        space = token.isspace()
        if open_ and not space:
            out[-1] += token
        else:
            out.append(token)
        open_ = not space
    return out


def sentences(text: str) -> list[str]:
    """Sentences with the space after them; lines of lists, tables, headings and headers stand alone."""
    pieces: list[str] = []
    start = 0
    for match in _CUT.finditer(text):
        if match.lastgroup == "cut":
            pieces.append(text[start : match.end()])
            start = match.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


@dataclass(frozen=True, slots=True)
class _Edit:
    """What one side (0 mine, 1 theirs) made of `base[start:end]`."""

    start: int
    end: int
    side: int
    new: tuple[str, ...]


def _edits(base: Sequence[str], other: Sequence[str], side: int) -> list[_Edit]:
    pairs = matches(base, other, _LIMIT)
    out: list[_Edit] = []
    at_base = at_other = 0
    for i, k in [*pairs, (len(base), len(other))]:
        if i > at_base or k > at_other:
            new = tuple(other[at_other:k])
            last = out[-1] if out else None
            between = base[last.end : at_base] if last is not None else ()
            if last is not None and all(one.isspace() for one in between):
                # Words that changed with nothing but spaces between them were changed together.
                out[-1] = _Edit(last.start, i, side, (*last.new, *between, *new))
            else:
                out.append(_Edit(at_base, i, side, new))
        at_base, at_other = i + 1, k + 1
    return out


def _runs(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Texts]:
    """Cuts the three into runs that stand still on both sides and runs that at least one side changed.

    Two changes that overlap in the base fall into one run, and two that put something in at the same point: whose
    comes first would be a guess. Changes side by side are two runs.
    """
    edits = sorted(
        [*_edits(base, mine, 0), *_edits(base, theirs, 1)], key=lambda one: (one.start, one.end, one.side)
    )
    at, number = 0, 0
    while number < len(edits):
        group = [edits[number]]
        start, end = edits[number].start, edits[number].end
        number += 1
        while number < len(edits) and (
            (following := edits[number]).start < end or start == end == following.start == following.end
        ):
            group.append(following)
            end = max(end, following.end)
            number += 1
        if start > at:
            same = "".join(base[at:start])
            yield same, same, same
        yield "".join(base[start:end]), _side(base, start, end, group, 0), _side(base, start, end, group, 1)
        at = end
    if at < len(base):
        same = "".join(base[at:])
        yield same, same, same


def _side(base: Sequence[str], start: int, end: int, group: list[_Edit], side: int) -> str:
    """What one side made of base[start:end]."""
    out: list[str] = []
    at = start
    for one in group:
        if one.side == side:
            out += base[at : one.start]
            out += one.new
            at = one.end
    return "".join([*out, *base[at:end]])


def changes(old: str, new: str) -> list[tuple[int, int, str]]:
    """What leads from one text to another, word by word: from which code point to which, and what stands there instead.

    In the order of the text; where a sentence stayed, nothing of it is touched.
    """
    before, after = sentences(old), sentences(new)
    places = _places(before)
    out: list[tuple[int, int, str]] = []
    for edit in _edits(before, after, 0):
        left = words("".join(before[edit.start : edit.end]))
        inner, first = _places(left), places[edit.start]
        out += [
            (first + inner[one.start], first + inner[one.end], "".join(one.new))
            for one in _edits(left, words("".join(edit.new)), 0)
        ]
    return out


def _places(pieces: Sequence[str]) -> list[int]:
    """Where each piece begins, and where the last one ends."""
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found


def keep_both(base: str, mine: str, theirs: str) -> tuple[str, int]:
    """Both sides' changes put together without a question: where both changed the same words, both sentences stand,
    theirs first. Where both only put words in at one point, what they put in stands there, theirs first, and nothing twice.

    Gives the text, and in how many places both stand. No word of either side is lost.
    """
    out: list[str] = []
    double = 0
    for (old, left, right), merged, found in _settled_runs(base, mine, theirs):
        if merged is not None:
            out.append(merged)
        elif _holds(right, left):
            out.append(right)
        elif _holds(left, right):
            out.append(left)
        elif any(one.base.strip() for one in found):
            double += 1
            out.append(_beside(right, left))
        else:
            double += len(found)
            out.append(_by_words(old, left, right, []))
    return "".join(out), double


def _holds(larger: str, smaller: str) -> bool:
    """Whether all words of one text stand in another, in their order."""
    found = iter(words(larger))
    return all(word in found for word in words(smaller) if not word.isspace())
