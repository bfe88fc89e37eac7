"""Before and after a change: two shares with their design, their difference and its interval; never a bare difference."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum_studio.domain.item_analysis import Interval, newcombe

ALIKE = 0.20
"""The correlation of students of one class that is assumed where nothing else is known: What Works Clearinghouse, Procedures
and Standards Handbook, version 5.0, for outcomes of achievement."""
DESIGN = (
    "Different students, one group before and one after the change. Nothing else was held equal: teachers, classes and the "
    "time of the year may differ, so a difference need not come from the change."
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: how many gave the answer, of how many, in how many classes (0: not known)."""

    hits: int
    n: int
    classes: int = 0

    @property
    def counts_as(self) -> float:
        """How many students drawn one by one these are worth: n ÷ (1 + (m − 1)ρ), with m students in a class.

        Kish (1965), Survey Sampling, chapter 5; the correction of the WWC for clusters.
        """
        if not 0 < self.classes < self.n:
            return float(self.n)
        return self.n / (1 + (self.n / self.classes - 1) * ALIKE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two shares, after minus before, with the 95 % interval; `for_classes` says whether it allows for classes being alike."""

    before: Side
    after: Side
    difference: float
    interval: Interval
    for_classes: bool

    @property
    def says(self) -> str:
        """What the interval allows to say, in a sentence."""
        low, high = (round(100 * end) for end in self.interval)
        change = f"from {100 * self.before.hits / self.before.n:.0f} % to {100 * self.after.hits / self.after.n:.0f} %"
        points = f"{abs(100 * self.difference):.0f} percentage points"
        span = f"95 % interval {low} to {high} points".replace("-", "−")
        if self.interval[0] > 0:
            return f"More gave this answer after the change: {change}, {points} more ({span})."
        if self.interval[1] < 0:
            return f"Fewer gave this answer after the change: {change}, {points} fewer ({span})."
        return f"The results do not say whether it became more or less: {change} ({span})."


def compare(before: Side, after: Side) -> Comparison | None:
    """Compares two groups; None where one is empty. Where the classes of both are known, the interval is that of as many
    students drawn one by one as the groups are worth."""
    if not before.n or not after.n:
        return None
    known = before.classes > 0 and after.classes > 0

    def worth(side: Side) -> tuple[float, float]:
        n = side.counts_as if known else float(side.n)
        return side.hits * n / side.n, n

    found = newcombe(worth(after), worth(before))
    return Comparison(before, after, found[0], found[1], known) if found else None
