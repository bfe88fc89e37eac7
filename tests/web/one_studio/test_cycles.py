"""Cycles through HTTP: a prediction stands once the cycle has begun, steps follow each other, one cycle goes on from another."""

from __future__ import annotations

import time

from flask import Flask

from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in

PLAN = {
    "unit": "ratiosu6", "goal": "g1", "idea": "Draw the batches before the table",
    "prediction": "Fewer than 20 % add the same to both", "measure": "The cool-down of lesson 2, in piles",
}  # fmt: skip


def test_plan_do_study_act(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    for missing in ("unit", "goal", "idea", "prediction", "measure"):
        assert send(ada, "/cycles/new", "/cycles/new", **{**PLAN, missing: ""}).status_code == 400, missing
    assert send(ada, "/cycles/new", "/cycles/new", **{**PLAN, "goal": "g99"}).status_code == 400
    assert not studio.cycles.all()
    done = send(ada, "/cycles/new", "/cycles/new", **PLAN)
    page = done.headers["Location"].partition("?")[0]
    key = page.rpartition("/")[2]
    # What happened cannot come before the beginning, nor a decision before what happened.
    assert send(ada, "/account", f"{page}/study", happened="It worked").status_code == 400
    assert send(ada, "/account", f"{page}/decide", decision="adopt", learned="x").status_code == 400
    carla = studio.people.by_account("carla").person
    piles = b"item,choice,count\nlemonade,right,50\nlemonade,m-add-both,40\nlemonade,other,14\n"
    known = take_in_results(studio, carla, piles, "t4w8n2xc", at=int(time.time()) - 60).set
    assert known is not None
    assert send(ada, "/account", f"{page}/begin").status_code == 303
    # A prediction comes before its data: what was in already is neither offered nor taken.
    assert known.key not in ada.get(page).get_data(as_text=True)
    late = send(ada, "/account", f"{page}/study", happened="17 % did.", results=known.key)
    assert late.status_code == 400
    assert "before the cycle began" in late.get_data(as_text=True)
    assert send(ada, "/account", f"{page}/begin").status_code == 400
    assert send(ada, "/account", f"{page}/study", happened=" ").status_code == 400
    assert send(ada, "/account", f"{page}/study", happened="17 % did.").status_code == 303
    shown = ada.get(page).get_data(as_text=True)
    assert shown.index("Fewer than 20 %") < shown.index("17 % did.")
    assert send(ada, "/account", f"{page}/decide", decision="keep", learned="x").status_code == 400
    assert (
        send(
            ada, "/account", f"{page}/decide", decision="adapt", learned="Draw three batches, not two."
        ).status_code
        == 303
    )
    one = studio.cycles.get(key)
    assert (one.prediction, one.decision) == (PLAN["prediction"], "adapt")
    assert one.planned <= one.begun <= one.studied <= one.decided
    following = send(
        ada, f"/cycles/new?before={key}", "/cycles/new", **{**PLAN, "idea": "Three batches", "before": key}
    )
    assert following.status_code == 303
    assert "Three batches" in ada.get(page).get_data(as_text=True)
    shelf = ada.get("/cycles").get_data(as_text=True)
    assert shelf.index("Three batches") < shelf.index("Draw the batches")


def test_a_plan_is_changed_until_the_cycle_begins(studio: Studio, app: Flask) -> None:
    ada, carla = signed_in(app, "ada"), signed_in(app, "carla")
    page = send(ada, "/cycles/new", "/cycles/new", **PLAN).headers["Location"].partition("?")[0]
    assert PLAN["prediction"] in carla.get(f"{page}/plan").get_data(as_text=True)
    other = {**PLAN, "prediction": "Fewer than 10 % add the same to both"}
    wrong = send(carla, f"{page}/plan", f"{page}/plan", **{**other, "idea": ""})
    assert wrong.status_code == 400
    assert other["prediction"] in wrong.get_data(as_text=True)
    assert send(carla, f"{page}/plan", f"{page}/plan", **other).status_code == 303
    assert send(ada, page, f"{page}/begin").status_code == 303
    # Once it has begun nobody changes what was predicted.
    late = send(ada, "/account", f"{page}/plan", **PLAN)
    assert late.status_code == 400
    one = studio.cycles.get(page.rpartition("/")[2])
    assert one.prediction == other["prediction"]
    assert one.person == studio.people.by_account("ada").person.key
    acts = [entry.act for entry in studio.audit.entries(20)]
    assert acts.count("changed the plan of a cycle") == 1


def test_a_private_units_cycles_are_its_teams(studio: Studio, app: Flask) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    key, ben = studio.cycles.all()[0].key, signed_in(app, "ben")
    assert ben.get(f"/cycles/{key}").status_code == 200
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    try:
        assert ben.get(f"/cycles/{key}").status_code == 404
        assert send(ben, "/account", f"/cycles/{key}/begin").status_code == 404
        assert "Three batches" not in ben.get("/cycles").get_data(as_text=True)
        assert send(ben, "/account", "/cycles/new", **PLAN).status_code == 400
    finally:
        studio.teams.change(team.key, team.name, team.members, "p-test", private=False)
