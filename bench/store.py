"""Measures the content store: `python -m bench.store [--files 500 5000]`.

Prints one durable version against `git add` and `git commit`, eight writers, and the 95th percentile of a save,
each beside its goal. Everything happens in a folder of its own that is deleted afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change

WHO = Author("Bench", "p-bench")


def git(folder: Path, *arguments: str) -> None:
    """Runs git in a work tree, quietly."""
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def by_git(folder: Path, files: int, rounds: int) -> float:
    """Seconds of one `git add` and `git commit` in a work tree of so many files, the median."""
    git(folder.parent, "init", "-q", folder.name)
    git(folder, "config", "user.email", "bench@studio.invalid")
    git(folder, "config", "user.name", "Bench")
    for number in range(files):
        path = folder / f"unit-{number // 50}" / f"{number}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"lesson {number}\n" * 40)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "start")
    times = []
    for number in range(rounds):
        (folder / "unit-0" / "0.md").write_text(f"changed {number}\n")
        started = time.perf_counter()
        git(folder, "add", "unit-0/0.md")
        git(folder, "commit", "-qm", "x")
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def filled(folder: Path, files: int) -> Content:
    """A store with so many files."""
    content = Content.create(folder)
    changes = [Change(f"unit-{n // 50}/{n}.md", f"lesson {n}\n".encode() * 40, None) for n in range(files)]
    content.save(changes, WHO, "start", datetime.now(UTC))
    return content


def saves(content: Content, writers: int, each: int) -> tuple[list[float], float]:
    """Seconds of each save, and of all, with so many writers at once."""
    times: list[float] = []

    def write(name: int) -> None:
        for number in range(each):
            started = time.perf_counter()
            text = f"{name} {number}\n".encode()
            content.save([Change(f"w{name}/{writers}-{number}.md", text, None)], WHO, "x", datetime.now(UTC))
            times.append(time.perf_counter() - started)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - started


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return sorted(times)[int(len(times) * 0.95)] * 1000


def row(what: str, goal: str, figure: str, met: bool) -> None:
    """Prints a row of the table."""
    print(f"| {what} | {goal} | {figure} | {'met' if met else '**missed**'} |")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[500, 5000])
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    print("| measured | goal | figure | |\n|---|---|---|---|")
    alone: dict[int, float] = {}
    for files in asked.files:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "tree").mkdir()
            git_seconds = by_git(folder / "tree", files, 10)
            content = filled(folder / "store.git", files)
            times, _ = saves(content, 1, asked.rounds)
            alone[files] = statistics.median(times)
            ratio = alone[files] / git_seconds
            figure = f"{ratio:.2f} × ({alone[files] * 1000:.1f} ms to {git_seconds * 1000:.1f} ms)"
            row(
                f"one durable version, {files} files, to `git add` and `commit`",
                "≤ 0.5 ×",
                figure,
                ratio <= 0.5,
            )
            row(f"a save alone, {files} files, p95", "≤ 60 ms", f"{p95(times):.1f} ms", p95(times) <= 60)
            times, seconds = saves(content, 8, asked.rounds)
            speed = len(times) / seconds
            row(f"8 writers, {files} files, durable versions a second", "≥ 50", f"{speed:.0f}", speed >= 50)
            times, _ = saves(content, 16, asked.rounds)
            row(
                f"a save with 16 writers, {files} files, p95",
                "≤ 300 ms",
                f"{p95(times):.1f} ms",
                p95(times) <= 300,
            )
            content.close()
    first, last = min(alone), max(alone)
    growth = alone[last] / alone[first]
    row(f"one version, {last} files to {first}", "≤ 1.3 ×", f"{growth:.2f} ×", growth <= 1.3)


if __name__ == "__main__":
    main()
