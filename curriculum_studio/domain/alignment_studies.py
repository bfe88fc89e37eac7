"""Porter's index and Webb's criteria: how far two descriptions of content agree, exact as fractions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Number = int | Fraction


def porter_index(one: Sequence[Sequence[Number]], other: Sequence[Sequence[Number]]) -> Fraction | None:
    """1 − half the sum of differences of two tables of shares (topics by demand); counts are turned into shares first.

    None where a table is empty. Porter (2002), Educational Researcher 31(7).
    """
    first = [Fraction(cell) for row in one for cell in row]
    second = [Fraction(cell) for row in other for cell in row]
    if len(first) != len(second):
        raise ValueError("The tables are of different form.")
    if not sum(first) or not sum(second):
        return None
    total, beside = sum(first), sum(second)
    gap = sum((abs(a / total - b / beside) for a, b in zip(first, second, strict=True)), Fraction(0))
    return 1 - gap / 2


def balance_index(hits: Sequence[int]) -> Fraction | None:
    """Webb's balance of representation: 1 − ½ Σ |1/O − hitsₖ/H| over the objectives that are hit at all.

    None where none is hit. Webb (1997, 2007), Applied Measurement in Education 20(1).
    """
    hit = [number for number in hits if number]
    if not hit:
        return None
    total = sum(hit)
    return 1 - sum((abs(Fraction(1, len(hit)) - Fraction(number, total)) for number in hit), Fraction(0)) / 2


@dataclass(frozen=True, slots=True)
class Webb:
    """Webb's four criteria for one standard, each with the customary verdict `YES`, `WEAK` or `NO`."""

    hits: int
    concurrence: bool
    depth: Fraction | None
    depth_level: str
    range: Fraction | None
    range_level: str
    balance: Fraction | None
    balance_level: str


def webb(objectives: Mapping[str, int], items: Sequence[tuple[str, int]]) -> Webb:
    """The criteria from the depth of each objective, and for each item the objective that it meets and its own depth.

    Cuts: 6 items; half of the items at or above the depth of their objective (40 % weak); half of the objectives met
    (40 % weak); balance 0.7 (0.6 weak). Webb (2007), Applied Measurement in Education 20(1).
    """
    hits = [(objective, depth) for objective, depth in items if objective in objectives]
    count = {one: sum(objective == one for objective, _ in hits) for one in objectives}
    deep = sum(depth >= objectives[objective] for objective, depth in hits)
    depth = Fraction(deep, len(hits)) if hits else None
    reach = Fraction(sum(n > 0 for n in count.values()), len(objectives)) if objectives else None
    balance = balance_index(list(count.values()))
    half, weak = Fraction(1, 2), Fraction(2, 5)
    return Webb(
        len(hits),
        len(hits) >= 6,
        depth,
        _level(depth, half, weak),
        reach,
        _level(reach, half, weak),
        balance,
        _level(balance, Fraction(7, 10), Fraction(6, 10)),
    )


def _level(value: Fraction | None, yes: Fraction, weak: Fraction) -> str:
    if value is None or value < weak:
        return "NO"
    return "YES" if value >= yes else "WEAK"
