"""Before and after: never a bare difference, and classes that are alike count for less."""

from __future__ import annotations

import random

import pytest

from curriculum_studio.domain.comparisons import DESIGN, Side, compare
from curriculum_studio.domain.item_analysis import newcombe


def test_a_difference_comes_with_its_interval_and_a_sentence() -> None:
    found = compare(Side(48, 80), Side(56, 70))
    assert found is not None
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert not found.for_classes
    assert "More gave this answer" in found.says
    assert "95 % interval 5 to 33 points" in found.says
    fewer = compare(Side(56, 70), Side(48, 80))
    assert fewer is not None
    assert "Fewer gave this answer" in fewer.says
    open_ = compare(Side(20, 60), Side(18, 60))
    assert open_ is not None
    assert "do not say" in open_.says
    assert compare(Side(0, 0), Side(1, 2)) is None


@pytest.mark.parametrize("seed", range(4))
def test_never_a_bare_difference(seed: int) -> None:
    """Whatever comes in: the sentence has both shares and the interval, and says more or fewer only where the interval does."""
    draw = random.Random(seed)
    for _ in range(300):
        sides = []
        for _ in range(2):
            n = draw.randrange(1, 400)
            sides.append(Side(draw.randrange(n + 1), n, draw.choice((0, 0, draw.randrange(1, 20)))))
        found = compare(*sides)
        assert found is not None
        assert found.interval[0] - 1e-9 <= found.difference <= found.interval[1] + 1e-9, (seed, sides)
        said = found.says
        assert "95 % interval" in said
        assert said.count("%") >= 3
        assert said.startswith("More") == (found.interval[0] > 0), (seed, sides)
        assert said.startswith("Fewer") == (found.interval[1] < 0), (seed, sides)
    assert "Nothing else was held equal" in DESIGN


def test_classes_widen_the_interval() -> None:
    # 80 students in 4 classes: 80 ÷ (1 + 19 × 0.2) = 16.666…; 70 in 3: 70 ÷ (1 + (70/3 − 1) × 0.2) = 12.8048…
    before, after = Side(48, 80, 4), Side(56, 70, 3)
    assert before.counts_as == pytest.approx(80 / 4.8)
    assert after.counts_as == pytest.approx(70 / (1 + (70 / 3 - 1) * 0.2))
    found = compare(before, after)
    assert found is not None
    assert found.for_classes
    expected = newcombe((0.8 * after.counts_as, after.counts_as), (0.6 * before.counts_as, before.counts_as))
    assert expected is not None
    assert found.interval == pytest.approx(expected[1])
    plain = compare(Side(48, 80), Side(56, 70))
    assert plain is not None
    assert found.interval[0] < plain.interval[0] < plain.interval[1] < found.interval[1]
    # One side unknown: no allowance is made for half of it.
    half = compare(Side(48, 80, 4), Side(56, 70))
    assert half is not None
    assert half.interval == plain.interval
