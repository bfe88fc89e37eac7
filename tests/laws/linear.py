"""What an attacker can work out: the least and the most that an unknown number can be, under equations and bounds, exactly.

A two-phase simplex over whole numbers and fractions with Bland's rule (Chvátal, Linear Programming, chapters 2, 3 and 8). Unknowns
are ≥ 0. A first solution is looked for once; each question goes on from where the last one ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Number = int | Fraction
"""Whole as long as it can be: that is much faster."""


@dataclass
class Known:
    """Equations Σ a·x = b and bounds x ≤ b over named unknowns that are at least 0."""

    names: list[str] = field(default_factory=list)
    rows: list[tuple[Mapping[str, int], int]] = field(default_factory=list)
    fixed: dict[str, int] = field(default_factory=dict)
    _slacks: int = 0
    _stands: tuple[list[list[Number]], list[int]] | None = None

    def equal(self, terms: Mapping[str, int], value: int) -> None:
        """Takes an equation in; what is known outright is put in its place at once, which keeps the rest small."""
        self._stands = None
        value -= sum(factor * self.fixed[name] for name, factor in terms.items() if name in self.fixed)
        terms = {name: factor for name, factor in terms.items() if name not in self.fixed and factor}
        if not terms:
            assert value == 0, "the facts contradict each other"
            return
        if len(terms) == 1:
            ((name, factor),) = terms.items()
            assert value % factor == 0
            self.fixed[name] = value // factor
            before, self.rows, self.names = self.rows, [], []
            for row in before:
                self.equal(*row)
            return
        for name in terms:
            if name not in self.names:
                self.names.append(name)
        self.rows.append((terms, value))

    def at_most(self, name: str, value: int) -> None:
        self._slacks += 1
        self.equal({name: 1, f"slack{self._slacks}": 1}, value)

    def at_least(self, name: str, value: int) -> None:
        self._slacks += 1
        self.equal({name: 1, f"slack{self._slacks}": -1}, value)

    def range_of(self, name: str) -> tuple[Fraction, Fraction]:
        """The least and the most that an unknown can be."""
        if name in self.fixed:
            return Fraction(self.fixed[name]), Fraction(self.fixed[name])
        low = -self._most({name: -1})
        return Fraction(low), Fraction(self._most({name: 1}))

    def _most(self, goal: Mapping[str, int]) -> Number:
        self._stands = self._stands or self._first()
        aim: list[Number] = [goal.get(name, 0) for name in self.names]
        return _climb(*self._stands, aim, len(self.names))

    def _first(self) -> tuple[list[list[Number]], list[int]]:
        """A first solution: the table and its basis."""
        n, m = len(self.names), len(self.rows)
        place = {name: number for number, name in enumerate(self.names)}
        table: list[list[Number]] = []
        for at, (terms, value) in enumerate(self.rows):
            sign = -1 if value < 0 else 1
            row: list[Number] = [0] * (n + m + 1)
            for name, factor in terms.items():
                row[place[name]] += sign * factor
            row[n + at], row[-1] = 1, sign * value
            table.append(row)
        basis = [n + at for at in range(m)]
        first: list[Number] = [*([0] * n), *([-1] * m)]
        assert _climb(table, basis, first, n + m) == 0, "the facts contradict each other"
        # Artificial unknowns that are still in the basis stand at 0: out with them, or their row says nothing.
        for at in range(len(table) - 1, -1, -1):
            if basis[at] >= n:
                column = next((c for c in range(n) if table[at][c]), None)
                if column is None:
                    del table[at], basis[at]
                else:
                    _pivot(table, basis, at, column)
        return [[*row[:n], row[-1]] for row in table], basis


def _climb(table: list[list[Number]], basis: list[int], goal: Sequence[Number], columns: int) -> Number:
    while True:
        costs = [(goal[basis[at]], row) for at, row in enumerate(table) if goal[basis[at]]]
        for column in range(columns):
            if column in basis:
                continue
            if goal[column] > sum(cost * row[column] for cost, row in costs):
                break
        else:
            return sum(cost * row[-1] for cost, row in costs)
        steps = [
            (Fraction(row[-1]) / row[column], basis[at], at)
            for at, row in enumerate(table)
            if row[column] > 0
        ]
        assert steps, "there is no bound"
        _pivot(table, basis, min(steps)[2], column)


def _pivot(table: list[list[Number]], basis: list[int], at: int, column: int) -> None:
    by = table[at][column]
    if by != 1:
        table[at] = (
            [-value for value in table[at]]
            if by == -1
            else [_whole(Fraction(value) / by) for value in table[at]]
        )
    for other, row in enumerate(table):
        if other != at and row[column]:
            factor = row[column]
            table[other] = [
                value - factor * own if own else value for value, own in zip(row, table[at], strict=True)
            ]
    basis[at] = column


def _whole(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value
