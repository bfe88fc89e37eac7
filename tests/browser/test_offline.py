"""Units taken along: kept on the device by the service worker, and as a zip that opens from disk."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from curriculum_studio.publishing.build import publish
from tests.browser.look_for import browser as found_browser
from tests.browser.sites import INSECURE, served, small_school

pytestmark = pytest.mark.skipif(
    found_browser() is None, reason="no browser: set CHROMIUM, or as root run `make system`"
)
WORDS = {"ratios/one": "syrup", "ratios/two": "ice", "shapes/three": "squares"}


def keep(page: Page, root: str) -> None:
    """Keeps the first unit on the device."""
    page.goto(f"{root}/ratios/")
    page.get_by_role("button", name="Keep this unit on this device").click()
    expect(page.get_by_text("This unit is kept on this device")).to_be_visible()


def caches_hold(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "(async () => { const all = []; for (const name of await caches.keys()) for (const r of await (await caches.open(name)).keys()) "
        "all.push(new URL(r.url).pathname); return all.sort(); })()"
    )
    return found


def shows(page: Page, address: str, word: str) -> None:
    """Opens a lesson until it has the word. The worker waits briefly for the news: on a slow line the kept page is shown once more."""
    for _ in range(30):
        page.goto(address)
        if word in page.locator("#w").inner_text():
            return
        page.wait_for_timeout(1_000)
    raise AssertionError(f"{address} never says {word}")


def keeps(page: Page, address: str, word: str) -> None:
    """Waits until what is kept of a lesson has the word."""
    page.wait_for_function(
        "async ([address, word]) => ((await (await caches.match(address))?.text()) ?? '').includes(word)",
        arg=[address, word],
    )


def publish_later(school: dict[str, str], folder: Path) -> None:
    """Publishes anew in another second than before: the server of these tests tells files apart by no less."""
    last = int((folder / "student" / "release.json").stat().st_mtime)
    while int(time.time()) == last:
        time.sleep(0.02)
    assert publish(small_school(school), folder).done


def test_a_kept_unit_opens_with_the_network_cut(chromium: Browser, tmp_path: Path) -> None:
    assert publish(small_school(WORDS), tmp_path).done
    context = chromium.new_context()
    page = context.new_page()
    with served(tmp_path / "student") as port:
        root = f"http://127.0.0.1:{port}"
        page.goto(f"{root}/ratios/one/")
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
        keep(page, root)
        held = caches_hold(page)
        assert "/ratios/two/" in held
        assert not [name for name in held if "shapes" in name]
    context.set_offline(True)
    page.goto(f"{root}/ratios/one/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson ratios-one")
    page.get_by_role("link", name=re.compile("Next Lesson ratios-two")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson ratios-two")
    page.locator("#p2").get_by_role("textbox").fill("3/2 cups")
    page.locator("#p2").get_by_role("button", name="Check my answer").click()
    expect(page.locator("#p2").get_by_role("status")).to_contain_text("Right")
    page.goto(f"{root}/shapes/three/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept on this device")
    expect(page.get_by_role("link", name="Unit ratios")).to_be_visible()
    page.get_by_role("button", name="Remove it from this device: Unit ratios").click()
    expect(page.get_by_text("No unit is kept on this device")).to_be_visible()
    assert caches_hold(page) == []
    assert context.cookies() == []
    context.close()


def test_a_newer_version_comes_and_a_withdrawn_page_goes(chromium: Browser, tmp_path: Path) -> None:
    assert publish(small_school(WORDS), tmp_path).done
    context = chromium.new_context()
    page = context.new_page()
    with served(tmp_path / "student") as port:
        root = f"http://127.0.0.1:{port}"
        keep(page, root)
        page.goto(f"{root}/ratios/one/")
        expect(page.locator("#w")).to_contain_text("syrup")
        before = caches_hold(page)
        # The page stands open while the lesson changes: another tab sees the release, and the page is told.
        publish_later({**WORDS, "ratios/one": "honey"}, tmp_path)
        other = context.new_page()
        other.goto(f"{root}/ratios/two/")
        expect(page.get_by_text("A newer version is here.")).to_be_visible()
        expect(page.locator("#w")).to_contain_text("syrup")
        page.get_by_role("button", name="Show it").click()
        expect(page.locator("#w")).to_contain_text("honey")
        assert caches_hold(page) == before
        # A lesson is withdrawn: whoever saw the new release is not served it again, with or without a network.
        fewer = {path: word for path, word in WORDS.items() if path != "ratios/two"}
        publish_later(fewer, tmp_path)
        shows(page, f"{root}/ratios/one/", "syrup")
        answer = page.goto(f"{root}/ratios/two/")
        assert answer is not None
        assert answer.status == 404
        keeps(page, f"{root}/ratios/one/", "syrup")
    context.set_offline(True)
    page.goto(f"{root}/ratios/two/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept on this device")
    page.goto(f"{root}/ratios/one/")
    expect(page.locator("#w")).to_contain_text("syrup")
    context.close()


def test_a_withdrawn_unit_is_no_longer_kept(chromium: Browser, tmp_path: Path) -> None:
    assert publish(small_school(WORDS), tmp_path).done
    context = chromium.new_context()
    page = context.new_page()
    with served(tmp_path / "student") as port:
        root = f"http://127.0.0.1:{port}"
        keep(page, root)
        publish_later({"shapes/three": "squares"}, tmp_path)
        # The worker waits briefly for the news: on a slow line the kept page is shown once more, and never after them.
        for _ in range(30):
            answer = page.goto(f"{root}/ratios/one/")
            assert answer is not None
            if answer.status == 404:
                break
            page.wait_for_timeout(2_000)
        assert answer.status == 404
        end = time.monotonic() + 120
        while [name for name in caches_hold(page) if name.startswith("/ratios/")]:
            assert time.monotonic() < end
            page.wait_for_timeout(100)
    context.close()


def test_where_nothing_can_be_kept_nothing_is_offered(chromium: Browser, tmp_path: Path) -> None:
    assert publish(small_school(WORDS), tmp_path).done
    context = chromium.new_context()
    page = context.new_page()
    with served(tmp_path / "student") as port:
        page.goto(f"http://{INSECURE}:{port}/ratios/")
        expect(page.get_by_role("link", name="Download this unit")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("Keep this unit"))).to_have_count(0)
    context.close()


def test_a_unit_opens_from_a_stick(chromium: Browser, tmp_path: Path) -> None:
    assert publish(small_school(WORDS), tmp_path / "out").done
    with zipfile.ZipFile(tmp_path / "out/student/ratios/unit.zip") as archive:
        archive.extractall(tmp_path / "stick")
        assert not [name for name in archive.namelist() if "shapes" in name]
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "stick/ratios/index.html").as_uri())
    page.get_by_role("link", name=re.compile("Unit ratios")).click()
    page.get_by_role("link", name="Lesson ratios-one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson ratios-one")
    page.locator("#p2").get_by_role("textbox").fill("1.5")
    page.locator("#p2").get_by_role("button", name="Check my answer").click()
    expect(page.locator("#p2").get_by_role("status")).to_contain_text("Right")
    page.get_by_role("navigation").get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("ice")
    expect(page.locator("[data-results] a")).to_have_count(1)
    page.locator("[data-results] a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lesson ratios-two")
    assert all(url.startswith("file:") for url in asked)
    for file in (tmp_path / "stick").rglob("*.html"):
        for target in re.findall(r'(?:href|src|action)="([^"#]+)', file.read_text("utf-8")):
            if not target.startswith("http"):
                assert (file.parent / target).is_file(), f"{file}: {target}"
    context.close()
