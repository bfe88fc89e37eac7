"""Hides how a table is written so that no spreadsheet takes what people typed for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def csv_table(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV; numbers stay numbers, and words that a spreadsheet would run get a mark in front."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def plain_cell(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; "-3" is a number and stays one."""
    if not isinstance(cell, str) or not cell.startswith(_BEGIN_FORMULAS) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}"
