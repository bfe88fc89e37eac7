"""Hands at a page: one clicks, one has a keyboard alone; both are asked in the words that stand on the screen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, expect

PATIENCE = 120_000
"""Milliseconds for which something is waited for: how long a page takes is the machine's affair."""
expect.set_options(timeout=PATIENCE)

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HANDS = [("keyboard", 768), ("mouse", 360), *([("mouse", 1366)] if os.environ.get("CAMPAIGN") else [])]
"""Each journey is made with these: what a person has in their hands, and how wide the screen is. The screens themselves are
looked at in every width on every run; a mouse on a wide screen makes the journeys in a campaign."""
UNIT = "/units/grade-6/ratios"
LESSON = f"{UNIT}/01-introducing-ratios"
_MOST_TABS = 400
_READ_AS_WORDS = ("Applying inline style", "Executing inline event handler")
_RUN_AXE = """async tags => {
    if (document.readyState !== "complete") await new Promise(loaded => addEventListener("load", loaded));
    return axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
}"""
"""A page that is on its way has no style yet: it is looked at when it is whole."""


class Hand:
    """Whoever is at a page. `kind` is "mouse" or "keyboard"; with a keyboard, everything is reached by Tab. `alone`: no room is reached."""

    def __init__(self, page: Page, address: str, kind: str, alone: bool = False) -> None:
        self.page, self.address, self.kind, self.alone = page, address, kind, alone
        self.faults: list[str] = []
        self.pastes = False
        """Whether they carry in what was made elsewhere. How it looked and what it would have run is read as words alone;
        the browser tells that it did neither."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, said: ConsoleMessage) -> None:
        """What the studio's own policy refuses the studio is a fault of the studio."""
        if "Content Security Policy" in said.text and not (
            self.pastes and said.text.startswith(_READ_AS_WORDS)
        ):
            self.faults.append(said.text)

    def go(self, place: str) -> None:
        """Types an address."""
        self.page.goto(self.address + place)
        self.page.wait_for_load_state()

    def press(self, role: str, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Presses a link, a button, a box or a choice by its name."""
        self.page.wait_for_load_state()
        found = self._find(role, name, within)
        # What is not there yet may still come; the menu is opened for what it holds alone.
        folded = self.page.locator("#menu").get_by_role(role, name=name, exact=isinstance(name, str), include_hidden=True)  # type: ignore[arg-type]  # fmt: skip
        if within is None and not found.count() and folded.count():
            menu = self.page.get_by_role("button", name="Menu", exact=True)
            if menu.get_attribute("aria-expanded") == "false":
                self._press(menu)
        self.press_this(found)

    def _find(self, role: str, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        return (within or self.page).get_by_role(role, name=name, exact=isinstance(name, str)).first  # type: ignore[arg-type]

    def press_this(self, target: Locator) -> None:
        """Presses something that was found."""
        expect(target).to_be_visible()
        self._press(target)

    def _press(self, target: Locator) -> None:
        if self.kind == "mouse":
            target.click()
            return
        if target.get_attribute("type") == "radio":
            self._choose_radio(target)
            return
        self.reach(target)
        plain = target.evaluate("e => e.tagName === 'A'")
        # Pressed on what has the focus, and not just anywhere: so the page that it leads to has begun to come before anybody goes on.
        target.press("Enter" if plain else "Space")

    def _choose_radio(self, target: Locator) -> None:
        """Tab leads into a group of choices, arrows lead on within it."""
        group = self.page.locator(f'input[name="{target.get_attribute("name")}"]')
        chosen = group.and_(self.page.locator(":checked"))
        self.reach(chosen.first if chosen.count() else group.first)
        for _ in range(group.count()):
            if target.evaluate("e => e === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def reach(self, target: Locator) -> None:
        """Goes to something by Tab alone; fails where no Tab leads there, or where one cannot see that it does."""
        expect(target).to_be_visible()
        # Asked for anew at each step: lists beside a text are brought up to date while somebody goes through them.
        for _ in range(_MOST_TABS):
            if target.evaluate("e => e === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"No Tab leads to {target}")
        # The editor's frame shows that its text has the focus, from the next frame on.
        framed = "e => getComputedStyle(e.matches('.cm-content') ? e.closest('.cm-editor') : e).outlineStyle"
        for _ in range(20):
            if target.evaluate(framed) != "none":
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"Nothing shows that {target} has the focus")

    def fill(self, label: str | re.Pattern[str], words: str) -> None:
        """Puts words into a field instead of what stands there."""
        field = self.page.get_by_label(label, exact=isinstance(label, str)).first
        if self.kind == "mouse":
            field.fill(words)
            return
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(words)

    def add_at_end(self, words: str) -> None:
        """Writes at the end of the text in the editor."""
        self.to_text()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.insert_text(words)

    def to_text(self) -> Locator:
        """Goes to the editor, which may still be coming."""
        field = self.page.locator(".cm-content")
        expect(field).to_be_visible()
        if not self.alone and self.page.locator("form[data-live]").count():
            # What is typed before the room is reached is put together with what stands there.
            expect(self.page.locator("[data-state]")).not_to_have_text("")
        # What comes once the editor stands moves it down the page.
        if self.page.locator("form[data-editor]").count():
            expect(self.page.locator("form.editor-whole")).to_be_visible()
        if self.kind == "mouse":
            field.click(position={"x": 200, "y": 120})
        else:
            self.reach(field)
        return field

    def text(self) -> str:
        """The text in the editor as it would be saved now."""
        expect(self.page.locator(".cm-content")).to_be_visible()
        # The field gets it a moment after each change, and at once when somebody looks at another tab.
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return self.page.locator("#text").input_value()

    def chosen(self) -> str:
        """The words that are chosen in the editor, which has the focus."""
        expect(self.page.get_by_role("textbox", name="The lesson’s text")).to_be_focused()
        return str(self.page.evaluate("getSelection().toString()"))

    def write(self, words: str) -> None:
        """Writes a text instead of the one in the editor, as it is kept."""
        self.to_text()
        if self.page.get_by_role("button", name="Show the text", exact=True).is_visible():
            self.page.keyboard.press("Control+Shift+E")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)
        expect(self.page.locator("#text")).to_have_value(words)

    def choose(self, label: str, option: str) -> None:
        """Chooses from a list."""
        field = self.page.get_by_label(label, exact=True)
        if self.kind == "keyboard":
            self.reach(field)
        field.select_option(label=option)

    def look(self, where: str) -> None:
        """Asserts that axe has nothing to say about the page as it stands, and that it is no wider than the screen."""
        page = self.page
        for _ in range(5):
            page.wait_for_load_state()
            try:
                page.evaluate(AXE.read_text())
                result = page.evaluate(_RUN_AXE, TAGS)
                break
            except Error as error:
                # A key was pressed on a link a moment ago and its page comes only now: look at that one.
                if "context was destroyed" not in str(error):
                    raise
        else:
            raise AssertionError(f"{where} does not come to rest")
        rows = [(row["id"], row["nodes"][0]["html"][:160], row["nodes"][0]["failureSummary"][:200]) for row in result["violations"]]  # fmt: skip
        assert not rows, f"{where}: {rows}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{where} is {wide} px too wide"

    def told(self, words: str | re.Pattern[str]) -> None:
        """Expects that the page says something in a place that is read out by itself, and the page whole."""
        expect(self.page.locator("[role=status], [role=alert]").filter(has_text=words).first).to_be_visible()
        self.page.wait_for_load_state()

    def saved(self) -> None:
        """Expects that what was written became a version: the page of the text came, and says so."""
        expect(self.page).to_have_url(re.compile(r"[?&]saved="))
        self.page.wait_for_load_state()
        self.told(re.compile(r"Saved\. "))

    def headed(self, words: str | re.Pattern[str]) -> None:
        """Expects the page's heading, and the page whole: its keys do something only then."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)
        self.page.wait_for_load_state()


Visit = Callable[..., Hand]


def sign_in(hand: Hand, name: str) -> None:
    """Signs in as one of the sample people."""
    hand.go("/sign-in")
    hand.press("button", re.compile(f"^{name}"))
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    hand.page.wait_for_load_state()
