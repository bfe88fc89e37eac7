"""The alignment statement: bound to its release, the same as page, PDF and JSON; calibrations say nothing of a unit; the gate."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.ratings import agree, hand_in, open_round, set_anchors
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.ratings import Rating
from curriculum_studio.studio import Studio
from tests.web.cast import publish, send, signed_in, token_of

UNIT = "grade-6/ratios"


def rated(studio: Studio, rubric: str, criteria: tuple[str, ...], value: int = 0) -> str:
    """A finished round with a consensus."""
    dana, ada, ben = (studio.people.by_account(name).person for name in ("dana", "ada", "ben"))
    key = open_round(studio, dana, UNIT, rubric, [ada.key, ben.key])
    for one in (ada, ben):
        hand_in(studio, one, key, [Rating(name, value, "not seen", "", "ratio") for name in criteria])
    agree(studio, dana, key, dict.fromkeys(criteria, (value, "so it is")))
    return key


def test_a_statement_stays_with_its_release(app: Flask, studio: Studio) -> None:
    rated(studio, "rigor", ("meaning", "fluency", "use", "balance"))
    dana = signed_in(app, "dana")
    publish(dana, note="The first")
    release = studio.content.published()
    assert release
    address = f"/units/{UNIT}/statement.json?release={release}"
    said = dana.get(address).get_json()
    assert said["release"]["version"] == release
    assert said["release"]["note"] == "The first"
    assert said["rounds"][0]["unit_changed_since"] is False
    assert {"rubric": "rigor", "title": "Rigor in balance", "rated": True} in said["required"]
    assert [one["rubric"] for one in said["required"] if not one["rated"]] == ["relevance"]
    assert said["rounds"][0]["ratings"][0]["in"]
    # What comes later changes the working text's statement, and not this one.
    ada = studio.people.by_account("ada").person
    path = f"{UNIT}/01-introducing-ratios.md"
    text = studio.snapshot()[path].decode().replace("addressing: [", "addressing: [6.RP.A.2, ", 1)
    save_version(studio, ada, path, text, studio.snapshot().blob(path), "One claim more")
    rated(studio, "relevance", ("places", "need", "voice", "agency"))
    now = dana.get(f"/units/{UNIT}/statement.json").get_json()
    assert now["release"] is None
    assert len(now["rounds"]) == 2
    assert any(one["unit_changed_since"] for one in now["rounds"])
    assert dana.get(address).get_json() == said
    page = dana.get(f"/units/{UNIT}/statement?release={release}").get_data(as_text=True)
    assert "with the release of" in page
    assert f"statement.pdf?release={release}" in page
    assert "not rated with a consensus yet: Relevance to students&#39; lives." in page
    for wrong in ("0" * 40, studio.snapshot().version, "x"):
        assert dana.get(f"/units/{UNIT}/statement?release={wrong}").status_code == 404


def test_the_pdf_says_what_the_page_says(app: Flask, studio: Studio) -> None:
    rated(studio, "rigor", ("meaning", "fluency", "use", "balance"))
    dana = signed_in(app, "dana")
    answer = dana.get(f"/units/{UNIT}/statement.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data == dana.get(f"/units/{UNIT}/statement.pdf").data
    written = b" ".join(re.findall(rb"\(([^()]*)\)", answer.data))
    assert b"Introducing ratios: teaches, practises" in written
    for words in (b"(Alignment of Introducing ratios and rates)", b"Rigor in balance", b"so it is", b"100 % of pairs", b"Ada on 20"):  # fmt: skip
        assert words in answer.data, words


def test_a_calibration_is_sealed_and_says_nothing_of_the_unit(app: Flask, studio: Studio) -> None:
    dana, ada, ben = (studio.people.by_account(name).person for name in ("dana", "ada", "ben"))
    criteria = ("meaning", "fluency", "use", "balance")
    with pytest.raises(Refused, match="does not rate beside them"):
        open_round(studio, dana, UNIT, "rigor", [dana.key], calibration=True)
    key = open_round(studio, dana, UNIT, "rigor", [ada.key, ben.key], calibration=True)
    give = [Rating(name, value, "", "", "ratio") for name, value in zip(criteria, (1, 2, 1, 3), strict=True)]
    with pytest.raises(Refused, match="anchor scores"):
        hand_in(studio, ada, key, give)
    anchors = {name: (value, f"because-{name}") for name, value in zip(criteria, (1, 1, 3, 3), strict=True)}
    with pytest.raises(Refused, match="Who opened"):
        set_anchors(studio, ada, key, anchors)
    clients = {name: signed_in(app, name) for name in ("ada", "ben", "carla", "dana")}
    form = {f"value-{name}": str(value) for name, (value, _) in anchors.items()}
    form |= {f"note-{name}": why for name, (_, why) in anchors.items()}
    assert send(clients["dana"], "/account", f"/ratings/{key}/anchors", **form).status_code == 303
    for name in ("ada", "ben", "carla"):
        assert "because-" not in clients[name].get(f"/ratings/{key}").get_data(as_text=True), name
    assert "because-use" in clients["dana"].get(f"/ratings/{key}").get_data(as_text=True)
    hand_in(studio, ada, key, give)
    page = clients["ada"].get(f"/ratings/{key}").get_data(as_text=True)
    assert "because-use" in page
    assert '<td class="number">4</td><td>50 %</td><td>75 %</td><td>−0.25</td>' in page
    for name in ("ben", "carla"):
        assert "because-" not in clients[name].get(f"/ratings/{key}").get_data(as_text=True), name
    with pytest.raises(Refused, match="A rating is in"):
        set_anchors(studio, dana, key, anchors)
    assert "Calibration so far" not in clients["ada"].get("/ratings").get_data(as_text=True)
    hand_in(studio, ben, key, [Rating(name, value, "", "", "ratio") for name, (value, _) in anchors.items()])
    page = clients["carla"].get("/ratings").get_data(as_text=True)
    assert "Calibration so far" in page
    assert "<td>100 %</td><td>100 %</td><td>+0.00</td>" in page
    assert clients["ada"].get(f"/units/{UNIT}/statement.json").get_json()["rounds"] == []


def test_rigor_and_relevance_are_asked_for_by_default(app: Flask, studio: Studio) -> None:
    carla = signed_in(app, "carla")
    page = carla.get("/ratings/new").get_data(as_text=True)
    for name in ("rigor", "relevance"):
        assert f'name="rubric" value="{name}" checked' in page
    form = {"unit": UNIT, "rubric": ["rigor", "relevance"], "csrf_token": token_of(carla, "/ratings/new")}
    answer = carla.post("/ratings/new", data=form | {"person": [studio.people.by_account("ada").person.key]})
    assert answer.status_code == 303
    assert signed_in(app, "ada").get("/ratings").get_data(as_text=True).count("0 of 1 in") == 2


def ask(studio: Studio, wanted: str) -> None:
    dana = studio.people.by_account("dana").person
    text = (
        studio.snapshot()["curriculum.md"]
        .decode()
        .replace("format: 1\n", f"format: 1\nalignment: {wanted}\n")
    )
    save_version(studio, dana, "curriculum.md", text, studio.snapshot().blob("curriculum.md"), "Asked for")


def test_what_a_curriculum_asks_of_its_coverage_stops_a_release(app: Flask, studio: Studio) -> None:
    ask(studio, "{taught: yes, major-work: 100, rated: none}")
    dana = signed_in(app, "dana")
    before = studio.content.published()
    page = publish(dana)
    assert "Nothing was published" in page
    assert "are taught nowhere" in page
    assert "100 % are asked for" in page
    assert studio.content.published() == before


def test_what_a_curriculum_asks_of_ratings_stops_a_release(app: Flask, studio: Studio) -> None:
    ask(studio, "{major-work: 10}")
    dana = signed_in(app, "dana")
    before = studio.content.published()
    page = publish(dana)
    assert "a finished round of ratings by the rubric “Relevance to students&#39; lives”" in page
    assert studio.content.published() == before
    rated(studio, "rigor", ("meaning", "fluency", "use", "balance"))
    page = dana.get("/publish").get_data(as_text=True)
    assert page.count("rubric “Rigor in balance”") == 1, "one unit is rated, the other is not"
