"""What a release of one lesson costs in the running studio: `python -m bench.release [--lessons 100 1000 5000]`.

One sentence of one lesson is edited and saved; then its release is measured, all three editions and the store's
record of it included, and now and then the way back. The workspace is made in a folder of its own, and its first
release, which builds everything, is not measured. CPU counts Git's processes too.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from bench.curricula import generate
from bench.measure import Row, at_most, table
from curriculum_studio.actions.releases import publish_release, take_back
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.people import Person
from curriculum_studio.publishing.build import Report
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio, open_studio

LEAD = Person("p-bench", "Bench", "lead")
_MARK = "## Lesson summary\n"


def _spent() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def measured(act: Callable[[], Report]) -> tuple[float, float]:
    """Milliseconds of CPU and of wall time that a release took; it must have built one page for each edition."""
    cpu, wall = _spent(), time.perf_counter()
    report = act()
    cost = (_spent() - cpu) * 1000, (time.perf_counter() - wall) * 1000
    if not report.done or report.built != 3:
        raise SystemExit(f"Not a release of one lesson: {report}")
    return cost


def edit(studio: Studio, path: str, turn: int) -> None:
    """One sentence more in a lesson, saved as a version."""
    text = studio.content.read(path).decode()
    changed = text.replace(
        _MARK, f"{_MARK}\nMeasured once more, the lighthouse stood {turn} steps away.\n", 1
    )
    base = studio.content.blob_id(path)
    author = Author("Bench", "p-bench")
    studio.content.save([Change(path, changed.encode(), base)], author, "Edited", datetime.now(UTC))


def rows(lessons: int, rounds: int) -> list[Row]:
    """The figures at one size."""
    with tempfile.TemporaryDirectory() as temporary:
        source, work = Path(temporary) / "source", Path(temporary) / "work"
        generate(source, lessons)
        new_workspace(work, FolderSnapshot(source))
        with closing(open_studio(work)) as studio:
            publish_release(studio, LEAD, "First")
            paths = sorted(
                path for path in studio.snapshot() if path.count("/") == 2 and path[-7:] != "unit.md"
            )
            releases, returns = [], []
            for turn in range(rounds + 2):
                edit(studio, paths[turn * 37 % len(paths)], turn)
                before = studio.content.published() or ""
                releases.append(measured(partial(publish_release, studio, LEAD, "One lesson")))
                if turn % 4 == 3:
                    returns.append(measured(partial(take_back, studio, LEAD, before)))
                    publish_release(studio, LEAD, "And again")
    # The first two fill what a studio that runs has filled long ago.
    return [
        row
        for what, costs in (("released", releases[2:]), ("taken back", returns))
        for row in (
            at_most(f"one lesson {what}, {lessons} lessons, CPU", median(c for c, _ in costs), 15, " ms"),
            at_most(f"one lesson {what}, {lessons} lessons, wall, 95th percentile",
                    sorted(w for _, w in costs)[int(len(costs) * 0.95)], 50, " ms"),
        )
    ]  # fmt: skip


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.release", description=__doc__)
    parser.add_argument("--lessons", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--rounds", type=int, default=40)
    asked = parser.parse_args()
    print(table([row for lessons in asked.lessons for row in rows(lessons, asked.rounds)]), flush=True)


if __name__ == "__main__":
    main()
