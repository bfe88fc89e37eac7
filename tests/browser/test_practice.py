"""Problems that answer back in a real browser: plain HTTP, from disk, by keyboard, without scripts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.program import program_assets, worker_script
from tests.browser.look_for import browser as found_browser
from tests.browser.sites import INSECURE, served, small_school

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
pytestmark = pytest.mark.skipif(
    found_browser() is None or not AXE.is_file(),
    reason="no browser: set CHROMIUM, or as root run `make system`",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    report = publish(small_school({"ratios/one": "syrup", "ratios/two": "ice"}), out)
    assert report.done
    return out / "student"


@pytest.fixture(params=["plain http", "disk"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where the lesson is opened: an address without a secure context, or the file itself."""
    if request.param == "disk":
        yield (site / "ratios/one/index.html").as_uri()
        return
    with served(site) as port:
        yield f"http://{INSECURE}:{port}/ratios/one/index.html"


def test_an_answer_is_checked_and_kept_and_forgotten(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    if address.startswith("http"):
        assert page.evaluate("isSecureContext") is False
        assert page.evaluate("crypto.subtle === undefined")
    page.on("request", lambda request: asked.append(request.url))
    one, two, three = (page.locator(f"#p{n}") for n in (1, 2, 3))

    one.get_by_role("button", name="Check my answer").click()
    expect(one.get_by_role("status")).to_contain_text("choose an answer first")
    one.get_by_role("radio", name="5 to 8").check()
    one.get_by_role("button", name="Check my answer").click()
    expect(one.get_by_role("status")).to_contain_text("Not yet")
    # The hint is offered once, where it stands; the button says of which problem it is.
    assert one.get_by_text("Show a hint").count() == 1
    expect(one.get_by_role("button", name="Check my answer")).to_have_accessible_description(
        re.compile("^Problem 1")
    )
    one.get_by_text("Show a hint").click()
    expect(one.get_by_text("Think of batches.")).to_be_visible()
    one.get_by_role("radio", name="6 to 15").check()
    expect(one.get_by_role("status")).to_have_text("")
    one.get_by_role("button", name="Check my answer").click()
    expect(one.get_by_role("status")).to_contain_text("Right")

    field = two.get_by_role("textbox", name="Your answer")
    for text, says in (
        ("1/2", "Not yet"),
        ("3/2", "Right"),
        ("1 1/2 cups", "Right"),
        ("1.5", "Right"),
        ("12 fl oz", "Right"),
        ("15", "Not yet"),
    ):
        field.fill(text)
        field.press("Enter")
        expect(two.get_by_role("status")).to_contain_text(says)
    field.fill("1½ cups")
    field.press("Enter")
    expect(two.get_by_role("status")).to_contain_text("Right")

    three.get_by_role("checkbox", name="two").check()
    three.get_by_role("button", name="Check my answer").click()
    expect(three.get_by_role("status")).to_contain_text("Not yet")
    three.get_by_role("checkbox", name="four").check()
    three.get_by_role("button", name="Check my answer").click()
    expect(three.get_by_role("status")).to_contain_text("Right")
    expect(page.locator("#p4").get_by_role("button")).to_have_count(0)
    assert asked == []

    page.reload()
    expect(one.get_by_role("radio", name="6 to 15")).to_be_checked()
    expect(one.get_by_role("status")).to_contain_text("Right")
    expect(field).to_have_value("1½ cups")
    page.get_by_role("button", name="Forget my answers on this device").click()
    expect(field).to_have_value("")
    expect(one.get_by_role("radio", name="6 to 15")).not_to_be_checked()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.reload()
    expect(field).to_have_value("")
    assert faults == []
    assert context.cookies() == []
    context.close()


def test_by_keyboard_alone(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    page.locator("#p1").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#p1").get_by_role("status")).to_contain_text("Right")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "text":
            break
    page.keyboard.type("1.5 cups")
    page.keyboard.press("Enter")
    expect(page.locator("#p2").get_by_role("status")).to_contain_text("Right")
    context.close()


def test_without_scripts_a_problem_reads_as_before(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#p2 .answer-space")).to_be_visible()
    expect(page.locator("#p1 li.choice")).to_have_count(2)
    expect(page.get_by_role("button")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1366])
def test_axe_finds_nothing(chromium: Browser, site: Path, width: int, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto((site / "ratios/one/index.html").as_uri())
    page.locator("#p1").get_by_role("radio").first.check()
    page.locator("#p1").get_by_role("button", name="Check my answer").click()
    page.locator("#p2").get_by_role("textbox").fill("3/2")
    page.locator("#p2").get_by_role("textbox").press("Enter")
    expect(page.locator("#p2").get_by_role("status")).to_contain_text("Right")
    page.evaluate(AXE.read_text())
    result = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    assert [(row["id"], row["nodes"][0]["html"][:120]) for row in result["violations"]] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    context.close()


def test_a_choice_stands_beside_the_first_line_of_its_words(chromium: Browser, site: Path) -> None:
    with served(site) as port:
        page = chromium.new_page(viewport={"width": 360, "height": 768})
        page.goto(f"http://{INSECURE}:{port}/ratios/one/index.html")
        mark = page.locator(".choice > label > input").first
        expect(mark).to_be_visible()
        off = mark.evaluate(
            """input => {
                const words = document.createRange(), box = input.getBoundingClientRect();
                words.selectNodeContents(input.parentElement);
                const line = [...words.getClientRects()].find(one => one.width && one.left >= box.right);
                return Math.abs((box.top + box.bottom) / 2 - (line.top + line.bottom) / 2);
            }"""
        )
        assert off < 2.5
        page.close()


def test_only_pages_with_such_problems_load_the_script(site: Path) -> None:
    script = re.compile(r"<script[^>]*practice\.[0-9a-f]{8}\.js")
    loading = {
        p.relative_to(site).as_posix() for p in site.rglob("*.html") if script.search(p.read_text("utf-8"))
    }
    assert loading == {"ratios/one/index.html", "ratios/two/index.html"}
    page = (site / "ratios/one/index.html").read_text("utf-8")
    assert page.count("data-keys=") == 3
    assert "4711" not in page


def test_scripts_stay_small() -> None:
    _, files = program_assets()
    scripts = {name: content for name, content in files.items() if name.endswith(".js")}
    scripts["worker.js"] = worker_script()
    sizes = {name: len(gzip.compress(content, 6)) for name, content in scripts.items()}
    assert sum(sizes.values()) <= 20_480, sizes
