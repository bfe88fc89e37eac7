"""Coverage as a table that spreadsheets and statistics programs read, and the dictionary of its columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from curriculum_studio.domain.alignment import RELATIONS, Coverage, emphasis_of
from curriculum_studio.formats.csv_cells import plain_cell

COLUMNS: Mapping[str, str] = {
    "framework": "The framework, by the name of its file in standards/",
    "code": "The standard’s code in its usual form",
    "guid": "The standard’s GUID in its CASE package: with the framework, this is its identity",
    "label": "A short name of the standard",
    "grade": "The standard’s grade: K, 1 to 12, or a span such as 9-12",
    "emphasis": "major, supporting, additional; empty where the framework says nothing",
    "unit": "The folder of the unit; empty in the rows of a standard that no text names",
    "text": "The path of the lesson or assessment; empty in the rows of a standard that no text names",
    "title": "The title of the lesson or assessment",
    "kind": "lesson or assessment",
    "relation": "building-on, addressing, building-toward, practises, assesses; empty where no text names the standard",
    "minutes": "Of a lesson that addresses the standard: the lesson’s minutes divided by how many standards it addresses; to 2 places",
}
"""Each column and what it means. A row is one claim of one text on one standard, or a standard that no text names."""


def coverage_csv(found: Coverage) -> str:
    """Every claim as a row, in the order of the framework; standards that no text names have one row with empty cells."""
    texts: dict[str, list[str]] = {}
    for code, path in found.cells:
        texts.setdefault(code, []).append(path)
    by_path = {text.path: text for text in found.texts}
    place = {text.path: number for number, text in enumerate(found.texts)}
    rows = []
    for code in found.standards:
        one = found.framework.standards[code]
        emphasis = emphasis_of(found.framework, code)
        head = [found.framework.id, code, one.guid, one.label, one.grade, emphasis]
        for path in sorted(texts.get(code, ()), key=place.__getitem__):
            text = by_path[path]
            share = text.minutes / max(1, len(text.codes("addressing")))
            for relation in found.cells[code, path]:
                minutes = f"{share:.2f}" if relation == "addressing" and text.kind == "lesson" else ""
                rows.append([*head, text.unit, path, text.title, text.kind, relation, minutes])
        if code not in texts:
            rows.append([*head, "", "", "", "", "", ""])
    return _table(COLUMNS, rows)


def dictionary_csv() -> str:
    """The data dictionary: each column and its meaning."""
    return _table(("column", "meaning"), [list(row) for row in COLUMNS.items()])


def _table(head: Iterable[str], rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(list(head))
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def as_document(found: Coverage) -> dict[str, object]:
    """Coverage as the JSON object that the command prints."""
    share = found.major_share
    return {
        "framework": found.framework.id,
        "lessons": sum(text.kind == "lesson" for text in found.texts),
        "assessments": sum(text.kind == "assessment" for text in found.texts),
        "standards": len(found.standards),
        "claims": sum(len(relations) for relations in found.cells.values()),
        "gaps": list(found.gaps),
        "unassessed": list(found.unassessed),
        "overloads": [{"text": text.path, "standards": count} for text, count in found.overloads],
        "minutes": {name or "none": round(float(value), 2) for name, value in sorted(found.emphasis.items())},
        "minutes_unclaimed": found.unclaimed,
        "major_share": round(float(share), 4) if share is not None else None,
        "rigor": {name: round(float(value), 2) for name, value in found.rigor.items()},
        "dok": dict(found.dok),
        "rows": [
            {"code": code, "text": path, "relations": list(relations)}
            for (code, path), relations in sorted(found.cells.items(), key=lambda row: row[0])
        ],
        "relations": list(RELATIONS),
    }
