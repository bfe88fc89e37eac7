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
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return name if name and "/" not in name and (folder / name).is_dir() else ""


def make_current(folder: Path, name: str) -> None:
    """Lets an index count, and takes all others away."""
    aside = folder / "current.new"
    aside.write_text(json.dumps({"version": VERSION, "folder": name}), "utf-8")
    if (folder / "current").is_dir():
        # Whatever made a folder of it: no file would ever take its place.
        shutil.rmtree(folder / "current")
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


class Damaged(Exception):
    """An index is not what was written; `name` is its own."""

    def __init__(self, folder: Path, what: str) -> None:
        super().__init__(f"{folder / what} is not what was written")
        self.name = folder.name


@contextlib.contextmanager
def telling_damage(folder: Path, *, held: bool = False) -> Iterator[None]:
    """For whoever reads an index, or has it `held` for writing: whatever goes wrong is `Damaged` where its files are not what was
    written, and else stands as it is."""
    try:
        yield
    except Exception:
        # Of bytes that it cannot read Whoosh makes a plain `Exception`, and pickle whatever comes: no list of kinds would be whole.
        # The files themselves say whether it was damage. A fault of ours is none: no query may cost everybody the index.
        check_sums(folder)
        with contextlib.nullcontext(True) if held else _free(folder.parent) as nobody_writes:
            if nobody_writes:
                check_left(folder)
        raise


@contextlib.contextmanager
def _free(folder: Path) -> Iterator[bool]:
    """Whether nobody writes now; where that is so, nobody begins meanwhile."""
    with (folder / ".write").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _sums(folder: Path) -> dict[str, tuple[int, int]]:
    try:
        found = json.loads((folder / "sums.json").read_text("utf-8"))
        return {str(name): (int(size), int(total)) for name, (size, total) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(folder, "sums.json") from error


def keep_sums(folder: Path) -> None:
    """Writes down what each file of the index is; they never change once they are written."""
    known = _sums(folder) if (folder / "sums.json").exists() else {}
    now: dict[str, tuple[int, int]] = {}
    for path in folder.iterdir():
        if path.suffix in (".seg", ".toc"):
            size = path.stat().st_size
            row = known.get(path.name)
            now[path.name] = row if row is not None and row[0] == size else (size, _sum(path))
    aside = folder / "sums.new"
    aside.write_text(json.dumps(now), "utf-8")
    aside.replace(folder / "sums.json")


def _sum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total = zlib.crc32(block, total)
    return total


def check_sums(folder: Path) -> None:
    """Raises `Damaged` where a file of the index is not what was written. One that is not there may just have been joined with others."""
    for name, (size, total) in _sums(folder).items():
        path = folder / name
        try:
            same = path.stat().st_size == size and _sum(path) == total
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            same = False
        if not same:
            raise Damaged(folder, name)


def check_left(folder: Path) -> None:
    """Raises `Damaged` where a file has gone, or a state has come that nobody wrote down: whoever wrote it was ended too soon. For
    those who hold the index for writing; while others do, both may be so for a moment."""
    known, there = _sums(folder), {path.name for path in folder.iterdir()}
    states = {name for name in there if name.endswith(".toc")}
    wrong = (known.keys() - there) | (states - known.keys()) or (set() if states else {"*.toc"})
    for name in wrong:
        raise Damaged(folder, name)
