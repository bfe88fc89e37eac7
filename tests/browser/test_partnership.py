"""Round the loop with the whole cast, each step reached by a link of the screen before; and the teaching log on a phone without a
network: kept on the device, sent once."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.hands import Hand, Visit

SCREENS = ("/teaching", "/teaching/lessons/t4w8n2xc", "/teaching/together/t4w8n2xc", "/inquiries", "/inquiries/new", "/inquiries?withdrawn=yes", "/help/teaching", "/help/goals", "/help/cycles", "/help/sessions")  # fmt: skip
PILES = "item,choice,count\nlemonade,right,{}\nlemonade,m-reverse,{}\nlemonade,other,{}\n"
FORM = "/teaching/lessons/t4w8n2xc"


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (768, "light"), (1366, "dark")])
def test_every_screen(visit: Visit, width: int, scheme: str) -> None:
    dana = visit("Dana", width, scheme=scheme)
    for where in SCREENS:
        dana.go(where)
        dana.look(f"{where} at {width} px, {scheme}")


def bring_in(hand: Hand, counts: str) -> None:
    """Brings counts of the cool-down in, from the form that is open."""
    page = hand.page
    hand.choose("What are the results about?", "The same taste")
    page.get_by_label(re.compile("^The file")).set_input_files(
        {"name": "piles.csv", "mimeType": "text/csv", "buffer": counts.encode()}
    )
    hand.press("button", "Look at it")
    expect(page.get_by_role("status")).to_contain_text("Nothing in the file leads to a student")
    hand.fill("How many classes (may stay empty)", "5")
    hand.press("button", "Bring it in")
    hand.headed("The same taste: results")


def publish(hand: Hand) -> None:
    """Publishes from the page that is open."""
    hand.press("button", re.compile("^Publish"))
    hand.told("Published:")


def to_loop(hand: Hand) -> None:
    """From the page of the lesson to the loop of the misconception, however many loops are open there."""
    hand.press("link", re.compile("open loops?$"))
    hand.headed(re.compile("^Open loops$|The ratio turned round"))
    if hand.page.get_by_role("heading", level=1).inner_text() == "Open loops":
        hand.press("link", "The ratio turned round")
    hand.headed(re.compile("The ratio turned round"))


def test_the_loop_goes_all_the_way_round(visit: Visit) -> None:
    dana, carla, ada, ben, gita = (visit(name) for name in ("Dana", "Carla", "Ada", "Ben", "Gita"))
    dana.press("link", "Publish")
    publish(dana)

    # Results in, from home; the flag is one link away.
    carla.press("link", "Evidence")
    carla.press("link", "Bring results in")
    bring_in(carla, PILES.format(50, 60, 15))
    carla.press("link", re.compile(": The ratio turned round"), within=carla.page.locator(".panel").first)
    carla.headed(re.compile("The ratio turned round"))
    expect(carla.page.locator("body")).to_contain_text("60 of 125 students")
    carla.fill("What do you see, and what should follow?", "Ask which number counts spoons first.")
    carla.press("button", "Take it up")

    # The coach sees which session is for it, and why.
    gita.press("link", "Evidence")
    gita.press("link", "Sessions")
    gita.press(
        "link", "Hearing ratio language", within=gita.page.locator("section.panel", has_text="recommended")
    )
    expect(gita.page.locator("section.panel", has_text="Why now")).to_contain_text("The ratio turned round")
    expect(gita.page.get_by_role("link", name=re.compile("^Take the pack along"))).to_be_visible()

    # The thread stands beside the words; Ada finds it at the lesson, goes on to the loop and from there to the editor.
    carla.press("link", "the thread about it")
    expect(carla.page.locator("body")).to_contain_text("Ask which number counts spoons first.")
    ada.press("link", re.compile("^Introducing ratios and rates"))
    ada.press("link", "The same taste")
    ada.press("link", re.compile("^Comments"), within=ada.page.locator("main"))
    expect(ada.page.locator("body")).to_contain_text("Ask which number counts spoons first.")
    ada.press("link", "Read")
    to_loop(ada)
    ada.press("link", "Change The same taste")
    text = ada.text()
    ada.write(
        text.replace(
            "Think alone for two minutes, then pairs.",
            "Point to the spoons first; then think alone, then pairs.",
        )
    )
    ada.fill("What did you change?", "Spoons are pointed at first")
    ada.press("button", "Save this version")
    ada.saved()

    # Somebody of another team is asked and finds it at home. Nothing is approved while people still talk about it; Ben reads what
    # changed, beside what is said. The lead releases it from the loop.
    to_loop(ada)
    expect(ada.page.locator("body")).to_contain_text("Spoons are pointed at first")
    ada.press("link", "Ask for a review")
    ada.press("checkbox", "Ben")
    ada.fill("Your question", "Is pointing first clear enough?")
    ada.press("button", "Ask them")
    ada.told("They are told")
    ben.go("/")
    ben.press("link", "The same taste", within=ben.page.locator("[aria-labelledby=h-waiting]"))
    expect(ben.page.locator("body")).to_contain_text("Is pointing first clear enough?")
    ben.press("button", "Approve")
    ben.told(re.compile("threads are open"))
    ben.press("link", "Comments", within=ben.page.get_by_role("navigation", name="Where you are"))
    expect(ben.page.locator("body")).to_contain_text("Point to the spoons first")
    dana.press("link", "Evidence")
    dana.press("link", re.compile("^Open loops"))
    dana.press("link", "The ratio turned round")
    dana.press("link", "Go to publish")
    publish(dana)
    dana.press("link", "Loops that wait for the next results")
    dana.press("link", "The ratio turned round")
    expect(dana.page.locator("body")).to_contain_text("waits for the next results")

    # New results on the same part; the loop compares, and closes.
    carla.press("link", "Read")
    to_loop(carla)
    carla.press("link", "Bring the next results in")
    bring_in(carla, PILES.format(95, 15, 15))
    carla.press("link", re.compile(": The ratio turned round"), within=carla.page.locator(".panel").first)
    # Five classes are few: the comparison says what it cannot say, with its interval and its design.
    expect(carla.page.locator("body")).to_contain_text("125 after; the interval allows for")
    expect(carla.page.locator("body")).to_contain_text("Nothing else was held equal")
    carla.look("a loop before it closes")
    carla.fill(
        "What did we learn, and what does the figure not say?", "Pointing first helps; other classes, though."
    )
    carla.press("button", "Close the loop")
    carla.told("The loop is closed.")
    # Nothing of it is on the pages of students.
    eli = visit("")
    eli.go("/sites/student/grade-6/ratios/02-same-taste/")
    expect(eli.page.locator("body")).to_contain_text("Which one is sweeter")
    for words in ("Ask which number counts", "turned round", "of 125"):
        expect(eli.page.locator("body")).not_to_contain_text(words)


def fill_in(page: Page, words: str) -> None:
    """What a teacher taps in a minute."""
    part = page.get_by_role("group", name="Activity 1: Which one is sweeter?")
    part.get_by_role("radio", name="Changed").check()
    part.get_by_role("button", name=re.compile("^More time")).click()
    part.get_by_label("Why?").select_option(label="too little time")
    page.get_by_label("What did students do? (may stay empty)").fill(words)


def test_a_log_without_a_network_is_sent_once(visit: Visit) -> None:
    ada = visit("Ada", 360)
    page = ada.page
    ada.press("link", "I taught a lesson")
    ada.headed("Teaching log")
    logs = page.locator("a[href^='/teaching/logs/']")
    before = logs.count()
    ada.press("link", "The same taste")
    # The pages are kept on the device by the worker, which starts now.
    page.wait_for_function(
        "async () => { const c = await caches.open('teaching'); return Boolean(await c.match('/teaching') && await c.match('/teaching/lessons/t4w8n2xc')); }"
    )
    page.context.set_offline(True)
    page.reload()
    ada.headed("The same taste")
    fill_in(page, "Two pairs kept the difference.")
    ada.look("the form at 360 px")
    ada.press("button", "Keep it")
    ada.told("Kept on this device")
    # Another lesson, from the list that is kept as well; then both wait.
    ada.press("link", "Your teaching log")
    ada.press("link", "The same taste", within=page.locator(".taught-lessons").first)
    fill_in(page, "Again, with the other class.")
    ada.press("button", "Keep it")
    ada.told("Kept on this device")
    ada.press("link", "Your teaching log")
    expect(page.locator("[data-unsent] li")).to_have_count(2)
    ada.look("what waits on the device, at 360 px")
    # An answer that is lost on its way: the studio has the log, and the device does not know.
    lost = {"count": 0}

    def lose(route) -> None:  # type: ignore[no-untyped-def]
        if lost["count"] == 0 and route.request.method == "POST":
            lost["count"] += 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(re.compile(re.escape(FORM) + "$"), lose)
    page.context.set_offline(False)
    # It is sent by itself; where the answer was lost, by who presses the button, which goes with the last that waits.
    again, end = page.get_by_role("button", name="Send now"), time.monotonic() + 120
    while page.locator("[data-unsent]").is_visible() or lost["count"] == 0:
        assert time.monotonic() < end
        with suppress(TimeoutError):
            again.click(timeout=1000)
        page.wait_for_timeout(500)
    page.unroute_all(behavior="wait")
    ada.go("/teaching")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    expect(logs).to_have_count(before + 2)
    assert lost["count"] == 1
    logs.first.click()
    expect(page.locator("body")).to_contain_text("too little time")
    ada.look("a log at 360 px")


def test_what_could_be_a_name_is_asked_about_and_kept_nowhere(visit: Visit) -> None:
    ada = visit("Ada", 360, "keyboard")
    ada.go(FORM)
    ada.fill("What did students do? (may stay empty)", "Then Zebedeea drew it")
    ada.press("button", "Keep it")
    ada.told(re.compile("Zebedeea.* could be a student’s name"))
    assert "Zebedeea" not in str(ada.page.evaluate("JSON.stringify(localStorage)"))
    ada.fill("What did students do? (may stay empty)", "Then a student drew it")
    ada.press("button", "Keep it")
    ada.told("Kept.")
