"""Looks into a pack while it comes in: what its objects claim to become is known before anything unpacks them."""

from __future__ import annotations

import zlib

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.content_changes import MAX_FILE

MOST_OBJECTS = 500_000
MOST_UNPACKED = 1024**3
"""Bytes that all objects of a push may have together once unpacked."""
_BY_PLACE, _BY_NAME = 6, 7
_BROKEN = "What was sent is broken. Nothing of it was taken in."
_SWOLLEN = "What was sent is far larger unpacked than it came. Nothing of it was taken in."


class PackWatch:
    """Follows the bytes of one pack; raises `Refused` as soon as an object claims more than may be."""

    def __init__(self) -> None:
        self._held = b""
        self._left: int | None = None
        self._unpacker: zlib._Decompress | None = None
        self._is_delta = False
        self._claimed = b""
        self._size = self._done = self._total = 0

    def see(self, piece: bytes) -> None:
        """Takes the next bytes."""
        self._held += piece
        while self._step():
            pass

    def _step(self) -> bool:
        """One object's head, or as much of its body as is here; whether there is more to look at."""
        if self._left is None:
            return self._begin()
        if self._unpacker is not None:
            return self._unpack()
        if self._left == 0:
            # The rest is the pack's own sum, which Git checks.
            self._held = b""
            return False
        return self._head()

    def _begin(self) -> bool:
        if len(self._held) < 12:
            return False
        if self._held[:8] != b"PACK\x00\x00\x00\x02":
            raise Refused(_BROKEN)
        self._left, self._held = int.from_bytes(self._held[8:12], "big"), self._held[12:]
        if self._left > MOST_OBJECTS:
            raise Refused(_SWOLLEN)
        return True

    def _head(self) -> bool:
        found = _number(self._held, 4)
        if found is None:
            return False
        size, at = found
        kind = self._held[0] >> 4 & 7
        if kind == _BY_NAME:
            at += 20
        elif kind == _BY_PLACE:
            place = _end(self._held, at)
            if place is None:
                return False
            at = place
        elif kind not in (1, 2, 3, 4):
            raise Refused(_BROKEN)
        if len(self._held) < at:
            return False
        self._count(size)
        self._is_delta, self._claimed, self._size, self._done = kind in (_BY_PLACE, _BY_NAME), b"", size, 0
        self._held, self._unpacker = self._held[at:], zlib.decompressobj()
        return True

    def _count(self, size: int) -> None:
        self._total += size
        if size > MAX_FILE:
            raise Refused(
                f"A file that was sent is larger than {MAX_FILE // 1024 // 1024} MB. Nothing of it was taken in."
            )
        if self._total > MOST_UNPACKED:
            raise Refused(_SWOLLEN)

    def _unpack(self) -> bool:
        unpacker = self._unpacker
        if unpacker is None or not self._held:
            return False
        try:
            out = unpacker.decompress(self._held, MAX_FILE)
        except zlib.error as error:
            raise Refused(_BROKEN) from error
        self._done += len(out)
        if self._done > self._size:
            raise Refused(_BROKEN)
        if self._is_delta and len(self._claimed) < 20:
            self._claimed += out[:20]
        self._held = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        if unpacker.eof:
            if self._done != self._size:
                raise Refused(_BROKEN)
            if self._is_delta:
                self._count(_result(self._claimed))
            self._unpacker, self._left = None, (self._left or 0) - 1
        return bool(self._held)


def _number(held: bytes, shift: int) -> tuple[int, int] | None:
    """The size in an object's head, and where the head ends; None where it is not all here."""
    if not held:
        return None
    value, at = held[0] & 15 if shift == 4 else held[0] & 127, 1
    while held[at - 1] & 128:
        if at >= len(held):
            return None
        if at > 9:
            raise Refused(_BROKEN)
        value |= (held[at] & 127) << shift + 7 * (at - 1) if shift == 4 else (held[at] & 127) << 7 * at
        at += 1
    return value, at


def _end(held: bytes, at: int) -> int | None:
    """Where the place of a delta's base ends; None where it is not all here."""
    while at < len(held):
        if not held[at] & 128:
            return at + 1
        at += 1
    return None


def _result(delta: bytes) -> int:
    """The size of what a delta makes: the second of the two numbers that it begins with."""
    first = _number(delta, 0)
    second = _number(delta[first[1] :], 0) if first is not None else None
    if second is None:
        raise Refused(_BROKEN)
    return second[0]
