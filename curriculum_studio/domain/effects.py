"""Effects of a study: Hedges' g with its interval, corrected for small samples and for clusters, and what it means in percentiles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from curriculum_studio.domain.item_analysis import Interval

ALIKE = 0.20
"""The intraclass correlation where a study reports none: What Works Clearinghouse, Handbook, version 5.0, for achievement."""

Z = 1.96
"""The quantile as the Handbook prints it, so that intervals agree with reviews that use it."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One group: mean, standard deviation, students, and clusters (classes or schools; 0 where students were assigned)."""

    mean: float
    deviation: float
    n: int
    clusters: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect: g, its standard error and 95 % interval; `improvement` is the expected change in percentile rank."""

    g: float
    error: float
    interval: Interval
    improvement: float


def hedges(treated: Arm, compared: Arm, alike: float = ALIKE) -> Effect | None:
    """Hedges' g, treated minus compared; None where it cannot be computed (fewer than 2 students, no spread).

    g = ω·(m₁ − m₂)/s with the pooled s and ω = 1 − 3/(4(n₁ + n₂) − 9): Hedges (1981), Journal of Educational Statistics 6. The
    error is √((n₁ + n₂)/(n₁n₂) + g²/(2(n₁ + n₂))): Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, chapter 5. With
    clusters d is shrunk by √(1 − 2(m − 1)ρ/(N − 2)) and the first term of the error grows by 1 + (m − 1)ρ, m students in
    a cluster: Hedges (2007), Journal of Educational and Behavioral Statistics 32, for clusters of equal size.
    """
    n = treated.n + compared.n
    if min(treated.n, compared.n) < 2:
        return None
    spread = math.sqrt(
        ((treated.n - 1) * treated.deviation**2 + (compared.n - 1) * compared.deviation**2) / (n - 2)
    )
    if spread <= 0:
        return None
    omega = 1 - 3 / (4 * n - 9)
    clusters = treated.clusters + compared.clusters
    size = n / clusters if treated.clusters and compared.clusters else 1.0
    shrink = math.sqrt(max(0.0, 1 - 2 * (size - 1) * alike / (n - 2)))
    d = (treated.mean - compared.mean) / spread * shrink
    sampling = n / (treated.n * compared.n) * (1 + (size - 1) * alike)
    g = omega * d
    error = math.sqrt(sampling + g * g / (2 * n))
    return Effect(g, error, (g - Z * error, g + Z * error), 100 * (NormalDist().cdf(g) - 0.5))


def cox(treated: float, compared: float) -> float | None:
    """Cox's index of two shares, ln(odds ratio) ÷ 1.65, which can stand beside g; None for shares of 0 or 1.

    Cox (1970), Analysis of Binary Data; Sánchez-Meca et al. (2003), Psychological Methods 8.
    """
    if not (0 < treated < 1 and 0 < compared < 1):
        return None
    return math.log(treated * (1 - compared) / (compared * (1 - treated))) / 1.65
