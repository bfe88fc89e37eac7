"""Pushes while the studio is killed, connections are cut, senders drip and the disk is full: what was told as taken in is there."""

from __future__ import annotations

import base64
import os
import random
import resource
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from curriculum_studio.studio import open_studio
from tests.journeys.folder import Folder, tokens
from tests.journeys.test_folder import fsck
from tests.laws.test_serving import LESSONS, SLOW, Browser, children, free_port, served
from tests.workspaces import new_sample

KILLS = 60 if os.environ.get("CAMPAIGN") else 6
LESSON = f"grade-6/ratios/{LESSONS[0]}.md"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    new_sample(tmp_path / "work")
    return tmp_path / "work"


def send_on(folder: Folder, name: str, rng: random.Random, kept: list[str], stop: threading.Event) -> None:
    """Changes, sends and fetches until it is stopped; notes what Git said was taken."""
    number = 0
    while not stop.is_set():
        number += 1
        word = f"w{name}n{number}x{rng.randrange(10**6)}"
        folder.write(
            f"grade-9/unit-{name}/n{number}.md", f"---\nid: {word}\ntitle: {word}\n---\n\nWords {word}.\n"
        )
        folder.keep(word)
        code, said = folder.push()
        if code == 0:
            kept.append(word)
        elif "fetch first" in said or "rejected" in said:
            folder.git("pull", "-q", "--rebase", "origin", "main")


def test_what_was_taken_in_survives_every_kill(workspace: Path, tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED", "0")) or random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    people = tokens(workspace, "ada", "carla", "dana")
    kept: list[str] = []
    for number in range(KILLS):
        port, stop = free_port(), threading.Event()
        with served(workspace, port) as process:
            Browser(port).get("/healthz")
            folders = [
                Folder.clone(tmp_path / f"f{number}{name}", port, *people[name], name.capitalize())
                for name in ("ada", "carla", "dana")
            ]
            threads = [
                threading.Thread(
                    target=send_on, args=(one, f"{number}p{at}", random.Random(seed + at), kept, stop)
                )
                for at, one in enumerate(folders)
            ]
            for one in threads:
                one.start()
            before, end = len(kept), time.monotonic() + 60
            while len(kept) == before and time.monotonic() < end:
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.8))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            stop.set()
            for one in threads:
                one.join()
    assert len(kept) >= KILLS
    studio = open_studio(workspace)
    try:
        texts = "".join(
            studio.snapshot()[path].decode() for path in studio.snapshot() if path.startswith("grade-9/")
        )
        assert [word for word in kept if f"Words {word}." not in texts] == [], f"seed {seed}"
        assert studio.audit.broken() is None
    finally:
        studio.close()
    fsck(workspace)


def _head(token: str, more: str) -> bytes:
    pair = base64.b64encode(f"x:{token}".encode()).decode()
    return (
        "POST /git/curriculum.git/git-receive-pack HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Authorization: Basic {pair}\r\nContent-Type: application/x-git-receive-pack-request\r\n{more}\r\n"
    ).encode()


def test_cut_and_dripping_senders_harm_nobody(workspace: Path, tmp_path: Path) -> None:
    people = tokens(workspace, "ada", "dana", "carla")
    port = free_port()
    store = workspace / "curriculum.git"
    with served(workspace, port):
        tip = (store / "refs/heads/main").read_text()
        cut = []
        for body in (b"", b"00", b"00b1" + b"x" * 40, b"PACK" * 100):
            for more in ("Transfer-Encoding: chunked\r\n", "Content-Length: 100000\r\n"):
                one = socket.create_connection(("127.0.0.1", port), 5)
                one.sendall(_head(people["carla"][1], more) + (b"%x\r\n" % len(body) + body + b"\r\n" if "chunked" in more and body else body))  # fmt: skip
                cut.append(one)
        for one in cut:
            one.close()
        dripping = []
        for _ in range(6):
            one = socket.create_connection(("127.0.0.1", port), 5)
            one.sendall(_head(people["carla"][1], "Content-Length: 100000\r\n") + b"00")
            dripping.append(one)
        browser = Browser(port)
        browser.sign_in("ada")
        assert "Welcome" in browser.get("/")
        folder = Folder.clone(tmp_path / "f", port, *people["dana"], "Dana")
        folder.write(LESSON, folder.read(LESSON) + "\nFrom Dana meanwhile.\n")
        folder.keep("Meanwhile")
        code, said = folder.push()
        assert code == 0, said
        for one in dripping:
            one.close()
        end = time.monotonic() + SLOW
        while list(store.glob("quarantine/push-*")) and time.monotonic() < end:
            time.sleep(0.1)
        assert not list(store.glob("quarantine/push-*"))
        assert (store / "refs/heads/main").read_text() != tip
    fsck(workspace)


def test_a_full_disk_refuses_with_a_sentence_and_recovers(workspace: Path, tmp_path: Path) -> None:
    people = tokens(workspace, "dana")
    port = free_port()
    with served(workspace, port) as process:
        folder = Folder.clone(tmp_path / "f", port, *people["dana"], "Dana")
        folder.write(LESSON, folder.read(LESSON) + "\n" + "".join(f"{n} words that take room. " for n in range(9_000)) + "\n")  # fmt: skip
        folder.keep("Much")
        limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in _below(process.pid)}
        for pid, (_, hard) in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (2_000, hard))
        code, said = folder.push()
        assert code != 0
        assert "Nothing was changed" in said, said
        assert "Welcome" in signed_in_page(port)
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        code, said = folder.push()
        assert code == 0, said
    fsck(workspace)


def signed_in_page(port: int) -> str:
    """Home, for somebody who signed in before the disk was full, or the page to sign in."""
    return "Welcome" if "Sign in" in Browser(port).get("/sign-in") else ""


def _below(pid: int) -> list[int]:
    """A process's children, and theirs."""
    return [one for kid in children(pid) for one in (kid, *_below(kid))]
