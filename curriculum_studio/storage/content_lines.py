"""Git's wire format: lines with their length before them, and the three bands on which a server speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from curriculum_studio.domain.errors import Refused

FLUSH = b"0000"
_LARGEST = 65_520


def line(text: bytes) -> bytes:
    """A line as it goes over the wire."""
    return b"%04x" % (len(text) + 4) + text


def banded(band: int, content: bytes) -> bytes:
    """Content on a band: 1 for programs, 2 for whoever sits at the other end."""
    size = _LARGEST - 5
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return b"".join(line(bytes([band]) + piece) for piece in pieces)


def read_lines(read: Callable[[int], bytes], most: int) -> Iterator[bytes]:
    """The lines up to the next flush, without their ends. Raises `Refused` where it is no such line, or there are more than `most`."""
    for _ in range(most):
        head = _exactly(read, 4)
        try:
            size = int(head, 16)
        except ValueError:
            raise Refused("What was sent cannot be read.") from None
        if size == 0:
            return
        if not 4 <= size <= _LARGEST:
            raise Refused("What was sent cannot be read.")
        yield _exactly(read, size - 4).rstrip(b"\n")
    raise Refused("Too much was asked for at once.")


def wanted(body: bytes) -> set[str]:
    """The objects that a request to take asks for, in any version of the protocol."""
    found: set[str] = set()
    at = 0
    while at + 4 <= len(body):
        try:
            size = int(body[at : at + 4], 16)
        except ValueError:
            break
        if body[at + 4 : at + 9] == b"want " and size >= 49:
            found.add(body[at + 9 : at + 49].decode("ascii", "replace"))
        # Zero, one and two are marks between lines and carry nothing.
        at += max(size, 4)
    return found


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    out = b""
    while len(out) < size:
        piece = read(size - len(out))
        if not piece:
            raise Refused("The connection ended before all had come in.")
        out += piece
    return out
