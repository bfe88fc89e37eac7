"""Hides how the web side gives an open connection to the rooms: the descriptor itself, over a private socket.

From then on browser and rooms speak directly; the web side holds nothing of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

SECONDS = 2.0
BACKLOG = 1024
_AT_ONCE, _MOST = 64, 65536
_REST_SECONDS = 0.5
KIND = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_STREAM
HEADERS = ("Host", "Origin", "Upgrade", "Connection")
"""What of the browser's headers goes with it, besides `Sec-WebSocket-…`: no cookie, nothing else."""


def hand_over(place: Path, connection: socket.socket, head: bytes, grant: str) -> None:
    """Gives an open connection to the rooms, with the request that it began with. Raises `OSError` where nobody is there."""
    message = json.dumps({"grant": grant, "head": head.decode("latin-1")}).encode()
    with socket.socket(socket.AF_UNIX, KIND) as way:
        way.settimeout(SECONDS)
        way.connect(str(place))
        socket.send_fds(way, [message], [connection.fileno()])
        way.shutdown(socket.SHUT_WR)
        # The other side says that it has it: until then it is ours to answer.
        if way.recv(1) != b"+":
            raise ConnectionRefusedError("the rooms did not take the connection")


def let_go(connection: socket.socket) -> None:
    """Puts a dead end in the place of a connection that was handed over.

    A server that ends a connection shuts it down, and that would reach the one that the rooms now have.
    """
    one, other = socket.socketpair()
    with one, other:
        other.close()
        os.dup2(one.fileno(), connection.fileno())


def head_of(path: str, headers: Mapping[str, str]) -> bytes:
    """The request as the rooms get it."""
    rows = [f"GET {path} HTTP/1.1"]
    rows += [
        f"{name}: {value}" for name, value in headers.items()
        if name.title() in HEADERS or name.lower().startswith("sec-websocket-")
    ]  # fmt: skip
    return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1", "replace")


Taken = Callable[[socket.socket, bytes, str], None]


class HandOver:
    """The listening end, in the rooms' process; `taken` gets each connection, its first bytes and its grant."""

    def __init__(self, place: Path, taken: Taken) -> None:
        self._taken = taken
        place.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, KIND)
        self._listener.bind(str(place))
        place.chmod(0o600)
        self._listener.listen(BACKLOG)
        self._listener.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._listen()

    def close(self) -> None:
        """Takes no more."""
        self._loop.remove_reader(self._listener.fileno())
        self._listener.close()

    def _listen(self) -> None:
        if self._listener.fileno() >= 0:
            self._loop.add_reader(self._listener.fileno(), self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                way, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                structlog.get_logger().error("a connection could not be taken", kind=type(error).__name__)
                # No descriptor is left, most likely: asked again at once it would be said for ever, and nothing else be done.
                self._loop.remove_reader(self._listener.fileno())
                self._loop.call_later(_REST_SECONDS, self._listen)
                return
            way.setblocking(False)
            # A way on which nothing comes is closed after a while.
            late = self._loop.call_later(SECONDS, self._drop, way)
            self._loop.add_reader(way.fileno(), self._read, way, late)

    def _drop(self, way: socket.socket) -> None:
        if way.fileno() >= 0:
            self._loop.remove_reader(way.fileno())
            way.close()

    def _read(self, way: socket.socket, late: asyncio.TimerHandle) -> None:
        descriptors: list[int] = []
        try:
            message, descriptors, _, _ = socket.recv_fds(way, _MOST, 4)
            words = json.loads(message)
            head, grant = str(words["head"]).encode("latin-1"), str(words["grant"])
        except BlockingIOError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            head, grant = b"", ""
        late.cancel()
        self._loop.remove_reader(way.fileno())
        taken = len(descriptors) == 1 and bool(head)
        try:
            way.send(b"+" if taken else b"-")
        except OSError:
            # Whoever gave it has waited too long, and has answered the browser by now.
            taken = False
        way.close()
        if taken:
            connection = socket.socket(fileno=descriptors[0])
            connection.setblocking(False)
            self._taken(connection, head, grant)
        else:
            for one in descriptors:
                os.close(one)
