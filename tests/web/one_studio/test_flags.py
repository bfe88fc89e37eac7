"""Round the loop through HTTP: results raise a flag, people answer it, the part changes, is published, and the next results close it."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.flags import loop_of, loops, open_flags
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.ratings import hand_in, open_round
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.flags import Flag, state_after
from curriculum_studio.domain.ratings import Rating
from curriculum_studio.studio import Studio
from tests.web.cast import publish, send, signed_in

LESSON = "grade-6/ratios/02-same-taste.md"
PART = "m-add-both"


def piles(right: int, added: int, other: int) -> bytes:
    return f"item,choice,count\nlemonade,right,{right}\nlemonade,{PART},{added}\nlemonade,other,{other}\n".encode()


def test_the_loop_goes_all_the_way_round(studio: Studio, app: Flask) -> None:
    ada, carla, dana = (signed_in(app, name) for name in ("ada", "carla", "dana"))
    me = studio.people.by_account("ada").person
    publish(dana)
    take_in_results(studio, me, piles(50, 61, 14), "t4w8n2xc", taken="2026-09", classes=5)
    shelf = carla.get("/loops").get_data(as_text=True)
    assert "Adding the same to both" in shelf
    assert "waits for somebody to look" in shelf
    flag = open_flags(studio, me)[0]
    assert (flag.document, flag.part, flag.rule) == ("t4w8n2xc", PART, "strong-distractor")
    page = f"/loops/{flag.key}"
    assert "61 of 125 students" in carla.get(page).get_data(as_text=True)

    # A step without words is refused, and so is one that does not follow.
    assert send(carla, page, page, act="taken", words=" ").status_code == 400
    assert send(carla, page, page, act="closed", words="Done").status_code == 400
    assert (
        send(
            carla, page, page, act="taken", words="The table hides the batches: show them first."
        ).status_code
        == 303
    )
    told = ada.get(page).get_data(as_text=True)
    assert "Carla took it up" in told
    assert "waits for a change of the text" in told
    assert "/units/grade-6/ratios/02-same-taste/edit" in told

    time.sleep(1.1)
    text = studio.snapshot()[LESSON].decode()
    save_version(
        studio,
        me,
        LESSON,
        text.replace("Think alone for two minutes, then pairs.", "Draw the batches alone first, then pairs."),
        studio.snapshot().blob(LESSON),
        "Batches are drawn first",
    )
    changed = ada.get(page).get_data(as_text=True)
    assert "Batches are drawn first" in changed
    assert "waits to be published" in changed
    publish(dana)
    assert "waits for the next results" in ada.get(page).get_data(as_text=True)

    take_in_results(studio, me, piles(92, 21, 12), "t4w8n2xc", taken="2026-10", classes=5)
    after = ada.get(page).get_data(as_text=True)
    assert "waits to be judged" in after
    assert "Fewer gave this answer after the change: from 49 % to 17 %" in after
    assert "Nothing else was held equal" in after
    # The same rule and part raise no second flag while the loop is open.
    assert len(open_flags(studio, me)) == 1
    assert (
        send(
            carla,
            page,
            page,
            act="closed",
            words="Fewer added to both; other classes, so we look again next year.",
        ).status_code
        == 303
    )
    assert not open_flags(studio, me)
    assert "other classes, so we look again" in ada.get("/loops?over=yes").get_data(
        as_text=True
    ) or "closed" in ada.get(page).get_data(as_text=True)
    assert loop_of(studio, me, "t4w8n2xc", PART).stuck == "closed"


def test_a_change_elsewhere_in_the_lesson_is_no_change_of_the_part(studio: Studio) -> None:
    me = studio.people.by_account("ada").person
    take_in_results(studio, me, piles(70, 60, 11), "t4w8n2xc", taken="2026-11")
    text = studio.snapshot()[LESSON].decode()
    before = len(loop_of(studio, me, "t4w8n2xc", PART).changes)
    save_version(
        studio,
        me,
        LESSON,
        text.replace("Taste is a judge that students trust.", "Taste is a judge that all students trust."),
        studio.snapshot().blob(LESSON),
        "A word",
    )
    assert len(loop_of(studio, me, "t4w8n2xc", PART).changes) == before


def test_what_is_hidden_raises_no_flag(studio: Studio) -> None:
    me = studio.people.by_account("ada").person
    before = len(studio.flags.all())
    take_in_results(studio, me, b"item,choice,count\nq1,A,12\nq1,B,9\nq1,C,8\n", "mid6ratio", taken="2026-10")
    assert len(studio.flags.all()) == before


def test_a_private_units_flags_are_its_teams(studio: Studio, app: Flask) -> None:
    ben = studio.people.by_account("ben").person
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    flag = studio.flags.all()[0]
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    try:
        assert not loops(studio, ben)
        assert not loops(studio, ben, live=False)
        with pytest.raises(NotFound):
            loop_of(studio, ben, flag.document, flag.part)
        client = signed_in(app, "ben")
        assert client.get(f"/loops/{flag.key}").status_code == 404
        assert send(client, "/account", f"/loops/{flag.key}", act="taken", words="x").status_code == 404
        assert "Adding the same" not in client.get("/loops").get_data(as_text=True)
        assert "The same taste" not in client.get("/evidence").get_data(as_text=True)
    finally:
        studio.teams.change(team.key, team.name, team.members, "p-test", private=False)


def test_steps_follow_from_each_other() -> None:
    flag = Flag("f", "weak-item", "d", "q1", "open")
    assert state_after(flag, "taken", "x") == "taken"
    assert state_after(flag, "aside", "x") == "aside"
    for act in ("closed", "again", "nonsense"):
        with pytest.raises(Refused):
            state_after(flag, act, "x")


def test_home_says_where_the_evidence_points(studio: Studio, app: Flask) -> None:
    me = studio.people.by_account("ada").person
    flag = next((one for one in open_flags(studio, me) if one.state == "open"), None)
    assert flag is not None
    assert f"/loops/{flag.key}" in signed_in(app, "ada").get("/").get_data(as_text=True)
    assert f"/loops/{flag.key}" not in signed_in(app, "ben").get("/").get_data(as_text=True)


def test_raters_who_do_not_agree_raise_a_flag_where_they_differ_most(studio: Studio, app: Flask) -> None:
    dana, carla, ada = (studio.people.by_account(name).person for name in ("dana", "carla", "ada"))
    text = studio.snapshot()["grade-6/ratios/01-introducing-ratios.md"].decode()
    quote = " ".join(text.partition("## Learning goals")[2].split("\n")[1].split()[1:7])

    def rated(values: dict[str, tuple[int, ...]]) -> list[Flag]:
        key = open_round(studio, dana, "grade-6/ratios", "alignment", [carla.key, ada.key])
        for person in (carla, ada):
            assert not [one for one in open_flags(studio, ada) if one.rule == "low-agreement"]
            row = zip(("claims", "shifts", "support", "checks"), values[person.name], strict=True)
            hand_in(studio, person, key, [Rating(name, value, "note", "", quote) for name, value in row])
        return [one for one in open_flags(studio, ada) if one.rule == "low-agreement"]

    assert not rated({"Carla": (1, 2, 3, 2), "Ada": (1, 2, 3, 2)})
    (flag,) = rated({"Carla": (3, 1, 3, 2), "Ada": (1, 2, 2, 3)})
    assert (flag.document, flag.part) == ("k7f3q9m2", "")
    page = signed_in(app, "ben").get(f"/loops/{flag.key}").get_data(as_text=True)
    assert "of 2 raters" in page
    assert "Farthest apart" in page
    assert "waits for somebody to look" in page
    assert "Carla" not in flag.steps[0].words
