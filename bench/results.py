"""What results cost: a million lines brought in, and a district's year looked at. `python -m bench.results`.

Prints seconds, and the most memory that the process held, in MB.
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path

from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.evidence import Item, Option, Results, ResultSet, Tally, masks_of
from curriculum_studio.domain.item_report import report
from curriculum_studio.domain.people import Person
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.studio import open_studio

UNITS = Path(__file__).resolve().parents[1] / "units"
LEAD = Person("p-bench", "Bench", "lead")
LINES = 1_000_000


def million(lines: int = LINES) -> bytes:
    """A line for each of a million students, five problems."""
    draw = random.Random(1)
    body = [
        f"{n},{draw.choice('ABC')},{draw.choice('ABC')},{draw.randrange(4)},{draw.randrange(2)},{draw.choice('AB')}"
        for n in range(1, lines + 1)
    ]
    return ("row,q1,q2,q3,q4,q5\n" + "\n".join(body) + "\n").encode()


def year(sets: int = 600, students: int = 2000, problems: int = 12) -> list[Results]:
    """A district's year: so many groups on assessments of so many problems."""
    draw = random.Random(2)
    options = (Option("A", "", True), *(Option(mark, "", False, f"m-{mark.lower()}") for mark in "BCD"))
    found = []
    for _ in range(sets):
        tallies = []
        for number in range(problems):
            cuts = sorted(draw.randrange(students) for _ in range(3))
            counts = dict(
                zip("ABCD", (cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], students - cuts[2]), strict=True)
            )
            tallies.append(
                Tally(
                    Item(f"q{number}", "", "choices", options), counts, {m: 6 * c for m, c in counts.items()}
                )
            )
        found.append(Results(students, tuple(tallies), students * 6, students * 42))
    return found


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        new_workspace(Path(folder) / "work", FolderSnapshot(UNITS))
        studio = open_studio(Path(folder) / "work")
        content = million()
        began, cpu = time.perf_counter(), time.process_time()
        made = take_in_results(studio, LEAD, content, "mid6ratio", taken="2025-10").results
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{made.students if made else 0:,} lines taken in: {seconds:.1f} s, {cpu:.1f} s of CPU, {most:,.0f} MB at most"
        )
        for number, results in enumerate(year()):
            one = ResultSet(
                "", "mid6ratio", "p.md", "t", "v", f"blob{number}", "2025-11", 20, results, {}, "p", 0
            )
            studio.evidence.add(one, lambda earlier, results=results: masks_of(results, earlier))  # type: ignore[misc]
        for what in ("first", "again", "reports"):
            began, cpu = time.perf_counter(), time.process_time()
            found = (
                [report(one) for one in studio.evidence.all(year="2025-26")]
                if what == "reports"
                else studio.evidence.all(year="2025-26")
            )
            print(
                f"{len(found)} sets of a year ({what}): {1000 * (time.perf_counter() - began):.0f} ms, {1000 * (time.process_time() - cpu):.0f} ms of CPU"
            )
        studio.close()


if __name__ == "__main__":
    main()
