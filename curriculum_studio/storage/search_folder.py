"""The folder of the search index: its lock between processes, which index in it counts, and whether its files are whole."""

from __future__ import annotations

import contextlib
import fcntl
import json
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path

from curriculum_studio.storage.search_schema import VERSION


def current(folder: Path) -> str:
    """The name of the index in use; "" where there is none or it is of another version."""
    try:
        row = json.loads((folder / "current").read_text("utf-8"))
        name = str(row["folder"]) if row["version"] == VERSION else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return name if name and "/" not in name and (folder / name).is_dir() else ""


def make_current(folder: Path, name: str) -> None:
    """Lets an index count, and takes all others away."""
    aside = folder / "current.new"
    aside.write_text(json.dumps({"version": VERSION, "folder": name}), "utf-8")
    aside.replace(folder / "current")
    for other in folder.iterdir():
        if other.name in ("current", ".write", name):
            continue
        if other.is_dir():
            shutil.rmtree(other, ignore_errors=True)
        else:
            other.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the index for writing, between processes."""
    with (folder / ".write").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sums(folder: Path) -> dict[str, list[int]]:
    found = json.loads((folder / "sums.json").read_text("utf-8")) if (folder / "sums.json").is_file() else {}
    return {str(name): list(row) for name, row in found.items()}


def keep_sums(folder: Path) -> None:
    """Writes down what each file of the index is; they never change once they are written."""
    known = _sums(folder)
    now: dict[str, list[int]] = {}
    for path in folder.iterdir():
        if path.suffix in (".seg", ".toc"):
            size = path.stat().st_size
            row = known.get(path.name)
            now[path.name] = row if row is not None and row[0] == size else [size, _sum(path)]
    aside = folder / "sums.new"
    aside.write_text(json.dumps(now), "utf-8")
    aside.replace(folder / "sums.json")


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total = zlib.crc32(block, total)
    return total


def whole(folder: Path) -> bool:
    """Whether every file of an index is what was written."""
    try:
        check_sums(folder)
    except (OSError, ValueError):
        return False
    return True


def check_sums(folder: Path) -> None:
    """Raises where a file of the index is not what was written."""
    for name, (size, total) in _sums(folder).items():
        path = folder / name
        # One that is not there was joined with others since; where it is still needed, opening fails.
        if path.is_file() and (path.stat().st_size != size or _sum(path) != total):
            raise ValueError(f"{path} is damaged")
