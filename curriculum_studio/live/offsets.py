"""Hides that a place in a text has three numbers: the only two doors between them.

Python counts code points. The browser counts UTF-16 units, and so do the clocks of the updates. pycrdt counts the
bytes of UTF-8. Everything in the studio speaks of code points; these functions alone know the other two.
"""

from __future__ import annotations


def units_of(text: str) -> int:
    """The length of a text as the browser counts it, in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_units(text: str, place: int) -> int:
    """A place in code points as the browser counts it."""
    return units_of(text[:place])


def from_units(text: str, units: int) -> int:
    """A place as the browser counts it, in code points; a place inside one character is the place before it."""
    if text.isascii():
        return min(units, len(text))
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    if len(head) >= 2 and 0xD8 <= head[-1] <= 0xDB:
        head = head[:-2]
    return len(head.decode("utf-16-le", "surrogatepass"))


def to_bytes(text: str, place: int) -> int:
    """A place in code points as pycrdt counts it."""
    return place if text.isascii() else len(text[:place].encode())


def from_bytes(text: str, place: int) -> int:
    """A place as pycrdt counts it, in code points; a place inside one character is the place before it."""
    return min(place, len(text)) if text.isascii() else len(text.encode()[:place].decode("utf-8", "ignore"))
