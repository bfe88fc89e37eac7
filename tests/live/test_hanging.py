"""A process for writing together that stands still for ever is ended and started again; one that is slow, or still starting, is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from curriculum_studio.web.supervisor import Hearing
from tests.workspaces import new_sample

_STANDS_STILL = """
import os, signal, sys, tempfile, time
from pathlib import Path
from curriculum_studio.live.client import RoomsClient, new_door
from curriculum_studio.settings import load_settings
from curriculum_studio.web.supervisor import Child, Hearing, keep_rooms

settings = load_settings(Path(sys.argv[1]))
with tempfile.TemporaryDirectory() as private:
    door = new_door(Path(private))
    client = RoomsClient(door)
    rooms = Child("The process for writing together", lambda: keep_rooms(settings, door))
    hearing = Hearing(client.answers, every=0.1, most=3)

    def until(done):
        end = time.monotonic() + 240
        while not done() and time.monotonic() < end:
            if hearing.hangs(rooms.pid):
                rooms.kill()
            rooms.look()
            time.sleep(0.05)
        return done()

    rooms.begin()
    assert until(lambda: hearing.heard)
    first = rooms.pid
    os.kill(first, signal.SIGSTOP)
    assert not client.answers()
    assert until(lambda: rooms.pid not in (0, first) and hearing.heard)
    assert client.answers()
    rooms.end(8)
print("back")
"""


def test_one_that_stands_still_is_started_again(tmp_path: Path) -> None:
    folder = new_sample(tmp_path / "work")
    done = subprocess.run(
        [sys.executable, "-c", _STANDS_STILL, str(folder)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.stdout.strip() == "back", done.stderr
    # The terminal says so once.
    assert done.stderr.count("does not answer any more") == 1
    assert "ended (signal 9); it is started again" in done.stderr


def test_slow_ones_and_starting_ones_are_left_alone() -> None:
    starting = Hearing(lambda: False, every=0, most=3)
    assert not any(starting.hangs(7) for _ in range(50))
    answers = iter([True, *[False, False, True] * 20])
    slow = Hearing(lambda: next(answers), every=0, most=3)
    assert not any(slow.hangs(7) for _ in range(61))


def test_one_that_took_its_place_is_judged_by_itself() -> None:
    answers = iter([True, False, False, False, False, True, False, False, False])
    found = Hearing(lambda: next(answers), every=0, most=3)
    assert [found.hangs(pid) for pid in (7, 7, 7, 8, 8, 8, 8, 8, 8)] == [False] * 8 + [True]
