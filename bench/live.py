"""How long a word takes from one writer to all others, beside y-websocket and Hocuspocus on the same machine in the same run.

`python -m bench.live [--seconds 10] [--pairs 3] [--kills 1 [--only-kills]]`. Needs `python -m bench.peers install` for the peers. Each row goes once through all
servers in turn; a ratio is the median of the pairs. CPU is that of the server's process alone.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Row
from bench.peers import CACHE, ROOT
from curriculum_studio.live.client import Door, RoomsClient, new_door
from curriculum_studio.live.grants import Grant, sign
from curriculum_studio.live.offline import written
from curriculum_studio.live.text import blob_of

PEERS = ("ours", "y-websocket", "hocuspocus")
LOADS = (
    ("10 on one document", 1, 10),
    ("50 on one document", 1, 50),
    ("200 on one document", 1, 200),
    ("50 documents × 4", 50, 4),
)
_LIVE = CACHE / "live"
_RATE, _WARM = 5, 2
_TICK = os.sysconf("SC_CLK_TCK")
_ROOMS = (
    "import sys; from pathlib import Path; from curriculum_studio.live.client import Door; "
    "from curriculum_studio.live.service import run; "
    "run(Path(sys.argv[1]) / 'journal.db', Door(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])), 1e9)"
)


@dataclass(slots=True)
class Server:
    """A running server: its process, and how a client comes to a document."""

    process: subprocess.Popen[bytes]
    address: Any
    door: Door | None = None


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(kind: str, documents: list[str], folder: Path) -> Iterator[Server]:
    """Starts one of the three and ends it."""
    if kind == "ours":
        found = _rooms(documents, folder)
    else:
        port = free_port()
        program = (
            ["node_modules/y-websocket/bin/server.cjs"]
            if kind == "y-websocket"
            else ["hocuspocus.mjs", str(port)]
        )
        env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
        process = subprocess.Popen(["node", *program], cwd=_LIVE, env=env, stdout=subprocess.DEVNULL)
        found = Server(process, lambda document, number: f"ws://127.0.0.1:{port}/{document}")
        _wait(lambda: bool(socket.create_connection(("127.0.0.1", port), 1)))
    try:
        yield found
    finally:
        found.process.kill()
        found.process.wait()


def _rooms(documents: list[str], folder: Path) -> Server:
    door = new_door(folder)
    process = subprocess.Popen(
        [sys.executable, "-c", _ROOMS, str(folder), door.secret.hex()], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    client = RoomsClient(door)
    _wait(client.answers)
    for document in documents:
        words = "A lesson that several people write.\n" * 20
        client.ask_room(document, "seed", blob=blob_of(words), text=words)

    def address(document: str, number: int) -> str:
        grant = Grant(
            document, "write", f"p-{number}", f"Writer {number}", f"s{number}", int(time.time()) + 3600
        )
        return f"ws+unix://{door.sockets}:/live/{document}?grant={sign(grant, door.secret)}"

    return Server(process, address, door)


def _wait(holds: Any) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if holds():
                return
        time.sleep(0.05)
    raise TimeoutError("a server did not start")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def measure(kind: str, count: int, writers: int, seconds: float, *, kill: bool = False) -> dict[str, Any]:
    """One load on one server: p50 and p95 in ms, CPU seconds of the server; with `kill` what was lost by SIGKILL."""
    documents = [f"doc{number}" for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="live-") as aside, server(kind, documents, Path(aside)) as one:
        spread = [document for document in documents for _ in range(writers)]
        asked = {
            "kind": kind, "urls": [one.address(document, number) for number, document in enumerate(spread)],
            "documents": spread, "rate": _RATE, "seconds": seconds, "warm": _WARM,
        }  # fmt: skip
        if kill:
            asked |= {"linger": 0}
        clients = subprocess.Popen(
            ["node", "clients.mjs", json.dumps(asked)],
            cwd=_LIVE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert clients.stderr
        clients.stderr.readline()
        before = _cpu(one.process.pid)
        if kill:
            time.sleep(_WARM + seconds / 2)
            os.kill(one.process.pid, signal.SIGKILL)
        output, _ = clients.communicate(timeout=seconds + 120)
        found: dict[str, Any] = json.loads(output)
        if kill:
            texts = "".join(one.text for one in written(Path(aside) / "journal.db"))
            kept = re.findall(r"<\d+\.\d+>", texts)
            promised = set(found["seen"]) | set(found["acknowledged"])
            return {
                "promised": len(promised),
                "lost": len(promised - set(kept)),
                "doubled": len(kept) - len(set(kept)),
            }
        found["cpu"] = _cpu(one.process.pid) - before
        return found


def installed() -> bool:
    """Whether the peers can be run."""
    return (_LIVE / "node_modules" / "ws").is_dir()


def rows(seconds: float, pairs: int, kills: int) -> Iterator[Row]:
    """Every load, as it is measured."""
    for name, count, writers in LOADS:
        runs = [{kind: measure(kind, count, writers, seconds) for kind in PEERS} for _ in range(pairs)]
        for kind in PEERS:
            p50, p95, cpu = (median(run[kind][key] for run in runs) for key in ("p50", "p95", "cpu"))
            yield Row(f"{name}: {kind}", "–", f"{p50:.1f} / {p95:.1f} ms, {cpu:.1f} s CPU")
        ratio = median(run["ours"]["p95"] / min(run[kind]["p95"] for kind in PEERS[1:]) for run in runs)
        yield Row(f"{name}: echo, p95", "≤ 1.0 × the better peer", f"{ratio:.2f}", ratio <= 1.0)
        if writers >= 50:
            share = median(run["ours"]["cpu"] / min(run[kind]["cpu"] for kind in PEERS[1:]) for run in runs)
            yield Row(f"{name}: CPU of the server", "≤ 0.6 × both", f"{share:.2f}", share <= 0.6)
    with _busy():
        found = measure("ours", 1, 10, seconds)
    yield Row(
        "10 writers while another process is busy, p95",
        "≤ 15 ms",
        f"{found['p95']:.1f} ms",
        found["p95"] <= 15,
    )
    yield killed(kills, seconds)


def killed(kills: int, seconds: float) -> Row:
    """What is gone or doubled of what anybody saw, or was told to be saved, after so many kills with all browsers closed."""
    found = [measure("ours", 4, 5, seconds, kill=True) for _ in range(kills)]
    lost, doubled, promised = (sum(one[key] for one in found) for key in ("lost", "doubled", "promised"))
    return Row(
        f"kill -9 with all browsers closed, {kills} times",
        "0 of what was acknowledged or seen",
        f"{lost} lost, {doubled} doubled of {promised:,}",
        not lost and not doubled,
    )


@contextlib.contextmanager
def _busy() -> Iterator[None]:
    burner = subprocess.Popen([sys.executable, "-c", "while True: sum(range(10000))"])
    try:
        yield
    finally:
        burner.kill()
        burner.wait()


def main() -> None:
    """`python -m bench.live`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=1, help="how often the rooms are killed at the end")
    parser.add_argument("--only-kills", action="store_true")
    chosen = parser.parse_args()
    if not installed():
        sys.exit("The peers are not installed: run `python -m bench.peers install` first.")
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}")
    only = [killed(chosen.kills, chosen.seconds)] if chosen.only_kills else None
    for row in only or rows(chosen.seconds, chosen.pairs, chosen.kills):
        print(row.line(), flush=True)


if __name__ == "__main__":
    main()
