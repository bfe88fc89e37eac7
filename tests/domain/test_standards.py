"""Codes in every form, the graph of prerequisites, and the framework that the program brings."""

from __future__ import annotations

import csv
import random
import re

import pytest
from rapidfuzz.distance import OSA

from curriculum_studio.domain.standards import canonical
from curriculum_studio.formats.case_package import read_case
from curriculum_studio.formats.frameworks import framework
from tests.shared import shared

KNOWN = framework({}, "ccssm-2010")


@pytest.mark.parametrize(
    "written",
    ["6.RP.A.3", "6.RP.3", "6rp3", "CCSS.MATH.CONTENT.6.RP.A.3", "6.rp.a.3", "6 RP A 3"],
)
def test_one_standard_in_every_form(written: str) -> None:
    assert KNOWN is not None
    found = KNOWN.find(written)
    assert found is not None
    assert found.code == "6.RP.A.3"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("HSA-REI.B.3", "A-REI.B.3"),
        ("MP.2", "MP2"),
        ("6.RP.A.3.a", "6.RP.A.3a"),
        ("K.CC.1", "K.CC.A.1"),
        ("G-CO.9", "G-CO.C.9"),
    ],
)
def test_other_forms(written: str, code: str) -> None:
    assert KNOWN is not None
    found = KNOWN.find(written)
    assert found is not None
    assert found.code == code


def written(official: str, code: str) -> set[str]:
    """How people write a code, made from the official list alone: the program's own table of forms takes no part."""
    if code.startswith("MP"):
        number = code[2:]
        found = [
            official,
            code,
            *(f"{mark}{gap}{number}" for mark in ("MP", "SMP") for gap in (".", " ", "")),
        ]
        return {*found, *(one.lower() for one in found)}
    bare = official.removeprefix("CCSS.MATH.CONTENT.")
    loose = re.sub(r"\.[A-K](?=\.\d)", "", code, count=1)
    dotted = [re.sub(r"(?<=\d)(?=[a-z]$)", ".", one) for one in (code, loose)]
    found = [
        official,
        official.replace("MATH.CONTENT", "Math.Content"),
        bare,
        f"Math.Content.{bare}",
        code,
        loose,
        *dotted,
    ]
    if "-" in code:
        found += [f"HS{code}", f"HS{loose}", code.replace("-", "."), loose.replace("-", ".")]
    found += [one.lower() for one in found]
    return {*found, *(re.sub(r"[.-]", by, one) for one in (code, loose) for by in ("", "-", " "))}


def test_all_509_standards_and_8_practices_from_every_form_in_use() -> None:
    assert KNOWN is not None
    count = {"standard": 0, "substandard": 0, "practice": 0}
    with shared("ccssm-codes.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["kind"] in count]
    for row in rows:
        count[row["kind"]] += 1
        for form in written(row["official_id"], row["short_code"]):
            found = KNOWN.find(form)
            assert found is not None, form
            assert found.code == row["short_code"], form
    assert (count["standard"] + count["substandard"], count["practice"]) == (509, 8)


@pytest.mark.parametrize("seed", range(40))
def test_a_code_with_a_slip_is_nearly_the_one_that_is_suggested(seed: int) -> None:
    print("seed", seed)
    assert KNOWN is not None
    draw = random.Random(seed)
    kinds = ("standard", "substandard", "practice")
    code = draw.choice([one.code for one in KNOWN.standards.values() if one.kind in kinds])
    # Without its first letter a code may be of any grade.
    at, slip = draw.randrange(1, len(code)), draw.choice("123456789ABCDEF")
    typed = draw.choice(
        [code[:at] + slip + code[at + 1 :], code[:at] + code[at + 1 :], code[:at] + slip + code[at:]]
    )
    near = KNOWN.find(typed) or KNOWN.nearest(typed)
    assert near is not None, typed
    if isinstance(near, str):
        best = min(OSA.distance(typed, one) for one in KNOWN.standards)
        assert OSA.distance(typed, near) <= best + 1, (typed, near)


def test_prerequisites_reach_back() -> None:
    assert KNOWN is not None
    assert KNOWN.is_prerequisite("4.OA.A.2", "6.RP.A.1")
    assert KNOWN.is_prerequisite("4.OA.A.2", "7.RP.A.2")
    assert not KNOWN.is_prerequisite("6.RP.A.1", "4.OA.A.2")
    for code in KNOWN.standards:
        assert code not in KNOWN.ancestors(code)


def test_unknown_codes() -> None:
    assert KNOWN is not None
    assert KNOWN.find("6.RP.Z.9") is None
    assert KNOWN.nearest("6.RP.A.11") is not None
    assert canonical("nonsense") == "nonsense"


def test_every_code_is_there_in_our_own_words() -> None:
    path = shared("ccssm-codes.tsv")
    assert KNOWN is not None
    with path.open(encoding="utf-8") as file:
        rows = [
            row
            for row in csv.DictReader(file, delimiter="\t")
            if row["kind"] in ("cluster", "standard", "substandard", "practice")
        ]
    assert len(rows) >= 650
    for row in rows:
        found = KNOWN.find(row["short_code"])
        assert found is not None, row["short_code"]
        label, official = found.label.casefold().split(), " ".join(row["statement"].casefold().split())
        for start in range(len(label) - 4):
            assert " ".join(label[start : start + 5]) not in official, row["short_code"]


@pytest.mark.parametrize("name", ["case-sbac-math-content-spec.json", "case-sbac-math-grade3-item-spec.json"])
def test_real_packages_are_read(name: str) -> None:
    found, problems = read_case(shared(name).read_bytes(), "x")
    assert len(found.standards) >= 48
    assert any("outside" in problem for problem in problems)
