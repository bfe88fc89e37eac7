"""Crosswalks as tables that a spreadsheet writes: from, to, kind, note; and where a curriculum keeps them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from curriculum_studio.domain.crosswalks import Crosswalk, Line, crosswalk
from curriculum_studio.domain.errors import FormatError
from curriculum_studio.formats.frameworks import framework

MAX_BYTES = 2 * 1024 * 1024
_MOST_LINES = 20_000
_ENDING = ".crosswalk.csv"
COLUMNS: Mapping[str, str] = {
    "from": "The code in the old edition; empty for what is new",
    "to": "The code in the new edition; empty for what was dropped",
    "kind": "exact, edited, moved, split, merged, dropped or new",
    "note": "What a teacher should know; may be empty",
}


def path_of(name: str) -> str:
    """Where a curriculum keeps a crosswalk."""
    return f"standards/{name}{_ENDING}"


def crosswalk_names(snapshot: Mapping[str, bytes]) -> tuple[str, ...]:
    """The crosswalks of a curriculum, each `<old>--<new>`."""
    return tuple(
        sorted(
            path[len("standards/") : -len(_ENDING)]
            for path in snapshot
            if path.startswith("standards/") and path.endswith(_ENDING) and path.count("/") == 1
        )
    )


def read_crosswalk(snapshot: Mapping[str, bytes], old: str, new: str, content: bytes) -> Crosswalk:
    """Reads a table against the two editions. Raises `FormatError` with every sentence about what is amiss."""
    before, after = framework(snapshot, old), framework(snapshot, new)
    if before is None or after is None:
        raise FormatError("Both editions must be here as frameworks first; bring the missing one in.")
    if before.id == after.id:
        raise FormatError("A crosswalk leads from one edition to another; choose two.")
    made, problems = crosswalk(before, after, _lines(content))
    if problems:
        more = f" … and {len(problems) - 20} more." if len(problems) > 20 else ""
        raise FormatError(" ".join(problems[:20]) + more)
    return made


def _lines(content: bytes) -> list[Line]:
    if len(content) > MAX_BYTES:
        raise FormatError(f"The table is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FormatError("The table is not UTF-8 text. Save it from the spreadsheet as CSV UTF-8.") from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FormatError(f"The table cannot be read as CSV: {error}.") from None
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    missing = [name for name in ("from", "to", "kind") if name not in head]
    if missing:
        raise FormatError(f"The first line must name the columns from, to, kind and note; {', '.join(missing)} is missing.")  # fmt: skip
    if len(rows) > _MOST_LINES:
        raise FormatError(f"The table has more than {_MOST_LINES:,} lines.")
    at = {name: head.index(name) for name in COLUMNS if name in head}
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        if any(cells.values()):
            found.append(Line(number, cells["from"], cells["to"], cells["kind"].casefold(), cells.get("note", "")[:500]))  # fmt: skip
    if not found:
        raise FormatError("The table has no lines below its head.")
    return found
