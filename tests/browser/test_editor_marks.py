"""On the page of the editor marks are shown only where the cursor is in what they mark, and never those of headings and choices."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.hands import LESSON, Visit
from tests.browser.test_editor import LINE, down_to


def test_marks_are_shown_where_the_cursor_is_in_what_they_mark_and_escape_leads_out(visit: Visit) -> None:
    ada = visit("Ada", 1366, "keyboard")
    page = ada.page
    ada.go(f"{LESSON}/edit")
    ada.to_text()
    down_to(page, "Students meet ratios")
    page.keyboard.press("Home")
    assert "glossary" not in page.evaluate(LINE), "the line has the cursor, and the link does not"
    for _ in range(len("Students meet r")):
        page.keyboard.press("ArrowRight")
    assert "[ratios](../../glossary.md#ratio)" in page.evaluate(LINE)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    assert "[ratios](../../glossary.md#ratio)" in page.evaluate("getSelection().toString()")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(".cm-content")).not_to_be_focused()


def test_no_heading_and_no_choice_shows_its_marks_and_each_has_its_form(visit: Visit) -> None:
    ada = visit("Ada", 1366, "keyboard")
    page = ada.page
    ada.go(f"{LESSON}/edit")
    ada.to_text()
    before = ada.text()
    for heading in page.locator(".outline-jump").all():
        heading.click()
        expect(page.locator(".cm-content")).to_be_focused()
        assert not re.search(r"[{}#]|=", page.evaluate(LINE)), page.evaluate(LINE)
    assert ada.text() == before
    page.locator(".outline-jump").filter(has_text="Activity 2").first.click()
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("dialog", name="About “Activity 2: Draw the band”")).to_be_visible()
    ada.fill("Minutes", "14")
    ada.choose("May it be left out?", "may be left out: it is more practice")
    ada.press("button", "Write it down")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.type(" again")
    old = next(line for line in before.splitlines() if line.startswith("## Activity 2: Draw the band {"))
    new = old.replace("band {", "band again {").replace("minutes=12", "minutes=14")
    assert ada.text() == before.replace(old, new[:-1] + " optional=extra-practice}")
    # One step takes the words back, the next all of what the form wrote.
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert ada.text() == before
    choice = next(line for line in before.splitlines() if line.startswith("- [ ] ") and "{" in line)
    number = before.partition(choice)[0].count("\n### Problem")
    page.locator(".outline-jump").filter(has_text=f"Problem {number}").click()
    down_to(page, "The ratio of broth")
    page.keyboard.press("End")
    page.keyboard.press("Alt+Enter")
    expect(page.get_by_role("dialog", name="About this choice")).to_be_visible()
    ada.look("the form of a choice")
    ada.choose("What somebody may think who takes this choice", "nothing in particular")
    ada.press("button", "Write it down")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert ada.text() == before.replace(choice, choice.partition(" {")[0], 1)
