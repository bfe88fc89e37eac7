"""Effect sizes against worked figures."""

from __future__ import annotations

import math

import pytest

from curriculum_studio.domain.effects import Arm, cox, hedges


def test_a_worked_example() -> None:
    # m 82, s 10, n 30 against m 76, s 12, n 28: s = √((29·100 + 27·144)/56) = 11.0097359512, d = 0.5449721980,
    # ω = 1 − 3/223 = 0.9865470852, g = 0.5376407333; error √(58/840 + g²/116) = 0.2674686796; Φ(g) − ½ = 0.2045874485.
    found = hedges(Arm(82, 10, 30), Arm(76, 12, 28))
    assert found is not None
    assert found.g == pytest.approx(0.5376407333898496, abs=1e-12)
    assert found.error == pytest.approx(0.2674686795670532, abs=1e-12)
    assert found.interval == pytest.approx((0.01340212143842534, 1.061879345341274), abs=1e-9)
    assert found.improvement == pytest.approx(20.458744850987777, abs=1e-9)


def test_clusters_shrink_the_effect_and_widen_the_interval() -> None:
    # 200 students in 8 classes of 25: shrink √(1 − 2·24·0.2/198) = 0.9754499..., the first term of the error × 5.8.
    alone, classes = (
        hedges(Arm(55, 10, 100), Arm(50, 10, 100)),
        hedges(Arm(55, 10, 100, 4), Arm(50, 10, 100, 4)),
    )
    assert alone is not None
    assert classes is not None
    assert classes.g / alone.g == pytest.approx(math.sqrt(1 - 9.6 / 198))
    assert classes.error == pytest.approx(math.sqrt(0.02 * 5.8 + classes.g**2 / 400))
    assert alone.interval[0] > 0 > classes.interval[0]


def test_shares() -> None:
    assert cox(0.7, 0.55) == pytest.approx(0.39189525146972853, abs=1e-12)
    assert cox(1, 0.5) is None
    assert cox(0.5, 0) is None


def test_what_cannot_be_computed_is_none() -> None:
    assert hedges(Arm(1, 0, 10), Arm(2, 0, 10)) is None
    assert hedges(Arm(1, 1, 1), Arm(2, 1, 10)) is None
