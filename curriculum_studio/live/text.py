"""Hides the library that keeps the shared text of one document, and that it counts bytes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence

from pycrdt import Doc, Text, get_state, merge_updates

from curriculum_studio.live.offsets import to_bytes
from curriculum_studio.live.updates import ROOT, Damaged, state_of

Change = tuple[int, int, str]
"""From which code point to which, and what stands there instead."""


class SharedText:
    """The text of one document with its history; what is changed here is written under `writer`, or a number of its own."""

    def __init__(self, updates: Iterable[bytes] = (), writer: int | None = None) -> None:
        self._doc: Doc[Text] = Doc(client_id=writer)
        self._text = self._doc.get(ROOT, type=Text)
        with self._doc.transaction():
            for one in updates:
                self.apply(one)

    @classmethod
    def of(cls, words: str) -> SharedText:
        """A text that begins with these words."""
        made = cls()
        if words:
            made._text.insert(0, words)
        return made

    def __str__(self) -> str:
        return str(self._text)

    @property
    def writer(self) -> int:
        """The number under which this copy writes."""
        return int(self._doc.client_id)

    def apply(self, update: bytes) -> None:
        """Takes an update in. Raises `Damaged`."""
        try:
            self._doc.apply_update(update)
        except ValueError as error:
            raise Damaged("it cannot be applied") from error

    def state(self) -> bytes:
        """The state vector."""
        return bytes(self._doc.get_state())

    def known(self) -> dict[int, int]:
        """The state vector as a table."""
        return state_of(self.state())

    def update(self, state: bytes | None = None) -> bytes:
        """All of it, or what a copy with this state lacks. Raises `Damaged`."""
        try:
            return bytes(self._doc.get_update(state))
        except ValueError as error:
            raise Damaged("its state cannot be read") from error

    def change(self, changes: Sequence[Change]) -> None:
        """Makes changes in one step; their places are those of the text as it is now, and do not overlap."""
        words = str(self)
        with self._doc.transaction():
            for start, end, instead in sorted(changes, reverse=True):
                if not 0 <= start <= end <= len(words):
                    raise Damaged("a place lies outside the text")
                first, last = to_bytes(words, start), to_bytes(words, end)
                if last > first:
                    del self._text[first:last]
                if instead:
                    self._text.insert(first, instead)


def together(updates: Sequence[bytes]) -> bytes:
    """Several updates as one."""
    return updates[0] if len(updates) == 1 else bytes(merge_updates(*updates))


def readable(update: bytes) -> None:
    """Raises `Damaged` where the library itself cannot read an update."""
    try:
        get_state(update)
    except ValueError as error:
        raise Damaged("it cannot be read") from error


def blob_of(words: str) -> str:
    """The id under which Git keeps a text."""
    content = words.encode()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def sum_of(words: str) -> int:
    """A short sum of a text, quick in the browser too: CRC-32 of its UTF-8."""
    return zlib.crc32(words.encode())
