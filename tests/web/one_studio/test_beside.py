"""Threads from the editor and on figures, suggestions from an older text, lists by standard: through the pages, as people reach them."""

from __future__ import annotations

import re

from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import LESSON, send, signed_in, who

REVIEW = LESSON + "/review"
PATH = "grade-6/ratios/01-introducing-ratios.md"


def text_of(studio: Studio) -> str:
    return studio.snapshot()[PATH].decode()


def test_words_of_the_editor_are_those_of_the_source(studio: Studio, app: Flask) -> None:
    ada, text = signed_in(app, "ada"), text_of(studio)
    second = text.index("ratio", text.index("ratio") + 200)
    words = text[second : second + 5]
    form = {
        "words": words, "start": str(second), "before": text[second - 64 : second],
        "after": text[second + 5 : second + 69], "text": "This one?",
    }  # fmt: skip
    answer = send(ada, REVIEW, REVIEW, act="comment", **form)
    assert answer.status_code == 303
    key = answer.headers["Location"].rpartition("#")[2]
    anchor = studio.reviews.get(key).anchor
    assert anchor.start <= second < anchor.end
    # Beside a text that was written on since, the words stand where they are in that text, in the browser's count.
    shown = send(ada, REVIEW, REVIEW + "/beside", text="𝐀 new.\n" + text).get_data(as_text=True)
    found = re.search(rf'id="{key}"[^>]*data-from="(\d+)"', shown)
    assert found
    assert int(found[1]) == anchor.start + len("𝐀 new.\n") + 1
    gone = send(ada, REVIEW, REVIEW + "/beside", text="Nothing of it.\n").get_data(as_text=True)
    assert "not in the text any more" in gone
    assert not studio.reviews.get(key).lost, "what is only being written changes nothing that is kept"
    missing = send(ada, REVIEW, REVIEW, act="comment", words="no such words", start="4", text="Hm.")
    assert missing.status_code == 400
    assert send(signed_in(app, "eli"), "/sign-in", REVIEW + "/beside", text="x").status_code == 403


def test_words_of_the_preview_and_of_a_units_page(studio: Studio, app: Flask) -> None:
    ada, unit = signed_in(app, "ada"), "/units/grade-6/ratios/unit/review"
    # As a browser reads them in the preview: no place in the source, words as they are shown.
    form = {"words": "Describe a relationship between two quantities", "before": "Learning goals", "written": "yes"}  # fmt: skip
    answer = send(ada, REVIEW, REVIEW, act="comment", text="Both of them?", **form)
    assert answer.status_code == 303
    key = answer.headers["Location"].rpartition("#")[2]
    assert studio.reviews.get(key).anchor.quote == form["words"]
    assert send(ada, unit, unit, act="comment", text="On the unit as a whole").status_code == 303
    assert 'unit/review">Comments (1)' in ada.get("/units/grade-6/ratios").get_data(as_text=True)
    assert "On the unit as a whole" in ada.get(unit).get_data(as_text=True)


def test_a_figure_is_chosen_whole(studio: Studio, app: Flask) -> None:
    carla = signed_in(app, "carla")
    page = carla.get(REVIEW).get_data(as_text=True)
    value, alt = re.findall(r'<option value="(figure:\d+)" data-alt="([^"]+)"', page)[0]
    answer = send(carla, REVIEW, REVIEW, act="comment", part=value, text="Larger, please.")
    assert answer.status_code == 303
    key = answer.headers["Location"].rpartition("#")[2]
    quote = studio.reviews.get(key).anchor.quote
    assert quote.startswith(("```", "!["))
    shown = carla.get(REVIEW).get_data(as_text=True)
    assert f'data-figure="{alt}"' in shown
    assert f"The figure: {alt}" in shown
    assert "```" not in shown
    assert send(carla, REVIEW, REVIEW, act="comment", part="figure:99", text="?").status_code == 400


def test_suggestions_that_were_written_while_others_saved_find_their_words(
    studio: Studio, app: Flask
) -> None:
    carla, ada = signed_in(app, "carla"), signed_in(app, "ada")
    began, base = text_of(studio), studio.content.blob_id(PATH)
    mine = began.replace("Nothing is\ncalculated yet", "Nobody calculates yet").replace("Nothing is calculated yet", "Nobody calculates yet")  # fmt: skip
    assert mine != began
    others = began.replace("Most students come", "In our classes most students come")
    assert send(ada, LESSON + "/edit", LESSON + "/edit", text=others, base=base).status_code == 303
    answer = send(carla, LESSON + "/suggest", LESSON + "/suggest", text=mine, base=base, note="")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    person = studio.people.by_account("carla").person.key
    taken = send(ada, REVIEW, LESSON + "/suggestions", act="accept", all="yes", person=person)
    assert taken.status_code == 303, taken.get_data(as_text=True)
    assert "Nobody calculates yet" in text_of(studio)
    assert "In our classes most students come" in text_of(studio)
    version = studio.content.history(PATH, limit=1)[0]
    assert [one.name for one in version.others] == ["Carla"]
    # The text of another lesson is no text that somebody began with here.
    foreign = studio.content.blob_id("grade-3/fractions/unit.md")
    old = send(carla, LESSON + "/suggest", LESSON + "/suggest", text=mine + "More.\n", base=foreign)
    assert old.status_code == 409
    page = old.get_data(as_text=True)
    assert "too old" in page
    assert "More." in page, "what was typed comes back"


def test_threads_are_found_by_the_standard_of_their_text(studio: Studio, app: Flask) -> None:
    carla = signed_in(app, "carla")
    send(carla, REVIEW, REVIEW, act="comment", text="About the standard.")
    rows = carla.get("/threads?standard=6.RP.A.1").get_data(as_text=True)
    assert "About the standard." in rows
    assert "About the standard." not in carla.get("/threads?standard=3.NF.A.1").get_data(as_text=True)


def test_threads_on_a_part_are_found_by_the_standards_of_that_part(studio: Studio, app: Flask) -> None:
    """In lesson 4 the header names 6.RP.A.2, 6.RP.A.3 and 6.RP.A.3b, problem 2 the last of them, problem 4 the first."""
    carla, review = signed_in(app, "carla"), "/units/grade-6/ratios/04-two-lines/review"
    for form in (
        {"part": "p2", "text": "On problem two"}, {"part": "p4", "text": "On problem four"}, {"part": "float", "text": "On the float"},
        {"text": "On all of it"}, {"words": "Aaliyah needs", "text": "Inside of problem five"},
    ):  # fmt: skip
        assert send(carla, review, review, act="comment", **form).status_code == 303
    for standard, there, not_there in (
        ("6.RP.A.3b", ("two", "five"), ("four",)), ("6.RP.A.2", ("four",), ("two", "five")), ("6.RP.A.3", (), ("two", "four", "five")),
    ):  # fmt: skip
        for address in (f"/threads?standard={standard}", f"{review}?standard={standard}"):
            shown = carla.get(address).get_data(as_text=True)
            for words in ("On the float", "On all of it", *(f"problem {one}" for one in there)):
                assert words in shown, (address, words)
            for words in (f"problem {one}" for one in not_there):
                assert words not in shown, (address, words)
    assert "On the float" not in carla.get(f"{review}?standard=3.NF.A.1").get_data(as_text=True)


def test_lists_are_narrowed_by_person_state_part_and_unit(studio: Studio, app: Flask) -> None:
    ada, ben = signed_in(app, "ada"), who(studio, "ben").key
    place = "/units/grade-6/ratios/07-better-buy/review"

    def say(words: str, part: str) -> str:
        answer = send(ada, place, place, act="comment", part=part, text=words)
        return answer.headers["Location"].rpartition("#")[2]

    first, second = say("Sums of money", "bags"), say("Talk of numbers", "talk")
    assert send(ada, place, f"/threads/{first}/assign", to=ben).status_code == 303
    assert send(ada, place, f"/threads/{second}/close", reason="").status_code == 409, "a reason is needed"
    assert send(ada, place, f"/threads/{second}/close", other="Said in the launch").status_code == 303

    def shown(address: str) -> tuple[bool, bool]:
        page = ada.get(address).get_data(as_text=True)
        return "Sums of money" in page, "Talk of numbers" in page

    for address, there in (
        (place, (True, False)), (f"{place}?state=closed", (False, True)), (f"{place}?state=all&part=bags", (True, False)),
        (f"{place}?state=all&part=talk", (False, True)), (f"{place}?state=all&person={ben}", (True, False)),
        ("/threads", (True, False)), ("/threads?state=all", (True, True)), (f"/threads?state=all&person={ben}", (True, False)),
        ("/threads?state=all&unit=grade-6/ratios", (True, True)), ("/threads?state=all&unit=grade-3/fractions", (False, False)),
        ("/threads?state=all&kind=suggestion", (False, False)),
    ):  # fmt: skip
        assert shown(address) == there, address
    assert "Said in the launch" in ada.get(f"{place}?state=closed").get_data(as_text=True)


def test_curriculum_says_who_must_approve(studio: Studio, app: Flask) -> None:
    dana = signed_in(app, "dana")
    shown = dana.get("/approvals").get_data(as_text=True)
    assert "stands at the top of" in shown
    assert send(dana, "/approvals", "/approvals/policy", needed="yes").status_code == 303
    root = studio.snapshot()["curriculum.md"].decode()
    for counts, says in (
        ("{teachers: 2, researchers: 0}", "2 teachers who did not write it"),
        ("{teachers: 0, researchers: 2}", "2 researchers"),
    ):
        text = re.sub(r"approval: \{.*\}", f"approval: {counts}", root)
        edit = "/units/curriculum/edit"
        assert send(dana, edit, edit, text=text, base=studio.content.blob_id("curriculum.md")).status_code == 303  # fmt: skip
        assert f"A lesson needs the approval of {says};" in dana.get("/approvals").get_data(as_text=True)
