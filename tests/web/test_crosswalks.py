"""A change of standards: a crosswalk comes in whole or not at all; a unit's claims are taken over one by one by a person."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from curriculum_studio.actions.crosswalks import find_crosswalk, import_crosswalk, migrations, take_change
from curriculum_studio.actions.standards import import_framework
from curriculum_studio.domain.errors import FormatError, Refused
from curriculum_studio.formats.check import check
from curriculum_studio.formats.claim_edits import with_claim
from curriculum_studio.formats.crosswalks import read_crosswalk
from curriculum_studio.studio import Studio
from tests.web.cast import opened, send, signed_in, token_of
from tests.web.made_editions import NAME, TABLE, edition

UNIT = f"/crosswalks/{NAME}/grade-6/ratios"
PATH = "grade-6/ratios/01-introducing-ratios.md"


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    one = opened(tmp_path)
    import_framework(one, one.people.by_account("dana").person, edition())
    yield one
    one.close()


def bring(client: FlaskClient, table: bytes = TABLE) -> TestResponse:
    form = {
        "csrf_token": token_of(client, "/account"),
        "old": "ccssm-2010",
        "new": "made-standards-2025",
        "file": (io.BytesIO(table), "walk.csv"),
    }
    return client.post("/crosswalks", data=form)


def test_a_lead_moves_a_unit_claim_by_claim(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    before = studio.snapshot()[PATH].decode()
    assert bring(dana).status_code == 303
    assert studio.snapshot()[PATH].decode() == before, "bringing a crosswalk in changes no lesson"
    page = dana.get(UNIT).get_data(as_text=True)
    assert "has a standard 6.RP.A.1 too. It is not this one" in page
    assert "dropped" in page
    base = studio.snapshot().blob(PATH)
    asked = {"path": PATH, "base": base, "relation": "addressing", "code": "6.RP.A.1", "new": "6.RP.A.2"}
    ada = signed_in(app, "ada")
    assert send(ada, "/account", UNIT, **asked).status_code == 303
    text = studio.snapshot()[PATH].decode()
    assert "addressing: [6.RP.A.1, {framework: made-standards-2025, code: 6.RP.A.2}]" in text
    assert text.partition("\n---\n")[2] == before.partition("\n---\n")[2], "below the header nothing changed"
    assert "is 6.RP.A.2 in Made standards 2025" in studio.content.recent(1)[0].note
    assert studio.content.recent(1)[0].author.name == "Ada"
    again = send(ada, "/account", UNIT, **asked)
    assert again.status_code == 409, "the text is another by now"
    found = [
        one
        for one in check(studio.snapshot())
        if one.file == PATH and one.code.startswith(("standard", "target"))
    ]
    assert found == [], "a claim on another edition is not read as one on the curriculum's own"
    page = dana.get(UNIT).get_data(as_text=True)
    assert re.search(r"6\.RP\.A\.2</a>.*?taken over", page, re.DOTALL)
    standard = dana.get("/standards/made-standards-2025/6.RP.A.2").get_data(as_text=True)
    assert "Introducing ratios" in standard


def test_the_claim_of_a_part_is_taken_over_in_its_own_place(app: Flask, studio: Studio) -> None:
    bring(signed_in(app, "dana"))
    path = "grade-6/ratios/assessments/end-of-unit.md"
    ada = signed_in(app, "ada")
    page = ada.get(UNIT).get_data(as_text=True)
    form = re.search(r'value="' + path + r'">.*?name="line" value="(\d+)".*?value="6.RP.A.1".*?name="new" value="6.RP.A.2"', page, re.DOTALL)  # fmt: skip
    assert form
    before = studio.snapshot()[path].decode()
    line = next(n for n, row in enumerate(before.split("\n"), 1) if "standard=6.RP.A.1 " in row)
    asked = {"path": path, "base": studio.snapshot().blob(path), "relation": "assesses", "code": "6.RP.A.1", "new": "6.RP.A.2"}  # fmt: skip
    assert send(ada, "/account", UNIT, **asked, line="3").status_code == 409
    assert send(ada, "/account", UNIT, **asked, line=str(line)).status_code == 303
    after = studio.snapshot()[path].decode()
    assert after == before.replace(
        "standard=6.RP.A.1 ", 'standard="6.RP.A.1 made-standards-2025:6.RP.A.2" ', 1
    )
    page = ada.get("/units/" + path[:-3]).get_data(as_text=True)
    assert "made-standards-2025:" not in page
    assert '<span class="badge code">6.RP.A.1</span>' in page
    assert [
        one for one in check(studio.snapshot()) if one.file == path and one.code == "standard-unknown"
    ] == []
    standard = ada.get("/standards/made-standards-2025/6.RP.A.2").get_data(as_text=True)
    assert "Assessed in" in standard
    row = next(
        one
        for one in migrations(
            *studio.curriculum(),
            find_crosswalk(studio.snapshot(), NAME),
            studio.curriculum()[1].unit_of[path],
        )
        if one.path == path
    )
    assert row.parts[line][0].settled
    page = ada.get("/units/" + path[:-3] + "/claims").get_data(as_text=True)
    assert re.search(r">6\.RP\.A\.1</a> of [^<]+, moved", page)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"from,to,kind\n9.ZZ.1,6.RP.A.2,moved\n", "Line 2: 9.ZZ.1 is no standard"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.9,moved\n", "6.RP.A.9 is no standard"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,alike\n", "is none of exact"),
        (b"from,to,kind\n6.RP.A.1,,moved\n", "needs a new standard"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,dropped\n", "names no new standard"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,new\n", "names no old standard"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,split\n", "needs at least two new"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,merged\n", "needs at least two old"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,moved\n6.RP.A.1,6.RP.A.3,moved\n", "that is “split”"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,moved\n6.RP.A.1,6.RP.A.3,edited\n", "is called moved in line 2"),
        (b"from,to,kind\n6.RP.A.1,6.RP.A.2,moved\n,6.RP.A.2,new\n", "is called new, and also"),
        (b"old,neu\n1,2\n", "must name the columns"),
        (b"from,to,kind\n", "has no lines"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'from,to,kind\n"6.RP.A.1,6.RP.A.2,moved\n', "cannot be read as CSV"),
    ],
)  # fmt: skip
def test_a_table_with_anything_amiss_leaves_nothing_behind(studio: Studio, table: bytes, words: str) -> None:
    before = studio.content.tip()
    with pytest.raises(FormatError, match=re.escape(words)):
        import_crosswalk(
            studio, studio.people.by_account("dana").person, table, "ccssm-2010", "made-standards-2025"
        )
    assert studio.content.tip() == before


def test_who_may(app: Flask, studio: Studio) -> None:
    assert bring(signed_in(app, "ada")).status_code == 404
    assert bring(signed_in(app, "dana")).status_code == 303
    ada = studio.people.by_account("ada").person
    with pytest.raises(Refused):
        import_crosswalk(studio, ada, TABLE, "ccssm-2010", "made-standards-2025")
    walk = find_crosswalk(studio.snapshot(), NAME)
    base = studio.snapshot().blob(PATH)
    gita = studio.people.by_account("gita").person
    tip = studio.content.tip()
    # Twice: what was refused once leaves nothing behind in what is remembered of the text.
    for _ in range(2):
        with pytest.raises(Refused):
            take_change(studio, gita, walk, PATH, ("addressing", "6.RP.A.1"), "6.RP.A.2", base)
    with pytest.raises(Refused, match="does not lead"):
        take_change(studio, ada, walk, PATH, ("addressing", "6.RP.A.1"), "6.RP.A.1", base)
    assert studio.content.tip() == tip


def test_what_the_table_leaves_out_is_listed(studio: Studio) -> None:
    walk = read_crosswalk(studio.snapshot(), "ccssm-2010", "made-standards-2025", TABLE)
    assert "6.RP.A.3a" in walk.unnamed
    assert walk.unreached == ()
    assert walk.counts() == {
        "exact": 0,
        "edited": 1,
        "moved": 1,
        "split": 1,
        "merged": 0,
        "dropped": 1,
        "new": 0,
    }


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("standards: [6.RP.A.1]", "addressing: [6.RP.A.1, {framework: f-2, code: 6.RP.A.2}]"),
        ("standards:\n- 6.RP.A.1\n- 6.RP.A.2", "addressing: [6.RP.A.1, 6.RP.A.2, {framework: f-2, code: 6.RP.A.2}]"),
        ("standards: {assesses: [4.OA.A.2]}", "assesses: [4.OA.A.2]\n  addressing: [{framework: f-2, code: 6.RP.A.2}]"),
        ("minutes: 30", "addressing: [{framework: f-2, code: 6.RP.A.2}]"),
    ],
)  # fmt: skip
def test_a_claim_is_added_and_all_else_stays(header: str, shown: str) -> None:
    text = f"---\nid: one\n{header}\ntitle: T # not a remark\n---\n\n## Warm-up\nstandards: x\n"
    found = with_claim("u/01-one.md", text, "addressing", "f-2", "6.RP.A.2")
    assert shown in found
    assert found.endswith("\n---\n\n## Warm-up\nstandards: x\n")
    assert with_claim("u/01-one.md", found, "addressing", "f-2", "6.RP.A.2") == found


def test_a_remark_among_the_standards_is_not_lost() -> None:
    text = "---\nid: one\ntitle: T\nstandards:\n  # ask Carla\n  addressing: [6.RP.A.1]\n---\n"
    try:
        found = with_claim("u/01-one.md", text, "addressing", "f-2", "6.RP.A.2")
    except Refused:
        return
    assert "# ask Carla" in found
