"""A researcher's journey in a real browser, by keyboard: a framework comes in, two people rate blind, agreement, statement; axe on every page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.browser.hands import PATIENCE
from tests.browser.look_for import browser as found_browser
from tests.formats.test_case_packages import made
from tests.web.cast import app_of, opened

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
pytestmark = pytest.mark.skipif(
    found_browser() is None or not AXE.is_file(),
    reason="no browser: set CHROMIUM, or as root run `make system`",
)
PAGES = (
    "/standards", "/standards/ccssm-2010", "/standards/ccssm-2010?q=ratio", "/standards/ccssm-2010/6.RP.A.1?from=3.NF.A.1",
    "/coverage?unit=grade-6/ratios", "/coverage/before?lesson=grade-6/ratios/01-introducing-ratios.md&in=5", "/ratings",
    "/ratings/new", "/units/grade-6/ratios/statement", "/help/standards",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    studio = opened(tmp_path_factory.mktemp("alignment"))
    server = make_server("127.0.0.1", 0, app_of(studio), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    studio.close()


def check_axe(page: Page, where: str) -> None:
    """No finding of axe on the page once it is whole, and nothing wider than the screen."""
    page.wait_for_load_state()
    page.evaluate(AXE.read_text())
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    rows = [(row["id"], row["nodes"][0]["html"][:120]) for row in result["violations"]]
    assert not rows, f"{where}: {rows}"
    assert (
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    ), where


def signed_in(context: BrowserContext, address: str, name: str) -> Page:
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return page


def press(page: Page, label: str) -> None:
    """Goes to a button with the keyboard and presses it."""
    button = page.get_by_role("button", name=label, exact=True)
    button.focus()
    button.press("Enter")


def test_a_framework_comes_in(chromium: Browser, address: str, tmp_path: Path) -> None:
    file = tmp_path / "made.case.json"
    file.write_text(json.dumps(made(30)))
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = signed_in(context, address, "Dana")
    page.goto(f"{address}/standards")
    page.get_by_label("The file").set_input_files(file)
    press(page, "Look at it")
    expect(page.get_by_role("heading", name="What this file would change")).to_be_visible()
    check_axe(page, "what an import would change")
    press(page, "Import it")
    expect(page.get_by_role("status")).to_contain_text("Imported")
    page.get_by_label("A code in any form, or words").fill("X.7")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="X.7", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("X.7")
    check_axe(page, "a standard of an imported framework")
    context.close()


def rate(page: Page, values: tuple[int, ...]) -> None:
    """Fills a rating in and hands it in, by keyboard alone."""
    for group, value in zip(page.get_by_role("radiogroup").all(), values, strict=True):
        group.get_by_role("radio").nth(value).press(" ")
    for words in page.get_by_label("Words of a lesson that show it").all():
        words.focus()
        page.keyboard.type("ratio")
    press(page, "Hand it in")
    expect(page.get_by_role("status")).to_contain_text("Your rating is in")
    page.wait_for_load_state()


def test_two_people_rate_blind_and_see_how_far_they_agree(chromium: Browser, address: str) -> None:
    contexts = {
        name: chromium.new_context(viewport={"width": 1366, "height": 768})
        for name in ("Carla", "Ada", "Ben")
    }
    pages = {name: signed_in(context, address, name) for name, context in contexts.items()}
    carla, ada, ben = pages["Carla"], pages["Ada"], pages["Ben"]
    carla.goto(f"{address}/ratings/new?unit=grade-6/ratios")
    for name in ("Ada, teacher", "Ben, teacher"):
        carla.get_by_label(name).press(" ")
    # Rigor and relevance are asked for unless somebody says otherwise.
    chosen = carla.locator("input[name=rubric]:checked")
    while chosen.count():
        chosen.first.press(" ")
    carla.locator("input[name=rubric][value=alignment]").press(" ")
    press(carla, "Invite them")
    expect(carla.get_by_role("status")).to_contain_text("The round is open")
    round_ = carla.url.partition("?")[0]
    for page in (ada, ben):
        page.goto(round_)
        check_axe(page, "a round before rating")
    rate(ada, (3, 2, 2, 1))
    ben.reload()
    expect(ben.get_by_role("heading", name="Ratings")).to_have_count(0)
    expect(ben.get_by_text("Krippendorff")).to_have_count(0)
    carla.goto(round_)
    expect(carla.get_by_text("sealed until")).to_be_visible()
    rate(ben, (3, 3, 2, 1))
    for page in (ada, ben, carla):
        page.goto(round_)
        expect(page.get_by_text("75 % of pairs")).to_be_visible()
    check_axe(carla, "a round that is open")
    carla.get_by_role("link", name="The unit’s alignment statement").press("Enter")
    expect(carla.get_by_role("heading", level=1)).to_contain_text("Alignment of")
    expect(carla.get_by_text("75 % of pairs")).to_be_visible()
    check_axe(carla, "the statement")
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (768, "dark"), (360, "light")])
def test_axe_finds_nothing(chromium: Browser, address: str, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 768}, color_scheme=scheme)  # type: ignore[arg-type]
    page = signed_in(context, address, "Dana")
    for where in PAGES:
        page.goto(address + where)
        check_axe(page, f"{where} at {width} px, {scheme}")
    context.close()
