"""Professional learning that goes on: series with days and leaders, topics that teachers ask for, words shared by choice, packs to take along."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import publish, send, signed_in

TODAY = datetime.now(UTC).date()
SESSION = "/learning/pl6ratio"
SOON = (TODAY + timedelta(days=6)).isoformat()


def own_ratios(studio: Studio, *, private: bool) -> None:
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=private)


def test_a_series_gives_sessions_days_and_leaders(studio: Studio, app: Flask) -> None:
    gita, ada = signed_in(app, "gita"), signed_in(app, "ada")
    leads = studio.people.by_account("gita").person.key
    made = send(gita, "/learning", "/series", title="Ratios this year")
    assert made.status_code == 303
    place = made.headers["Location"].partition("?")[0]
    meeting = {"session": "pl6ratio", "day": SOON, "leads": leads, "place": "Room 12"}
    for wrong in (
        {"session": "none"},
        {"day": "soon"},
        {"day": "1999-01-01"},
        {"leads": "p-none"},
        {"place": "x" * 300},
    ):
        assert send(gita, place, f"{place}/meetings", **{**meeting, **wrong}).status_code == 400, wrong
    assert send(gita, place, f"{place}/meetings", **meeting).status_code == 303
    shown = ada.get(place).get_data(as_text=True)
    assert "Hearing ratio language" in shown
    assert "Room 12" in shown
    assert "led by Gita" in ada.get("/learning").get_data(as_text=True)
    # Whoever comes from Home to the session reads there when and where it is.
    when = ada.get(SESSION).get_data(as_text=True).partition("<h2>When</h2>")[2].partition("</section>")[0]
    for words in (f"{TODAY + timedelta(days=6):%A, %-d %B %Y}", "Room 12", "led by Gita", place):
        assert words in when
    assert "led by Gita" in ada.get("/").get_data(as_text=True)
    assert "You lead it on" in gita.get("/").get_data(as_text=True)
    assert f"{TODAY + timedelta(days=6):%-d %B}, led by Gita" in ada.get("/week").get_data(as_text=True)
    send(ada, SESSION, f"{SESSION}/attend", took="")
    row = re.search(
        r"<tr><th.*?</tr>", gita.get(place).get_data(as_text=True).partition("<tbody>")[2], re.DOTALL
    )
    assert row
    assert 'data-name="Took part:">1</td>' in row[0]
    assert 'used:">0</td>' in row[0]
    # A meeting about a unit that turned private is nobody's news.
    own_ratios(studio, private=True)
    assert "Hearing ratio language" not in signed_in(app, "gita").get(place).get_data(as_text=True)
    own_ratios(studio, private=False)
    key = re.search(r'name="meeting" value="([^"]+)"', gita.get(place).get_data(as_text=True))
    assert key
    assert send(gita, place, f"{place}/drop", meeting=key[1]).status_code == 303
    assert "No meeting yet" in gita.get(place).get_data(as_text=True)
    assert send(gita, place, f"{place}/drop", meeting=key[1]).status_code == 404
    assert send(gita, place, f"{place}/back", meeting=key[1]).status_code == 303
    assert "Room 12" in gita.get(place).get_data(as_text=True)
    assert send(gita, place, f"{place}/back", meeting=key[1]).status_code == 404
    assert send(signed_in(app, "omar"), "/account", "/series", title="x").status_code == 404


def test_what_teachers_ask_for_recommends_a_session(studio: Studio, app: Flask) -> None:
    ada, ben, gita = (signed_in(app, name) for name in ("ada", "ben", "gita"))
    words = "Students who add the same to both"
    assert send(ada, "/learning", "/learning/topics", words=words).status_code == 303
    assert send(ben, "/learning", "/learning/topics", words=words.upper()).status_code == 400
    (topic,) = studio.series.topics()
    address = f"/learning/topics/{topic.key}"
    assert send(ben, "/learning", address, act="join").status_code == 303
    assert send(ben, "/learning", address, act="join").status_code == 303
    assert "2 people ask for it" in gita.get("/learning").get_data(as_text=True)
    assert "asked for by" not in gita.get("/learning").get_data(as_text=True)
    assert send(gita, "/learning", address, act="take", session="none").status_code == 404
    assert send(gita, "/learning", address, act="take", session="pl6ratio").status_code == 303
    shelf = gita.get("/learning").get_data(as_text=True)
    assert "asked for by 2 people" in shelf
    assert shelf.index("Hearing ratio language") < shelf.index("asked for by 2 people")
    assert words in gita.get(SESSION).get_data(as_text=True)
    for one in (ada, ben):
        assert send(one, "/learning", address, act="leave").status_code == 303
    assert not studio.series.topics()
    assert send(ada, "/learning", address, act="join").status_code == 404


def test_words_are_shared_by_choice_alone(app: Flask) -> None:
    ada, carla = signed_in(app, "ada"), signed_in(app, "carla")
    send(ada, SESSION, f"{SESSION}/attend", took="Listen for three more")
    assert "Listen for three more" not in carla.get(SESSION).get_data(as_text=True)
    send(ada, SESSION, f"{SESSION}/used", used="The drawing; two changed their mind", shared="yes")
    page = carla.get(SESSION).get_data(as_text=True)
    assert "Listen for three more" in page
    assert "two changed their mind" in page
    send(ada, SESSION, f"{SESSION}/attend", took="Listen for three more")
    assert "two changed their mind" not in carla.get(SESSION).get_data(as_text=True)


def test_a_pack_opens_from_disk_and_hands_out_no_answers(studio: Studio, app: Flask) -> None:
    answer = signed_in(app, "gita").get(f"{SESSION}/pack.zip")
    assert answer.mimetype == "application/zip"
    files = {
        name: archive.read(name)
        for archive in (zipfile.ZipFile(io.BytesIO(answer.data)),)
        for name in archive.namelist()
    }
    pages = {name: content.decode() for name, content in files.items() if name.endswith(".html")}
    assert {"index.html", "guide.html", "slides.html", "handout-work.html"} <= pages.keys()
    assert sum(name.startswith("lesson-") for name in pages) == 3
    for name, page in pages.items():
        assert "<script" not in page, name
        assert ' style="' not in page, name
        for target in re.findall(r'(?:href|src)="([^"#]+)"', page):
            assert target in files or target.startswith("https://"), (name, target)
    slides = pages["slides.html"]
    assert slides.count('class="slide') == 6
    assert "For the facilitator" in pages["guide.html"]
    assert "For the facilitator" not in slides
    assert "Aaliyah" in pages["handout-work.html"]
    # What students get has nothing that is for teachers.
    handed = "".join(page for name, page in pages.items() if name.startswith("handout-"))
    taught = "".join(page for name, page in pages.items() if name.startswith("lesson-"))
    for only_teachers in (
        "part-student-response",
        "part-misconceptions",
        "part-teacher-notes",
        "part-answer",
    ):
        assert only_teachers not in handed, only_teachers
    assert len(taught) > len(handed)
    own_ratios(studio, private=True)
    assert signed_in(app, "ben").get(f"{SESSION}/pack.zip").status_code == 404
    own_ratios(studio, private=False)


def test_nothing_of_it_reaches_the_sites(studio: Studio, app: Flask) -> None:
    """The leak law, for all that the partnership says of itself: no page of a student or family site has any of it."""
    gita, ada, dana = (signed_in(app, name) for name in ("gita", "ada", "dana"))
    send(gita, "/learning", "/series", title="Marzipan series")
    send(ada, "/learning", "/learning/topics", words="Marzipan topic")
    send(ada, "/commitments", "/commitments", words="Marzipan promise", due=SOON)
    send(ada, SESSION, f"{SESSION}/attend", took="Marzipan reflection", shared="yes")
    send(dana, "/pulse", "/pulse/open", until=SOON)
    publish(dana)
    sites = studio.settings.folder / "sites"
    found = [path for path in sites.rglob("*") if path.is_file() and b"Marzipan" in path.read_bytes()]
    assert not found
    for edition in ("student", "family"):
        for address in (
            f"/sites/{edition}/pulse/",
            f"/sites/{edition}/learning/",
            f"/sites/{edition}/grade-6/ratios/professional-learning/01-hearing-ratio-language/",
        ):
            assert app.test_client().get(address).status_code == 404, address
        page = (sites / edition / "index.html").read_text("utf-8")
        assert "/pulse" not in page
        assert "/learning" not in page
