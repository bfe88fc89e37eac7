"""Rooms in this process, with browsers that are only bytes: for what no served studio lets a test reach."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pycrdt import Doc, Text

from curriculum_studio.live import frames
from curriculum_studio.live.grants import Grant
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.text import blob_of
from curriculum_studio.live.updates import Reader, number, state_of, state_vector

DOCUMENT = "grade-6/ratios/01-made-up.md"
TEXT = "# Ratios\n\nTwo to three. 🙂\n"


def grant(person: str, right: str = "write") -> Grant:
    """What the web side would say of somebody."""
    return Grant(DOCUMENT, right, f"p-{person}", person.title(), f"s-{person}", int(time.time()) + 999)


class Heard:
    """The way to one browser: what it was sent, and how it was ended."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.ended, self.held = 0, 0.0

    def send(self, frame: bytes) -> None:
        """Keeps what the frame holds."""
        head = {126: 4, 127: 10}.get(frame[1], 2)
        self.frames.append(frame[head:])

    def hold(self, seconds: float) -> None:
        """Keeps for how long."""
        self.held = seconds

    def end(self, code: int, why: str) -> None:
        """Keeps the code."""
        self.ended = code


class Browser:
    """One who has joined; `doc` is the text as this browser has it."""

    def __init__(self, rooms: Rooms, person: str, right: str = "write") -> None:
        self.person, self.count, self.epoch, self._kept = person, 0, "", 0
        self.line = Heard()
        self.doc: Doc[Text] = Doc()
        self.text = self.doc.get("text", type=Text)
        self._right = right
        self._began: dict[int, int] = {}
        self.join(rooms)

    def join(self, rooms: Rooms) -> None:
        """It comes, or comes again with what it has."""
        self._kept = self.kept
        self.line, self._rooms, self._read = Heard(), rooms, 0
        self.member = rooms.enter(grant(self.person, self._right), self.line)
        state = self.doc.get_state() if self.epoch else b""
        self.hear(frames.join(self.kept, self.epoch, [self.doc.client_id], state))
        welcome = Reader(next(one for one in self.line.frames if one[0] == frames.WELCOME)[1:])
        self.words = json.loads(welcome.piece())
        self.epoch, self.state = welcome.piece().decode(), welcome.piece()
        self.doc.apply_update(welcome.rest())

    def hear(self, content: bytes) -> None:
        """The room hears this from it."""
        self._rooms.hear(self.member, content)

    def send(self, update: bytes, since: int | None = None) -> None:
        """It sends an update of its own."""
        self.count += 1
        since = self.count - 1 if since is None else since
        self.hear(bytes([frames.UPDATE]) + number(since) + number(self.count) + update)

    def send_all(self) -> None:
        """It sends all that the room lacked when it came, and all of its own of which it does not know that it is saved."""
        there, writer = state_of(self.state), self.doc.client_id
        pending = [clock for count, clock in self._began.items() if count > self.kept]
        if writer in there:
            there[writer] = min([there[writer], *pending])
        self.send(self.doc.get_update(state_vector(there)), self.kept)

    def write(self, words: str, place: int | None = None) -> None:
        """It writes at the end, or so many bytes from the beginning."""
        self.send(self.typed(words, place))

    def typed(self, words: str, place: int | None = None) -> bytes:
        """What it would send of it."""
        before = self.doc.get_state()
        self._began[self.count + 1] = state_of(before).get(self.doc.client_id, 0)
        self.text.insert(len(str(self.text).encode()) if place is None else place, words)
        return self.doc.get_update(before)

    @property
    def kept(self) -> int:
        """The last of its updates of which it was told that it is saved."""
        told = (Reader(one[1:]).number() for one in self.line.frames if one[0] == frames.KEPT)
        return max(told, default=self._kept)

    def read(self) -> None:
        """It takes in what the others wrote."""
        new, self._read = self.line.frames[self._read :], len(self.line.frames)
        for one in new:
            if one[0] == frames.UPDATE:
                self.doc.apply_update(one[1:])

    def notices(self) -> list[dict[str, Any]]:
        """What it was told in words."""
        return [json.loads(one[1:]) for one in self.line.frames if one[0] == frames.NOTICE]

    def told(self, kind: int) -> bool:
        """Whether it was sent anything of a kind."""
        return any(one[0] == kind for one in self.line.frames)


async def opened(folder: Path) -> Rooms:
    """Rooms with one document in them."""

    def broken(error: OSError) -> None:
        raise error

    rooms = Rooms(folder / "journal.db", broken)
    await rooms.seed(DOCUMENT, blob_of(TEXT), TEXT)
    return rooms


async def until(holds: Callable[[], object]) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(120):
        while not holds():
            await asyncio.sleep(0.002)
