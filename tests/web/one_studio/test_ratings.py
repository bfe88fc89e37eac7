"""Rounds of ratings through HTTP: from the invitation to agreement, talk, consensus and the statement. (That nothing is seen early: `test_blindness`.)"""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.ratings import open_round, see_round
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.ratings import Rating
from curriculum_studio.formats.rubrics import read_rubric
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in, token_of

UNIT = "grade-6/ratios"
CRITERIA = ("claims", "shifts", "support", "checks")


def key_of(studio: Studio, name: str) -> str:
    return studio.people.by_account(name).person.key


def begun(studio: Studio, *names: str) -> str:
    dana = studio.people.by_account("dana").person
    return open_round(studio, dana, UNIT, "alignment", [key_of(studio, name) for name in names])


def quote(studio: Studio) -> str:
    """Words that stand in the first lesson."""
    text = studio.snapshot()["grade-6/ratios/01-introducing-ratios.md"].decode()
    return " ".join(text.partition("## Learning goals")[2].split("\n")[1].split()[1:7])


def give(client: FlaskClient, studio: Studio, key: str, values: tuple[int, ...], secret: str) -> TestResponse:
    form = {f"value-{one}": str(value) for one, value in zip(CRITERIA, values, strict=True)}
    form |= {f"note-{one}": f"{secret}-{one}" for one in CRITERIA}
    form |= {f"quote-{one}": quote(studio) for one in CRITERIA}
    return send(client, "/account", f"/ratings/{key}/hand-in", **form)


def test_a_round_from_the_invitation_to_the_statement(app: Flask, studio: Studio) -> None:
    carla, ada, ben = (signed_in(app, name) for name in ("carla", "ada", "ben"))
    form = {"unit": UNIT, "rubric": "alignment", "csrf_token": token_of(carla, "/ratings/new")}
    answer = carla.post(
        "/ratings/new", data=form | {"person": [key_of(studio, "ada"), key_of(studio, "ben")]}
    )
    address = answer.headers["Location"].partition("?")[0]
    key = address.rpartition("/")[2]
    assert "Your rating is asked for" in ada.get("/ratings").get_data(as_text=True)
    assert give(ada, studio, key, (3, 2, 1, 1), "a").status_code == 303
    sealed = json.loads(ben.get(f"/units/{UNIT}/statement.json").data)
    assert {
        "rubric": "alignment",
        "title": "Alignment of a unit to its standards",
        "invited": 2,
        "in": 1,
    } in sealed["under_way"]
    assert "sealed until" in carla.get(address).get_data(as_text=True)
    assert give(ben, studio, key, (3, 3, 1, 1), "b").status_code == 303
    page = carla.get(address).get_data(as_text=True)
    assert "75 % of pairs" in page
    assert "100 % of pairs" in page
    assert "Krippendorff" in page
    assert re.search(r"Cohen’s kappa</th><td>−?\d\.\d\d<", page)
    assert re.search(r"ICC\(2,1\)</th><td>−?\d\.\d\d<", page)
    values = {f"value-{one}": "1" for one in CRITERIA}
    assert send(carla, address, f"{address}/consensus", **values).status_code == 303
    page = carla.get(address).get_data(as_text=True)
    assert "The gate is not passed by the consensus" in page
    assert "2 raters, 4 criteria" in page
    assert "People who agree can still be wrong together." in page
    assert "75 % of pairs" in page, "the consensus takes no part in agreement"
    said = json.loads(ben.get(f"/units/{UNIT}/statement.json").data)
    mine = next(one for one in said["rounds"] if one["consensus"])
    assert mine["agreement"]["exact"] == {"value": 0.75, "exact": "3/4"}
    assert mine["rubric"] == {
        "id": "alignment",
        "version": "1",
        "title": "Alignment of a unit to its standards",
    }
    assert mine["gates_hold"] is False
    assert {row["rater"]: row["values"]["shifts"] for row in mine["ratings"]} == {"Ada": 2, "Ben": 3}
    assert mine["unit_changed_since"] is False
    assert any(row["code"] == "6.RP.A.1" and "addressing" in row["relations"] for row in said["claims"])
    page = ben.get(f"/units/{UNIT}/statement").get_data(as_text=True)
    assert "The gate is not passed." in page
    assert "75 % of pairs" in page


def test_home_says_that_a_rating_is_asked_for_until_it_is_given(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ben", "gita")
    ben = signed_in(app, "ben")
    link = f'href="/ratings/{key}"'
    assert link in ben.get("/").get_data(as_text=True)
    assert link not in signed_in(app, "ada").get("/").get_data(as_text=True)
    assert give(ben, studio, key, (2, 2, 2, 2), "mine").status_code == 303
    assert link not in ben.get("/").get_data(as_text=True)


def test_a_fixed_version_of_the_unit_and_of_the_rubric(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ada")
    ada = signed_in(app, "ada")
    before = quote(studio)
    text = studio.snapshot()["grade-6/ratios/01-introducing-ratios.md"].decode()
    base = studio.snapshot().blob("grade-6/ratios/01-introducing-ratios.md")
    changed = text.replace(before, "Other words altogether now")
    person = studio.people.by_account("ada").person
    save_version(studio, person, "grade-6/ratios/01-introducing-ratios.md", changed, base, "Changed")
    assert before not in " ".join(
        studio.snapshot()["grade-6/ratios/01-introducing-ratios.md"].decode().split()
    )
    values = {f"value-{one}": "2" for one in CRITERIA} | {
        f"quote-{one}": "Other words altogether now" for one in CRITERIA
    }
    answer = send(ada, "/account", f"/ratings/{key}/hand-in", **values)
    assert "do not stand in the unit as it is rated" in answer.get_data(as_text=True)
    values |= {f"quote-{one}": before for one in CRITERIA}
    assert send(ada, "/account", f"/ratings/{key}/hand-in", **values).status_code == 303
    assert see_round(studio, person, key).changed


def test_what_is_missing_is_said_and_what_was_typed_stays(app: Flask, studio: Studio) -> None:
    key, ada = begun(studio, "ada", "ben"), signed_in(app, "ada")
    answer = send(
        ada, "/account", f"/ratings/{key}/hand-in", **{"value-claims": "2", "note-claims": "my long words"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "Copy the words that show it" in page
    assert "my long words" in page
    answer = send(ada, "/account", f"/ratings/{key}/hand-in", **{f"value-{one}": "9" for one in CRITERIA})
    assert "Choose a value" in answer.get_data(as_text=True)


def test_closing_ends_what_is_awaited(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ada", "ben")
    ada, ben, dana = (signed_in(app, name) for name in ("ada", "ben", "dana"))
    give(ada, studio, key, (1, 1, 1, 1), "only")
    assert send(ada, "/account", f"/ratings/{key}/close").status_code == 400
    assert send(dana, "/account", f"/ratings/{key}/close").status_code == 303
    assert give(ben, studio, key, (1, 1, 1, 1), "late").status_code == 400
    page = ben.get(f"/ratings/{key}").get_data(as_text=True)
    assert "only-claims" in page
    assert "cannot be computed, because fewer than two people" in page


def test_private_units_keep_their_rounds(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ben", "carla")
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    try:
        ada = signed_in(app, "ada")
        for address in (f"/ratings/{key}", f"/units/{UNIT}/statement", f"/units/{UNIT}/statement.json"):
            assert ada.get(address).status_code == 404, address
        assert key not in ada.get("/ratings").get_data(as_text=True)
        with pytest.raises(Refused, match="may not read this unit"):
            begun(studio, "ada")
    finally:
        studio.teams.own("ratiosu6", "", "p-test")


def test_a_rating_is_given_once_even_at_the_same_time(studio: Studio) -> None:
    from threading import Thread

    key, me = begun(studio, "ada"), key_of(studio, "ada")
    ratings = [Rating(one, 0, "nothing") for one in CRITERIA]
    done: list[str] = []

    def try_it() -> None:
        try:
            studio.ratings.hand_in(key, me, ratings, read_rubric)
            done.append("in")
        except Refused:
            done.append("refused")

    threads = [Thread(target=try_it) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(done) == ["in", "refused", "refused", "refused"]
