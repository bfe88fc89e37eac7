"""A coach in the browser: what would change, notes, one button, and back to the release before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, UNIT, Hand, Visit

PLACE = f"{UNIT}/03-for-one"


def change(ada: Hand, words: str) -> None:
    ada.go(f"{PLACE}/edit")
    ada.write(re.sub(r"(\n## Lesson summary[^\n]*\n)", rf"\1\n{words}\n", ada.text(), count=1))
    ada.press("button", "Save this version")
    ada.saved()


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_a_coach_publishes_and_goes_back(visit: Visit, kind: str, width: int) -> None:
    ada, gita = visit("Ada"), visit("Gita", width, kind)
    page, words = gita.page, f"Read aloud by {kind} at {width}."
    change(ada, words)
    gita.press("link", "Publish")
    row = page.locator("tr").filter(has_text="How much for one?")
    expect(row).to_contain_text("students, families, teachers")
    gita.look("what would change")
    gita.press("link", re.compile("^published and now ?: How much for one"))
    expect(page.locator("ins").filter(has_text=words)).to_be_visible()
    gita.press("link", "Publish")
    gita.fill(re.compile("Notes for this release"), f"Release of {kind} at {width}")
    gita.press("button", "Publish all editions")
    gita.told("Published:")
    gita.look("published")
    site = f"{gita.address}/sites/student/grade-6/ratios/03-for-one/"
    assert words in page.request.get(site).text()
    gita.press("link", "Publish")
    expect(page.get_by_text("The sites show the newest text.")).to_be_visible()
    gita.press_this(page.get_by_role("button", name=re.compile("^Go back to this release")).first)
    gita.told("Published:")
    assert words not in page.request.get(site).text()
    gita.press("link", "Home")
    expect(page.get_by_role("link", name=re.compile("changed pages? to publish"))).to_be_visible()
    gita.look("the home of a coach")


def test_what_stops_publishing_leads_to_its_line(visit: Visit) -> None:
    ada, gita = visit("Ada"), visit("Gita")
    ada.go(f"{PLACE}/edit")
    before = ada.text()
    ada.write(before + "\n```\nA fence that nobody closed.\n")
    expect(ada.page.locator("#preview .grave").first).to_be_visible()
    ada.press("button", "Save this version")
    ada.saved()
    gita.go("/publish")
    expect(gita.page.get_by_role("heading", name="What stops publishing")).to_be_visible()
    expect(gita.page.get_by_role("button", name="Publish all editions")).to_be_disabled()
    gita.look("a release that is stopped")
    ada.go("/publish")
    ada.press_this(ada.page.locator(".stops .finding.grave a").first)
    assert ada.chosen() == "```"
    ada.write(before)
    ada.press("button", "Save this version")
    ada.saved()
