"""How far raters agree: the coefficients of the field, exact as fractions where they can be.

Ratings are rows of units (what is rated), each with one value for each rater and None where a rater gave none. A figure
that cannot be computed is not a number but a reason. Sources stand at each formula.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

Unit = Sequence[int | Fraction | None]
Distance = Callable[[Fraction, Fraction], Fraction]
Weights = Callable[[int, int, int], Fraction]

SKEWED = Fraction(80, 100)
"""Above this share of one category alpha and kappa fall although raters agree; AC2 stands beside them then."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A coefficient, or why there is none."""

    value: Fraction | None
    because: str = ""

    def shown(self, places: int = 2) -> str:
        """The figure as people read it, rounded half away from zero; or the sentence that says why there is none."""
        if self.value is None:
            return f"cannot be computed, because {self.because}"
        scaled = abs(self.value) * 10**places
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        text = f"{whole // 10**places}.{whole % 10**places:0{places}d}"
        return f"−{text}" if self.value < 0 and whole else text


def _none(because: str) -> Figure:
    return Figure(None, because)


def given(units: Sequence[Unit]) -> list[list[Fraction]]:
    """The values of each unit that has at least two: what can be compared."""
    rows = [[Fraction(value) for value in unit if value is not None] for unit in units]
    return [row for row in rows if len(row) > 1]


_FEW = "fewer than two raters rated the same thing"


def percent_agreement(units: Sequence[Unit], within: int = 0) -> Figure:
    """The share of pairs of raters, averaged over units, whose values differ by at most `within` (1: exact or adjacent)."""
    rows = given(units)
    if not rows:
        return _none(_FEW)
    shares = []
    for row in rows:
        pairs = [abs(a - b) <= within for a, b in permutations(row, 2)]
        shares.append(Fraction(sum(pairs), len(pairs)))
    return Figure(sum(shares, Fraction(0)) / len(shares))


def identity(i: int, j: int, _: int) -> Fraction:
    """Full weight for the same category, none for others."""
    return Fraction(int(i == j))


def linear(i: int, j: int, count: int) -> Fraction:
    """1 − |i − j| / (q − 1)."""
    return 1 - Fraction(abs(i - j), count - 1)


def quadratic(i: int, j: int, count: int) -> Fraction:
    """1 − (i − j)² / (q − 1)²."""
    return 1 - Fraction((i - j) ** 2, (count - 1) ** 2)


def cohen_kappa(table: Sequence[Sequence[int]], weights: Weights = identity) -> Figure:
    """Cohen's kappa of two raters from their table of counts (one's categories in rows, the other's in columns).

    Cohen (1960), Educational and Psychological Measurement 20; weighted: Cohen (1968), Psychological Bulletin 70.
    """
    size, total = len(table), sum(map(sum, table))
    if not total:
        return _none(_FEW)
    if size < 2:
        return _none("the scale has one category")
    rows = [Fraction(sum(row), total) for row in table]
    columns = [Fraction(sum(row[j] for row in table), total) for j in range(size)]
    cells = [(i, j, weights(i, j, size)) for i in range(size) for j in range(size)]
    seen = sum((weight * Fraction(table[i][j], total) for i, j, weight in cells), Fraction(0))
    chance = sum((weight * rows[i] * columns[j] for i, j, weight in cells), Fraction(0))
    if chance == 1:
        return _none(
            "both raters gave one and the same value throughout, so chance alone would agree as well"
        )
    return Figure((seen - chance) / (1 - chance))


def kappa_error(table: Sequence[Sequence[int]]) -> float | None:
    """The large-sample standard error of unweighted kappa; None where there is no kappa.

    Fleiss, Cohen & Everitt (1969), Psychological Bulletin 72.
    """
    if cohen_kappa(table).value is None:
        return None
    size, total = range(len(table)), sum(map(sum, table))
    rows = [Fraction(sum(row), total) for row in table]
    columns = [Fraction(sum(row[j] for row in table), total) for j in size]
    seen = sum((Fraction(table[i][i], total) for i in size), Fraction(0))
    chance = sum((rows[i] * columns[i] for i in size), Fraction(0))
    same = sum(
        (
            Fraction(table[i][i], total) * ((1 - chance) - (rows[i] + columns[i]) * (1 - seen)) ** 2
            for i in size
        ),
        Fraction(0),
    )
    other = sum(
        (Fraction(table[i][j], total) * (columns[i] + rows[j]) ** 2 for i in size for j in size if i != j),
        Fraction(0),
    )
    rest = (seen * chance - 2 * chance + seen) ** 2
    return math.sqrt((same + (1 - seen) ** 2 * other - rest) / (total * (1 - chance) ** 4))


def brennan_prediger(table: Sequence[Sequence[int]]) -> Figure:
    """Agreement beyond that of q categories at random. Brennan & Prediger (1981), Educational and Psychological Measurement 41."""
    size, total = len(table), sum(map(sum, table))
    if not total or size < 2:
        return _none(_FEW if not total else "the scale has one category")
    seen = Fraction(sum(table[i][i] for i in range(size)), total)
    return Figure((seen - Fraction(1, size)) / (1 - Fraction(1, size)))


def pair_table(
    one: Sequence[int | None], other: Sequence[int | None], scale: Sequence[int]
) -> list[list[int]]:
    """The table of counts of two raters over a scale, for units that both rated."""
    place = {value: number for number, value in enumerate(scale)}
    table = [[0] * len(scale) for _ in scale]
    for a, b in zip(one, other, strict=True):
        if a is not None and b is not None:
            table[place[a]][place[b]] += 1
    return table


def fleiss_kappa(units: Sequence[Unit]) -> Figure:
    """Fleiss' kappa for any number of raters, the same for each unit. Fleiss (1971), Psychological Bulletin 76."""
    rows = given(units)
    if not rows:
        return _none(_FEW)
    if len({len(row) for row in rows}) > 1 or len(rows) < len(units):
        return _none("not every rater rated everything; alpha allows for that")
    raters = len(rows[0])
    shares = Counter[Fraction]()
    agreed = Fraction(0)
    for row in rows:
        counts = Counter(row)
        shares.update(counts)
        agreed += Fraction(sum(n * (n - 1) for n in counts.values()), raters * (raters - 1))
    chance = sum((Fraction(n, len(rows) * raters) ** 2 for n in shares.values()), Fraction(0))
    if chance == 1:
        return _none("every rating is the same value, so chance alone would agree as well")
    return Figure((agreed / len(rows) - chance) / (1 - chance))


def krippendorff_alpha(units: Sequence[Unit], level: str = "ordinal") -> Figure:
    """Krippendorff's alpha, with any number of raters and missing ratings; level `nominal`, `ordinal`, `interval` or `ratio`.

    1 − observed ÷ expected disagreement over the coincidences of pairable values; the ordinal difference counts the
    ratings that lie between two ranks. Krippendorff (2004), Content Analysis, 2nd ed., chapter 11.
    """
    rows = given(units)
    if not rows:
        return _none(_FEW)
    counts = Counter(value for row in rows for value in row)
    if len(counts) == 1:
        return _none("every rating is the same value: nothing varies that raters could agree on")
    if level == "ratio" and min(counts) < 0:
        return _none("a ratio scale has no values below zero")
    distance = _distance(level, counts)
    total = sum(counts.values())
    observed = Fraction(0)
    for row in rows:
        within = Counter(row)
        pairs = sum(
            (n * m * distance(a, b) for a, n in within.items() for b, m in within.items()), Fraction(0)
        )
        observed += pairs / (len(row) - 1)
    expected = sum(
        (n * m * distance(a, b) for a, n in counts.items() for b, m in counts.items()), Fraction(0)
    )
    return Figure(1 - (total - 1) * observed / expected)


def _distance(level: str, counts: Counter[Fraction]) -> Distance:
    """The squared difference of two values at a level of measurement."""
    if level == "nominal":
        return lambda a, b: Fraction(int(a != b))
    if level == "interval":
        return lambda a, b: (a - b) ** 2
    if level == "ratio":
        return lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else Fraction(0)
    if level != "ordinal":
        raise ValueError(level)
    order = sorted(counts)
    below: dict[Fraction, Fraction] = {}
    passed = 0
    for value in order:
        # The middle of the value's own ratings: the difference of two middles is Krippendorff's sum between them.
        below[value] = passed + Fraction(counts[value], 2)
        passed += counts[value]
    return lambda a, b: (below[a] - below[b]) ** 2


def alpha_interval(
    units: Sequence[Unit], level: str = "ordinal", *, seed: int = 1, draws: int = 1000
) -> tuple[float, float] | None:
    """The 95 % interval of alpha by drawing units anew with replacement (percentiles); the same for the same seed.

    None where fewer than three units can be compared, or where most draws hold one value alone.
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13; for alpha: Zapf et al. (2016),
    BMC Medical Research Methodology 16:93.
    """
    rows = [(Counter(row), len(row) - 1) for row in given(units)]
    if len(rows) < 3:
        return None
    draw = random.Random(seed)  # noqa: S311 (drawn anew, nothing secret)
    found: list[float] = []
    for _ in range(draws):
        drawn = draw.choices(rows, k=len(rows))
        counts = Counter[Fraction]()
        for row, _others in drawn:
            counts.update(row)
        if len(counts) > 1:
            found.append(_alpha_drawn(drawn, counts, level))
    if len(found) < draws / 2:
        return None
    found.sort()
    return found[math.floor(0.025 * (len(found) - 1))], found[math.ceil(0.975 * (len(found) - 1))]


def _alpha_drawn(
    rows: Sequence[tuple[Counter[Fraction], int]], counts: Counter[Fraction], level: str
) -> float:
    """Alpha of one draw: as `krippendorff_alpha`, in floating point, where a thousand draws must not take long."""
    exact = _distance(level, counts)
    far = {(a, b): float(exact(a, b)) for a in counts for b in counts if a != b}
    observed = sum(
        n * m * far[a, b] / others
        for row, others in rows
        for a, n in row.items()
        for b, m in row.items()
        if a != b
    )
    expected = sum(n * m * far[a, b] for a, n in counts.items() for b, m in counts.items() if a != b)
    return 1 - (counts.total() - 1) * observed / expected


def gwet(units: Sequence[Unit], scale: Sequence[int], weights: Weights = identity) -> Figure:
    """Gwet's AC1 (weights `identity`) or AC2 (`quadratic`, `linear`) over the whole scale, with missing ratings.

    Gwet (2008), British Journal of Mathematical and Statistical Psychology 61; Gwet (2014), Handbook of Inter-Rater
    Reliability, 4th ed., chapters 5 and 6.
    """
    rows = [[value for value in unit if value is not None] for unit in units]
    rows = [row for row in rows if row]
    size = len(scale)
    if all(len(row) < 2 for row in rows):
        return _none(_FEW)
    if size < 2:
        return _none("the scale has one category")
    place = {Fraction(value): number for number, value in enumerate(scale)}
    counts = [Counter(place[Fraction(value)] for value in row) for row in rows]
    share = [sum((Fraction(c[k], c.total()) for c in counts), Fraction(0)) / len(counts) for k in range(size)]
    seen = []
    for one in counts:
        total = one.total()
        if total > 1:
            near = {k: sum((weights(k, j, size) * n for j, n in one.items()), Fraction(0)) for k in one}
            seen.append(sum((n * (near[k] - 1) for k, n in one.items()), Fraction(0)) / (total * (total - 1)))
    agreed = sum(seen, Fraction(0)) / len(seen)
    all_weights = sum((weights(i, j, size) for i in range(size) for j in range(size)), Fraction(0))
    chance = all_weights / (size * (size - 1)) * sum((one * (1 - one) for one in share), Fraction(0))
    return Figure((agreed - chance) / (1 - chance))


def intraclass(units: Sequence[Unit], form: int = 2) -> Figure:
    """The intraclass correlation of one rating: form 1 (raters differ from unit to unit), 2 (the same raters, a sample of
    raters, absolute agreement) or 3 (these raters alone, consistency). Shrout & Fleiss (1979), Psychological Bulletin 86."""
    rows = given(units)
    if not rows:
        return _none(_FEW)
    if len({len(row) for row in rows}) > 1 or len(rows) < len(units):
        return _none("not every rater rated everything; alpha allows for that")
    n, k = len(rows), len(rows[0])
    if n < 2:
        return _none("only one thing was rated")
    mean = sum((value for row in rows for value in row), Fraction(0)) / (n * k)
    of_rows = [sum(row, Fraction(0)) / k for row in rows]
    of_raters = [sum((row[j] for row in rows), Fraction(0)) / n for j in range(k)]
    between = k * sum(((one - mean) ** 2 for one in of_rows), Fraction(0)) / (n - 1)
    raters = n * sum(((one - mean) ** 2 for one in of_raters), Fraction(0))
    whole = sum(((value - mean) ** 2 for row in rows for value in row), Fraction(0))
    inside = whole - between * (n - 1)
    within, rest = inside / (n * (k - 1)), (inside - raters) / ((n - 1) * (k - 1))
    judges = raters / (k - 1)
    bottom: Fraction = {
        1: between + (k - 1) * within,
        2: between + (k - 1) * rest + k * (judges - rest) / n,
        3: between + (k - 1) * rest,
    }[form]
    if not bottom:
        return _none("every rating is the same value: nothing varies that raters could agree on")
    return Figure((between - (within if form == 1 else rest)) / bottom)


READING = (
    "Alpha is 1 where all give the same values, and near 0 where they agree no more than by chance. Its interval comes from drawing "
    "anew, a thousand times, what was rated; where that is little, it is rough. People who agree can still be wrong together."
)
"""How to read agreement, and what it does not say; wherever it is shown."""
WHY_AC2 = "one value holds over 80 % of ratings, where alpha falls although people agree"
"""Why AC2 stands beside alpha."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is said of a round: ordinal alpha with its interval, percent agreement beside it, and AC2 where one category
    holds so much that alpha misleads."""

    alpha: Figure
    interval: tuple[float, float] | None
    exact: Figure
    adjacent: Figure
    ac2: Figure | None
    raters: int
    units: int


def agreement(units: Sequence[Unit], scale: Sequence[int], *, seed: int = 1) -> Agreement:
    """The figures that are shown by default."""
    values = Counter(value for unit in units for value in unit if value is not None)
    most = max(values.values(), default=0)
    skewed = bool(values) and Fraction(most, values.total()) > SKEWED
    alpha = krippendorff_alpha(units)
    raters = {number for unit in units for number, value in enumerate(unit) if value is not None}
    return Agreement(
        alpha,
        alpha_interval(units, seed=seed) if alpha.value is not None else None,
        percent_agreement(units),
        percent_agreement(units, 1),
        gwet(units, scale, quadratic) if skewed else None,
        len(raters),
        len(given(units)),
    )


def others(units: Sequence[Unit], scale: Sequence[int]) -> tuple[tuple[str, Figure], ...]:
    """Every other coefficient of the same ratings, by name: for whoever has to report one of them."""
    pair = bool(units) and len(units[0]) == 2
    sides = [[None if value is None else int(value) for value in side] for side in zip(*units, strict=True)]
    table = pair_table(sides[0], sides[1], scale) if pair else []

    def kappa(weights: Weights) -> Figure:
        return cohen_kappa(table, weights) if pair else _none("it is for two raters, neither more nor fewer")

    return (
        *((f"Krippendorff’s alpha, {level}", krippendorff_alpha(units, level)) for level in ("nominal", "interval", "ratio")),
        ("Gwet’s AC1", gwet(units, scale)),
        ("Gwet’s AC2, linear weights", gwet(units, scale, linear)),
        ("Gwet’s AC2, quadratic weights", gwet(units, scale, quadratic)),
        ("Fleiss’ kappa", fleiss_kappa(units)),
        ("Cohen’s kappa", kappa(identity)),
        ("Cohen’s kappa, linear weights", kappa(linear)),
        ("Cohen’s kappa, quadratic weights", kappa(quadratic)),
        ("Intraclass correlation ICC(1,1)", intraclass(units, 1)),
        ("Intraclass correlation ICC(2,1)", intraclass(units, 2)),
        ("Intraclass correlation ICC(3,1)", intraclass(units, 3)),
    )  # fmt: skip
