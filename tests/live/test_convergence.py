"""Whatever several people type at once, lose and send twice: the room, every browser and the version in Git are equal."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.live.offline import written
from curriculum_studio.live.text import blob_of
from curriculum_studio.publishing.sources import FolderSnapshot
from tests.laws.test_serving import SLOW, free_port, served
from tests.live.clients import PATH, Clients, clients, ready
from tests.workspaces import UNITS

SEEDS = 1000 if os.environ.get("CAMPAIGN") else 100
OPERATIONS, MOST = 500, 8
"""What each of the five does, and how much of it in one transaction at most."""
TEXTS = 100
PEOPLE = ("ada", "carla", "dana", "ada", "carla")
AT_ONCE = 10
"""Texts that are written in at the same time; each has its own people, and all are tried in one process."""
SMALL = """---
id: seed{number:04}
title: Seed {number}
minutes: 5
language: en
---

## Warm-up: Words {{#w minutes=5}}

Grüße 🙂 an 𝔸lle.
"""


def in_git(workspace: Path, path: str = PATH) -> str:
    """The newest version of a text, as Git holds it."""
    command = ["git", "-C", str(workspace / "curriculum.git"), "show", f"main:{path}"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def blobs_in_git(workspace: Path) -> dict[str, str]:
    """What Git calls the newest version of each text."""
    command = ["git", "-C", str(workspace / "curriculum.git"), "ls-tree", "-r", "-z", "main"]
    rows = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split("\0")
    return {path: head.split()[2] for head, _, path in (row.partition("\t") for row in rows) if path}


def wait_for_version(browsers: Clients, workspace: Path, name: str, path: str, wanted: str) -> None:
    """Asks for a version and waits until Git holds this text."""
    browsers.ask("name", name=name, note="All have the same")
    end = time.monotonic() + SLOW
    while in_git(workspace, path) != wanted:
        assert time.monotonic() < end, "the version is not what all have"
        time.sleep(0.05)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A workspace with many small texts."""
    units = FolderSnapshot(UNITS)
    small = {f"{place(number)}.md": SMALL.format(number=number).encode() for number in range(TEXTS)}
    new_workspace(tmp_path / "work", {**{path: units[path] for path in units}, **small}, samples=True)
    return tmp_path / "work"


def place(number: int) -> str:
    """Where one of the small texts lies."""
    return f"grade-6/ratios/seed-{number % TEXTS:03}"


def waves(start: int) -> Iterator[list[int]]:
    """All seeds, so many at a time."""
    for first in range(start, start + SEEDS, AT_ONCE):
        yield list(range(first, min(first + AT_ONCE, start + SEEDS)))


def test_five_people_converge_whatever_is_lost_or_doubled(many: Path, driver: Path) -> None:
    start = random.randrange(10**6)
    print(f"seeds from {start}")
    port = free_port()
    wanted: dict[str, str] = {}
    with served(many, port), clients(driver, port) as browsers:
        ready(port)
        people = [browsers.cookie(person) for person in PEOPLE]
        for seeds in waves(start):
            trials = [{"seed": seed, **browsers.where(place(seed))} for seed in seeds]
            found = browsers.ask("campaign", trials=trials, people=people, operations=OPERATIONS, most=MOST, rate=0.02, rejoin=0.01)  # fmt: skip
            for one in found["trials"]:
                assert one["ok"], f"seed {one['seed']}: not all became Saved"
                assert len(one["blobs"]) == 1, f"seed {one['seed']}: {len(one['blobs'])} different texts"
                wanted[f"{place(one['seed'])}.md"] = one["blobs"][0]
            end = time.monotonic() + 600
            while (there := blobs_in_git(many)) and any(there[path] != blob for path, blob in wanted.items()):
                assert time.monotonic() < end, f"seeds from {seeds[0]}: the versions are not what all have"
                time.sleep(0.1)
            browsers.ask("close", names=[name for one in found["trials"] for name in one["names"]])
        stored = {one.document: blob_of(one.text) for one in written(many / "journal.db")}
    assert {path: stored[path] for path in wanted} == wanted
