"""The desk for results: bring a file in, see which column is which problem first, look at the problems one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.evidence import (
    LEFT_OUT,
    Intake,
    bring_results_back,
    find_results,
    look_at_results,
    may_withdraw,
    piles_of,
    results_of,
    take_in_results,
    texts_for_results,
    versions_taught,
    withdraw_results,
    withdrawn_results,
)
from curriculum_studio.actions.flags import flags_on, open_flags
from curriculum_studio.actions.lessons import names_of_parts
from curriculum_studio.domain.errors import NotFound, Refused, ResultsRefused
from curriculum_studio.domain.findings import RULES
from curriculum_studio.domain.item_analysis import LIMITS
from curriculum_studio.domain.item_report import ENOUGH, Report, report
from curriculum_studio.formats.results_table import dictionary_csv, results_table
from curriculum_studio.web.gate import FEW_UNITS, access, admits, go, needs, person, signed_in, studio

desk = Blueprint("evidence", __name__)
MOST = 20 * 1024 * 1024
SAMPLES: Mapping[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]] = {
    "rows": (("row", "q1", "q2", "q3"), (("1", "A", "C", "2"), ("2", "B", "", "0"), ("3", "A", "B", "3"))),
    "counts": (("item", "choice", "count"), (("q1", "A", "41"), ("q1", "B", "17"), ("q1", "", "3"), ("q3", "2", "28"))),
    "answers": (("row", "item", "answer"), (("1", "q1", "A"), ("1", "q2", "C"), ("2", "q1", "B"), ("2", "q3", "2"))),
    "piles": (("item", "choice", "count"), (("lemonade", "right", "34"), ("lemonade", "m-add-both", "19"), ("lemonade", "other", "11"))),
}  # fmt: skip
"""Sample files by name: headings and lines."""


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


@desk.get("/evidence")
@signed_in
def shelf() -> str:
    """The results that are in, by text."""
    found = results_of(studio(), person())
    return render_template(
        "studio/evidence.html",
        found=found,
        withdrawn=withdrawn_results(studio(), person()),
        did=request.args.get("did", ""),
        undo=request.args.get("undo", ""),
        names=_names(),
        open_loops=len(open_flags(studio(), person())),
    )


@desk.get("/evidence/new")
@needs("results")
def new() -> str:
    """The form that takes a file."""
    return _new_page()


def _new_page(error: str = "", findings: list[dict[str, Any]] | None = None, identity: bool = False) -> str:
    chosen, folder = request.values.get("text", ""), request.values.get("unit", "")
    _, curriculum = studio().curriculum()
    texts = texts_for_results(studio(), person())
    found = [(unit, list(group)) for unit, group in groupby(texts, lambda one: curriculum.unit_of[one.path])]
    # Of many units one is chosen first: thousands of texts in a list are no choice.
    few = len(found) <= FEW_UNITS
    units = [
        (unit, texts)
        for unit, texts in found
        if few or unit.folder == folder or any(one.id == chosen for one in texts)
    ]
    return render_template(
        "studio/evidence_new.html",
        units=units,
        all_units=[] if few else [unit for unit, _ in found],
        folder=folder or (units[0][0].folder if len(units) == 1 else ""),
        chosen=chosen,
        piles=piles_of(studio(), person(), chosen) if chosen else None,
        error=error,
        findings=findings or [],
        identity=identity,
        most=MOST // 1024 // 1024,
    )


def _rows_of(error: ResultsRefused) -> list[dict[str, Any]]:
    return [
        {
            "line": line,
            "column": column,
            "says": RULES[code].message.format(**words),
            "do": RULES[code].hint.format(**words),
        }
        for line, column, code, words in error.findings
    ]


@desk.post("/evidence/look")
@needs("results")
@admits(MOST)
def look() -> str | tuple[str, int]:
    """Reads a file: refuses it, or shows what it would come to. Until then nothing of it is anywhere but in memory."""
    given = request.files.get("file")
    content = given.read(MOST + 1) if given else b""
    try:
        if not content:
            named = given is not None and given.filename
            raise Refused(
                "There is nothing in this file. Nothing was changed." if named else "Choose a file first."
            )
        if len(content) > MOST:
            raise Refused(f"The file is larger than {MOST // 1024 // 1024} MB. Nothing was changed.")
        found = look_at_results(studio(), person(), content, request.form.get("text", ""))
    except ResultsRefused as error:
        return _new_page(str(error), _rows_of(error), error.identity), 400
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    # What is kept until the yes holds answers alone: no codes, no headings of the file's own, not its name.
    key = studio().incoming.keep(found.file.cleaned(), person().key)
    return _check_page(
        found,
        key,
        {
            str(place + 1): name or LEFT_OUT
            for place, name in enumerate(found.columns)
            if place not in found.asked
        },
    )


def _check_page(found: Intake, key: str, said: dict[str, str], error: str = "", findings: Any = ()) -> str:
    form = request.form
    return render_template(
        "studio/evidence_check.html",
        found=found,
        key=key,
        seen=found.file.answers_seen() if found.file.shape == "rows" else [],
        said={place: said.get(str(place + 1), "") for place in range(len(found.columns))},
        versions=versions_taught(studio(), found.taught.facts),
        month=form.get("taken") or datetime.now(UTC).strftime("%Y-%m"),
        classes=form.get("classes", ""),
        error=error,
        findings=findings,
        left_out=LEFT_OUT,
    )


@desk.post("/evidence/take")
@needs("results")
def take() -> Answer | str | tuple[str, int]:
    """Looks again with what was said, or takes the results in."""
    form = request.form
    key, text, version = form.get("key", ""), form.get("text", ""), form.get("version", "")
    said = {
        name.removeprefix("column-"): value
        for name, value in form.items()
        if name.startswith("column-") and value
    }
    me = person()
    try:
        content = studio().incoming.read(key, me.key)
        if form.get("do") != "take":
            return _check_page(look_at_results(studio(), me, content, text, version, said), key, said)
        try:
            made = take_in_results(
                studio(),
                me,
                content,
                text,
                version,
                said,
                taken=form.get("taken", ""),
                classes=_number(form.get("classes", "")),
            )
        except ResultsRefused as error:
            blank = dict.fromkeys(said, LEFT_OUT)
            return _check_page(
                look_at_results(studio(), me, content, text, version),
                key,
                said or blank,
                str(error),
                _rows_of(error),
            ), 400
    except ResultsRefused as error:
        return _new_page(str(error), _rows_of(error), error.identity), 400
    except (Refused, NotFound) as error:
        return _new_page(str(error)), 400
    studio().incoming.drop(key, me.key)
    return go("evidence.show", key=made.set.key if made.set else "", did="taken")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


@desk.get("/evidence/samples/<name>.csv")
@signed_in
def sample(name: str) -> Response:
    """A sample file, to be filled in; of piles, with those of a lesson that was chosen."""
    if name not in SAMPLES:
        abort(404)
    heads, lines = SAMPLES[name]
    piles = piles_of(studio(), person(), request.args.get("text", "")) if name == "piles" else None
    if piles:
        lines = tuple((piles.id, mark, "") for mark in (*piles.marks(), "other"))
    out = io.StringIO(newline="")
    csv.writer(out).writerows((heads, *lines))
    return _csv(out.getvalue(), f"results-{name}.csv")


def _csv(text: str, name: str) -> Response:
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _find(key: str) -> Report:
    try:
        return report(find_results(studio(), person(), key))
    except NotFound:
        abort(404)


@desk.get("/evidence/results/<key>")
@signed_in
def show(key: str) -> str:
    """The problems of results, one by one."""
    found = _find(key)
    version = studio().content.version(found.set.version)
    _, curriculum = studio().curriculum()
    where = curriculum.misconceptions(found.set.path)
    shown = {answer.misconception for item in found.items for answer in item.answers if answer.misconception}
    parts = {name: (curriculum.facts[where[name]].id, name) for name in shown if name in where}
    flags = flags_on(studio(), found.set.document, parts.values())
    called = names_of_parts(
        studio(), [*parts.values(), *((f.document, f.part) for f in flags)], access().reads
    )
    return render_template(
        "studio/results.html",
        flags=[(flag, called.get((flag.document, flag.part))) for flag in flags],
        found=found,
        one=found.set,
        version=version,
        limits=LIMITS,
        enough=ENOUGH,
        ideas={name: called[key] for name, key in parts.items() if key in called},
        did=request.args.get("did", ""),
        names=_names(),
        may_withdraw=may_withdraw(person(), found.set),
    )


@desk.get("/evidence/results/<key>/table.csv")
@signed_in
def table(key: str) -> Response:
    """The same as a table, masked as the page is."""
    return _csv(results_table(_find(key)), f"item-analysis-{key}.csv")


@desk.get("/evidence/dictionary.csv")
@signed_in
def dictionary() -> Response:
    """What the columns of the table mean."""
    return _csv(dictionary_csv(), "item-analysis-columns.csv")


@desk.post("/evidence/results/<key>/withdraw")
@signed_in
def withdraw(key: str) -> Answer:
    """Takes results out again."""
    _find(key)
    withdraw_results(studio(), person(), key)
    return go("evidence.shelf", did="withdrawn", undo=key)


@desk.post("/evidence/results/<key>/back")
@signed_in
def back(key: str) -> Answer:
    """Brings results back that were withdrawn."""
    try:
        bring_results_back(studio(), person(), key)
    except NotFound:
        abort(404)
    return go("evidence.show", key=key, did="back")
