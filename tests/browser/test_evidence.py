"""The loop in a real browser, by mouse and by keyboard: a file that names students is refused, a good one raises a flag, the flag
becomes a thread, the next step is always one press away; every screen is audited."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, Hand, Visit

SCREENS = ("/evidence", "/evidence/new", "/loops", "/loops?over=yes", "/goals", "/cycles", "/cycles/new", "/learning", "/learning/pl6ratio", "/help/evidence", "/pulse", "/pulse/answer", "/trust", "/commitments", "/help/partnership", "/week")  # fmt: skip
ROW = "main table a, main .rows a"


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1366, "dark")])
def test_every_screen(visit: Visit, width: int, scheme: str) -> None:
    dana = visit("Dana", width, scheme=scheme)
    for where in SCREENS:
        dana.go(where)
        dana.look(f"{where} at {width} px, {scheme}")
    for shelf, first in (
        ("/evidence", ROW),
        ("/loops", ROW),
        ("/cycles", ROW),
        ("/inquiries", ROW),
        ("/learning", "main a[href^='/series/']"),
    ):
        dana.go(shelf)
        dana.press_this(dana.page.locator(first).first)
        dana.look(f"the first of {shelf} at {width} px, {scheme}")
        if width == 360 and shelf in ("/evidence", "/loops"):
            assert beside(dana) <= 0, shelf
    if width == 360:
        for where in ("/inquiries", "/commitments", "/trust"):
            dana.go(where)
            if where == "/inquiries":
                dana.press("link", "A guess before a reason, in eleven classes")
                dana.headed("A guess before a reason, in eleven classes")
            assert beside(dana) <= 0, where


def beside(hand: Hand) -> int:
    """How much of a table waits at its side: on a phone what tables of evidence say is read line by line."""
    wide = "tables => tables.map(one => one.parentElement.scrollWidth - one.parentElement.clientWidth)"
    expect(hand.page.locator("main table").first).to_be_visible()
    return int(max(hand.page.locator("main table").evaluate_all(wide)))


@pytest.mark.parametrize(("kind", "width", "number"), [(*hand, number) for number, hand in enumerate(HANDS)])
def test_a_file_comes_in_and_a_flag_is_answered(visit: Visit, kind: str, width: int, number: int) -> None:
    carla = visit("Carla", width, kind)
    page = carla.page
    carla.go("/evidence")
    carla.press("link", "Bring results in")
    carla.choose("What are the results about?", "The same taste")
    secret = f"Thibodeaux{number}, Marie"
    page.get_by_label(re.compile("^The file")).set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": f'row,q1\n1,"{secret}"\n2,A\n'.encode()}
    )
    carla.press("button", "Look at it")
    expect(page.get_by_role("alert")).to_contain_text("refused whole")
    expect(page.locator("body")).not_to_contain_text(secret)
    carla.look("a refusal")

    carla.choose("What are the results about?", "The same taste")
    counts = f"item,choice,count\nlemonade,right,{60 - 20 * number}\nlemonade,m-add-both,{21 + 7 * number}\nlemonade,m-reverse,{33 + 9 * number}\n"
    page.get_by_label(re.compile("^The file")).set_input_files(
        {"name": "piles.csv", "mimeType": "text/csv", "buffer": counts.encode()}
    )
    carla.press("button", "Look at it")
    expect(page.get_by_role("status")).to_contain_text("Nothing in the file leads to a student")
    carla.look("the check before bringing in")
    carla.fill("How many classes (may stay empty)", "5")
    carla.press("button", "Bring it in")
    carla.headed("The same taste: results")
    carla.look("results")
    carla.go("/loops")
    carla.press("link", "The ratio turned round")
    carla.headed(re.compile("The loop of"))
    if number == 0:
        carla.fill(
            "What do you see, and what should follow?",
            "Ask which number counts spoons before anything is written.",
        )
        carla.press("button", "Take it up")
        expect(page.get_by_role("status")).to_contain_text("Taken up")
        carla.press("link", "the thread about it")
        expect(page.locator("body")).to_contain_text("Ask which number counts spoons")
    else:
        expect(page.locator("body")).to_contain_text("waits for a change of the text")
        carla.press("link", "Plan a cycle")
        carla.headed("Plan a cycle")


def test_both_sides_agree_on_small_screens(visit: Visit) -> None:
    gita = visit("Gita", 360)
    gita.go("/goals")
    expect(gita.page.get_by_role("heading", name="Agreed by both sides")).to_be_visible()
    gita.press("button", "I have read it and agree")
    expect(gita.page.get_by_role("status")).to_contain_text("written down")
    gita.look("an agreed charter")
