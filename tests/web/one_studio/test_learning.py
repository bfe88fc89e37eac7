"""Sessions through HTTP: recommended by evidence, attended by one's own word, and what one writes is one's own."""

from __future__ import annotations

import re
import time

from flask import Flask
from sqlalchemy import update

from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.domain.learning import LATER, addresses_of
from curriculum_studio.storage.tables_evidence import AttendanceRow
from curriculum_studio.studio import Studio
from tests.web.cast import CAST, send, signed_in

SESSION = "/learning/pl6ratio"


def test_evidence_recommends_a_session_and_names_the_cause(studio: Studio, app: Flask) -> None:
    gita, me = signed_in(app, "gita"), studio.people.by_account("gita").person
    assert "recommended</span>" not in gita.get("/learning").get_data(as_text=True)
    content = b"item,choice,count\nlemonade,right,50\nlemonade,m-add-both,61\nlemonade,other,14\n"
    take_in_results(studio, me, content, "t4w8n2xc", taken="2026-10")
    shelf = gita.get("/learning").get_data(as_text=True)
    assert shelf.count("recommended</span>") >= 1
    # The one that takes this idea up comes first, with its cause and the way to the evidence.
    assert (
        shelf.index("Hearing ratio language")
        < shelf.index("a misconception is frequent")
        < shelf.index("61 of 125 students")
    )
    assert studio.flags.all()[0].key in shelf
    page = gita.get(SESSION).get_data(as_text=True)
    assert "Why now" in page
    # Parts and goals are called by their names, and not by their ids.
    assert "/units/grade-6/ratios/01-introducing-ratios#m-order" in page
    assert (
        "Teachers see and use students’ ideas" in page or "Teachers see and use students&#39; ideas" in page
    )
    assert not re.search(r">\s*(?:m-|g\d)", page)
    assert "The same taste" in page


def test_words_are_ones_own(app: Flask) -> None:
    ada = signed_in(app, "ada")
    assert send(ada, SESSION, f"{SESSION}/used", used="x").status_code == 404
    assert send(ada, SESSION, f"{SESSION}/attend", took="Listen for three more, secretly").status_code == 303
    for name in CAST:
        if name in ("ada", "eli"):
            continue
        page = signed_in(app, name).get(SESSION).get_data(as_text=True)
        assert "Ada" in page
        assert "secretly" not in page
    assert "secretly" in ada.get(SESSION).get_data(as_text=True)
    assert send(ada, SESSION, f"{SESSION}/attend", took="x" * 2001).status_code == 400


def test_some_weeks_later_it_is_asked_what_was_used(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    assert "Some weeks later" not in ada.get("/learning").get_data(as_text=True)
    with studio.database.work() as work:
        work.execute(update(AttendanceRow).values(at=int(time.time()) - LATER - 60))
    assert "Some weeks later" in ada.get("/learning").get_data(as_text=True)
    assert (
        send(
            ada, SESSION, f"{SESSION}/used", used="The sentence; two students changed their mind."
        ).status_code
        == 303
    )
    assert "Some weeks later" not in ada.get("/learning").get_data(as_text=True)
    assert send(ada, SESSION, f"{SESSION}/leave").status_code == 303
    assert not studio.learning.took_part()
    assert "two students changed" not in ada.get(SESSION).get_data(as_text=True)


def test_addresses() -> None:
    assert addresses_of(["a1#m-x", "a1", "#m", "a#", "b2#m-y"]) == (("a1", "m-x"), ("b2", "m-y"))
