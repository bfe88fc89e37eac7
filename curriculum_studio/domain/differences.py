"""What changed between two texts: hides how paragraphs are paired and words aligned, and what is never cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["same", "came", "gone", "left", "arrived"]
Pair = tuple[int, int]

# What is never cut. Where one opens and never closes, its first mark falls through to a word of its own.
ATOMS = (
    r"```.*?```|~~~.*?~~~|\\."
    r"|\$\$.+?\$\$"
    r"|(?<![\d\\])\$(?![\s$])(?:[^$\\\n]++|\\.|\n(?![ \t]*\n))++(?<! )\$(?!\d)"
    r"|`[^`\n]+`"
    r"|!?\[(?:[^\[\]$\\\n]++|\\.|\$[^$\n]+\$|\$|\n(?![ \t]*\n)|!?\[[^\[\]\n]*+\](?:\([^()\n]*+\))?)*+\]"
    r"\((?:[^()\n]++|\([^()\n]*+\))*+\)"
    r"|\{[^{}\n]*+\}"
)
# What opens a line that is a paragraph of its own: headings, list items, table rows, quotes, fields.
BLOCK_START = r"(?:#{1,6}\s|\||>|[-*+]\s|\d{1,9}[.)]\s|:::|[\w-]{1,40}:\s)"
_LETTER = r"[\w\u0300-\u036f]"
_TOKEN = re.compile(rf"{ATOMS}|\d++(?:[.,]\d++)++|{_LETTER}++(?:['’]{_LETTER}++)*+|\s++|.", re.DOTALL)
_BLOCK_START = re.compile(BLOCK_START)

# The work of aligning is the product of the two lengths; beyond this a run of text is replaced whole.
_LIMIT = 100_000_000
# How many paragraphs a change is shifted at most, to begin at a heading.
_SLIDE = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, came or went; `left` and `arrived` with one `move` are one run that moved."""

    kind: Kind
    text: str
    move: int = 0


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, and the space between it and the next."""

    key: str
    tokens: list[str]
    gap: str


class _Writer:
    """Gathers pieces; between two unchanged runs all that is gone stands before all that came."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        # Parts are joined once at the end of a run: a text put together word by word would be copied each time.
        self._run: tuple[Kind, int] = ("same", 0)
        self._parts: list[str] = []
        self._gone: list[str] = []
        self._came: list[str] = []

    def add(self, kind: Kind, text: str, move: int = 0) -> None:
        if not text:
            return
        if kind == "gone":
            self._gone.append(text)
            return
        if kind == "came":
            self._came.append(text)
            return
        if self._gone or self._came or self._run != (kind, move):
            self._end_run()
            self._run = (kind, move)
        self._parts.append(text)

    def finish(self) -> list[Piece]:
        self._end_run()
        return self._pieces

    def _end_run(self) -> None:
        for kind, move, parts in (
            (*self._run, self._parts),
            ("gone", 0, self._gone),
            ("came", 0, self._came),
        ):
            if parts:
                self._pieces.append(Piece(kind, "".join(parts), move))
                parts.clear()


def difference(old: str, new: str, *, moves: bool = False) -> list[Piece]:
    """The pieces that lead from `old` to `new`, word by word inside paragraphs.

    `same`, `gone` and `left` make up the old text; `same`, `came` and `arrived` the new. Without `moves`,
    what moved is told as gone in one place and come in another.
    """
    first, second = _blocks(old), _blocks(new)
    same = _stayed([block.key for block in first], [block.key for block in second])
    left, arrived = _moves(first, second, same)
    anchors = list(same)
    for (a, c), (b, d) in zip([(-1, -1), *same], [*same, (len(first), len(second))], strict=True):
        anchors += _similar(
            [(i, first[i]) for i in range(a + 1, b) if i not in left],
            [(k, second[k]) for k in range(c + 1, d) if k not in arrived],
        )
    out = _Writer()
    at_old = at_new = 0
    for i, k in [*sorted(anchors), (len(first), len(second))]:
        for n in range(at_old, i):
            moved = left.get(n, 0) if moves else 0
            out.add("left" if moved else "gone", first[n].key + first[n].gap, moved)
        for n in range(at_new, k):
            moved = arrived.get(n, 0) if moves else 0
            out.add("arrived" if moved else "came", second[n].key + second[n].gap, moved)
        if i < len(first):
            _write_paragraph(out, first[i], second[k])
        at_old, at_new = i + 1, k + 1
    return out.finish()


def tokens(text: str) -> list[str]:
    """Words, spaces and marks; formulas, code, links and attributes are one token each."""
    return _TOKEN.findall(text)


def matches(first: Sequence[str], second: Sequence[str], limit: int = _LIMIT) -> list[Pair]:
    """Index pairs of a longest common subsequence; beyond `limit` only of the common beginning and end."""
    start, end_a, end_b = 0, len(first), len(second)
    while start < min(end_a, end_b) and first[start] == second[start]:
        start += 1
    while min(end_a, end_b) > start and first[end_a - 1] == second[end_b - 1]:
        end_a, end_b = end_a - 1, end_b - 1
    pairs = [(n, n) for n in range(start)]
    if 0 < (end_a - start) * (end_b - start) <= limit:
        middle = _common(first[start:end_a], second[start:end_b])
        pairs += [(start + i, start + k) for i, k in middle]
    return pairs + [(end_a + n, end_b + n) for n in range(len(first) - end_a)]


def _common(first: Sequence[str], second: Sequence[str]) -> list[Pair]:
    """Hyyrö's bit-parallel alignment: one row of the table is one long number, so its cost is known ahead."""
    places: dict[str, list[int]] = {token: [] for token in set(first) & set(second)}
    for i, token in enumerate(first):
        if token in places:
            places[token].append(i)
    masks: dict[str, int] = {}
    # A mask is put together from bytes: setting bits one by one in a long number would be quadratic.
    for token, found in places.items():
        bits = bytearray(found[-1] // 8 + 1)
        for i in found:
            bits[i >> 3] |= 1 << (i & 7)
        masks[token] = int.from_bytes(bits, "little")
    full = (1 << len(first)) - 1
    row = full
    rows: list[int] = []
    for token in second:
        mask = masks.get(token)
        if mask is not None:
            hits = row & mask
            row = ((row + hits) | (row - hits)) & full
        rows.append(row)
    pairs: list[Pair] = []
    i, k = len(first), len(second)
    while i and k:
        if rows[k - 1] >> (i - 1) & 1:
            i -= 1
        elif k > 1 and not rows[k - 2] >> (i - 1) & 1:
            k -= 1
        else:
            i, k = i - 1, k - 1
            pairs.append((i, k))
    return pairs[::-1]


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    body: list[str] = []
    at = 0
    for token in tokens(text):
        at += len(token)
        if (
            "\n" in token
            and token.isspace()
            and (token.count("\n") > 1 or at == len(text) or _BLOCK_START.match(text, at))
        ):
            blocks.append(_Block("".join(body), body, token))
            body = []
        else:
            body.append(token)
    if body:
        blocks.append(_Block("".join(body), body, ""))
    return blocks


def _stayed(first: list[str], second: list[str]) -> list[Pair]:
    pairs = matches(first, second)
    _slide(pairs, 0, first, len(second))
    _slide(pairs, 1, second, len(first))
    return pairs


def _slide(pairs: list[Pair], side: int, keys: list[str], others: int) -> None:
    """Lets what came (or is gone) begin at a heading where the lines around it leave the choice.

    Sections repeat their standing lines, so an alignment alone would as soon cut them in the middle.
    """

    def level(key: str) -> int:
        return len(key) - len(key.lstrip("#")) or 7

    for n in range(len(pairs) + 1):
        start = pairs[n - 1][side] + 1 if n else 0
        end = pairs[n][side] if n < len(pairs) else len(keys)
        before = pairs[n - 1][1 - side] if n else -1
        after = pairs[n][1 - side] if n < len(pairs) else others
        if start == end or after != before + 1:
            continue
        up = down = 0
        while up < min(n, _SLIDE) and pairs[n - up - 1][side] == start - up - 1:
            if keys[start - up - 1] != keys[end - up - 1]:
                break
            up += 1
        while down < min(len(pairs) - n, _SLIDE) and pairs[n + down][side] == end + down:
            if keys[start + down] != keys[end + down]:
                break
            down += 1
        shift = min(range(-up, down + 1), key=lambda by: (level(keys[start + by]), abs(by)))
        for by in range(shift, 0) if shift < 0 else range(shift):
            here = (end if shift < 0 else start) + by
            other = pairs[n + by][1 - side]
            pairs[n + by] = (here, other) if side == 0 else (other, here)


def _moves(
    first: list[_Block], second: list[_Block], same: list[Pair]
) -> tuple[dict[int, int], dict[int, int]]:
    """Which old and which new paragraphs are one that moved, by the number of the move."""
    olds, news = Counter(block.key for block in first), Counter(block.key for block in second)
    stayed_old, stayed_new = {i for i, _ in same}, {k for _, k in same}
    # A text that stands twice cannot be said to have moved: it may as well have gone here and come there.
    where = {
        block.key: k
        for k, block in enumerate(second)
        if k not in stayed_new and olds[block.key] == news[block.key] == 1 and _says_something(block.key)
    }
    moved = {
        i: where[block.key] for i, block in enumerate(first) if i not in stayed_old and block.key in where
    }
    taken = set(moved.values())
    # A repeated line (a standing heading, an answer box) moves along with the paragraph beside it.
    for step in (1, -1):
        for start in sorted(moved):
            i, k = start + step, moved[start] + step
            while (
                0 <= i < len(first)
                and 0 <= k < len(second)
                and first[i].key == second[k].key
                and not (i in stayed_old or k in stayed_new or i in moved or k in taken)
            ):
                moved[i] = k
                taken.add(k)
                i, k = i + step, k + step
    left: dict[int, int] = {}
    number = 0
    for i in sorted(moved):
        if moved.get(i - 1) != moved[i] - 1:
            number += 1
        left[i] = number
    return left, {moved[i]: number for i, number in left.items()}


def _similar(first: list[tuple[int, _Block]], second: list[tuple[int, _Block]]) -> list[Pair]:
    """Pairs of paragraphs, one-to-one and in order, that are each other's earlier and later wording."""
    if not first or not second:
        return []
    old_words = [(word, i) for i, block in first for word in block.tokens if _says_something(word)]
    new_words = [(word, k) for k, block in second for word in block.tokens if _says_something(word)]
    shared = Counter(
        (old_words[a][1], new_words[b][1])
        for a, b in matches([word for word, _ in old_words], [word for word, _ in new_words])
    )
    old_sizes, new_sizes = Counter(i for _, i in old_words), Counter(k for _, k in new_words)
    pairs: list[Pair] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    # The words are aligned in order, so pairs that share no paragraph cannot cross.
    for (i, k), count in shared.most_common():
        small, large = sorted((old_sizes[i], new_sizes[k]))
        alike = 4 * count >= small + large or (count >= 4 and 4 * count >= 3 * small)
        if alike and i not in used_old and k not in used_new:
            pairs.append((i, k))
            used_old.add(i)
            used_new.add(k)
    return pairs


def _says_something(text: str) -> bool:
    return text.isalnum() or (len(text) > 1 and not text.isspace())


def _write_paragraph(out: _Writer, old: _Block, new: _Block) -> None:
    if old.key == new.key:
        out.add("same", old.key)
    else:
        _write_words(out, old.tokens, new.tokens)
    shared = 0
    while shared < min(len(old.gap), len(new.gap)) and old.gap[shared] == new.gap[shared]:
        shared += 1
    out.add("same", old.gap[:shared])
    out.add("gone", old.gap[shared:])
    out.add("came", new.gap[shared:])


def _write_words(out: _Writer, old: list[str], new: list[str]) -> None:
    pairs = [(-1, -1), *matches(old, new), (len(old), len(new))]
    at_old = at_new = 0
    for before, (i, k), after in zip(pairs, pairs[1:], [*pairs[2:], pairs[-1]], strict=False):
        # A space alone between two changes is no common ground: kept, it would break one change into crumbs.
        alone = before != (i - 1, k - 1) and after != (i + 1, k + 1)
        if alone and i < len(old) and old[i].isspace():
            continue
        out.add("gone", "".join(old[at_old:i]))
        out.add("came", "".join(new[at_new:k]))
        if i < len(old):
            out.add("same", old[i])
        at_old, at_new = i + 1, k + 1
