"""Reviewing while somebody writes: comments from the editor, suggestions taken over in the open room, figures, comparisons, readers' reports."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import running
from tests.browser.hands import UNIT, Hand, Visit, sign_in

pytestmark = pytest.mark.browser
PLACE = f"{UNIT}/04-two-lines"
WORDS = "fill the line without gaps"
_CHOOSE = """([inside, words]) => {
  const walk = document.createTreeWalker(document.querySelector(inside), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    document.querySelector(inside).focus?.();
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def choose(page: Page, inside: str, words: str) -> None:
    """Marks words, as a mouse or Shift and arrows would."""
    # A page that was asked for by a link may be on its way.
    expect(page.locator(inside).first).to_be_attached()
    for _ in range(10):
        assert page.evaluate(_CHOOSE, [inside, words]), words
        page.wait_for_timeout(150)
        # An editor that takes the focus only now puts its own cursor back where it was.
        if page.evaluate("() => getSelection().toString()").split() == words.split():
            return
    raise AssertionError(f"{words} do not stay marked")


def opened(hand: Hand, place: str = PLACE) -> None:
    """Opens the editor, once the room has the text."""
    hand.go(f"{place}/edit")
    expect(hand.page.locator("[data-state]")).to_have_text("Saved")
    expect(hand.page.locator(".cm-content")).to_be_visible()


def test_a_comment_from_the_editor_stays_on_its_words_and_a_suggestion_comes_into_the_room(
    visit: Visit,
) -> None:
    ada, carla = visit("Ada", 1366, "keyboard"), visit("Carla")
    opened(ada)
    choose(ada.page, ".cm-content", WORDS)
    ada.page.keyboard.press("Control+Alt+m")
    about = ada.page.get_by_label("About", exact=True)
    expect(about.locator("option").first).to_contain_text("the words")
    expect(ada.page.get_by_label("What you want to say")).to_be_focused()
    ada.page.keyboard.insert_text("Is this the word that students use?")
    ada.press("button", "Comment")
    thread = ada.page.locator("[data-beside-list] [data-thread]").filter(has_text="that students use?")
    expect(thread).to_be_visible()
    expect(thread.get_by_role("article")).to_have_accessible_name("Comment by Ada")
    expect(ada.page.locator(".cm-said")).to_have_text(WORDS)
    ada.look("the editor with comments beside it")
    # Carla writes the text anew as suggestions, while Ada goes on writing in it.
    carla.go(f"{PLACE}/suggest")
    expect(carla.page.locator(".cm-content")).to_be_visible()
    choose(carla.page, ".cm-content", WORDS)
    carla.page.keyboard.insert_text("quite other words")
    expect(carla.page.locator(".cm-comes")).to_contain_text("quite other words")
    expect(carla.page.locator("[data-counted]")).to_have_text(re.compile("^1 suggestion "))
    carla.look("suggesting, with the changes in the text")
    carla.page.get_by_label("As if all were taken over").check()
    expect(carla.page.locator(".cm-goes")).to_have_count(0)
    carla.page.get_by_label("As if all were refused").check()
    expect(carla.page.locator(".cm-content")).not_to_contain_text("quite other words")
    carla.page.get_by_label("With my changes in it").check()
    ada.page.keyboard.press("Escape")
    expect(ada.page.locator(".cm-content")).to_be_focused()
    ada.page.keyboard.press("Control+End")
    ada.page.keyboard.insert_text("\nWritten meanwhile.\n")
    carla.page.reload()
    expect(carla.page.locator(".cm-comes")).to_contain_text("quite other words")
    carla.press("button", "Hand in suggestions")
    carla.told("Your suggestions stand beside the text")
    expect(carla.page.locator("[data-review-text] ins.said-new")).to_contain_text("quite other words")
    # Whoever suggests sees what others suggest already.
    ben = visit("Ben", 360, "keyboard", "dark")
    ben.go(f"{PLACE}/suggest")
    expect(ben.page.locator(".cm-said-suggestion")).to_have_text(WORDS)
    expect(ben.page.locator(".cm-other")).to_contain_text("Carla: quite other words")
    ben.press_this(ben.page.get_by_text("What others suggest here: 1"))
    ben.press_this(ben.page.get_by_role("button", name=re.compile("^Carla: ")))
    expect(ben.page.locator(".cm-content")).to_be_focused()
    ben.look("suggesting beside others")
    # Ada hears of it where she writes, and takes it over by keyboard; her own words stay.
    expect(ada.page.get_by_role("button", name="Comments (2)")).to_be_visible()
    ada.page.keyboard.press("Control+Alt+m")
    suggestion = ada.page.locator("[data-beside-list] .thread.suggestion")
    ada.press_this(suggestion.get_by_role("button", name="Take over", exact=True))
    ada.told("Taken over: it is in the text")
    expect(ada.page.locator("#text")).to_have_value(re.compile("quite other words"))
    undo = ada.page.get_by_role("button", name="Undo this")
    expect(undo).to_be_focused()
    ada.page.keyboard.press("Enter")
    expect(ada.page.locator("#text")).not_to_have_value(re.compile("quite other words"))
    ada.press_this(suggestion.get_by_role("button", name="Take over", exact=True))
    ada.told("Taken over: it is in the text")
    expect(ada.page.locator("#text")).to_have_value(re.compile("quite other words"))
    expect(ada.page.locator("#text")).to_have_value(re.compile("Written meanwhile"))
    ada.go(f"{PLACE}/history")
    expect(ada.page.get_by_text("Took over a suggestion by Carla", exact=True).first).to_be_visible()


def test_the_drawer_on_a_small_screen(visit: Visit) -> None:
    ada = visit("Ada", 360, "mouse", "dark")
    opened(ada, f"{UNIT}/02-same-taste")
    ada.press("button", re.compile("^Comments"))
    expect(ada.page.locator("[data-beside-list] [data-thread]").first).to_be_visible()
    ada.look("comments on a small dark screen")
    ada.press("button", "Close")
    choose(ada.page, "#preview article", "Which one")
    ada.press_this(ada.page.locator(".choice-bar").get_by_role("button", name="Comment"))
    expect(ada.page.get_by_label("About", exact=True).locator("option").first).to_have_text("the words “Which one”")  # fmt: skip
    ada.page.get_by_label("What you want to say").fill("Seen in the preview.")
    ada.press("button", "Comment", ada.page.locator("[data-beside-say]"))
    expect(ada.page.locator("[data-beside-list] [data-thread]").filter(has_text="Seen in the preview.")).to_be_visible()  # fmt: skip
    ada.press("button", "Close")
    expect(ada.page.locator("[data-beside]")).to_be_hidden()


def test_a_figure_and_words_of_a_comparison(visit: Visit) -> None:
    carla = visit("Carla")
    carla.go(f"{PLACE}/review")
    button = carla.page.get_by_role("button", name="Comment on this figure").first
    carla.press_this(button)
    expect(carla.page.get_by_label("Part or figure")).to_have_value(re.compile("^figure:"))
    carla.page.get_by_label("What you want to say").fill("Could the lines be closer?")
    carla.press_this(carla.page.locator("#say").get_by_role("button", name="Comment", exact=True))
    carla.told("Your words are kept")
    expect(carla.page.locator(".said-figure")).to_be_visible()
    carla.look("a thread on a figure")
    place = f"{UNIT}/01-introducing-ratios"
    carla.go(f"{place}/history")
    carla.page.locator("a[href*='/compare']").first.click()
    carla.press("link", "As teachers see it")
    expect(carla.page.get_by_role("link", name="As teachers see it")).to_have_attribute(
        "aria-current", "page"
    )
    choose(carla.page, ".compared", "Most students come")
    carla.page.keyboard.press("c")
    expect(carla.page.get_by_label("Words in the text")).to_have_value("Most students come")
    carla.page.get_by_label("What you want to say").fill("Seen while comparing.")
    carla.press_this(carla.page.locator("#say").get_by_role("button", name="Comment", exact=True))
    carla.told("Your words are kept")


@pytest.fixture(scope="module")
def reporting(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A studio of its own that takes readers' reports in."""
    workspace = tmp_path_factory.mktemp("reporting") / "work"
    shutil.copytree(made, workspace, symlinks=True)
    with (workspace / "studio.toml").open("a") as settings:
        settings.write('\naddress = "http://127.0.0.1"\nreader_reports = true\n')
    with running(workspace) as found:
        yield found


def test_a_readers_report_arrives_on_the_right_words_after_the_text_has_changed(chromium: Browser, reporting: str) -> None:  # fmt: skip
    page = f"{UNIT.removeprefix('/units/')}/01-introducing-ratios/"
    reader = Hand(chromium.new_context().new_page(), reporting, "keyboard")
    reader.go(f"/sites/student/{page}")
    words = "Here are three ways of saying the same ratio"
    expect(reader.page.get_by_text(words).first).to_be_visible()
    reader.go(f"/report?page={page}")
    reader.fill("The words on the page that you mean (copy them here)", words)
    reader.fill(re.compile("^What about them"), "I count four.")
    reader.look("a reader reports")
    reader.press("button", "Send")
    reader.told("Thank you")
    ada = Hand(chromium.new_context().new_page(), reporting, "mouse")
    sign_in(ada, "Ada")
    ada.go(f"/units/{page}suggest".replace("//", "/"))
    # The text changes: words before it, and in it.
    expect(ada.page.locator(".cm-content")).to_be_visible()
    choose(ada.page, ".cm-content", "Most students come")
    ada.page.keyboard.insert_text("In both our classes most students come")
    ada.page.locator(".cm-content").hover(position={"x": 200, "y": 100})
    choose_below(ada.page, "three ways of")
    ada.page.keyboard.insert_text("three good ways of")
    ada.press("button", "Hand in suggestions")
    ada.told("Your suggestions stand beside the text")
    accept = ada.page.locator("[data-accept]")
    for left in reversed(range(accept.count())):
        ada.press_this(accept.first)
        ada.told("Taken over")
        expect(accept).to_have_count(left)
    ada.go("/reports")
    ada.press("button", "Delete it")
    ada.told("Deleted.")
    ada.look("the deleted reports")
    ada.press("button", "Undo this")
    ada.told("It stands here again")
    ada.look("the reports")
    ada.press("button", re.compile("thread", re.IGNORECASE))
    thread = ada.page.locator("[data-thread]").filter(has_text="I count four.")
    expect(thread).to_be_visible()
    key = thread.get_attribute("id")
    expect(ada.page.locator(f'mark[data-of="{key}"]').first).to_contain_text("Here are three good ways of")
    assert not reader.faults + ada.faults


def choose_below(page: Page, words: str) -> None:
    """Marks words further down in an editor, which draws only what is near."""
    for _ in range(60):
        if page.evaluate(_CHOOSE, [".cm-content", words]):
            choose(page, ".cm-content", words)
            return
        page.mouse.wheel(0, 250)
        page.wait_for_timeout(60)
    raise AssertionError(f"{words} are not in the text")
