"""Every screen as it stands, for whoever sees most of it: axe has nothing to say, nothing is wider than the screen, at every width, light and dark."""

from __future__ import annotations

import re

import pytest
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import expect

from curriculum_studio.publishing.program import templates_folder
from tests.browser.hands import LESSON, UNIT, Visit

SCREENS = (
    "/", "/search", "/search?q=ratio", "/publish", "/teams", "/bin", "/account", "/help", "/help/writing", "/help/parts", "/help/headers", "/help/findings",
    "/help/rights", UNIT, f"{UNIT}/unit", f"{UNIT}/unit/edit", f"{UNIT}/unit/manage", f"{UNIT}/arrange", f"{UNIT}/pacing", f"{UNIT}/pictures",
    f"{UNIT}/unit/history?whole=yes", f"{UNIT}/as-of", "/units/new", LESSON, f"{LESSON}?edition=student", f"{LESSON}?edition=family",
    f"{LESSON}/edit", f"{LESSON}/history", f"{LESSON}/who", f"{LESSON}/manage", f"{UNIT}/assessments/readiness", "/units/glossary",
    "/units/charter/edit", "/units/nothing", "/standards", "/standards/ccssm-2010", "/standards/ccssm-2010/6.RP.A.3",
    "/coverage", "/coverage/before", "/ratings", "/ratings/new", f"{UNIT}/statement",
)  # fmt: skip
OF_ADMINISTRATORS = ("/people", "/record", "/")
LOOKS = [(360, "dark"), (768, "light"), (1366, "light")]


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_screen(visit: Visit, width: int, scheme: str, half: int) -> None:
    dana = visit("Dana", width, scheme=scheme)
    for where in SCREENS[half::2]:
        dana.go(where)
        dana.look(f"{where} at {width} px, {scheme}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS[:2])
def test_the_administrators_screens_and_the_way_in(visit: Visit, width: int, scheme: str) -> None:
    omar = visit("", width, scheme=scheme)
    for where in ("/sign-in", "/welcome/none", "/nowhere"):
        omar.go(where)
        omar.look(f"{where} at {width} px, {scheme}")
    omar.go("/sign-in")
    omar.press("button", re.compile("^Omar"))
    omar.headed("Welcome, Omar")
    for where in OF_ADMINISTRATORS:
        omar.go(where)
        omar.look(f"{where} at {width} px, {scheme}")
    omar.go("/people")
    omar.press_this(omar.page.locator("tbody a").first)
    omar.look(f"a person at {width} px, {scheme}")


@pytest.mark.parametrize(("width", "scheme"), LOOKS[:2])
def test_the_page_while_texts_are_read_anew(visit: Visit, width: int, scheme: str) -> None:
    """A small curriculum is read too fast for anybody to see this page: the studio's own template is shown at its address."""
    eli = visit("", width, scheme=scheme)
    templates = Environment(loader=FileSystemLoader(templates_folder()), autoescape=True)
    shown = templates.get_template("studio/reading.html").render(reading=(1200, 4800))
    eli.page.route(
        f"{eli.address}/", lambda route: route.fulfill(status=503, content_type="text/html", body=shown)
    )
    eli.go("/")
    eli.headed("The studio is getting ready")
    expect(eli.page.get_by_role("progressbar")).to_be_visible()
    eli.look(f"the studio is getting ready at {width} px, {scheme}")


def test_shortcuts_and_their_list(visit: Visit) -> None:
    ada = visit("Ada", 1366, "keyboard")
    page = ada.page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    ada.look("the list of shortcuts")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("g")
    expect(page).to_have_url(f"{ada.address}/")
    ada.go(LESSON)
    page.keyboard.press("h")
    ada.headed(re.compile("^History of"))
    page.keyboard.press("g")
    page.keyboard.press("p")
    ada.headed("Publish")
    # Whoever turns single keys off has them off.
    page.keyboard.press("?")
    ada.press("checkbox", "Single keys do this")
    ada.press("button", "Close")
    ada.go(LESSON)
    page.keyboard.press("h")
    ada.headed("Introducing ratios")


def test_the_list_of_shortcuts_hides_nothing_on_a_small_screen(visit: Visit) -> None:
    ada = visit("Ada", 360)
    page = ada.page
    page.keyboard.press("?")
    single, close = page.get_by_label("Single keys do this"), page.get_by_role("button", name="Close")
    expect(single).to_be_focused()
    boxes = [single.bounding_box(), close.bounding_box()]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    expect(close).to_be_in_viewport(ratio=1)


def test_the_menu_opens_on_a_small_screen(visit: Visit) -> None:
    ada = visit("Ada", 360)
    menu = ada.page.get_by_role("button", name="Menu")
    expect(ada.page.get_by_role("link", name="Publish", exact=True)).to_be_hidden()
    menu.click()
    expect(menu).to_have_attribute("aria-expanded", "true")
    ada.look("the open menu")
    ada.press("link", "Publish")
    ada.headed("Publish")


def test_what_goes_wrong_is_said_in_plain_words(visit: Visit) -> None:
    ada = visit("Ada", 360, scheme="dark")
    page = ada.page
    ada.go("/people")
    ada.headed("There is nothing here")
    ada.look("not found")
    ada.go("/units/new")
    page.locator("input[name=csrf_token]").nth(1).evaluate("e => { e.value = 'wrong'; }")
    ada.fill("Title", "Never made")
    ada.press("button", "Start the unit")
    ada.headed("This could not be read")
    ada.look("a form that came too late")
    ada.go("/units/new")
    page.get_by_label("Title").evaluate(
        "e => { e.removeAttribute('maxlength'); e.value = 'x'.repeat(3 * 1024 * 1024); }"
    )
    ada.press("button", "Start the unit")
    ada.headed("This is too large")
    ada.look("too large")


def test_a_page_that_answers_begins_with_its_answer(visit: Visit) -> None:
    gita = visit("Gita", 768, "keyboard")
    gita.go("/learning")
    gita.fill("I would like a session about", "Silent starts")
    gita.press("button", "Ask for it")
    told = gita.page.get_by_role("status").filter(has_text="Asked for.")
    expect(told).to_be_focused()
    # What was refused comes first too, and a page that answers nothing takes no focus.
    gita.fill("I would like a session about", "Silent starts")
    gita.press("button", "Ask for it")
    expect(gita.page.get_by_role("alert")).to_be_focused()
    gita.go("/learning")
    expect(gita.page.locator("body")).to_be_focused()


def test_the_tour_of_each_role_comes_first(visit: Visit) -> None:
    for name, role in (("Ada", "a teacher"), ("Omar", "an administrator"), ("Gita", "a coach")):
        hand = visit(name)
        hand.press("link", "Help")
        expect(hand.page.get_by_role("heading", level=2).first).to_have_text(f"Five minutes for {role}")
        expect(hand.page.locator(".panel .tour li").nth(3)).to_be_visible()


def test_times_are_in_the_readers_own_zone(visit: Visit) -> None:
    ada = visit("Ada")
    ada.go(f"{LESSON}/history")
    expect(ada.page.locator("time").first).not_to_contain_text("UTC")
