"""Hides where a workspace keeps which of its backups were tested, and how that ended."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.domain.errors import Refused, StoreError

RECORD = "backups.json"
_KEPT = 50


def tested_backups(folder: Path) -> list[dict[str, str | bool]]:
    """The tests of backups, the newest last. Raises `Refused` where the file that keeps them cannot be read."""
    path = folder / RECORD
    if not path.exists():
        return []
    try:
        rows = json.loads(path.read_text("utf-8"))["restore_tested"]
        found: list[dict[str, str | bool]] = [
            {
                "file": str(row["file"]),
                "at": str(row["at"]),
                "ok": bool(row["ok"]),
                "message": str(row["message"]),
            }
            for row in rows
        ]
        if any(datetime.fromisoformat(str(row["at"])).tzinfo is None for row in found):
            raise ValueError("a time without a zone")
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Refused(f"{RECORD} cannot be read, so nobody knows which backup was tested.") from error
    return found


def note_tested(folder: Path, file: Path, *, ok: bool, message: str) -> None:
    """Keeps how the test of a backup ended. Raises `StoreError` where that cannot be written."""
    try:
        rows = tested_backups(folder)
    except Refused:
        rows = []
    at = datetime.now(UTC).isoformat(timespec="seconds")
    rows.append({"file": file.name, "at": at, "ok": ok, "message": message})
    document = {"format": 1, "restore_tested": rows[-_KEPT:]}
    aside = folder / f".{RECORD}.new"
    try:
        with aside.open("w", encoding="utf-8") as out:
            json.dump(document, out, indent=1, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(folder / RECORD)
    except OSError as error:
        raise StoreError(f"The result could not be kept in {RECORD}: {error.strerror or error}.") from error
