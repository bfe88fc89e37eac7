"""Invitations, roles, leavers, lost passwords and one's own sign-ins, through the pages."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask

from curriculum_studio.actions.tested import RECORD, note_tested
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.domain.people import SHELL, Team
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in, token_of

_LINK = re.compile(r"/welcome/([\w-]+)")


def test_from_an_invitation_to_leaving(app: Flask, studio: Studio) -> None:
    omar = signed_in(app, "omar")
    page = send(omar, "/people", "/people", name="Nora New", account="Nora@School.org", role="teacher", team="").get_data(as_text=True)  # fmt: skip
    links = _LINK.findall(page)
    assert len(links) == 1
    nora = app.test_client()
    welcome = nora.get(f"/welcome/{links[0]}")
    assert "Welcome, Nora New" in welcome.get_data(as_text=True)
    answer = send(nora, f"/welcome/{links[0]}", f"/welcome/{links[0]}", password="a good long phrase")
    assert answer.status_code == 303
    assert nora.get("/account").status_code == 200
    assert app.test_client().get(f"/welcome/{links[0]}").status_code == 404

    other = app.test_client()
    bad = send(other, "/sign-in", "/sign-in", account="nora@school.org", password="not this one at all")
    assert bad.status_code == 403
    good = send(other, "/sign-in", "/sign-in", account="nora@school.org", password="a good long phrase")
    assert good.status_code == 303
    assert nora.get("/account").get_data(as_text=True).count("last seen") == 2
    key = studio.people.by_account("nora@school.org").person.key
    elsewhere = next(row for row in studio.sessions.of(key, "") if row.key)
    send(nora, "/account", "/account/sessions", session=elsewhere.key)
    assert nora.get("/account").get_data(as_text=True).count("last seen") <= 2
    assert len(studio.sessions.of(key)) == 1

    send(omar, f"/people/{key}", f"/people/{key}/role", role="lead")
    assert studio.people.account(key).person.role == "lead"
    lost = send(omar, f"/people/{key}", f"/people/{key}/link").get_data(as_text=True)
    assert len(_LINK.findall(lost)) == 1
    send(omar, f"/people/{key}", f"/people/{key}/close")
    assert nora.get("/account").status_code == 302
    assert other.get("/account").status_code == 302
    assert "signed in" not in omar.get("/record").get_data(as_text=True).lower().replace("signed in as", "")
    assert "signed in" in omar.get("/record?whole=yes").get_data(as_text=True)
    assert omar.get(f"/record?before={'9' * 60}").status_code == 200
    record = omar.get("/record").get_data(as_text=True)
    for words in ("closed an account", "gave a role", "made a password link", "The record is whole"):
        assert words in record


def test_a_hundred_from_a_table_all_or_nobody(app: Flask, studio: Studio) -> None:
    omar = signed_in(app, "omar")
    rows = [f"Teacher {n};t{n}@d.org;Teacher;{'ratios' if n % 2 else ''}" for n in range(100)]
    before = len(studio.people.all())
    for wrong in ("X;y@d.org;principal;", ";z@d.org;teacher;", "Twin;t3@d.org;teacher;", "X;q@d.org;teacher;No such team", "Ada;ada;teacher;"):  # fmt: skip
        table = "\n".join(["name;account;role;team", *rows[:5], wrong])
        answer = send(omar, "/people", "/people", table=table)
        assert answer.status_code in (400, 409), wrong
        assert "Nobody was invited" in answer.get_data(as_text=True)
        assert len(studio.people.all()) == before
    answer = send(omar, "/people", "/people", table="\n".join(["name;account;role;team", *rows]))
    assert len(set(_LINK.findall(answer.get_data(as_text=True)))) == 100
    assert len(studio.people.all()) == before + 100
    ratios = next(team for team in studio.teams.all() if team.name == "Ratios")
    assert len(ratios.members) == 52
    too_many = "\n".join(["name,account,role", *(f"N{n},n{n}@d.org,teacher" for n in range(101))])
    assert send(omar, "/people", "/people", table=too_many).status_code == 400


def test_the_links_of_many_are_saved_as_one_table(app: Flask, studio: Studio) -> None:
    omar = signed_in(app, "omar")
    rows = ["name,account,role,team", "=Bo,bo@d.org,teacher,Ratios", "Cy,cy@d.org,teacher,Ratios"]
    page = send(omar, "/people", "/people", table="\n".join(rows)).get_data(as_text=True)
    shown = _LINK.findall(page)[-2:]
    table = unquote(re.findall(r'href="data:text/csv;charset=utf-8,([^"]*)"', page)[0])
    saved = list(csv.reader(table.splitlines()))
    assert saved[0] == ["name", "account", "link"]
    assert [row[:2] for row in saved[1:]] == [["'=Bo", "bo@d.org"], ["Cy", "cy@d.org"]]
    assert [row[2].rpartition("/")[2] for row in saved[1:]] == shown
    # The record tells once that the team grew, however many came into it.
    assert [entry.act for entry in studio.audit.entries(5)].count("changed a team") == 1
    one = send(omar, "/people", "/people", name="Di", account="di@d.org", role="teacher", team="")
    assert "data:text/csv" not in one.get_data(as_text=True)


def test_everything_that_is_amiss_in_a_table_is_said_at_once(app: Flask) -> None:
    omar = signed_in(app, "omar")
    table = "name,account,role,team\nX,x1@d.org,principal,\nAda,ada,teacher,\nY,y1@d.org,teacher,Nowhere"
    page = send(omar, "/people", "/people", table=table).get_data(as_text=True)
    for words in ("Line 2: “principal” is no role", "Line 3: the account ada is taken.", "Line 4: there is no team called Nowhere."):  # fmt: skip
        assert words in page


def test_what_is_done_with_an_account_is_answered(app: Flask, studio: Studio) -> None:
    omar = signed_in(app, "omar")
    key = studio.people.by_account("ben").person.key
    page = f"/people/{key}"
    for act, form, words in (
        ("role", {"role": "coach"}, "The role is given"),
        ("sessions", {}, "All sign-ins are ended"),
        ("close", {}, "The account is closed"),
        ("close", {"back": "yes"}, "The account is open again"),
        ("role", {"role": "teacher"}, "The role is given"),
    ):
        answer = send(omar, page, f"{page}/{act}", **form)
        assert words in omar.get(answer.headers["Location"]).get_data(as_text=True)


def test_what_waits_for_somebody_who_leaves_is_listed(app: Flask, studio: Studio) -> None:
    omar = signed_in(app, "omar")
    keys = {account: person.key for account, person in studio.people.samples()}
    series = studio.series.begin("Three afternoons", keys["gita"])
    days = (datetime.now(UTC) - timedelta(days=3), datetime.now(UTC) + timedelta(days=3))
    for day, session in zip(days, ("pl6ratio", "pl6tools"), strict=True):
        studio.series.add(series, (session, f"{day:%Y-%m-%d}", keys["gita"], ""), keys["gita"])
    plan = Cycle("", "ratiosu6", "g1", "", "", "A guess first", "More reasons", "The cool-down", keys["gita"], 0)  # fmt: skip
    studio.cycles.plan(plan)
    dana, asked = signed_in(app, "dana"), f"{LESSON}/approval"
    send(dana, asked, f"{asked}/request", person=keys["gita"], question="Is it ready?")
    gita = omar.get(f"/people/{keys['gita']}").get_data(as_text=True)
    assert re.findall(r'<a href="/series/[\w-]+">(.*?)</a>', gita) == ["One idea, three tools"]
    assert "Their cycle waits to be begun" in gita
    assert f'<a href="{asked}">' in gita
    assert "Nobody else is in this team" not in gita
    ben = omar.get(f"/people/{keys['ben']}").get_data(as_text=True)
    assert "Nobody else is in this team" in ben
    assert "They lead it" not in ben


def test_the_record_says_when_a_backup_was_tested(app: Flask, studio: Studio) -> None:
    omar, kept = signed_in(app, "omar"), studio.settings.folder / RECORD
    assert "No backup of this studio has been tested yet." in omar.get("/record").get_data(as_text=True)
    note_tested(
        studio.settings.folder, Path("friday.backup"), ok=True, message="It was restored, and is whole."
    )
    page = omar.get("/record").get_data(as_text=True)
    assert "“friday.backup”" in page
    assert "It was restored, and is whole." in page
    kept.write_text("{", "utf-8")
    assert omar.get("/record").status_code == 200
    kept.unlink()


def test_a_team_says_what_became_of_it_and_what_it_owns(app: Flask, studio: Studio) -> None:
    dana = signed_in(app, "dana")
    made = send(dana, "/teams", "/teams", name="Percents").headers["Location"]
    page = dana.get(made).get_data(as_text=True)
    assert "The team is there, with you in it" in page
    assert "Give it one" in page
    key = _team(studio, "Percents").key
    answer = send(dana, made, f"/teams/{key}", name="Percents", member=_team(studio, "Ratios").members)
    assert "Kept. The team is as it stands here." in dana.get(answer.headers["Location"]).get_data(as_text=True)  # fmt: skip
    owned = dana.get(f"/teams/{_team(studio, 'Ratios').key}").get_data(as_text=True)
    assert 'href="/units/grade-6/ratios"' in owned
    send(dana, made, f"/teams/{key}/remove")


def _team(studio: Studio, name: str) -> Team:
    return next(one for one in studio.teams.all() if one.name == name)


def test_members_bring_others_in_and_no_more(app: Flask, studio: Studio) -> None:
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    keys = {account: person.key for account, person in studio.people.samples()}
    page = f"/teams/{team.key}"
    members = [*team.members, keys["ben"]]
    token = token_of(ada, page)
    assert ada.post(page, data={"csrf_token": token, "member": members}).status_code == 303
    assert keys["ben"] in studio.teams.get(team.key).members
    assert ben.get(LESSON + "/edit").status_code == 200
    fewer = [key for key in members if key != keys["ada"]]
    assert ada.post(page, data={"csrf_token": token, "member": fewer}).status_code == 409
    assert send(ada, page, f"{page}/remove").status_code == 409
    dana = signed_in(app, "dana")
    kept = [key for key in members if key != keys["ben"]]
    assert dana.post(page, data={"csrf_token": token_of(dana, page), "name": "Ratios", "member": kept}).status_code == 303  # fmt: skip
    assert ben.get(LESSON + "/edit").status_code == 404


def test_a_team_that_was_taken_away_comes_back_as_it_was(app: Flask, studio: Studio) -> None:
    dana, ben, ada = (signed_in(app, name) for name in ("dana", "ben", "ada"))
    before, owned = studio.teams.get(_team(studio, "Ratios").key), studio.teams.owners()
    page = f"/teams/{before.key}"
    gone = send(dana, page, f"{page}/remove")
    assert gone.headers["Location"] == f"/teams?did=away&undo={before.key}"
    assert dana.get(page).status_code == 404
    assert ben.get(LESSON + "/edit").status_code == 200
    assert "Undo this" in dana.get(gone.headers["Location"]).get_data(as_text=True)
    # A team of that name may be made meanwhile, and a unit given to another: neither is taken from whoever has it.
    send(dana, "/teams", "/teams", name="Ratios")
    fractions = _team(studio, "Fractions")
    lost = next(unit for unit, team in owned.items() if team.key == before.key)
    assert send(dana, "/teams", "/teams/units", unit=lost, team=before.key).status_code == 404
    assert send(ada, "/teams", f"{page}/back").status_code == 409
    assert "Bring back" not in ada.get("/teams").get_data(as_text=True)
    assert send(dana, "/teams", f"{page}/back").status_code == 303
    after = studio.teams.get(before.key)
    assert (after.members, after.private) == (before.members, before.private)
    assert after.name == "Ratios (earlier)"
    assert studio.teams.owners()[lost].key == before.key
    assert ben.get(LESSON + "/edit").status_code == 404
    assert send(dana, "/teams", f"{page}/back").status_code == 404
    send(dana, page, f"{page}/remove")
    send(dana, "/teams", "/teams/units", unit=lost, team=fractions.key)
    send(dana, "/teams", f"{page}/back")
    assert studio.teams.owners()[lost].key == fractions.key


def test_a_name_that_cannot_be_seen_is_kept_by_nobody(app: Flask, studio: Studio) -> None:
    ada = signed_in(app, "ada")
    answer = send(ada, "/account", "/account/name", name="Ada\u202ereppoH")
    assert answer.status_code in (400, 409)
    assert "with characters that can be seen" in answer.get_data(as_text=True)
    assert studio.people.by_account("ada").person.name == "Ada"


def test_links_name_the_address_that_people_type(
    app: Flask, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = replace(studio.settings, address="https://studio.example.org/")
    monkeypatch.setitem(app.extensions, "studio", replace(studio, settings=named))
    omar = signed_in(app, "omar")
    page = send(omar, "/people", "/people", name="Lia", account="lia", role="teacher", team="")
    assert "https://studio.example.org/welcome/" in page.get_data(as_text=True)


def test_what_was_done_at_the_shell_is_told_in_words(app: Flask, studio: Studio) -> None:
    studio.people.add("Sol", "sol", "teacher", actor=SHELL)
    record = signed_in(app, "omar").get("/record").get_data(as_text=True)
    assert "The command line" in record
    assert SHELL not in record
