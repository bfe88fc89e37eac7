"""The charter at work through HTTP: both sides agree to one text, a change asks again, progress is written and drawn."""

from __future__ import annotations

import re

from flask import Flask

from curriculum_studio.actions.goals import goals_board
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.formats.csv_cells import plain_cell
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in


def blob_on(page: str) -> str:
    found = re.search(r'name="blob" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_both_sides_agree_and_a_change_asks_again(studio: Studio, app: Flask) -> None:
    ada, carla, omar = (signed_in(app, name) for name in ("ada", "carla", "omar"))
    page = ada.get("/goals").get_data(as_text=True)
    assert "Not agreed yet by teachers and researchers" in page
    blob = blob_on(page)
    assert send(ada, "/goals", "/goals/assent", blob=blob).status_code == 303
    assert "Not agreed yet by researchers" in carla.get("/goals").get_data(as_text=True)
    assert send(carla, "/goals", "/goals/assent", blob=blob).status_code == 303
    page = omar.get("/goals").get_data(as_text=True)
    assert "Agreed by both sides" in page
    assert "Ada, for the teachers" in page
    assert "Carla, for the researchers" in page
    assert send(omar, "/account", "/goals/assent", blob=blob).status_code == 404

    me = studio.people.by_account("ada").person
    text = studio.snapshot()["charter.md"].decode()
    save_version(studio, me, "charter.md", text.replace("60 percent", "70 percent"), blob, "Higher")
    page = ada.get("/goals").get_data(as_text=True)
    assert "Not agreed yet by teachers and researchers" in page
    assert "An earlier text was agreed to" in page
    # Whoever still has the old page open agrees to nothing that they have not read.
    assert send(ada, "/goals", "/goals/assent", blob=blob).status_code == 409
    assert not goals_board(studio, me).now


def test_what_serves_no_goal_is_listed(studio: Studio, app: Flask) -> None:
    me = studio.people.by_account("ada").person
    path = "grade-6/ratios/02-same-taste.md"
    text = studio.snapshot()[path].decode()
    save_version(
        studio, me, path, text.replace("goals: [g1, g2]\n", ""), studio.snapshot().blob(path), "No goal"
    )
    board = goals_board(studio, me)
    assert path in {one.path for one in board.orphans}
    assert all(path not in {one.path for one in rows} for rows in board.serves.values())
    assert "The same taste" in signed_in(app, "ada").get("/goals").get_data(as_text=True)


def test_progress_is_written_drawn_and_handed_out(app: Flask) -> None:
    carla = signed_in(app, "carla")
    for year, value in (("2024-25", "41"), ("2025-26", "48"), ("2026-27", "55")):
        assert (
            send(
                carla,
                "/goals",
                "/goals/progress",
                goal="g1",
                year=year,
                value=value,
                source="End-of-unit explanations",
            ).status_code
            == 303
        )
    assert (
        send(carla, "/goals", "/goals/progress", goal="g1", year="soon", value="1", source="x").status_code
        == 400
    )
    page = carla.get("/goals").get_data(as_text=True)
    assert "from 41 % to 55 %" in page
    assert 'class="drivers"' in page
    # People read a goal by its words, on the goals' page and on the charter itself.
    words = re.sub(r"<[^>]+>", " ", page + carla.get("/units/charter").get_data(as_text=True))
    assert not re.search(r"\b[gdv]\d\b|serves:", words)
    assert "Serves : “Students explain why a method works" in " ".join(words.split())
    glossary = re.sub(r"<[^>]+>", " ", carla.get("/units/glossary").get_data(as_text=True))
    assert "Español: fracción" in glossary
    assert "es: " not in glossary
    sent = send(
        carla, "/goals", "/goals/progress", goal="g1", year="2024-25", value="41", source="=HYPERLINK(A1)"
    )
    assert sent.status_code == 303
    table = carla.get("/goals/progress.csv").get_data(as_text=True)
    # What people typed is run by no spreadsheet, and a number stays one.
    assert "2024-25,41,'=HYPERLINK(A1)" in table
    assert [plain_cell(cell) for cell in ("-3.5", "-x", -3, "@a", "a=1")] == ["-3.5", "'-x", -3, "'@a", "a=1"]
    assert "g1" in table
    assert "2025-26,48" in table
