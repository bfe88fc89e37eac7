"""Item analysis as a table that other programs read, masked as the page is, and the dictionary of its columns."""

from __future__ import annotations

from collections.abc import Iterator

from curriculum_studio.domain.item_analysis import Interval
from curriculum_studio.domain.item_report import Answer, ItemReport, Report
from curriculum_studio.domain.suppression import FEWEST
from curriculum_studio.formats.csv_cells import csv_table

COLUMNS = {
    "assessment": "Id of the text that the results are about",
    "version": "Version of the curriculum that was taught",
    "blob": "Hash of the text in that version",
    "taken": "Month in which the results were taken",
    "item": "Id of the problem or part in the text",
    "standard": "Code of the standard that the problem names",
    "n": f"Students who were counted; empty where they are fewer than {FEWEST}",
    "answer": "Mark of the answer: a letter, points, a misconception's id, or “(none)” for no answer",
    "right": "1 for the right answer, 0 for others, empty where points are given",
    "misconception": "Misconception that the author named for the answer",
    "count": "Students who gave it; empty where it is hidden",
    "count_low": "The least that the count can be by what is shown",
    "count_high": "The most that the count can be by what is shown",
    "share": "count ÷ n",
    "share_low_95": "Lower end of the 95 % Wilson interval of the share",
    "share_high_95": "Upper end of it",
    "answer_discrimination": "Correlation of having given the answer with the score on all other problems",
    "difficulty": "Mean share of the points of the problem (0 hard to 1 easy); empty where it is hidden",
    "difficulty_low_95": "Lower end of its 95 % interval (Wilson; for points the mean less 1.96 standard errors)",
    "difficulty_high_95": "Upper end of it",
    "difficulty_least": "The least that the difficulty can be by what is shown",
    "difficulty_most": "The most that the difficulty can be by what is shown",
    "difficulty_error": "Standard error of the difficulty",
    "discrimination": "Correlation of the points with the score on all other problems (corrected)",
    "discrimination_low_95": "Lower end of its 95 % interval (Fisher)",
    "discrimination_high_95": "Upper end of it",
    "reliability": "Cronbach's alpha (KR-20 where all problems are right or wrong) of the whole instrument",
    "reliability_low_95": "Lower end of its 95 % interval (Bonett)",
    "reliability_high_95": "Upper end of it",
    "mean": "Mean score of the whole instrument in points; empty where a hidden number could be reckoned from it",
    "deviation": "Standard deviation of the scores (with n − 1)",
    "measurement_error": "Standard error of measurement in points: deviation × √(1 − reliability)",
}
"""Each column and what it means."""


def results_table(found: Report) -> str:
    """A line for each answer to each problem."""
    rows = (
        dict(_row(found, item, answer))
        for item in found.items
        for answer in (*item.answers, *([item.blank] if item.blank else []))
    )
    return csv_table([list(COLUMNS), *([row.get(name, "") for name in COLUMNS] for row in rows)])


def dictionary_csv() -> str:
    """The columns of the table, one a line."""
    return csv_table([("column", "meaning"), *COLUMNS.items()])


def _row(found: Report, item: ItemReport, answer: Answer) -> Iterator[tuple[str, object]]:
    one, cell, share, hard = found.set, answer.cell, answer.share, item.difficulty
    yield from (
        ("assessment", one.document),
        ("version", one.version),
        ("blob", one.blob),
        ("taken", one.taken),
    )
    yield from (("item", item.item.id), ("standard", item.item.standard))
    yield "n", "" if item.n is None else item.n
    yield "answer", answer.mark or "(none)"
    yield "right", "" if item.item.kind == "points" else int(answer.right)
    yield "misconception", answer.misconception or ""
    yield "count", cell.low if cell.shown else ""
    yield from (("count_low", cell.low), ("count_high", cell.high))
    exact = share is not None and share.interval is not None
    yield "share", _number(share.low if share and exact else None)
    yield from _ends("share", share.interval if share else None)
    yield "answer_discrimination", _number(answer.goes_with, 2)
    yield "difficulty", _number(hard.low if hard and hard.exact else None)
    yield from _ends("difficulty", hard.interval if hard else None)
    yield "difficulty_least", _number(hard.low if hard else None)
    yield "difficulty_most", _number(hard.high if hard else None)
    yield "difficulty_error", _number(hard.error if hard else None)
    yield "discrimination", _number(item.discrimination, 2)
    yield from _ends("discrimination", item.steady, 2)
    yield "reliability", _number(None if found.reliability is None else float(found.reliability), 2)
    yield from _ends("reliability", found.interval, 2)
    yield from (("mean", _number(found.mean)), ("deviation", _number(found.spread)))
    yield "measurement_error", _number(found.error)


def _ends(name: str, interval: Interval | None, places: int = 4) -> Iterator[tuple[str, object]]:
    for end, value in zip(("low", "high"), interval or (None, None), strict=True):
        yield f"{name}_{end}_95", _number(value, places)


def _number(value: float | None, places: int = 4) -> float | str:
    return "" if value is None else round(value, places)
