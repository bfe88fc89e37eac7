"""What an attacker can work out: the least and the most that an unknown number can be, under equations and bounds, exactly.

A two-phase simplex over fractions with Bland's rule (Chvátal, Linear Programming, chapters 2, 3 and 8). Unknowns are ≥ 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass
class Known:
    """Equations Σ a·x = b and bounds x ≤ b over named unknowns that are at least 0."""

    names: list[str] = field(default_factory=list)
    rows: list[tuple[Mapping[str, int], int]] = field(default_factory=list)
    fixed: dict[str, int] = field(default_factory=dict)
    _slacks: int = 0

    def equal(self, terms: Mapping[str, int], value: int) -> None:
        """Takes an equation in; what is known outright is put in its place at once, which keeps the rest small."""
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
        low = -self._most({name: Fraction(-1)})
        return low, self._most({name: Fraction(1)})

    def _most(self, goal: Mapping[str, Fraction]) -> Fraction:
        n, m = len(self.names), len(self.rows)
        place = {name: number for number, name in enumerate(self.names)}
        table = []
        for at, (terms, value) in enumerate(self.rows):
            sign = -1 if value < 0 else 1
            row = [Fraction(0)] * (n + m + 1)
            for name, factor in terms.items():
                row[place[name]] += sign * factor
            row[n + at], row[-1] = Fraction(1), Fraction(sign * value)
            table.append(row)
        basis = [n + at for at in range(m)]
        first = [Fraction(0)] * n + [Fraction(-1)] * m
        assert _climb(table, basis, first, n + m) == 0, "the facts contradict each other"
        # Artificial unknowns that are still in the basis stand at 0: out with them, or their row says nothing.
        for at in range(len(table) - 1, -1, -1):
            if basis[at] >= n:
                column = next((c for c in range(n) if table[at][c]), None)
                if column is None:
                    del table[at], basis[at]
                else:
                    _pivot(table, basis, at, column)
        aim = [goal.get(name, Fraction(0)) for name in self.names] + [Fraction(0)] * m
        return _climb(table, basis, aim, n)


def _climb(table: list[list[Fraction]], basis: list[int], goal: Sequence[Fraction], columns: int) -> Fraction:
    while True:
        for column in range(columns):
            if column in basis:
                continue
            gain = goal[column] - sum(
                (goal[basis[at]] * row[column] for at, row in enumerate(table)), Fraction(0)
            )
            if gain > 0:
                break
        else:
            return sum((goal[basis[at]] * row[-1] for at, row in enumerate(table)), Fraction(0))
        steps = [(row[-1] / row[column], basis[at], at) for at, row in enumerate(table) if row[column] > 0]
        assert steps, "there is no bound"
        _pivot(table, basis, min(steps)[2], column)


def _pivot(table: list[list[Fraction]], basis: list[int], at: int, column: int) -> None:
    by = table[at][column]
    table[at] = [value / by for value in table[at]]
    for other, row in enumerate(table):
        if other != at and row[column]:
            factor = row[column]
            table[other] = [value - factor * own for value, own in zip(row, table[at], strict=True)]
    basis[at] = column
