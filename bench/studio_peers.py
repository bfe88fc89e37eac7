"""Measures the studio beside two wikis that keep the same texts: `python -m bench.studio_peers [--lessons 1000] [--rounds 500]`.

Each is served by one process with threads, filled with the same lessons, and asked over HTTP by browsers that are
signed in where one has to be; one at a time for pages, sixteen at once for saves. The wikis come with `python -m bench.wikis install`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.measure import Row, at_least, at_most, table
from bench.studio_data import copy_of, long_lesson, workspace
from bench.wikis import Browser, Moin, Otter, Wiki, fields_of, installed
from curriculum_studio.studio import open_studio

EDITORS = 16
QUERIES = (
    "equivalent",
    "ratio",
    "fraction",
    "double number line",
    "students",
    "multiply",
    "table",
    "measure",
)
SAMPLES = ("ada", "ben", "carla", "dana")


class Ours(Wiki):
    """The studio; page 0 is the lesson with the long history."""

    name = "Curriculum Studio"

    def __init__(self, paths: Sequence[str]) -> None:
        self.paths = paths

    def fill(self, folder: Path, texts: Sequence[str], earlier: Sequence[str]) -> None:
        """It is filled already: the others get their texts from it."""

    def started(self, folder: Path, port: int) -> list[str]:
        return [sys.executable, "-m", "curriculum_studio", "serve", str(folder / "work"), "--port", str(port)]

    def surroundings(self, folder: Path) -> dict[str, str]:
        return {"PYTHONPATH": str(Path(__file__).parent.parent)}

    def browser(self, address: str, number: int) -> Browser:
        found = Browser(address)
        token = fields_of(found.get("/sign-in"))["csrf_token"]
        if found.send("/sign-in", {"sample": SAMPLES[number % len(SAMPLES)], "csrf_token": token}) != 303:
            raise RuntimeError("Nobody could sign in.")
        return found

    def page(self, number: int) -> str:
        return f"/units/{self.paths[number].removesuffix('.md')}"

    def search(self, words: str) -> str:
        return f"/search/results?q={words.replace(' ', '+')}"

    def history(self) -> str:
        return f"{self.page(0)}/history"

    def prepared(self, browser: Browser, number: int, text: str) -> tuple[str, dict[str, str]]:
        place = f"{self.page(number)}/edit"
        kept = fields_of(browser.get(place))
        return place, {
            "csrf_token": kept["csrf_token"],
            "base": kept["base"],
            "text": text,
            "note": "Measured",
        }

    def saved(self, code: int) -> bool:
        return code == 303


def asked(browser: Browser, places: Sequence[str]) -> float:
    """The median of what the pages took, in milliseconds; one is asked for before the clock runs."""
    browser.get(places[0])
    spent = []
    for place in places:
        began = time.perf_counter()
        browser.get(place)
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent)


def saves(wiki: Wiki, address: str, texts: Sequence[str], each: int) -> float:
    """Saves that were taken, a second, while sixteen editors save pages of their own, `each` one after the other."""
    spent, done = 0.0, 0
    with ThreadPoolExecutor(EDITORS) as pool:
        browsers = list(pool.map(lambda editor: wiki.browser(address, editor), range(EDITORS)))
        for turn in range(each):
            numbers = [100 + editor * each + turn for editor in range(EDITORS)]

            def form(browser: Browser, number: int, turn: int = turn) -> tuple[str, dict[str, str]]:
                return wiki.prepared(browser, number, f"{texts[number]}\nMore {turn}.\n")

            # Only what saving takes is counted, not the fetching of the forms: one after the other, since not every wiki
            # gives sixteen at once.
            forms = list(map(form, browsers, numbers))
            began = time.perf_counter()
            codes = list(pool.map(lambda browser, sent: browser.send(*sent), browsers, forms))
            spent += time.perf_counter() - began
            done += sum(map(wiki.saved, codes))
            if not all(map(wiki.saved, codes)):
                print(f"{wiki.name} answered {sorted(set(codes))} to {EDITORS} saves", file=sys.stderr)
    return done / spent


def overwritten(wiki: Wiki, address: str, texts: Sequence[str], rounds: int) -> tuple[int, int]:
    """Two open one page, both write in the same line and save: how many were told "saved", and how many of those texts are gone."""
    told = gone = 0
    one, other = wiki.browser(address, 0), wiki.browser(address, 1)
    for turn in range(rounds):
        number = 300 + turn % 200
        words = [f"Zyx{turn}{name} stands here." for name in "ab"]
        forms = [
            wiki.prepared(browser, number, f"{texts[number]}\n{word}\n")
            for browser, word in zip((one, other), words, strict=True)
        ]
        codes = [browser.send(*form) for browser, form in zip((one, other), forms, strict=True)]
        page = one.get(wiki.page(number))
        for code, word in zip(codes, words, strict=True):
            told += wiki.saved(code)
            gone += wiki.saved(code) and word not in page
    return told, gone


def measure(
    wiki: Wiki, folder: Path, port: int, texts: Sequence[str], rounds: int, each: int
) -> dict[str, float]:
    """All figures of one of them."""
    found: dict[str, float] = {}
    with wiki.serving(folder, port) as address:
        browser = wiki.browser(address, 0)
        pages = [wiki.page(number) for number in range(1, 40)]
        found["page"], found["again"] = asked(browser, pages), asked(browser, pages)
        found["search"] = asked(browser, [wiki.search(query) for query in QUERIES])
        if wiki.history():
            found["history"] = asked(browser, [wiki.history()] * 5)
        print(wiki.name, found, file=sys.stderr, flush=True)
        found["saves"] = saves(wiki, address, texts, each)
        found["told"], found["gone"] = overwritten(wiki, address, texts, rounds)
    print(wiki.name, found, file=sys.stderr, flush=True)
    return found


def rows_of(ours: dict[str, float], moin: dict[str, float], otter: dict[str, float]) -> list[Row]:
    """The figures against the goals."""

    def beside(what: str, key: str, peer: str, theirs: dict[str, float], limit: float) -> Row:
        note = f"{ours[key]:.1f} ms to {theirs[key]:.1f} ms"
        return at_most(f"{what}, to {peer}", ours[key] / theirs[key], limit, " ×", note)

    return [
        beside("page of a lesson that nobody opened before", "page", "MoinMoin 2", moin, 0.5),
        beside("page of a lesson that nobody opened before", "page", "Otter Wiki", otter, 0.03),
        beside("page of a lesson, opened before", "again", "MoinMoin 2", moin, 0.5),
        beside("page of a lesson, opened before", "again", "Otter Wiki", otter, 0.03),
        beside("search", "search", "MoinMoin 2", moin, 0.3),
        beside("search", "search", "Otter Wiki", otter, 0.1),
        beside("history of 2,000 versions", "history", "Otter Wiki", otter, 0.06),
        at_least(
            f"saves a second of {EDITORS} editors, to MoinMoin 2", ours["saves"] / moin["saves"], 10, " ×",
            f"{ours['saves']:.1f} to {moin['saves']:.2f}; Otter Wiki {otter['saves']:.2f}",
        ),
        at_most(
            "texts gone of those that were told to be saved", ours["gone"], 0, "",
            f"of {ours['told']:.0f}; MoinMoin 2 {moin['gone']:.0f} of {moin['told']:.0f}, Otter Wiki {otter['gone']:.0f} of {otter['told']:.0f}",
        ),
    ]  # fmt: skip


def main() -> int:
    """Fills the three, asks them one after the other, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=500, help="pairs of saves of one page by two people")
    options = parser.parse_args()
    if not installed():
        print("Run `python -m bench.wikis install` first.", file=sys.stderr)
        return 2
    made = workspace(options.lessons, 4000)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=made.parent))).resolve()
        (place / "ours").mkdir()
        studio = open_studio(copy_of(made, place / "ours" / "work"))
        snapshot, curriculum = studio.curriculum()
        long, owned = long_lesson(made), set(studio.teams.owners())
        paths = [
            long,
            *(p for p, (unit, _, _) in curriculum.placed.items() if unit.facts.id not in owned and p != long),
        ]
        texts = [snapshot[path].decode() for path in paths]
        versions = studio.content.history(long, limit=2000)
        earlier = [studio.content.read_at(long, version.id).decode() for version in reversed(versions)]
        studio.close()
        found = []
        kinds: list[tuple[Callable[[], Wiki], int, int]] = [
            (lambda: Ours(paths), options.rounds, 4), (Moin, 10, 2), (Otter, 10, 1),
        ]  # fmt: skip
        for port, (kind, rounds, each) in enumerate(kinds, 8471):
            wiki = kind()
            folder = place / type(wiki).__name__.lower()
            folder.mkdir(exist_ok=True)
            wiki.fill(folder, texts, earlier)
            found.append(measure(wiki, folder, port, texts, rounds, each))
    rows = rows_of(*found)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
