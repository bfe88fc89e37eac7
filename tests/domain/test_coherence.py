"""The graph of prerequisites: the facts that are known of it, and its laws on random graphs."""

from __future__ import annotations

import csv
import json
import random
from itertools import pairwise

import pytest

from curriculum_studio.domain.coherence import (
    chain_of,
    circle,
    distances,
    neighbours,
    out_of_order,
    path_between,
    surroundings,
)
from curriculum_studio.domain.standards import Framework, Standard, code_forms
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.path_picture import path_picture
from tests.shared import shared

KNOWN = framework({}, "ccssm-2010")
assert KNOWN is not None


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("6.RP.A.1", 69, 103),
        ("6.RP.A.3b", 75, 0),
        ("3.NF.A.1", 15, 210),
        ("7.RP.A.2", 75, 94),
        ("8.EE.C.7b", 119, 0),
    ],
)
def test_known_reach(code: str, before: int, after: int) -> None:
    assert KNOWN is not None
    assert len(distances(KNOWN, [code], back=True)) == before
    assert len(distances(KNOWN, [code], back=False)) == after


def test_known_facts_of_the_whole_graph() -> None:
    assert KNOWN is not None
    assert len(KNOWN.prerequisites) == 757
    assert len(KNOWN.related) == 142
    assert circle(KNOWN.prerequisites) is None
    assert KNOWN.before["6.RP.A.1"] == ("4.OA.A.2", "4.MD.A.1", "5.OA.B.3", "5.NF.B.5")
    assert set(KNOWN.after["6.RP.A.1"]) == {"6.RP.A.2", "6.RP.A.3a"}


def test_the_edges_are_those_of_the_coherence_map() -> None:
    path = shared("ccssm-coherence-edges.tsv")
    assert KNOWN is not None
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["type"] == "prerequisite"]
    assert {(row["from_code"], row["to_code"]) for row in rows} == set(KNOWN.prerequisites)


def test_the_facts_of_the_vectors() -> None:
    assert KNOWN is not None
    facts = json.loads(shared("stat-test-vectors.json").read_text("utf-8"))["coherence_graph"]
    nodes = {code for pair in KNOWN.prerequisites for code in pair}
    assert len(KNOWN.prerequisites) == facts["prerequisite_edges"]
    assert len(KNOWN.related) == facts["related_pairs"]
    assert len(nodes) == facts["nodes_with_prerequisite_edge"]
    assert sum(code not in KNOWN.before for code in nodes) == facts["roots"]
    assert sum(code not in KNOWN.after for code in nodes) == facts["sinks"]
    longest: dict[str, int] = {}
    todo = sorted(nodes, key=lambda code: len(distances(KNOWN, [code], back=True)))
    for code in todo:
        longest[code] = max((longest[one] + 1 for one in KNOWN.before.get(code, ())), default=0)
    assert max(longest.values()) == facts["longest_chain_edges"]
    for code, known in facts["checks"].items():
        assert len(distances(KNOWN, [code], back=True)) == known["ancestors"], code
        assert len(distances(KNOWN, [code], back=False)) == known["descendants"], code
        if "predecessors" in known:
            assert sorted(KNOWN.before[code]) == sorted(known["predecessors"]), code


def test_a_chain_is_a_picture_with_a_box_for_each() -> None:
    assert KNOWN is not None
    codes = path_between(KNOWN, "3.NF.A.1", "6.RP.A.1")
    near = chain_of(codes, "6.RP.A.1")
    picture = path_picture(near)
    assert picture.count("<rect") == len(codes) > 2
    assert picture.count('<path d="') == len(codes) - 1
    assert "right before" in picture


def test_every_standard_from_every_form() -> None:
    assert KNOWN is not None
    single = [one for one in KNOWN.standards.values() if one.kind in ("standard", "substandard", "practice")]
    assert sum(one.kind == "practice" for one in single) == 8
    assert sum(one.kind != "practice" for one in single) == 509
    for one in single:
        for form in code_forms(one.code):
            for written in (form, form.lower(), f" {form} ", form.replace(".", " ")):
                found = KNOWN.find(written)
                assert found is not None, written
                assert found.code == one.code, written


def test_a_standard_rests_on_what_its_parts_rest_on() -> None:
    assert KNOWN is not None
    before = neighbours(KNOWN, "6.RP.A.3", back=True)
    assert before == ("5.G.A.2", "6.RP.A.1", "6.RP.A.2")
    assert "7.RP.A.2" in neighbours(KNOWN, "6.RP.A.3", back=False)
    near = surroundings(KNOWN, "6.RP.A.3")
    assert near.columns[near.at - 1] == before
    assert ("6.RP.A.2", "6.RP.A.3") in near.pairs
    for one in KNOWN.standards:
        shown = [code for column in surroundings(KNOWN, one).columns for code in column]
        assert len(shown) == len(set(shown)), one


def random_framework(seed: int) -> Framework:
    draw = random.Random(seed)
    codes = [f"S.{n}" for n in range(draw.randint(2, 40))]
    standards = {code: Standard(code, code, "standard", "6", "S", None, code) for code in codes}
    pairs = {tuple(sorted(draw.sample(range(len(codes)), 2))) for _ in range(draw.randint(0, 90))}
    return Framework("x", "x", standards, frozenset((codes[a], codes[b]) for a, b in pairs))


@pytest.mark.parametrize("seed", range(40))
def test_laws_of_the_graph(seed: int) -> None:
    print("seed", seed)
    known = random_framework(seed)
    assert circle(known.prerequisites) is None
    for code in known.standards:
        ahead = distances(known, [code], back=False)
        for other, steps in ahead.items():
            path = path_between(known, code, other)
            assert (path[0], path[-1], len(path)) == (code, other, steps + 1)
            assert all(pair in known.prerequisites for pair in pairwise(path))
            assert distances(known, [other], back=True)[code] == steps
        near = surroundings(known, code)
        assert near.columns[near.at] == (code,)
        shown = [one for column in near.columns for one in column]
        assert len(shown) == len(set(shown))
        picture = path_picture(near)
        assert picture.count("<rect") == len(shown)


@pytest.mark.parametrize("seed", range(40))
def test_a_circle_is_found_where_there_is_one(seed: int) -> None:
    print("seed", seed)
    known = random_framework(seed)
    codes = list(known.standards)
    ring = random.Random(seed).sample(codes, min(len(codes), 5))
    pairs = set(known.prerequisites) | set(zip(ring, [*ring[1:], ring[0]], strict=True))
    found = circle(pairs)
    assert found is not None
    after: dict[str, set[str]] = {}
    for one, other in pairs:
        after.setdefault(one, set()).add(other)
    reached, todo = set[str](), list(after.get(found, ()))
    while todo:
        one = todo.pop()
        if one not in reached:
            reached.add(one)
            todo += after.get(one, ())
    assert found in reached


def test_looking_for_standards() -> None:
    assert KNOWN is not None
    assert KNOWN.look_for("6rp1")[0].code == "6.RP.A.1"
    assert [one.code for one in KNOWN.look_for("6.RP")][:3] == ["6.RP", "6.RP.A", "6.RP.A.1"]
    assert "6.RP.A.3a" in [one.code for one in KNOWN.look_for("ratio table")]
    assert KNOWN.look_for("zzz") == []
    assert KNOWN.look_for("") == []


def test_an_order_of_lessons_that_goes_against_the_graph_is_found() -> None:
    assert KNOWN is not None
    assert out_of_order(KNOWN, [["6.RP.A.1"], ["6.RP.A.2"], ["7.RP.A.2"]]) == ()
    found = out_of_order(KNOWN, [["6.RP.A.2"], ["6.RP.A.1"], ["6.RP.A.2"]])
    assert found == ((0, "6.RP.A.2", 1, "6.RP.A.1"),)
    assert out_of_order(KNOWN, [["6.RP.A.3b"], ["6.RP.A.3a"]]) == (), (
        "parts of one standard come in any order"
    )


@pytest.mark.parametrize("seed", range(20))
def test_an_order_along_the_graph_has_nothing_amiss(seed: int) -> None:
    print("seed", seed)
    known = random_framework(seed)
    # The codes are numbered along the pairs, so that their own order is one.
    codes = list(known.standards)
    assert out_of_order(known, [[code] for code in codes]) == ()
    turned = out_of_order(known, [[code] for code in reversed(codes)])
    assert {(before, code) for _, code, _, before in turned} == {
        (before, code) for code in codes for before in distances(known, [code], back=True)
    }
