"""Kills while people type: what was Saved is there exactly once, everybody is back within seconds, and nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from curriculum_studio.actions.backups import backup_workspace, examine, restore_workspace
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.studio import open_studio
from tests.laws.test_serving import SLOW, children, free_port, served
from tests.live.clients import PATH, Clients, clients, ready
from tests.live.test_convergence import in_git

KILLS = 200 if os.environ.get("CAMPAIGN") else 20
PAUSE = 300 if os.environ.get("CAMPAIGN") else 60
"""Milliseconds between two words of one writer: all that is typed in the long run must fit into one text."""
LONGEST_WAIT = 4.0
"""Seconds: a browser that lost its room tries again after at most so long, whatever happened; the rest is the machine's."""
PEOPLE = {"one": "ada", "two": "carla", "three": "dana"}


def end_of_typing(browsers: Clients) -> tuple[list[str], list[str]]:
    """Stops everybody; gives the tokens that were typed and those whose state became Saved."""
    typed: list[str] = []
    saved: list[str] = []
    for name in PEOPLE:
        found = browsers.ask("stop", name=name)
        typed += found["typed"]
        saved += found["durable"]
        print(f"{name} waited {found['waits'] / 1000:.1f} s at most before trying again")
        assert found["waits"] <= LONGEST_WAIT * 1000
    return typed, saved


def test_each_saved_word_is_there_exactly_once_after_kills(workspace: Path, driver: Path) -> None:
    """The rooms, the web process, or both with their watcher are killed at any moment while three people type."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    port, slowest = free_port(), 0.0
    with ExitStack() as stack, clients(driver, port) as browsers:
        for number in range(KILLS):
            if number % 5 == 0:
                # The watcher itself: everything goes with it, and it is started anew.
                stack.close()
                process = stack.enter_context(served(workspace, port))
            if number == 0:
                ready(port)
                for name, person in PEOPLE.items():
                    browsers.open(name, person, seed=rng.randrange(10**6))
                    browsers.ask("tokens", name=name, prefix=name, every=PAUSE)
            began = ready(port)
            assert browsers.ask("joined", names=list(PEOPLE), within=SLOW * 1000)["ok"]
            slowest = max(slowest, time.monotonic() - began)
            before = browsers.ask("durable", name="one")["durable"]
            end = time.monotonic() + SLOW
            while browsers.ask("durable", name="one")["durable"] == before:
                assert time.monotonic() < end, browsers.ask("seen", name="one")
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.4))
            victims = children(process.pid)
            os.kill(victims[0 if number % 3 else -1], signal.SIGKILL)
            # They notice it: nobody is asked whether they are back before they know that they were gone.
            time.sleep(0.05)
        assert browsers.ask("joined", names=list(PEOPLE), within=SLOW * 1000)["ok"]
        typed, saved = end_of_typing(browsers)
        assert browsers.ask("saved", names=list(PEOPLE), within=SLOW * 1000)["ok"]
        texts = {browsers.text(name) for name in PEOPLE}
        assert len(texts) == 1, f"seed {seed}"
        text = texts.pop()
        browsers.ask("close")
        end = time.monotonic() + SLOW
        while in_git(workspace) != text:
            assert time.monotonic() < end, "what all have does not become a version"
            time.sleep(0.1)
    print(
        f"{len(saved)} of {len(typed)} tokens were Saved before the end; the slowest was back after {slowest:.1f} s"
    )
    assert len(saved) > KILLS
    assert [token for token in saved if text.count(token) != 1] == [], f"seed {seed}"
    assert [token for token in typed if text.count(token) != 1] == [], f"seed {seed}"


def test_an_hour_away_on_both_sides_and_a_version_from_outside(workspace: Path, driver: Path) -> None:
    """One loses the network and writes on; the others write too; the room is closed, the studio starts anew, and somebody
    pushes: then all comes together, every word once."""
    port = free_port()
    with clients(driver, port) as browsers:
        with served(workspace, port):
            browsers.open("away", "ada")
            browsers.open("here", "carla")
            browsers.ask("cut", name="away")
            for number in range(10):
                browsers.ask("insert", name="away", at=-1, words=f"⟦away-{number}⟧\n")
                browsers.ask("insert", name="here", at=-1, words=f"⟦here-{number}⟧\n")
            assert browsers.ask("saved", names=["here"])["ok"]
            assert browsers.ask("text", name="away")["state"] == "offline"
            browsers.ask("close", names=["here"])
            end = time.monotonic() + SLOW
            while "⟦here-9⟧" not in in_git(workspace):
                assert time.monotonic() < end
                time.sleep(0.05)
        studio = open_studio(workspace)
        ben = studio.people.by_account("dana").person
        blob = studio.content.blob_id(PATH)
        outside = studio.content.read(PATH).decode() + "⟦outside⟧\n"
        save_version(studio, ben, PATH, outside, blob, "From a folder")
        studio.close()
        with served(workspace, port):
            browsers.ask("heal", name="away")
            assert browsers.ask("joined", names=["away"], within=SLOW * 1000)["ok"]
            assert browsers.ask("saved", names=["away"])["ok"]
            text = browsers.text("away")
            browsers.open("again", "carla")
            assert browsers.text("again") == text
            wanted = [f"⟦{who}-{n}⟧" for who in ("away", "here") for n in range(10)]
            assert [token for token in [*wanted, "⟦outside⟧"] if text.count(token) != 1] == []


def test_words_that_are_no_version_yet_are_in_the_backup(
    workspace: Path, driver: Path, tmp_path: Path
) -> None:
    port = free_port()
    with served(workspace, port), clients(driver, port) as browsers:
        browsers.open("one", "ada")
        browsers.ask("insert", name="one", at=-1, words="⟦kept-1⟧\n")
        assert browsers.ask("saved", names=["one"])["ok"]
        assert "⟦kept-1⟧" not in in_git(workspace)
        backup_workspace(workspace, tmp_path / "a.studio")
    restore_workspace(tmp_path / "a.studio", tmp_path / "again")
    looks = {check.check: check for check in examine(tmp_path / "again")}
    assert looks["journal"].ok
    with served(tmp_path / "again", port), clients(driver, port) as browsers:
        text = browsers.open("one", "carla")
        assert text.count("⟦kept-1⟧") == 1
        browsers.ask("close")
        end = time.monotonic() + SLOW
        while in_git(tmp_path / "again").count("⟦kept-1⟧") != 1:
            assert time.monotonic() < end, "it becomes a version by itself"
            time.sleep(0.05)
