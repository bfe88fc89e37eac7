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
from curriculum_studio.web.app import create_app
from tests.laws.anchor_edits import GOALS, campaign, corpus, edit_elsewhere, plain, words_of

_SIZE = 30_000
_THREADS = 500


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
    rows.append(
        at_most(
            f"{_THREADS} threads on {_SIZE // 1000} KB, the page of their review opened",
            opened(seed),
            1.0,
            " s",
        )
    )
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


def opened(seed: int) -> float:
    """Seconds that the page of a review takes with so many threads, its text changed since they were made."""
    rng = random.Random(seed)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "work"
        body = "\n\n".join(one for one in corpus() if "```" not in one)[:_SIZE]
        new_workspace(place, {"long.md": f"---\ntitle: Long\n---\n\n{body}\n".encode()}, samples=True)
        with closing(open_studio(place)) as studio:
            blob, text = studio.content.blob_id("long.md"), studio.snapshot()["long.md"].decode()
            rows = []
            for number in range(_THREADS):
                start = rng.randrange(60, len(text) - 80)
                words = anchor_at(text, start, start + rng.randint(8, 80), blob)
                rows.append(("long.md", "long.md", words, None if number % 5 else f"{words.quote} as well"))
            studio.reviews.start(rows, studio.people.samples()[0][1].key, "Why?", {})
            changed = words_of(text)
            edit_elsewhere(rng, changed, 60)
            change = Change("long.md", plain(changed).encode(), blob)
            studio.content.save([change], Author("Ada", "p-a"), "Changed", datetime.now(UTC))
            app = create_app(studio)
            app.testing = True
            browser = app.test_client()
            page = browser.get("/sign-in").get_data(as_text=True)
            token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
            browser.post("/sign-in", data={"sample": "dana", "csrf_token": token})
            browser.get("/units/long/history")
            began = time.perf_counter()
            answer = browser.get("/units/long/review")
            took = time.perf_counter() - began
            if answer.status_code != 200:
                raise SystemExit(f"The page answered {answer.status_code}.")
            return took


if __name__ == "__main__":
    main()
