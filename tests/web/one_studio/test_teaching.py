"""The teaching log through HTTP: kept once, one's own until shared, forgotten when deleted, and counted without names."""

from __future__ import annotations

import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from curriculum_studio.actions.flags import loop_of, open_flags
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.domain.teaching import Log, PartLog
from curriculum_studio.storage.people import People
from curriculum_studio.studio import Studio
from tests.web.cast import publish, send, signed_in

LESSON, PATH = "t4w8n2xc", "grade-6/ratios/02-same-taste.md"
FORM = f"/teaching/lessons/{LESSON}"


def written(client: FlaskClient, key: str = "", **form: str) -> TestResponse:
    fields = {"key": key or secrets.token_hex(16), "day": date.today().isoformat(), **form}
    return send(client, FORM, FORM, **fields)


def key_of(answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].split("/")[-1].split("?")[0]


def test_a_log_is_ones_own(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    page = ada.get(FORM).get_data(as_text=True)
    assert "Activity 1: Which one is sweeter?" in page
    assert "of 17 min" in page
    key = key_of(
        written(ada, **{"how-sweeter": "changed", "minutes-sweeter": "25", "reason-sweeter": "time", "words-sweeter": "Drew it first", "happened": "Two pairs drew batches"})
    )  # fmt: skip
    mine = f"/teaching/logs/{key}"
    shown = ada.get(mine).get_data(as_text=True)
    for words in ("25", "too little time", "Drew it first", "Two pairs drew batches", "yours alone"):
        assert words in shown
    assert "25 minutes, 17 planned" in ada.get("/teaching").get_data(as_text=True)
    for other in ("ben", "carla", "dana", "gita", "omar"):
        client = signed_in(app, other)
        for address in (mine, f"{mine}/edit"):
            assert client.get(address).status_code == 404
        for address in (f"{mine}/edit", f"{mine}/share", f"{mine}/delete"):
            assert send(client, "/account", address, shared="yes").status_code == 404
        for page in (
            "/teaching",
            f"/teaching/together/{LESSON}",
            "/",
            "/loops",
            "/record",
            f"/units/{PATH[:-3]}",
        ):
            assert "Two pairs drew" not in client.get(page).get_data(as_text=True), (other, page)
    assert "Nobody has shared" in signed_in(app, "carla").get(f"/teaching/together/{LESSON}").get_data(
        as_text=True
    )
    # Sharing shows it to the team, with the name; taking it back hides it again.
    assert "the team Ratios (Ada, Carla) and the leads" in shown
    send(ada, mine, f"{mine}/share", shared="yes")
    together = signed_in(app, "carla").get(f"/teaching/together/{LESSON}").get_data(as_text=True)
    assert "Two pairs drew batches" in together
    for other, sees in (("carla", True), ("dana", True), ("ben", False)):
        shelf = signed_in(app, other).get("/teaching").get_data(as_text=True)
        assert (f"/teaching/together/{LESSON}" in shelf) is sees, other
    assert "Ada" in together
    assert "one room" in together
    assert signed_in(app, "ben").get(f"/teaching/together/{LESSON}").status_code == 404
    assert send(signed_in(app, "carla"), "/account", f"{mine}/delete").status_code == 404
    send(ada, mine, f"{mine}/share", shared="no")
    assert "Two pairs" not in signed_in(app, "carla").get(f"/teaching/together/{LESSON}").get_data(
        as_text=True
    )


def test_what_is_sent_twice_is_kept_once_even_after_it_was_deleted(studio: Studio, app: Flask) -> None:
    ada, key = signed_in(app, "ada"), secrets.token_hex(16)
    me = studio.people.by_account("ada").person
    before = len(studio.teaching.all_own(me.key))
    for words in ("First", "Again"):
        written(ada, key, happened=words)
    assert studio.teaching.own(me.key, key).happened == "First"
    assert len(studio.teaching.all_own(me.key)) == before + 1
    # Another person may make the same key, and gets a log of their own.
    written(signed_in(app, "ben"), key, happened="Ben’s")
    assert studio.teaching.own(me.key, key).happened == "First"
    send(ada, "/teaching", f"/teaching/logs/{key}/delete")
    written(ada, key, happened="Once more")
    assert len(studio.teaching.all_own(me.key)) == before
    assert ada.get(f"/teaching/logs/{key}").status_code == 404
    with studio.database.look() as look:
        rows = look.execute(text("select * from teaching where gone")).all()
    assert rows
    assert "First" not in str(rows)


def test_many_sendings_at_once_make_one_log(studio: Studio) -> None:
    me = studio.people.by_account("ada").person
    log = Log(secrets.token_hex(16), me.key, LESSON, "t", "b", "2026-11-25", (), "Said once")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: studio.teaching.keep(log), range(24)))
    assert sum(made) == 1


def test_a_device_that_sends_by_itself_gets_a_short_answer(app: Flask) -> None:
    ada = signed_in(app, "ada")
    door = ada.get("/teaching/door").get_json()
    fields = {"csrf_token": door["token"], "key": secrets.token_hex(16), "day": date.today().isoformat()}
    kept = ada.post(FORM, data={**fields, "happened": "All drew"}, headers={"X-Kept": "yes"})
    assert kept.get_json()["address"].startswith("/teaching/logs/")
    refused = ada.post(FORM, data={**fields, "happened": "Then Maria drew"}, headers={"X-Kept": "yes"})
    assert refused.status_code == 422
    assert "Maria" in refused.get_json()["error"]
    late = ada.post(FORM, data={**fields, "csrf_token": "old"}, headers={"X-Kept": "yes"})
    assert late.status_code == 400
    assert late.mimetype == "text/html"


def test_a_students_name_is_in_no_place_afterwards(studio: Studio, app: Flask) -> None:
    ada, name = signed_in(app, "ada"), "Thibodeauxia"
    answer = written(ada, happened=f"Then {name} drew")
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert "could be a student" in page
    assert name in page  # the words come back to who typed them, and are nowhere else
    for file in studio.settings.folder.rglob("*"):
        assert not file.is_file() or name.encode() not in file.read_bytes(), file


def test_the_version_that_was_taught_is_kept(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    old = studio.snapshot().blob(PATH)
    me = studio.people.by_account("ada").person
    source = studio.snapshot()[PATH].decode()
    save_version(
        studio, me, PATH, source.replace("{#sweeter minutes=17", "{#sweeter minutes=20"), old, "More time"
    )
    assert "of 20 min" in ada.get(FORM).get_data(as_text=True)
    log = studio.teaching.own(me.key, key_of(written(ada, text=old, **{"minutes-sweeter": "17"})))
    assert (log.blob, log.minutes) == (old, (17, 17))
    # What is no text of this lesson is not looked at.
    for odd in (
        studio.snapshot().blob("grade-6/ratios/01-introducing-ratios.md"),
        "--help",
        "x" * 40,
        "0" * 40,
    ):
        log = studio.teaching.own(me.key, key_of(written(ada, text=odd, **{"minutes-sweeter": "17"})))
        assert log.blob == studio.snapshot().blob(PATH)
    now = studio.snapshot().blob(PATH)
    save_version(studio, me, PATH, source, now, "As it was")


def kept(studio: Studio, account: str, minutes: int, how: str = "written") -> str:
    """A shared log straight into the memory, as its desk would keep it."""
    me, key = studio.people.by_account(account).person, secrets.token_hex(16)
    from curriculum_studio.actions.teaching import write_log

    log = Log(key, "", "", "", "", date.today().isoformat(), (), "", True)
    write_log(
        studio,
        me,
        LESSON,
        lambda one: PartLog(one, minutes, how) if one.part == "sweeter" else PartLog(one),
        log,
    )
    return key


def test_an_overrun_goes_round_the_loop(studio: Studio, app: Flask) -> None:
    ada, carla, dana = (signed_in(app, name) for name in ("ada", "carla", "dana"))
    me = studio.people.by_account("ada").person
    for account, minutes in (("ada", 26), ("carla", 24)):
        kept(studio, account, minutes)
    # Versions know whole seconds: the flag shall be raised in a later one than what was saved above.
    time.sleep(1 - time.time() % 1)
    assert not [one for one in open_flags(studio, me) if one.rule == "overrun"]
    kept(studio, "ada", 27)
    (flag,) = [one for one in open_flags(studio, me) if one.rule == "overrun"]
    assert (flag.document, flag.part) == (LESSON, "sweeter")
    page = f"/loops/{flag.key}"
    told = signed_in(app, "ben").get(page).get_data(as_text=True)
    assert "3 shared logs, 26 minutes in the middle, 17 planned." in told
    assert "waits for somebody to look" in told
    kept(studio, "ada", 28)
    assert len(studio.flags.get(flag.key).steps) == 1
    send(carla, page, page, act="taken", words="The guesses take the time: plan for them.")
    source = studio.snapshot()[PATH].decode()
    new = source.replace("{#sweeter minutes=17", "{#sweeter minutes=25")
    save_version(studio, me, PATH, new, studio.snapshot().blob(PATH), "The plan follows the classes")
    publish(dana)
    after = ada.get(page).get_data(as_text=True)
    assert "waits for the next results" in after
    assert f'href="{FORM}"' in after
    kept(studio, "carla", 24)
    assert loop_of(studio, me, LESSON, "sweeter").stuck == "waits to be judged"
    send(ada, page, page, act="closed", words="It fits now.")
    # What was answered is not raised again by the same logs; newer ones have to say it anew.
    kept(studio, "carla", 24)
    assert not [one for one in open_flags(studio, me) if one.rule == "overrun"]


def test_who_may_not_write_sees_no_single_log_in_a_loop(studio: Studio) -> None:
    me, ben = (studio.people.by_account(name).person for name in ("ada", "ben"))
    loop = loop_of(studio, me, LESSON, "sweeter")
    assert any(one.logs < 3 for _, one in loop.taught)
    assert all(one.logs >= 3 for _, one in loop_of(studio, ben, LESSON, "sweeter").taught)


def test_a_private_units_lesson_is_not_logged_from_outside(studio: Studio, app: Flask) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    try:
        ben = signed_in(app, "ben")
        assert ben.get(FORM).status_code == 404
        assert send(ben, "/account", FORM, key="0" * 32, day="2026-11-25", happened="x").status_code == 404
        assert "The same taste" not in ben.get("/teaching").get_data(as_text=True).split("Your logs")[0]
    finally:
        studio.teams.change(team.key, team.name, team.members, "p-test", private=False)


def test_a_closed_account_takes_its_logs_along(studio: Studio) -> None:
    person = studio.people.add("Nora", "nora", "teacher")
    studio.teaching.keep(Log("9" * 32, person.key, LESSON, "t", "b", "2026-11-25", (), "x"))
    assert isinstance(studio.people, People)
    with studio.database.work() as work:
        work.execute(text("delete from people where key = :key"), {"key": person.key})
    assert not studio.teaching.all_own(person.key)


def test_changing_keeps_what_it_was_about(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    key = key_of(written(ada, **{"minutes-sweeter": "12", "how-sweeter": "written"}))
    page = f"/teaching/logs/{key}/edit"
    assert 'value="12"' in ada.get(page).get_data(as_text=True)
    assert send(ada, page, page, day="2026-11-20", **{"minutes-sweeter": "x"}).status_code == 400
    assert send(ada, page, page, day="2026-11-20", **{"minutes-sweeter": "14"}).status_code == 303
    log = studio.teaching.own(studio.people.by_account("ada").person.key, key)
    assert log.day == "2026-11-20"
    assert replace(log.parts[1]).taught == 14
    assert log.document == LESSON


def test_what_was_taught_has_ones_own_minutes_ready_and_nobody_elses(studio: Studio, app: Flask) -> None:
    gita, unit = signed_in(app, "gita"), "/units/grade-6/ratios/taught"
    parts = ("true-false", "sweeter", "batches", "lesson-synthesis", "lemonade")
    for minutes in ("10", "12"):
        written(gita, **{f"minutes-{one}": minutes for one in parts})
    field = f'name="minutes-{PATH}"'

    def line(name: str) -> str:
        page = signed_in(app, name).get(unit).get_data(as_text=True)
        return page.partition(field)[2].partition("</tr>")[0]

    assert 'value="55"' in line("gita")
    assert "from 2 logs of yours" in line("gita")
    assert 'value=""' in line("ben")
    # Nothing counts before it is kept; what was kept stands, whatever logs say.
    assert not studio.studies.taught("ratiosu6")
    send(gita, unit, unit, **{f"minutes-{PATH}": "52"})
    assert 'value="52"' in line("gita")
    assert "of yours" not in line("gita")
