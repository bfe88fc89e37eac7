"""Hides how one browser is connected: a WebSocket over a plain stream, given to us open or accepted here."""

from __future__ import annotations

import asyncio
import http
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import parse_qs, urlsplit

import structlog
from websockets.datastructures import Headers
from websockets.exceptions import ProtocolError
from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from curriculum_studio.domain.errors import Refused, StudioError
from curriculum_studio.live.frames import MOST
from curriculum_studio.live.grants import Grant, read_grant
from curriculum_studio.live.people import Member
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.updates import Damaged

MOST_WAITING = 2 << 20
"""Bytes that may wait for a slow browser before it is dropped; it comes again and gets what it lacks at once."""
PING_SECONDS, SILENT_SECONDS = 20.0, 50.0
_MOST_ASKED = 2000


class Socket(asyncio.Protocol):
    """One connection. With `grant` it was handed over after the gate; without one the address must hold it."""

    def __init__(self, rooms: Rooms, secret: bytes, grant: Grant | None = None) -> None:
        self._rooms, self._secret, self._grant = rooms, secret, grant
        self._web = ServerProtocol(max_size=MOST)
        self._member: Member | None = None
        self._parts: list[bytes] = []
        self._asked: list[bytes] = []
        self._task: asyncio.Task[None] | None = None
        self._held: asyncio.TimerHandle | None = None
        self._ended = False
        self.heard_at = time.monotonic()

    # The stream ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The stream is open."""
        self._transport = cast(asyncio.Transport, transport)
        ALL.add(self)

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self.heard_at = time.monotonic()
        self._web.receive_data(data)
        for event in self._web.events_received():
            if isinstance(event, Request):
                self._opened(event)
            elif isinstance(event, Frame):
                self._frame(event)
        self._pass_on()

    def eof_received(self) -> bool | None:
        """The browser has gone."""
        self._web.receive_eof()
        self._pass_on()
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        """The stream is closed."""
        ALL.discard(self)
        if self._held is not None:
            self._held.cancel()
        if self._member is not None:
            self._rooms.leave(self._member)
            self._member = None

    def _pass_on(self) -> None:
        for data in self._web.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()

    # The WebSocket -------------------------------------------------------------------------------------------

    def _opened(self, request: Request) -> None:
        answer = self._web.accept(request)
        if answer.status_code == http.HTTPStatus.SWITCHING_PROTOCOLS:
            grant = self._grant or self._asked_grant(request)
            if grant is None or not same_origin(request.headers):
                answer = self._web.reject(http.HTTPStatus.FORBIDDEN, "")
            else:
                try:
                    self._member = self._rooms.enter(grant, self)
                    self._task = asyncio.get_running_loop().create_task(self._open_room(self._member))
                except Refused:
                    answer = self._web.reject(http.HTTPStatus.SERVICE_UNAVAILABLE, "")
                    answer.headers["Retry-After"] = "5"
        self._web.send_response(answer)

    def _asked_grant(self, request: Request) -> Grant | None:
        address = urlsplit(request.path)
        sealed = parse_qs(address.query).get("grant", [""])[0]
        grant = read_grant(sealed, self._secret, time.time())
        wanted = f"/live/{grant.document.removesuffix('.md')}" if grant else ""
        return grant if address.path == wanted else None

    def _frame(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if not frame.fin:
                return
            content, self._parts = b"".join(self._parts), []
            if self._ended:
                # What still comes is from somebody who has no right, or sends it again. Where the browser ends it, what it sent
                # before is heard, though the end of it was read in the same breath.
                return
            if frame.opcode is Opcode.TEXT:
                self.end(CloseCode.UNSUPPORTED_DATA, "words in letters")
            elif self._member is not None and self._task is None:
                self._rooms.hear(self._member, content)
            elif self._member is not None:
                # The room is not open yet: what comes meanwhile waits its turn.
                self._asked.append(content)
                if len(self._asked) > _MOST_ASKED:
                    self.end(CloseCode.TRY_AGAIN_LATER, "too much at once")

    async def _open_room(self, member: Member) -> None:
        try:
            await self._rooms.room(member.grant.document)
        except (StudioError, Damaged) as error:
            structlog.get_logger().warning(
                "a room could not be opened", document=member.grant.document, why=str(error)
            )
            self.end(CloseCode.TRY_AGAIN_LATER, "not open")
            return
        if self._member is None:
            return  # It is gone meanwhile, and would be there for ever.
        asked, self._asked, self._task = self._asked, [], None
        for content in asked:
            self._rooms.hear(member, content)

    # The member's line ---------------------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """Sends a frame that is ready for the wire."""
        if self._web.state is not State.OPEN or self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MOST_WAITING:
            structlog.get_logger().warning("a slow browser was dropped")
            self._transport.abort()
            return
        self._transport.write(frame)

    def hold(self, seconds: float) -> None:
        """Reads nothing more for a while: whoever sends too much waits, and nobody else does."""
        if self._transport.is_closing():
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._held is None:
            self._transport.pause_reading()
        elif self._held.when() > until - 0.05:
            return
        else:
            # What was read at one go may hold many messages: the wait is that of the last one.
            self._held.cancel()
        self._held = loop.call_at(until, self._go_on)

    def _go_on(self) -> None:
        self._held = None
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def end(self, code: int, why: str) -> None:
        """Ends the connection."""
        self._ended = True
        if self._web.state is State.OPEN:
            try:
                self._web.send_close(code, why)
            except ProtocolError:
                self._transport.abort()
                return
            self._pass_on()
            asyncio.get_running_loop().call_later(2.0, self._transport.abort)
        elif self._web.state is State.CONNECTING:
            self._transport.abort()

    def beat(self, now: float) -> None:
        """Asks whether the browser is still there; who says nothing for long is gone."""
        if now - self.heard_at > SILENT_SECONDS:
            self._transport.abort()
        elif self._web.state is State.OPEN and now - self.heard_at > PING_SECONDS:
            self._web.send_ping(b"")
            self._pass_on()


ALL: set[Socket] = set()
"""Every open connection, for the beat."""


def same_origin(headers: Headers) -> bool:
    """Whether a page of our own asks: the origin is named, and is the host that was asked."""
    host = headers.get("Host", "")
    return host != "" and headers.get("Origin", "") in (f"http://{host}", f"https://{host}")


def socket_factory(rooms: Rooms, secret: bytes) -> Callable[[], Socket]:
    """Makes connections for a listener of our own."""
    return lambda: Socket(rooms, secret)
