"""A district's curriculum: with many units and people, pages let one choose step by step instead of listing everything."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in

_UNITS = 40


@pytest.fixture
def many(studio: Studio) -> Studio:
    """The studio with forty more units of one lesson and one assessment each."""
    changes = []
    for n in range(_UNITS):
        place, name = f"grade-7/unit-{n:02}", f"unit{n:04}"
        texts = {
            "unit.md": f"---\nid: {name}\ntitle: Far unit {n:02}\ngrade: 7\nsections: [{{title: A, lessons: [01-one]}}, {{title: B, lessons: []}}]\n---\nWords.\n",
            "01-one.md": f"---\nid: less{n:04}\ntitle: Far lesson {n:02}\n---\n## Cool-down {{#c}}\n### Student task\nDo.\n",
            "assessments/end.md": f"---\nid: test{n:04}\ntitle: Far test {n:02}\npurpose: end-of-unit\n---\n### Problem {{#q1}}\nDo.\n",
        }
        changes += [Change(f"{place}/{file}", text.encode(), None) for file, text in texts.items()]
    studio.content.save(changes, Author("Import", "p-test"), "Forty units", datetime.now(UTC))
    return studio


def test_results_ask_for_the_unit_first(many: Studio, app: Flask) -> None:
    carla = signed_in(app, "carla")
    page = carla.get("/evidence/new").get_data(as_text=True)
    assert "Choose the unit first" in page
    assert "Far test" not in page
    page = carla.get("/evidence/new?unit=grade-7/unit-07").get_data(as_text=True)
    assert re.findall(r"(?:Assessment: )?Far (?:test|lesson) \d\d", page) == [
        "Assessment: Far test 07",
        "Far lesson 07",
    ]
    # Whoever comes from a text finds it chosen.
    assert '<option value="test0012" selected>' in carla.get("/evidence/new?text=test0012").get_data(
        as_text=True
    )


def test_a_log_offers_the_lessons_of_ones_own_units(many: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    page = ada.get("/teaching").get_data(as_text=True)
    assert "Introducing ratios" in page
    assert "Far lesson" not in page
    assert page.count("data-keep") == 12
    page = ada.get("/teaching?unit=grade-7/unit-07").get_data(as_text=True)
    assert re.findall(r"Far lesson \d\d", page) == ["Far lesson 07"]


def test_a_lesson_moves_into_a_far_unit_as_a_draft(many: Studio, app: Flask) -> None:
    page = signed_in(app, "dana").get(f"{LESSON}/manage").get_data(as_text=True)
    assert page.count('value="grade-7/unit-07#') == 2
    assert 'value="grade-7/unit-07#"' in page
    assert 'value="grade-6/ratios#0"' in page


def test_teams_and_their_people(many: Studio, app: Flask) -> None:
    for n in range(60):
        many.people.add(f"Zoe {n:02}", f"zoe{n}@school.example", "teacher")
    dana = signed_in(app, "dana")
    page = dana.get("/teams?unit=unit0007").get_data(as_text=True)
    assert page.count('action="/teams/units"') == 1
    assert '<option value="unit0007" selected>' in page
    team = next(one for one in many.teams.all() if one.name == "Ratios")
    given = send(dana, "/teams", "/teams/units", unit="unit0007", team=team.key)
    assert given.headers["Location"] == "/teams?did=given"
    assert many.teams.owners()["unit0007"].key == team.key
    # Who may be spoken to: those of the team first, and no wall of names.
    words = dana.get(f"{LESSON}/review").get_data(as_text=True)
    told = re.search(r'id="at-help">(.*?)</p>', words)
    assert told
    assert told[1].startswith("@ and a name tells that person: Ada, Carla, ")
    assert told[1].count(",") == 11
    assert told[1].endswith("and everybody else who may read this text.")


def test_somebody_is_found_among_many_people(studio: Studio, app: Flask) -> None:
    for n in range(120):
        studio.people.add(f"Zoë Éclair {n:03}", f"zoe{n}@school.example", "teacher")
    omar = signed_in(app, "omar")
    page = omar.get("/people").get_data(as_text=True)
    assert "The first 100 of 126." in page
    page = omar.get("/people?q=eclair+117").get_data(as_text=True)
    assert re.findall(r"Zoë Éclair \d+", page) == ["Zoë Éclair 117"]
    assert "zoe117@school.example" in omar.get("/people?q=ZOE117@").get_data(as_text=True)
    assert "Nobody of 126 is called so." in omar.get("/people?q=nobody%20<b>").get_data(as_text=True)
