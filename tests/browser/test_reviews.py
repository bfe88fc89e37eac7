"""Reviews in a real browser: a researcher comments and suggests by mouse and keyboard, a teacher takes over, an approval goes stale."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import HANDS, LESSON, Hand, Visit

pytestmark = pytest.mark.browser
REVIEW = f"{LESSON}/review"
_MARK = """words => {
  const text = document.querySelector('[data-review-text]');
  const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def mark(page: Page, words: str) -> None:
    """Marks words in the text, as a mouse or Shift and arrows would."""
    assert page.evaluate(_MARK, words), words


def lead_to(hand: Hand, words: str) -> Locator:
    """Goes from thread to thread, by its key, to the suggestion with these words."""
    thread = hand.page.locator(".thread.suggestion").filter(has_text=words)
    for _ in range(8):
        hand.page.keyboard.press("j")
        if thread.evaluate("e => e === document.activeElement"):
            break
    expect(thread).to_be_focused()
    return thread


def send(hand: Hand, name: str) -> None:
    hand.press_this(hand.page.locator("#say").get_by_role("button", name=name, exact=True))


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_a_comment_stands_on_its_words(visit: Visit, kind: str, width: int) -> None:
    carla = visit("Carla", width, kind)
    carla.go(REVIEW)
    words = {"mouse": "Most students come with one way", "keyboard": "it is worth hearing every student"}[
        kind
    ]
    mark(carla.page, words)
    if kind == "mouse":
        carla.press_this(carla.page.locator(".choice-bar").get_by_role("button", name="Comment"))
    else:
        carla.page.keyboard.press("c")
    expect(carla.page.get_by_label("Words in the text")).to_have_value(words)
    said = f"Could we say more here? ({kind} {width})"
    carla.page.get_by_label("What you want to say").fill(said)
    carla.page.reload()
    expect(carla.page.get_by_label("What you want to say")).to_have_value(said)
    send(carla, "Comment")
    carla.told("Your words are kept")
    thread = carla.page.locator("[data-thread]").filter(has_text=said)
    expect(thread).to_be_focused()
    expect(carla.page.get_by_label("What you want to say")).to_have_value("")
    name = thread.get_attribute("id")
    expect(carla.page.locator(f'mark[data-of="{name}"]')).to_have_text(words)
    carla.look(f"review, {kind} {width}")
    ada = visit("Ada", width, kind, "dark")
    ada.go(REVIEW)
    theirs = ada.page.locator(f"#{name}")
    expect(theirs.get_by_role("article")).to_have_accessible_name("Comment by Carla")
    theirs.get_by_label("Answer").fill("Yes, after lesson 2.")
    ada.page.reload()
    expect(theirs.get_by_label("Answer")).to_have_value("Yes, after lesson 2.")
    ada.press_this(theirs.get_by_role("button", name=re.compile("^Answer")))
    expect(ada.page.locator(f"#{name}")).to_contain_text("Yes, after lesson 2.")
    ada.look(f"answered, {kind} {width}")


def test_a_suggestion_is_taken_over_by_keyboard_while_the_teacher_writes(visit: Visit) -> None:
    carla, ada = visit("Carla"), visit("Ada", 1366, "keyboard")
    carla.go(REVIEW)
    mark(carla.page, "Nothing is")
    carla.page.keyboard.press("s")
    expect(carla.page.get_by_label("These words instead")).to_have_value("Nothing is")
    carla.page.get_by_label("These words instead").fill("Nobody needs to have it")
    send(carla, "Suggest")
    carla.told("Your words are kept")
    ada.go(REVIEW)
    expect(ada.page.locator("[data-review-text] del").filter(has_text="Nothing is")).to_be_visible()
    expect(ada.page.locator("ins.said-new").filter(has_text="Nobody needs")).to_be_visible()
    thread = lead_to(ada, "Nobody needs")
    ada.look("suggestion in the margin")
    ada.page.keyboard.press("a")
    ada.told("Taken over")
    expect(ada.page.locator("[data-review-text]")).to_contain_text("Nobody needs to have it calculated yet")
    ada.page.keyboard.press("u")
    ada.told("Undone")
    expect(ada.page.locator("[data-review-text] del").filter(has_text="Nothing is")).to_be_visible()
    expect(thread).to_be_focused()
    ada.page.keyboard.press("a")
    ada.told("Taken over")
    # Of another suggestion a part is taken over.
    carla.go(REVIEW)
    mark(carla.page, "Record every idea. If somebody says")
    carla.page.keyboard.press("s")
    expect(carla.page.get_by_label("These words instead")).to_have_value(re.compile("^Record every"))
    carla.page.get_by_label("These words instead").fill("Write down every idea. When somebody says so")
    send(carla, "Suggest")
    carla.told("Your words are kept")
    ada.go(REVIEW)
    expect(ada.page.locator("ins.said-new").filter(has_text="Write down")).to_be_visible()
    thread = lead_to(ada, "Write down")
    ada.page.keyboard.press("p")
    expect(thread.get_by_role("checkbox").first).to_be_focused()
    ada.page.keyboard.press("Space")
    ada.look("a part of a suggestion")
    ada.press("button", "Take these over")
    ada.told("Taken over")
    expect(ada.page.locator("[data-review-text]")).to_contain_text("Record every idea. When somebody says so")
    ada.go(f"{LESSON}/history")
    expect(ada.page.get_by_text("Took over a suggestion by Carla", exact=True).first).to_be_visible()


def test_an_approval_goes_stale_by_an_edit(visit: Visit) -> None:
    place = "/units/grade-6/ratios/05-ratio-tables"
    ada, ben = visit("Ada"), visit("Ben", 360, "mouse", "dark")
    ada.go(f"{place}/approval")
    ada.press("checkbox", "Ben")
    ada.fill("Your question", "Is the table clear?")
    ada.press("button", "Ask them")
    ada.told("They are told")
    ada.look("asked for a review")
    ben.go("/")
    expect(ben.page.get_by_text("Is the table clear?").first).to_be_visible()
    ben.look("home with a request")
    ben.go(f"{place}/approval")
    ben.press("button", "Approve")
    ben.told("Your verdict is kept")
    ben.look("approved, small and dark")
    ada.go(f"{place}/suggest")
    ada.add_at_end("\nOne more word.\n")
    ada.press("button", "Hand in suggestions")
    ada.told("Your suggestions stand beside the text")
    ada.page.keyboard.press("m")
    expect(ada.page.get_by_role("button", name="Take over all by Ada")).to_be_focused()
    ada.look("deciding on many")
    ada.page.keyboard.press("Enter")
    ada.told("Taken over")
    ben.go(f"{place}/approval")
    ben.press("link", "What changed since")
    expect(ben.page.locator("ins").filter(has_text="One more word.")).to_be_visible()
    ben.look("what changed since it was approved")


@pytest.mark.parametrize("place", ["/threads", "/notices", "/approvals", "/trust", f"{LESSON}/suggest", f"{LESSON}/since", f"{LESSON}/credit", "/help/reviewing"])  # fmt: skip
def test_every_screen_of_review_is_sound(visit: Visit, place: str) -> None:
    for width, scheme in ((1366, "light"), (360, "dark")):
        dana = visit("Dana", width, "mouse", scheme)
        dana.go(place)
        dana.look(f"{place}, {width} {scheme}")
