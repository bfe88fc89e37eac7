"""How long the published search takes from a key to its results, in a browser slowed down four times."""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from bench.curricula import generate
from bench.measure import Row
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.browser.look_for import browser

QUERIES = (
    "equivalent fractions",
    "ratio table",
    "6.RP.A.3",
    "slope",
    "exit ticket",
    "volume prism",
    "equivelent",
    "3/4",
)
_WAIT = """(query) => new Promise((done) => {
  const input = document.querySelector("input[name=q]");
  const status = document.querySelector("[data-status]");
  const start = performance.now();
  const seen = new MutationObserver(() => {
    if (/\\d/.test(status.textContent) || document.querySelector("[data-results] li")) {
      seen.disconnect(); done(performance.now() - start);
    }
  });
  document.querySelector("[data-results]").replaceChildren(); status.textContent = "";
  seen.observe(document.querySelector("form[data-search]"), { childList: true, subtree: true, characterData: true });
  setTimeout(() => { seen.disconnect(); done(-1); }, 5000);
  input.value = query; input.dispatchEvent(new Event("input", { bubbles: true }));
})"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def times(page: Page, address: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the key to the results: of the first round, which fetches, and of the later ones."""
    page.goto(address)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    first = [page.evaluate(_WAIT, query) for query in QUERIES]
    later = [page.evaluate(_WAIT, query) for _ in range(rounds) for query in QUERIES]
    return [t for t in first if t >= 0], [t for t in later if t >= 0]


def main() -> int:
    """Prints the rows; exit 1 where nothing could be measured."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lessons", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    found = browser()
    if not found:
        print("No browser here: nothing was measured.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "source"), Path(folder, "out")
        generate(source, given.lessons)
        publish(FolderSnapshot(source), out, ("student",), jobs=2)
        server = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(out / "student"))
        )
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as driver:
            page = driver.chromium.launch(executable_path=found, args=["--no-sandbox"]).new_page()
            first, later = times(page, f"http://127.0.0.1:{server.server_port}/search/", given.rounds)
        server.shutdown()
    worst = quantiles(later, n=20)[-1]
    print(
        Row(
            f"search, {given.lessons} lessons, 4 × slower CPU: first time", "–", f"{median(first):.0f} ms"
        ).line()
    )
    print(Row("the same, later: 95th percentile", "≤ 100 ms", f"{worst:.0f} ms", worst <= 100).line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
