"""Hides the rooms' own process: its sockets, its journal, its beat, and how it ends."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
import uvicorn

from curriculum_studio.domain.errors import StudioError
from curriculum_studio.live.client import Door
from curriculum_studio.live.grants import read_grant
from curriculum_studio.live.handover import HandOver
from curriculum_studio.live.requests import Requests
from curriculum_studio.live.rooms import MOST, Rooms
from curriculum_studio.live.sockets import ALL, Socket, socket_factory

_BEAT = 1.0
_STOP = 5.0


def run(journal: Path, door: Door, idle: float) -> None:
    """Runs until a signal ends it."""
    asyncio.run(_run(journal, door, idle))


def _admit_many() -> None:
    """Each connection is an open file; where the system admits more of them than it gives by itself, they are taken."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST if hard == resource.RLIM_INFINITY else min(2 * MOST, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _run(path: Path, door: Door, idle: float) -> None:
    _admit_many()
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopping.set)
    rooms = Rooms(path, _broken, idle)
    await rooms.unversioned()
    door.sockets.unlink(missing_ok=True)
    listener = await loop.create_unix_server(socket_factory(rooms, door.secret), str(door.sockets))
    door.sockets.chmod(0o600)
    given = _Given(rooms, door.secret)
    over = HandOver(door.hand_over, given.take)
    server = _Answering(_config(rooms, door))
    answering = asyncio.create_task(server.serve())
    beating = asyncio.create_task(_beat(rooms))
    # Whichever of them ends, nothing goes on without it: the process ends too, and is started again.
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([stop, answering, beating], return_when=asyncio.FIRST_COMPLETED)
    beating.cancel()
    over.close()
    listener.close()
    with suppress(TimeoutError, StudioError):
        await asyncio.wait_for(rooms.stop(), _STOP)
    server.should_exit = True
    with suppress(TimeoutError):
        await asyncio.wait_for(answering, _STOP)
    rooms.end()


def _broken(error: OSError) -> None:
    """Nobody knows what of the journal the disk has. So nothing more is promised: the process ends, the next one begins from
    what the disk has, and browsers send again what they were not told to be saved."""
    structlog.get_logger().critical("the disk lost what it was given", kind=type(error).__name__)
    os._exit(os.EX_IOERR)


class _Answering(uvicorn.Server):
    """Answers the web side until it is told to end: the first signal is for the rooms, which end before it does."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves all signals alone."""
        yield


def _config(rooms: Rooms, door: Door) -> uvicorn.Config:
    door.requests.unlink(missing_ok=True)
    return uvicorn.Config(
        Requests(rooms, door.secret),
        uds=str(door.requests),
        ws="none",
        http="httptools",
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=5,
    )


class _Given:
    """Connections that were handed over; each is held until its stream stands."""

    def __init__(self, rooms: Rooms, secret: bytes) -> None:
        self._rooms, self._secret = rooms, secret
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, connection: socket.socket, head: bytes, sealed: str) -> None:
        """Begins to speak with a browser that asked the web side."""
        task = asyncio.get_running_loop().create_task(self._speak(connection, head, sealed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _speak(self, connection: socket.socket, head: bytes, sealed: str) -> None:
        grant = read_grant(sealed, self._secret, time.time())
        if grant is None:
            connection.close()
            return
        try:
            _, talk = await asyncio.get_running_loop().connect_accepted_socket(
                lambda: Socket(self._rooms, self._secret, grant), connection
            )
        except OSError as error:
            structlog.get_logger().warning("a connection was lost on its way", kind=type(error).__name__)
            connection.close()
            return
        talk.data_received(head)


async def _beat(rooms: Rooms) -> None:
    while True:
        await asyncio.sleep(_BEAT)
        now = time.monotonic()
        for one in list(ALL):
            one.beat(now)
        try:
            await rooms.tidy()
        except StudioError as error:
            structlog.get_logger().error("the rooms could not be tidied", kind=type(error).__name__)
