"""CASE packages: real ones whole, hostile ones refused, strict ones out, and back again equal."""

from __future__ import annotations

import json
import random
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from curriculum_studio.domain.errors import FormatError
from curriculum_studio.formats.case_package import MAX_BYTES, read_package
from curriculum_studio.formats.case_rules import faults
from curriculum_studio.formats.case_strict import Alignment, strict_package, strict_rows
from tests.shared import shared

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "units" / "standards" / "ccssm-2010.case.json"
REAL = ("case-sbac-math-content-spec.json", "case-sbac-math-grade3-item-spec.json")


def real(name: str) -> bytes:
    return shared(name).read_bytes()


def guid(number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, str(number)))


def made(count: int, **changes: Any) -> dict[str, Any]:
    """A package of so many items, one below the other in threes."""
    items = [
        {"identifier": guid(n), "humanCodingScheme": f"X.{n}", "fullStatement": f"Statement {n}"}
        for n in range(count)
    ]
    links = [
        {
            "identifier": guid(-n - 1),
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": guid(n)},
            "destinationNodeURI": {"identifier": guid((n - 1) // 3) if n else guid(10**6)},
        }
        for n in range(count)
    ]
    head = {"identifier": guid(10**6), "title": "Made", "creator": "Test"}
    return {"CFDocument": head, "CFItems": items, "CFAssociations": links} | changes


def packed(package: dict[str, Any]) -> bytes:
    return json.dumps(package).encode()


def test_the_large_real_package_comes_whole() -> None:
    found = read_package(real(REAL[0]))
    assert (len(found.items), len(found.links)) == (585, 3368)
    assert (len(found.orphans), found.external) == (15, 2009)
    assert len(found.framework.standards) == 585
    assert found.framework.find("M.G3.C1OA.TA.3.OA.A.4") is not None
    assert ("exactMatchOf", "CCSS-M:3.OA.A.4") in found.framework.elsewhere["M.G3.C1OA.TA.3.OA.A.4"]


@pytest.mark.parametrize("name", [*REAL, "own"])
def test_strict_out_and_back_again_equal(name: str) -> None:
    content = OWN.read_bytes() if name == "own" else real(name)
    assert list(faults(json.loads(content))), "the packages known to us break the rules of 1.1"
    before = read_package(content, "x")
    claims = [Alignment("k7f3q9m2", "Introducing ratios", "addressing", next(iter(before.items)))]
    out = strict_package(before, claims)
    assert list(faults(json.loads(out))) == []
    after = read_package(out, "x")
    assert after.framework == before.framework
    assert strict_package(after, claims) == out
    (items, links), (items_again, links_again) = strict_rows(before), strict_rows(after)
    assert items_again == items
    assert {key: links_again[key] for key in links} == links
    assert len(links_again) == len(links) + 1


def test_the_large_real_package_is_as_the_vectors_say() -> None:
    facts = json.loads(shared("stat-test-vectors.json").read_text("utf-8"))["case_sbac_math"]
    found = read_package(real(REAL[0]))
    assert (len(found.items), len(found.links)) == (facts["items"], facts["associations"])
    assert Counter(link["associationType"] for link in found.links.values()) == facts["by_type"]
    assert (found.external, len(found.orphans)) == (facts["external_destination"], facts["items_without_parent"])  # fmt: skip
    own = read_package(OWN.read_bytes(), "ccssm-2010").framework
    named = {
        name for rows in found.framework.elsewhere.values() for _, name in rows if name.startswith("CCSS-M:")
    }
    assert all(own.find(name.partition(":")[2]) for name in named)


def test_vendor_fields_are_reported_and_kept() -> None:
    package = made(3)
    package["CFItems"][1]["spark_color"] = "green"
    package["CFItems"][2]["educationLevel"] = "06"
    found = read_package(packed(package))
    assert found.vendor == {"spark_color": 1}
    out = json.loads(strict_package(found))
    assert out["CFItems"][1]["extensions"] == {"spark_color": "green"}
    assert out["CFItems"][2]["educationLevel"] == ["06"]
    assert list(faults(out)) == []


def test_kinds_of_association_that_case_does_not_know_go_out_by_name() -> None:
    package = made(2)
    package["CFAssociations"][1]["associationType"] = "is aligned/to"
    out = json.loads(strict_package(read_package(packed(package))))
    assert out["CFAssociations"][1]["associationType"] == "ext:isalignedto"
    assert list(faults(out)) == []


def _child(one: int, of: int) -> dict[str, Any]:
    return {
        "identifier": str(uuid.uuid4()),
        "associationType": "isChildOf",
        "originNodeURI": {"identifier": guid(one)},
        "destinationNodeURI": {"identifier": guid(of)},
    }


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not JSON"),
    "entities": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "' + b"&b;" * 999 + b'">]><CFPackage>&c;</CFPackage>',
        "not JSON",
    ),
    "not json": (b"<xml/>", "not JSON"),
    "not text": (b"\xff\xfe{", "not text"),
    "a list": (b"[]", "no CFItems"),
    "no items": (b'{"CFDocument": {}}', "no CFItems"),
    "items no list": (b'{"CFItems": {"a": 1}}', "no CFItems"),
    "item no object": (b'{"CFItems": [7]}', "not an object"),
    "no identifier": (b'{"CFItems": [{"fullStatement": "x"}]}', "no identifier"),
    "links no list": (b'{"CFItems": [], "CFAssociations": 5}', "not a list"),
    "NaN": (b'{"CFItems": [{"identifier": "a", "x": NaN}]}', "no number"),
    "Infinity": (b'{"CFItems": [], "x": -Infinity}', "no number"),
    "huge number": (b'{"CFItems": [], "x": ' + b"9" * 5000 + b"}", "not JSON"),
    "deep": (b'{"CFItems": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deep"),
    "twice in one object": (b'{"CFItems": [], "CFItems": [{"identifier": "a"}]}', "two ways"),
    "a long text": (packed(made(2, extra="x" * 200_000)), "longer than"),
    "too large": (b" " * (MAX_BYTES + 1), "larger than"),
    "GUID twice": (packed(made(3, CFItems=made(3)["CFItems"] + made(1)["CFItems"])), "stands twice"),
    "circle": (packed(made(9, CFAssociations=made(9)["CFAssociations"] + [_child(0, 8)])), "circle"),
    "circle of two": (packed(made(2, CFAssociations=[_child(0, 1), _child(1, 0)])), "circle"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_packages_are_refused_in_words(name: str) -> None:
    content, words = HOSTILE[name]
    with pytest.raises(FormatError, match=words):
        read_package(content)


def test_a_text_of_a_hundred_megabytes_is_refused_unread() -> None:
    whole = b'{"CFItems": [], "x": "' + b"x" * 100_000_000 + b'"}'
    with pytest.raises(FormatError, match="larger than"):
        read_package(whole)


def test_a_circle_of_ten_thousand_is_found() -> None:
    links = [_child(n, (n + 1) % 10_000) for n in range(10_000)]
    with pytest.raises(FormatError, match="circle"):
        read_package(packed(made(10_000, CFAssociations=links)))


def test_texts_that_could_break_a_page_are_plain() -> None:
    package = made(2)
    package["CFItems"][1] |= {"humanCodingScheme": "A\u0000B\n\u202eC", "fullStatement": "\ud800 x"}
    found = read_package(packed(package))
    code = list(found.framework.standards)[1]
    assert code.isprintable()
    for one in found.framework.standards.values():
        (one.code + one.label + one.statement).encode()
    strict_package(found).decode()


@pytest.mark.parametrize("seed", range(20))
def test_bytes_that_were_damaged_are_read_or_refused(seed: int) -> None:
    print("seed", seed)
    draw = random.Random(seed)
    content = bytearray(packed(made(20)))
    for _ in range(draw.randint(1, 12)):
        place = draw.randrange(len(content))
        content[place] = draw.choice(b'{}[]",:0nN\\ \xff')
    try:
        found = read_package(bytes(content))
    except FormatError:
        return
    assert list(faults(json.loads(strict_package(found)))) == []


def test_five_thousand_items_come_and_go() -> None:
    began = time.process_time()
    found = read_package(packed(made(5000)))
    assert list(faults(json.loads(strict_package(found)))) == []
    assert len(found.framework.standards) == 5000
    print(f"{time.process_time() - began:.2f} s CPU")
