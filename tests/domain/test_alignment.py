"""Coverage: exact sums on a small course, and laws on random ones."""

from __future__ import annotations

import csv
import io
import random
from fractions import Fraction
from pathlib import Path

import pytest

from curriculum_studio.domain.alignment import Taught, coverage, emphasis_of, prepares
from curriculum_studio.domain.coherence import distances
from curriculum_studio.formats.claims import taught
from curriculum_studio.formats.coverage_table import COLUMNS, as_document, coverage_csv, dictionary_csv
from curriculum_studio.formats.curriculum import curriculum_of, is_text
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.lesson_markdown import read_document

KNOWN = framework({}, "ccssm-2010")
assert KNOWN is not None


def lesson(
    path: str, minutes: int, *claims: str, kind: str = "lesson", **more: tuple[tuple[str, str], ...]
) -> Taught:
    pairs = frozenset((claim.split()[0], claim.split()[1]) for claim in claims)
    return Taught(path, path, kind, "u", "6", minutes, pairs, **more)


def test_a_small_course_counted_by_hand() -> None:
    assert KNOWN is not None
    texts = [
        lesson("a", 45, "addressing 6.RP.A.1", "building-on 4.OA.A.2", rigor=(("conceptual,application", "15"), ("procedural", "10"))),
        lesson("b", 30, "addressing 6.RP.A.3a", "addressing 6.SP.A.1", dok=(("6.RP.A.3a", "2"), ("", "1"))),
        lesson("c", 20),
        lesson("d", 40, "addressing 6.RP.A.1", "addressing 6.NS.A.1", "addressing 6.EE.A.1", "addressing 6.G.A.1"),
        lesson("e", 60, "assesses 6.RP.A.3", kind="assessment", dok=(("6.RP.A.3", "3"),)),
    ]  # fmt: skip
    found = coverage(KNOWN, texts)
    assert [emphasis_of(KNOWN, c) for c in ("6.RP.A.1", "6.NS.A.1", "6.EE.A.1", "6.SP.A.1", "6.G.A.1")] == [
        "major", "major", "major", "additional", "supporting",
    ]  # fmt: skip
    assert found.emphasis == {"major": 45 + 15 + 30, "additional": 15, "supporting": 10}
    assert found.major_share == Fraction(90, 115)
    assert found.unclaimed == 20
    assert found.rigor == {"conceptual": Fraction(15, 2), "procedural": 10, "application": Fraction(15, 2)}
    assert found.dok == {"1": 1, "2": 1, "3": 1}
    assert [(text.path, count) for text, count in found.overloads] == [("d", 4)]
    assert "6.RP.A.3" not in found.gaps, "a part of it is taught"
    assert "6.RP.A.3b" in found.gaps
    assert "6.RP.A.2" in found.gaps
    assert "6.RP.A.3a" not in found.unassessed, "the whole of it is assessed"
    assert "6.RP.A.1" in found.unassessed
    assert found.cells["4.OA.A.2", "a"] == ("building-on",)


def random_texts(seed: int) -> list[Taught]:
    assert KNOWN is not None
    draw, codes = random.Random(seed), list(KNOWN.standards)
    return [
        Taught(
            f"p{n}", f"=T{n}", draw.choice(("lesson", "lesson", "assessment")), f"u{n % 4}", draw.choice(("5", "6", "")),
            draw.randint(0, 90),
            frozenset((draw.choice(("addressing", "assesses", "practises", "building-on")), draw.choice(codes)) for _ in range(draw.randint(0, 7))),
        )
        for n in range(draw.randint(0, 30))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
def test_laws_of_coverage(seed: int) -> None:
    print("seed", seed)
    assert KNOWN is not None
    texts = random_texts(seed)
    found = coverage(KNOWN, texts)
    claims = {(code, text.path, relation) for text in texts for relation, code in text.claims}
    assert {(*key, one) for key, relations in found.cells.items() for one in relations} == claims
    assert sum(len(relations) for relations in found.cells.values()) == len(claims), "no claim counts twice"
    minutes = sum(text.minutes for text in texts if text.kind == "lesson")
    assert sum(found.emphasis.values()) + found.unclaimed == minutes, "no minute is lost or counted twice"
    addressed = {code for text in texts for code in text.codes("addressing")}
    assert not addressed & set(found.gaps)
    assert set(found.unassessed) <= addressed
    shuffled = list(texts)
    random.Random(seed + 1).shuffle(shuffled)
    again = coverage(KNOWN, shuffled)
    assert (again.gaps, again.emphasis, again.cells, again.rigor) == (
        found.gaps,
        found.emphasis,
        found.cells,
        found.rigor,
    )
    rows = list(csv.DictReader(io.StringIO(coverage_csv(found))))
    assert list(rows[0]) == list(COLUMNS) if rows else True
    assert {(row["code"], row["text"], row["relation"]) for row in rows if row["text"]} == claims
    assert {row["code"] for row in rows} == set(found.standards)
    assert not any(row["title"].startswith("=") for row in rows)


@pytest.mark.parametrize("seed", range(10))
def test_what_prepares_a_lesson_lies_before_it(seed: int) -> None:
    print("seed", seed)
    assert KNOWN is not None
    draw = random.Random(seed)
    grade_6 = [one.code for one in KNOWN.standards.values() if one.grade == "6" and one.kind == "standard"]
    one = lesson("a", 45, *(f"addressing {code}" for code in draw.sample(grade_6, 3)))
    earlier = lesson("b", 45, "addressing 5.NF.B.5")
    found = prepares(KNOWN, one, "5", [one, earlier])
    assert [row.steps for row in found] == sorted(row.steps for row in found)
    for row in found:
        assert row.standard.grade == "5"
        assert set(distances(KNOWN, [row.standard.code], back=False)) & {
            part
            for code in one.codes("addressing")
            for part in (code, *KNOWN.children(code), KNOWN.standards[code].parent)
        }
        assert [text.path for text in row.texts] == (["b"] if row.standard.code == "5.NF.B.5" else [])


def test_the_starter_curriculum() -> None:
    assert KNOWN is not None
    units = Path(__file__).resolve().parents[2] / "units"
    files = {str(p.relative_to(units)): p.read_bytes() for p in sorted(units.rglob("*")) if p.is_file()}
    facts = {path: facts_of(read_document(path, files[path])) for path in files if is_text(path)}
    texts = taught(curriculum_of(facts, files), KNOWN)
    found = coverage(KNOWN, texts)
    share = found.major_share
    assert share is not None
    print(f"major work of the starter curriculum: {float(100 * share):.1f} %")
    assert 0 <= share <= 1
    assert "6.RP.A.1" not in found.gaps
    assert not any(text.path.endswith(".es.md") for text in texts), "a translation counts nowhere twice"
    assert found.rigor
    assert found.dok
    document = as_document(found)
    assert document["major_share"] == round(float(share), 4)


def test_the_dictionary_names_every_column() -> None:
    rows = list(csv.DictReader(io.StringIO(dictionary_csv())))
    assert [row["column"] for row in rows] == list(COLUMNS)
    assert all(row["meaning"] for row in rows)
