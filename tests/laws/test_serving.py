"""The served studio as a whole: kills at any moment, a full disk, a second server, silent and dripping clients."""

from __future__ import annotations

import html
import http.client
import http.cookiejar
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from curriculum_studio.storage.content import Content
from curriculum_studio.studio import open_studio
from tests.workspaces import UNITS, new_sample

KILLS = 200 if os.environ.get("CAMPAIGN") else 30
WRITERS = 8
SLOW = 120
"""Seconds that something may take on a slow, busy machine; on no machine it is waited for in vain."""
LESSONS = ("01-introducing-ratios", "02-same-taste", "03-for-one")
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_BASE = re.compile(r'name="base" value="([0-9a-f]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Browser:
    """A plain browser without scripts: cookies, forms, redirects left to whoever asks."""

    def __init__(self, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, _Stay())

    def get(self, address: str) -> str:
        with self.opener.open(self.root + address, timeout=SLOW) as answer:
            return str(answer.read().decode())

    def post(self, address: str, **form: str) -> int:
        return self.post_page(address, **form)[0]

    def post_page(self, address: str, **form: str) -> tuple[int, str]:
        data = urllib.parse.urlencode(form).encode()
        try:
            with self.opener.open(self.root + address, data, timeout=SLOW) as answer:
                return int(answer.status), str(answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, str(error.read().decode())

    def sign_in(self, name: str) -> None:
        token = _TOKEN.search(self.get("/sign-in"))
        assert token
        assert self.post("/sign-in", csrf_token=token[1], sample=name) == 303


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def children(pid: int) -> list[int]:
    """The processes that one has started, in the order of their starts: numbers begin again at a small one some day."""

    def began(kid: int) -> tuple[int, int]:
        fields = Path(f"/proc/{kid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[19]), kid

    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return sorted(map(int, done.stdout.split()), key=began)


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The studio as `serve` runs it, in a process group of its own; killed at the end if it still lives."""
    command = [sys.executable, "-m", "curriculum_studio", "serve", str(folder), "--port", str(port)]
    with (folder.parent / "serve.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        # How long a start takes is the machine's affair.
        end = time.monotonic() + 600
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (folder.parent / "serve.log").read_text()[-2000:]
            time.sleep(0.03)
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    new_sample(tmp_path / "work")
    return tmp_path / "work"


def write_on(
    port: int,
    name: str,
    number: int,
    kept: list[str],
    teams: list[str],
    stop: threading.Event,
    pause: float = 0,
) -> None:
    """Saves versions and makes teams until it is stopped or the server is gone; notes what was acknowledged."""
    rng = random.Random(f"{name}{number}")
    lesson = f"/units/grade-6/ratios/{LESSONS[number % len(LESSONS)]}"
    with suppress(OSError, urllib.error.URLError, http.client.HTTPException):
        browser = Browser(port)
        browser.sign_in("dana")
        while not stop.wait(rng.uniform(0, 2 * pause)):
            page = browser.get(f"{lesson}/edit")
            token, base = _TOKEN.search(page), _BASE.search(page)
            text = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
            assert token
            assert base
            assert text
            word = f"w{name}x{number}x{rng.randrange(10**9)}"
            fresh = (
                text[1].replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&gt;", ">")
            )
            fresh = fresh.replace("&amp;", "&") + f"\n\nNote {word} of a writer.\n"
            if (
                browser.post(f"{lesson}/edit", csrf_token=token[1], base=base[1], text=fresh, note=word)
                == 303
            ):
                kept.append(word)
            if rng.random() < 0.3 and browser.post("/teams", csrf_token=token[1], name=f"team {word}") == 303:
                teams.append(f"team {word}")


def test_nothing_acknowledged_is_lost_when_the_studio_is_killed(workspace: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    kept: list[str] = []
    teams: list[str] = []
    for number in range(KILLS):
        port = free_port()
        with served(workspace, port) as process:
            stop = threading.Event()
            threads = [
                threading.Thread(target=write_on, args=(port, f"{number}", n, kept, teams, stop))
                for n in range(WRITERS)
            ]
            for thread in threads:
                thread.start()
            # The moment counts from the first save of this round, so that a slow machine kills in the thick of it too.
            before, end = len(kept), time.monotonic() + 60
            while len(kept) == before and time.monotonic() < end:
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.6))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            stop.set()
            for thread in threads:
                thread.join()
    assert len(kept) >= KILLS
    studio = open_studio(workspace)
    notes: set[str] = set()
    for lesson in LESSONS:
        notes |= {v.note for v in studio.content.history(f"grade-6/ratios/{lesson}.md", limit=100_000)}
    assert [word for word in kept if word not in notes] == []
    assert set(teams) <= {team.name for team in studio.teams.all()}
    assert studio.audit.broken() is None
    assert len([entry for entry in studio.audit.entries(100_000) if entry.act == "made a team"]) >= len(teams)
    studio.close()
    checked = subprocess.run(["git", "-C", str(workspace / "curriculum.git"), "fsck", "--full"], capture_output=True, text=True, check=True)  # fmt: skip
    assert "error" not in checked.stderr


def test_a_start_takes_away_what_a_killed_one_left(workspace: Path) -> None:
    folders: list[Path] = []
    for _ in range(2):
        with served(workspace, free_port()):
            folders.append(Path(tempfile.gettempdir()) / (workspace / ".serving").read_text().split("\n")[1])
            assert folders[-1].is_dir()
    assert not folders[0].exists()
    shutil.rmtree(folders[1])


def test_a_second_server_says_why_not(workspace: Path) -> None:
    port = free_port()
    with served(workspace, port):
        Browser(port).sign_in("ada")
        command = [
            sys.executable,
            "-m",
            "curriculum_studio",
            "serve",
            str(workspace),
            "--port",
            str(free_port()),
        ]
        second = subprocess.run(command, capture_output=True, text=True, timeout=SLOW, check=False)
        assert second.returncode == 1
        assert "Another studio serves this workspace" in second.stderr


def test_a_web_process_that_dies_is_started_again(workspace: Path) -> None:
    port = free_port()
    with served(workspace, port) as process:
        browser = Browser(port)
        browser.sign_in("ada")
        os.kill(children(process.pid)[-1], signal.SIGKILL)
        end = time.monotonic() + SLOW
        while True:
            with suppress(OSError, urllib.error.URLError, http.client.HTTPException):
                if "Welcome" in browser.get("/"):
                    break
            assert time.monotonic() < end
            time.sleep(0.1)
        # Ctrl-C in a terminal reaches every process, and somebody is impatient.
        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.1)
        assert process.wait(timeout=SLOW) == 0
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", port), 1)
        assert "Traceback" not in (workspace.parent / "serve.log").read_text()


def test_rooms_that_die_are_started_again_and_pages_stay(workspace: Path) -> None:
    port = free_port()
    with served(workspace, port) as process:
        browser = Browser(port)
        browser.sign_in("ada")
        assert browser.get("/readyz") == "ready\n"

        def answer() -> int:
            try:
                browser.get("/readyz")
            except urllib.error.HTTPError as error:
                with error:
                    return error.code
            return 200

        def until(wanted: int) -> None:
            end = time.monotonic() + SLOW
            while (code := answer()) != wanted:
                assert code in (200, 503)
                assert time.monotonic() < end
                time.sleep(0.05)

        # Whoever starts them again stands still meanwhile, or they might be back before anybody asks.
        process.send_signal(signal.SIGSTOP)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        until(503)
        assert "Welcome" in browser.get("/")
        process.send_signal(signal.SIGCONT)
        until(200)
        # Whoever kills the one who watches takes everything with it.
        kids = children(process.pid)
        process.kill()
        process.wait()
        end = time.monotonic() + SLOW
        while any(Path(f"/proc/{kid}").exists() for kid in kids):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_silent_and_dripping_clients_stop_nobody(workspace: Path) -> None:
    port = free_port()
    with served(workspace, port):
        browser = Browser(port)
        browser.sign_in("ada")
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        dripping = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
        for one in dripping:
            one.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Le")
        for _ in range(5):
            assert "Welcome" in browser.get("/")
        for one in [*silent, *dripping]:
            one.close()


def test_a_store_that_cannot_write_says_so_and_goes_on(workspace: Path) -> None:
    """A full disk, by a limit on the size of files: saves are refused plainly, reading goes on, then saves work again."""
    studio = open_studio(workspace)
    studio.close()
    script = workspace.parent / "full.py"
    script.write_text(
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from datetime import UTC, datetime\n"
        "from curriculum_studio.studio import open_studio\n"
        "from curriculum_studio.domain.errors import StoreError\n"
        "from curriculum_studio.storage.content_changes import Author, Change\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "studio = open_studio(Path(sys.argv[1]))\n"
        "path = 'grade-6/ratios/01-introducing-ratios.md'\n"
        "def save(word):\n"
        "    text = studio.content.read(path) + word.encode() * 2000\n"
        "    change = Change(path, text, studio.content.blob_id(path))\n"
        "    return studio.content.save([change], Author('A', 'p-a'), word, datetime.now(UTC))\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))\n"
        "for attempt in (lambda: save('full '), lambda: studio.teams.add('T', [], 'p-a')):\n"
        "    try:\n"
        "        attempt()\n"
        "    except StoreError as error:\n"
        "        print('refused:', error)\n"
        "assert studio.content.read(path) and studio.people.all() is not None\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"
        "save('free ')\n"
        "studio.teams.add('T', [], 'p-a')\n"
        "print('recovered')\n"
        "studio.close()\n"
    )
    root = {**os.environ, "PYTHONPATH": str(UNITS.parent)}
    command = [sys.executable, str(script), str(workspace)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SLOW, check=False, env=root)
    assert done.stdout.count("refused:") == 2, done.stdout + done.stderr
    assert "recovered" in done.stdout, done.stderr
    content = Content.open(workspace / "curriculum.git")
    assert [v.note for v in content.history("grade-6/ratios/01-introducing-ratios.md")][:2] == ["free", "The starter curriculum"]  # fmt: skip
    content.close()


def test_a_full_disk_under_the_served_studio(workspace: Path) -> None:
    """The limit is put on the running web process: a person is told plainly and keeps the text, pages go on being read,
    and saving works again without a restart."""
    port = free_port()
    lesson = f"/units/grade-6/ratios/{LESSONS[0]}"
    with served(workspace, port) as process:
        browser = Browser(port)
        browser.sign_in("dana")
        page = browser.get(f"{lesson}/edit")
        token, base = _TOKEN.search(page), _BASE.search(page)
        assert token
        assert base
        form = {"csrf_token": token[1], "base": base[1], "note": "Room again"}
        workers = children(children(process.pid)[-1])
        before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers}
        for pid, (_, hard) in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (200, hard))
        answer = browser.post_page(f"{lesson}/edit", **form, text="Words that must not be lost. " * 400)
        assert answer[0] == 507
        assert "could not be saved" in answer[1]
        assert "What you typed stands below." in answer[1]
        assert "Words that must not be lost." in answer[1]
        assert browser.post("/teams", csrf_token=token[1], name="No room") == 507
        assert "Introducing ratios" in browser.get(lesson)
        for pid, limits in before.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        text = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        assert text
        assert browser.post(f"{lesson}/edit", **form, text=html.unescape(text[1]) + "\nMore.\n") == 303
        assert browser.post("/teams", csrf_token=token[1], name="Room") == 303
        assert "More." in browser.get(f"{lesson}/edit")
