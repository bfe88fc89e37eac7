"""A researcher in the browser: search as one thinks, narrow down, read, and follow who wrote what."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, LESSON, UNIT, Visit


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_a_researcher_finds_and_follows_words(visit: Visit, kind: str, width: int) -> None:
    carla = visit("Carla", width, kind)
    page = carla.page
    carla.fill("Search all working text", "equivelent ratios")
    carla.press("button", "Search")
    carla.told(re.compile(r"equivalent.*\d+ results?"))
    carla.look("search that mended a word")
    if width < 832:
        carla.press_this(page.locator("summary", has_text="Narrow down"))
    lessons = page.get_by_role("checkbox", name=re.compile(r"^Lesson \("))
    carla.press_this(lessons)
    expect(page).to_have_url(re.compile("kind=lesson"))
    expect(page.locator(".results li").first).to_contain_text("Lesson")
    carla.look("search narrowed down")
    carla.press_this(page.locator(".results a").first)
    carla.press("link", "Who wrote what")
    expect(page.locator(".blame").last.locator("dt").first).to_be_visible()
    carla.look("who wrote what")
    carla.press("link", "History")
    carla.headed(re.compile("^History of"))
    carla.look("history")


@pytest.mark.parametrize("query", ["6.RP.3", "exit ticket", "3/4", '"for every"', "\\frac{3}{4}"])
def test_every_form_is_found(visit: Visit, query: str) -> None:
    carla = visit("Carla")
    carla.go("/search")
    carla.page.get_by_role("searchbox").fill(query)
    carla.told(re.compile(r"^\s*[1-9]\d* results?"))
    expect(carla.page.locator(".results li").first).to_be_visible()


def test_nothing_found_says_what_to_try(visit: Visit) -> None:
    carla = visit("Carla", 360)
    carla.go("/search?q=qqzzxx")
    carla.told("Try fewer words or filters")
    carla.look("a search that finds nothing")


def test_versions_are_compared_as_readers_see_them(visit: Visit) -> None:
    carla = visit("Carla")
    page = carla.page
    carla.go(f"{UNIT}/02-same-taste/edit")
    carla.write(carla.text() + "\n## For families\n\nTaste $\\frac{5}{8}$ of it together.\n")
    carla.press("button", "Save this version")
    carla.saved()
    carla.go(f"{UNIT}/02-same-taste/history")
    carla.press("link", re.compile("^What changed"))
    carla.press("link", "As families see it")
    expect(page.locator("ins math").first).to_be_attached()
    carla.look("a comparison as families see it")
    carla.press("link", "As students see it")
    expect(page.locator("article ins")).to_have_count(0)
    older = page.get_by_label("Older version")
    expect(older.locator("option")).not_to_have_count(1)
    carla.choose("Newer version", older.locator("option").nth(1).inner_text())
    carla.press("button", "Compare")
    carla.press("link", "Every word")
    expect(page.get_by_text("These two versions have the same text.")).to_be_visible()
    carla.go(LESSON)
    carla.press("link", re.compile("^Introducing ratios and rates"))
