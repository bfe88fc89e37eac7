"""Packs made by hand, as no honest Git would send them: for tests of what the door refuses."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

NONE = "0" * 40
_KINDS = {"commit": 1, "tree": 2, "blob": 3}


def oid_of(kind: str, content: bytes) -> str:
    """The id of an object."""
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()


def _head(kind: int, size: int) -> bytes:
    first, size = kind << 4 | size & 15, size >> 4
    out = bytearray()
    while size:
        out.append(first | 128)
        first, size = size & 127, size >> 7
    return bytes([*out, first])


class Pack:
    """Objects for one push."""

    def __init__(self) -> None:
        self.objects: list[bytes] = []

    def add(self, kind: str, content: bytes) -> str:
        """Adds an object; gives its id."""
        self.objects.append(_head(_KINDS[kind], len(content)) + zlib.compress(content))
        return oid_of(kind, content)

    def add_delta(self, base: str, delta: bytes) -> None:
        """Adds a delta on an object that is in the pack, or should be."""
        self.objects.append(_head(7, len(delta)) + bytes.fromhex(base) + zlib.compress(delta))

    def tree(self, *rows: tuple[str, bytes, str]) -> str:
        """A folder: mode, name and id of each entry, as they come."""
        return self.add("tree", b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in rows))  # fmt: skip

    def commit(self, tree: str, parent: str | None, person: str, note: bytes = b"A note\n", at: int = 1_750_000_000) -> str:  # fmt: skip
        """A version."""
        who = f"{person} {at} +0000"
        parents = f"parent {parent}\n" if parent else ""
        return self.add("commit", f"tree {tree}\n{parents}author {who}\ncommitter {who}\n\n".encode() + note)

    def bytes(self) -> bytes:
        """The pack."""
        body = b"PACK" + struct.pack(">II", 2, len(self.objects)) + b"".join(self.objects)
        return body + hashlib.sha1(body, usedforsecurity=False).digest()


def request(pack: bytes, *commands: tuple[str, str, str]) -> Callable[[int], bytes]:
    """A push as it comes over the wire: old and new version of each name, then the pack."""
    rows = [f"{old} {new} {name}".encode() for old, new, name in commands]
    rows[0] += b"\0report-status side-band-64k"
    lines = b"".join(b"%04x" % (len(row) + 4) + row for row in rows)
    return BytesIO(lines + b"0000" + pack).read


def said(answer: bytes) -> tuple[str, str]:
    """What the sender reads, and the report for their program."""
    bands = {1: b"", 2: b""}
    at = 0
    while at < len(answer):
        size = int(answer[at : at + 4], 16)
        if size:
            bands[answer[at + 4]] += answer[at + 5 : at + size]
        at += max(size, 4)
    return bands[2].decode(), bands[1].decode()
