"""Studies and contents: worked by hand, and the identities that hold for any."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from curriculum_studio.domain.alignment import Taught, gate_of
from curriculum_studio.domain.alignment_studies import (
    Coding,
    Problem,
    Study,
    Weights,
    compare_contents,
    group_of,
    groups_of,
    of_lessons,
    of_problems,
    of_standards,
    panel,
    topic_of,
    webb,
)
from curriculum_studio.domain.ratings import Rating, Reviewer, calibrated
from curriculum_studio.formats.case_package import read_package
from curriculum_studio.formats.frameworks import framework
from tests.shared import shared

KNOWN = framework({}, "ccssm-2010")
assert KNOWN is not None
TOPICS = ["6.RP.A.3", "6.RP.A.1", "6.RP.A", "6.RP"]


def test_topics_and_groups() -> None:
    assert KNOWN is not None
    assert [topic_of(KNOWN, code) for code in ("6.RP.A.3a", "6.RP.A.1", "6.RP.A", "6.RP")] == TOPICS
    assert [group_of(KNOWN, code) for code in ("6.RP.A.3a", "6.RP.A", "6.RP")] == ["6.RP"] * 3
    package = read_package(shared("case-sbac-math-content-spec.json").read_bytes(), "x").framework
    assert sum(len(depths) for depths in package.depths.values()) >= 410
    for code in package.standards:
        assert topic_of(package, code) in package.standards
        assert group_of(package, code) in package.standards


def test_the_panels_figures_are_means_held_against_the_same_cuts() -> None:
    one = webb({"a": 2, "b": 2}, [("a", 2)] * 6)
    other = webb({"a": 2, "b": 2}, [("a", 1)] * 4 + [("b", 2)] * 2)
    both = panel([one, other])
    assert (both.hits, both.concurrence) == (6, True)
    assert (both.depth, both.depth_level) == (Fraction(2, 3), "YES")
    assert (both.range, both.range_level) == (Fraction(3, 4), "YES")
    assert panel([one]) == one
    nothing = panel([webb({"a": 1}, [])])
    assert (nothing.hits, nothing.depth, nothing.balance, nothing.depth_level) == (0, None, None, "NO")


def test_groups_of_a_study() -> None:
    assert KNOWN is not None
    problems = tuple(Problem(f"p{n}", f"P{n}", "a.md", f"q{n}") for n in range(2))
    study = Study("s", "u", "U", "v", "ccssm-2010", {"6.RP.A.1": 2, "6.NS.A.1": 2}, problems, "d", 0, True, (Reviewer("a", 1),))  # fmt: skip
    found = groups_of(study, KNOWN, {"a": [Coding("p0", "6.RP.A.1", 2), Coding("p1", "", 3)]})
    assert [(one.name, one.panel.hits) for one in found] == [("6.RP", 1), ("6.NS", 0)]
    assert groups_of(study, KNOWN, {}) == ()


def test_contents_worked_by_hand() -> None:
    assert KNOWN is not None
    lesson = Taught("a", "A", "lesson", "u", "6", 60, frozenset({("addressing", "6.RP.A.1"), ("addressing", "6.NS.A.1")}), (), (("6.RP.A.1", "1"), ("6.RP.A.1", "3")))  # fmt: skip
    found = of_lessons(KNOWN, [lesson], lambda one: one.minutes)
    # Half of the minutes for each standard; no problem is of 6.NS.A.1, so the lesson's depths hold there too.
    assert found == {(topic, depth): 15 for topic in ("6.RP.A.1", "6.NS.A.1") for depth in ("1", "3")}
    asked = of_problems(
        KNOWN, [(("6.RP.A.1",), "1", 2), (("6.RP.A.1", "6.NS.A.1"), "", 2), (("9.ZZ",), "1", 5)]
    )
    assert asked == {("6.RP.A.1", "1"): 2, ("6.RP.A.1", ""): 1, ("6.NS.A.1", ""): 1}
    said = of_standards(KNOWN, ["6.RP.A.1", "6.NS.A.1"], {"6.RP.A.1": (1, 2)})
    assert said == {("6.RP.A.1", "1"): Fraction(1, 2), ("6.RP.A.1", "2"): Fraction(1, 2), ("6.NS.A.1", ""): 1}
    both = compare_contents(KNOWN, found, asked)
    assert both.index == 1 - (abs(Fraction(1, 4) - Fraction(1, 2)) + Fraction(1, 4) * 4 + Fraction(1, 4)) / 2
    assert (both.topics, both.depths, both.by_topic) == (("6.RP.A.1", "6.NS.A.1"), ("1", "3", ""), False)


def drawn(draw: random.Random, depths: tuple[str, ...]) -> Weights:
    spots = [(topic, depth) for topic in ("6.RP.A", "6.NS.A", "6.EE.A") for depth in depths]
    return {spot: Fraction(draw.randint(1, 9)) for spot in draw.sample(spots, draw.randint(1, len(spots)))}


@pytest.mark.parametrize("seed", range(40))
def test_laws_of_comparing(seed: int) -> None:
    print("seed", seed)
    assert KNOWN is not None
    draw = random.Random(seed)
    one, other = drawn(draw, ("1", "2", "")), drawn(draw, ("1", "2"))
    found, turned = compare_contents(KNOWN, one, other), compare_contents(KNOWN, other, one)
    assert found.index is not None
    assert 0 <= found.index <= 1
    assert found.index == turned.index
    assert compare_contents(KNOWN, one, one).index == 1
    assert (
        compare_contents(KNOWN, {spot: 7 * weight for spot, weight in one.items()}, other).index
        == found.index
    )
    for side in (found.one, found.other):
        assert sum(side.values()) == 1
    bare = compare_contents(KNOWN, drawn(draw, ("",)), other)
    assert bare.by_topic
    assert bare.depths == ("",)
    assert compare_contents(KNOWN, {}, other).index is None


def test_beside_the_anchors() -> None:
    anchors = {"a": 2, "b": 2}
    given = {"p": [Rating("a", 2), Rating("b", 1)], "q": [Rating("a", 0), Rating("b", 2)]}
    one, other = calibrated([(anchors, given)])
    assert (one.person, one.exact, one.adjacent, one.severity) == ("p", Fraction(1, 2), 1, Fraction(-1, 2))
    assert (other.exact, other.adjacent, other.severity) == (Fraction(1, 2), Fraction(1, 2), -1)
    both = calibrated([(anchors, given), (anchors, {"p": [Rating("a", 3), Rating("b", 3)]})])
    assert (both[0].count, both[0].severity) == (4, Fraction(1, 4))


def test_what_a_curriculum_asks() -> None:
    assert gate_of({}) is None
    found = gate_of({"assessed": "yes", "major-work": "65"})
    assert found is not None
    assert (found.assessed, found.taught, found.major, found.rated) == (True, False, Fraction(65, 100), ("rigor", "relevance"))  # fmt: skip
    bare = gate_of({"rated": "none"})
    assert bare is not None
    assert bare.rated == ()
