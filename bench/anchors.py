"""Comments on their words: how many of each kind of edit are found again, and what 500 of them on a long lesson cost."""

from __future__ import annotations

import random
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Row, at_most, table
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.anchors import Place, anchor_at, find_all
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import open_studio
from tests.laws.anchor_edits import GOALS, campaign, corpus, edit_elsewhere, plain, words_of
from tests.laws.test_serving import Browser, free_port, served

_SIZE = 30_000
_THREADS = 500
_LONG = "unit/long.md"


def main() -> None:
    """Prints the table; the number of trials a row and the seed may be given."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    rows = []
    for row in campaign(trials, seed):
        least, most = GOALS[row.name]
        right, wrong = row.right / row.trials, row.wrong / row.trials
        figure = f"{right:.1%} right, {wrong:.1%} wrong, {row.lost / row.trials:.1%} lost"
        goal = f"≥ {least:.0%} right, ≤ {most:.0%} wrong"
        rows.append(Row(row.name, goal, figure, right >= least and wrong <= most))
    rows.append(
        at_most(f"{_THREADS} places on {_SIZE // 1000} KB, after 60 edits", followed(seed), 1.0, " s")
    )
    anew, again = opened(seed)
    what = f"{_THREADS} threads on {_SIZE // 1000} KB, the page of their review over HTTP"
    rows.append(at_most(f"{what}, all found again after 60 edits", anew, 1.0, " s"))
    rows.append(at_most(f"{what}, opened once more", again, 1.0, " s"))
    print(f"Trials a row: {trials}; seed {seed}.\n\n{table(rows)}")


def followed(seed: int) -> float:
    """Seconds that it takes to find 500 places again."""
    rng = random.Random(seed)
    text = "\n\n".join(corpus())[:_SIZE]
    anchors = {}
    for number in range(_THREADS):
        start = rng.randrange(len(text) - 80)
        anchor = anchor_at(text, start, start + rng.randint(8, 80), "old")
        anchors[str(number)] = (anchor, Place("old", anchor.start, anchor.end))
    changed = words_of(text)
    edit_elsewhere(rng, changed, 60)
    began = time.perf_counter()
    find_all(anchors, {"old": text}, "new", plain(changed))
    return time.perf_counter() - began


def opened(seed: int) -> tuple[float, float]:
    """Seconds that the page of a review takes with so many threads: right after its text has changed, and once more."""
    rng = random.Random(seed)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        body = "\n\n".join(one for one in corpus() if "```" not in one)[:_SIZE]
        files = {"curriculum.md": _page("cccccccc", "Small"), "unit/unit.md": _page("uuuuuuuu", "Unit")}
        new_workspace(place, files, samples=True)
        with closing(open_studio(place)) as studio:
            change = Change(_LONG, _page("long1234", "Long", body), None)
            studio.content.save([change], Author("Ada", "p-a"), "Written", datetime.now(UTC))
            blob, text = studio.content.blob_id(_LONG), studio.snapshot()[_LONG].decode()
            rows = []
            for number in range(_THREADS):
                start = rng.randrange(60, len(text) - 80)
                words = anchor_at(text, start, start + rng.randint(8, 80), blob)
                rows.append(("long1234", _LONG, words, None if number % 5 else f"{words.quote} as well"))
            studio.reviews.start(rows, studio.people.samples()[0][1].key, "Why?", {})
        changed, port = words_of(text), free_port()
        edit_elsewhere(rng, changed, 60)
        with served(place, port):
            browser = Browser(port)
            browser.sign_in("dana")
            token = (
                browser.get("/units/unit/long/edit")
                .partition('name="csrf_token" value="')[2]
                .partition('"')[0]
            )
            form = {"csrf_token": token, "base": blob, "text": plain(changed)}
            if browser.post("/units/unit/long/edit", **form) != 303:
                raise SystemExit("The change was not taken.")
            return _seconds(browser, "/units/unit/long/review"), _seconds(browser, "/units/unit/long/review")


def _page(key: str, title: str, body: str = "Words.") -> bytes:
    return f"---\nid: {key}\ntitle: {title}\n---\n\n{body}\n".encode()


def _seconds(browser: Browser, address: str) -> float:
    began = time.perf_counter()
    found = browser.get(address).count("data-thread")
    took = time.perf_counter() - began
    if found < _THREADS:
        raise SystemExit(f"The page shows {found} threads.")
    return took


if __name__ == "__main__":
    main()
