"""A teacher's evening in the browser: a lesson is started, written, saved, compared and brought back; nothing is lost on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, LESSON, UNIT, Visit


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_a_teacher_writes_a_lesson(visit: Visit, kind: str, width: int) -> None:
    ada = visit("Ada", width, kind)
    page = ada.page
    ada.press("link", re.compile("Introducing ratios and rates"))
    ada.headed("Introducing ratios and rates")
    title = f"Taste test by {kind} at {width}"
    ada.fill("Title", title)
    ada.press("button", "Start it")
    ada.headed(f"Change “{title}”")
    ada.add_at_end("Look back at the day.")
    summary = "## Lesson summary\n\nWhat we learned, in words that students can keep.\n"
    assert summary in ada.text()
    ada.write(
        ada.text().replace(summary, "## Lesson summary\n\nMixtures with equal ratios taste the same.\n")
    )
    expect(page.locator("#preview")).to_contain_text("Mixtures with equal ratios taste the same.")
    ada.told(re.compile("^Saved$"))
    ada.look("the editor while somebody writes")
    ada.press("radio", "Families")
    expect(page.locator("#preview article")).to_have_class(re.compile("edition-family"))
    ada.fill("What did you change?", "What equal ratios mean")
    ada.press("button", "Save this version")
    ada.saved()
    ada.look("the saved lesson")
    ada.press("link", "Students see")
    expect(page.locator("article")).to_contain_text("Mixtures with equal ratios")
    ada.press("link", "History")
    ada.press("link", re.compile("What changed.*What equal ratios mean"))
    expect(
        page.locator("ins").filter(has_text="Mixtures with equal ratios taste the same").first
    ).to_be_visible()
    ada.look("the comparison")
    ada.choose("From the older version", "the whole text")
    ada.press("button", "Bring it back")
    ada.told("Brought back, as a new version.")
    expect(page.locator("article")).not_to_contain_text("Mixtures with equal ratios")
    ada.press("button", "Undo this")
    ada.press("link", "Students see")
    expect(page.locator("article")).to_contain_text("Mixtures with equal ratios")
    ada.press("link", "Rename, copy, move")
    ada.press("button", "Put into the bin")
    ada.told("It is in the bin now.")
    ada.look("the bin")


def test_findings_stand_in_the_margin_and_lead_to_their_place(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    ada.go(f"{LESSON}/edit")
    before = ada.text()
    ada.write(f"{before}\n## Studnet tasks\n\nHidden.\n")
    jump = page.get_by_role("button", name="in “Studnet tasks”", exact=True).first
    expect(jump).to_be_visible()
    page.keyboard.press("Control+Home")
    jump.click()
    assert ada.chosen() == "## Studnet tasks"
    ada.look("the editor with findings")
    # The words that are meant are marked, and F8 leads from one to the next.
    mark = page.locator(".cm-content .cm-lintRange").filter(has_text="Studnet tasks")
    expect(mark).to_be_in_viewport()
    page.keyboard.press("Control+Home")
    for _ in range(12):
        page.keyboard.press("F8")
        if ada.chosen() == "## Studnet tasks":
            break
    else:
        raise AssertionError("F8 does not lead to the finding")


def test_a_place_in_the_address_is_shown(visit: Visit) -> None:
    ada = visit("Ada")
    ada.go(f"{LESSON}/edit#line-3")
    assert ada.chosen().startswith("title:")


def test_unsaved_text_is_kept_for_whoever_wrote_it(visit: Visit) -> None:
    ada = visit("Ada", alone=True)
    page = ada.page
    place = f"{UNIT}/02-same-taste"
    ada.go(f"{place}/edit")
    text = page.locator("#text")
    ada.write(ada.text() + "\nWords that were never saved\n")
    page.on("dialog", lambda dialog: dialog.accept())
    ada.go("/")
    drafts = page.locator("[data-drafts]")
    expect(drafts).to_be_visible()
    ada.look("home with unsaved text")
    drafts.get_by_role("link").first.click()
    expect(page.get_by_text("This device kept text of yours")).to_be_visible()
    ada.look("the editor that offers text back")
    page.get_by_role("button", name="Put it back").click()
    expect(text).to_have_value(re.compile("Words that were never saved"))
    # Somebody else at the same device is not shown them.
    ada.go("/")
    ada.press("button", "Sign out")
    page.get_by_role("button", name=re.compile("^Carla")).click()
    ada.headed("Welcome, Carla")
    expect(drafts).to_be_hidden()
    ada.go(f"{place}/edit")
    expect(text).not_to_have_value(re.compile("Words that were never saved"))
    expect(page.get_by_text("This device kept text of yours")).to_be_hidden()
    # Back as Ada, it is let go.
    ada.go("/")
    ada.press("button", "Sign out")
    page.get_by_role("button", name=re.compile("^Ada")).click()
    ada.go(f"{place}/edit")
    page.get_by_role("button", name="Forget it").click()
    ada.go("/")
    expect(drafts).to_be_hidden()


def test_a_sign_in_that_ended_is_said_while_somebody_writes(visit: Visit) -> None:
    ada = visit("Ada")
    ada.go(f"{LESSON}/edit")
    ada.to_text()
    ada.page.context.clear_cookies()
    ada.write(ada.text() + "\nMore.\n")
    ada.told("Your sign-in has ended. Your text is kept on this device")


def test_beside_the_text_problems_have_numbers_and_standards_their_words(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    ada.go(f"{LESSON}/edit")
    outline = page.locator(".outline-jump")
    expect(outline.filter(has_text="Problem 3")).to_contain_text("1 to look at")
    page.locator(".cm-about summary").click()
    expect(page.locator(".cm-statement").first).to_be_visible()
    ada.press("button", "Find")
    ada.look("the editor with its search open")
    ada.go(f"{UNIT}/assessments/mid-unit/edit")
    expect(outline.filter(has_text="Problem 2")).to_be_attached()
    expect(page.get_by_text("shows “A ratio is a difference”")).to_be_visible()
    expect(page.get_by_text("of 40 minutes")).to_have_count(0)
    expect(page.locator("#preview").get_by_text("In a band there are 5 trombones")).to_be_visible()


@pytest.mark.parametrize("height", [560, 768])
def test_what_ends_a_dialog_is_in_sight(visit: Visit, height: int) -> None:
    ada = visit("Ada", 360)
    page = ada.page
    page.set_viewport_size({"width": 360, "height": height})
    ada.go(f"{LESSON}/edit")
    ada.press("button", "Formula")
    expect(page.get_by_role("button", name="Put it in")).to_be_in_viewport(ratio=1)
    ada.look("a long dialog on a small screen")
