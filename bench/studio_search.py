"""Measures the studio's search: all made anew, one text that changed, and queries with filters, counts and snippets."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median, quantiles

from bench.curricula import generate
from bench.measure import Row, at_most, table
from curriculum_studio.actions.search import search_document
from curriculum_studio.formats.curriculum import is_text
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.storage.search import SearchDocument, SearchIndex, Standing

QUERIES = (
    "equivalent fractions",
    "ratio table",
    "6.RP.A.3",
    "slope",
    "exit ticket",
    "volume of a prism",
    "equivelent",
    "3/4",
    "y = mx + b",
    '"number line"',
    "students compare the",
    "stu",
    "grafing lines",
    "what do you notice about the table",
    "",
)
FILTERS: tuple[dict[str, frozenset[str]], ...] = (
    {},
    {"grade": frozenset("6")},
    {"state": frozenset(["draft"])},
)


def _standings(cards: Iterable[str], codes: Mapping[str, tuple[str, ...]]) -> dict[str, Standing]:
    return {
        path: Standing(
            path[6:7],
            path.rpartition("/")[0],
            "lesson",
            codes[path],
            f"p-{len(path) % 9}",
            ("draft", "in-unit", "released", "changed")[len(path) % 4],
        )
        for path in cards
    }


def _queries(
    index: SearchIndex, standings: dict[str, Standing], rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of each query: asked for the first time since the index changed, and later."""
    first: list[float] = []
    later: list[float] = []
    for turn in range(rounds + 1):
        for query in QUERIES:
            for filters in FILTERS:
                began = time.perf_counter()
                found = index.search(query, 20, standings=standings, filters=filters)
                spent = (time.perf_counter() - began) * 1000
                if not found.ready:
                    raise RuntimeError(f"Nothing was measured: the index could not answer {query!r}.")
                (later if turn else first).append(spent)
                if spent > 100 and "-v" in sys.argv:
                    print(f"{query!r} {filters}: {spent:.0f} ms", file=sys.stderr)
    return first, later


def _updates(
    index: SearchIndex, documents: list[SearchDocument], count: int
) -> tuple[list[float], list[float]]:
    """Milliseconds until `later` came back, and until the text was written."""
    back, done = [], []
    for one in documents[:count]:
        began = time.perf_counter()
        index.later([one])
        back.append((time.perf_counter() - began) * 1000)
        index.flush()
        done.append((time.perf_counter() - began) * 1000)
    return back, done


def measure(lessons: int, rounds: int, updates: int) -> list[Row]:
    """The rows for a curriculum of so many lessons."""
    with tempfile.TemporaryDirectory() as place:
        generate(Path(place, "source"), lessons)
        snapshot = FolderSnapshot(Path(place, "source"))
        paths = [path for path in snapshot if is_text(path)]
        index = SearchIndex(Path(place, "search"))
        began = time.perf_counter()
        index.rebuild(lambda: (len(paths), (search_document(path, snapshot[path]) for path in paths)))
        rebuilt = time.perf_counter() - began
        changed = [search_document(path, snapshot[path]) for path in paths[:: max(1, len(paths) // updates)]]
        codes = {path: ("6.RP.A.1", "6.RP.A.2", f"7.NS.A.{len(path) % 9}") for path in paths}
        size = sum(path.stat().st_size for path in Path(place, "search").rglob("*") if path.is_file()) / 2**20
        index.close()
        began = time.perf_counter()
        index = SearchIndex(Path(place, "search"))
        standings = _standings(index.cards(), codes)
        opened = (time.perf_counter() - began) * 1000
        first, later = _queries(index, standings, rounds)
        back, done = _updates(index, changed, updates)
        after, _ = _queries(index, standings, 0)
        index.close()
    name = f"{lessons:,} lessons"
    return [
        at_most(f"{name}: all made anew", rebuilt, 120, " s", f"{size:.0f} MiB"),
        Row(f"{name}: opened", "–", f"{opened:.0f} ms"),
        at_most(f"{name}: query, p95, first time", quantiles(first, n=20)[-1], 100, " ms", f"median {median(first):.0f} ms"),
        at_most(f"{name}: query, p95, later", quantiles(later, n=20)[-1], 100, " ms", f"median {median(later):.0f} ms"),
        at_most(f"{name}: query, p95, after {updates} updates", quantiles(after, n=20)[-1], 100, " ms"),
        at_most(f"{name}: one update written, median", median(done), 100, " ms", f"p95 {quantiles(done, n=20)[-1]:.0f} ms"),
        at_most(f"{name}: a save waits for search, most", max(back), 5, " ms"),
    ]  # fmt: skip


def main() -> int:
    """`python -m bench.studio_search [--lessons N]`; exit 1 where a goal is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lessons", type=int, default=2000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--updates", type=int, default=40)
    options.add_argument("-v", action="store_true", help="Name the slow queries.")
    given = options.parse_args()
    rows = measure(given.lessons, given.rounds, given.updates)
    print(table(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
