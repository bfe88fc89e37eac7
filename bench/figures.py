"""What drawing a figure costs: every figure of the gallery, drawn anew each time.

`python -m bench.figures [--rounds N] [--json]`
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from statistics import mean

import click

from bench.measure import Row, at_most, table
from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.gallery import Example, chapters

GOAL = 2.0
"""Milliseconds of CPU that a figure may cost on average."""


def examples() -> list[Example]:
    """Every figure of the gallery."""
    return [one for chapter in chapters() for one in chapter.examples()]


def cost(one: Example) -> float:
    """Milliseconds of CPU that one drawing takes; nothing is taken from memory but the widths of words."""
    start = time.process_time()
    figure = draw.__wrapped__(one.kind, one.info, one.body)
    assert figure.html
    return (time.process_time() - start) * 1000


def rows(times: dict[str, list[float]]) -> Iterator[Row]:
    """The table: all figures, then each kind."""
    every = [one for found in times.values() for one in found]
    yield at_most("a figure, on average (ms of CPU)", mean(every), GOAL, " ms", f"{len(every)} drawings")
    for kind, found in times.items():
        yield Row(kind, "", f"{mean(found):.2f} ms, at most {max(found):.2f} ms", None)


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each figure is drawn.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def main(rounds: int, as_json: bool) -> None:
    """Draws the gallery and says what a figure costs."""
    every = examples()
    for one in every:
        cost(one)
    times: dict[str, list[float]] = {}
    for _ in range(rounds):
        for one in every:
            times.setdefault(one.kind, []).append(cost(one))
    if as_json:
        flat = [one for found in times.values() for one in found]
        print(json.dumps({"mean_ms": round(mean(flat), 3), "kinds": {kind: round(mean(found), 3) for kind, found in times.items()}}))  # fmt: skip
        return
    print(table(list(rows(times))))


if __name__ == "__main__":
    main()
