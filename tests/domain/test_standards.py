"""Codes in every form, the graph of prerequisites, and the framework that the program brings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from curriculum_studio.domain.standards import canonical
from curriculum_studio.formats.case_package import read_case
from curriculum_studio.formats.frameworks import framework

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
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
    path = DATA / "ccssm-codes.tsv"
    if not path.is_file():
        pytest.skip("the official list of codes is not on this machine")
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
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    found, problems = read_case(path.read_bytes(), "x")
    assert len(found.standards) >= 48
    assert any("outside" in problem for problem in problems)
