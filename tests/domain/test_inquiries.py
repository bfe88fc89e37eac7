"""Inquiries: the effect against worked figures, and the tier of evidence that the rule suggests, with its reason."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from curriculum_studio.domain.effects import Arm, hedges
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.inquiries import Inquiry, checked, judged
from tests.shared import shared


def inquiry(unit: str = "ratiosu6", version: str = "v", **other: object) -> Inquiry:
    """A trial with classes drawn by lot, large enough, on a measure of others."""
    found = Inquiry(
        "", unit, "g1", version, "Taste first", "Those who tasted first explained more.", "trial", "A district’s assessment",
        "independent", "classes", 2, Arm(82, 10, 300, 12), Arm(76, 12, 280, 12), 0.02, False, False, True, "A report", "p-a",
    )  # fmt: skip
    return replace(found, **other)  # type: ignore[arg-type]


def test_the_effect_is_that_of_the_vectors() -> None:
    vector = json.loads(shared("stat-test-vectors.json").read_text("utf-8"))["effect_size"]
    arms = (Arm(vector[f"m{n}"], vector[f"s{n}"], vector[f"n{n}"]) for n in (1, 2))
    found = inquiry(assigned="students", treated=next(arms), compared=next(arms)).effect
    assert found is not None
    assert found.g == pytest.approx(vector["hedges_g"], abs=1e-6)
    assert found.error == pytest.approx(vector["se"], abs=1e-6)
    assert found.interval == pytest.approx(tuple(vector["ci95"]), abs=1e-6)
    assert found.improvement == pytest.approx(vector["improvement_index"], abs=1e-6)


def test_classes_count_where_classes_were_assigned_and_not_elsewhere() -> None:
    one = inquiry()
    assert one.treated is not None
    assert one.compared is not None
    assert one.effect == hedges(one.treated, one.compared)
    alone = replace(one, assigned="students").effect
    assert alone is not None
    assert one.effect is not None
    assert one.effect.interval[1] - one.effect.interval[0] > alone.interval[1] - alone.interval[0]
    # Without the number of classes there is no interval, and none is made up.
    assert replace(one, treated=Arm(82, 10, 300)).effect is None
    assert replace(one, design="before-after").effect is None


@pytest.mark.parametrize(
    ("other", "tier", "words"),
    [
        ({}, "1", ""),
        ({"design": "compared"}, "2", "not drawn by lot"),
        ({"design": "compared", "apart": 0.2}, "4", "alike at the start"),
        ({"design": "compared", "apart": 0.2, "adjusted": True}, "2", "not drawn by lot"),
        ({"design": "compared", "apart": 0.3, "adjusted": True}, "4", "alike at the start"),
        ({"design": "compared", "apart": None}, "4", "alike at the start"),
        ({"sites": 1}, "3", "one site only"),
        ({"treated": Arm(82, 10, 170, 12), "compared": Arm(74, 12, 160, 12)}, "3", "330 students are fewer than 350"),
        ({"maker": "developer"}, "4", "made by those who wrote the unit"),
        ({"treated": Arm(77, 10, 300, 12)}, "4", "includes 0"),
        ({"treated": Arm(66, 10, 300, 12)}, "4", "negative"),
        ({"design": "correlational", "adjusted": True, "positive": True}, "3", "what causes what"),
        ({"design": "correlational", "positive": True}, "4", "held equal"),
        ({"design": "correlational", "adjusted": True}, "4", "above 0"),
        ({"design": "before-after"}, "4", "without it"),
        ({"design": "described", "rationale": False}, "", "reasoning"),
    ],
)  # fmt: skip
def test_the_tier_and_its_reason(other: dict[str, object], tier: str, words: str) -> None:
    found = judged(inquiry(**other))
    assert found.tier == tier, found
    assert words in " ".join(found.short_of)
    assert found.because.endswith(".")


@pytest.mark.parametrize(
    "other",
    [
        {"title": " "}, {"finding": ""}, {"measure": ""}, {"source": ""}, {"design": "guess"}, {"maker": ""}, {"assigned": "me"}, {"sites": -1},
        {"treated": None}, {"treated": Arm(82, 10, 9, 2)}, {"treated": Arm(82, 0, 30, 2)}, {"treated": Arm(82, 10, 30)}, {"apart": 40.0},
        {"finding": "x" * 2001}, {"finding": "Ask maria@example.org"}, {"treated": Arm(float("inf"), 10, 30, 3)},
    ],
)  # fmt: skip
def test_what_is_missing_is_said(other: dict[str, object]) -> None:
    with pytest.raises(Refused, match="Nothing was changed"):
        checked(inquiry(**other))


def test_a_description_needs_no_figures() -> None:
    assert checked(inquiry(design="described", treated=None, compared=None, assigned="nobody")).effect is None
