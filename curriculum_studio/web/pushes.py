"""The desk of the folder on one's own computer: Git over HTTP, where programs take the curriculum and send changes in."""

from __future__ import annotations

import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Blueprint, request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response

from curriculum_studio.actions.pushes import may_take, note_taken, offer_to_receive, receive_push, sees_record
from curriculum_studio.domain.errors import Refused, StudioError
from curriculum_studio.storage.content_door import MOST_ASKED, whole
from curriculum_studio.web.gate import by_token, person, studio, token, told

desk = Blueprint("pushes", __name__, url_prefix="/git/curriculum.git")
_PIECE = 64 * 1024
_AT_ONCE, _EACH = 8, 3
"""Exchanges that a web process does at once, and for one person: the pages of all others come first."""
_READS_ONLY = "This token may only read. Make one in the studio, at your account, that may write."
_busy: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def _place(key: str) -> Iterator[bool]:
    """A place among those who are served at once; whether there is one."""
    with _lock:
        free = _busy[key] < _EACH and _busy.total() < _AT_ONCE
        if free:
            _busy[key] += 1
    try:
        yield free
    finally:
        if free:
            with _lock:
                _busy[key] -= 1


def _answer(kind: str, content: bytes | Iterator[bytes]) -> Response:
    answer = Response(content, content_type=f"application/x-git-{kind}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _refusal(writing: bool) -> Response | None:
    if writing and not token().writes:
        return told(_READS_ONLY, 403)
    try:
        may_take(studio(), person())
    except Refused as error:
        return told(str(error), 403)
    return None


@desk.get("/info/refs")
@by_token
def offer() -> Response:
    """What is here to take, or that something may be sent in."""
    service = request.args.get("service", "")
    if service not in ("git-upload-pack", "git-receive-pack"):
        return told("This needs a newer Git (1.6.6 or later).", 403)
    refused = _refusal(service == "git-receive-pack")
    if refused is not None:
        return refused
    if service == "git-receive-pack":
        return _answer("receive-pack-advertisement", offer_to_receive(studio(), token().key))
    protocol = request.headers.get("Git-Protocol", "")
    note_taken(studio(), token().key)
    shown = studio().content.door.offer_to_send(protocol, record=sees_record(person()))
    return _answer("upload-pack-advertisement", shown)


@desk.post("/git-upload-pack")
@by_token
def send() -> Response:
    """Gives what is asked for."""
    refused = _refusal(False)
    if refused is not None:
        return refused
    read = _reader()
    try:
        body = whole(iter(lambda: read(_PIECE), b""), MOST_ASKED)
    except Refused as error:
        return told(str(error), 413)
    if b"command=ls-refs" in body[:40]:
        note_taken(studio(), token().key)
    door, one, record = studio().content.door, person(), sees_record(person())
    protocol = request.headers.get("Git-Protocol", "")

    def pieces() -> Iterator[bytes]:
        with _place(one.key) as free:
            if free:
                yield from door.send(body, protocol, record=record)
            else:
                yield b"0033ERR Too much at once; try again in a minute.\n"

    return _answer("upload-pack-result", pieces())


@desk.post("/git-receive-pack")
@by_token
def receive() -> Response:
    """Takes in what is sent."""
    refused = _refusal(True)
    if refused is not None:
        return refused
    with _place(person().key) as free:
        if not free:
            return told("Too much at once; try again in a minute. Nothing was changed.", 429)
        try:
            # Short, whatever came in: it says what was taken or why not.
            said = b"".join(receive_push(studio(), person(), _reader(), token().key))
        except StudioError as error:
            return told(str(error), 507)
    return _answer("receive-pack-result", said)


def _reader() -> Callable[[int], bytes]:
    """Reads the body of a request piece by piece, unpacked where it was packed; never more than was asked for."""
    # None would mean the limit of forms; what a push may have is counted as it is read.
    request.max_content_length = 1 << 40
    stream = request.stream

    def raw(size: int) -> bytes:
        try:
            return bytes(stream.read(size))
        except (OSError, ClientDisconnected) as error:
            raise Refused("The connection ended before all had come in. Nothing was changed.") from error

    if request.headers.get("Content-Encoding", "") not in ("gzip", "x-gzip"):
        return raw
    unpacker = zlib.decompressobj(31)

    def unpacked(size: int) -> bytes:
        while not unpacker.eof:
            piece = unpacker.unconsumed_tail or raw(_PIECE)
            try:
                out = unpacker.decompress(piece, size)
            except zlib.error as error:
                raise Refused("What was sent cannot be read.") from error
            if out or not piece:
                return out
        return b""

    return unpacked
