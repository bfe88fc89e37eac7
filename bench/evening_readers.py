"""A crowd of readers for `bench.evening`: each has a sign-in of its own and opens a page now and then. Runs as a process by itself.

Standard input holds one JSON object; standard output gets another when the evening is over. A page counts from the moment at which
its reader wanted it, so a server that falls behind cannot hide it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

_CONNECTIONS = 400
"""Readers whose connection is open at the same time: more would be more than browsers keep after a quarter of a minute of rest."""


@dataclass
class Crowd:
    """What all readers share: where they read, what they may open, and what they found."""

    port: int
    pages: list[str]
    sites: list[str]
    pause: float
    share: float
    until: float
    warm: float
    chance: random.Random
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CONNECTIONS))
    times: dict[str, list[float]] = field(default_factory=lambda: {"page": [], "site": []})
    bad: dict[str, int] = field(default_factory=dict)

    async def read(self, cookie: str) -> None:
        """One reader's evening."""
        await self._rest(self.chance.random() * self.pause)
        while (wanted := time.monotonic()) < self.until:
            site = self.chance.random() < self.share
            address = self.chance.choice(self.sites if site else self.pages)
            status = await self._get(address, cookie)
            if status != 200:
                self.bad[f"{status}"] = self.bad.get(f"{status}", 0) + 1
            elif wanted > self.warm:
                self.times["site" if site else "page"].append((time.monotonic() - wanted) * 1000)
            await self._rest(self.chance.expovariate(1 / self.pause))

    async def _rest(self, seconds: float) -> None:
        """A pause, and none that is longer than the evening."""
        await asyncio.sleep(max(0.0, min(seconds, self.until - time.monotonic())))

    async def _get(self, address: str, cookie: str) -> int:
        try:
            async with self.slots:
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode())
                await writer.drain()
                answer = await reader.read()
                writer.close()
        except OSError:
            return 0
        return int(answer[9:12]) if answer[9:12].isdigit() else 0


async def _evening(asked: dict[str, Any]) -> dict[str, Any]:
    now = time.monotonic()
    crowd = Crowd(
        asked["port"], asked["pages"], asked["sites"], asked["pause"], asked["share"],
        now + asked["seconds"], now + asked["warm"], random.Random(asked["seed"]),
    )  # fmt: skip
    await asyncio.gather(*(crowd.read(cookie) for cookie in asked["cookies"]))
    return {"times": crowd.times, "bad": crowd.bad}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_evening(json.load(sys.stdin)))))
