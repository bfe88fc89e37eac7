"""The week in plain words: as a page, and by mail to those who chose it, with the reason in the first line, once a week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from curriculum_studio.actions.notices import choose_notices, send_mails
from curriculum_studio.actions.week import week
from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.domain.notices import Mail
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.week import Line, Week, is_due, last_week, week_mail, week_of
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.review_tables import WeekMailRow
from curriculum_studio.studio import Studio
from tests.web.cast import signed_in, token_of

PATH = "grade-6/ratios/01-introducing-ratios.md"


def now() -> datetime:
    return datetime.now(UTC)


def monday() -> date:
    """Last week's, whatever day it was when the tests began."""
    return last_week(now())


def who(studio: Studio, name: str) -> Person:
    return studio.people.by_account(name).person


def carla_writes(studio: Studio) -> None:
    """A version of last week's Wednesday."""
    carla = who(studio, "carla")
    text = studio.snapshot()[PATH].replace(b"Lena", b"Lina")
    at = datetime(monday().year, monday().month, monday().day, 9, tzinfo=UTC) + timedelta(days=2)
    change = Change(PATH, text, studio.content.blob_id(PATH))
    studio.content.save([change], Author(carla.name, carla.key), "Another name", at)


def long_ago(studio: Studio) -> None:
    with studio.database.work() as work:
        work.execute(update(WeekMailRow).values(week=(monday() - timedelta(days=7)).isoformat()))


def test_the_page_says_what_others_did(studio: Studio, app: Flask) -> None:
    carla_writes(studio)
    page = signed_in(app, "ada").get("/week").get_data(as_text=True)
    assert "Carla changed “Introducing ratios”: Another name." in page
    assert "Waiting for you" in page
    # What one did oneself is no news; an older week has no list of what waits today.
    assert "Another name" not in signed_in(app, "carla").get("/week").get_data(as_text=True)
    before = signed_in(app, "ada").get(f"/week?of={monday() - timedelta(days=7)}").get_data(as_text=True)
    assert "Another name" not in before
    assert "Waiting for you" not in before
    for bad in (
        "soon",
        (monday() + timedelta(days=1)).isoformat(),
        (monday() + timedelta(days=7)).isoformat(),
        "1999-01-04",
    ):
        assert signed_in(app, "ada").get(f"/week?of={bad}").status_code == 404, bad


def test_what_is_private_stands_in_nobody_elses_week(studio: Studio, app: Flask) -> None:
    carla_writes(studio)
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    page = signed_in(app, "ben").get("/week").get_data(as_text=True)
    assert "Introducing ratios" not in page
    assert "Another name" not in page


def test_it_is_mailed_once_to_who_chose_it_from_the_next_monday_on(studio: Studio) -> None:
    ada = who(studio, "ada")
    carla_writes(studio)
    sent: list[Mail] = []
    with pytest.raises(Refused, match="address"):
        choose_notices(studio, ada, {}, "", weekly=True)
    choose_notices(studio, who(studio, "ben"), {}, "ben@example.org")
    choose_notices(studio, ada, {}, "ada@example.org", weekly=True)
    send_mails(studio, now(), sent.append)
    assert not sent
    long_ago(studio)
    hour = now().replace(hour=7)
    send_mails(studio, hour, sent.append)
    (mail,) = sent
    assert mail.to == "ada@example.org"
    assert mail.text.split("\n")[0].startswith(
        "You chose to hear once a week what happened where you work: this is "
    )
    assert "Carla changed “Introducing ratios”" in mail.text
    assert "/notices" in mail.text.split("\n")[-1]
    send_mails(studio, hour, sent.append)
    assert len(sent) == 1
    choose_notices(studio, ada, {}, "ada@example.org")
    long_ago(studio)
    send_mails(studio, hour, sent.append)
    assert len(sent) == 1


def test_one_that_fails_is_tried_again(studio: Studio) -> None:
    choose_notices(studio, who(studio, "ada"), {}, "ada@example.org", weekly=True)
    carla_writes(studio)
    long_ago(studio)

    def fail(mail: Mail) -> None:
        raise StoreError("no")

    with pytest.raises(StoreError):
        send_mails(studio, now().replace(hour=7), fail)
    sent: list[Mail] = []
    assert send_mails(studio, now().replace(hour=7), sent.append) == 1


def test_it_is_chosen_on_the_page_of_news(app: Flask) -> None:
    ada = signed_in(app, "ada")
    form = {"csrf_token": token_of(ada, "/notices"), "week": "yes"}
    assert ada.post("/notices", data={**form, "address": ""}).status_code == 400
    assert ada.post("/notices", data={**form, "address": "ada@example.org"}).status_code == 303
    assert 'name="week" value="yes" checked' in ada.get("/notices").get_data(as_text=True)
    assert "You chose to get this by e-mail" in ada.get("/week").get_data(as_text=True)


def test_weeks_and_days() -> None:
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)
    assert last_week(monday) == last_week(monday + timedelta(days=6)) == date(2026, 11, 16)
    assert not is_due("2026-11-09", monday)
    assert is_due("2026-11-09", monday.replace(hour=6))
    assert is_due("", monday + timedelta(days=2))
    assert not is_due("2026-11-16", monday + timedelta(days=2))
    assert week_of("", monday) == date(2026, 11, 16)
    mail = week_mail("a@b", Week(date(2026, 11, 30), (("Ahead", (Line("One.", "/x"),)),)), "https://s")
    assert "30 November to 6 December 2026" in mail.subject
    assert "https://s/x" in mail.text


def test_a_week_without_a_text_is_quiet(studio: Studio) -> None:
    assert week(studio, who(studio, "omar"), monday() - timedelta(days=70)).groups == ()
