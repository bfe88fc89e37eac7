"""What may be shown of small numbers: a mask for each table, so that no hidden cell can be worked out from what is shown.

Three rules. A number below `FEWEST` is hidden. Where that would leave hidden cells that follow from the rest (one alone, or
several whose sum is below `FEWEST`), more are hidden, the smallest first. Where nearly all gave one answer, its number is
shown as "at least" (top coding), and the few others are hidden (bottom coding). The mask of a table is made once and kept;
whatever is shown later, on a screen, in a file or in a sum over groups, is made from masked cells alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FEWEST = 10
"""The smallest number that is shown."""
State = Literal["shown", "hidden", "top"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it may be seen: the least and the most that it can be, by what is shown. Both are the number itself where it
    is shown."""

    state: State
    low: int
    high: int

    @property
    def shown(self) -> bool:
        """Whether the number itself is shown."""
        return self.state == "shown"


@dataclass(frozen=True, slots=True)
class Masked:
    """A row of cells as it may be seen; `total` is None where so few answered that not even that is shown."""

    total: int | None
    cells: Mapping[str, Cell]

    @property
    def whole(self) -> bool:
        """Whether every cell is shown."""
        return self.total is not None and all(one.shown for one in self.cells.values())

    def cell(self, mark: str) -> Cell:
        """A cell by its mark. Where others are hidden, one that nobody gave says no more than one that few gave."""
        if mark in self.cells:
            return self.cells[mark]
        if self.whole:
            return Cell("shown", 0, 0)
        hidden = [one.high for one in self.cells.values() if one.state == "hidden"]
        return Cell("hidden", 0, max(hidden, default=FEWEST - 1))


Row = Mapping[str, int]
Mask = Mapping[str, State]


def mask_of(counts: Row, before: Sequence[tuple[Row, Mask]] = ()) -> dict[str, State]:
    """The mask of a row of counts that add up to the number of answers.

    `before` are rows (with their masks) of which this one may hold the same students and more: their difference must not
    give anything away either. A cell that both show, and that differs by a number below `FEWEST` (none included), is hidden, and so on
    until the difference keeps the same rules as a row of its own.
    """
    states = _alone(counts)
    for earlier, mask in before:
        states = _beside(counts, states, earlier, mask)
    return states


def _alone(counts: Row) -> dict[str, State]:
    total = sum(counts.values())
    if total < FEWEST:
        return dict.fromkeys(counts, "hidden")
    for mark, count in counts.items():
        if total - count < FEWEST:
            return {one: "top" if one == mark else "hidden" for one in counts}
    return _closed(counts, {mark: "hidden" if count < FEWEST else "shown" for mark, count in counts.items()})


def _closed(counts: Row, states: dict[str, State]) -> dict[str, State]:
    """Hides more, the smallest first, until at least two cells are hidden whose sum is no small number; or none at all."""
    while True:
        hidden = [counts[mark] for mark, state in states.items() if state != "shown"]
        shown = [mark for mark, state in states.items() if state == "shown"]
        if not hidden or not shown or (len(hidden) > 1 and sum(hidden) >= FEWEST):
            return states
        states[min(shown, key=lambda mark: (counts[mark], mark))] = "hidden"


def _beside(counts: Row, states: dict[str, State], earlier: Row, mask: Mask) -> dict[str, State]:
    marks = set(counts) | set(earlier)
    more = {mark: counts.get(mark, 0) - earlier.get(mark, 0) for mark in marks}
    if not any(more.values()) or not holds(counts, earlier):
        return states
    more = {mark: abs(one) for mark, one in more.items()}
    if "top" in states.values() or "top" in mask.values():
        return dict.fromkeys(states, "hidden")
    # What was hidden then stays hidden now: a number shown now would bound the one that was hidden.
    kept: dict[str, State] = {
        mark: "shown" if state == "shown" and mask.get(mark, "shown") == "shown" else "hidden"
        for mark, state in states.items()
    }
    states = _closed(counts, kept)
    while True:
        both = {m for m in marks if states.get(m) == "shown" and mask.get(m, "shown") == "shown"}
        narrow = [mark for mark in both if more[mark] < FEWEST]
        rest = [more[mark] for mark in marks - both]
        if not narrow and (not rest or (len(rest) > 1 and sum(rest) >= FEWEST)):
            return states
        if not both:
            return states
        states[min(narrow or both, key=lambda mark: (counts[mark], mark))] = "hidden"
        states = _closed(counts, states)


def masked(counts: Row, mask: Mask) -> Masked:
    """A row as it may be seen under its mask."""
    total = sum(counts.values())
    if total < FEWEST:
        return Masked(None, {mark: Cell("hidden", 0, FEWEST - 1) for mark in counts})
    if "top" in mask.values():
        few = FEWEST - 1
        return Masked(
            total,
            {
                mark: Cell("top", total - few, total) if mask[mark] == "top" else Cell("hidden", 0, few)
                for mark in counts
            },
        )
    rest = sum(count for mark, count in counts.items() if mask[mark] != "shown")
    return Masked(
        total,
        {
            mark: Cell("shown", count, count) if mask[mark] == "shown" else Cell("hidden", 0, rest)
            for mark, count in counts.items()
        },
    )


def added(rows: Sequence[Masked]) -> Masked:
    """Rows of several groups as one: a cell is shown only where each of its parts is, so that no sum gives a part away."""
    marks = dict.fromkeys(mark for row in rows for mark in row.cells)
    totals = [row.total for row in rows]
    cells = {}
    for mark in marks:
        parts = [row.cell(mark) for row in rows]
        state: State = "shown" if all(one.shown for one in parts) else "hidden"
        cells[mark] = Cell(state, sum(one.low for one in parts), sum(one.high for one in parts))
    known = [one for one in totals if one is not None]
    return Masked(sum(known) if len(known) == len(totals) else None, cells)


def holds(counts: Row, earlier: Row) -> bool:
    """Whether one of two rows could be the students of the other and more (or the same)."""
    more = [counts.get(mark, 0) - earlier.get(mark, 0) for mark in set(counts) | set(earlier)]
    return min(more, default=0) >= 0 or max(more, default=0) <= 0


def too_near(counts: Row, earlier: Row) -> bool:
    """Whether two rows could be the same students but for a few: one holds all of the other and differs by fewer than
    `FEWEST`. Showing both would show those few."""
    return 0 < abs(sum(counts.values()) - sum(earlier.values())) < FEWEST and holds(counts, earlier)
