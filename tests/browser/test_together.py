"""Two people at one lesson where no room is reached, each in a browser of their own: nobody's words are lost, both see what the other wrote."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, UNIT, Hand, Visit

PLACE = f"{UNIT}/03-for-one"


def write(hand: Hand, old: str, new: str, note: str) -> None:
    before = hand.text()
    assert old in before
    hand.write(before.replace(old, new, 1))
    hand.fill("What did you change?", note)


def sentence(hand: Hand) -> str:
    return next(
        line for line in hand.text().split("\n") if len(line) > 60 and line[0].isalpha() and ":" not in line
    )


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_the_same_words_are_decided_by_a_person(visit: Visit, kind: str, width: int) -> None:
    ada, carla = visit("Ada", width, kind, alone=True), visit("Carla", alone=True)
    for hand in (ada, carla):
        hand.go(f"{PLACE}/edit")
    old = sentence(ada)
    write(carla, old, f"Carla’s sentence at {width}.", "Carla’s words")
    carla.press("button", "Save this version")
    carla.saved()
    write(ada, old, f"Ada’s sentence at {width}.", "Ada’s words")
    ada.press("button", "Save this version")
    ada.headed("Two people changed the same words")
    for words in (f"Carla’s sentence at {width}.", f"Ada’s sentence at {width}."):
        expect(ada.page.locator(".read").filter(has_text=words)).to_be_visible()
    ada.look("the screen of two people's words")
    ada.press("radio", "Keep both")
    ada.press("button", "Save it so")
    ada.saved()
    ada.press("link", "Teachers see")
    for words in (f"Carla’s sentence at {width}.", f"Ada’s sentence at {width}."):
        expect(ada.page.locator("article")).to_contain_text(words)
    ada.go(f"{PLACE}/edit")
    write(ada, f"Carla’s sentence at {width}.", old, "As it was")
    ada.press("button", "Save this version")
    ada.saved()


def test_different_sentences_are_shown_and_then_saved(visit: Visit) -> None:
    ada, carla = visit("Ada", alone=True), visit("Carla", alone=True)
    for hand in (ada, carla):
        hand.go(f"{PLACE}/edit")
    carla.write(carla.text() + "\n## Research notes\n\nCarla adds this at the end.\n")
    carla.press("button", "Save this version")
    carla.saved()
    write(ada, sentence(ada), "Ada begins anew.", "A beginning")
    ada.press("button", "Save this version")
    ada.headed("Somebody else saved meanwhile")
    expect(ada.page.get_by_text("New from Carla").first).to_be_visible()
    ada.look("what merged by itself")
    ada.press("button", "Save it so")
    ada.saved()
    ada.go(f"{PLACE}/edit")
    words = ada.text()
    assert "Ada begins anew." in words
    assert "Carla adds this at the end." in words
