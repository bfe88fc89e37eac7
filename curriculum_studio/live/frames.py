"""Hides the bytes that browser and room exchange: one binary message each, its kind in the first byte.

| kind | from the browser | from the room |
|---|---|---|
| 1 | join: protocol, last update that is durable, epoch, writer's numbers, state vector | welcome: words (JSON), epoch, state vector, what is missing |
| 2 | update: after which, up to which of its updates, bytes | update: bytes |
| 3 | presence: words | presence: words |
| 4 | name this version: words (`note`, and `ask`: its own name, under which it may be asked again) | – |
| 5 | still there? | still here |
| 6 | check: number, text's sum, writers | check: number |
| 7 | – | kept: number of the last update that is durable |
| 8 | – | refused: words |
| 9 | – | come again with all that you have: state vector |
| 10 | – | notice: words |

A browser tells at once under which numbers it will write: that of the text that it has, and one for a text that it may have to begin.
“Words” are one JSON object. Numbers have seven bits a byte.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from curriculum_studio.live.updates import Damaged, Reader, number

JOIN, UPDATE, PRESENCE, NAME, ALIVE, CHECK, KEPT, REFUSED, AGAIN, NOTICE = range(1, 11)
WELCOME = JOIN
PROTOCOL = 2
MOST = 1 << 20
"""Bytes of a message."""


def words_of(reader: Reader, most: int = 4096) -> dict[str, Any]:
    """The JSON object that a message ends with. Raises `Damaged`, too where it could not be written down again: half a
    character, a number that JSON has no word for. Whoever it was passed on to could not read on."""
    content = reader.rest()
    if len(content) > most:
        raise Damaged("it is too long")
    try:
        found = json.loads(content)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Damaged("its words cannot be read") from error
    if not isinstance(found, dict):
        raise Damaged("its words are no object")
    return found


def in_words(kind: int, words: Mapping[str, Any]) -> bytes:
    """A message that is one JSON object."""
    return bytes([kind]) + json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()


def framed(content: bytes) -> bytes:
    """A message as it goes over the wire: made once, whoever gets it (what a server sends is never masked)."""
    size = len(content)
    if size < 126:
        return bytes([0x82, size]) + content
    if size < 65536:
        return b"\x82\x7e" + size.to_bytes(2, "big") + content
    return b"\x82\x7f" + size.to_bytes(8, "big") + content


def sized(content: bytes) -> bytes:
    """Bytes after their number."""
    return number(len(content)) + content


def join(durable: int, epoch: str, writers: Sequence[int], state: bytes) -> bytes:
    """What a browser says first."""
    numbers = number(len(writers)) + b"".join(number(one) for one in writers)
    return bytes([JOIN, PROTOCOL]) + number(durable) + sized(epoch.encode()) + numbers + state


def welcome(words: Mapping[str, Any], epoch: str, state: bytes, missing: bytes) -> bytes:
    """What a browser gets when it comes."""
    said = json.dumps(words, ensure_ascii=False).encode()
    return bytes([WELCOME]) + sized(said) + sized(epoch.encode()) + sized(state) + missing


def update(content: bytes) -> bytes:
    """What others wrote."""
    return bytes([UPDATE]) + content


def kept(count: int) -> bytes:
    """Everything up to this update of yours is durable."""
    return bytes([KEPT]) + number(count)


def again(state: bytes) -> bytes:
    """Something is missing here: send all that this state lacks."""
    return bytes([AGAIN]) + state


def check(count: int) -> bytes:
    """Say what your text is."""
    return bytes([CHECK]) + number(count)
