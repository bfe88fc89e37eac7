"""Measures the studio with 10,000 lessons and 50,000 versions: `python -m bench.studio [--only page save …]`.

Everything goes through the pages as a browser would ask for them, in a copy of a workspace that is made once. Server
time is that of a request from end to end in one process; where a goal is stated in it, CPU is printed beside it.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import structlog
from flask import Flask
from flask.testing import FlaskClient

from bench.measure import Row, at_most, table
from bench.studio_data import copy_of, long_lesson, workspace
from bench.studio_search import QUERIES
from bench.studio_start import starts
from curriculum_studio.access import Access
from curriculum_studio.actions.history import compare_texts, text_at
from curriculum_studio.actions.search import rebuild_search
from curriculum_studio.collector import keep_what_stands, look_seldom, pass_on_quickly
from curriculum_studio.studio import Studio, open_studio
from curriculum_studio.web.app import create_app

WRITERS = 16
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Desk:
    """An opened workspace, its application, a browser of Ada's, and chance fixed for the run."""

    studio: Studio
    app: Flask
    ada: FlaskClient
    chance: random.Random
    lessons: list[str]
    long: str


@dataclass
class Times:
    """Milliseconds of wall time and of CPU (children included) of each request."""

    wall: list[float]
    cpu: list[float]

    def p95(self) -> float:
        """The 95th percentile of the wall time."""
        return sorted(self.wall)[int(len(self.wall) * 0.95)]

    def row(self, what: str, limit: float) -> Row:
        """A line of the table for the 95th percentile."""
        note = (
            f"median {median(self.wall):.1f} ms, of it CPU {median(self.cpu):.1f} ms; {len(self.wall)} times"
        )
        return at_most(f"{what}, p95", self.p95(), limit, " ms", note)


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def measured(
    count: int, ask: Callable[[int], object], before: Callable[[int], object] | None = None
) -> Times:
    """What so many requests cost, each after a step that is not measured."""
    times = Times([], [])
    for number in range(count):
        if before is not None:
            before(number)
        cpu, began = _cpu(), time.perf_counter()
        ask(number)
        times.wall.append((time.perf_counter() - began) * 1000)
        times.cpu.append((_cpu() - cpu) * 1000)
    return times


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser in which a sample person is signed in."""
    client = app.test_client()
    answer = client.post("/sign-in", data={"sample": name, "csrf_token": _token(client, "/sign-in")})
    if answer.status_code != 303:
        raise RuntimeError(f"{name} could not sign in: {answer.status}")
    return client


def _token(client: FlaskClient, page: str) -> str:
    match = _TOKEN.search(client.get(page).get_data(as_text=True))
    if match is None:
        raise RuntimeError(f"{page} holds no form.")
    return match[1]


def _get(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status}.")
    return answer.get_data(as_text=True)


def _page(path: str, leaf: str = "") -> str:
    return f"/units/{path.removesuffix('.md')}{leaf}"


@contextmanager
def opened(lessons: int, versions: int) -> Iterator[Desk]:
    """A copy of a workspace, opened and warm; deleted afterwards."""
    made = workspace(lessons, versions)
    with tempfile.TemporaryDirectory(dir=made.parent) as place:
        studio = open_studio(copy_of(made, Path(place, "work")))
        app = create_app(studio)
        long = long_lesson(made)
        _snapshot, curriculum = studio.curriculum()
        # Only lessons that no team owns: Ada and all other sample people may write them.
        owned = set(studio.teams.owners())
        free = [p for p in curriculum.placed if curriculum.placed[p][0].facts.id not in owned and p != long]
        if not studio.search.ready:
            rebuild_search(studio)
        # As `serve` does.
        look_seldom()
        pass_on_quickly()
        keep_what_stands()
        try:
            yield Desk(studio, app, signed_in(app, "ada"), random.Random(1), free, long)
        finally:
            studio.search.flush()
            studio.close()


class Saver:
    """A browser that saves versions of lessons through the editor's form."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.client = desk, signed_in(desk.app, name)
        self.token = _token(self.client, _page(desk.lessons[0], "/edit"))

    def prepare(self, path: str) -> dict[str, str]:
        """The form of a change at the end of a lesson."""
        snapshot = self.desk.studio.snapshot()
        text = snapshot[path].decode() + f"\nMore {time.perf_counter_ns()}.\n"
        return {"csrf_token": self.token, "text": text, "base": snapshot.blob(path), "note": "Measured"}

    def save(self, path: str, form: dict[str, str]) -> None:
        """Sends it; the version is durable when the answer is here."""
        answer = self.client.post(_page(path, "/edit"), data=form)
        if answer.status_code != 303:
            raise RuntimeError(f"{path} was not saved: {answer.status}")


def saving(desk: Desk, count: int) -> Times:
    """Saves of one writer, one after the other; search follows in the background meanwhile."""
    saver = Saver(desk, "dana")
    paths = desk.chance.sample(desk.lessons, min(count + 3, len(desk.lessons)))
    forms: dict[int, dict[str, str]] = {}

    def before(number: int) -> None:
        forms[number] = saver.prepare(paths[number % len(paths)])

    def save(number: int) -> None:
        saver.save(paths[number % len(paths)], forms[number])

    measured(3, save, before)
    return measured(count, save, before)


def pages(desk: Desk, count: int) -> list[Row]:
    """Pages of lessons that nobody opened before, the same again, and each after somebody saved."""
    paths = desk.chance.sample(desk.lessons, min(count, len(desk.lessons)))
    measured(5, lambda n: _get(desk.ada, _page(desk.lessons[n])))
    first = measured(len(paths), lambda n: _get(desk.ada, _page(paths[n])))
    again = measured(len(paths), lambda n: _get(desk.ada, _page(paths[n])))
    saver = Saver(desk, "dana")

    def before(_: int) -> None:
        saver.save(path := desk.chance.choice(desk.lessons), saver.prepare(path))
        desk.studio.search.flush()

    after = measured(40, lambda n: _get(desk.ada, _page(paths[n])), before)
    return [
        first.row("page of a lesson, opened for the first time", 40),
        again.row("page of a lesson, opened before", 40),
        after.row("page of a lesson, just after somebody saved another", 40),
    ]


def homes(desk: Desk, count: int) -> list[Row]:
    """The home page of a teacher with units of her own, of a lead, and after somebody saved."""
    dana = signed_in(desk.app, "dana")
    saver = Saver(desk, "dana")

    def before(_: int) -> None:
        saver.save(path := desk.chance.choice(desk.lessons), saver.prepare(path))
        desk.studio.search.flush()

    measured(3, lambda n: _get(desk.ada, "/"))
    mine = measured(count, lambda n: _get(desk.ada, "/"))
    lead = measured(count, lambda n: _get(dana, "/"))
    after = measured(count, lambda n: _get(desk.ada, "/"), before)
    return [
        mine.row("home of a teacher", 80),
        lead.row("home of a lead", 80),
        after.row("home of a teacher, just after somebody saved", 80),
    ]


def saves(desk: Desk, count: int) -> list[Row]:
    """Saves of one, and of sixteen at once."""
    alone = saving(desk, count)
    savers = [Saver(desk, ("ada", "ben", "carla", "dana")[n % 4]) for n in range(WRITERS)]
    desk.studio.search.flush()
    wall: list[float] = []

    def write(number: int) -> None:
        paths = desk.lessons[number * 50 : number * 50 + max(4, count // 6)]
        for path in paths:
            form = savers[number].prepare(path)
            began = time.perf_counter()
            savers[number].save(path, form)
            wall.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    cpu, began = _cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    each = (_cpu() - cpu) * 1000 / len(wall)
    together = Times(wall, [each])
    return [
        alone.row("save a version, alone", 60),
        together.row(f"save a version, {WRITERS} writers ({len(wall) / seconds:.0f} a second)", 300),
    ]


def growth(count: int) -> list[Row]:
    """The same save in a large and in a small workspace, by turns."""
    rows = []
    with opened(19_000, 50_000) as large, opened(475, 500) as small:
        big, little = Times([], []), Times([], [])
        for _ in range(5):
            for desk, into in ((small, little), (large, big)):
                found = saving(desk, max(10, count // 4))
                desk.studio.search.flush()
                into.wall += found.wall
                into.cpu += found.cpu
        files = len(large.studio.snapshot())
        for name, one, other in (("wall", big.wall, little.wall), ("CPU", big.cpu, little.cpu)):
            what = f"save a version, {files:,} files to {len(small.studio.snapshot())}, medians of {name}"
            note = f"{median(one):.1f} ms to {median(other):.1f} ms"
            rows.append(at_most(what, median(one) / median(other), 1.3, " ×", note))
        rows.append(big.row(f"save a version alone, {files:,} files", 60))
    return rows


def histories(desk: Desk, count: int) -> list[Row]:
    """The first page of a history of 2,000 versions, one further on, and comparisons of any two."""
    path, content = desk.long, desk.studio.content
    versions: list[str] = []
    while rows := content.history(path, limit=500, after=versions[-1] if versions else None):
        versions += [row.id for row in rows]
    size = len(desk.studio.snapshot()[path]) / 1000
    pairs = [desk.chance.sample(versions, 2) for _ in range(count)]
    saver = Saver(desk, "dana")

    def save(_: int) -> None:
        # What was listed from an older version is then no use.
        saver.save(other := desk.chance.choice(desk.lessons), saver.prepare(other))

    _get(desk.ada, _page(path, "/history"))
    first = measured(count, lambda n: _get(desk.ada, _page(path, "/history")), save)
    desk.studio.search.flush()
    again = measured(count, lambda n: _get(desk.ada, _page(path, "/history")))
    deep = measured(
        count, lambda n: _get(desk.ada, _page(path, f"/history?after={versions[n * 40 % len(versions)]}"))
    )
    reads = Access(desk.studio, desk.studio.people.by_account("ada").person).reads

    def compare(n: int) -> None:
        compare_texts(desk.studio, reads, path, *(text_at(desk.studio, path, v) for v in pairs[n]))

    words = measured(count, compare)
    page = measured(
        count, lambda n: _get(desk.ada, _page(path, f"/compare?from={pairs[n][0]}&to={pairs[n][1]}"))
    )
    return [
        first.row(f"history of {len(versions):,} versions, first page, somebody saved before", 60),
        again.row("the same, asked again", 60),
        deep.row("history, a page further down", 60),
        words.row(f"words of any two versions of {size:.0f} KB", 200),
        page.row(f"the page that compares any two versions of {size:.0f} KB", 200),
    ]


def searches(desk: Desk, count: int) -> list[Row]:
    """Queries with snippets and filters; one lesson updated; everything made anew."""
    addresses = [
        f"/search/results?q={query.replace('+', '%2B').replace(' ', '+')}{more}"
        for query in QUERIES
        if query
        for more in ("", "&grade=6", "&state=draft")
    ]
    first = measured(len(addresses), lambda n: _get(desk.ada, addresses[n]))
    later = measured(len(addresses) * 3, lambda n: _get(desk.ada, addresses[n % len(addresses)]))
    saver = Saver(desk, "dana")

    def save(number: int) -> None:
        desk.studio.search.flush()
        path = desk.lessons[number * 7]
        saver.save(path, saver.prepare(path))

    updated = measured(count, lambda n: desk.studio.search.flush(), save)
    after = measured(count, lambda n: _get(desk.ada, addresses[n % len(addresses)]), save)
    began, cpu = time.perf_counter(), _cpu()
    total = rebuild_search(desk.studio)
    spent = time.perf_counter() - began
    note = f"{total:,} texts, CPU {_cpu() - cpu:.0f} s"
    return [
        first.row("search with snippets, asked for the first time", 100),
        later.row("search with snippets, asked again", 100),
        updated.row("search has one lesson anew, in the background", 100),
        after.row("search at once after a save (it waits for the lesson)", 400),
        at_most("search made anew", spent, 120, " s", note),
    ]


def _told(rows: list[Row]) -> list[Row]:
    """Says what was found at once: whatever befalls a later measurement, this one is kept."""
    print(table(rows), file=sys.stderr, flush=True)
    return rows


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=50_000)
    parser.add_argument("--count", type=int, default=60)
    parts: dict[str, Callable[[Desk, int], list[Row]]] = {
        "page": pages,
        "home": homes,
        "save": saves,
        "history": histories,
        "search": searches,
    }
    parser.add_argument("--only", nargs="+", choices=[*parts, "growth", "start"], default=[])
    given = parser.parse_args()
    # A line for each request would drown the table.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    # The memory of facts is that of measured runs, not that of whoever measures.
    os.environ["XDG_CACHE_HOME"] = str(Path(".cache/bench/studio/caches").resolve())
    wanted = given.only or [*parts, "growth", "start"]
    rows: list[Row] = []
    if any(name in parts for name in wanted):
        with opened(given.lessons, given.versions) as desk:
            for name, measure in parts.items():
                if name in wanted:
                    rows += _told(measure(desk, given.count))
                    desk.studio.search.flush()
    if "growth" in wanted:
        rows += _told(growth(given.count))
    if "start" in wanted:
        rows += _told(starts(given.lessons, given.versions))
    print(table(rows))
    return 1 if any(row.met is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
