"""Coefficients of agreement: worked examples of the literature, and identities that must hold for any ratings."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from curriculum_studio.domain.agreement import (
    Figure,
    agreement,
    alpha_interval,
    brennan_prediger,
    cohen_kappa,
    fleiss_kappa,
    gwet,
    identity,
    intraclass,
    kappa_error,
    krippendorff_alpha,
    linear,
    others,
    pair_table,
    percent_agreement,
    quadratic,
)
from curriculum_studio.domain.alignment_studies import balance_index, porter_index, webb
from curriculum_studio.domain.flags import sign_of_round
from tests.domain.oracles import PLACE
from tests.shared import shared

LEVELS = ("nominal", "ordinal", "interval", "ratio")
Units = list[tuple[int | None, ...]]


def vectors(name: str) -> Any:
    return json.loads(shared("stat-test-vectors.json").read_text())[name]


def near(figure: Figure | Fraction | float | None, expected: float) -> bool:
    value = figure.value if isinstance(figure, Figure) else figure
    assert value is not None
    return math.isclose(float(value), expected, abs_tol=1e-6)


def test_kappa_vectors() -> None:
    for row in vectors("cohen_kappa"):
        table = row["table"]
        units = [(i, j) for i, line in enumerate(table) for j, count in enumerate(line) for _ in range(count)]
        assert near(cohen_kappa(table), row["kappa"])
        assert near(percent_agreement(units), row["percent_agreement"])
        if "kappa_linear" in row:
            assert near(cohen_kappa(table, linear), row["kappa_linear"])
            assert near(cohen_kappa(table, quadratic), row["kappa_quadratic"])
        if "se" in row:
            assert near(kappa_error(table), row["se"])
            # For two raters Fleiss' kappa is Scott's pi.
            assert near(fleiss_kappa(units), row["scott_pi"])
            assert near(gwet(units, range(len(table))), row["gwet_ac1"])
            assert near(brennan_prediger(table), row["brennan_prediger"])


def test_alpha_vectors() -> None:
    for row in vectors("krippendorff_alpha"):
        units = list(zip(*row["data"], strict=True))
        for level in LEVELS:
            assert near(krippendorff_alpha(units, level), row[level]), level


def test_porter_and_webb_vectors() -> None:
    for row in vectors("porter_alignment_index"):
        one, other = row.get("standards") or row["a_counts"], row.get("assessment") or row["b_counts"]
        exact = [[[Fraction(str(cell)) for cell in line] for line in table] for table in (one, other)]
        assert near(porter_index(*exact), row["index"])
    for row in vectors("webb_balance"):
        assert balance_index(row["hits"]) == Fraction(row["index"])
    row = vectors("webb_full")
    found = webb(
        {key: one["dok"] for key, one in row["objectives"].items()},
        [(item[1], item[2]) for item in row["items"]],
    )
    assert (found.hits, found.concurrence) == (8, True)
    assert (found.depth, found.depth_level) == (Fraction(6, 8), "YES")
    assert (found.range, found.range_level) == (Fraction(4, 5), "YES")
    assert (found.balance, found.balance_level) == (Fraction("7/8"), "YES")


def test_the_examples_that_stand_in_textbooks() -> None:
    """Cohen's kappa of a two-by-two table; Shrout & Fleiss (1979), table 2; Fleiss (1971) by its formula."""
    assert cohen_kappa([[20, 5], [10, 15]]).value == Fraction(2, 5)
    rows = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
    assert [intraclass(rows, form).shown() for form in (1, 2, 3)] == ["0.17", "0.29", "0.71"]
    counts = [(0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1), (7, 7, 0, 0, 0),
              (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7)]  # fmt: skip
    units = [tuple(value for value, count in enumerate(row) for _ in range(count)) for row in counts]
    assert fleiss_kappa(units).shown(3) == "0.210"
    assert krippendorff_alpha([(1, 1), (2, 2), (1, 2)], "nominal").value == Fraction(4, 9)
    assert percent_agreement([(1, 2)] * 3 + [(1, 1)] * 7).value == Fraction(7, 10)


ORACLES = json.loads(PLACE.read_text("utf-8"))
WEIGHTS = {"identity": identity, "linear": linear, "quadratic": quadratic}


@pytest.mark.parametrize("number", range(len(ORACLES["draws"])))
def test_libraries_of_the_field_say_the_same(number: int) -> None:
    """What krippendorff, irrCAC, scikit-learn, statsmodels and pingouin made of the same ratings (see `oracles.py`)."""
    units, said = ORACLES["draws"][number]["units"], ORACLES["draws"][number]["said"]
    whole = not any(value is None for unit in units for value in unit)
    own: dict[str, Figure | float | None] = {
        f"alpha {level}": krippendorff_alpha(units, level) for level in LEVELS
    }
    own |= {f"gwet {name}": gwet(units, range(4), weights) for name, weights in WEIGHTS.items()}
    own["agreement"] = percent_agreement(units)
    if whole:
        own["fleiss"] = fleiss_kappa(units)
        own |= {f"icc {form}": intraclass(units, form) for form in (1, 2, 3)}
    if whole and len(units[0]) == 2:
        table = pair_table([unit[0] for unit in units], [unit[1] for unit in units], range(4))
        own |= {f"kappa {name}": cohen_kappa(table, weights) for name, weights in WEIGHTS.items()}
        own["kappa error"] = kappa_error(table)
    assert own.keys() == said.keys()
    for name, value in own.items():
        assert near(value, said[name]), (name, value, said[name])


def drawn(seed: int, raters: int = 0, missing: bool = True) -> Units:
    """Random ratings on the scale 0 to 3."""
    draw = random.Random(seed)
    raters = raters or draw.randint(2, 5)
    return [
        tuple(None if missing and draw.random() < 0.2 else draw.randint(0, 3) for _ in range(raters))
        for _ in range(draw.randint(2, 14))
    ]


SEEDS = pytest.mark.parametrize("seed", range(60))


@SEEDS
def test_order_of_raters_and_units_does_not_matter(seed: int) -> None:
    print("seed", seed)
    units, draw = drawn(seed), random.Random(seed)
    order = list(range(len(units[0])))
    draw.shuffle(order)
    other = [tuple(unit[i] for i in order) for unit in units]
    draw.shuffle(other)
    for level in LEVELS:
        assert krippendorff_alpha(units, level) == krippendorff_alpha(other, level)
    for weights in (identity, linear, quadratic):
        assert gwet(units, range(4), weights) == gwet(other, range(4), weights)
    assert percent_agreement(units) == percent_agreement(other)
    assert fleiss_kappa(units) == fleiss_kappa(other)


@SEEDS
def test_new_names_for_values_change_nothing(seed: int) -> None:
    print("seed", seed)
    units = drawn(seed)
    names = random.Random(seed).sample(range(100), 4)
    renamed = [tuple(None if v is None else names[v] for v in unit) for unit in units]
    rising = [tuple(None if v is None else sorted(names)[v] for v in unit) for unit in units]
    shifted = [tuple(None if v is None else 7 * v - 3 for v in unit) for unit in units]
    stretched = [tuple(None if v is None else 5 * v for v in unit) for unit in units]
    assert krippendorff_alpha(units, "nominal") == krippendorff_alpha(renamed, "nominal")
    assert krippendorff_alpha(units, "ordinal") == krippendorff_alpha(rising, "ordinal")
    assert krippendorff_alpha(units, "interval") == krippendorff_alpha(shifted, "interval")
    assert krippendorff_alpha(units, "ratio") == krippendorff_alpha(stretched, "ratio")
    assert gwet(units, range(4)) == gwet(renamed, names)


@SEEDS
def test_perfect_agreement_is_one(seed: int) -> None:
    print("seed", seed)
    draw = random.Random(seed)
    values = [0, 3, *(draw.randint(0, 3) for _ in range(6))]
    units: Units = [(value, value, value if draw.random() < 0.7 else None) for value in values]
    for level in LEVELS:
        assert krippendorff_alpha(units, level).value == 1
    for weights in (identity, linear, quadratic):
        assert gwet(units, range(4), weights).value == 1
    whole: Units = [(value, value) for value in values]
    assert fleiss_kappa(whole).value == 1
    assert intraclass(whole, 2).value == 1
    assert cohen_kappa(pair_table(values, values, range(4)), quadratic).value == 1
    assert percent_agreement(units).value == 1


@SEEDS
def test_on_two_categories_weights_and_levels_are_one(seed: int) -> None:
    print("seed", seed)
    units = [tuple(None if v is None else v % 2 for v in unit) for unit in drawn(seed)]
    nominal = krippendorff_alpha(units, "nominal")
    assert krippendorff_alpha(units, "ordinal") == nominal
    assert krippendorff_alpha(units, "interval") == nominal
    assert gwet(units, range(2), quadratic) == gwet(units, range(2)) == gwet(units, range(2), linear)
    table = pair_table([u[0] for u in units], [u[1] for u in units], range(2))
    assert cohen_kappa(table, quadratic) == cohen_kappa(table) == cohen_kappa(table, linear)


@SEEDS
def test_two_raters_may_be_exchanged(seed: int) -> None:
    print("seed", seed)
    units = drawn(seed, 2)
    table = pair_table([u[0] for u in units], [u[1] for u in units], range(4))
    turned = [list(row) for row in zip(*table, strict=True)]
    for weights in (identity, linear, quadratic):
        assert cohen_kappa(table, weights) == cohen_kappa(turned, weights)


@SEEDS
def test_nominal_alpha_is_fleiss_corrected_for_few_units(seed: int) -> None:
    """With all ratings there, 1 − alpha = (1 − kappa)(1 − 1 ÷ number of ratings)."""
    print("seed", seed)
    units = drawn(seed, missing=False)
    alpha, kappa = krippendorff_alpha(units, "nominal").value, fleiss_kappa(units).value
    assert (alpha is None) == (kappa is None)
    if alpha is not None and kappa is not None:
        count = sum(len(unit) for unit in units)
        assert 1 - alpha == (1 - kappa) * (1 - Fraction(1, count))


@SEEDS
def test_figures_stay_in_their_bounds(seed: int) -> None:
    print("seed", seed)
    units = drawn(seed)
    exact, adjacent = percent_agreement(units).value, percent_agreement(units, 1).value
    if exact is not None and adjacent is not None:
        assert 0 <= exact <= adjacent <= 1
    for level in LEVELS:
        value = krippendorff_alpha(units, level).value
        assert value is None or value <= 1
    interval = alpha_interval(units, draws=120)
    assert interval is None or interval[0] <= interval[1] <= 1
    assert interval == alpha_interval(units, draws=120), "the same for the same seed"


@SEEDS
def test_porter_is_one_of_itself_and_symmetric(seed: int) -> None:
    print("seed", seed)
    draw = random.Random(seed)
    one, other = ([[draw.randint(0, 5) for _ in range(3)] for _ in range(4)] for _ in range(2))
    one[0][0] = other[1][1] = 1
    index = porter_index(one, other)
    assert porter_index(one, one) == 1
    assert index == porter_index(other, one)
    assert index is not None
    assert 0 <= index <= 1
    assert porter_index([[cell * 7 for cell in row] for row in one], other) == index


def test_what_cannot_be_computed_says_why() -> None:
    assert "every rating is the same value" in krippendorff_alpha([(2, 2), (2, 2)]).shown()
    assert "fewer than two raters" in krippendorff_alpha([(2, None), (None, 1)]).shown()
    assert "fewer than two raters" in percent_agreement([]).shown()
    assert "below zero" in krippendorff_alpha([(-1, 2)], "ratio").shown()
    assert "not every rater" in fleiss_kappa([(1, 2, 1), (1, 2, None)]).shown()
    assert "same value throughout" in cohen_kappa([[5, 0], [0, 0]]).shown()
    assert "only one thing" in intraclass([(1, 2)]).shown()
    assert "one category" in gwet([(1, 1)], [1]).shown()
    assert alpha_interval([(1, 2), (2, 2)]) is None
    assert porter_index([[0]], [[1]]) is None
    assert balance_index([0, 0]) is None


def test_where_one_category_holds_most_ac2_stands_beside() -> None:
    skewed: Units = [(3, 3)] * 19 + [(3, 2)]
    found = agreement(skewed, range(4))
    assert found.alpha.value is not None
    assert found.alpha.value <= 0 < Fraction(9, 10) < found.exact.value  # type: ignore[operator]
    assert found.ac2 is not None
    assert found.ac2.value is not None
    assert found.ac2.value > Fraction(9, 10)
    assert agreement([(0, 0), (1, 1), (2, 3), (3, 3)], range(4)).ac2 is None


def test_figures_are_rounded_as_people_do() -> None:
    assert [Figure(Fraction(n, 1000)).shown() for n in (705, 695, -5, -4, 1000, 0)] == ["0.71", "0.70", "−0.01", "0.00", "1.00", "0.00"]  # fmt: skip
    assert Figure(Fraction(7, 10)).shown() == "0.70"
    shown = [Figure(Fraction(n, 997)).shown() for n in range(-997, 998)]
    numbers = [float(text.replace("−", "-")) for text in shown]
    assert all(a <= b for a, b in pairwise(numbers))


def test_a_kappa_of_two_raters_says_why_it_is_not_there_for_three() -> None:
    found = dict(others([(1, 2, 1), (2, 2, 1)], (1, 2)))
    assert found["Cohen’s kappa"].shown().endswith("because it is for two raters, neither more nor fewer")


def test_raters_who_nearly_all_give_one_value_are_not_said_to_disagree() -> None:
    """Ten criteria, one rating of twenty apart: alpha falls to 0 or below, though people agree on nine of ten (Feinstein & Cicchetti 1990)."""
    alike = agreement([(3, 3)] * 9 + [(3, 2)], (0, 1, 2, 3))
    assert alike.alpha.value is not None
    assert alike.alpha.value <= 0
    assert sign_of_round("d", "r", "Rigor", alike, "Balance (mostly, throughout)") is None
    apart = agreement([(0, 3), (3, 0), (1, 2), (2, 2)], (0, 1, 2, 3))
    sign = sign_of_round("d", "r", "Rigor", apart, "Balance (not there, throughout)")
    assert sign is not None
    assert "of 2 raters, 4 criteria. Farthest apart: Balance" in sign.words
