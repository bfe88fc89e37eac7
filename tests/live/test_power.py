"""What a disk that lost its last writes may do to words that others saw: nothing. Random ones print their seed."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import time
from pathlib import Path

import pytest

from curriculum_studio.live import frames, journal
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.text import blob_of
from tests.live.inside import DOCUMENT, TEXT, Browser, opened

PEOPLE = ("ada", "ben", "carla")
TRIALS = 2000 if os.environ.get("CAMPAIGN") else 60
WORD = re.compile(r"⟦[^⟧]+⟧")


class Evening:
    """Three people write; the power fails, and the disk has what it had some words ago; they come back."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng, self.written = folder, rng, 0
        self.words: list[str] = []

    async def begin(self) -> None:
        """Everybody comes, and some of them write."""
        self.rooms = await opened(self.folder)
        self.browsers = [Browser(self.rooms, one) for one in PEOPLE]
        await self.write(self.rng.randint(0, 4))

    async def write(self, count: int) -> None:
        """Somebody writes a word behind another that was seen, so many times."""
        for _ in range(count):
            browser = self.rng.choice(self.browsers)
            browser.read()
            text = str(browser.text)
            ends = [match.end() for match in WORD.finditer(text)] or [len(text)]
            word = f"⟦{browser.person}-{len(self.words)}⟧"
            self.words.append(word)
            browser.write(word, len(text[: self.rng.choice(ends)].encode()))
            await (await self.rooms.room(DOCUMENT)).written()

    async def outside(self) -> None:
        """A version from outside, which the studio has and the disk of the rooms may lose: it comes in once more."""
        if "⟦outside⟧" not in self.words:
            self.words.append("⟦outside⟧")
        room = await self.rooms.room(DOCUMENT)
        if room.blob == blob_of(TEXT):
            new = "⟦outside⟧" + TEXT
            change = (0, 0, "⟦outside⟧")
            request = f"asked at {time.monotonic_ns()}"
            await self.rooms.amend(
                DOCUMENT, room.blob, blob_of(new), [change], ("p-dana", "Dana"), "", request
            )

    async def fail(self, lost: int, outside: bool) -> None:
        """The disk has nothing of the last words."""
        aside = self.folder / "disk"
        aside.mkdir()
        for one in self.folder.glob("journal.db*"):
            shutil.copy(one, aside)
        if outside:
            await self.outside()
        await self.write(lost)
        for browser in self.browsers:
            if self.rng.random() < 0.7:
                browser.read()
        self.rooms.end()
        for one in self.folder.glob("journal.db*"):
            one.unlink()
        for one in aside.iterdir():
            shutil.copy(one, self.folder)

    async def come_back(self, outside: bool) -> None:
        """One after another, or all at once: each comes, and then sends what the room lacked when it came."""

        def broken(error: OSError) -> None:
            raise error

        self.rooms = Rooms(self.folder / "journal.db", broken)
        await self.rooms.room(DOCUMENT)
        steps = [place for place in range(len(PEOPLE)) for _ in range(2)] + ([-1] if outside else [])
        self.rng.shuffle(steps)
        joined = set()
        for place in steps:
            if place < 0:
                await self.outside()
            elif place in joined:
                self.browsers[place].send_all()
            else:
                joined.add(place)
                self.browsers[place].join(self.rooms)
            if self.rng.random() < 0.5:
                await (await self.rooms.room(DOCUMENT)).written()

    async def end(self) -> None:
        """All have the same, each word stands in it once, and the journal holds it."""
        await self.write(self.rng.randint(0, 6))
        room = await self.rooms.room(DOCUMENT)
        await room.written()
        for browser in self.browsers:
            browser.read()
            assert not browser.told(frames.REFUSED)
            assert str(browser.text) == str(room.text)
        assert sorted(WORD.findall(str(room.text))) == sorted(self.words)
        self.rooms.end()
        connection = journal.connect(self.folder / "journal.db")
        kept = journal.load(DOCUMENT)(connection)
        connection.close()
        assert {one.author for one in kept.entries} <= {f"p-{one}" for one in (*PEOPLE, "dana")}


@pytest.mark.parametrize("outside", [False, True])
def test_a_power_failure_loses_no_word_and_doubles_none(tmp_path: Path, outside: bool) -> None:
    seed = random.randrange(10**6)
    for trial in range(TRIALS):
        print(f"seed {seed + trial}")
        folder = tmp_path / str(trial)
        folder.mkdir()
        evening = Evening(folder, random.Random(seed + trial))

        async def main(evening: Evening = evening) -> None:
            await evening.begin()
            await evening.fail(evening.rng.randint(1, 5), outside)
            await evening.come_back(outside)
            await evening.end()

        asyncio.run(main())
        shutil.rmtree(folder)
