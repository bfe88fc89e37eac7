"""Where a range of an old text stands in a new one: hides how paragraphs, words and letters are paired for that.

First the comparison in order (paragraphs, those that moved among them, then words); then whatever it left over on
both sides is paired wherever it stands, which finds sentences that went to another paragraph, halves of split
paragraphs, and paragraphs that moved and were edited; then letters inside words that changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curriculum_studio.domain.blame import sentences_of
from curriculum_studio.domain.differences import Pair, difference, matches, tokens

Range = tuple[int, int]
"""Code-point offsets, the end not included."""

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 3
"""So many words in a row must be common before two leftovers are looked at together."""
_SENTENCE = 5
"""A sentence of fewer words may be another one that came to read the same."""
_ENOUGH = 0.34
"""The share of a range's letters that must be left of it; below, its words are gone and what stands there is other text."""
_ENOUGH_ALONE = 0.55
"""The same, where the words around it are gone too."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Text that is the same here and there: `old` and `new` are its first characters, `size` its length."""

    old: int
    new: int
    size: int


class AnchorPath:
    """The way from one text to another, worked out once; then any number of ranges are followed along it."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new
        runs, gone, came, swapped = _in_order(old, new)
        runs = _with_sentences(old, new, runs)
        runs += _leftovers(old, new, gone, came, runs)
        runs += _inside_words(old, new, swapped, runs)
        self._runs = _slid(old, new, sorted(runs, key=lambda run: run.old))
        self._starts = [run.old for run in self._runs]

    def follow(self, start: int, end: int) -> Range | None:
        """Where the words `old[start:end]` are now; None where they are gone, or too little is left of them."""
        if self._old == self._new:
            return start, end
        best = max(self._clusters(start, end), key=lambda found: _letters(self._old, found), default=None)
        if best is None:
            return None
        whole = _weight(self._old[start:end])
        kept = _letters(self._old, best)
        if whole == 0:
            return self._exact(start, end, best)
        left, right = self._beside(start, end, best)
        needed = _ENOUGH if left is not None and right is not None else _ENOUGH_ALONE
        if kept < needed * whole:
            return None
        found = self._exact(start, end, best)
        if found is not None:
            return found
        return self._grown(start, end, best, left, right)

    def stood_elsewhere(self, at: Range, start: int, end: int) -> bool:
        """Whether what is at a place of the new text stood in the old text outside of `old[start:end]`: then it is other
        words, however alike."""
        other = sum(
            max(min(run.new + run.size, at[1]) - max(run.new, at[0]), 0)
            for run in self._runs
            if not (start <= run.old + max(at[0] - run.new, 0) < end)
        )
        return 2 * other > at[1] - at[0]

    def near(self, position: int) -> int:
        """About where a position is now, also where its words are gone: what lists in the order of the text use."""
        at = bisect_right(self._starts, position) - 1
        if at < 0:
            return 0
        run = self._runs[at]
        return run.new + min(position - run.old, run.size)

    def _clusters(self, start: int, end: int) -> Iterator[list[_Run]]:
        """What is left of a range, in groups that stand together in the new text."""
        at = max(bisect_right(self._starts, start) - 1, 0)
        group: list[_Run] = []
        for run in self._runs[at:]:
            if run.old >= end:
                break
            low, high = max(run.old, start), min(run.old + run.size, end)
            if low >= high:
                continue
            part = _Run(low, run.new + low - run.old, high - low)
            if group:
                last = group[-1]
                gap = part.new - last.new - last.size
                allowed = 60 + 3 * (part.old - last.old - last.size)
                if not 0 <= gap <= allowed:
                    yield group
                    group = []
            group.append(part)
        if group:
            yield group

    def _exact(self, start: int, end: int, group: Sequence[_Run]) -> Range | None:
        """The very words, where they stand whole around what was found."""
        quote = self._old[start:end]
        last = group[-1]
        low = max(group[0].new - len(quote), 0)
        high = last.new + last.size + len(quote)
        expected = group[0].new - (group[0].old - start)
        found, best = self._new.find(quote, low, high), -1
        while found >= 0:
            if best < 0 or abs(found - expected) < abs(best - expected):
                best = found
            found = self._new.find(quote, found + 1, high)
        return (best, best + len(quote)) if best >= 0 else None

    def _beside(self, start: int, end: int, group: Sequence[_Run]) -> tuple[_Run | None, _Run | None]:
        """The unchanged text before and after a range, where it also stands beside what is left of the range."""
        at = bisect_right(self._starts, start - 1) - 1 if start else -1
        before = self._runs[at] if at >= 0 else None
        limit = 40 + 3 * (end - start)
        if before is not None:
            stop = min(before.size, start - before.old)
            before = _Run(before.old, before.new, stop)
            gap = group[0].new - before.new - stop
            before = before if 0 <= gap <= limit and start - before.old - stop <= limit else None
        at = bisect_right(self._starts, end - 1)
        if at and self._runs[at - 1].old + self._runs[at - 1].size > end:
            run = self._runs[at - 1]
            after: _Run | None = _Run(end, run.new + end - run.old, run.old + run.size - end)
        else:
            after = self._runs[at] if at < len(self._runs) else None
        if after is not None:
            gap = after.new - group[-1].new - group[-1].size
            after = after if 0 <= gap <= limit and after.old - end <= limit else None
        return before, after

    def _grown(
        self, start: int, end: int, group: Sequence[_Run], before: _Run | None, after: _Run | None
    ) -> Range:
        """What was found, together with what came in place of the range's own first and last words."""
        first, last = group[0], group[-1]
        low, high = first.new, last.new + last.size
        if first.old > start and before is not None:
            low = self._share(before.old + before.size, first.old, start, before.new + before.size, low)
        if last.old + last.size < end and after is not None:
            high = self._share(last.old + last.size, after.old, end, high, after.new)
        while low < high and self._new[low].isspace():
            low += 1
        while high > low and self._new[high - 1].isspace():
            high -= 1
        return low, high

    def _share(self, old_from: int, old_to: int, at: int, new_from: int, new_to: int) -> int:
        """The place in a changed stretch that answers to `at` in the old one, on the edge of a word."""
        if at <= old_from:
            return new_from
        if at >= old_to:
            return new_to
        words = len(_WORD.findall(self._old[old_from:at])), len(_WORD.findall(self._old[old_from:old_to]))
        came = [match.span() for match in _WORD.finditer(self._new, new_from, new_to)]
        if not came or not words[1]:
            return new_from
        nth = round(len(came) * words[0] / words[1])
        return came[nth][0] if nth < len(came) else new_to


def _slid(old: str, new: str, runs: list[_Run]) -> list[_Run]:
    """The runs, with fewer breaks: where the words of one stand also right before the next one, they are those."""
    out = list(reversed(runs[-1:]))
    for run in reversed(runs[:-1]):
        after = out[-1]
        size = run.size
        words = old[run.old : run.old + size]
        joins = (run.new + size == after.new) != (run.old + size == after.old)
        moved = _Run(after.old - size, after.new - size, size)
        fits = old[max(moved.old, 0) : after.old] == words == new[max(moved.new, 0) : after.new]
        if joins and fits and not _taken(moved, [one for one in runs if one is not run]):
            run = moved
        out.append(run)
    return out[::-1]


def _weight(text: str) -> int:
    """How much a text says: its letters and digits, short words less."""
    return sum(len(word) if len(word) > 3 else 1 for word in _WORD.findall(text)) or len(text.strip())


def _letters(old: str, group: Sequence[_Run]) -> int:
    return sum(_weight(old[run.old : run.old + run.size]) for run in group)


def _in_order(old: str, new: str) -> tuple[list[_Run], list[Range], list[Range], list[tuple[Range, Range]]]:
    """What the comparison keeps, the ranges of both texts that it leaves over, and which came in place of which."""
    runs: list[_Run] = []
    gone: list[Range] = []
    came: list[Range] = []
    swapped: list[tuple[Range, Range]] = []
    left: dict[int, list[Range]] = defaultdict(list)
    arrived: dict[int, list[Range]] = defaultdict(list)
    a = b = 0
    before = ""
    for piece in difference(old, new, moves=True):
        size = len(piece.text)
        if piece.kind == "same":
            runs.append(_Run(a, b, size))
            a, b = a + size, b + size
        elif piece.kind in ("gone", "left"):
            (gone if piece.kind == "gone" else left[piece.move]).append((a, a + size))
            a += size
        else:
            if piece.kind == "came" and gone and before == "gone":
                swapped.append((gone[-1], (b, b + size)))
            (came if piece.kind == "came" else arrived[piece.move]).append((b, b + size))
            b += size
        before = piece.kind
    for move, ranges in left.items():
        for one, other in zip(ranges, arrived[move], strict=False):
            runs += _aligned(old, new, one, other)
    return runs, gone, came, swapped


def _aligned(old: str, new: str, one: Range, other: Range) -> list[_Run]:
    """The common words of two ranges, in order."""
    first, second = tokens(old[slice(*one)]), tokens(new[slice(*other)])
    return _runs_of(matches(first, second), first, second, one[0], other[0])


def _runs_of(pairs: Sequence[Pair], first: list[str], second: list[str], a: int, b: int) -> list[_Run]:
    at_a, at_b = _offsets(first, a), _offsets(second, b)
    runs: list[_Run] = []
    for i, k in pairs:
        size = len(first[i])
        last = runs[-1] if runs else None
        if last and last.old + last.size == at_a[i] and last.new + last.size == at_b[k]:
            runs[-1] = _Run(last.old, last.new, last.size + size)
        else:
            runs.append(_Run(at_a[i], at_b[k], size))
    return runs


def _offsets(parts: Sequence[str], start: int) -> list[int]:
    found: list[int] = []
    for part in parts:
        found.append(start)
        start += len(part)
    return found


def _with_sentences(old: str, new: str, runs: list[_Run]) -> list[_Run]:
    """The runs, but a sentence that stands once here and once there is that sentence, whatever its words were paired with."""
    firsts, seconds = _single(old), _single(new)
    starts = [run.old for run in runs]
    apart: list[_Run] = []
    for sentence, a in firsts.items():
        b = seconds.get(sentence)
        if b is None:
            continue
        at = bisect_right(starts, a) - 1
        run = runs[at] if at >= 0 else None
        along = run and run.new - run.old == b - a and run.old + run.size >= a + len(sentence)
        if not along:
            apart.append(_Run(a, b, len(sentence)))
    for run in apart:
        runs = [piece for one in runs for piece in _cut(one, run)]
    return sorted([*runs, *apart], key=lambda run: run.old)


def _single(text: str) -> dict[str, int]:
    """The sentences that stand once in a text, and where."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    at = 0
    for sentence in sentences_of(text):
        words = sentence.strip()
        if words in found:
            twice.add(words)
        elif len(words.split()) >= _SENTENCE:
            found[words] = at + sentence.index(words[0])
        at += len(sentence)
    return {words: at for words, at in found.items() if words not in twice}


def _cut(run: _Run, other: _Run) -> list[_Run]:
    """What is left of a run without the letters that another has, here or there."""
    pieces = [(0, run.size)]
    for start in (other.old - run.old, other.new - run.new):
        pieces = [
            piece
            for low, high in pieces
            for piece in ((low, min(high, start)), (max(low, start + other.size), high))
            if piece[0] < piece[1]
        ]
    return [_Run(run.old + low, run.new + low, high - low) for low, high in pieces]


def _leftovers(old: str, new: str, gone: list[Range], came: list[Range], known: Sequence[_Run]) -> list[_Run]:
    """Pairs what is left over on both sides, wherever it stands: most in common first."""
    runs: list[_Run] = []
    used_gone: set[int] = set()
    used_came: set[int] = set()
    for i, k in _partners(old, new, gone, came):
        if i in used_gone and k in used_came:
            continue
        found = [run for run in _aligned(old, new, gone[i], came[k]) if _says(old, run)]
        # The rest of a leftover that was used once may still be half of something else.
        found = [run for run in found if not _taken(run, known) and not _taken(run, runs)]
        runs += found
        used_gone.add(i)
        used_came.add(k)
    return runs


def _says(old: str, run: _Run) -> bool:
    return any(len(word) > 2 for word in _WORD.findall(old[run.old : run.old + run.size]))


def _taken(run: _Run, runs: Sequence[_Run]) -> bool:
    return any(
        (run.old < other.old + other.size and other.old < run.old + run.size)
        or (run.new < other.new + other.size and other.new < run.new + run.size)
        for other in runs
    )


def _partners(old: str, new: str, gone: list[Range], came: list[Range]) -> list[Pair]:
    """Pairs of leftovers that share some words in a row, the closest first."""
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, one in enumerate(came):
        for shingle in _shingles(new[slice(*one)]):
            where[shingle].append(k)
    shared: Counter[Pair] = Counter()
    for i, one in enumerate(gone):
        for shingle in _shingles(old[slice(*one)]):
            found = where.get(shingle, ())
            # What stands in many places says nothing about any of them.
            if len(found) <= 3:
                shared.update((i, k) for k in found)
    return [pair for pair, _ in sorted(shared.items(), key=lambda row: (-row[1], row[0]))]


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)}


def _inside_words(old: str, new: str, swapped: list[tuple[Range, Range]], runs: Sequence[_Run]) -> list[_Run]:
    """Letters that stayed in words that changed (*cup*, *cups*), where one run of words came for another."""
    found: list[_Run] = []
    for one, other in swapped:
        # A long rewrite is no change of single words; what it kept was found above.
        if one[1] - one[0] > 400 or other[1] - other[0] > 400:
            continue
        news = [(match[0], match.start()) for match in _WORD.finditer(new, *other)]
        at = 0
        for match in _WORD.finditer(old, *one):
            for k in range(at, len(news)):
                word, place = news[k]
                stem = _stem(match[0], word)
                run = _Run(match.start(), place, stem)
                if stem and not _taken(run, runs):
                    found.append(run)
                    at = k + 1
                    break
    return found


def _stem(word: str, other: str) -> int:
    """How many first letters two forms of one word share; 0 where they are two words."""
    size = 0
    while size < min(len(word), len(other)) and word[size].casefold() == other[size].casefold():
        size += 1
    return size if size >= 3 and 2 * size > max(len(word), len(other)) else 0
