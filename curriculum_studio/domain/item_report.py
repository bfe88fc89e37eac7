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
    discrimination,
    mark_discrimination,
    measurement_error,
    only_right_or_wrong,
    points_error,
    score_variance,
    share_error,
    wilson,
)
from curriculum_studio.domain.suppression import FEWEST, Cell, Masked

WEAK = 0.20
"""A corrected discrimination below this is weak: Ebel & Frisbie (1991), Essentials of Educational Measurement, chapter 13."""
ENOUGH = 30
"""Fewer students than this make correlations and reliability too unsteady to be shown."""


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
    """An item with what may be said of it. `difficulty` is the mean share of its points."""

    item: Item
    n: int | None
    difficulty: Share | None
    discrimination: float | None
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
    value, because = _reliability(results)
    # The sum over students is the sum of the right answers of all items: with one of them hidden, it would give it away.
    open_ = all(item.difficulty is not None and item.difficulty.exact for item in items)
    mean_because = ""
    if results.total is None:
        mean_because = "only counts were brought in, and not how single students answered"
    elif not open_:
        mean_because = "a number below 10 could be reckoned from it"
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


def _reliability(results: Results) -> tuple[Fraction | None, str]:
    if results.total is None:
        return None, "only counts were brought in, and not how single students answered"
    if results.students < ENOUGH:
        return None, f"fewer than {ENOUGH} students took part"
    if len(results.tallies) < 2:
        return None, "there is one problem"
    value = alpha(results)
    return (value, "") if value is not None else (None, "every student has the same score")


def _item(results: Results, tally: Tally, row: Masked) -> ItemReport:
    right = _difficulty(tally.item, row)
    steady = results.students >= ENOUGH and right is not None and right.exact
    strength = discrimination(results, tally) if steady else None
    marks = list(dict.fromkeys((*tally.item.marks(), *sorted(mark for mark in tally.counts if mark))))
    answers = tuple(_answer(results, tally, row, mark, steady) for mark in marks)
    blank = _answer(results, tally, row, BLANK, steady=False) if BLANK in tally.counts else None
    return ItemReport(
        tally.item, row.total, right, strength, answers, blank, tuple(_notes(results, tally, row, strength))
    )


def _difficulty(item: Item, row: Masked) -> Share | None:
    """The mean share of points, from masked cells alone: between what it is at the least and at the most."""
    if row.total is None:
        return None
    n, most = row.total, item.most
    if item.kind != "points":
        # Right or wrong: of the marks that are worth something there is one, so its cell says all.
        cells = [cell for mark, cell in row.cells.items() if item.worth(mark)]
        low, high = (sum(c.low for c in cells), sum(c.high for c in cells)) if cells else (0, 0)
        if not cells and not row.whole:
            return Share(0, 1)
        if low == high:
            return Share(low / n, high / n, low, n, wilson(low, n), share_error(low, n))
        return Share(low / n, min(1.0, high / n))
    known = sum(int(mark or 0) * cell.low for mark, cell in row.cells.items() if cell.shown)
    if row.whole:
        share = known / (n * most)
        error = points_error({int(mark or 0): cell.low for mark, cell in row.cells.items()}, most)
        interval = (max(0.0, share - Z * error), min(1.0, share + Z * error))
        return Share(share, share, known, n, interval, error)
    hidden = [(int(mark or 0), cell) for mark, cell in row.cells.items() if not cell.shown]
    left = n - sum(cell.low for cell in row.cells.values() if cell.shown)
    worths = [worth for worth, _ in hidden]
    return Share((known + left * min(worths)) / (n * most), (known + left * max(worths)) / (n * most))


def _answer(results: Results, tally: Tally, row: Masked, mark: str, steady: bool) -> Answer:
    option = tally.item.option(mark)
    cell = row.cells.get(mark, Cell("shown", 0, 0) if row.whole else Cell("hidden", 0, FEWEST - 1))
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


def _notes(results: Results, tally: Tally, row: Masked, strength: float | None) -> list[str]:
    """What the figures of an item say, in sentences."""
    if row.total is None:
        return ["Fewer than 10 students answered, so nothing is shown."]
    notes = []
    if strength is not None and strength < 0:
        notes.append(
            "Students who did well otherwise got this wrong more often: look at the key and the wording."
        )
    elif strength is not None and strength < WEAK:
        notes.append("How students did here goes little with how they did otherwise.")
    if tally.item.kind == "choices":
        unused = [
            option.mark
            for option in tally.item.options
            if not option.right and row.whole and row.cells.get(option.mark, Cell("shown", 0, 0)).high == 0
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
