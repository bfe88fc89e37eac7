"""How long a served studio takes until it answers, and what its pages take over a socket."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from bench.measure import COMPILED, Row, at_most
from bench.studio_data import copy_of, workspace

_LIMIT = 300.0


class Served:
    """A studio in processes of its own, and a browser of Ada's."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "curriculum_studio", "serve", str(folder), "--port", str(self.port)]
        self.began = time.perf_counter()
        # Its log has a line for each request.
        self.process = subprocess.Popen(
            command, env={**os.environ, **COMPILED}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, address: str, form: dict[str, str] | None = None) -> str:
        """A page."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.browser.open(f"http://127.0.0.1:{self.port}{address}", data, timeout=_LIMIT) as answer:
            return str(answer.read().decode())

    def until(self, address: str) -> float:
        """Seconds from the start until an address answers."""
        while time.perf_counter() - self.began < _LIMIT:
            try:
                self.get(address)
            except OSError:
                time.sleep(0.01)
            else:
                return time.perf_counter() - self.began
        raise RuntimeError(f"{address} did not answer.")

    def sign_in(self) -> None:
        """Ada comes in."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in"))
        assert found is not None
        self.get("/sign-in", {"sample": "ada", "csrf_token": found[1], "next": "/help"})

    def stop(self) -> None:
        """Ends it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def _one(folder: Path, page: str) -> tuple[float, float, float]:
    """Seconds until it answers, until somebody signed in reads a lesson, and milliseconds of a later page."""
    served = Served(folder)
    try:
        ready = served.until("/healthz")
        served.sign_in()
        shown = served.until(page)
        later = []
        for _ in range(40):
            began = time.perf_counter()
            served.get(page)
            later.append((time.perf_counter() - began) * 1000)
        return ready, shown, sorted(later)[int(len(later) * 0.95)]
    finally:
        served.stop()


def starts(lessons: int, versions: int) -> list[Row]:
    """The rows for a cold start: as ever, without a search index, and without any memory."""
    made = workspace(lessons, versions)
    page = "/units/" + (made / "long").read_text().strip().removesuffix(".md")
    rows = []
    with tempfile.TemporaryDirectory(dir=made.parent) as place:
        folder = copy_of(made, Path(place, "work"))
        # What was made may be of another program: the first start reads what is read anew, and is not measured.
        _one(folder, page)
        found = sorted(_one(folder, page) for _ in range(3))[1]
        shutil.rmtree(folder / "search")
        first = _one(folder, page)
        for name in ("facts.db", "facts.db-wal", "facts.db-shm"):
            (folder / name).unlink(missing_ok=True)
        bare = _one(folder, page)
    rows.append(at_most("cold start, ready", found[0], 3, " s", "median of 3"))
    rows.append(at_most("cold start, a lesson is read by somebody who signed in", found[1], 3, " s"))
    rows.append(at_most("the same, while search is made anew", first[1], 3, " s", f"ready {first[0]:.1f} s"))
    rows.append(
        Row(
            "the same, every text read anew, as after an update; pages say how far it is",
            "–",
            f"{bare[1]:.1f} s (ready {bare[0]:.1f} s)",
        )
    )
    rows.append(at_most("page of a long lesson over a socket, p95", found[2], 40, " ms"))
    return rows
