"""Readers' reports: off unless turned on, without a name, seen by who writes there alone, on the right words of today's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from curriculum_studio.actions.flags import open_flags
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, app_of, opened, publish, send, signed_in, token_of

PATH = "grade-6/ratios/01-introducing-ratios.md"
PAGE = "grade-6/ratios/01-introducing-ratios/"
FORM = f"/report?page={PAGE}"
CHOSEN = "Here are three ways to say the same ratio"


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    one = opened(tmp_path_factory.mktemp("reports"))
    yield replace(
        one, settings=replace(one.settings, reader_reports=True, address="https://studio.example.org")
    )
    one.close()


@pytest.fixture
def app(studio: Studio) -> Flask:
    made = app_of(studio)
    publish(signed_in(made, "dana"))
    return made


def test_whoever_reports_finds_back_to_the_page(app: Flask) -> None:
    client = app.test_client()
    back = f'href="/sites/student/{PAGE}"'
    assert back in client.get(FORM).get_data(as_text=True)
    form = {"csrf_token": token_of(client, FORM), "page": PAGE, "chosen": CHOSEN, "words": "Four ways."}
    assert back in client.post("/report", data=form).get_data(as_text=True)
    with client.get(f"/sites/student/{PAGE}") as there:
        assert there.status_code == 200


def test_the_form_speaks_the_language_of_the_page(app: Flask) -> None:
    client = app.test_client()
    page = "es/grade-6/ratios/02-same-taste/"
    shown = client.get(f"/report?page={page}").get_data(as_text=True)
    assert '<div lang="es">' in shown
    for words in ("Informar de algo en «El mismo sabor»", "Enviar", "a los 30 días", "500 caracteres"):
        assert words in shown
    assert "Report something" not in shown
    form = {
        "csrf_token": token_of(client, f"/report?page={page}"),
        "page": page,
        "chosen": "",
        "words": "Hola.",
    }
    answer = client.post("/report", data=form).get_data(as_text=True)
    assert "Gracias." in answer
    assert f'href="/sites/student/{page}"' in answer


def report(app: Flask, chosen: str = CHOSEN, words: str = "Four ways, I think.") -> int:
    client = app.test_client()
    form = {"csrf_token": token_of(client, FORM), "page": PAGE, "chosen": chosen, "words": words}
    return client.post("/report", data=form).status_code


def test_published_pages_lead_to_the_form_where_it_is_open(studio: Studio, app: Flask) -> None:
    def page(edition: str) -> str:
        return (studio.settings.sites / edition / PAGE / "index.html").read_text("utf-8")

    link = f'href="https://studio.example.org/report?page={PAGE}"'
    assert link in page("student")
    assert link in page("family")
    assert "/report" not in page("teacher")
    closed = replace(studio, settings=replace(studio.settings, reader_reports=False))
    publish(signed_in(app_of(closed), "dana"))
    assert "/report" not in page("student")


def test_there_is_no_form_unless_it_is_turned_on(studio: Studio, app: Flask) -> None:
    assert app.test_client().get(FORM).status_code == 200
    for off in ({"reader_reports": False}, {"address": ""}):
        closed = app_of(replace(studio, settings=replace(studio.settings, **off)))  # type: ignore[arg-type]
        assert closed.test_client().get(FORM).status_code == 404
        assert "are not asked to report" in signed_in(closed, "ben").get("/reports").get_data(as_text=True)
    assert "Every published lesson ends with" in signed_in(app, "ben").get("/reports").get_data(as_text=True)
    assert app.test_client().get("/report?page=grade-6/none/").status_code == 404


def test_a_report_waits_for_who_writes_there_and_for_nobody_else(studio: Studio, app: Flask) -> None:
    assert report(app) == 200
    assert "Four ways, I think." in signed_in(app, "ada").get("/reports").get_data(as_text=True)
    for name in ("ben", "gita", "omar"):
        client = signed_in(app, name)
        assert "Four ways" not in client.get("/reports").get_data(as_text=True), name
        key = studio.reports.all()[0].key
        assert send(client, "/account", f"/reports/{key}/thread").status_code == 404
        assert send(client, "/account", f"/reports/{key}/drop").status_code == 404
    ada = signed_in(app, "ada")
    away = send(ada, "/reports", f"/reports/{key}/drop").headers["Location"]
    assert studio.reports.all() == []
    assert "Four ways" in ada.get(away).get_data(as_text=True)
    for name, code in (("ben", 404), ("omar", 404), ("ada", 303), ("ada", 404)):
        assert send(signed_in(app, name), "/account", f"/reports/{key}/back").status_code == code, name
    assert [one.key for one in studio.reports.all()] == [key]


def test_it_arrives_on_its_words_after_the_text_has_changed(studio: Studio, app: Flask) -> None:
    text = studio.snapshot()[PATH].decode()
    at = text.index("Here are three ways")
    assert report(app, text[at : text.index(".", at)].split(":")[0]) == 200
    ada = signed_in(app, "ada")
    changed = text.replace("Students meet", "In this lesson students meet").replace("## Lesson summary", "## Lesson summary\n\nRead this.")  # fmt: skip
    assert send(ada, LESSON + "/edit", LESSON + "/edit", text=changed, base=studio.content.blob_id(PATH)).status_code == 303  # fmt: skip
    key = studio.reports.all()[0].key
    answer = send(ada, "/reports", f"/reports/{key}/thread")
    assert answer.status_code == 303
    (thread,) = studio.reviews.everywhere()
    assert thread.anchor.quote.startswith("Here are three ways")
    assert thread.anchor.blob == studio.content.blob_id(PATH)
    assert changed[thread.place.start : thread.place.end] == thread.anchor.quote
    assert thread.remarks[0].text == "A reader reports: Four ways, I think."
    assert studio.reports.all() == []


@pytest.mark.parametrize(("words", "code"), [("", 400), ("  ", 400), ("x" * 501, 400), ("x" * 500, 200)])
def test_a_report_has_words_and_an_end(app: Flask, words: str, code: int) -> None:
    assert report(app, words=words) == code


def test_nobodys_address_is_kept(studio: Studio, app: Flask) -> None:
    client = app.test_client()
    for words, chosen in (("Write to me: mia@example.org", CHOSEN), ("Three ways?", "from mia@example.org")):
        form = {"csrf_token": token_of(client, FORM), "page": PAGE, "chosen": chosen, "words": words}
        answer = client.post("/report", data=form)
        assert answer.status_code == 400
        assert "Leave out every address" in answer.get_data(as_text=True)
    assert studio.reports.all() == []


def test_words_that_are_not_there_and_hostile_ones_are_kept_as_text(studio: Studio, app: Flask) -> None:
    assert report(app, "no such words", "<script>alert(1)</script>") == 200
    shown = signed_in(app, "ada").get("/reports").get_data(as_text=True)
    assert "<script>alert" not in shown
    assert "no such words" in shown


def test_too_many_are_refused(app: Flask) -> None:
    codes = {report(app, "", f"{n}") for n in range(61)}
    assert codes == {200, 400}


def test_old_reports_are_gone(studio: Studio, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert report(app) == 200
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31 * 86400)
    assert studio.reports.all() == []


def test_three_reports_on_a_part_raise_a_flag_without_their_words(studio: Studio, app: Flask) -> None:
    me = studio.people.by_account("ada").person
    for number in range(3):
        assert not [one for one in open_flags(studio, me) if one.rule == "reader-reports"]
        assert report(app, words=f"A secret of reader {number}") == 200
    (flag,) = [one for one in open_flags(studio, me) if one.rule == "reader-reports"]
    assert flag.document == "k7f3q9m2"
    page = signed_in(app, "ben").get(f"/loops/{flag.key}").get_data(as_text=True)
    assert "3 readers’ reports" in page
    assert "A secret" not in page
    # A fourth adds nothing to an open flag; after it is answered, old reports raise none.
    assert report(app, words="One more") == 200
    assert len(studio.flags.get(flag.key).steps) == 1
    studio.flags.move(flag.key, "aside", me.key, "Known, and mended.")
    assert report(app, words="And one more") == 200
    assert not [one for one in open_flags(studio, me) if one.rule == "reader-reports"]
