"""A lead in the browser: a unit is started for a team, filled, arranged, paced, moved about, put away and brought back."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.hands import HANDS, LESSON, UNIT, Hand, Visit
from tests.formats.test_photographs import PLAIN, with_exif

DOT = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x03\x00\x08\xfc\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"


def start_unit(hand: Hand, title: str) -> None:
    hand.press("link", "Home")
    hand.press("link", "Start a unit")
    hand.fill("Title", title)
    hand.choose("Grade", "Grade 6")
    hand.choose("Team that owns it", "no team: open to all who write")
    hand.look("the form for a new unit")
    hand.press("button", "Start the unit")
    hand.told("The unit is there.")


def add_lesson(hand: Hand, unit: str, title: str, section: str) -> None:
    hand.fill("Title", title)
    hand.choose("A lesson goes to", section)
    hand.press("button", "Start it")
    hand.headed(f"Change “{title}”")
    hand.press("link", unit)


@pytest.mark.parametrize(("kind", "width"), HANDS)
def test_a_lead_makes_and_arranges_a_unit(visit: Visit, kind: str, width: int) -> None:
    dana = visit("Dana", width, kind)
    page, unit = dana.page, f"Nets by {kind} at {width}"
    start_unit(dana, unit)
    dana.look("a unit without lessons")
    for title in ("Count squares", "Cut and move"):
        add_lesson(
            dana, unit, title, page.get_by_label("A lesson goes to").locator("option").first.inner_text()
        )
    dana.press("link", "Arrange")
    dana.press("button", re.compile("^Down ?: Count squares"))
    expect(page.locator("[data-said]")).to_have_text(re.compile("Count squares: place 2 of 2"))
    dana.press("button", "Add a section")
    dana.fill(re.compile("^Title$"), "What covers it")
    dana.look("arranging")
    dana.press("button", "Keep this order")
    dana.told("The new order is kept.")
    names = page.locator("ol.texts .name")
    expect(names).to_have_text(["Cut and move", "Count squares"])
    dana.press("link", "Pacing")
    dana.choose("A class period is", "60 minutes")
    dana.press("button", "Show")
    expect(page.get_by_text("2 class days")).to_be_visible()
    dana.look("pacing")
    dana.press("link", unit)
    dana.press("link", "Count squares")
    dana.press("link", "Rename, copy, move")
    dana.choose("Where the copy goes", f"{unit}: as a draft")
    dana.fill("Title of the copy", "Count squares again")
    dana.look("rename, copy, move")
    dana.press("button", "Copy")
    dana.told("This is the copy.")
    dana.press("link", unit)
    dana.press("link", "Rename, put away")
    dana.press("button", "Put into the bin")
    dana.told("It is in the bin now.")
    dana.press("button", re.compile(f"^Bring back ?{unit}"))
    dana.told("Brought back, with its history.")
    expect(names).to_have_text(["Cut and move", "Count squares"])
    expect(page.locator("ul.texts .name")).to_have_text(["Count squares again"])
    dana.press("link", "Rename, put away")
    dana.press("button", "Put into the bin")
    dana.told("It is in the bin now.")


def test_lessons_are_dragged(visit: Visit) -> None:
    ada = visit("Ada")
    ada.page.set_viewport_size({"width": 1366, "height": 1600})
    ada.go(f"{UNIT}/arrange")
    lists = ada.page.locator("[data-sections] [data-list]")
    first = lists.nth(0).locator("[data-item]").first
    target = lists.nth(1).locator("[data-item]").first
    name = first.locator("[data-name]").inner_text()
    first.locator("[data-name]").hover()
    ada.page.mouse.down()
    for down in (4, 12, 20):
        target.hover(position={"x": 120, "y": down})
    ada.page.mouse.up()
    expect(lists.nth(1)).to_contain_text(name)
    field = lists.nth(1).locator("[data-item]").filter(has_text=name).locator("input")
    expect(field).to_have_attribute("name", re.compile(rf"lesson-{lists.nth(1).get_attribute('data-list')}$"))


def test_a_picture_needs_words_and_says_what_became_of_it(visit: Visit) -> None:
    ada = visit("Ada")
    ada.go(f"{UNIT}/pictures")
    page = ada.page
    picture = {"name": "a dot.png", "mimeType": "image/png", "buffer": DOT}
    page.get_by_label("A photograph or a drawing").set_input_files(picture)
    ada.press("button", "Add the picture")
    expect(page.get_by_label("What it shows, for those who do not see it")).to_be_focused()
    ada.fill("What it shows, for those who do not see it", "One dot")
    ada.press("button", "Add the picture")
    ada.told("![One dot](figures/a-dot.png)")
    ada.look("the pictures of a unit")
    hostile = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    page.get_by_label("A photograph or a drawing").set_input_files(
        {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": hostile}
    )
    ada.fill("What it shows, for those who do not see it", "Nothing good")
    ada.press("button", "Add the picture")
    ada.told("This picture cannot be used")
    ada.look("a picture refused")


SPECKS = """async type => {
    const canvas = new OffscreenCanvas(3200, 2400), pen = canvas.getContext("2d"), drawn = pen.createImageData(3200, 2400);
    for (let at = 0; at < drawn.data.length; at += 65536) crypto.getRandomValues(drawn.data.subarray(at, at + 65536));
    for (let at = 3; at < drawn.data.length; at += 4) drawn.data[at] = 255;
    pen.putImageData(drawn, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type })).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(text);
}"""
"""A photograph of nothing but specks, which no way of packing makes small."""


@pytest.mark.parametrize("kind", ["image/jpeg", "image/webp", "image/png"])
def test_a_large_photograph_is_made_smaller_on_the_device(visit: Visit, kind: str) -> None:
    ada = visit("Ada", 360)
    page, name = ada.page, kind.removeprefix("image/")
    ada.go(f"{UNIT}/pictures")
    content = base64.b64decode(page.evaluate(SPECKS, kind))
    assert len(content) > 2 * 1024 * 1024, "it could be sent as it is"
    file = {"name": f"Specks in {name}.{name}", "mimeType": kind, "buffer": content}
    page.get_by_label("A photograph or a drawing").set_input_files(file)
    ada.told(re.compile(r"It was made smaller on this device: [\d.]+ [KM]B instead of \d+\.\d MB\."))
    ada.fill("What it shows, for those who do not see it", "Specks")
    ada.look("a photograph made smaller")
    ada.press("button", "Add the picture")
    ada.told(f"![Specks](figures/specks-in-{name}.jpg)")
    shown = page.locator(f'img[src$="specks-in-{name}.jpg"]')
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 2000)
    expect(shown).to_have_js_property("naturalHeight", 1500)


def test_a_photograph_stands_the_right_way_up(visit: Visit) -> None:
    ada = visit("Ada")
    page = ada.page
    ada.go(f"{UNIT}/pictures")
    file = {"name": "held.jpg", "mimeType": "image/jpeg", "buffer": with_exif(PLAIN, 6)}
    page.get_by_label("A photograph or a drawing").set_input_files(file)
    ada.fill("What it shows, for those who do not see it", "Colours")
    ada.press("button", "Add the picture")
    ada.told("Notes hidden in the file (such as place, time, camera or program) were taken out.")
    shown = page.locator('img[src$="/held.jpg"]')
    expect(shown).to_have_js_property("naturalWidth", 16)
    expect(shown).to_have_js_property("naturalHeight", 24)


def test_a_unit_as_of_a_day(visit: Visit) -> None:
    ada = visit("Ada")
    ada.go(f"{LESSON}/history")
    ada.go(f"{UNIT}/unit/history?whole=yes")
    ada.look("the history of a unit")
    today = ada.page.evaluate("new Date().toISOString().slice(0, 10)")
    ada.page.get_by_label("The unit as of").fill(today)
    ada.page.locator("form", has=ada.page.get_by_label("The unit as of")).get_by_role("button").click()
    expect(ada.page.get_by_text("This is the unit at the end of")).to_be_visible()
    ada.look("a unit as of a day")
