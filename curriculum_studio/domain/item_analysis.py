"""Item analysis from counts and sums: difficulty, discrimination, distractors, reliability, and intervals for shares.

Everything that can be exact is a fraction. A figure that cannot be computed is None where its reason is plain (nobody
answered, nothing varies). Sources stand at each formula; `Z` is the normal quantile of a 95 % interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

from curriculum_studio.domain.evidence import BLANK, Results, Tally

Z = NormalDist().inv_cdf(0.975)
Interval = tuple[float, float]

LIMITS = (
    "A short instrument cannot carry decisions about single students: too much of a score is chance. Use these figures to "
    "look at problems and lessons, not to rank, place or grade anybody."
)
"""What is said wherever a reliability is shown."""


def difficulty(tally: Tally) -> Fraction | None:
    """The mean share of the points of an item: for right or wrong, the share of right answers (0 hard, 1 easy).

    The classical item difficulty p: Crocker & Algina (1986), Introduction to Classical and Modern Test Theory, chapter 5.
    """
    if not tally.students or not tally.item.most:
        return None
    points = sum(tally.item.worth(mark) * count for mark, count in tally.counts.items())
    return Fraction(points, tally.students * tally.item.most)


def wilson(hits: float, n: float) -> Interval | None:
    """The 95 % score interval of a share; None where n is 0. Wilson (1927), Journal of the American Statistical Association 22."""
    if n <= 0:
        return None
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share_error(hits: int, n: int) -> float | None:
    """The standard error of a share, √(p(1−p)/n); None where n is 0."""
    return math.sqrt(hits / n * (1 - hits / n) / n) if n > 0 else None


def points_error(counts: Mapping[int, int], most: int) -> float:
    """The standard error of a mean share of points, s/√n with n − 1, from how often each number of points was given."""
    n = sum(counts.values())
    if n < 2:
        return 0.0
    total = sum(points * count for points, count in counts.items())
    squares = sum(points * points * count for points, count in counts.items())
    return math.sqrt((squares - total * total / n) / (n - 1) / n) / most


def newcombe(after: tuple[float, float], before: tuple[float, float]) -> tuple[float, Interval] | None:
    """The difference of two independent shares (hits, n), after minus before, and its 95 % interval.

    The hybrid score interval, method 10 of Newcombe (1998), Statistics in Medicine 17, 873–890.
    """
    new, old = wilson(*after), wilson(*before)
    if new is None or old is None:
        return None
    p, q = after[0] / after[1], before[0] / before[1]
    low = (p - q) - math.sqrt((p - new[0]) ** 2 + (old[1] - q) ** 2)
    high = (p - q) + math.sqrt((new[1] - p) ** 2 + (q - old[0]) ** 2)
    return p - q, (low, high)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over students of an item's points x and the whole score t: n, Σx, Σx², Σxt."""

    n: int
    x: int
    xx: int
    xt: int


def _sums(tally: Tally) -> _Sums | None:
    if tally.sums is None:
        return None
    worth = {mark: tally.item.worth(mark) for mark in tally.counts}
    return _Sums(
        tally.students,
        sum(worth[mark] * count for mark, count in tally.counts.items()),
        sum(worth[mark] ** 2 * count for mark, count in tally.counts.items()),
        sum(worth[mark] * tally.sums.get(mark, 0) for mark in tally.counts),
    )


def discrimination(results: Results, tally: Tally) -> float | None:
    """The corrected discrimination of an item: the correlation of its points with the score on all other items (for right or
    wrong, the corrected point-biserial). None where only counts are known, or nothing varies.

    Henrysson (1963), Psychometrika 28; Crocker & Algina (1986), chapter 14.
    """
    one = _sums(tally)
    if one is None or results.total is None or results.squares is None or one.n != results.students:
        return None
    # n²-fold variances and covariances, as whole numbers; the rest r = t − x.
    of_item = one.n * one.xx - one.x**2
    of_total = one.n * results.squares - results.total**2
    together = one.n * one.xt - one.x * results.total
    of_rest = of_total + of_item - 2 * together
    if of_item <= 0 or of_rest <= 0:
        return None
    return (together - of_item) / math.sqrt(of_item * of_rest)


def mark_discrimination(results: Results, tally: Tally, mark: str) -> float | None:
    """The correlation of having given one answer with the score on all other items: below zero for a sound distractor.

    The point-biserial of an option: Haladyna & Rodriguez (2013), Developing and Validating Test Items, chapter 18.
    """
    one = _sums(tally)
    if one is None or results.total is None or results.squares is None or tally.sums is None:
        return None
    n, chose = one.n, tally.counts.get(mark, 0)
    worth = tally.item.worth(mark)
    rest = results.total - one.x
    rest_squares = results.squares + one.xx - 2 * one.xt
    with_it = tally.sums.get(mark, 0) - worth * chose
    of_mark, of_rest = n * chose - chose**2, n * rest_squares - rest**2
    if of_mark <= 0 or of_rest <= 0 or n != results.students:
        return None
    return (n * with_it - chose * rest) / math.sqrt(of_mark * of_rest)


def correlation_interval(value: float, n: int) -> Interval | None:
    """The 95 % interval of a correlation by its transformation artanh r, whose error is 1/√(n − 3); None for n below 4.

    Fisher (1921), Metron 1. For a correlation with right or wrong it is an approximation.
    """
    if n < 4 or not -1 < value < 1:
        return None
    middle, half = math.atanh(value), Z / math.sqrt(n - 3)
    return math.tanh(middle - half), math.tanh(middle + half)


def alpha(results: Results, without: str = "") -> Fraction | None:
    """Cronbach's alpha; with right or wrong alone it is KR-20. `without` leaves an item out (alpha if deleted).

    k/(k−1) · (1 − Σ variances of items ÷ variance of the score). Cronbach (1951), Psychometrika 16; Kuder & Richardson
    (1937), Psychometrika 2. None for fewer than two items, or where scores do not vary.
    """
    tallies = [one for one in results.tallies if one.item.id != without]
    sums = [_sums(one) for one in tallies]
    if len(tallies) < 2 or results.total is None or results.squares is None:
        return None
    n, whole, squares = results.students, results.total, results.squares
    left = next((one for one in results.tallies if one.item.id == without), None)
    if left is not None and (gone := _sums(left)) is not None:
        whole, squares = whole - gone.x, squares + gone.xx - 2 * gone.xt
    of_total = n * squares - whole**2
    if of_total <= 0 or any(one is None or one.n != n for one in sums):
        return None
    of_items = sum(n * one.xx - one.x**2 for one in sums if one is not None)
    k = len(tallies)
    return Fraction(k, k - 1) * (1 - Fraction(of_items, of_total))


def alpha_interval(value: Fraction, items: int, n: int) -> Interval | None:
    """The 95 % interval of alpha: ln(1−α) is nearly normal with variance 2k/((k−1)(n−2)).

    Bonett (2002), Journal of Educational and Behavioral Statistics 27, 335–340. None for n below 3.
    """
    if n < 3 or items < 2 or value >= 1:
        return None
    middle, half = math.log(1 - value), Z * math.sqrt(2 * items / ((items - 1) * (n - 2)))
    return 1 - math.exp(middle + half), 1 - math.exp(middle - half)


def score_variance(results: Results) -> Fraction | None:
    """The variance of whole scores with n − 1; None for fewer than two students, or where only counts are known."""
    n = results.students
    if n < 2 or results.total is None or results.squares is None:
        return None
    return Fraction(n * results.squares - results.total**2, n * (n - 1))


def measurement_error(results: Results) -> float | None:
    """The standard error of measurement in points, s·√(1−α): how far a score lies from another of the same student by chance.

    Crocker & Algina (1986), chapter 6.
    """
    spread, value = score_variance(results), alpha(results)
    if spread is None or value is None or value > 1:
        return None
    return math.sqrt(spread * (1 - value))


def only_right_or_wrong(results: Results) -> bool:
    """Whether every item is worth one point, all or nothing: alpha is then called KR-20."""
    return all(one.item.most == 1 for one in results.tallies)


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong answer and how many gave it; `misconception` is the one that its author named, None where none is."""

    mark: str
    misconception: str | None
    count: int
    share: float
    interval: Interval


def distractors(tally: Tally) -> list[Distractor]:
    """The wrong answers of an item, the most frequent first; no answer is not among them."""
    n, found = tally.students, []
    for mark, count in tally.counts.items():
        interval = wilson(count, n)
        if mark == BLANK or tally.item.worth(mark) or tally.item.kind == "points" or interval is None:
            continue
        option = tally.item.option(mark)
        found.append(Distractor(mark, option.misconception if option else None, count, count / n, interval))
    return sorted(found, key=lambda one: (-one.count, one.mark))
