"""What the editor costs whoever writes: bytes over the wire, the wait until it can be written in, from a key to the screen."""

from __future__ import annotations

import gzip
import re
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import click
from playwright.sync_api import Browser, Page, sync_playwright

from bench.measure import Row, table
from bench.studio_start import Served
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.publishing.program import dist_folder
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.web.assets import editor_pieces
from tests.browser.look_for import browser as found_browser

ROOT = Path(__file__).resolve().parents[1]
LESSON = "grade-6/ratios/01-introducing-ratios"
LONG = 64 * 1024
MOST_BYTES, MOST_READY, MOST_KEY = 250 * 1024, 3000.0, 50.0
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 1_638_400 / 8 * 0.9, "uploadThroughput": 768_000 / 8 * 0.9}  # fmt: skip
"""As the browser's own tools throttle for slow 4G: 1.6 Mbit/s down, 150 ms there and back, worst case of a connection."""
KEY = """
() => {
  window.keyTimes = [];
  const field = document.querySelector(".cm-content");
  let began = 0;
  field.addEventListener("keydown", () => { began = performance.now(); }, true);
  field.addEventListener("input", () => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.keyTimes.push(performance.now() - began);
    channel.port2.postMessage(0);
  }));
}
"""


def long_text(text: str) -> str:
    """A lesson of 64 KB: its own parts over and over, each with a name of its own."""
    head, _, body = text.partition("\n## Warm-up")
    out, number = head, 0
    while len(out.encode()) < LONG - len(body.encode()):
        number += 1
        renamed = re.sub(r"\{#([a-z][a-z0-9-]*)", rf"{{#\1-{number}", f"\n## Warm-up{body}")
        out += renamed
    return out


def signed_in(browser: Browser, port: int) -> Page:
    """Ada's page, at home."""
    # Waiting looks into the page by a script of its own, which the page's policy would refuse.
    page = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=True).new_page()
    page.goto(f"http://127.0.0.1:{port}/sign-in")
    page.get_by_role("button", name=re.compile("^Ada")).click()
    page.wait_for_load_state()
    return page


def ready(page: Page, port: int) -> float:
    """Milliseconds from asking for the page until the editor can be written in, nothing kept from before."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.send("Network.emulateNetworkConditions", SLOW_4G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"http://127.0.0.1:{port}/units/{LESSON}/edit", wait_until="commit")
    page.wait_for_function(
        "performance.getEntriesByName('editor-ready').length > 0", polling=50, timeout=60_000
    )
    took = float(page.evaluate("performance.getEntriesByName('editor-ready')[0].startTime"))
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    tools.detach()
    return took


def keys(page: Page) -> list[float]:
    """Milliseconds from a key to the frame that shows it, for 60 keys in the middle of a long text."""
    page.locator(".cm-content").click(position={"x": 200, "y": 200})
    for _ in range(20):
        page.keyboard.press("PageDown")
    page.keyboard.press("End")
    page.evaluate(KEY)
    for number in range(60):
        page.keyboard.press("abcdefghij"[number % 10])
        page.wait_for_timeout(60)
    times = [float(one) for one in page.evaluate("window.keyTimes")]
    assert len(times) > 50, f"only {len(times)} keys reached the screen"
    return times


def measured(rounds: int) -> list[Row]:
    """The rows of the table."""
    pieces = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) for path in dist_folder().glob("editor*.js")
    }
    whole, first = sum(pieces.values()), sum(pieces[name] for name in ("editor.js", *editor_pieces()))
    rows = [
        Row("script over the wire, all of it", f"≤ {MOST_BYTES // 1024} KB", f"{whole / 1024:.0f} KB", whole <= MOST_BYTES),
        Row("script before one can write", "–", f"{first / 1024:.0f} KB"),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        files: dict[str, bytes] = {path: FolderSnapshot(ROOT / "units")[path] for path in FolderSnapshot(ROOT / "units")}  # fmt: skip
        short = files[f"{LESSON}.md"]
        results: dict[str, Any] = {}
        for name, text in (("short", short), ("long", long_text(short.decode()).encode())):
            folder = Path(place) / name
            new_workspace(folder, {**files, f"{LESSON}.md": text}, samples=True)
            served = Served(folder)
            served.until("/healthz")
            browser = playwright.chromium.launch(executable_path=found_browser(), args=["--no-sandbox", "--disable-gpu"])  # fmt: skip
            results[f"{name} ready"] = median(ready(signed_in(browser, served.port), served.port) for _ in range(rounds))  # fmt: skip
            page = signed_in(browser, served.port)
            page.goto(f"http://127.0.0.1:{served.port}/units/{LESSON}/edit")
            page.wait_for_timeout(1500)
            results[f"{name} keys"] = sorted(keys(page))
            browser.close()
            served.stop()
        for name, size in (("short", len(short)), ("long", LONG)):
            took, times = results[f"{name} ready"], results[f"{name} keys"]
            rows.append(Row(f"ready, 4 × slower CPU, slow 4G, {size // 1024} KB", f"≤ {MOST_READY:.0f} ms", f"{took:.0f} ms", took <= MOST_READY))  # fmt: skip
            late = times[int(len(times) * 0.95)]
            rows.append(Row(f"key to screen, {size // 1024} KB", f"p95 ≤ {MOST_KEY:.0f} ms", f"{median(times):.0f} / {late:.0f} ms", late <= MOST_KEY))  # fmt: skip
    return rows


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How many times each page is opened.")
def main(rounds: int) -> None:
    """Measures the editor in a real browser."""
    click.echo(table(measured(rounds)))


if __name__ == "__main__":
    main()
