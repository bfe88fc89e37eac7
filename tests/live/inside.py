"""Rooms in this process, with browsers that are only bytes: for what no served studio lets a test reach."""

from __future__ import annotations

import json
import time
from pathlib import Path

from pycrdt import Doc, Text

from curriculum_studio.live import frames
from curriculum_studio.live.grants import Grant
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.text import blob_of
from curriculum_studio.live.updates import Reader, number

DOCUMENT = "grade-6/ratios/01-made-up.md"
TEXT = "# Ratios\n\nTwo to three. 🙂\n"


def grant(person: str, right: str = "write") -> Grant:
    """What the web side would say of somebody."""
    return Grant(DOCUMENT, right, f"p-{person}", person.title(), f"s-{person}", int(time.time()) + 999)


class Heard:
    """The way to one browser: what it was sent, and how it was ended."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.ended = 0

    def send(self, frame: bytes) -> None:
        """Keeps what the frame holds."""
        head = {126: 4, 127: 10}.get(frame[1], 2)
        self.frames.append(frame[head:])

    def hold(self, seconds: float) -> None:
        """Nothing is read here."""

    def end(self, code: int, why: str) -> None:
        """Keeps the code."""
        self.ended = code


class Browser:
    """One who has joined; `doc` is the text as this browser has it."""

    def __init__(self, rooms: Rooms, person: str, right: str = "write") -> None:
        self.line, self._rooms, self._count = Heard(), rooms, 0
        self.member = rooms.enter(grant(person, right), self.line)
        self.hear(bytes([frames.JOIN, frames.PROTOCOL, 0, 0]))
        welcome = Reader(next(one for one in self.line.frames if one[0] == frames.WELCOME)[1:])
        self.words = json.loads(welcome.piece())
        welcome.piece(), welcome.piece()
        self.doc: Doc[Text] = Doc()
        self.text = self.doc.get("text", type=Text)
        self.doc.apply_update(welcome.rest())

    def hear(self, content: bytes) -> None:
        """The room hears this from it."""
        self._rooms.hear(self.member, content)

    def send(self, update: bytes) -> None:
        """It sends an update of its own."""
        self._count += 1
        self.hear(bytes([frames.UPDATE]) + number(self._count - 1) + number(self._count) + update)

    def write(self, words: str) -> None:
        """It writes at the end."""
        before = self.doc.get_state()
        self.text.insert(len(str(self.text).encode()), words)
        self.send(self.doc.get_update(before))

    @property
    def kept(self) -> int:
        """The last of its updates of which it was told that it is saved."""
        return max((Reader(one[1:]).number() for one in self.line.frames if one[0] == frames.KEPT), default=0)

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
