"""Reads a table of results, and refuses it whole where anything in it could say who a student is.

Three shapes are read, known by their headings: counts (`item,choice,count`), answers (`row,item,answer`, a line for each),
and rows (`row,q1,q2,…`, a line for each student). Findings name line and column and never repeat a value. Codes of rows are
checked and then forgotten: what leaves this module holds answers alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, NoReturn

from curriculum_studio.domain import identity
from curriculum_studio.domain.errors import Place, ResultsRefused

MAX_BYTES = 256 * 1024 * 1024
MAX_COLUMNS = 200
MAX_LINES = 3_000_000
MOST_FINDINGS = 40
_CHUNK = 50_000
_MARKS = (",", ";", "\t")
Shape = Literal["counts", "answers", "rows"]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that a file may use because the curriculum does: ids of parts (`labels`), ids of misconceptions (`piles`)."""

    labels: frozenset[str] = frozenset()
    piles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A file in which nothing leads to a student.

    `headings` are those of all columns in order ("" for one whose heading is a sentence); `items` the numbers of the columns
    (from 0) that hold answers to a problem each, where the shape is `rows`. `rows()` gives every line after the first:
    (item, mark, count), (group, item, mark) with the group's number, or the answers in the order of `items`.
    """

    shape: Shape
    headings: tuple[str, ...]
    items: tuple[int, ...]
    lines: int
    places: tuple[int, ...]
    _text: str = field(repr=False)
    _mark: str = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Every line after the first, read anew."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._mark, strict=True)
        next(reader)
        if self.shape == "rows":
            for line in reader:
                if line:
                    yield tuple([line[at].strip() for at in self.items])
            return
        group, item, mark = self.places
        numbers: dict[str, str] = {}
        for line in reader:
            if not line:
                continue
            if self.shape == "counts":
                yield line[group].strip(), line[item].strip(), line[mark].strip()
            else:
                code = numbers.setdefault(line[group].strip(), str(len(numbers)))
                yield code, line[item].strip(), line[mark].strip()

    def cleaned(self) -> bytes:
        """The file without codes, totals and its own headings: columns are called q1, q2, … in the order of `items`."""
        heads = {"counts": ("item", "choice", "count"), "answers": ("row", "item", "answer")}
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(heads.get(self.shape) or [f"q{number + 1}" for number in range(len(self.items))])
        writer.writerows(self.rows())
        return out.getvalue().encode()

    def answers_seen(self) -> list[list[str]]:
        """For each of `items` the answers that occur, in order."""
        seen: list[set[str]] = [set() for _ in self.items]
        for row in self.rows():
            for cells, cell in zip(seen, row, strict=True):
                cells.add(cell)
        return [sorted(one) for one in seen]


def read_results(content: bytes, words: Vocabulary = Vocabulary()) -> ResultsFile:
    """Reads a file whole. Raises `ResultsRefused` with every reason, those that concern a student's identity alone and first."""
    text = _decoded(content)
    mark = max(_MARKS, key=text.split("\n", 1)[0].count)
    found = _Findings()
    headings, lines = _first(text, mark)
    shape, places = _shape(headings)
    answers = _headings(headings, shape, words, found)
    checks = _Checks(shape, places, answers, words, found)
    count = 0
    try:
        while chunk := list(islice(lines, _CHUNK)):
            checks.take(chunk, count + 2, len(headings))
            count += len(chunk)
            if count > MAX_LINES:
                _refuse(1, f"there are more than {MAX_LINES:,} lines in the file.")
        broken = False
    except csv.Error:
        broken = True
    checks.codes_end()
    if found.identity:
        raise ResultsRefused(
            "This file could say who a student is. It was refused whole, and nothing of it was kept.",
            found.identity,
            identity=True,
        )
    if broken:
        _refuse(count + 2, "its quotation marks do not pair.")
    if not count:
        _refuse(2, "there is no line after the headings.")
    if found.shape:
        raise ResultsRefused("This file could not be read. Nothing of it was kept.", found.shape)
    shown = tuple(one.strip() if len(one.split()) < 6 else "" for one in headings)
    return ResultsFile(shape, shown, answers, count, places, text, mark)


def _refuse(line: int, reason: str) -> NoReturn:
    raise ResultsRefused(
        "This file could not be read. Nothing of it was kept.",
        [(line, 1, "results-shape", {"reason": reason})],
    )


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        _refuse(1, f"the file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        _refuse(1, "this is a spreadsheet’s own file; save it as CSV (comma separated) first.")
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text: str | None
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = None
    # Outside of the handler, so that no error on its way carries the bytes of the file.
    if text is None or "\0" in text:
        _refuse(1, "it is not text in UTF-8.")
    return text


def _first(text: str, mark: str) -> tuple[list[str], Iterator[list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        headings = next(reader, [])
    except csv.Error:
        headings = []
    if not headings or not any(one.strip() for one in headings):
        _refuse(1, "the first line names the columns, and here it is empty.")
    if len(headings) > MAX_COLUMNS:
        _refuse(1, f"there are more than {MAX_COLUMNS} columns.")
    return headings, reader


def _shape(headings: list[str]) -> tuple[Shape, tuple[int, ...]]:
    """The shape of a file, and for counts and answers the places of its three columns."""
    folded = [identity.fold(one) for one in headings]

    def at(words: frozenset[str]) -> int:
        return next((number for number, one in enumerate(folded) if one in words), -1)

    item, answer = at(identity.ITEM_HEADINGS), at(identity.ANSWER_HEADINGS)
    count, code = at(identity.COUNT_HEADINGS), at(identity.CODE_HEADINGS - {""})
    if len(headings) == 3 and -1 not in (item, answer, count):
        return "counts", (item, answer, count)
    if len(headings) == 3 and -1 not in (item, answer, code):
        return "answers", (code, item, answer)
    return "rows", ()


class _Findings:
    """What was found, at most so many of each sort; identity apart from all else."""

    def __init__(self) -> None:
        self.identity: list[Place] = []
        self.shape: list[Place] = []

    def say(self, line: int, column: int, kind: str) -> None:
        if len(self.identity) < MOST_FINDINGS:
            self.identity.append((line, column + 1, f"results-{kind}", {"number": column + 1}))

    def odd(self, line: int, reason: str) -> None:
        if len(self.shape) < MOST_FINDINGS:
            self.shape.append((line, 1, "results-shape", {"reason": reason}))


def _headings(headings: list[str], shape: Shape, words: Vocabulary, found: _Findings) -> tuple[int, ...]:
    """Checks the headings; gives the columns that hold answers where the shape is `rows`."""
    if shape != "rows":
        return ()
    # Letters may stand there, numbers are labels of problems too: letters mean that headings are missing.
    if all(identity.is_answer(one) for one in headings) and any(one.strip().isalpha() for one in headings):
        _refuse(1, "the first line names the columns, and here it holds answers.")
    answers = []
    for column, heading in enumerate(headings):
        bare = identity.fold(heading)
        if column == 0 and bare in identity.CODE_HEADINGS and not (heading.strip() and not bare):
            continue
        if bare in identity.TOTAL_HEADINGS:
            continue
        kind = in_heading(heading, words)
        if kind is not None:
            found.say(1, column, kind)
        answers.append(column)
    if not answers:
        _refuse(1, "no column is for a problem.")
    return tuple(answers)


def in_heading(heading: str, words: Vocabulary) -> str | None:
    """What a heading says about a student, or None."""
    return identity.in_heading(heading, words.labels)


class _Checks:
    """Looks at every cell once; equal cells of a column cost nothing further."""

    def __init__(
        self,
        shape: Shape,
        places: tuple[int, ...],
        answers: tuple[int, ...],
        words: Vocabulary,
        found: _Findings,
    ) -> None:
        self._shape, self._places, self._answers = shape, places, set(answers)
        self._words, self._found = words, found
        self._seen: dict[int, set[str]] = {}
        self._codes: set[str] = set()
        self._code_place = -1
        self._twice = False

    def take(self, chunk: list[list[str]], line: int, width: int) -> None:
        """Checks lines, of which the first is the `line`-th of the file."""
        if any(len(row) != width for row in chunk):
            for number, row in enumerate(chunk):
                if row and len(row) != width:
                    self._found.odd(line + number, f"it has {len(row)} cells, the first line has {width}.")
                for column in range(width, len(row)):
                    if not identity.is_answer(row[column], self._words.piles):
                        self._found.say(line + number, column, identity.in_cell(row[column]))
            chunk = [(row + [""] * width)[:width] for row in chunk]
        for column, cells in enumerate(zip(*chunk, strict=True)):
            self._column(column, cells, line)

    def _column(self, column: int, cells: tuple[str, ...], line: int) -> None:
        if self._is_code(column):
            self._code_place = column
            before = len(self._codes)
            self._codes.update(one.strip() for one in cells if one.strip())
            if self._shape == "rows" and len(self._codes) - before < sum(1 for one in cells if one.strip()):
                self._twice = True
            return
        seen = self._seen.setdefault(column, set())
        for number, cell in enumerate(cells):
            if cell in seen:
                continue
            seen.add(cell)
            if (kind := self._kind(column, cell)) is not None:
                self._found.say(line + number, column, kind)

    def _is_code(self, column: int) -> bool:
        if self._shape == "rows":
            return column == 0 and column not in self._answers
        return self._shape == "answers" and column == self._places[0]

    def _kind(self, column: int, cell: str) -> str | None:
        """What a cell could be that is not what its column holds; None where it is."""
        if self._shape == "rows":
            fine = (
                identity.is_answer(cell, self._words.piles)
                if column in self._answers
                else identity.is_total(cell)
            )
        elif column == self._places[-1] and self._shape == "counts":
            fine = identity.is_count(cell)
        elif column == self._places[0 if self._shape == "counts" else 1]:
            fine = identity.is_label(cell, self._words.labels)
        else:
            fine = identity.is_answer(cell, self._words.piles)
        return None if fine else identity.in_cell(cell)

    def codes_end(self) -> None:
        """Judges the codes once all are known: running numbers are seen as such only together."""
        if self._code_place < 0:
            return
        if self._codes and not identity.throw_away(self._codes):
            self._found.say(2, self._code_place, _worst(self._codes))
        elif self._twice:
            self._found.odd(2, "the same number stands before two lines, and each line is to be one student.")


def _worst(codes: set[str]) -> str:
    kinds = {identity.in_cell(code) for code in codes}
    order: Mapping[str, int] = {"email": 0, "name": 1, "date": 2, "number": 3, "words": 4, "unknown": 5}
    found = min(kinds, key=lambda kind: order[kind])
    return "number" if found == "unknown" else found
