"""For other programs: a token opens what its owner may see and change and no more, faults are in one form, the description is whole."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import signed_in

UNIT = "grade-6/ratios"


@pytest.fixture(scope="module")
def headers(studio: Studio) -> dict[str, dict[str, str]]:
    """For each of two people the header with their token."""
    now, found = int(time.time()), {}
    for name in ("ada", "ben"):
        key = studio.people.by_account(name).person.key
        found[name] = {
            "Authorization": f"Bearer {studio.tokens.make(key, 'test', now, now + 3600, writes=False)}"
        }
    return found


def get(app: Flask, address: str, headers: dict[str, str], code: int = 200) -> Any:
    answer = app.test_client().get(f"/api/v1{address}", headers=headers)
    assert answer.status_code == code, (address, answer.get_data(as_text=True))
    assert answer.mimetype == ("application/json" if code == 200 else "application/problem+json"), address
    document = answer.get_json()
    assert code == 200 or (document["status"], bool(document["detail"])) == (code, True)
    return document


def test_standards_claims_and_coverage(app: Flask, headers: dict[str, dict[str, str]]) -> None:
    ada = headers["ada"]
    assert "ccssm-2010" in [one["id"] for one in get(app, "/standards", ada)["frameworks"]]
    assert get(app, "/standards/ccssm-2010?q=6rp1", ada)["standards"][0]["code"] == "6.RP.A.1"
    assert len(get(app, "/standards/ccssm-2010", ada)["standards"]) > 600
    one = get(app, "/standards/ccssm-2010/6.RP.1", ada)
    assert one["code"] == "6.RP.A.1"
    assert set(one["before"]) == {"4.OA.A.2", "4.MD.A.1", "5.OA.B.3", "5.NF.B.5"}
    assert any(row["relation"] == "addressing" for row in one["claims"])
    rows = get(app, f"/claims?unit={UNIT}", ada)["claims"]
    assert any(row["code"] == "6.RP.A.1" and "addressing" in row["relations"] for row in rows)
    assert get(app, f"/coverage?unit={UNIT}", ada)["claims"] == sum(len(row["relations"]) for row in rows)
    assert get(app, f"/units/{UNIT}/statement", ada)["unit"]["id"] == "ratiosu6"


def test_faults_have_one_form(app: Flask, headers: dict[str, dict[str, str]]) -> None:
    ada = headers["ada"]
    for address in (
        "/standards/none", "/standards/ccssm-2010/9.ZZ.9", "/coverage?unit=none", "/claims?framework=none", "/ratings/r-none",
        "/studies/s-none", "/units/none/statement", f"/units/{UNIT}/statement?release=x",
    ):  # fmt: skip
        get(app, address, ada, 404)
    get(app, "/standards", {}, 401)
    get(app, "/standards", {"Authorization": "Bearer cst_none"}, 401)
    # A browser's sign-in is nothing here.
    assert signed_in(app, "ada").get("/api/v1/coverage").status_code == 401


def test_a_private_unit_is_as_if_it_were_not(
    app: Flask, studio: Studio, headers: dict[str, dict[str, str]]
) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    try:
        get(app, f"/units/{UNIT}/statement", headers["ada"], 404)
        assert get(app, f"/units/{UNIT}/statement", headers["ben"])["claims"]
        for address in ("/claims", "/coverage", "/standards/ccssm-2010/6.RP.A.1"):
            assert UNIT not in str(get(app, address, headers["ada"])), address
            assert UNIT in str(get(app, address, headers["ben"])), address
    finally:
        studio.teams.own("ratiosu6", "", "p-test")


def test_a_lesson_is_read_and_saved_from_the_words_that_were_read(
    app: Flask, studio: Studio, headers: dict[str, dict[str, str]]
) -> None:
    now, place = int(time.time()), f"/api/v1/lessons/{UNIT}/04-two-lines"
    ada = studio.people.by_account("ada").person.key
    may = {"Authorization": f"Bearer {studio.tokens.make(ada, 'test', now, now + 3600, writes=True)}"}
    client = app.test_client()
    first = client.get(place, headers=may).get_json()
    old = "Lay the two ropes or strips of tape"

    def put(words: str, base: object = first["blob"], headers: dict[str, str] = may) -> tuple[int, Any]:
        body = {"text": first["text"].replace(old, words), "base": base, "note": "By a program"}
        answer = client.put(place, headers=headers, json=body)
        return answer.status_code, answer.get_json()

    assert put("Lay two ropes", headers=headers["ada"])[0] == 403, "a token that may only read"
    assert put("Lay two ropes", headers={})[0] == 401
    assert put("Lay two ropes", base="x")[0] == put("Lay two ropes", base=3)[0] == 400
    for body in (
        b"[",
        b"[" * 200_000,
        b'{"text": "\\ud800", "base": "%s", "note": ""}' % first["blob"].encode(),
    ):
        assert client.put(place, headers=may, data=body, content_type="application/json").status_code == 400
    assert client.get(place, headers=may).get_json() == first
    code, saved = put("Lay two ropes")
    assert (code, saved["merged"]) == (200, False)
    assert client.get(place, headers=may).get_json()["blob"] == saved["blob"]
    assert studio.content.history(f"{UNIT}/04-two-lines.md", limit=1)[0].note == "By a program"
    code, conflict = put("Spread two strips")
    assert code == conflict["status"] == 409
    assert "Lay two ropes" in conflict["theirs"]
    assert "Spread two strips" in conflict["mine"]
    assert client.put("/api/v1/lessons/none/none", headers=may, json={}).status_code == 404


def test_the_description_names_every_address(app: Flask, headers: dict[str, dict[str, str]]) -> None:
    found = get(app, "/openapi.json", headers["ada"])
    assert found["openapi"].startswith("3.1")
    rules = {
        rule.rule.replace("<path:", "{").replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }
    assert set(found["paths"]) == rules
    for address, row in found["paths"].items():
        named = {one["name"] for one in row["get"]["parameters"] if one["in"] == "path"}
        assert all(f"{{{name}}}" in address for name in named), address
        assert row["get"]["summary"].endswith(".")
    assert [address for address, row in found["paths"].items() if "put" in row] == ["/api/v1/lessons/{place}"]
