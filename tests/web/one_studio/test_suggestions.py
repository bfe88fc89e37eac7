"""Suggestions decided in every way: one, part of one, all of a person, all of a part; each taken back, with what was written since kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from curriculum_studio.storage.content_changes import Author
from curriculum_studio.studio import Studio
from tests.web.cast import send, signed_in, who

UNIT = "grade-6/ratios"
OLD, OTHER, THIRD = (
    "It is drawn to\nscale, as a table is not",
    "Whole class at the ropes, then pairs at the tables.",
    "Offer grid paper, on which equal spaces need no ruler.",
)


class Desk:
    """Lesson 4 with nothing suggested, and Ada, who decides there."""

    def __init__(self, studio: Studio, app: Flask) -> None:
        self.studio, self.app = studio, app
        self.place, self.path = f"/units/{UNIT}/04-two-lines", f"{UNIT}/04-two-lines.md"
        self.ada = signed_in(app, "ada")

    @property
    def text(self) -> str:
        return self.studio.snapshot()[self.path].decode()

    def open(self) -> list[str]:
        return sorted(one.replacement or "" for one in self.studio.reviews.everywhere() if one.path == self.path)  # fmt: skip

    def suggest(self, name: str, **changes: str) -> None:
        """Somebody hands in a text of their own: each word of `changes` instead of one of the passages above."""
        text = self.text
        for passage, words in changes.items():
            text = text.replace({"old": OLD, "other": OTHER, "third": THIRD}[passage], words)
        form = {"text": text, "base": self.studio.content.blob_id(self.path), "note": ""}
        page = self.place + "/suggest"
        assert send(signed_in(self.app, name), page, page, **form).status_code == 303

    def decide(self, client: FlaskClient | None = None, **form: str) -> tuple[int, str]:
        """Decides; gives the answer's code and where it leads."""
        answer = send(client or self.ada, self.place + "/review", self.place + "/suggestions", **form)
        return answer.status_code, answer.headers.get("Location", "")

    def undo(self, location: str) -> int:
        """Presses “Undo this” on the page that a decision leads to."""
        page = self.ada.get(location).get_data(as_text=True)
        address = page.partition("data-undo")[0].rpartition('action="')[2].partition('"')[0]
        assert address.endswith("/undo"), location
        return send(self.ada, self.place + "/review", address).status_code

    def save(self, old: str, new: str) -> None:
        text, edit = self.text, self.place + "/edit"
        assert old in text
        form = {"text": text.replace(old, new), "base": self.studio.content.blob_id(self.path)}
        assert send(self.ada, edit, edit, **form).status_code == 303


@pytest.fixture
def desk(studio: Studio, app: Flask) -> Iterator[Desk]:
    one = Desk(studio, app)
    before = one.text
    yield one
    for thread in studio.reviews.everywhere():
        studio.reviews.close(thread.key, "p-test", "refused", "over")
    if one.text != before:
        one.save(one.text, before)


def test_part_of_a_suggestion_is_taken_over_and_taken_back(desk: Desk) -> None:
    before = desk.text
    desk.suggest("carla", other="The class at both ropes, then pairs at the tables.")
    (thread,) = desk.studio.reviews.everywhere()
    page = desk.ada.get(desk.place + "/review").get_data(as_text=True)
    assert page.count('name="change"') == 2
    code, location = desk.decide(act="accept", key=thread.key, some="yes", change="1")
    assert code == 303
    one = desk.studio.reviews.get(thread.key)
    assert (one.state, one.reason) == ("accepted", "in part")
    assert desk.text == before.replace(OTHER, OTHER.replace("the ropes", "both ropes"))
    assert desk.undo(location) == 303
    assert desk.text == before
    assert desk.studio.reviews.get(thread.key).open
    assert desk.decide(act="accept", key=thread.key)[0] == 303
    assert desk.text == before.replace(OTHER, "The class at both ropes, then pairs at the tables.")


def test_all_of_a_person_are_taken_over_and_taken_back(desk: Desk) -> None:
    carla = who(desk.studio, "carla")
    desk.suggest("carla", old="It keeps to\nscale, as a table does not", third="Offer squared paper.")
    desk.suggest("ben", other="All at the ropes first.")
    code, location = desk.decide(act="accept", all="yes", person=carla.key)
    assert code == 303
    assert "It keeps to\nscale" in desk.text
    assert "Offer squared paper." in desk.text
    assert OTHER in desk.text
    assert len(desk.open()) == 1
    version = desk.studio.content.history(desk.path, limit=1)[0]
    assert version.others == (Author("Carla", carla.key),)
    # What somebody writes elsewhere meanwhile stays where a decision is taken back.
    desk.save("Lay the two ropes", "First lay the two ropes")
    assert desk.undo(location) == 303
    assert OLD in desk.text
    assert THIRD in desk.text
    assert "First lay the two ropes" in desk.text
    assert len(desk.open()) == 4
    assert desk.studio.content.history(desk.path, limit=1)[0].note.startswith("Put back")
    credit = desk.ada.get(desk.place + "/credit").get_data(as_text=True)
    assert "Improved by suggestions of Carla" in credit


def test_all_in_one_part_are_decided(desk: Desk) -> None:
    desk.suggest("carla", old="It keeps to\nscale", other="All at the ropes first.", third="Offer squared paper.")  # fmt: skip
    code, location = desk.decide(act="accept", all="yes", part="stand-on")
    assert code == 303
    assert "All at the ropes first." in desk.text
    assert OLD in desk.text
    assert THIRD in desk.text
    assert desk.undo(location) == 303
    code, location = desk.decide(act="refuse", all="yes", part="float", reason="Grid is the word here")
    assert code == 303
    assert len(desk.open()) == 2
    assert desk.undo(location) == 303
    assert len(desk.open()) == 3
    assert desk.decide(act="accept", all="yes", part="no-such-part")[0] == 409


def test_all_refused_come_back_at_once(desk: Desk) -> None:
    before = desk.text
    desk.suggest("carla", old="It keeps to\nscale", third="Offer squared paper.")
    desk.suggest("ben", other="All at the ropes first.")
    code, location = desk.decide(act="refuse", all="yes")
    assert code == 303
    assert desk.open() == []
    assert desk.undo(location) == 303
    assert len(desk.open()) == 3
    assert desk.text == before


def test_words_that_were_written_over_since_are_not_put_back(desk: Desk) -> None:
    desk.suggest("carla", other="All at the ropes first.")
    _, location = desk.decide(act="accept", all="yes")
    desk.save("All at the ropes first.", "All of us at the ropes at first.")
    before = desk.text
    assert desk.undo(location) == 409
    assert desk.text == before
    assert desk.open() == []
    key = location.partition("undo=")[2]
    # The list of what is closed offers it too; who does not write here is refused, with an entry in the record.
    team = next(one for one in desk.studio.teams.all() if one.name == "Ratios")
    desk.studio.teams.own("ratiosu6", team.key, "p-test")
    ben = signed_in(desk.app, "ben")
    shown = desk.place + "/review?state=closed"
    assert f"/threads/{key}/undo" in desk.ada.get(shown).get_data(as_text=True)
    assert "/undo" not in ben.get(shown).get_data(as_text=True)
    assert send(ben, "/account", f"/threads/{key}/undo").status_code == 404
    last = desk.studio.audit.entries(1)[0]
    assert (last.actor, last.act, last.about) == (who(desk.studio, "ben").key, "was refused a change", desk.path)  # fmt: skip


def test_formulas_are_never_cut_and_words_beside_a_change_stay(desk: Desk) -> None:
    """A suggestion inside a sentence with a formula takes the formula whole, and is taken over after the sentence changed."""
    old = r"2. Halfway between 0 and 12 satsumas. Below them stand $1\frac{1}{2}$ cups."
    before = desk.text
    assert old in before
    text = before.replace(r"stand $1\frac{1}{2}$", r"stand $1\frac{2}{4}$")
    page = desk.place + "/suggest"
    form = {"text": text, "base": desk.studio.content.blob_id(desk.path), "note": ""}
    assert send(signed_in(desk.app, "carla"), page, page, **form).status_code == 303
    (thread,) = desk.studio.reviews.everywhere()
    assert thread.anchor.quote.count("$") == 2
    desk.save("Halfway between 0 and 12 satsumas.", "Halfway between 0 and 12 of them.")
    assert desk.decide(act="accept", key=thread.key)[0] == 303
    assert r"Halfway between 0 and 12 of them. Below them stand $1\frac{2}{4}$ cups." in desk.text
