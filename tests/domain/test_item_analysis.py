"""Item analysis against published examples, hand-worked ones, and figures derived with other tools."""

from __future__ import annotations

import json
import math
import random
import statistics
from fractions import Fraction

import pytest

from curriculum_studio.domain.evidence import Item, Option, Results, Tally, tally_rows
from curriculum_studio.domain.item_analysis import (
    alpha,
    alpha_interval,
    correlation_interval,
    difficulty,
    discrimination,
    distractors,
    mark_discrimination,
    measurement_error,
    newcombe,
    points_error,
    score_variance,
    wilson,
)
from tests.shared import shared

# Bock & Lieberman (1970), Psychometrika 35: answers of 1,000 examinees to five items of section 6 of the LSAT, as the
# frequencies of the 32 patterns from 00000 to 11111.
LSAT6 = (
    3,
    6,
    2,
    11,
    1,
    1,
    3,
    4,
    1,
    8,
    0,
    16,
    0,
    3,
    2,
    15,
    10,
    29,
    14,
    81,
    3,
    28,
    15,
    80,
    16,
    56,
    21,
    173,
    11,
    61,
    28,
    298,
)
FIVE = [Item(f"q{n}", "", "points", (), 1) for n in range(1, 6)]
KEYED = Item(
    "q1", "", "choices", (Option("A", "", True), Option("B", "", False, "m-x"), Option("C", "", False))
)


def lsat() -> Results:
    rows = [list(f"{pattern:05b}") for pattern, count in enumerate(LSAT6) for _ in range(count)]
    results, mistakes = tally_rows(FIVE, rows)
    assert not mistakes
    return results


def test_lsat_6() -> None:
    results = lsat()
    assert sum(LSAT6) == results.students == 1000
    assert [difficulty(one) for one in results.tallies] == [
        Fraction(p, 1000) for p in (924, 709, 553, 763, 870)
    ]
    value = alpha(results)
    assert value is not None
    assert float(value) == pytest.approx(0.2949972, abs=1e-7)
    # Correlations with the rest, to the four places in which they are printed.
    rest = [discrimination(results, one) or 0 for one in results.tallies]
    assert rest == pytest.approx([0.1128, 0.1532, 0.1728, 0.1444, 0.1216], abs=5e-5)
    deleted = [float(alpha(results, one.item.id) or 0) for one in results.tallies]
    assert deleted == pytest.approx([0.2754, 0.2376, 0.2168, 0.2459, 0.2663], abs=5e-5)
    assert float(score_variance(results) or 0) == pytest.approx(1.07131031031031, abs=1e-12)
    # s √(1 − α) = √(1.0713103103 × 0.7050028078)
    assert measurement_error(results) == pytest.approx(0.8690666124, abs=1e-9)


def test_lsat_6_and_intervals_against_the_shared_vectors() -> None:
    vectors = json.loads(shared("stat-test-vectors.json").read_text())
    wanted, results = vectors["item_analysis_lsat6"], lsat()
    assert float(alpha(results) or 0) == pytest.approx(wanted["cronbach_alpha"], abs=1e-9)
    for one, p, r in zip(results.tallies, wanted["p"], wanted["point_biserial_excluded"], strict=True):
        assert float(difficulty(one) or 0) == pytest.approx(p, abs=1e-9)
        assert discrimination(results, one) == pytest.approx(r, abs=5e-5)
    for row in vectors["wilson_interval_95"]:
        assert wilson(row["x"], row["n"]) == pytest.approx((row["low"], row["high"]), abs=1e-9)


def test_lsat_6_to_six_places_by_another_way() -> None:
    """The rest correlations are printed to four places; here they are worked out anew from the 1,000 rows, by their definition."""
    rows = [list(map(int, f"{pattern:05b}")) for pattern, count in enumerate(LSAT6) for _ in range(count)]
    results = lsat()
    for place, tally in enumerate(results.tallies):
        own, rest = [row[place] for row in rows], [sum(row) - row[place] for row in rows]
        assert float(difficulty(tally) or 0) == pytest.approx(statistics.fmean(own), abs=1e-9)
        assert discrimination(results, tally) == pytest.approx(statistics.correlation(own, rest), abs=1e-9)
    spread = sum(statistics.variance([row[place] for row in rows]) for place in range(5))
    whole = statistics.variance([sum(row) for row in rows])
    assert float(alpha(results) or 0) == pytest.approx(5 / 4 * (1 - spread / whole), abs=1e-9)


def test_lsat_6_is_the_shared_file() -> None:
    """The counts above are those of the file that others hold."""
    lines = shared("lsat6-response-patterns.tsv").read_text("utf-8").split("\n")[1:]
    found = {
        line.rpartition("\t")[0].replace("\t", ""): int(line.rpartition("\t")[2]) for line in lines if line
    }
    assert found == {f"{pattern:05b}": count for pattern, count in enumerate(LSAT6)}


def test_wilson_and_newcombe_against_printed_examples() -> None:
    assert wilson(8, 10) == pytest.approx((0.4901624715, 0.9433178485), abs=1e-9)
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)
    assert wilson(0, 0) is None
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
    for after, before, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ):
        found = newcombe(after, before)
        assert found is not None
        assert found[0] == pytest.approx(after[0] / after[1] - before[0] / before[1])
        assert found[1] == pytest.approx((low, high), abs=5e-5), (after, before)
    assert newcombe((1, 0), (1, 2)) is None


def test_alpha_by_hand() -> None:
    # Four students, scores (3,2), (1,1), (2,0), (0,1) on two items of at most 3 points: Σx = 6, Σx² = 14; Σy = 4, Σy² = 6;
    # totals 5, 2, 2, 1: Σt = 10, Σt² = 34. n² variances: 4·14−36 = 20, 4·6−16 = 8, 4·34−100 = 36. α = 2(1 − 28/36) = 4/9.
    items = [Item("a", "", "points", (), 3), Item("b", "", "points", (), 3)]
    results, _ = tally_rows(items, [("3", "2"), ("1", "1"), ("2", "0"), ("0", "1")])
    assert (results.total, results.squares) == (10, 34)
    assert alpha(results) == Fraction(4, 9)
    # With two items the rest is the other item: r = (n²cov)/√(20·8), n²cov = 4·Σxy − 24 = 4·7 − 24 = 4.
    assert discrimination(results, results.tallies[0]) == pytest.approx(4 / math.sqrt(160))
    # Bonett: 1 − exp(ln(5/9) ± 1.959964·√(2·2/(1·2))).
    low, high = alpha_interval(Fraction(4, 9), 2, 4) or (0, 0)
    assert (low, high) == pytest.approx(
        (1 - 5 / 9 * math.exp(1.959964 * math.sqrt(2)), 1 - 5 / 9 * math.exp(-1.959964 * math.sqrt(2))),
        abs=1e-6,
    )


@pytest.mark.parametrize("seed", range(6))
def test_sums_give_what_rows_give(seed: int) -> None:
    """Every figure from counts and sums equals the one from the rows, which nobody keeps."""
    draw = random.Random(seed)
    points = Item("q2", "", "points", (), 4)
    rows = [
        (draw.choice(["A", "A", "B", "C", ""]), str(draw.randrange(5)), str(draw.randrange(2)))
        for _ in range(80)
    ]
    items = [KEYED, points, Item("q3", "", "points", (), 1)]
    results, _ = tally_rows(items, rows)
    scores = [
        [item.worth(item.mark(cell) or "") for item, cell in zip(items, row, strict=True)] for row in rows
    ]

    def correlation(xs: list[float], ys: list[float]) -> float:
        a, b = sum(xs) / len(xs), sum(ys) / len(ys)
        up = sum((x - a) * (y - b) for x, y in zip(xs, ys, strict=True))
        return up / math.sqrt(sum((x - a) ** 2 for x in xs) * sum((y - b) ** 2 for y in ys))

    for place, tally in enumerate(results.tallies):
        own = [float(row[place]) for row in scores]
        rest = [float(sum(row) - row[place]) for row in scores]
        assert discrimination(results, tally) == pytest.approx(correlation(own, rest), abs=1e-12)
        for mark in tally.counts:
            chose = [
                float(item_mark == mark) for item_mark in (items[place].mark(row[place]) for row in rows)
            ]
            assert mark_discrimination(results, tally, mark) == pytest.approx(
                correlation(chose, rest), abs=1e-12
            )
    deviation = math.sqrt(sum((row[1] - sum(r[1] for r in scores) / 80) ** 2 for row in scores) / 79)
    counts = {int(mark): count for mark, count in results.tallies[1].counts.items()}
    assert points_error(counts, 4) == pytest.approx(deviation / math.sqrt(80) / 4, abs=1e-12)


def test_distractors_come_with_their_misconception() -> None:
    found = distractors(Tally(KEYED, {"A": 30, "C": 12, "B": 14, "": 4}))
    assert [(one.mark, one.misconception, one.count) for one in found] == [("B", "m-x", 14), ("C", None, 12)]
    assert found[0].interval == wilson(14, 60)


def test_what_cannot_be_computed_is_none() -> None:
    same, _ = tally_rows(FIVE, [list("11111")] * 12)
    assert alpha(same) is None
    assert discrimination(same, same.tallies[0]) is None
    assert measurement_error(same) is None
    counts = Results(40, (Tally(KEYED, {"A": 40}),))
    assert alpha(counts) is None
    assert discrimination(counts, counts.tallies[0]) is None
    assert difficulty(Tally(KEYED, {})) is None


def test_the_interval_of_a_correlation() -> None:
    """By hand: artanh 0.5 = 0.5493, 1/√25 = 0.2, so 0.1573 to 0.9413, and back 0.156 to 0.736."""
    found = correlation_interval(0.5, 28)
    assert found is not None
    assert found == pytest.approx((0.156, 0.736), abs=0.0005)
    assert correlation_interval(0.5, 3) is None
    assert correlation_interval(1.0, 40) is None
