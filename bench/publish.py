"""What publishing costs beside the peers: `python -m bench.publish [--lessons 100 1000 5000] [--pairs 3]`.

Everything is generated, built and measured in `.cache/bench/work`; the table goes to standard output and
nothing else is kept. CPU seconds and ratios count; wall time says something on an idle machine only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median

from bench import peers, publish_rows
from bench.curricula import generate, write_for_peers
from bench.measure import Cost, Failed, Row, run, table
from bench.peer_forms import PEERS

WORK = peers.CACHE / "work"
BASE = 1000
"""The size at which peers are compared and the single figures are taken, where it is among the sizes."""


class Bench:
    """The curricula of one run and what was measured on them: for each (what, lessons), one cost a pair."""

    def __init__(self, sizes: list[int], pairs: int, peers_up_to: int) -> None:
        self.sizes = sorted(sizes)
        self.pairs = pairs
        self.peers_up_to = peers_up_to
        self.base = BASE if BASE in sizes else self.sizes[-1]
        self.costs: dict[tuple[str, int], list[Cost]] = {}
        self.troubles: list[str] = []
        self.written: dict[tuple[str, int], list[int]] = {}

    def source(self, lessons: int) -> Path:
        """The folder of a generated curriculum."""
        return WORK / f"source-{lessons}"

    def site(self, what: str, lessons: int) -> Path:
        """The folder that a build of ours goes to."""
        return WORK / f"out-{what}-{lessons}"

    def publish(self, what: str, lessons: int, *options: str, cold: bool, site: str | None = None) -> Cost:
        """One publish of ours in a fresh process, with caches of its own; `cold` takes away what is there."""
        out, cache = self.site(site or what, lessons), WORK / f"cache-{site or what}-{lessons}"
        if cold:
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(cache, ignore_errors=True)
        command = [sys.executable, "-m", "curriculum_studio", "publish", str(self.source(lessons))]
        environment = {"XDG_CACHE_HOME": str(cache)}
        return run([*command, "--to", str(out), "--json", *options], peers.ROOT, environment)

    def measure(self, what: str, lessons: int, act: Callable[[], Cost]) -> None:
        """Does one thing once and keeps its cost; what fails is named and left out."""
        if any(trouble.startswith(f"{what} at {lessons}:") for trouble in self.troubles):
            return
        try:
            self.costs.setdefault((what, lessons), []).append(act())
        except Failed as failure:
            self.costs.pop((what, lessons), None)
            self.troubles.append(f"{what} at {lessons}: {failure}")
        print(f"  {what} {lessons}: {self.costs.get((what, lessons), ['failed'])[-1]!r:.60}", file=sys.stderr)

    def peer(self, name: str, lessons: int) -> Cost:
        """One cold build of a peer."""
        folder = WORK / f"{name}-{lessons}"
        peers.clean(folder)
        return run(peers.command(name, folder), folder)

    def built_by(self, name: str, lessons: int) -> Path:
        """The site that a peer's last build made."""
        return WORK / f"{name}-{lessons}" / "public"

    def prepare(self) -> None:
        """Generates the curricula in every form, and lets Python compile our modules once."""
        shutil.rmtree(WORK, ignore_errors=True)
        for lessons in self.sizes:
            generate(self.source(lessons), lessons)
            for name in self.peers_at(lessons):
                write_for_peers(self.source(lessons), WORK / f"{name}-{lessons}", name)
        generate(self.source(1), 1)
        self.measure("first run", 1, lambda: self.publish("first", 1, cold=True))

    def peers_at(self, lessons: int) -> Iterator[str]:
        """The peers that are measured at a size."""
        return (name for name in PEERS if lessons <= self.peers_up_to and peers.installed(name))

    def full_builds(self, lessons: int) -> None:
        """One pair: ours cold, markdown-it-py alone, each peer, one after the other."""
        self.measure("student", lessons, lambda: self.publish("student", lessons, cold=True))
        alone = [sys.executable, "-m", "bench.markdown_alone", str(self.source(lessons))]
        self.measure("markdown-it-py alone", lessons, lambda: run(alone, peers.ROOT))
        for name in self.peers_at(lessons):
            self.measure(name, lessons, lambda name=name: self.peer(name, lessons))  # type: ignore[misc]

    def base_builds(self) -> None:
        """One pair of what is measured at one size: editions, two processes, nothing changed."""
        size = self.base
        self.measure(
            "teacher", size, lambda: self.publish("teacher", size, "--edition", "teacher", cold=True)
        )
        self.measure("all editions", size, lambda: self.publish("all", size, "--edition", "all", cold=True))
        self.measure("jobs 2", size, lambda: self.publish("jobs", size, "--jobs", "2", cold=True))
        before = _stamps(self.site("student", size))
        self.measure("nothing changed", size, lambda: self.publish("again", size, cold=False, site="student"))
        after = _stamps(self.site("student", size))
        self.written.setdefault(("nothing changed", size), []).append(_differences(before, after))

    def one_lesson(self, lessons: int, turn: int) -> None:
        """One sentence of one lesson is edited, published in a fresh process, and taken back."""
        pages = sorted(self.source(lessons).glob("grade-*/*/[0-9]*.md"))
        page = pages[len(pages) // 2]
        text = page.read_text("utf-8")
        sentence = f"Measured once more, the lighthouse stood {turn} steps away."
        page.write_text(
            text.replace("## Lesson summary\n", f"## Lesson summary\n\n{sentence}\n"), encoding="utf-8"
        )
        try:
            before = _stamps(self.site("student", lessons))
            self.measure(
                "one lesson", lessons, lambda: self.publish("one", lessons, cold=False, site="student")
            )
            after = _stamps(self.site("student", lessons))
            self.written.setdefault(("one lesson", lessons), []).append(_differences(before, after))
            built = self.site("student", lessons) / "student" / page.relative_to(self.source(lessons))
            if sentence not in (built.with_suffix("") / "index.html").read_text("utf-8"):
                self.troubles.append(f"one lesson at {lessons}: the edited sentence is not on the page")
        except FileNotFoundError as missing:
            name = Path(str(missing.filename)).parent.name
            self.troubles.append(f"one lesson at {lessons}: no page {name}")
        finally:
            page.write_text(text, encoding="utf-8")
        self.measure("taken back", lessons, lambda: self.publish("back", lessons, cold=False, site="student"))

    def figures(self, what: str, lessons: int, part: str = "cpu") -> list[float]:
        """The figures of all pairs; empty where nothing was measured."""
        return [float(getattr(cost, part)) for cost in self.costs.get((what, lessons), [])]


def _stamps(site: Path) -> dict[Path, tuple[int, int]]:
    """Each file of a site with its inode and time, the states of earlier publishes aside."""
    found = {}
    for path in site.rglob("*"):
        if path.is_file() and not path.name.startswith(".publish"):
            stat = path.stat()
            found[path] = (stat.st_ino, stat.st_mtime_ns)
    return found


def _differences(before: dict[Path, tuple[int, int]], after: dict[Path, tuple[int, int]]) -> int:
    return sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())


def measured(bench: Bench) -> list[Row]:
    """Runs everything, interleaved: each pair goes once through all that is compared."""
    bench.prepare()
    for turn in range(bench.pairs):
        print(f"pair {turn + 1} of {bench.pairs}", file=sys.stderr)
        for lessons in bench.sizes:
            bench.full_builds(lessons)
        bench.base_builds()
        for lessons in bench.sizes:
            bench.one_lesson(lessons, turn)
    return publish_rows.rows(bench)


def summary(bench: Bench) -> list[dict[str, object]]:
    """The medians of everything that was run."""
    parts = ("cpu", "wall", "peak")
    return [
        {"what": what, "lessons": lessons}
        | {part: round(median(bench.figures(what, lessons, part)), 3) for part in parts}
        for what, lessons in sorted(bench.costs, key=lambda key: (key[1], key[0]))
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.publish", description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--peers-up-to", type=int, default=BASE, help="largest size at which peers are run")
    parser.add_argument("--json", action="store_true", dest="as_json")
    arguments = parser.parse_args()
    bench = Bench(arguments.lessons, arguments.pairs, arguments.peers_up_to)
    rows = measured(bench)
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    if arguments.as_json:
        document = {
            "machine": load,
            "pairs": bench.pairs,
            "rows": [asdict(row) for row in rows],
            "costs": summary(bench),
            "troubles": bench.troubles,
        }
        print(json.dumps(document, indent=1))
        return
    print(f"{bench.pairs} pairs, {load}\n\n{table(rows)}\n\n| run | lessons | CPU s | wall s | peak MiB |")
    print("|---|---|---|---|---|")
    for cost in summary(bench):
        figures = f"{cost['cpu']:.2f} | {cost['wall']:.2f} | {cost['peak']:.0f}"
        print(f"| {cost['what']} | {cost['lessons']} | {figures} |")
    for trouble in bench.troubles:
        print(f"\nNot measured: {trouble}")


if __name__ == "__main__":
    main()
