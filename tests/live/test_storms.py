"""Everything that goes wrong around people who write, in random order: what was Saved is there exactly once, and nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import ExitStack
from difflib import unified_diff
from pathlib import Path

from curriculum_studio.actions.lessons import save_version
from curriculum_studio.live.offline import let_go, written
from curriculum_studio.studio import open_studio
from tests.laws.test_serving import children, free_port, served
from tests.live.clients import PATH, Clients, clients, ready
from tests.live.test_convergence import in_git
from tests.live.test_restarts import PEOPLE, end_of_typing

ROUNDS = 20 if os.environ.get("CAMPAIGN") else 1
PAUSE = 500 if os.environ.get("CAMPAIGN") else 120
"""Milliseconds between two words of one writer: all that is typed in the long run must fit into one text."""
NAMES = list(PEOPLE)


class Storm:
    """A studio in which three people write, and what happens to it."""

    def __init__(self, workspace: Path, driver: Path, rng: random.Random, stack: ExitStack) -> None:
        self.workspace, self._rng, self._serving = workspace, rng, ExitStack()
        self.pushed: list[str] = []
        stack.callback(self._serving.close)
        self._port = free_port()
        self._start()
        self.browsers: Clients = stack.enter_context(clients(driver, self._port))
        for name, person in PEOPLE.items():
            self.browsers.open(name, person, seed=rng.randrange(10**6), merges=True)
            self.browsers.ask("tokens", name=name, prefix=name, every=PAUSE)

    def _start(self) -> None:
        self._process = self._serving.enter_context(served(self.workspace, self._port))
        ready(self._port)

    def settle(self) -> None:
        """Waits until everybody is back and somebody's word was Saved since."""
        assert self.browsers.ask("joined", names=NAMES, within=120_000)["ok"]
        before = self.browsers.ask("durable", name=NAMES[0])["durable"]
        end = time.monotonic() + 120
        while self.browsers.ask("durable", name=NAMES[0])["durable"] == before:
            assert time.monotonic() < end, self.browsers.ask("seen", name=NAMES[0])
            time.sleep(0.02)

    def rooms_are_killed(self) -> None:
        os.kill(children(self._process.pid)[0], signal.SIGKILL)

    def pages_are_killed(self) -> None:
        os.kill(children(self._process.pid)[-1], signal.SIGKILL)

    def everything_is_killed(self) -> None:
        self._serving.close()
        self._start()

    def history_is_let_go(self) -> None:
        """Nobody is there any more, all is a version, and the room is closed with its history; then all come back with words."""
        for name in NAMES:
            self.browsers.ask("cut", name=name)
        end = time.monotonic() + 120
        while not (there := {one.document: one.text for one in written(self.workspace / "journal.db")}) or there[PATH] != in_git(self.workspace):  # fmt: skip
            assert time.monotonic() < end, "what everybody left does not become a version"
            time.sleep(0.1)
        # The web side tells the room of its version a moment after Git has it.
        time.sleep(1)
        self._serving.close()
        let_go(self.workspace / "journal.db", [PATH])
        self._start()
        for name in NAMES:
            self.browsers.ask("heal", name=name)

    def somebody_sleeps(self) -> None:
        """A lid is closed for half a day, and others write on."""
        name = self._rng.choice(NAMES[1:])
        self.browsers.ask("sleep", name=name)
        self._a_while()
        self.browsers.ask("wake", name=name, hours=12)

    def somebody_is_offline(self) -> None:
        """Both sides write on, and a version is made meanwhile."""
        name = self._rng.choice(NAMES[1:])
        self.browsers.ask("cut", name=name)
        self.browsers.ask("name", name=NAMES[0], note="While one was away")
        self._a_while()
        self.browsers.ask("heal", name=name)

    def a_tab_crashes(self) -> None:
        assert self.browsers.ask("crash", name=self._rng.choice(NAMES))["ok"]

    def somebody_pushes(self) -> None:
        """A version comes from outside, made from the last one."""
        studio = open_studio(self.workspace)
        try:
            dana = studio.people.by_account("dana").person
            text, blob = studio.content.read(PATH).decode(), studio.content.blob_id(PATH)
            token = f"⟦outside-{len(self.pushed)}⟧"
            save_version(studio, dana, PATH, f"{text}{token}\n", blob, "From a folder")
            self.pushed.append(token)
        finally:
            studio.close()

    def _a_while(self) -> None:
        before = self.browsers.ask("durable", name=NAMES[0])["durable"]
        end = time.monotonic() + 60
        while self.browsers.ask("durable", name=NAMES[0])["durable"] < before + 5 and time.monotonic() < end:
            time.sleep(0.02)


EVENTS = (
    Storm.rooms_are_killed, Storm.pages_are_killed, Storm.everything_is_killed, Storm.history_is_let_go,
    Storm.somebody_sleeps, Storm.somebody_is_offline, Storm.a_tab_crashes, Storm.somebody_pushes,
)  # fmt: skip


def test_each_saved_word_is_there_exactly_once_whatever_happens(workspace: Path, driver: Path) -> None:
    seed = int(os.environ.get("STORM_SEED", "0")) or random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    with ExitStack() as stack:
        storm = Storm(workspace, driver, rng, stack)
        for _ in range(ROUNDS):
            for event in rng.sample(EVENTS, len(EVENTS)):
                storm.settle()
                print(event.__name__, flush=True)
                event(storm)
        storm.settle()
        browsers = storm.browsers
        typed, saved = end_of_typing(browsers)
        assert browsers.ask("saved", names=NAMES, within=120_000)["ok"], f"seed {seed}"
        end = time.monotonic() + 120
        # What was pushed last may be on its way to the room still.
        while len(texts := {browsers.text(name) for name in NAMES}) > 1 or any(
            token not in text for token in storm.pushed for text in texts
        ):
            assert time.monotonic() < end, f"seed {seed}: {len(texts)} different texts"
            time.sleep(0.05)
        text = texts.pop()
        browsers.ask("close")
        end = time.monotonic() + 120
        while in_git(workspace) != text:
            assert time.monotonic() < end, (
                f"seed {seed}: what all have does not become a version\n"
                + "\n".join(
                    unified_diff(
                        in_git(workspace).splitlines(), text.splitlines(), "version", "browsers", n=0
                    )
                )
            )
            time.sleep(0.1)
    counts = {token: text.count(token) for token in [*saved, *typed, *storm.pushed]}
    print(f"{len(saved)} of {len(typed)} tokens were Saved before the end")
    assert [token for token in saved if counts[token] != 1] == [], f"seed {seed}"
    assert [(token, count) for token, count in counts.items() if count != 1] == [], f"seed {seed}"
