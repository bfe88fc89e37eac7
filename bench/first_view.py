"""What the first view of a lesson costs in a real browser: the wait on a slow network and a slow processor, and Lighthouse's marks.

`python -m bench.first_view [--rounds N]`; Lighthouse is asked where `python -m bench.peers install` has brought it.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.measure import Row, at_most, table
from bench.peers import CACHE, ROOT
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.browser.look_for import browser

LESSON = "grade-6/ratios/01-introducing-ratios/"
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_474_560 / 8 * 0.9,
    "uploadThroughput": 675_000 / 8,
}
"""Slow 4G as browsers' tools set it: 562.5 ms a request, 1.44 Mbit/s of which nine tenths arrive."""
SLOWDOWN = 4
LIGHTHOUSE = CACHE / "audits" / "node_modules" / "lighthouse" / "cli" / "index.js"
MARKS = {"accessibility": 100, "performance": 95, "best-practices": 100}
_WATCH = (
    "globalThis.seen = { paint: 0, shift: 0 };"
    "new PerformanceObserver((l) => { for (const e of l.getEntries()) seen.paint = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });"
    "new PerformanceObserver((l) => { for (const e of l.getEntries()) seen.shift += e.value; }).observe({ type: 'layout-shift', buffered: true });"
)


class _Packed(SimpleHTTPRequestHandler):
    """Files as a server sends them that is set up as `docs/hosting.md` says: packed, assets kept for good."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        content = path.read_bytes() if path.is_file() else b""
        self.send_response(200 if content else 404)
        if path.suffix in (".html", ".css", ".js", ".json", ".svg"):
            content = gzip.compress(content, 6)
            self.send_header("Content-Encoding", "gzip")
        kind = self.guess_type(str(path))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(content)))
        kept = "public, max-age=31536000, immutable" if "/assets/" in self.path else "no-cache"
        self.send_header("Cache-Control", kept)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine."""
    handler = functools.partial(_Packed, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def view(chromium: Browser, address: str) -> tuple[float, float]:
    """Milliseconds to the largest paint, and how much the page shifted, of one first view on a phone."""
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.add_init_script(_WATCH)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_4G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    paint, shift = page.evaluate("[seen.paint, seen.shift]")
    context.close()
    return float(paint), float(shift)


def marks(address: str) -> dict[str, float]:
    """Lighthouse's marks of a page, of 100; `machine` is its own measure of how fast the machine was."""
    command = [
        "node",
        str(LIGHTHOUSE),
        address,
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(MARKS)}",
    ]
    done = subprocess.run(
        [*command, "--chrome-flags=--headless=new --no-sandbox"],
        env={**os.environ, "CHROME_PATH": browser() or ""},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    report = json.loads(done.stdout)
    found = {name: round(report["categories"][name]["score"] * 100) for name in MARKS}
    return {**found, "machine": report["environment"]["benchmarkIndex"]}


def main() -> None:
    """Publishes the starter curriculum and looks at one lesson as on a slow phone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        publish(FolderSnapshot(ROOT / "units"), Path(folder))
        with served(Path(folder) / "student") as root:
            with sync_playwright() as driver:
                chromium = driver.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
                seen = [view(chromium, root + LESSON) for _ in range(rounds)]
                chromium.close()
            paints = [paint for paint, _ in seen]
            note = f"{min(paints):,.0f} to {max(paints):,.0f} in {rounds} views"
            rows = [
                at_most("largest paint, slow 4G, processor 4 × slower", median(paints), 2500, " ms", note),
                at_most("shift of the layout", max(shift for _, shift in seen), 0.05),
            ]
            if LIGHTHOUSE.is_file():
                found = marks(root + LESSON)
                speed = f"machine {found['machine']:.0f}"
                rows += [
                    Row(
                        f"Lighthouse, {name}",
                        f"≥ {least}",
                        f"{found[name]:.0f} ({speed})",
                        found[name] >= least,
                    )
                    for name, least in MARKS.items()
                ]
            else:
                rows.append(Row("Lighthouse", "", "not installed: python -m bench.peers install"))
    print(table(rows))


if __name__ == "__main__":
    main()
