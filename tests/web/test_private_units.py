"""What a team keeps private stays so, whatever becomes of the unit: its header, its id, its place, its versions."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from curriculum_studio.actions.identity import under_its_own
from curriculum_studio.actions.lessons import read_lesson, save_version
from curriculum_studio.actions.reviews import Choice, start_thread
from curriculum_studio.actions.units import bring_back, put_away, start_unit
from curriculum_studio.domain.errors import Refused
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in, who

SECRET = "zanzibarquokka"
UNIT, TEXT = "grade-6/ratios/unit.md", "grade-6/ratios/01-introducing-ratios.md"
OTHER = "grade-3/fractions/03-count-the-parts.md"
PAGES = (
    "/", "/bin", "/publish", "/week", "/search?q=ratio", LESSON, f"{LESSON}/history", f"{LESSON}/who", "/units/grade-6/ratios",
    "/text/grade-6/ratios/01-introducing-ratios.md", "/units/curriculum/history", "/inquiries/new",
)  # fmt: skip


def change(studio: Studio, name: str, path: str, old: str, new: str, note: str = "Changed") -> str:
    lesson = read_lesson(studio, path)
    text = re.sub(old, new, lesson.text, count=1, flags=re.MULTILINE)
    assert text != lesson.text
    return save_version(studio, who(studio, name), path, text, lesson.blob, note).version


@pytest.fixture
def thread(studio: Studio) -> str:
    """The unit of ratios as Ada's own, kept private; everything in it has a word that nobody else has."""
    ada = who(studio, "ada")
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    studio.teams.change(team.key, team.name, frozenset({ada.key}), "p-test", private=True)
    studio.teams.own("ratiosu6", team.key, "p-test")
    change(studio, "ada", TEXT, "^title: .*$", f"title: {SECRET} lesson", f"{SECRET} note")
    change(studio, "ada", UNIT, "^title: .*$", f"title: {SECRET} unit", f"{SECRET} note of the unit")
    return start_thread(studio, ada, TEXT, Choice("the order of the words"), f"{SECRET} comment")


def leaks(app: Flask, *more: str) -> list[str]:
    ben = signed_in(app, "ben")
    return [page for page in (*PAGES, *more) if SECRET in ben.get(page).get_data(as_text=True)]


@pytest.mark.parametrize("broken", ["id: [", "", "---"])
def test_a_header_that_cannot_be_read_opens_nothing(
    app: Flask, studio: Studio, thread: str, broken: str
) -> None:
    change(studio, "ada", UNIT, "^id: ratiosu6$", broken)
    assert leaks(app, f"/threads/{thread}") == []
    assert signed_in(app, "ben").get(LESSON).status_code == 404
    assert signed_in(app, "ada").get(LESSON).status_code == 200


def test_a_unit_keeps_its_id(studio: Studio, thread: str) -> None:
    with pytest.raises(Refused, match="id: ratiosu6"):
        change(studio, "ada", UNIT, "^id: ratiosu6$", "id: ratiosu7")


def test_what_is_put_away_stays_private(app: Flask, studio: Studio, thread: str) -> None:
    key = put_away(studio, who(studio, "ada"), UNIT)
    assert leaks(app, f"/threads/{thread}") == []
    assert signed_in(app, "ben").post(f"/bin/{key}").status_code in (400, 404)
    assert SECRET in signed_in(app, "ada").get("/bin").get_data(as_text=True)
    # A unit that somebody else starts under the same name has a folder, and a history, of its own.
    folder = start_unit(studio, who(studio, "ben"), "Ratios", "6")
    assert folder != "grade-6/ratios"
    assert leaks(app, f"/units/{folder}", f"/units/{folder}/unit/history?whole=yes") == []
    bring_back(studio, who(studio, "ada"), key)
    assert leaks(app) == []


@pytest.mark.parametrize("name", ["id: k7f3q9m2", "id: k7f3q9m2 # mine", 'id: "k7f3q9m2"'])
def test_nobody_takes_another_texts_id(app: Flask, studio: Studio, thread: str, name: str) -> None:
    with pytest.raises(Refused, match="another text"):
        change(studio, "ben", OTHER, "^id: .*$", name)
    # Nor by way of a header that nobody can read, nor once the other text is gone.
    change(studio, "ben", OTHER, "^id: .*$", "id: [")
    with pytest.raises(Refused, match="another text"):
        change(studio, "ben", OTHER, r"^id: \[$", name)
    put_away(studio, who(studio, "ada"), TEXT)
    with pytest.raises(Refused, match="another text"):
        change(studio, "ben", OTHER, r"^id: \[$", name)
    change(studio, "ben", OTHER, r"^id: \[$", "id: q2m9x5vd")


def test_a_translation_is_of_a_text_of_its_own_unit(studio: Studio, thread: str) -> None:
    path = "grade-3/fractions/02-fold-a-whole.es.md"
    with pytest.raises(Refused, match="another text"):
        change(studio, "ben", path, "id: [a-z0-9]+", "id: k7f3q9m2")


def test_two_texts_with_one_id_have_a_history_each(app: Flask, studio: Studio, thread: str) -> None:
    """However it came to be: by hand in the store, as a push may have brought it."""
    from datetime import UTC, datetime

    from curriculum_studio.storage.content_changes import Author, Change

    old = studio.content.tip() or ""
    lesson = read_lesson(studio, OTHER)
    text = re.sub("^id: .*$", "id: k7f3q9m2", lesson.text, count=1, flags=re.MULTILINE)
    studio.content.save(
        [Change(OTHER, text.encode(), lesson.blob)], Author("Ben", "p-ben"), "Copied", datetime.now(UTC)
    )
    page = signed_in(app, "ben").get(f"/units/{OTHER[:-3]}/compare?from={old}&as=words")
    assert SECRET not in page.get_data(as_text=True)
    assert page.status_code == 404


def test_the_words_of_a_version_are_for_those_who_read_what_it_changed(
    app: Flask, studio: Studio, thread: str
) -> None:
    version = change(studio, "ada", TEXT, "^title: .*$", f"title: {SECRET} again", f"{SECRET} note")
    address = f"/units/{OTHER[:-3]}/compare?from={version}"
    assert SECRET not in signed_in(app, "ben").get(address).get_data(as_text=True)
    assert SECRET in signed_in(app, "ada").get(address).get_data(as_text=True)


def test_the_front_page_names_no_private_unit(app: Flask, studio: Studio, thread: str) -> None:
    ada, team = who(studio, "ada"), next(one for one in studio.teams.all() if one.private)
    folder = start_unit(studio, ada, SECRET, "6", team.key)
    assert leaks(app, "/units/curriculum/edit", "/units/curriculum/history") == []
    bring_back(studio, ada, put_away(studio, ada, f"{folder}/unit.md"))
    assert leaks(app, "/units/curriculum/edit", "/units/curriculum/history") == []
    assert signed_in(app, "ada").get(f"/units/{folder}").status_code == 200


def test_nobody_reads_words_by_their_name_in_the_store(app: Flask, studio: Studio, thread: str) -> None:
    blob, own = studio.snapshot().blob(TEXT), read_lesson(studio, OTHER)
    ben, page = signed_in(app, "ben"), f"/units/{OTHER[:-3]}"
    form = {"text": own.text + "Mine.\n", "base": own.blob, "note": "", "mine": "", "theirs": own.text}
    for seen in (blob, studio.content.tip() or ""):
        answer = send(ben, f"{page}/edit", f"{page}/decide", **form, seen=seen)
        assert answer.status_code == 400
        answer = send(ben, f"{page}/edit", f"{page}/together", **form, blob=seen)
        assert answer.status_code == 400
    assert send(ben, f"{page}/edit", f"{page}/decide", **form, seen=own.blob).status_code == 303


def test_what_is_kept_unasked_keeps_the_words_under_their_own_id(studio: Studio, thread: str) -> None:
    own = read_lesson(studio, OTHER).text
    taken = re.sub("^id: .*$", "id: k7f3q9m2", own, count=1, flags=re.MULTILINE) + "Mine.\n"
    assert under_its_own(studio, OTHER, taken, own) == own + "Mine.\n"
    assert under_its_own(studio, OTHER, own + "Mine.\n", own) == own + "Mine.\n"
