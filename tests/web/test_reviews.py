"""Comments and suggestions through the pages: who may say what, where it stands after changes, and what never leaks."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curriculum_studio.actions.history import restore_version
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.review_lists import follow_everywhere
from curriculum_studio.storage.content_changes import Author
from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, publish, send, signed_in, who
from tests.web.test_pushes import key_of, push

REVIEW = LESSON + "/review"
PATH = "grade-6/ratios/01-introducing-ratios.md"
WORDS = "the order of the numbers must match the order of the words"


@pytest.fixture
def reviewer(studio: Studio, app: Flask) -> FlaskClient:
    studio.people.add("Rui", "rui", "reviewer", sample=True)
    return signed_in(app, "rui")


def text_of(studio: Studio) -> str:
    return studio.snapshot()[PATH].decode()


def say(client: FlaskClient, **form: str) -> str:
    answer = send(client, REVIEW, REVIEW, **({"act": "comment", "words": WORDS, "text": "Say why."} | form))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"].rpartition("#")[2]


def page(client: FlaskClient, address: str = REVIEW) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def edit(studio: Studio, app: Flask, old: str, new: str) -> None:
    """Ada saves the lesson with other words."""
    text = text_of(studio)
    assert old in text
    ada = signed_in(app, "ada")
    blob = studio.content.blob_id(PATH)
    answer = send(ada, LESSON + "/edit", LESSON + "/edit", text=text.replace(old, new), base=blob)
    assert answer.status_code == 303


def test_a_comment_stands_beside_its_words_and_is_answered(studio: Studio, app: Flask) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    key = say(carla, text="@Ada, do they need this yet?")
    shown = page(ada)
    assert "do they need this yet?" in shown
    assert f'id="{key}"' in shown
    ada_key = studio.people.by_account("ada").person.key
    assert [one.kind for one in studio.notices.of(ada_key)] == ["mention"]
    assert send(ada, REVIEW, f"/threads/{key}/reply", text="In lesson 2.").status_code == 303
    assert "In lesson 2." in page(carla)
    assert send(ada, REVIEW, f"/threads/{key}/close", reason="answered").status_code == 303
    assert "do they need this yet?" not in page(carla)
    assert "closed: answered" in page(carla, REVIEW + "?state=closed")
    assert send(carla, REVIEW, f"/threads/{key}/reopen").status_code == 303
    assert studio.reviews.get(key).open


def test_parts_are_told_apart_by_name(studio: Studio, app: Flask) -> None:
    """Problems have no titles: their first words tell them apart. A thread on a whole part says which."""
    carla = signed_in(app, "carla")
    say(carla, words="", part="notice", text="Is this long enough?")
    assert "On “What do you notice?” as a whole" in page(carla, "/threads")
    choices = re.findall(r'<option value="(?!figure)[^"]+">(Problem[^<]*)</option>', page(carla))
    assert choices
    assert all(one.startswith("Problem: ") for one in choices)


def test_words_are_kept_as_they_were_and_shown_as_they_are(studio: Studio, app: Flask) -> None:
    key = say(signed_in(app, "carla"))
    quote = studio.reviews.get(key).anchor.quote
    edit(studio, app, "the order of the numbers\nmust match" if "numbers\nmust" in quote else "must match", "has to match")  # fmt: skip
    shown = page(signed_in(app, "ada"))
    assert "Now:" in shown
    assert "has to match" in shown
    thread = studio.reviews.get(key)
    assert thread.anchor.quote == quote
    assert thread.place.blob == studio.content.blob_id(PATH)


def test_lost_words_are_told_listed_and_placed_again(studio: Studio, app: Flask) -> None:
    carla = signed_in(app, "carla")
    key = say(carla, words="Nothing is calculated yet", text="Really?")
    whole = text_of(studio)
    edit(studio, app, "Nothing is\ncalculated yet" if "Nothing is\ncalculated" in whole else studio.reviews.get(key).anchor.quote, "")  # fmt: skip
    assert "not in the text any more" in page(carla)
    carla_key = studio.people.by_account("carla").person.key
    assert "lost" in [one.kind for one in studio.notices.of(carla_key)]
    page(carla)
    assert [one.kind for one in studio.notices.of(carla_key)].count("lost") == 1
    ada = signed_in(app, "ada")
    send(ada, LESSON + "/edit", LESSON + "/edit", text=whole, base=studio.content.blob_id(PATH))
    assert "not in the text any more" not in page(carla)
    assert not studio.reviews.get(key).lost


def test_lost_words_are_tried_again_at_each_later_change_whoever_makes_it(studio: Studio, app: Flask) -> None:
    key = say(signed_in(app, "carla"), words="Nothing is calculated yet", text="Really?")
    whole, quote = text_of(studio), studio.reviews.get(key).anchor.quote
    without, ada = whole.replace(quote, ""), who(studio, "ada")
    started, tried = studio.content.tip() or "", dict[str, str]()

    def save(text: str) -> None:
        save_version(studio, ada, PATH, text, studio.content.blob_id(PATH), "x")

    def words() -> str:
        """Where nobody looks at them: the words that the thread stands on now, "" where it has lost them."""
        follow_everywhere(studio, tried)
        one = studio.reviews.get(key)
        assert one.anchor.quote == quote
        return "" if one.lost else text_of(studio)[one.place.start : one.place.end]

    def told() -> int:
        return [one.kind for one in studio.notices.of(who(studio, "carla").key)].count("lost")

    save(without)
    assert (words(), told()) == ("", 1)
    save(without.replace("Students meet", "Here students meet"))
    assert (words(), told()) == ("", 1), "still lost, and told once"
    save(whole)
    assert words() == quote, "undone"
    save(without)
    assert (words(), told()) == ("", 2), "done again"
    restore_version(studio, ada, PATH, started)
    assert words() == quote, "an older version restored"
    assert "Taken in" in push(studio, "dana", {PATH: without.encode()})[0]
    assert words() == "", "pushed away"
    save(without + f"\nRemember: {quote}.\n")
    assert words() == quote, "pasted elsewhere"
    save(without)
    assert words() == ""
    assert "Taken in" in push(studio, "dana", {PATH: whole.encode()})[0]
    assert words() == quote, "pushed back"


def test_a_thread_without_words_is_placed_again_or_closed(studio: Studio, app: Flask) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    key = say(carla, words="Nothing is calculated yet", text="Really?")
    other = say(carla, words="to see, to say and to draw", text="And this?")
    quotes = {one: studio.reviews.get(one).anchor.quote for one in (key, other)}
    for quote in quotes.values():
        edit(studio, app, quote, "")
    shown = page(ada)
    assert shown.count("not in the text any more") == 2
    assert all(quote in shown for quote in quotes.values()), "each is listed with its words"
    assert page(ada, "/threads").count("words gone") == 2
    again = f"/threads/{key}/place"
    assert send(ada, REVIEW, again, words="no such words at all").status_code == 409
    assert send(ada, REVIEW, again, words="Most students come").status_code == 303
    thread = studio.reviews.get(key)
    assert (thread.lost, thread.anchor.quote) == (False, quotes[key])
    assert text_of(studio)[thread.place.start : thread.place.end] == "Most students come"
    assert re.search(r"Now:</span> Most students come", page(ada))
    assert send(ada, REVIEW, again, words="Students meet").status_code == 409, "it has its words"
    assert send(ada, REVIEW, f"/threads/{other}/close", reason="its words are gone").status_code == 303
    assert "not in the text any more" not in page(ada)
    # The new place is followed like every other, and the first words stand beside it still.
    edit(studio, app, "Most students come", "Nearly all students come")
    assert re.search(r"Now:</span> (Nearly all|all) students come", page(ada))
    assert quotes[key] in page(ada)


def test_a_formula_is_chosen_whole(studio: Studio, app: Flask) -> None:
    text = text_of(studio)
    tex = re.search(r"\$([^$\n]+)\$", text.split("\n---\n", 1)[1])[1]  # type: ignore[index]
    key = say(signed_in(app, "carla"), words=f"${tex}$")
    assert studio.reviews.get(key).anchor.quote == f"${tex}$"


def test_a_suggestion_is_taken_over_and_names_who_made_it(studio: Studio, app: Flask) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    before = text_of(studio)
    key = say(
        carla, act="suggest", words="Nothing is calculated yet", replacement="Nobody calculates yet", text=""
    )
    assert text_of(studio) == before
    assert "Nobody calculates" in page(ada, REVIEW + "?view=all")
    edit(studio, app, "Students meet", "Here students meet")
    answer = send(ada, REVIEW, LESSON + "/suggestions", act="accept", key=key)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "Nobody calculates yet" in text_of(studio)
    assert "Here students meet" in text_of(studio)
    version = studio.content.recent(1)[0]
    carla_key = studio.people.by_account("carla").person.key
    assert version.note.startswith("Took over a suggestion by Carla")
    assert version.others == (Author("Carla", carla_key),)
    assert studio.reviews.get(key).state == "accepted"
    again = send(ada, REVIEW, LESSON + "/suggestions", act="accept", key=key)
    assert again.status_code == 409


def test_a_whole_text_written_anew_becomes_suggestions(studio: Studio, app: Flask) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    before = text_of(studio)
    mine = before.replace("Students meet", "Learners meet").replace(
        "## Lesson summary", "## Lesson summary\n\nRead it aloud."
    )
    blob = studio.content.blob_id(PATH)
    answer = send(carla, LESSON + "/suggest", LESSON + "/suggest", text=mine, base=blob, note="Simpler.")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert text_of(studio) == before
    threads = studio.reviews.everywhere()
    assert len(threads) == 2
    key = studio.people.by_account("carla").person.key
    answer = send(ada, REVIEW, LESSON + "/suggestions", act="accept", all="yes", person=key)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert text_of(studio) == mine


def test_a_reviewer_comments_and_suggests_and_changes_nothing(
    studio: Studio, app: Flask, reviewer: FlaskClient
) -> None:
    # Also as a member of the team that owns the unit.
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    rui = studio.people.by_account("rui").person.key
    studio.teams.change(team.key, team.name, {*team.members, rui}, "p-test", private=False)
    key = say(reviewer, act="suggest", words="Nothing is calculated yet", replacement="Nobody calculates yet")
    before, blob = text_of(studio), studio.content.blob_id(PATH)

    def refusals() -> list[tuple[str, str, str]]:
        rows = [one for one in studio.audit.entries(500) if one.act == "was refused a change"]
        return [(one.actor, one.about, one.detail["address"]) for one in reversed(rows)]

    for address, form in (
        (LESSON + "/edit", {"text": before + "More.\n", "base": blob}),
        (LESSON + "/suggestions", {"act": "accept", "key": key}),
        (LESSON + "/restore", {"version": studio.content.tip() or ""}),
        (f"/threads/{key}/undo", {}),
    ):
        known = refusals()
        answer = send(reviewer, REVIEW, address, **form)
        assert answer.status_code == 404, address
        assert refusals() == [*known, (rui, PATH, address)], address
        assert text_of(studio) == before
    assert reviewer.get(LESSON + "/edit").status_code == 404


@pytest.mark.parametrize("door", ["api", "push"])
def test_a_reviewers_plain_edit_from_a_program_is_refused_with_one_entry(studio: Studio, app: Flask, reviewer: FlaskClient, door: str) -> None:  # fmt: skip
    # The door of the socket is tried in tests/live/test_rooms.py.
    before, blob, rui = text_of(studio), studio.content.blob_id(PATH), who(studio, "rui").key
    address = "/api/v1" + LESSON.replace("/units/", "/lessons/")
    if door == "api":
        headers = key_of(studio, "rui")
        known = [one.number for one in studio.audit.entries(500)]
        shown = app.test_client().get(address, headers=headers).get_json()
        assert (shown["text"], shown["blob"]) == (before, blob)
        answer = app.test_client().put(
            address, headers=headers, json={"text": before + "More.\n", "base": blob}
        )
        assert answer.status_code == 403
        assert "comment and suggest" in answer.get_json()["detail"]
    else:
        address = "/git/curriculum.git"
        known = [one.number for one in studio.audit.entries(500)]
        assert "not change them" in push(studio, "rui", {PATH: (before + "More.\n").encode()})[0]
    assert text_of(studio) == before
    assert studio.content.blob_id(PATH) == blob
    (entry,) = [one for one in studio.audit.entries(500) if one.number not in known]
    assert (entry.actor, entry.act, entry.about, entry.detail["address"]) == (rui, "was refused a change", PATH, address)  # fmt: skip


def test_a_private_lessons_threads_leak_nowhere(studio: Studio, app: Flask) -> None:
    ada, ben = signed_in(app, "ada"), signed_in(app, "ben")
    key = say(ada, text="A word for us alone, @Ben")
    team = next(one for one in studio.teams.all() if one.name == "Ratios")
    assert "A word for us alone" in page(ben, "/threads")
    studio.teams.change(team.key, team.name, team.members, "p-test", private=True)
    assert "A word for us alone" not in page(ben, "/threads?state=all")
    for address in (f"/threads/{key}", REVIEW, LESSON + "/suggest"):
        assert ben.get(address).status_code == 404, address
    for act in ("reply", "close", "reopen", "assign", "place"):
        assert send(ben, "/account", f"/threads/{key}/{act}", text="x", reason="done").status_code == 404, act
    answer = send(ada, REVIEW, f"/threads/{key}/reply", text="And again, @Ben")
    assert answer.status_code == 303
    ben_key = studio.people.by_account("ben").person.key
    assert len(studio.notices.of(ben_key)) == 1
    assert send(ada, REVIEW, f"/threads/{key}/assign", to=ben_key).status_code == 409


def test_threads_are_in_no_published_edition(studio: Studio, app: Flask) -> None:
    say(signed_in(app, "carla"), text="Heliotrope remark")
    publish(signed_in(app, "dana"))
    files = [one for one in studio.settings.sites.rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if b"Heliotrope" in one.read_bytes()]


def test_words_that_do_not_stand_there_are_refused_and_come_back(app: Flask) -> None:
    answer = send(
        signed_in(app, "carla"), REVIEW, REVIEW, act="comment", words="no such words at all", text="My remark"
    )
    assert answer.status_code == 400
    shown = answer.get_data(as_text=True)
    assert "do not stand in the text" in shown
    assert "My remark" in shown


def test_what_is_said_is_shown_as_typed(app: Flask) -> None:
    carla = signed_in(app, "carla")
    say(carla, text="<img src=x onerror=alert(1)> & so on")
    shown = page(carla)
    assert "<img src=x" not in shown
    assert "&lt;img src=x" in shown


def test_a_thread_follows_its_lesson_to_another_place(studio: Studio, app: Flask) -> None:
    ada = signed_in(app, "ada")
    key = say(ada)
    text = text_of(studio)
    from curriculum_studio.storage.content_changes import Change

    author = Author("Ada", studio.people.by_account("ada").person.key)
    from datetime import UTC, datetime

    blob = studio.content.blob_id(PATH)
    new = PATH.replace("01-introducing-ratios", "01-meeting-ratios")
    studio.content.save(
        [Change(PATH, None, blob), Change(new, text.encode(), None)], author, "Renamed", datetime.now(UTC)
    )
    answer = ada.get(f"/threads/{key}")
    assert answer.status_code == 303
    assert "01-meeting-ratios/review" in answer.headers["Location"]


def test_lessons_name_who_wrote_and_who_improved_them_as_each_chooses(studio: Studio, app: Flask) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    key = say(carla, act="suggest", words="Nothing is calculated yet", replacement="Nobody calculates yet")
    send(ada, REVIEW, LESSON + "/suggestions", act="accept", key=key)
    edit(studio, app, "Students meet", "Here students meet")
    credit = page(ada, LESSON + "/credit")
    assert re.search(r"Written by [^.]*Ada", credit)
    assert "Improved by suggestions of Carla." in credit
    assert send(ada, "/notices", "/notices", unnamed="yes").status_code == 303
    hidden = page(carla, LESSON + "/credit")
    assert not re.search(r"Written by [^.]*Ada", hidden)
    assert "rather not be named" in hidden
