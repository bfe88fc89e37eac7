"""Hides how `curriculum.md` says who must approve a lesson: `approval: {teachers: 1, researchers: 1}`."""

from __future__ import annotations

from curriculum_studio.formats.header import Header

_MOST = 5
WRONG = f"teachers and researchers, each with a number from 0 to {_MOST}, and one at least, as `{{teachers: 1, researchers: 1}}`."  # fmt: skip


def approvals_needed(header: Header) -> tuple[int, int] | None:
    """How many teachers (other than the authors) and researchers; None where nothing is said, or nothing that can be used."""
    table = header.table("approval")
    counts = [table.get(name, "0") for name in ("teachers", "researchers")]
    if not table or set(table) - {"teachers", "researchers"}:
        return None
    numbers = [int(one) for one in counts if isinstance(one, str) and one.isascii() and one.isdecimal() and len(one) < 3]  # fmt: skip
    if len(numbers) < 2 or max(numbers) > _MOST or not any(numbers):
        return None
    return numbers[0], numbers[1]
