"""What the browser journeys share: a real server with sample people, a real browser, and pages that report their faults."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.hands import AXE, PATIENCE, Hand, Visit, sign_in
from tests.browser.look_for import browser as found_browser
from tests.browser.sites import ARGUMENTS

ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips every journey, saying why, where there is no browser."""
    if found_browser() is not None and AXE.is_file():
        return
    reason = "no browser: set CHROMIUM, or as root run `make system`"
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(workspace: Path) -> Iterator[str]:
    """A studio with sample people, started as a reader would start it, made first where it is not there yet; its address."""
    port = free_port()
    command = [sys.executable, "-m", "curriculum_studio", "demo", str(workspace), "--port", str(port)]
    log = workspace.with_suffix(".log")
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
    try:
        # How long a start takes is the machine's affair.
        until = time.monotonic() + 600
        while time.monotonic() < until and server.poll() is None:
            try:
                with urlopen(f"http://127.0.0.1:{port}/readyz"):
                    break
            except (URLError, ConnectionError):
                time.sleep(0.1)
        else:
            pytest.fail(f"The studio did not start: {log.read_text()}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=180)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that nobody has done anything in."""
    workspace = tmp_path_factory.mktemp("demo") / "work"
    with running(workspace):
        return workspace


@pytest.fixture(scope="module")
def address(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo for one file of journeys: what the others leave behind is not in its way."""
    workspace = tmp_path_factory.mktemp("demo") / "work"
    shutil.copytree(made, workspace, symlinks=True)
    with running(workspace) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one file of journeys."""
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=found_browser(), args=ARGUMENTS, timeout=PATIENCE)
        yield one
        one.close()


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """Opens pages for people: `visit("Ada", 360, "keyboard", "dark")`. No page may have thrown an error at the end."""
    hands: list[Hand] = []

    def open_page(
        name: str, width: int = 1366, kind: str = "mouse", scheme: str = "light", alone: bool = False
    ) -> Hand:
        context = chromium.new_context(
            viewport={"width": width, "height": 768},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE)
        if alone:
            # A network that lets no WebSocket through: the page is as it is without rooms.
            context.route_web_socket(re.compile("/live/"), lambda socket: socket.close())
        hand = Hand(context.new_page(), address, kind, alone)
        hands.append(hand)
        if name:
            sign_in(hand, name)
        return hand

    yield open_page
    problems = [fault for hand in hands for fault in hand.faults]
    for hand in hands:
        hand.page.context.close()
    assert not problems
