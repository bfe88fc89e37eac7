"""Reads rubrics, `rubrics/<id>.yml`, with the strict header reader; those of the curriculum first, then those brought."""

from __future__ import annotations

import re
from collections.abc import Mapping

from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.ratings import Criterion, Rubric
from curriculum_studio.formats.frameworks import PROGRAM_UNITS
from curriculum_studio.formats.header import Header, HeaderError, Value, read_mapping

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_KEYS = frozenset({"id", "title", "version", "scale", "criteria", "note"})
_OF_CRITERION = frozenset({"id", "title", "question", "gate", "levels"})


def read_rubric(content: bytes) -> Rubric:
    """The rubric of a file. Raises `FormatError` with the line and what is amiss."""
    try:
        header = read_mapping(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise FormatError("The rubric is not text (UTF-8).") from error
    except HeaderError as error:
        raise FormatError(f"Line {error.line}: {error.reason}") from error
    unknown = set(header.values) - _KEYS
    if unknown:
        raise _amiss(header, f"“{min(unknown)}” is no part of a rubric", min(unknown))
    rubric = Rubric(
        _id(header.values.get("id"), header, "id"),
        _words(header, header.values, "title"),
        _words(header, header.values, "version"),
        _scale(header),
        tuple(_criterion(header, number, row) for number, row in enumerate(_rows(header, "criteria"))),
    )
    if len({one.id for one in rubric.criteria}) < len(rubric.criteria):
        raise _amiss(header, "two criteria have the same id", "criteria")
    for number, one in enumerate(rubric.criteria):
        if strange := set(one.levels) - set(rubric.values):
            raise _amiss(header, f"the scale has no {min(strange)}", "criteria", number, "levels")
    return rubric


def rubric_texts(snapshot: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every rubric file that is at hand, by its name: the curriculum's own, then those that the program brings."""
    found: dict[str, bytes] = {}
    for units in PROGRAM_UNITS:
        for file in sorted((units / "rubrics").glob("*.yml")):
            found[file.stem] = file.read_bytes()
    for path in snapshot:
        if path.startswith("rubrics/") and path.endswith(".yml") and path.count("/") == 1:
            found[path[len("rubrics/") : -len(".yml")]] = snapshot[path]
    return dict(sorted(found.items()))


def _amiss(header: Header, what: str, *path: str | int) -> FormatError:
    return FormatError(f"Line {header.place(*path)[0]}: {what}.")


def _id(value: Value | None, header: Header, *path: str | int) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _amiss(header, "an id is 1 to 48 small letters, digits and hyphens", *path)
    return value


def _words(header: Header, values: Mapping[str, Value], key: str, *path: str | int) -> str:
    value = values.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _amiss(header, f"{key} is missing", *path, key)
    return value.strip()


def _rows(header: Header, key: str) -> list[Value]:
    rows = header.values.get(key)
    if not isinstance(rows, list) or not rows:
        raise _amiss(header, f"{key} is a list and not empty", key)
    return rows


def _scale(header: Header) -> tuple[tuple[int, str], ...]:
    found: list[tuple[int, str]] = []
    for number, row in enumerate(_rows(header, "scale")):
        value = row.get("value") if isinstance(row, dict) else None
        label = row.get("label") if isinstance(row, dict) else None
        if (
            not isinstance(value, str)
            or not re.fullmatch(r"\d{1,2}", value)
            or not isinstance(label, str)
            or not label
        ):
            raise _amiss(header, "a step of the scale reads {value: 0, label: …}", "scale", number)
        if found and int(value) <= found[-1][0]:
            raise _amiss(header, "the values of the scale rise", "scale", number)
        found.append((int(value), label))
    if len(found) < 2:
        raise _amiss(header, "a scale has at least two steps", "scale")
    return tuple(found)


def _criterion(header: Header, number: int, row: Value) -> Criterion:
    here = ("criteria", number)
    if not isinstance(row, dict):
        raise _amiss(header, "a criterion has id, title and question", *here)
    if unknown := set(row) - _OF_CRITERION:
        raise _amiss(header, f"“{min(unknown)}” is no part of a criterion", *here, min(unknown))
    gate = row.get("gate", "no")
    if gate not in ("yes", "no"):
        raise _amiss(header, "gate is yes or no", *here, "gate")
    levels = row.get("levels", {})
    if not isinstance(levels, dict) or not all(
        key.isdecimal() and isinstance(text, str) for key, text in levels.items()
    ):
        raise _amiss(header, "levels give a sentence for a value of the scale", *here, "levels")
    return Criterion(
        _id(row.get("id"), header, *here, "id"),
        _words(header, row, "title", *here),
        _words(header, row, "question", *here),
        gate == "yes",
        {int(key): text for key, text in levels.items() if isinstance(text, str)},
    )
