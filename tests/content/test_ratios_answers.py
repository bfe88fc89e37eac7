"""Grade 6, ratios: every numeric key is worked out again from the numbers that its own problem gives.

A row names the numbers that it uses. They must stand in the problem, and what is worked out from them must stand in
the key. So a number that is changed in the problem alone, or in the key alone, turns a row red. A problem with a
number in its key and without a row is an error, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction as F

import pytest

from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.lesson_markdown import Document
from tests.content.keys import documents, read, values

FOLDER = "grade-6/ratios"
Numbers = Sequence[F]
Work = Callable[[Numbers], Sequence[F]]

_THOUSANDS = re.compile(r"(?<=\d)(?:,|\{,\})(?=\d{3})")


def numbers(text: str) -> list[F]:
    """The numbers of a text as `values` reads them, with `1,200` and `1{,}200` as one number."""
    return values(_THOUSANDS.sub("", text))


def test_numbers_are_read() -> None:
    text = r"In 2 cups, $1\frac{1}{2}:5$, \$1,200.50, $9{,}000$, $\frac{35}{3}$, 0.25 and 9/2."
    assert numbers(text) == [F(2), F(3, 2), F(5), F("1200.5"), F(9000), F(35, 3), F(1, 4), F(9, 2)]


def unit_file(name: str) -> Document:
    return read(f"{FOLDER}/{name}")


def below(part: Part, *kinds: str) -> list[Part]:
    return [child for child in part.parts if child.kind in kinds]


def asked(part: Part) -> str:
    """What a student reads: a problem's own text without its choices, a cool-down's task."""
    if part.kind != "problem":
        return "\n".join(child.text for child in below(part, "student-task"))
    return "\n".join(line for line in part.text.split("\n") if not re.match(r"\s*- \[ \]", line))


def right(part: Part) -> list[str]:
    """What stands as right: the marked choice, the accepted answers, else the solution or the keyed responses."""
    if part.choices:
        return [choice.text for choice in part.choices if choice.right]
    if accepted := below(part, "answer"):
        return [line[2:] for line in accepted[0].text.split("\n") if line.startswith("- ")]
    return [
        child.text.split("*What to do with it.*")[0] for child in below(part, "solution", "student-responses")
    ]


def items() -> list[tuple[str, str, Part]]:
    """Every problem and every cool-down of the unit, as (file, id, part)."""
    return [
        (name, part.id or "", part)
        for name, document in documents(FOLDER)
        for part in document.walk()
        if part.kind in ("problem", "cool-down")
    ]


# One row: file, item, the numbers that the problem gives, and what follows from them.
# Where accepted answers are listed, each of them must equal one of the results.
ROWS: list[tuple[str, str, Sequence[float | str], Work]] = [
    # 1 Introducing ratios
    ("01-introducing-ratios", "paw", [3, 4, 1], lambda n: [(n[0] + 1) * n[2], (n[0] + 1) * n[1], n[1]]),
    ("01-introducing-ratios", "p1", [3, 4], lambda n: n),
    ("01-introducing-ratios", "p2", [6, 10], lambda n: [n[1] / n[0]]),
    ("01-introducing-ratios", "p3", [4, 12], lambda n: [n[0] * n[1]]),
    ("01-introducing-ratios", "p4", [2, 7, 3], lambda n: [n[1] * n[2]]),
    # 2 The same taste
    ("02-same-taste", "lemonade", [2, 3, 8], lambda n: [n[2] / n[0] * n[1]]),
    ("02-same-taste", "p1", [2, 5], lambda n: [n[0] * 3, n[1] * 3]),
    ("02-same-taste", "p2", [5, 20, 80], lambda n: [n[0] * n[2] / n[1]]),
    ("02-same-taste", "p3", [12, 9], lambda n: [n[1] / n[0]]),
    ("02-same-taste", "p4", [3, 4, 5, 6], lambda n: [n[0] * 3, n[1] * 3, n[2] * 2, n[3] * 2]),
    ("02-same-taste", "p5", [2, 3], lambda n: [n[0] * 2, n[1] * 2]),
    # 3 How much for one?
    ("03-for-one", "reading", [12, 20, 45], lambda n: [n[0] / n[1], n[2] * n[0] / n[1]]),
    ("03-for-one", "p1", [150, 3], lambda n: [n[0] / n[1]]),
    ("03-for-one", "p2", [6, 9, 10], lambda n: [n[1] / n[0] * n[2]]),
    ("03-for-one", "p3", [8, 2], lambda n: [n[0] / n[1]]),
    ("03-for-one", "p4", [4, 7], lambda n: [n[0] / n[1]]),
    ("03-for-one", "p5", [3, 2], lambda n: [n[0] / n[1], n[1] / n[0]]),
    ("03-for-one", "p6", [4, 6], lambda n: [n[1] / 2, n[0] / 2]),
    # 4 Two lines, one story
    ("04-two-lines", "red-beans", [2, 14, 5], lambda n: [n[1] / n[0] * k for k in (1, 3, 4, n[2])]),
    ("04-two-lines", "p1", [6, 4, 12], lambda n: [n[2] / n[1] * n[0]]),
    ("04-two-lines", "p2", [4, 10, 6], lambda n: [n[1] / n[0] * n[2]]),
    ("04-two-lines", "p3", [5, 2], lambda n: [n[0] * 4, n[1] * 4]),
    ("04-two-lines", "p4", [9, 2], lambda n: [n[0] / n[1]]),
    ("04-two-lines", "p5", [3, 24, 5, 45], lambda n: [n[1] / n[0], n[3] / n[2]]),
    # 5 Leaps in a table
    ("05-ratio-tables", "lights", [6, 45, 2, 20], lambda n: [n[1] / n[0] * n[2], n[1] / n[0] * n[3]]),
    ("05-ratio-tables", "p1", [35, 2, 8], lambda n: [n[0] / n[1] * n[2]]),
    ("05-ratio-tables", "p2", [10, 4], lambda n: [n[0] * F(5, 2), n[1] * F(5, 2)]),
    ("05-ratio-tables", "p3", [8, 12, 14], lambda n: [n[1] / n[0] * n[2]]),
    ("05-ratio-tables", "p4", [4, 9, 20, 90, 2], lambda n: [n[2] * n[1] / n[0], n[3] * n[0] / n[1], n[4] * n[1] / n[0]]),
    ("05-ratio-tables", "p5", [18, 4], lambda n: [n[0] / n[1]]),
    ("05-ratio-tables", "p6", [5, 8, 15, 4], lambda n: [n[2] * n[1] / n[0], n[3] * n[0] / n[1]]),
    # 6 Points in a row
    ("06-points-in-a-row", "beads", [10, 2, 8, 5, 20, 32], lambda n: [n[3], n[4], n[0] * n[4] / n[3], n[2] / n[1]]),
    ("06-points-in-a-row", "p1", [3, 4], lambda n: [n[1] * 3, n[0] * 3]),
    ("06-points-in-a-row", "p2", [3, 7, 6, 14, 15], lambda n: [n[4] * n[1] / n[0]]),
    ("06-points-in-a-row", "p3", [], lambda n: [F(4), F(6), F(8), F(8) * 6 / 4, F(10), F(10) * 6 / 4]),
    ("06-points-in-a-row", "p4", [5, 2, 3, 4], lambda n: [n[0] + n[1] * k for k in (1, 2, 3, 4)] + [n[2] * k for k in (1, 2, 3, 4)]),
    ("06-points-in-a-row", "p5", [6, 4, 15], lambda n: [n[2] * n[1] / n[0]]),
    ("06-points-in-a-row", "p6", [3, 0], lambda n: n),
    # 7 Which is the better rate?
    ("07-better-buy", "pencils", [12, 3, 20, 4.6], lambda n: [n[1] / n[0], n[3] / n[2], 60 / n[0] * n[1], 60 / n[2] * n[3]]),
    ("07-better-buy", "p1", [6, 4.5, 10, 8], lambda n: [min(n[1] / n[0], n[3] / n[2])]),
    ("07-better-buy", "p2", [18, 24, 21, 30], lambda n: [4 * n[0] / n[1], F(4)] if n[0] / n[1] > n[2] / n[3] else []),
    ("07-better-buy", "p3", [15, 6, 8, 4], lambda n: [max(n[0] / n[1], n[2] / n[3])]),
    ("07-better-buy", "p5", [6, 4, 9, 5.5, 18], lambda n: [n[4] / n[0] * n[1], n[4] / n[2] * n[3]]),
    ("07-better-buy", "p6", [4, 6, 10], lambda n: [n[1] / n[0] * n[2]]),
    ("07-better-buy", "p7", [8, 6], lambda n: [n[1] / n[0]]),
    # 8 At this speed
    ("08-at-this-speed", "buses", [18, 30, 14, 20, 60], lambda n: [n[0] / n[1] * n[4], n[2] / n[3] * n[4]]),
    ("08-at-this-speed", "p1", [3, 15, 60], lambda n: [n[0] / n[1] * n[2]]),
    ("08-at-this-speed", "p2", [9, 4, 36], lambda n: [n[2] / (n[0] / n[1])]),
    ("08-at-this-speed", "p3", [100, 16, 150, 25], lambda n: [n[0] / n[1], n[2] / n[3]]),
    ("08-at-this-speed", "p4", [10, 4], lambda n: [n[0] / n[1]]),
    ("08-at-this-speed", "p5", [6, 40, 5, 30, 2], lambda n: [a := n[0] / n[1] * n[4] * 60, b := n[2] / n[3] * n[4] * 60, b - a]),
    ("08-at-this-speed", "p6", [4, 6, 6, 8.4], lambda n: [min(n[1] / n[0], n[3] / n[2])]),
    ("08-at-this-speed", "p7", [3, 2, 9], lambda n: [n[0] / n[1] * n[2]]),
    # 9 The same amount in other units
    ("09-other-units", "run", [8, 5, 20, 10, 15], lambda n: [n[2] * n[1] / n[0], n[3] * n[0] / n[1]]),
    ("09-other-units", "p1", [12, 1, 14], lambda n: [n[0] * n[2]]),
    ("09-other-units", "p2", [40, 16, 1], lambda n: [n[0] / n[1]]),
    ("09-other-units", "p3", [5, 2, 9], lambda n: [n[0] / n[1] * n[2]]),
    ("09-other-units", "p4", [3, 16, 1, 24], lambda n: [n[0] * n[3] / n[1]]),
    ("09-other-units", "p5", [5, 11, 50, 22], lambda n: [n[3] * n[1] / n[0]]),
    ("09-other-units", "p6", [21, 6, 10], lambda n: [n[0] / n[1] * n[2]]),
    ("09-other-units", "p7", [14, 4, 10], lambda n: [n[0] / n[1] * n[2]]),
    # 10 Parts and the whole
    ("10-parts-and-whole", "choir", [4, 3, 35], lambda n: [one := n[2] / (n[0] + n[1]), n[0] * one, n[1] * one, n[0] / (n[0] + n[1])]),
    ("10-parts-and-whole", "p1", [2, 5, 28], lambda n: [n[2] * n[0] / (n[0] + n[1])]),
    ("10-parts-and-whole", "p2", [7, 4, 15], lambda n: [n[2] / (n[0] - n[1]) * (n[0] + n[1])]),
    ("10-parts-and-whole", "p3", [3, 1], lambda n: [n[1] / (n[0] + n[1])]),
    ("10-parts-and-whole", "p4", [60, 3, 1], lambda n: [n[0] * n[1] / (n[1] + n[2])]),
    ("10-parts-and-whole", "p5", [4, 3, 1, 12, 6], lambda n: [n[3] / n[0], n[3] / n[0] * (n[0] + n[1] + n[2]), n[3] / n[0] * n[2] + n[4]]),
    ("10-parts-and-whole", "p6", [60, 1, 150], lambda n: [n[2] / n[0]]),
    ("10-parts-and-whole", "p7", [4, 7, 10, 16], lambda n: [n[2], n[3], min(n[1] / n[0], n[3] / n[2])]),
    # 11 Out of every 100
    ("11-out-of-100", "seats", [50, 34, 80, 45], lambda n: [n[1] / n[0] * 100, n[2] * n[3] / 100]),
    ("11-out-of-100", "p1", [13, 20], lambda n: [n[0] / n[1] * 100]),
    ("11-out-of-100", "p2", [30, 70], lambda n: [n[0] / 100 * n[1]]),
    ("11-out-of-100", "p3", [18, 25], lambda n: [n[0] / n[1] * 100]),
    ("11-out-of-100", "p4", [24, 15], lambda n: [n[0] * n[1] / 100]),
    ("11-out-of-100", "p5", [40, 80, 9000, 30000], lambda n: [n[0] / n[1] * 100, n[2] / n[3] * 100]),
    ("11-out-of-100", "p6", [2, 3, 45], lambda n: [n[2] * n[1] / (n[0] + n[1])]),
    ("11-out-of-100", "p7", [2, 5, 12], lambda n: [n[0] / n[1] * n[2]]),
    # 12 Pump it dry
    ("12-pump-it-dry", "pool", [300, 5, 20], lambda n: [gain := n[1] * 60 / n[2], n[0] / gain]),
    ("12-pump-it-dry", "p1", [8, 30, 5], lambda n: [n[0] * 60 / n[1] * n[2]]),
    ("12-pump-it-dry", "p2", [7.5, 4], lambda n: [n[0] * n[1]]),
    ("12-pump-it-dry", "p3", [25, 60], lambda n: [n[0] * n[1] / 100]),
    ("12-pump-it-dry", "p4", [6, 8], lambda n: [n[0] / n[1]]),
    ("12-pump-it-dry", "p5", [60, 4, 12, 3, 35], lambda n: [n[0] / n[1] * n[2], n[0] / n[1] * n[3], F(-(-n[0] / n[1] * n[2] // n[4]))]),
    ("12-pump-it-dry", "p6", [24, 32], lambda n: [n[0] / n[1] * 100]),
    ("12-pump-it-dry", "p7", [2, 7, 36], lambda n: [n[2] * n[1] / (n[0] + n[1])]),
    # Assessments
    ("assessments/readiness", "q1", [3, 5], lambda n: [n[0] * n[1]]),
    ("assessments/readiness", "q2", [4, 3], lambda n: [n[1] / n[0]]),
    ("assessments/readiness", "q3", [12, 1, 7], lambda n: [n[0] * n[2]]),
    ("assessments/readiness", "q4", ["3/4", 20, "5/4"], lambda n: [n[0], n[2]] if n[0] < 1 < n[2] else []),
    ("assessments/readiness", "q5", [4, 3, 6, 5], lambda n: n),
    ("assessments/readiness", "q6", [0, 2, 6], lambda n: [n[0] + n[2] * k for k in range(5)] + [n[2] / n[1]]),
    ("assessments/readiness", "q7", [6, 4], lambda n: [n[0] / n[1]]),
    ("assessments/mid-unit", "q1", [5, 8], lambda n: [n[1], n[0]]),
    ("assessments/mid-unit", "q2", [6, 9], lambda n: [n[0] * F(5, 3), n[1] * F(5, 3)]),
    ("assessments/mid-unit", "q3", [3, 8, 5, 10], lambda n: [40 / n[1] * n[0], 40 / n[3] * n[2]]),
    ("assessments/mid-unit", "q4", [4, 34, 1], lambda n: [n[1] / n[0]]),
    ("assessments/mid-unit", "q5", [6, 48], lambda n: [n[1] / n[0]]),
    ("assessments/mid-unit", "q6", [10, 4, 9], lambda n: [n[0] * 2, n[0] * 3, n[0] * 4, n[0] / n[1], n[2] * n[0] / n[1]]),
    ("assessments/mid-unit", "q7", [15, 2, 6, 7, 150], lambda n: [n[0] / n[1] * n[2], n[0] / n[1] * n[3], n[4] / (n[0] / n[1])]),
    ("assessments/mid-unit", "q8", [1, 2, 4, 8, 7, 10], lambda n: [n[1], n[4], n[1] / n[0]] if n[1] / n[0] == n[3] / n[2] != n[4] / n[1] else []),
    ("assessments/end-of-unit", "q1", [9, 12], lambda n: [n[1] / 3, n[0] / 3]),
    ("assessments/end-of-unit", "q2", [6, 4, 15], lambda n: [n[2] * n[1] / n[0]]),
    ("assessments/end-of-unit", "q3", [2, 3, 6, 9, 7], lambda n: [n[2] / n[0] * n[1]] if n[3] == n[2] / n[0] * n[1] != n[4] else []),
    ("assessments/end-of-unit", "q4", [5, 8, 1], lambda n: [n[0] / n[1], n[1] / n[0]]),
    ("assessments/end-of-unit", "q5", [8, 5, 12, 7.2], lambda n: [min(n[1] / n[0], n[3] / n[2])]),
    ("assessments/end-of-unit", "q6", [14, 4, 35], lambda n: [n[2] / (n[0] / n[1])]),
    ("assessments/end-of-unit", "q7", [6, 30, 8, 32], lambda n: [n[1] / n[0], n[3] / n[2]]),
    ("assessments/end-of-unit", "q8", [16, 1, 72], lambda n: [n[2] / n[0]]),
    ("assessments/end-of-unit", "q9", [5, 2, 84], lambda n: [n[2] * n[0] / (n[0] + n[1]), n[1] / (n[0] + n[1])]),
    ("assessments/end-of-unit", "q10", [60, 35], lambda n: [n[0] * n[1] / 100]),
    ("assessments/end-of-unit", "q11", [27, 45], lambda n: [n[0] / n[1] * 100]),
    ("assessments/end-of-unit", "q12", [50, 2, 15, 75, 8], lambda n: [rate := n[1] * 60 / n[2], n[0] / rate, less := rate * n[3] / 100, less * n[4]]),
]  # fmt: skip

# The same for what the lessons key inside their warm-ups and activities.
IN_CLASS: list[tuple[str, str, Sequence[float | str], Work]] = [
    ("01-introducing-ratios", "say-it", [2, 5], lambda n: [n[1], n[0]]),
    ("01-introducing-ratios", "draw-band", [3, 4, 6, 8], lambda n: [2 * n[0], 2 * n[1], n[2] / n[0], F(9) / n[0]]),
    ("02-same-taste", "sweeter", [2, 5, 4, 10, 7], lambda n: [n[3], n[4]] if n[2] / n[0] == n[3] / n[1] != n[4] / n[1] else []),
    ("02-same-taste", "batches", [3, 2, 5, 24], lambda n: [2 * n[0], 2 * n[1], 5 * n[0], 5 * n[1], n[3] / n[0], n[3] / n[0] * n[1], n[0] / 2]),
    ("03-for-one", "talk", [30, 5, 3, 0.3], lambda n: [n[0] / n[1], n[2] / n[1], n[3] / n[1]]),
    ("03-for-one", "crawfish", [5, 30, 7, 18], lambda n: [n[1] / n[0], n[0] / n[1], n[2] * n[1] / n[0], n[3] * n[0] / n[1]]),
    ("03-for-one", "rain", [3, 4, 6], lambda n: [(one := n[0] / n[1]), n[2] * one, two := n[1] / n[2], 12 * one, 12 * two] if n[0] / n[1] > n[1] / n[2] else []),
    ("04-two-lines", "stand-on", [12, 3, 6, 30, 15], lambda n: [n[0] / n[1], n[2] * n[1] / n[0], n[3] * n[1] / n[0], n[4] * n[1] / n[0]]),
    ("04-two-lines", "float", [3, 5, 12, 7, 25, 14], lambda n: [n[2] * n[1] / n[0], n[1] / n[0], n[3] * n[1] / n[0], n[4] * n[0] / n[1]]),
    ("05-ratio-tables", "string", [2, 15, 20, 21, 19], lambda n: [n[0] * n[1], n[2] * n[1], n[1], n[3] * n[1], n[4] * n[1]]),
    ("05-ratio-tables", "shore", [24, 3, 200, 300, 29], lambda n: [(one := n[0] / n[1]), one * 10, one * 30, one * 31, n[2] / one, n[3] * one, n[4] * one]),
    ("05-ratio-tables", "somebody", [3, 8, 20, 40, 100], lambda n: [n[2] * n[0] / n[1], n[3] * n[0] / n[1], n[4] * n[0] / n[1]]),
    ("06-points-in-a-row", "stand-graph", [2, 5, 10, 15, 8, "15/2"], lambda n: [n[2] * n[0] / n[1], n[3] * n[0] / n[1], n[4] * n[1] / n[0], n[5] * n[0] / n[1]]),
    ("06-points-in-a-row", "taps", [2, 5, 8, 4], lambda n: [n[2] * n[1] / n[0], n[1] / n[0]]),
    ("07-better-buy", "talk", [8, 1.25, 12, 1.2], lambda n: [n[0] * n[1], n[2] * n[1], n[0] * n[3]]),
    ("07-better-buy", "bags", [5, 6, 8, 10, 12, 15, 20], lambda n: [n[1] / n[0], n[3] / n[2], n[5] / n[4], n[0] / n[1], n[2] / n[3], n[6] * n[1] / n[0]]),
    ("07-better-buy", "cleanup", [60, 75, 72, 20, 30, 24], lambda n: [max(n[:3]), n[0] / n[3], n[1] / n[4], n[2] / n[5], n[4] * n[0] / n[3]]),
    ("08-at-this-speed", "how-fast", [12, 8, 30, 12, 15, 20, 60], lambda n: [(p := n[0] / n[1]), (b := n[2] / n[3]), (m := n[4] / n[5]), 60 * b, n[6] / p, n[6] / m]),
    ("08-at-this-speed", "floats", [8, 400, 3, 180, 12, 450, 150, 3], lambda n: [(h := n[1] / n[0]), (g := n[3] / n[2]), n[4] * h, n[4] * g, n[5] / h, n[6] / n[7]]),
    ("09-other-units", "balance", [5, 11, 10, 1], lambda n: [n[2] * n[1] / n[0], n[1] / n[0]]),
    ("09-other-units", "cooler", [5, 4, 16, "5/2", 28], lambda n: [n[0] * n[2], n[0] * n[1], n[0] * n[2] / n[3], n[4] / n[2]]),
    ("09-other-units", "abroad", [5, 11, 4, 17, 2, 3, 30, 14, "11/2"], lambda n: [n[4] * n[1] / n[0], n[5] * n[3] / n[2], n[6] * n[4] / n[0], n[7] * n[0] / n[4], n[8] * n[0] / n[1]]),
    ("10-parts-and-whole", "same", ["3/5", "6/10"], lambda n: [n[0], n[1]] if n[0] == n[1] else []),
    ("10-parts-and-whole", "swamp-green", [3, 2, 40, 18], lambda n: [(one := n[2] / (n[0] + n[1])), n[0] * one, n[1] * one, (two := n[3] / n[1]), n[0] * two, (n[0] + n[1]) * two, n[0] / (n[0] + n[1])]),
    ("10-parts-and-whole", "horns", [5, 3, 12, 2, 1, 30], lambda n: [(one := n[2] / (n[0] - n[1])), n[0] * one, n[1] * one, (n[0] + n[1]) * one, *(k * n[5] / (n[1] + n[3] + n[4]) for k in (3, 2, 1))]),
    ("11-out-of-100", "hundred", [36, 100, 25], lambda n: [n[0], n[2] * n[0] / n[1]]),
    ("11-out-of-100", "flavors", [25, 100, 9, 4, 7, 5, 12, 40], lambda n: [*(k * n[1] / n[0] for k in n[2:6]), sum(n[2:6]) * n[1] / n[0], n[6] / n[7] * 100]),
    ("11-out-of-100", "tank", [80, 40, 5, 28, 72, 60], lambda n: [n[0] / 4, n[0] / 2, n[0] * F(3, 4), n[0] * n[1] / 100, n[0] * n[2] / 100, n[3] / n[0] * 100, n[4] / n[5] * 100]),
    ("12-pump-it-dry", "corner", [20, 16, 0], lambda n: [(n[0] - n[1]) / 2, n[0] / ((n[0] - n[1]) / 2) * 10]),
    ("12-pump-it-dry", "still-rains", [80, 6, 5, 3], lambda n: [18 * n[0] / 100, n[1] / n[2], 18 * n[0] / 100 - n[1] / n[2], n[3] * 60 * (18 * n[0] / 100 - n[1] / n[2])]),
]  # fmt: skip

# Problems in which no number is keyed, and why.
WORDS_ALONE = {
    ("01-introducing-ratios", "p5"): "two sentences are judged; their numbers are given",
    ("07-better-buy", "p4"): "a direction is chosen, nothing is calculated",
}


# Warm-ups that ask for what is seen or for a reason, and key no number that is worked out.
TALK = {
    ("01-introducing-ratios", "notice"),
    ("02-same-taste", "true-false"),
    ("04-two-lines", "satsumas"),
    ("06-points-in-a-row", "belong"),
    ("08-at-this-speed", "walk"),
}


@pytest.mark.parametrize(("file", "item", "given", "work"), ROWS, ids=[f"{row[0]}#{row[1]}" for row in ROWS])
def test_key(file: str, item: str, given: Sequence[float | str], work: Work) -> None:
    part = unit_file(file).part(item)
    assert part is not None
    values = [F(str(number)) for number in given]
    stated = numbers(asked(part))
    assert [value for value in values if value not in stated] == [], "the problem does not give these numbers"
    results = list(work(values))
    assert results, "the condition that the key rests on does not hold"
    keyed = right(part)
    if part.choices or not below(part, "answer"):
        standing = numbers("\n".join(keyed))
        assert [str(result) for result in results if result not in standing] == []
    else:
        assert keyed
        for answer in keyed:
            assert as_value(answer) in results


def as_value(answer: str) -> F:
    """An accepted answer as a number; a ratio as its quotient."""
    first, colon, second = answer.partition(":")
    return F(first.strip()) / F(second.strip()) if colon else F(answer.strip())


def test_no_wrong_choice_is_as_right_as_the_key() -> None:
    """Where two choices have the same words around their numbers, their numbers or ratios differ in value."""
    seen = 0
    for file, item, part in items():
        for key in (choice for choice in part.choices if choice.right):
            for other in (choice for choice in part.choices if not choice.right):
                if words(other.text) == words(key.text):
                    seen += 1
                    assert worth(other.text) != worth(key.text), f"{file} {item}: {other.text}"
    assert seen > 10


def words(text: str) -> str:
    """What is left of a text without its numbers and the marks of formulas."""
    return " ".join(re.sub(r"\\frac|[\d.,:${}\\]", " ", text).split())


def worth(text: str) -> list[F]:
    """The numbers of a choice; of a choice that is one ratio, its quotient."""
    return [as_value(text.strip("$"))] if re.fullmatch(r"\$\d+:\d+\$", text) else numbers(text)


@pytest.mark.parametrize(
    ("file", "item", "given", "work"), IN_CLASS, ids=[f"{row[0]}#{row[1]}" for row in IN_CLASS]
)
def test_key_in_class(file: str, item: str, given: Sequence[float | str], work: Work) -> None:
    test_key(file, item, given, work)


def test_the_pump_without_rain() -> None:
    """Lesson 12 gives its facts on cards for the teacher to copy: 30 by 20 feet, 6 inches, 7.5 gallons, a can of 6 gallons."""
    document = unit_file("12-pump-it-dry")
    cards = numbers(next(part.text for part in document.parts if part.kind == "lesson-preparation"))
    length, width, deep, cubic_foot, can, typical = (F(str(n)) for n in (30, 20, 6, 7.5, 6, 20))
    assert {length, width, deep, cubic_foot, can} <= set(cards)
    assert [cards.count(F(n)) for n in (19, 22)] == [1, 1]
    part = document.part("need")
    assert part is not None
    feet = length * width * deep / 12
    gallons, rate = feet * cubic_foot, can * 60 / typical
    keyed = numbers("\n".join(right(part)))
    assert {feet, gallons, rate, gallons / rate} <= set(keyed)


def test_every_activity_is_worked_out() -> None:
    rows = {(file, item) for file, item, _, _ in IN_CLASS} | {("12-pump-it-dry", "need")}
    everything = {
        (name, part.id or "")
        for name, document in documents(FOLDER)
        for part in document.walk()
        if part.kind in ("warm-up", "activity")
    }
    assert sorted(everything - rows - TALK) == []
    assert rows <= everything


def test_every_key_is_worked_out() -> None:
    rows = [(file, item) for file, item, _, _ in ROWS]
    assert len(rows) == len(set(rows))
    everything = {(file, item): part for file, item, part in items()}
    missing = everything.keys() - set(rows) - WORDS_ALONE.keys()
    assert sorted(missing) == []
    assert sorted((set(rows) | WORDS_ALONE.keys()) - everything.keys()) == []


def test_words_alone_have_no_accepted_number() -> None:
    for file, item in WORDS_ALONE:
        part = unit_file(file).part(item)
        assert part is not None
        assert not below(part, "answer")
