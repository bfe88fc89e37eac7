"""Results of a group on the problems of one text, as counts: which answers a problem may have, what each is worth, how often
it was given, and the sums from which every figure of item analysis follows. No row of a student stands anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from curriculum_studio.domain.identity import BLANKS
from curriculum_studio.domain.suppression import FEWEST, Mask, Masked, holds, mask_of, masked, too_near

Kind = Literal["choices", "points", "piles"]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
BLANK = ""
"""The mark of no answer; it is worth nothing, and counts as an answer like any other."""
_RIGHT = frozenset({"right", "correct", "true", "yes", "1"})
_WRONG = frozenset({"wrong", "incorrect", "false", "no", "0"})


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be given: its mark (`A`, or the id of a misconception), its words, and the misconception that its
    author named."""

    mark: str
    words: str
    right: bool
    misconception: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A problem or a part that results are about, as a version had it.

    `choices`: one of `options` (or several, where several are right); `points`: 0 to `most`; `piles`: a teacher sorted
    the answers into right, the misconceptions of `options`, and other.
    """

    id: str
    title: str
    kind: Kind
    options: tuple[Option, ...] = ()
    most: int = 1
    standard: str = ""

    @property
    def key(self) -> str:
        """The mark of the right answer: letters one after the other where several are right."""
        return "".join(one.mark for one in self.options if one.right)

    @property
    def several(self) -> bool:
        """Whether more than one choice is right."""
        return len(self.key) > 1 and self.kind == "choices"

    def mark(self, cell: str) -> str | None:
        """The mark that a cell of a file stands for; None where there is no such answer."""
        text = cell.strip()
        folded = text.casefold()
        if folded in BLANKS:
            return BLANK
        if self.kind == "points":
            return str(int(text)) if text.isdecimal() and int(text) <= self.most else None
        if folded in _RIGHT:
            return self.key if self.kind == "choices" and not self.several else "right"
        if folded in _WRONG:
            return "wrong"
        marks = [one.mark for one in self.options]
        if self.kind == "piles":
            return text if text in marks or text == "other" else None
        letters = sorted(set(re.sub(r"[;|+,/ ]", "", text.upper())))
        if not letters or any(one not in marks for one in letters) or (len(letters) > 1 and not self.several):
            return None
        return "".join(letters)

    def worth(self, mark: str) -> int:
        """The points of a mark."""
        if self.kind == "points":
            return int(mark or 0)
        return self.most if mark and mark in (self.key, "right") else 0

    def marks(self) -> tuple[str, ...]:
        """The marks that are always shown, in order; others come after them as they occur."""
        if self.kind == "points":
            return tuple(str(one) for one in range(self.most + 1))
        if self.several:
            return (self.key,)
        return tuple(one.mark for one in self.options)

    def option(self, mark: str) -> Option | None:
        """The option with this mark."""
        return next((one for one in self.options if one.mark == mark), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each mark was given to an item, and the sum of the whole scores of those who gave it (None where a file of
    counts says nothing about that)."""

    item: Item
    counts: Mapping[str, int]
    sums: Mapping[str, int] | None = None

    @property
    def students(self) -> int:
        """How many answers were counted, no answer included."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one group: how many students, a tally for each item, and the sum and the sum of squares of their whole
    scores (None where only counts are known)."""

    students: int
    tallies: tuple[Tally, ...]
    total: int | None = None
    squares: int | None = None


@dataclass(frozen=True, slots=True)
class ResultSet:
    """Results of one group on one text in the version that was taught, and the mask under which they may be seen.

    `document` is the id of the text; `taken` the month (`2026-11`); `classes` how many classes the group has (0: not said);
    `masks` for each item (its id) the mask of its row. Whatever is shown is made with `seen`.
    """

    key: str
    document: str
    path: str
    title: str
    version: str
    blob: str
    taken: str
    classes: int
    results: Results
    masks: Mapping[str, Mask]
    person: str
    at: int
    withdrawn: bool = False

    @property
    def year(self) -> str:
        """The school year (`2026-27`), from August on."""
        year, month = (int(one) for one in self.taken.split("-"))
        first = year if month > 7 else year - 1
        return f"{first}-{(first + 1) % 100:02d}"

    @property
    def month(self) -> str:
        """The month in words (`November 2026`)."""
        return f"{MONTHS[int(self.taken[5:]) - 1]} {self.taken[:4]}"

    @property
    def few(self) -> bool:
        """Whether so few took part that not even their number is shown."""
        return self.results.students < FEWEST

    def seen(self, tally: Tally) -> Masked:
        """A tally as it may be seen."""
        return masked(tally.counts, self.masks[tally.item.id])


@dataclass(frozen=True, slots=True)
class Mistake:
    """An answer that an item cannot have: the item and the line (from 2) where it first stood."""

    item: Item
    line: int
    place: int


def tally_rows(items: Sequence[Item], rows: Iterable[Sequence[str]]) -> tuple[Results, list[Mistake]]:
    """Tallies rows, one for each student, with an answer for each item in order. Where mistakes are given back, the
    results leave those answers out and are not to be used."""
    counting = [_Counting(item) for item in items]
    mistakes: list[Mistake] = []
    students = total = squares = 0
    for row in rows:
        marks = []
        score = 0
        for place, (one, cell) in enumerate(zip(counting, row, strict=True)):
            known = one.known.get(cell)
            if known is None:
                known = one.learn(cell)
                if known is None:
                    mistakes.append(Mistake(one.item, students + 2, place))
                    known = (BLANK, 0)
            marks.append(known[0])
            score += known[1]
        for one, mark in zip(counting, marks, strict=True):
            one.counts[mark] = one.counts.get(mark, 0) + 1
            one.sums[mark] = one.sums.get(mark, 0) + score
        students += 1
        total += score
        squares += score * score
    tallies = tuple(Tally(one.item, one.counts, one.sums) for one in counting)
    return Results(students, tallies, total, squares), mistakes


class _Counting:
    """An item while its answers are counted; a cell is understood once."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.known: dict[str, tuple[str, int]] = {}
        self.counts: dict[str, int] = {}
        self.sums: dict[str, int] = {}

    def learn(self, cell: str) -> tuple[str, int] | None:
        mark = self.item.mark(cell)
        if mark is None:
            return None
        self.known[cell] = (mark, self.item.worth(mark))
        return self.known[cell]


def tally_answers(
    find: Callable[[str], Item | None], rows: Iterable[Sequence[str]]
) -> tuple[Results, list[Mistake | int]]:
    """Tallies single answers (group, item, mark). A mistake that is a number is a line whose item is not known. Whoever has no
    answer to an item that others answered counts as not having answered it."""
    places: dict[str, int] = {}
    counting: list[_Counting] = []
    given: dict[str, dict[int, tuple[str, int]]] = {}
    mistakes: list[Mistake | int] = []
    for number, (group, label, cell) in enumerate(rows, 2):
        place = places.get(label)
        if place is None:
            item = find(label)
            if item is None:
                mistakes.append(number)
                continue
            known = next((at for at, one in enumerate(counting) if one.item.id == item.id), None)
            if known is None:
                known = len(counting)
                counting.append(_Counting(item))
            place = places[label] = known
        one = counting[place]
        mark = one.known.get(cell) or one.learn(cell)
        if mark is None:
            mistakes.append(Mistake(one.item, number, 2))
        else:
            given.setdefault(group, {})[place] = mark
    empty = (BLANK, 0)
    whole = ([marks.get(place, empty) for place in range(len(counting))] for marks in given.values())
    return _from_marks([one.item for one in counting], whole), mistakes


def _from_marks(items: Sequence[Item], rows: Iterable[Sequence[tuple[str, int]]]) -> Results:
    counts: list[dict[str, int]] = [{} for _ in items]
    sums: list[dict[str, int]] = [{} for _ in items]
    students = total = squares = 0
    for row in rows:
        score = sum(worth for _, worth in row)
        for place, (mark, _) in enumerate(row):
            counts[place][mark] = counts[place].get(mark, 0) + 1
            sums[place][mark] = sums[place].get(mark, 0) + score
        students, total, squares = students + 1, total + score, squares + score * score
    return Results(
        students,
        tuple(Tally(item, counts[at], sums[at]) for at, item in enumerate(items)),
        total,
        squares,
    )


def tally_counts(
    find: Callable[[str], Item | None], rows: Iterable[Sequence[str]]
) -> tuple[Results, list[Mistake | int]]:
    """Tallies counts (item, mark, how many); a mark that comes twice is added up."""
    found: dict[str, tuple[Item, dict[str, int]]] = {}
    mistakes: list[Mistake | int] = []
    for number, (label, cell, count) in enumerate(rows, 2):
        item = find(label)
        if item is None:
            mistakes.append(number)
            continue
        mark = item.mark(cell)
        if mark is None:
            mistakes.append(Mistake(item, number, 1))
            continue
        counts = found.setdefault(item.id, (item, {}))[1]
        counts[mark] = counts.get(mark, 0) + int(count)
    tallies = tuple(Tally(item, counts) for item, counts in found.values())
    return Results(max((one.students for one in tallies), default=0), tallies), mistakes


def masks_of(results: Results, earlier: Iterable[ResultSet]) -> dict[str, Mask]:
    """The mask of each item, beside what was shown of results of the same text that could be of the same students."""
    own = {one.item.id: one.counts for one in results.tallies}
    known = [
        row
        for row in earlier
        if all(holds(own[one.item.id], one.counts) for one in row.results.tallies if one.item.id in own)
    ]
    found: dict[str, Mask] = {}
    for tally in results.tallies:
        before = [
            (one.counts, row.masks[one.item.id])
            for row in known
            for one in row.results.tallies
            if one.item.id == tally.item.id
        ]
        found[tally.item.id] = mask_of(tally.counts, before)
    return found


def twin_of(results: Results, earlier: Iterable[ResultSet]) -> ResultSet | None:
    """The earlier results that could be of the same students but for fewer than ten: showing both would show those few."""
    for row in earlier:
        old = {one.item.id: one.counts for one in row.results.tallies}
        pairs = [(one.counts, old[one.item.id]) for one in results.tallies if one.item.id in old]
        if pairs and all(too_near(new, before) for new, before in pairs):
            return row
    return None
