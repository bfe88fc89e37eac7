"""The pulse and commitments through HTTP: answered once and unnamed, shown only when ten have answered and the round is over;
each side speaks for itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text, update

from curriculum_studio.domain.pulse import STATEMENTS
from curriculum_studio.storage.tables_partnership import PulseMarkRow, PulseRow
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in

TODAY = datetime.now(UTC).date()
LATER = (TODAY + timedelta(days=14)).isoformat()
ANSWERS = {key: str(1 + number % 5) for number, key in enumerate(STATEMENTS)}


def open_round(app: Flask) -> None:
    assert send(signed_in(app, "carla"), "/pulse", "/pulse/open", until=LATER).status_code == 303


def end(studio: Studio) -> None:
    with studio.database.work() as work:
        work.execute(update(PulseRow).values(until=(TODAY - timedelta(days=1)).isoformat()))


def test_one_answers_once_and_nothing_says_what(
    studio: Studio, app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    open_round(app)
    assert send(signed_in(app, "dana"), "/account", "/pulse/open", until=LATER).status_code == 400
    ada = signed_in(app, "ada")
    assert "Answer</a>" in ada.get("/pulse").get_data(as_text=True)
    me = studio.people.by_account("ada").person.key
    assert "I cannot say" in ada.get("/pulse/answer").get_data(as_text=True)
    assert send(ada, "/pulse/answer", "/pulse/answer", **ANSWERS).status_code == 303
    # The log says that somebody came, and not who.
    logged = [line for line in capfd.readouterr().out.splitlines() if "view=pulse.answer" in line]
    assert logged
    assert not any(me in line for line in logged)
    again = send(ada, "/account", "/pulse/answer", **ANSWERS)
    assert again.status_code == 400
    assert "You have answered in this round" in again.get_data(as_text=True)
    assert "You have answered" in ada.get("/pulse").get_data(as_text=True)
    assert "Answer</a>" in signed_in(app, "ben").get("/pulse").get_data(as_text=True)
    # The open round gives its sums to nobody.
    (one,) = studio.pulse.rounds(TODAY.isoformat())
    assert (one.answers, one.sums) == (0, None)
    with studio.database.look() as look:
        (mark,) = look.scalars(select(PulseMarkRow)).all()
        assert me not in mark.mark
        for table in inspect(studio.database.engine).get_table_names():
            if table.startswith("pulse"):
                assert me not in str(look.execute(text(f"select * from {table}")).all())  # noqa: S608
        audited = str(look.execute(text("select * from audit")).all())
    assert "pulse" in audited
    assert "answer" not in audited


def test_marks_keep_no_order_and_go_with_the_round(studio: Studio, app: Flask) -> None:
    open_round(app)
    for number in range(12):
        studio.pulse.answer(studio.pulse.rounds(TODAY.isoformat())[0].key, f"p-{number}", {"trust-open": 4})
    with studio.database.look() as look:
        marks = list(look.scalars(select(PulseMarkRow.mark)))
        if studio.database.engine.dialect.name == "sqlite":
            assert marks == sorted(marks)
            with pytest.raises(Exception, match="rowid"):
                look.execute(text("select rowid from pulse_marks"))
    end(studio)
    page = signed_in(app, "ada").get("/pulse").get_data(as_text=True)
    assert "4.0" in page
    assert "fewer than 10" in page
    with studio.database.look() as look:
        assert not look.scalars(select(PulseMarkRow)).all()


def test_nine_people_leave_nothing(studio: Studio, app: Flask) -> None:
    open_round(app)
    key = studio.pulse.rounds(TODAY.isoformat())[0].key
    for number in range(9):
        studio.pulse.answer(key, f"p-{number}", dict.fromkeys(STATEMENTS, 4))
    end(studio)
    page = signed_in(app, "dana").get("/pulse").get_data(as_text=True)
    assert "fewer than 10" in page
    assert "4.0" not in page
    with studio.database.look() as look:
        row = look.scalars(select(PulseRow)).one()
        assert (row.answers, json.loads(row.sums)) == (0, {})


def test_over_time_as_charts_with_tables(studio: Studio, app: Flask) -> None:
    for number, days in enumerate((200, 100)):
        key = studio.pulse.open((TODAY - timedelta(days=days)).isoformat(), "p-x")
        for person in range(11):
            studio.pulse.answer(key, f"p-{person}", dict.fromkeys(STATEMENTS, 3 + number))
        studio.pulse.rounds(TODAY.isoformat())
    page = signed_in(app, "gita").get("/pulse").get_data(as_text=True)
    assert page.count('class="years"') == 5
    assert "Trust and relationships, from 1 to 5: first 3.0, last 4.0" in page


def test_each_side_speaks_for_itself(app: Flask) -> None:
    ada, carla, dana, omar = (signed_in(app, name) for name in ("ada", "carla", "dana", "omar"))
    words = "Bring the cool-downs of lesson two to the session"
    assert send(ada, "/commitments", "/commitments", words=words, due=LATER).status_code == 303
    assert send(ada, "/commitments", "/commitments", words=words, due="2020-01-01").status_code == 400
    assert send(omar, "/account", "/commitments", words=words, due=LATER).status_code == 404
    page = carla.get("/commitments").get_data(as_text=True)
    assert words in page
    assert "Say what became of it" not in page
    key = page.partition('id="w-')[2].partition('"')[0]
    address = f"/commitments/w-{key}"
    for other in (carla, dana):
        refused = send(other, "/commitments", address, act="done")
        assert refused.status_code == 400
        assert "speak for themselves" in refused.get_data(as_text=True)
    assert (
        send(ada, "/commitments", address, act="changed", words="One class only", due=LATER).status_code
        == 400
    )
    changed = {"act": "changed", "words": "One class only", "due": LATER, "reason": "Two are on a trip"}
    assert send(ada, "/commitments", address, **changed).status_code == 303
    page = dana.get("/commitments").get_data(as_text=True)
    assert "One class only" in page
    assert "Two are on a trip" in page
    # Gita coaches, and coaches and teachers are one side.
    assert send(signed_in(app, "gita"), "/commitments", address, act="done").status_code == 303
    assert "Nothing is promised" in ada.get("/commitments").get_data(as_text=True)
    assert send(ada, "/commitments", address, act="done").status_code == 400
    assert send(ada, "/commitments", "/commitments/w-none", act="done").status_code == 404


def test_reciprocity_stands_beside_them(app: Flask) -> None:
    page = signed_in(app, "ada").get("/trust").get_data(as_text=True)
    assert "Heard by the others" in page
    assert page.count("not shown</td>") >= 6
    assert not re.search(r"<td[^>]*>[1-4]</td>", page), "no number below five stands anywhere"
