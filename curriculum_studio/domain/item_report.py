"""What may be said of results: item analysis made from masked cells, with the reason in words where a figure stays away.

Shares and difficulties come from masked cells alone. A figure that would let a hidden cell be reckoned (the mean score where
the number of right answers to a problem is hidden) is withheld. Correlations and reliability are given to two places.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.domain.evidence import BLANK, Item, Results, ResultSet, Tally
from curriculum_studio.domain.item_analysis import (
    Interval,
    Z,
    alpha,
    alpha_interval,
    correlation_interval,
    discrimination,
    mark_discrimination,
    measurement_error,
    only_right_or_wrong,
    points_error,
    score_variance,
    share_error,
    wilson,
)
from curriculum_studio.domain.suppression import Cell, Masked

WEAK = 0.20
"""A corrected discrimination below this is weak: Ebel & Frisbie (1991), Essentials of Educational Measurement, chapter 13."""
ENOUGH = 30
"""Fewer students than this make correlations and reliability too unsteady to be shown."""
_RECKONED = "a number below 10 could be reckoned from it"


@dataclass(frozen=True, slots=True)
class Share:
    """A share as it may be seen: exact (`low` = `high`), or between two bounds; its 95 % interval and standard error where it
    is exact."""

    low: float
    high: float
    hits: int = 0
    n: int = 0
    interval: Interval | None = None
    error: float | None = None

    @property
    def exact(self) -> bool:
        """Whether the share itself is shown."""
        return self.interval is not None

    def shown(self) -> str:
        """The share in words: 43 %, at least 95 %, fewer than 10 students, or not shown."""
        if self.exact:
            return f"{100 * self.low:.0f} %"
        if self.high >= 1 and self.low > 0:
            return f"at least {100 * self.low:.0f} %"
        return f"at most {100 * self.high:.0f} %" if self.high < 1 else "not shown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to an item: its words, the misconception that its author named, how many gave it as far as that may be seen,
    and how it goes with the score on the other items."""

    mark: str
    words: str
    right: bool
    misconception: str | None
    cell: Cell
    share: Share | None
    goes_with: float | None


@dataclass(frozen=True, slots=True)
class ItemReport:
    """An item with what may be said of it. `difficulty` is the mean share of its points; `steady` the 95 % interval of its
    discrimination."""

    item: Item
    n: int | None
    difficulty: Share | None
    discrimination: float | None
    steady: Interval | None
    answers: tuple[Answer, ...]
    blank: Answer | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole instrument. `because` says why there is no reliability; `mean_because` why there is no mean."""

    set: ResultSet
    items: tuple[ItemReport, ...]
    reliability: Fraction | None
    interval: Interval | None
    name: str
    because: str
    mean: float | None
    spread: float | None
    error: float | None
    mean_because: str
    points: int


def report(one: ResultSet) -> Report:
    """What may be said of results."""
    results = one.results
    rows = {tally.item.id: one.seen(tally) for tally in results.tallies}
    items = tuple(_item(results, tally, rows[tally.item.id]) for tally in results.tallies)
    exact = [item for item in items if item.difficulty is not None and item.difficulty.exact]
    value, because = _reliability(results, len(exact))
    # The sum over students is the sum of the right answers of all items: with one of them hidden, it would give it away.
    open_ = len(exact) == len(items)
    mean_because = ""
    if results.total is None:
        mean_because = "only counts were brought in, and not how single students answered"
    elif not open_:
        mean_because = _RECKONED
    mean = results.total / results.students if not mean_because and results.total is not None else None
    spread = score_variance(results) if mean is not None and not because else None
    return Report(
        one, items, value,
        alpha_interval(value, len(items), results.students) if value is not None else None,
        "KR-20" if only_right_or_wrong(results) else "Cronbach’s alpha", because, mean,
        float(spread) ** 0.5 if spread is not None else None,
        measurement_error(results) if spread is not None else None, mean_because,
        sum(tally.item.most for tally in results.tallies),
    )  # fmt: skip


def _reliability(results: Results, exact: int) -> tuple[Fraction | None, str]:
    """Reliability, or why there is none; `exact` is how many problems show their share of right answers."""
    if results.total is None:
        return None, "only counts were brought in, and not how single students answered"
    if results.students < ENOUGH:
        return None, f"fewer than {ENOUGH} students took part"
    if len(results.tallies) < 2:
        return None, "there is one problem"
    # With one open problem, its correlation and this figure would give the other away; with none, "all have the same score" would.
    if exact < 2:
        return None, _RECKONED
    value = alpha(results)
    return (value, "") if value is not None else (None, "every student has the same score")


def _item(results: Results, tally: Tally, row: Masked) -> ItemReport:
    right = _difficulty(tally.item, row)
    steady = results.students >= ENOUGH and right is not None and right.exact
    strength = discrimination(results, tally) if steady else None
    answers = tuple(_answer(results, tally, row, mark, steady) for mark in _marks(tally.item, row))
    blank = None
    if BLANK in row.cells or not row.whole:
        blank = _answer(results, tally, row, BLANK, steady=False)
    around = correlation_interval(strength, results.students) if strength is not None else None
    notes = tuple(_notes(results, tally, row, strength, around))
    return ItemReport(tally.item, row.total, right, strength, around, answers, blank, notes)


def _marks(item: Item, row: Masked) -> list[str]:
    """The answers that have a line: those that an item has, and others as they occur. Where something is hidden, no line may tell
    whether an answer occurred."""
    standing = (*item.marks(), *(("right", "other") if item.kind == "piles" and not row.whole else ()))
    occurred = sorted(
        mark for mark, cell in row.cells.items() if mark and (row.whole or cell.state != "hidden")
    )
    return list(dict.fromkeys((*standing, *occurred)))


def _difficulty(item: Item, row: Masked) -> Share | None:
    """The mean share of points, from masked cells alone: between what it is at the least and at the most."""
    if row.total is None:
        return None
    n, most = row.total, item.most
    if item.kind != "points" or most == 1:
        # Right or wrong: the marks that are worth something say all.
        standing = next((mark for mark in item.marks() if item.worth(mark)), "right")
        worthy = [mark for mark in row.cells if item.worth(mark)] or [standing]
        cells = [row.cell(mark) for mark in worthy]
        low = sum(cell.low for cell in cells)
        high = sum(cell.high for cell in cells if cell.state != "hidden")
        high += max((cell.high for cell in cells if cell.state == "hidden"), default=0)
        if low == high:
            return Share(low / n, high / n, low, n, wilson(low, n), share_error(low, n))
        return Share(low / n, min(1.0, high / n))
    known = sum(int(mark or 0) * cell.low for mark, cell in row.cells.items() if cell.shown)
    if row.whole:
        share = known / (n * most)
        error = points_error({int(mark or 0): cell.low for mark, cell in row.cells.items()}, most)
        interval = (max(0.0, share - Z * error), min(1.0, share + Z * error))
        return Share(share, share, known, n, interval, error)
    every = dict.fromkeys((BLANK, *item.marks(), *row.cells))
    hidden = [(int(mark or 0), row.cell(mark)) for mark in every if not row.cell(mark).shown]
    known += sum(worth * cell.low for worth, cell in hidden)
    left = n - sum(row.cell(mark).low for mark in every)
    worths = [worth for worth, _ in hidden]
    return Share((known + left * min(worths)) / (n * most), (known + left * max(worths)) / (n * most))


def _answer(results: Results, tally: Tally, row: Masked, mark: str, steady: bool) -> Answer:
    option = tally.item.option(mark)
    cell = row.cell(mark)
    share = None
    if row.total:
        interval = wilson(cell.low, row.total) if cell.shown else None
        share = Share(cell.low / row.total, min(1.0, cell.high / row.total), cell.low, row.total, interval)
    words = (
        option.words
        if option
        else {"": "no answer", "right": "right", "wrong": "wrong", "other": "other"}.get(mark, mark)
    )
    goes = (
        mark_discrimination(results, tally, mark) if steady and cell.shown and mark in tally.counts else None
    )
    right = bool(mark) and tally.item.kind != "points" and tally.item.worth(mark) > 0
    return Answer(mark, words, right, option.misconception if option else None, cell, share, goes)


def _notes(
    results: Results, tally: Tally, row: Masked, strength: float | None, around: Interval | None
) -> list[str]:
    """What the figures of an item say, in sentences."""
    if row.total is None:
        return ["Fewer than 10 students answered, so nothing is shown."]
    notes = []
    if around is not None and around[1] < 0:
        notes.append(
            "Students who did well otherwise got this wrong more often: look at the key and the wording."
        )
    elif strength is not None and strength < WEAK:
        unsure = around is not None and around[1] >= WEAK
        notes.append(
            "How students did here goes little with how they did otherwise"
            + (", but with so few students that can be chance." if unsure else ".")
        )
    if tally.item.kind == "choices":
        unused = [
            option.mark
            for option in tally.item.options
            if not option.right and row.whole and row.cell(option.mark).high == 0
        ]
        if unused:
            notes.append(f"Nobody chose {', '.join(unused)}.")
        nameless = [
            option.mark for option in tally.item.options if not option.right and not option.misconception
        ]
        if nameless:
            notes.append(f"No misconception is named for {', '.join(nameless)}.")
    if results.students < ENOUGH and results.total is not None:
        notes.append(f"Fewer than {ENOUGH} students: no correlations are shown.")
    return notes
