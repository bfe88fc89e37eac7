"""The first journey in a real browser on a real server, by mouse and by keyboard; axe on every page met."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.look_for import browser as found_browser

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LESSON = "/units/grade-6/ratios/01-introducing-ratios"
pytestmark = pytest.mark.skipif(
    found_browser() is None or not AXE.is_file(),
    reason="no browser: set CHROMIUM, or as root run `make system`",
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "curriculum_studio",
        "demo",
        str(tmp_path_factory.mktemp("demo") / "work"),
        "--port",
        str(port),
    ]
    with (tmp_path_factory.mktemp("log") / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
        for _ in range(300):
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz"):
                    break
            except (URLError, ConnectionError):
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(
            executable_path=found_browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield one
        one.close()


def check_axe(page: Page, where: str) -> None:
    """No finding of axe on the page as it stands."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    rows = [(row["id"], row["nodes"][0]["html"][:120]) for row in result["violations"]]
    assert not rows, f"{where}: {rows}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{where} is {wide} px too wide"


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name=re.compile(name)).click()


def test_the_journey(chromium: Browser, address: str) -> None:
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    sign_in(page, address, "Dana")
    page.get_by_role("link", name=re.compile("Introducing ratios and rates")).click()
    page.get_by_role("link", name="Introducing ratios", exact=True).click()
    page.get_by_role("link", name="Students see").click()
    expect(page.get_by_text("Order does not matter")).to_have_count(0)
    page.get_by_role("link", name="Change this lesson").click()
    text = page.get_by_label("The lesson’s text")
    text.fill(text.input_value().replace("Lena's snowball stand", "Octavia's snowball stand"))
    expect(page.locator("#preview")).to_contain_text("Octavia")
    expect(page.get_by_text("kept on this device")).to_be_visible()
    page.get_by_label("What did you change?").fill("A new name for the stand")
    page.get_by_role("button", name="Save this version").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("A new name for the stand", exact=True)).to_be_visible()
    page.get_by_role("link", name="What changed in: A new name for the stand").click()
    expect(page.locator("ins").filter(has_text="Octavia").first).to_be_visible()
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish all editions").click()
    expect(page.get_by_role("status")).to_contain_text("Published")
    page.goto(f"{address}/sites/student/search/?q=octavia")
    page.locator("[data-results] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Introducing ratios")
    expect(page.get_by_text("Octavia's snowball stand")).to_be_visible()
    assert not problems
    context.close()


def test_text_is_kept_on_the_device(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    sign_in(page, address, "Ada")
    page.goto(f"{address}{LESSON}/edit")
    text = page.get_by_label("The lesson’s text")
    text.fill(text.input_value() + "\nWords that were never saved\n")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/")
    page.goto(f"{address}{LESSON}/edit")
    page.get_by_role("button", name="Put it back").click()
    expect(text).to_have_value(re.compile("Words that were never saved"))
    context.close()


def test_by_keyboard_alone(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/sites/student/search/")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("6.RP.3")
    expect(page.locator("[data-results] a").first).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ results?"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("exit ticket paw", "Introducing ratios"),
        ("6.RP.A.2", "How much for one?"),
        ("equivelent", "The same taste"),
        ("3/4", "How much for one?"),
        ("\\frac{3}{4}", "How much for one?"),
    ],
)
def test_search_finds(chromium: Browser, address: str, query: str, title: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/sites/student/search/")
    page.get_by_role("searchbox").fill(query)
    expect(page.locator("[data-results] li").filter(has_text=title).first).to_be_visible()
    context.close()


PAGES = (
    "/sites/student/", "/sites/student/grade-6/ratios/", "/sites/student/grade-6/ratios/01-introducing-ratios/", "/sites/student/glossary/",
    "/sites/student/grade-6/ratios/02-same-taste/", "/sites/student/standards/", "/sites/student/search/?q=taste", "/sites/student/404.html",
    "/sites/family/grade-6/ratios/01-introducing-ratios/", "/sites/teacher/grade-6/ratios/01-introducing-ratios/",
    "/sites/teacher/grade-6/ratios/assessments/readiness/", "/sites/teacher/charter/", "/", "/units/grade-6/ratios", LESSON, f"{LESSON}/edit",
    f"{LESSON}/history", "/search?q=taste", "/search?q=nothinglikethis", "/publish", "/units/nothing",
)  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1366])
def test_axe_finds_nothing(chromium: Browser, address: str, width: int, scheme: str) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 768},
        color_scheme=scheme,
        bypass_csp=True,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    check_axe(page, "/sign-in")
    sign_in(page, address, "Dana")
    for where in PAGES:
        page.goto(address + where)
        page.wait_for_load_state("networkidle")
        check_axe(page, f"{where} at {width} px, {scheme}")
    context.close()
