"""A district's evening: 300 writers on 100 lessons and 2,600 readers at one address, on this machine.

`python -m bench.evening [--minutes 5] [--writers 300] [--readers 2600]`. Needs `python -m bench.peers install`. The studio is served as
a district serves it (`serve`), with 1,000 lessons, a published site and a team's worth of people. Everybody has a sign-in of their own;
how people come in is not measured. Writers come over their sockets through the gate; each makes so many changes a second and names a
version now and then. Readers open working text and published pages. The clients run on the same cores, so what is left to the studio
is less than a server of that size has.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Row, at_most, table
from bench.peers import CACHE, ROOT
from bench.studio_data import copy_of, workspace
from bench.studio_start import Served
from curriculum_studio.actions.releases import publish_release
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio, open_studio
from curriculum_studio.web.gate import COOKIE

LESSONS, TOGETHER = 1000, 3
_LIVE = CACHE / "live"
_WARM = 20
_MOST_WORDS = 60
"""Of what one writer wrote, so many changes stay: who writes for an hour writes over much of it, and texts keep their size."""
_MEMORY = 4096.0


@dataclass(frozen=True)
class Evening:
    """What was asked for: minutes, people, changes a second of a writer, seconds between two pages of a reader and
    between two versions that one writer names, and the share of pages that are published ones."""

    minutes: float
    writers: int
    readers: int
    typing: float
    pause: float
    naming: float
    share: float
    seed: int

    @property
    def seconds(self) -> float:
        """How long it is measured, after everything is warm."""
        return self.minutes * 60


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def _people(studio: Studio, count: int) -> list[str]:
    """So many teachers who are signed in: the cookie of each."""
    now = int(time.time())
    found = []
    for number in range(count):
        person = studio.people.add(f"Teacher {number}", f"teacher{number}", "teacher")
        found.append(f"{COOKIE}={studio.sessions.open(person, now, now + 86400, 'Bench')}")
    return found


def _prepared(folder: Path, evening: Evening) -> tuple[list[str], list[str], list[str]]:
    """The workspace made ready: cookies, lessons that nobody owns, and addresses of the published site."""
    with closing(open_studio(folder)) as studio:
        cookies = _people(studio, evening.writers + evening.readers)
        _, curriculum = studio.curriculum()
        owned = set(studio.teams.owners())
        lessons = [path for path in curriculum.placed if curriculum.placed[path][0].facts.id not in owned]
        report = publish_release(studio, Person("p-bench", "Bench", "lead"), "An evening")
        if not report.done:
            raise SystemExit(f"The site was not published: {report}")
        site = studio.settings.folder / "sites" / "student"
        pages = sorted(site.glob("*/*/*/index.html"))[:1000] or sorted(site.rglob("*.html"))[:1000]
    return cookies, lessons, [f"/sites/student/{page.relative_to(site).parent}/" for page in pages]


class Memory(threading.Thread):
    """Looks every few seconds at what the studio's processes take together: shared pages counted once (PSS), MiB."""

    def __init__(self, root: int, every: float) -> None:
        super().__init__(daemon=True)
        self.root, self.every, self.seen = root, every, list[tuple[float, dict[int, float]]]()
        self.ended = threading.Event()
        self.programs: dict[int, str] = {}

    def run(self) -> None:
        began = time.monotonic()
        while not self.ended.wait(self.every):
            family = _family(self.root)
            self.programs |= {pid: _program(pid) for pid in family if pid not in self.programs}
            self.seen.append((time.monotonic() - began, {pid: _pss(pid) for pid in family}))

    def of(self, sizes: dict[int, float], program: str) -> float:
        """What the processes of one program took together."""
        return sum(size for pid, size in sizes.items() if self.programs[pid] == program)


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rsplit(") ", 1)[1].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(place.name))
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _pss(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def _clients(evening: Evening, port: int, lessons: list[str], cookies: list[str]) -> subprocess.Popen[str]:
    """The writers, three to a lesson, in a process of their own."""
    places = [lessons[number // TOGETHER].removesuffix(".md") for number in range(evening.writers)]
    origin = f"http://127.0.0.1:{port}"
    asked = {
        "kind": "ours", "documents": places, "rate": evening.typing, "seconds": evening.seconds, "warm": _WARM, "most": _MOST_WORDS,
        "urls": [f"ws://127.0.0.1:{port}/live/{place}" for place in places], "save": evening.naming,
        "headers": [{"Origin": origin, "Cookie": cookie} for cookie in cookies[: evening.writers]],
    }  # fmt: skip
    return _started(["node", "clients.mjs"], asked, _LIVE)


def _readers(
    evening: Evening, port: int, lessons: list[str], sites: list[str], cookies: list[str]
) -> subprocess.Popen[str]:
    asked = {
        "port": port, "pages": [f"/units/{path.removesuffix('.md')}" for path in lessons], "sites": sites,
        "pause": evening.pause, "share": evening.share, "seconds": evening.seconds + _WARM, "warm": _WARM,
        "seed": evening.seed, "cookies": cookies[evening.writers :],
    }  # fmt: skip
    return _started([sys.executable, "-m", "bench.evening_readers"], asked, ROOT)


def _started(command: list[str], asked: dict[str, Any], folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdin
    process.stdin.write(json.dumps(asked))
    process.stdin.close()
    return process


def _told(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout
    assert process.stderr
    output = process.stdout.read()
    if process.wait():
        raise SystemExit(process.stderr.read()[-2000:])
    found: dict[str, Any] = json.loads(output)
    return found


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _rows(
    evening: Evening,
    writing: dict[str, Any],
    reading: dict[str, Any],
    memory: Memory,
) -> list[Row]:
    pages, sites = reading["times"]["page"], reading["times"]["site"]
    echo = f"{writing['typed']:,} changes, {writing['heard']:,} heard, median {writing['p50']:.1f} ms"
    saved = f"{writing['saves']} versions, median {writing['save50'] or 0:.0f} ms, {writing['unsaved']} not answered at the end"
    warm = [sizes for at, sizes in memory.seen if at > _WARM]
    kept = [sum(sizes.values()) for sizes in warm]
    tenth = max(1, len(kept) // 10)
    first, last = median(kept[tenth : 3 * tenth] or kept[:1]), median(kept[-2 * tenth :])
    begun, ended = warm[tenth - 1], warm[-1]
    largest = sorted(ended, key=ended.__getitem__)[-3:]
    told = ", ".join(f"{begun.get(pid, 0):.0f} to {ended[pid]:.0f}" for pid in reversed(largest))
    git = f"Git's {memory.of(begun, 'git'):.0f} to {memory.of(ended, 'git'):.0f}"
    return [
        at_most(f"{evening.writers} writers on {evening.writers // TOGETHER} lessons: echo, p95", writing["p95"], 250, " ms", echo),
        at_most(f"{evening.readers:,} readers: a page of working text, p95", _p95(pages), 300, " ms",
                f"{len(pages) / evening.seconds:.1f} a second, median {median(pages):.0f} ms"),
        at_most(f"{evening.readers:,} readers: a published page, p95", _p95(sites), 300, " ms",
                f"{len(sites) / evening.seconds:.1f} a second, median {median(sites):.0f} ms"),
        Row("pages that were refused or lost", "0", json.dumps(reading["bad"]), not reading["bad"]),
        at_most("a version named, p95", writing["save95"] or float("inf"), 500, " ms", saved),
        at_most("memory of all processes together, most", max(kept), _MEMORY, " MiB"),
        at_most(f"memory, the end to the beginning of {evening.minutes:g} minutes", last / first, 1.1, " ×",
                f"{first:.0f} to {last:.0f} MiB; {git}; the three largest processes {told}"),
    ]  # fmt: skip


def measure(evening: Evening) -> list[Row]:
    """The evening, as it is measured."""
    made = workspace(LESSONS, 4 * LESSONS)
    shutil.copy(ROOT / "bench" / "peers" / "live" / "clients.mjs", _LIVE / "clients.mjs")
    with tempfile.TemporaryDirectory(dir=made.parent) as aside:
        folder = copy_of(made, Path(aside, "work"))
        _say("publishing, and signing everybody in")
        cookies, lessons, sites = _prepared(folder, evening)
        served = Served(folder)
        try:
            served.until("/readyz")
            _say("serving; the writers come in")
            memory = Memory(served.process.pid, max(1.0, evening.seconds / 300))
            writers = _clients(evening, served.port, lessons, cookies)
            assert writers.stderr
            # All sockets are open when it says so.
            if "typing" not in (said := writers.stderr.readline()):
                raise SystemExit(said + writers.stderr.read()[-2000:])
            _say(f"the evening begins: {evening.minutes:g} minutes")
            memory.start()
            readers = _readers(evening, served.port, lessons, sites, cookies)
            writing, reading = _told(writers), _told(readers)
            memory.ended.set()
        finally:
            served.stop()
    return _rows(evening, writing, reading, memory)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.evening", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--writers", type=int, default=300)
    parser.add_argument("--readers", type=int, default=2600)
    parser.add_argument("--typing", type=float, default=1.0, help="Changes a second of each writer.")
    parser.add_argument("--pause", type=float, default=180, help="Seconds between two pages of one reader.")
    parser.add_argument("--naming", type=float, default=600, help="Seconds between two versions that one writer names.")  # fmt: skip
    parser.add_argument("--share", type=float, default=0.5, help="Which part of what is read is the published site.")  # fmt: skip
    parser.add_argument("--seed", type=int, default=1)
    evening = Evening(**vars(parser.parse_args()))
    if not (_LIVE / "node_modules" / "ws").is_dir():
        sys.exit("The clients are not installed: run `python -m bench.peers install` first.")
    # The memory of facts is that of measured runs, not that of whoever measures.
    os.environ["XDG_CACHE_HOME"] = str(Path(".cache/bench/studio/caches").resolve())
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}", flush=True)
    print(table(measure(evening)))


if __name__ == "__main__":
    main()
