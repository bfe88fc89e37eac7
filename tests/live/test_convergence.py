"""Whatever several people type at once, lose and send twice: the room, every browser and the version in Git are equal."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import time
from pathlib import Path

from tests.live.clients import PATH, Clients

SEEDS = 1000 if os.environ.get("CAMPAIGN") else 5
OPERATIONS = 500
LESSONS = [f"grade-6/ratios/{name}" for name in ("02-same-taste", "03-for-one")]


def in_git(workspace: Path, path: str = PATH) -> str:
    """The newest version of a text, as Git holds it."""
    command = ["git", "-C", str(workspace / "curriculum.git"), "show", f"main:{path}"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def wait_for_version(browsers: Clients, workspace: Path, name: str, path: str, wanted: str) -> None:
    """Asks for a version and waits until Git holds this text."""
    browsers.ask("name", name=name, note="All have the same")
    end = time.monotonic() + 20
    while in_git(workspace, path) != wanted:
        assert time.monotonic() < end, "the version is not what all have"
        time.sleep(0.05)


def test_five_people_converge_whatever_is_lost_or_doubled(shared: Path, browsers: Clients) -> None:
    start = random.randrange(10**6)
    print(f"seeds from {start}")
    people = ["ada", "carla", "dana", "ada", "carla"]
    for seed in range(start, start + SEEDS):
        place = LESSONS[seed % len(LESSONS)]
        names = [f"{seed}-{number}" for number in range(5)]
        for number, name in enumerate(names):
            browsers.open(name, people[number], place, rate=0.02, seed=seed * 7 + number)
        browsers.ask("ops", names=names, count=OPERATIONS // 5, rejoin=0.01)
        # What a broken wire swallowed comes with the next connection.
        browsers.ask("rejoin", names=names)
        assert browsers.ask("saved", names=names)["ok"], f"seed {seed}"
        texts = {hashlib.sha256(browsers.text(name).encode()).hexdigest() for name in names}
        assert len(texts) == 1, f"seed {seed}: {len(texts)} different texts"
        wait_for_version(browsers, shared, names[0], f"{place}.md", browsers.text(names[0]))
        browsers.ask("close", names=names)
