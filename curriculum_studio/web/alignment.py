"""The desk for alignment: coverage as a heat map that is a table, what is missing, and what prepares a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request

from curriculum_studio.actions.alignment import Scope, coverage_of, preparation_of
from curriculum_studio.domain.alignment import (
    EMPHASES,
    MAJOR_LINE,
    MOST_IN_LESSON,
    RELATIONS,
    Coverage,
    Preparation,
    Taught,
)
from curriculum_studio.domain.alignment_studies import DEPTH_WORDS
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.formats.coverage_table import coverage_csv, dictionary_csv
from curriculum_studio.web.gate import access, signed_in, studio

desk = Blueprint("alignment", __name__)
MOST_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the heat map: a lesson, a unit or a grade, and the texts in it."""

    title: str
    address: str
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the texts of a column do with a standard: letters, words, and how strongly it is shaded (0 to 4)."""

    letters: str
    words: str
    shade: int


def _scope() -> Scope:
    values = {name: request.args.get(name, "")[:200] for name in ("unit", "grade", "framework")}
    return Scope(**values)


def _coverage() -> Coverage:
    try:
        return coverage_of(studio(), _scope(), access().reads)
    except NotFound:
        abort(404)


@desk.get("/coverage")
@signed_in
def page() -> str:
    """Coverage of a unit, a grade or the course."""
    found, scope = _coverage(), _scope()
    _, curriculum = studio().curriculum()
    units = [unit for unit in curriculum.units if access().reads(f"{unit.folder}/unit.md")]
    titles = {unit.folder: unit.facts.title for unit in units}
    columns = _columns(found, scope, titles)
    return render_template(
        "studio/coverage.html",
        found=found,
        scope=scope,
        units=units,
        grades=sorted(
            {unit.facts.grade for unit in units if unit.facts.grade}, key=lambda g: (g != "K", len(g), g)
        ),
        columns=columns,
        rows=_rows(found, columns),
        levels=[(f"{level} {DEPTH_WORDS[level]}", count) for level, count in found.dok.items()],
        marks=RELATIONS,
        emphases=EMPHASES,
        line=MAJOR_LINE,
        most=MOST_IN_LESSON,
        query=request.query_string.decode("ascii", "ignore"),
    )


def _columns(found: Coverage, scope: Scope, titles: Mapping[str, str]) -> list[Column]:
    """Lessons of a unit; else units; else, where there are many, grades."""
    if scope.unit:
        return [Column(text.title, f"/text/{text.path}", frozenset({text.path})) for text in found.texts]
    by_unit: dict[str, set[str]] = {}
    by_grade: dict[str, set[str]] = {}
    for text in found.texts:
        by_unit.setdefault(text.unit, set()).add(text.path)
        by_grade.setdefault(text.grade, set()).add(text.path)
    if len(by_unit) <= MOST_COLUMNS:
        return [
            Column(titles.get(unit, unit), f"/coverage?unit={unit}", frozenset(paths))
            for unit, paths in by_unit.items()
        ]
    return [
        Column(f"Grade {grade}" if grade else "No grade", f"/coverage?grade={grade}", frozenset(paths))
        for grade, paths in sorted(by_grade.items(), key=lambda row: (row[0] != "K", len(row[0]), row[0]))
    ]


def _rows(found: Coverage, columns: list[Column]) -> list[tuple[str, list[Cell], str]]:
    """For each standard its cells and what is missing of it."""
    column_of = {path: number for number, column in enumerate(columns) for path in column.paths}
    counts: dict[str, dict[tuple[int, str], int]] = {}
    for (code, path), relations in found.cells.items():
        for relation in relations:
            spot = (column_of[path], relation)
            there = counts.setdefault(code, {})
            there[spot] = there.get(spot, 0) + 1
    gaps, unassessed = frozenset(found.gaps), frozenset(found.unassessed)
    return [
        (
            code,
            [_cell(counts.get(code, {}), number) for number in range(len(columns))],
            "taught nowhere" if code in gaps else "assessed nowhere" if code in unassessed else "",
        )
        for code in found.standards
    ]


def _cell(counts: Mapping[tuple[int, str], int], column: int) -> Cell:
    here = [(relation, counts[column, relation]) for relation in RELATIONS if (column, relation) in counts]
    if not here:
        return Cell("", "", 0)
    letters = "".join(RELATIONS[relation].letter for relation, _ in here)
    words = ", ".join(
        f"{RELATIONS[relation].does} it" + (f" ({count} texts)" if count > 1 else "")
        for relation, count in here
    )
    weight = sum(count * (2 if relation in ("addressing", "assesses") else 1) for relation, count in here)
    return Cell(letters, words, min(4, (weight + 1) // 2))


def _table(text: str, name: str) -> Response:
    answer = Response("\ufeff" + text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@desk.get("/coverage/table.csv")
@signed_in
def table() -> Response:
    """Every claim as a row of a table."""
    return _table(coverage_csv(_coverage()), "coverage")


@desk.get("/coverage/dictionary.csv")
@signed_in
def dictionary() -> Response:
    """What the columns of the table mean."""
    return _table(dictionary_csv(), "coverage-dictionary")


@desk.get("/coverage/before")
@signed_in
def before() -> str:
    """What in a grade prepares a lesson."""
    lessons = [text for text in _coverage().texts if text.kind == "lesson"]
    path, grade = request.args.get("lesson", "")[:400], request.args.get("in", "")[:8].upper()
    lesson: Taught | None = None
    found: tuple[Preparation, ...] = ()
    if path and grade:
        try:
            lesson, found = preparation_of(studio(), path, grade, _scope(), access().reads)
        except NotFound:
            abort(404)
    return render_template(
        "studio/coverage_before.html",
        lessons=lessons,
        lesson=lesson,
        chosen=path,
        grade=grade,
        found=found,
        grades=("K", *(str(number) for number in range(1, 13))),
        known=_coverage().framework,
    )
