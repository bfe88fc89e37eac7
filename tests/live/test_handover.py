"""Connections that are handed over too late, to nobody, or wrongly: each is answered by one side, and no descriptor is left."""

from __future__ import annotations

import asyncio
import json
import resource
import socket
import sys
from pathlib import Path

import pytest

from curriculum_studio.live import handover
from curriculum_studio.live.handover import KIND, HandOver, hand_over, let_go
from tests.live.inside import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="descriptors are counted as Linux lists them")
HEAD = b"GET / HTTP/1.1\r\n\r\n"


def count() -> int:
    """How many descriptors this process has."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class Desk:
    """The rooms' end, and a browser's connection as both sides have it."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "connections"
        self.taken: list[socket.socket] = []
        self.browser, self.web = socket.socketpair()
        self.browser.setblocking(False)

    def listen(self) -> HandOver:
        """The rooms are there."""
        return HandOver(self.place, lambda connection, _head, _grant: self.taken.append(connection))

    def way(self, message: bytes | None, descriptors: int) -> socket.socket:
        """Somebody gives something and does not wait."""
        way = socket.socket(socket.AF_UNIX, KIND)
        way.connect(str(self.place))
        if message is not None:
            socket.send_fds(way, [message], [self.web.fileno()] * descriptors)
        return way

    def close(self) -> None:
        """Everything of it ends."""
        for one in (self.browser, self.web, *self.taken):
            one.close()


def test_what_is_given_late_wrongly_or_not_at_all_leaves_no_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "SECONDS", 0.3)
    good = json.dumps({"grant": "g", "head": HEAD.decode()}).encode()

    async def main() -> None:
        desk = Desk(tmp_path)
        with pytest.raises(OSError):
            hand_over(desk.place, desk.web, HEAD, "g")
        over = desk.listen()
        before = count()
        # Nobody reads for longer than the web side waits, as at a start or when the process was stopped for a while.
        with pytest.raises(TimeoutError):
            hand_over(desk.place, desk.web, HEAD, "g")
        ways = [desk.way(message, descriptors) for message, descriptors in (
            (b"no words", 1), (b"[]", 1), (b'{"grant": 1}', 1), (good, 0), (good, 2), (good, 9), (b"x" * 70_000, 1),
            (None, 0), (b'{"head": "\\u20ac", "grant": ""}', 1), (b"\xff", 1),
        )]  # fmt: skip
        await asyncio.sleep(0.1)
        for way in ways:
            way.close()
        await until(lambda: count() == before)
        assert desk.taken == []
        # The browser is still the web side's to answer.
        desk.web.send(b"503")
        assert desk.browser.recv(9) == b"503"
        # And what is given in time is taken, though the browser has gone by then.
        monkeypatch.setattr(handover, "SECONDS", 60)
        desk.browser.close()
        await asyncio.get_running_loop().run_in_executor(None, hand_over, desk.place, desk.web, HEAD, "g")
        await until(lambda: desk.taken)
        let_go(desk.web)
        over.close()
        desk.close()

    asyncio.run(main())


def test_without_a_descriptor_left_nothing_spins_and_who_comes_later_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So long that no machine is too slow: neither for who gives, nor for what is counted below.
    monkeypatch.setattr(handover, "SECONDS", 60)
    monkeypatch.setattr(handover, "_REST_SECONDS", 2.0)

    async def main() -> None:
        desk = Desk(tmp_path)
        over = desk.listen()
        accepts = 0
        accept = over._accept

        def counted() -> None:
            nonlocal accepts
            accepts += 1
            accept()

        over._accept = counted  # type: ignore[method-assign]
        over._listen()
        way = desk.way(json.dumps({"grant": "g", "head": HEAD.decode()}).encode(), 1)
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (count() - 1, limits[1]))
        try:
            await asyncio.sleep(0.2)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert accepts == 1
        way.close()
        await asyncio.get_running_loop().run_in_executor(None, hand_over, desk.place, desk.web, HEAD, "g")
        await until(lambda: desk.taken)
        over.close()
        desk.close()

    asyncio.run(main())
