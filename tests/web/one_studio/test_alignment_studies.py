"""Alignment studies through HTTP: Webb's criteria, contents, what was taught. (That nothing is seen early: `test_blindness`.)"""

from __future__ import annotations

import re
from itertools import combinations

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from curriculum_studio.actions.alignment_studies import CONTENTS, hand_in_codings, open_study, see_study
from curriculum_studio.domain.alignment_studies import Coding
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in, token_of

UNIT = "grade-6/ratios"
DEPTHS = {"6.RP.A.1": 2, "6.RP.A.2": 2, "6.RP.A.3a": 2, "6.RP.A.3b": 2, "6.RP.A.3c": 2, "6.RP.A.3d": 2}


def key_of(studio: Studio, name: str) -> str:
    return studio.people.by_account(name).person.key


def begun(studio: Studio, *names: str) -> str:
    dana = studio.people.by_account("dana").person
    return open_study(studio, dana, UNIT, DEPTHS, [key_of(studio, name) for name in names])


def give(client: FlaskClient, studio: Studio, key: str, standard: str, depth: int) -> TestResponse:
    form = {f"standard-{one.id}": standard for one in studio.studies.get(key).problems}
    form |= {f"depth-{one.id}": str(depth) for one in studio.studies.get(key).problems}
    return send(client, "/account", f"/studies/{key}/hand-in", **form)


def test_a_study_from_the_invitation_to_the_statement(app: Flask, studio: Studio) -> None:
    carla, ada, ben = (signed_in(app, name) for name in ("carla", "ada", "ben"))
    page = carla.get(f"/studies/new?unit={UNIT}").get_data(as_text=True)
    assert 'name="depth-6.RP.A.3a"' in page
    form = {f"depth-{code}": str(depth) for code, depth in DEPTHS.items()}
    form |= {"unit": UNIT, "csrf_token": token_of(carla, "/studies/new"), "depth-6.RP.A.3": "0"}
    answer = carla.post(
        "/studies/new", data=form | {"person": [key_of(studio, "ada"), key_of(studio, "ben")]}
    )
    address = answer.headers["Location"].partition("?")[0]
    key = address.rpartition("/")[2]
    assert "You are asked" in ada.get("/studies").get_data(as_text=True)
    study = studio.studies.get(key)
    assert "6.RP.A.3" not in study.standards
    assert len(study.problems) >= 12
    # A whole coding is asked for, and what was chosen stays.
    answer = send(ada, "/account", f"{address}/hand-in", **{"standard-p1": "6.RP.A.1", "depth-p1": "2"})
    assert answer.status_code == 400
    assert 'value="6.RP.A.1" selected' in answer.get_data(as_text=True)
    assert give(ada, studio, key, "6.RP.A.1", 2).status_code == 303
    assert "four criteria" not in ben.get(address).get_data(as_text=True)
    assert give(ben, studio, key, "6.RP.A.1", 1).status_code == 303
    seen = see_study(studio, studio.people.by_account("carla").person, key)
    (group,) = seen.groups
    assert not any("readiness" in one.path for one in study.problems)
    assert group.name == "6.RP"
    assert group.panel.concurrence
    assert group.panel.depth is not None
    assert (group.panel.depth.numerator, group.panel.depth_level) == (1, "YES")
    assert group.panel.range_level == "NO"
    page = carla.get(address).get_data(as_text=True)
    assert "Webb’s four criteria" in page
    assert "All, on average" in page
    assert "100 % of pairs" in page
    assert re.search(r"2 people, \d+ problems\. Alpha is 1 where", page)
    said = ben.get(f"/units/{UNIT}/statement.json").get_json()
    mine = next(one for one in said["studies"] if one["study"] == key)
    assert {row["coder"] for row in mine["groups"][0]["each"]} == {"Ada", "Ben"}
    assert mine["groups"][0]["panel"]["range"]["level"] == "NO"
    page = ben.get(f"/units/{UNIT}/statement").get_data(as_text=True)
    assert "Webb’s criteria" in page
    assert re.search(r"2 people, \d+ problems\. Alpha is 1 where", page)


def test_the_depths_of_a_study_agree_with_an_interval(app: Flask, studio: Studio) -> None:
    """What the page of a study says of agreement, its statement says too, interval and all."""
    ada, ben = (studio.people.by_account(name).person for name in ("ada", "ben"))
    key = begun(studio, "ada", "ben")
    problems = studio.studies.get(key).problems
    for person, shift in ((ada, 0), (ben, 1)):
        depths = [1 + (number + shift * (number % 4 == 0)) % 3 for number in range(len(problems))]
        codings = [Coding(one.id, "", depth) for one, depth in zip(problems, depths, strict=True)]
        hand_in_codings(studio, person, key, codings)
    client = signed_in(app, "ben")
    page = client.get(f"/studies/{key}").get_data(as_text=True)
    shown = re.search(r"\(95 % interval (−?\d\.\d\d) to (\d\.\d\d)\)", page)
    assert shown
    said = client.get(f"/units/{UNIT}/statement.json").get_json()
    mine = next(one for one in said["studies"] if one["study"] == key)
    ends = [f"{end:.2f}".replace("-", "−") for end in mine["depths_interval_95"]]
    assert list(shown.groups()) == ends
    assert shown[0] in client.get(f"/units/{UNIT}/statement").get_data(as_text=True)


def test_closing_ends_what_is_awaited(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ada", "ben")
    ada, ben, dana = (signed_in(app, name) for name in ("ada", "ben", "dana"))
    give(ada, studio, key, "6.RP.A.3d", 4)
    assert send(ada, "/account", f"/studies/{key}/close").status_code == 400
    assert send(dana, "/account", f"/studies/{key}/close").status_code == 303
    assert give(ben, studio, key, "", 1).status_code == 400
    assert "6.RP.A.3d, depth 4" in ben.get(f"/studies/{key}").get_data(as_text=True)


def test_contents_side_by_side_and_what_was_taught(app: Flask, studio: Studio) -> None:
    ben = signed_in(app, "ben")
    same = ben.get(f"/studies/contents?unit={UNIT}&one=unit&other=unit").get_data(as_text=True)
    assert '<strong class="figure">1.00</strong>' in same
    page = ben.get(f"/studies/contents?unit={UNIT}").get_data(as_text=True)
    index = re.search(r'class="figure">(0\.\d\d)<', page)
    assert index, page
    assert page.count('<table class="heat">') == 2
    assert "said yet" in ben.get(f"/studies/contents?unit={UNIT}&one=taught").get_data(as_text=True)
    form = ben.get(f"/units/{UNIT}/taught").get_data(as_text=True)
    fields = re.findall(r'name="(minutes-[^"]+)"', form)
    bad = send(ben, "/account", f"/units/{UNIT}/taught", **{fields[0]: "many"})
    assert bad.status_code == 400
    assert 'value="many"' in bad.get_data(as_text=True)
    assert send(ben, "/account", f"/units/{UNIT}/taught", **{fields[0]: "50"}).status_code == 303
    assert 'value="50"' in ben.get(f"/units/{UNIT}/taught").get_data(as_text=True)
    page = ben.get(f"/studies/contents?unit={UNIT}&one=taught&other=unit").get_data(as_text=True)
    assert re.search(r'class="figure">0\.\d\d<', page)
    assert signed_in(app, "ada").get(f"/studies/contents?unit={UNIT}&one=x").status_code == 404
    # Any two may be laid side by side, each with its heat map as a table; the index is the same both ways round.
    for one, other in combinations(CONTENTS, 2):
        page = ben.get(f"/studies/contents?unit={UNIT}&one={one}&other={other}").get_data(as_text=True)
        turned = ben.get(f"/studies/contents?unit={UNIT}&one={other}&other={one}").get_data(as_text=True)
        shown = re.findall(r'class="figure">(\d\.\d\d)<', page)
        assert len(shown) == 1, (one, other)
        assert shown == re.findall(r'class="figure">(\d\.\d\d)<', turned)
        assert page.count('<table class="heat">') == page.count("<caption") == 2
    # The depths that a study agreed on are the framework's from then on.
    page = ben.get(f"/studies/contents?unit={UNIT}&one=claims&other=assessments").get_data(as_text=True)
    assert "2 skill and concept" in page


def test_private_units_keep_their_studies(app: Flask, studio: Studio) -> None:
    key = begun(studio, "ben")
    team = next(one for one in studio.teams.all() if one.name == "Fractions")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    try:
        ada = signed_in(app, "ada")
        for address in (
            f"/studies/{key}", f"/units/{UNIT}/statement", f"/units/{UNIT}/statement.json", f"/units/{UNIT}/statement.pdf",
            f"/units/{UNIT}/taught", f"/studies/contents?unit={UNIT}",
        ):  # fmt: skip
            assert ada.get(address).status_code == 404, address
        assert key not in ada.get("/studies").get_data(as_text=True)
    finally:
        studio.teams.own("ratiosu6", "", "p-test")
