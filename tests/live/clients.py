"""Browsers without a page for tests: the studio's own client of a room in Node, over the real address of a served studio."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.laws.test_serving import Browser

ROOT = Path(__file__).resolve().parents[2]
ESBUILD = ROOT / "node_modules" / ".bin" / "esbuild"
NODE = shutil.which("node")
PLACE = "grade-6/ratios/01-introducing-ratios"
PATH = f"{PLACE}.md"


class Clients:
    """Many browsers in one Node process; each has a name."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self._process, self.port = process, port
        self._cookies: dict[str, str] = {}

    def ask(self, act: str, **words: Any) -> dict[str, Any]:
        """Asks for one act and waits for its answer."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"act": act, **words}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the clients have ended"
        found: dict[str, Any] = json.loads(line)
        assert "error" not in found, found["error"]
        return found

    def cookie(self, person: str) -> str:
        """The cookies of one of the sample people, signed in once."""
        if person not in self._cookies:
            browser = Browser(self.port)
            browser.sign_in(person)
            jar = next(one for one in browser.opener.handlers if hasattr(one, "cookiejar"))
            self._cookies[person] = "; ".join(f"{one.name}={one.value}" for one in jar.cookiejar)
        return self._cookies[person]

    def where(self, place: str = PLACE) -> dict[str, str]:
        """Where the room of a text is reached."""
        return {
            "url": f"ws://127.0.0.1:{self.port}/live/{place}",
            "origin": f"http://127.0.0.1:{self.port}",
            "place": place,
        }

    def open(self, name: str, person: str = "ada", place: str = PLACE, **more: Any) -> str:
        """Joins a room as somebody; gives the text that stands there."""
        found = self.ask("open", name=name, cookie=self.cookie(person), **self.where(place), **more)
        assert found["ok"], f"{name} could not join"
        return str(found["text"])

    def text(self, name: str) -> str:
        """What one of them has."""
        return str(self.ask("text", name=name)["text"])


def ready(port: int) -> float:
    """Waits until the studio says that everything runs; gives the moment. How long a start takes is the machine's affair."""
    end = time.monotonic() + 600
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60):
            return time.monotonic()
        time.sleep(0.02)
    raise AssertionError("the studio does not come back")


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The driver in one file; skipped, with the reason, where there is no Node."""
    if NODE is None or not ESBUILD.exists():
        pytest.skip("no Node on PATH: the clients of rooms are tried with it")
    target = tmp_path_factory.mktemp("driver") / "driver.mjs"
    command = [str(ESBUILD), str(Path(__file__).parent / "driver.js"), "--bundle", "--platform=node",
               "--format=esm", f"--outfile={target}", "--log-level=error"]  # fmt: skip
    subprocess.run(command, check=True, cwd=ROOT)
    return target


@contextmanager
def clients(driver: Path, port: int) -> Iterator[Clients]:
    """Clients of the studio at a port."""
    assert NODE
    command = [NODE, "--experimental-websocket", "--no-warnings", str(driver)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Clients(process, port)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
