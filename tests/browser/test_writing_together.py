"""Two people write in one lesson at once, each in a real browser: they see each other, lose the network, come back; nothing is lost."""

from __future__ import annotations

import re
import time
from pathlib import Path

from playwright.sync_api import WebSocketRoute, expect

from tests.browser.hands import UNIT, Hand, Visit
from tests.journeys.folder import Folder

PLACE = f"{UNIT}/05-ratio-tables"


class Wire:
    """The network between a browser and the rooms, which somebody may cut."""

    def __init__(self, hand: Hand) -> None:
        self._open: list[WebSocketRoute] = []
        self._cut = self._deaf = False
        hand.page.context.route_web_socket(re.compile("/live/"), self._join)

    def _join(self, socket: WebSocketRoute) -> None:
        if self._cut:
            socket.close()
            return
        room = socket.connect_to_server()
        room.on_message(lambda words: None if self._deaf else socket.send(words))
        self._open.append(socket)

    def deafen(self) -> None:
        """What the browser sends arrives, and what is answered is lost."""
        self._deaf = True

    def cut(self) -> None:
        self._cut = True
        for socket in self._open:
            socket.close()
        self._open.clear()

    def mend(self) -> None:
        self._cut = self._deaf = False


def at_end(hand: Hand) -> None:
    """Opens the editor and puts the cursor at the end, once the room has the text."""
    hand.go(f"{PLACE}/edit")
    expect(hand.page.locator("[data-state]")).to_have_text("Saved")
    hand.to_text()
    hand.page.keyboard.press("Control+End")


def holds(hand: Hand, words: str) -> None:
    expect(hand.page.locator("#text")).to_have_value(re.compile(re.escape(words)))


_KEPT = """words => new Promise((done) => {
  const asked = indexedDB.open("studio-writing", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("unsent", { keyPath: "key" });
  asked.onsuccess = () => {
    const all = asked.result.transaction("unsent").objectStore("unsent").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.some((one) => one.text.includes(words))); };
  };
})"""


def keeps(hand: Hand, words: str) -> None:
    """Waits until these words lie on the device: from then on the page may go away at any moment."""
    hand.page.wait_for_function(_KEPT, arg=words)


def state(hand: Hand, words: str) -> None:
    expect(hand.page.locator("[data-state]")).to_have_text(words)


def test_two_people_write_see_each_other_and_undo_their_own(visit: Visit) -> None:
    ada, carla = visit("Ada"), visit("Carla", 768, "keyboard", "dark")
    for hand in (ada, carla):
        at_end(hand)
    ada.page.keyboard.insert_text("\nAda writes this.\n")
    holds(carla, "Ada writes this.")
    carla.page.keyboard.press("Control+End")
    carla.page.keyboard.insert_text("Carla answers.\n")
    holds(ada, "Carla answers.")
    here = ada.page.get_by_role("region", name="Here with you")
    expect(here).to_contain_text("Carla")
    expect(carla.page.get_by_role("region", name="Here with you")).to_contain_text(re.compile("Ada.*in “"))
    expect(ada.page.locator("[data-voice]")).to_have_text("Carla is here and may write.")
    expect(ada.page.locator(".live-caret").filter(has_text="Carla")).to_have_count(1)
    ada.look("the editor with two people in it")
    carla.look("the editor with two people in it, dark")
    # Undo takes back one's own words and nobody else's.
    ada.page.keyboard.press("Control+z")
    expect(carla.page.locator("#text")).not_to_have_value(re.compile("Ada writes this"))
    holds(ada, "Carla answers.")
    ada.page.keyboard.press("Control+y")
    holds(carla, "Ada writes this.")
    carla.page.context.close()
    expect(here).to_be_hidden()
    expect(ada.page.locator("[data-voice]")).to_have_text("Carla has left.")


_FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    const asked = window.put.apply(this, given);
    // As a full device does it: the request is taken, the whole is refused.
    asked.addEventListener("success", () => { try { this.transaction.abort(); } catch { /* over */ } });
    const { transaction } = this;
    transaction.commit = () => {};
    return asked;
  };
  window.states = [];
  const state = document.querySelector("[data-state]");
  new MutationObserver(() => window.states.push(state.textContent)).observe(state, { childList: true, characterData: true, subtree: true });
}"""


def test_a_lost_network_keeps_the_words_and_brings_them_back(visit: Visit) -> None:
    ada, carla = visit("Ada"), visit("Carla")
    wire = Wire(ada)
    for hand in (ada, carla):
        at_end(hand)
    wire.cut()
    state(ada, "Offline: kept on this device")
    carla.page.keyboard.insert_text("\nWritten here meanwhile.\n")
    state(carla, "Saved")
    # Where the device is full too, nothing is called kept, not for a moment.
    ada.page.evaluate(_FULL)
    ada.page.keyboard.insert_text("\nWritten without ")
    state(ada, "Not saved: copy your text")
    expect(ada.page.get_by_role("button", name="Copy your text")).to_be_visible()
    ada.page.keyboard.insert_text("a ")
    ada.page.wait_for_timeout(100)
    assert not [words for words in ada.page.evaluate("window.states") if "kept" in words]
    ada.page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    ada.page.keyboard.insert_text("network.\n")
    state(ada, "Offline: kept on this device")
    ada.look("the editor without a network")
    wire.mend()
    state(ada, "Saved")
    for words in ("Written here meanwhile.", "Written without a network."):
        for hand in (ada, carla):
            holds(hand, words)
            assert hand.text().count(words) == 1
    # Undo has survived it, and is one's own still.
    ada.page.keyboard.press("Control+z")
    expect(carla.page.locator("#text")).not_to_have_value(re.compile("Written without a network"))
    holds(ada, "Written here meanwhile.")
    ada.page.keyboard.press("Control+y")
    holds(carla, "Written without a network.")


def test_words_survive_a_page_that_goes_away_without_a_network(visit: Visit) -> None:
    ada = visit("Ada")
    wire = Wire(ada)
    at_end(ada)
    ada.page.on("dialog", lambda dialog: dialog.accept())
    wire.cut()
    state(ada, "Offline: kept on this device")
    ada.page.keyboard.insert_text("\nWords of a page that went away.\n")
    keeps(ada, "Words of a page that went away.")
    # The tab is gone, as after a crash; another one opens the same lesson.
    other = ada.page.context.new_page()
    ada.page.close()
    wire.mend()
    ada = Hand(other, ada.address, "mouse")
    at_end(ada)
    offer = ada.page.get_by_text("This device kept text of yours")
    expect(offer).to_be_visible()
    assert "Words of a page that went away." not in ada.text()
    ada.look("the editor that offers words of a lost page")
    ada.press("button", "Put it back")
    holds(ada, "Words of a page that went away.")
    state(ada, "Saved")
    expect(offer).to_be_hidden()
    at_end(ada)
    assert ada.text().count("Words of a page that went away.") == 1
    expect(offer).to_be_hidden()


def test_a_version_is_named_and_an_older_one_comes_into_the_open_text(visit: Visit) -> None:
    ada, carla = visit("Ada"), visit("Carla")
    at_end(ada)
    # What others left in the open text may be no version yet: this one has it.
    ada.page.keyboard.insert_text("\nWords before it.\n")
    ada.fill("What did you change?", "All that was there before")
    ada.press("button", "Save this version")
    ada.saved()
    at_end(ada)
    before = ada.text()
    ada.page.keyboard.insert_text("\nWords for a version.\n")
    ada.fill("What did you change?", "Named by Ada")
    ada.press("button", "Save this version")
    ada.saved()
    at_end(carla)
    holds(carla, "Words for a version.")
    ada.go(f"{PLACE}/history")
    expect(ada.page.get_by_text("Named by Ada").first).to_be_visible()
    ada.page.get_by_role("button", name=re.compile("^Bring this back")).first.click()
    ada.told("Brought back")
    expect(carla.page.locator("#text")).to_have_value(before)
    carla.told(re.compile("Ada: Brought back the version “.*” of"))
    state(carla, "Saved")


def test_a_version_is_named_while_the_network_is_lost(visit: Visit) -> None:
    ada = visit("Ada")
    wire = Wire(ada)
    at_end(ada)
    ada.page.keyboard.insert_text("\nWords for a version that waits.\n")
    state(ada, "Saved")
    ada.fill("What did you change?", "Named before the network was lost")
    # The ask arrives, and the network is gone before its answer.
    wire.deafen()
    ada.page.evaluate("document.querySelector('form[data-editor]').requestSubmit()")
    end = time.monotonic() + 120
    while "Named before the network was lost" not in ada.page.request.get(f"{ada.address}{PLACE}/history").text():  # fmt: skip
        assert time.monotonic() < end
    wire.cut()
    ada.told("This version is saved as soon as it is back")
    wire.mend()
    ada.saved()
    ada.go(f"{PLACE}/history")
    made = ada.page.locator("strong").filter(has_text="Named before the network was lost")
    expect(made).to_have_count(1)


_OTHER_HISTORY = """async () => {
  const base = await new Promise((done) => { const asked = indexedDB.open("studio-writing"); asked.onsuccess = () => done(asked.result); });
  const store = base.transaction("unsent", "readwrite").objectStore("unsent");
  const all = await new Promise((done) => { const asked = store.getAll(); asked.onsuccess = () => done(asked.result); });
  for (const one of all) store.put({ ...one, epoch: "another" });
  base.close();
  return all.length;
}"""


def test_words_of_another_history_are_put_together_as_text(visit: Visit) -> None:
    ada, carla = visit("Ada"), visit("Carla")
    wire = Wire(ada)
    for hand in (ada, carla):
        at_end(hand)
    ada.page.keyboard.insert_text("\nA sentence of both.\n")
    holds(carla, "A sentence of both.")
    state(ada, "Saved")
    ada.page.on("dialog", lambda dialog: dialog.accept())
    wire.cut()
    state(ada, "Offline: kept on this device")
    ada.page.keyboard.insert_text("\nAda wrote this far away.\n")
    keeps(ada, "far away")
    ada.go("/")
    assert ada.page.evaluate(_OTHER_HISTORY) == 1
    carla.page.keyboard.press("Control+Home")
    carla.page.keyboard.press("Control+End")
    carla.page.keyboard.insert_text("\nCarla wrote this here.\n")
    state(carla, "Saved")
    wire.mend()
    at_end(ada)
    expect(ada.page.get_by_text("This device kept text of yours")).to_be_visible()
    ada.press("button", "Put it back")
    ada.told(re.compile("put together with what others wrote"))
    for hand in (ada, carla):
        for words in ("A sentence of both.", "Ada wrote this far away.", "Carla wrote this here."):
            holds(hand, words)
            assert hand.text().count(words) == 1
    state(ada, "Saved")


def test_a_push_comes_into_the_open_text_under_two_writers(visit: Visit, tmp_path: Path) -> None:
    ada, carla, dana = visit("Ada"), visit("Carla", 768), visit("Dana")
    dana.go("/account/tokens")
    dana.fill("What is it for?", "A folder")
    dana.page.get_by_label("read and write").check()
    dana.press("button", "Make the token")
    token = dana.page.get_by_role("textbox", name="Your new token").inner_text()
    key = dana.page.locator("body").get_attribute("data-person")
    assert key
    for hand in (ada, carla):
        at_end(hand)
    ada.page.keyboard.insert_text("\nAda writes on while it comes.\n")
    holds(carla, "Ada writes on while it comes.")
    carla.page.keyboard.press("Control+End")
    state(ada, "Saved")
    # Carla stands in the middle of a word, which stays the word that she stands in.
    for _ in range(4):
        carla.page.keyboard.press("ArrowLeft")
    port = int(ada.address.rsplit(":", 1)[1])
    folder = Folder.clone(tmp_path / "clone", port, key, token, "Dana")
    path = f"{PLACE.removeprefix('/units/')}.md"
    head, mark, rest = folder.read(path).partition("\n## ")
    # A folder on another system ends its lines in another way: they stay as they are, and move nobody's place.
    folder.write(path, f"{head}\nPushed from a folder, with 🙂 in it.\r\nAnd\u2028so\ron.\r\n{mark}{rest}")
    folder.keep("Words from Dana’s folder")
    code, said = folder.push()
    assert code == 0, said
    for hand in (ada, carla):
        holds(hand, "Pushed from a folder, with 🙂 in it.")
        holds(hand, "Ada writes on while it comes.")
        hand.told(re.compile("Dana: Words from Dana’s folder"))
    carla.page.keyboard.insert_text("|HERE|")
    holds(ada, "while it com|HERE|es.")
    state(carla, "Saved")
    for words in ("Pushed from a folder", "Ada writes on"):
        assert ada.text().count(words) == 1


def test_who_writes_in_a_lesson_that_moves_is_led_to_its_place(visit: Visit) -> None:
    ada, dana = visit("Ada"), visit("Dana", 768)
    at_end(ada)
    ada.page.keyboard.insert_text("\nTyped before it moved.\n")
    state(ada, "Saved")
    dana.go(f"{PLACE}/manage")
    other = dana.page.locator("#move-to option, select[name=to] option").filter(has_text="Fractions").first
    dana.page.locator("form[action$='/move'] select").select_option(other.get_attribute("value"))
    dana.page.locator("form[action$='/move'] button").click()
    expect(dana.page).to_have_url(re.compile("grade-3/fractions"))
    state(ada, "Saved. This text has another place now.")
    ada.look("the editor of a lesson that was moved")
    ada.press("link", "Go there")
    expect(ada.page).to_have_url(re.compile("/units/grade-3/fractions/[0-9a-z-]*ratio-tables$"))
    expect(ada.page.get_by_text("Typed before it moved.")).to_be_visible()
