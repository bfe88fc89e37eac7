"""Alignment with a keyboard alone: a lead moves a unit to a new edition; a researcher goes from a framework to the statement. Axe on the way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from curriculum_studio.formats.frameworks import framework
from tests.browser.hands import LESSON, UNIT, Hand, Visit
from tests.formats.test_case_packages import made as made_package
from tests.web.made_editions import TABLE, edition

STUDY = "Alignment study: Introducing ratios and rates"


def bring(hand: Hand, label: str, file: Path) -> None:
    """Goes to a place for a file and chooses one."""
    field = hand.page.get_by_label(label, exact=True)
    hand.reach(field)
    field.set_input_files(file)


def import_framework(hand: Hand, file: Path) -> None:
    hand.press("link", "Standards")
    bring(hand, "The file", file)
    hand.press("button", "Look at it")
    expect(hand.page.get_by_role("heading", name="What this file would change")).to_be_visible()
    hand.look("what an import would change")
    hand.press("button", "Import it")
    hand.told(re.compile("^Imported"))


def test_a_lead_moves_a_unit_to_a_new_edition(visit: Visit, tmp_path: Path) -> None:
    dana, package, table = visit("Dana", 1366, "keyboard"), tmp_path / "new.case.json", tmp_path / "walk.csv"
    package.write_bytes(edition())
    table.write_bytes(TABLE)
    import_framework(dana, package)
    dana.press("link", "Standards")
    dana.press("link", "Crosswalks")
    old = framework({}, "ccssm-2010")
    assert old is not None
    dana.choose("From the old edition", old.title)
    dana.choose("To the new edition", "Made standards 2025")
    bring(dana, "The table", table)
    dana.press("button", "Bring it in")
    dana.told("The crosswalk is here. No lesson was changed.")
    dana.look("a crosswalk")
    dana.press("link", "Introducing ratios and rates")
    dana.look("a unit in a new edition")
    dana.press("button", re.compile(r"^Take it over ?: 6\.RP\.A\.2 for 6\.RP\.A\.1 in Introducing ratios$"))
    dana.told(re.compile("^Taken over"))
    dana.press("button", re.compile(r"^Take it over ?: 6\.RP\.A\.2 for 6\.RP\.A\.1 in .*, "))
    dana.told(re.compile("^Taken over"))
    expect(dana.page.get_by_text("taken over", exact=True)).to_have_count(2)
    dana.look("a unit whose claims are taken over")


def rate(hand: Hand, value: int) -> None:
    """Fills a rating in and hands it in."""
    page = hand.page
    for group in page.get_by_role("radiogroup").all():
        hand.press_this(group.get_by_role("radio").nth(value))
    for words in page.get_by_label(re.compile("^Words of a lesson that show it")).all():
        hand.reach(words)
        page.keyboard.insert_text("ratio")
    hand.press("button", "Hand it in")
    hand.told("Your rating is in.")


def test_a_researcher_from_a_framework_to_the_statement(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "made.case.json"
    file.write_text(json.dumps(made_package(30)))
    carla, ada = visit("Carla", 1366, "keyboard"), visit("Ada", 1366, "keyboard")
    import_framework(carla, file)
    add_claim(carla)
    carla.go(f"/ratings/new?unit={UNIT.removeprefix('/units/')}")
    carla.look("the invitation to rate")
    carla.press("checkbox", "Relevance to students' lives")
    for name in ("Ada, teacher", "Carla, researcher"):
        carla.press("checkbox", name)
    carla.press("button", "Invite them")
    carla.told(re.compile("^The round is open"))
    place = carla.page.url.removeprefix(carla.address).partition("?")[0]
    rate(carla, 2)
    ada.go(place)
    expect(ada.page.get_by_role("heading", name="Ratings", exact=True)).to_have_count(0)
    expect(ada.page.get_by_text("Krippendorff")).to_have_count(0)
    ada.look("a round before rating")
    rate(ada, 2)
    carla.go(place)
    expect(carla.page.get_by_text("100 % of pairs").first).to_be_visible()
    carla.look("a round that is open")
    carla.press("link", "The unit’s alignment statement")
    carla.headed("Alignment of Introducing ratios and rates")
    expect(carla.page.get_by_text("100 % of pairs").first).to_be_visible()
    expect(carla.page.get_by_text("teaches").first).to_be_visible()
    carla.look("the statement")
    pdf = carla.page.get_by_role("link", name="Download as PDF")
    carla.reach(pdf)
    with carla.page.expect_download() as coming:
        carla.page.keyboard.press("Enter")
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-1.7")


def add_claim(carla: Hand) -> None:
    """Adds a standard to a lesson with the picker, and saves."""
    page = carla.page
    carla.go(f"{LESSON}/edit")
    carla.to_text()
    carla.press_this(page.locator(".cm-about summary"))
    carla.press("button", re.compile("^Teaches: add"))
    page.get_by_label("Code or words").press_sequentially("6.RP.A.2")
    choice = page.locator(".ask-choice").filter(has_text="6.RP.A.2").first
    expect(choice).to_be_visible()
    carla.press_this(choice)
    expect(page.locator(".cm-codes").filter(has_text="6.RP.A.2").first).to_be_visible()
    # Another journey may have taken a change of standards over here: what it added stays.
    assert re.search(r"addressing: \[6\.RP\.A\.1, (?:\{.*\}, )?6\.RP\.A\.2\]", carla.text())
    carla.fill("What did you change?", "One standard more")
    carla.press("button", "Save this version")
    carla.saved()


def test_a_study_and_contents_side_by_side(visit: Visit) -> None:
    carla, ben = visit("Carla", 1366, "keyboard"), visit("Ben", 768, "keyboard", "dark")
    carla.go("/studies")
    carla.look("studies")
    carla.press("link", "Begin a study")
    carla.choose("Unit", "Introducing ratios and rates")
    carla.press("button", "Choose")
    carla.look("the standards of a study")
    carla.press("checkbox", "Ben, teacher")
    carla.press("button", "Invite them")
    carla.told(re.compile("^The study is open"))
    place = carla.page.url.removeprefix(carla.address).partition("?")[0]
    ben.go(place)
    ben.headed(STUDY)
    ben.look("a study before coding")
    for group in ben.page.get_by_role("radiogroup").all():
        ben.press_this(group.get_by_role("radio").nth(1))
    # Which standard a problem asks for is said for each. Who reads a problem meanwhile comes back to what they had chosen.
    ben.press("button", "Hand it in")
    expect(ben.page).to_have_url(re.compile(place))
    standards = ben.page.get_by_label("The standard that it asks for")
    standards.first.select_option(index=2)
    said = standards.first.input_value()
    ben.press_this(ben.page.get_by_role("link", name=re.compile("^Read it")).nth(2))
    ben.headed(re.compile("^Ratios so far"))
    ben.go(place)
    expect(standards.first).to_have_value(said)
    expect(ben.page.get_by_role("radio", checked=True)).to_have_count(standards.count())
    for one in standards.all()[1:]:
        one.select_option("none")
    ben.press("button", "Hand it in")
    ben.told("Yours is in.")
    assert ben.page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('said:')).length") == 0
    expect(ben.page.get_by_role("heading", name="Webb’s four criteria")).to_be_visible()
    ben.look("Webb's criteria")
    ben.go(f"{UNIT}/taught")
    ben.fill(re.compile("^Minutes of Introducing ratios"), "50")
    ben.look("what was taught")
    ben.press("button", "Keep it")
    ben.told(re.compile("^Kept"))
    ben.press("link", "See it beside the plan")
    expect(ben.page.locator("table.heat")).to_have_count(2)
    ben.look("contents side by side")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1366, "dark")])
def test_axe_finds_nothing(visit: Visit, width: int, scheme: str) -> None:
    dana = visit("Dana", width, scheme=scheme)
    unit = UNIT.removeprefix("/units/")
    for where in (
        "/studies", f"/studies/new?unit={unit}", f"/studies/contents?unit={unit}", f"{UNIT}/taught", f"{UNIT}/statement", "/ratings/new",
    ):  # fmt: skip
        dana.go(where)
        dana.look(f"{where} at {width} px, {scheme}")
