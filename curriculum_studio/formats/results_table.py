"""Item analysis as a table that other programs read, masked as the page is, and the dictionary of its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from curriculum_studio.domain.item_report import Answer, ItemReport, Report
from curriculum_studio.domain.suppression import FEWEST

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
    "difficulty_error": "Standard error of the difficulty",
    "discrimination": "Correlation of the points with the score on all other problems (corrected)",
    "reliability": "Cronbach's alpha (KR-20 where all problems are right or wrong) of the whole instrument",
}
"""Each column and what it means."""


def results_table(found: Report) -> str:
    """A line for each answer to each problem."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(COLUMNS))
    writer.writeheader()
    for item in found.items:
        for answer in (*item.answers, *([item.blank] if item.blank else [])):
            writer.writerow(dict(_row(found, item, answer)))
    return out.getvalue()


def dictionary_csv() -> str:
    """The columns of the table, one a line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["column", "meaning"])
    writer.writerows(COLUMNS.items())
    return out.getvalue()


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
    yield "share", round(share.low, 4) if share and exact else ""
    yield "share_low_95", round(share.interval[0], 4) if share and share.interval else ""
    yield "share_high_95", round(share.interval[1], 4) if share and share.interval else ""
    yield "answer_discrimination", "" if answer.goes_with is None else round(answer.goes_with, 2)
    yield "difficulty", round(hard.low, 4) if hard and hard.exact else ""
    yield "difficulty_error", round(hard.error, 4) if hard and hard.error is not None else ""
    yield "discrimination", "" if item.discrimination is None else round(item.discrimination, 2)
    yield "reliability", "" if found.reliability is None else round(float(found.reliability), 2)
