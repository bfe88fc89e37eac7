"""Comments on their words: how many of each kind of edit are found again, and what 500 of them on a long lesson cost."""

from __future__ import annotations

import random
import sys
import time

from bench.measure import Row, at_most, table
from curriculum_studio.domain.anchors import Place, anchor_at, find_all
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


if __name__ == "__main__":
    main()
