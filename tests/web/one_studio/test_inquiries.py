"""Inquiries through HTTP: written, seen at the goal and the unit, changed, withdrawn, undone."""

from __future__ import annotations

from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in


def form(studio: Studio, **other: str) -> dict[str, str]:
    fields = {
        "unit": "ratiosu6", "goal": "g1", "version": studio.content.tip() or "", "title": "Taste first", "finding": "More explained why.",
        "design": "compared", "measure": "A district’s assessment", "maker": "independent", "assigned": "classes", "sites": "2",
        "treated-mean": "82", "treated-deviation": "10", "treated-n": "300", "treated-clusters": "12", "compared-mean": "76",
        "compared-deviation": "12", "compared-n": "280", "compared-clusters": "12", "apart": "0.02", "rationale": "yes", "source": "A report",
    }  # fmt: skip
    return fields | other


def test_a_inquiry_goes_its_way(studio: Studio, app: Flask) -> None:
    carla, ada, dana = (signed_in(app, name) for name in ("carla", "ada", "dana"))
    refused = send(carla, "/inquiries/new", "/inquiries/new", **form(studio, **{"treated-clusters": ""}))
    assert refused.status_code == 400
    assert "how many classes were taught with it" in refused.get_data(as_text=True)
    assert 'value="82"' in refused.get_data(as_text=True)
    for odd in (
        {"treated-n": "many"},
        {"treated-mean": "nan"},
        {"apart": "far"},
        {"version": "x"},
        {"goal": "g9"},
        {"unit": "?"},
    ):
        assert send(carla, "/inquiries/new", "/inquiries/new", **form(studio, **odd)).status_code == 400, odd
    assert not studio.inquiries.all()
    made = send(carla, "/inquiries/new", "/inquiries/new", **form(studio))
    assert made.status_code == 303
    page = made.headers["Location"].split("?")[0]
    told = ada.get(page).get_data(as_text=True)
    for words in (
        "Tier 2: moderate evidence",
        "95 % interval",
        "was not drawn by lot",
        "for classes",
        "More explained why.",
    ):
        assert words in told, words
    for where in (
        "/inquiries",
        "/goals",
        "/units/grade-6/ratios",
        "/inquiries?goal=g1",
        "/inquiries?unit=ratiosu6",
    ):
        assert page in ada.get(where).get_data(as_text=True), where
    assert page not in ada.get("/inquiries?goal=g2").get_data(as_text=True)

    # Who wrote it, and leads, change it.
    assert ada.get(f"{page}/edit").status_code == 404
    assert send(ada, "/account", f"{page}/edit", **form(studio)).status_code == 400
    assert send(ada, "/account", f"{page}/withdraw").status_code == 400
    assert 'value="82"' in carla.get(f"{page}/edit").get_data(as_text=True)
    assert send(carla, f"{page}/edit", f"{page}/edit", **form(studio, design="trial")).status_code == 303
    assert "Tier 1: strong evidence" in ada.get(page).get_data(as_text=True)

    gone = send(dana, page, f"{page}/withdraw")
    after = dana.get(gone.headers["Location"]).get_data(as_text=True)
    assert "Undo" in after
    for where in ("/inquiries", "/goals", "/units/grade-6/ratios"):
        assert page not in ada.get(where).get_data(as_text=True), where
    assert page in ada.get("/inquiries?withdrawn=yes").get_data(as_text=True)
    send(dana, gone.headers["Location"], f"{page}/back")
    assert page in ada.get("/goals").get_data(as_text=True)
    acts = [one.act for one in studio.audit.entries(20)]
    assert {
        "wrote an inquiry down",
        "changed an inquiry",
        "withdrew an inquiry",
        "brought an inquiry back",
    } <= set(acts)


def test_inquiries_of_a_private_unit_are_its_teams(studio: Studio, app: Flask) -> None:
    key = studio.inquiries.all()[0].key
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    try:
        ben = signed_in(app, "ben")
        assert ben.get(f"/inquiries/{key}").status_code == 404
        assert ben.get(f"/inquiries/{key}/edit").status_code == 404
        for where in ("/inquiries", "/goals", "/inquiries?unit=ratiosu6"):
            assert "Taste first" not in ben.get(where).get_data(as_text=True)
        assert send(ben, "/account", f"/inquiries/{key}/withdraw").status_code == 404
    finally:
        studio.teams.change(team.key, team.name, team.members, "p-test", private=False)
