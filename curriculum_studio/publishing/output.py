"""Puts a site in place, file by file, in an order in which no reader ever meets half of it.

Hashed assets and search shards first, then pages, then lists, then deletions; every file is written aside and
renamed in. A file whose bytes are there already is not touched. Assets and shards that are of no more use stay for a
while longer (`late_files`): who opened a page just before still fetches what it names.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from curriculum_studio.domain.errors import Refused

LATE_SECONDS = 60.0
_LISTS = frozenset({"index.html", "sitemap.xml", "search/index.json"})


@dataclass(frozen=True, slots=True)
class Written:
    """How many files were written and removed."""

    written: int
    removed: int


def put_in_place(
    folder: Path, files: Mapping[str, bytes], staged: Mapping[str, Path], gone: Iterable[str]
) -> Written:
    """Writes `files` and moves `staged` ones into `folder`, then removes `gone`; paths are relative to it."""
    names = sorted({*files, *staged}, key=_rank)
    made: set[Path] = set()
    written = 0
    for name in names:
        target = folder / name
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        if name in staged:
            staged[name].replace(target)
            written += 1
        elif not _same(target, files[name]):
            _write(target, files[name])
            written += 1
    removed = 0
    late: list[str] = []
    for name in sorted(gone, key=_rank):
        if _is_fetched_later(name):
            late.append(name)
        else:
            removed += _remove(folder, name)
    return Written(written, removed + clear_late(folder, names, late))


def _is_fetched_later(name: str) -> bool:
    """Whether a page that was read already may still ask for this file."""
    return name.startswith("assets/") or (name.startswith("search/") and name.endswith(".json"))


def late_files(folder: Path) -> frozenset[str]:
    """The files of an edition that are of no more use and stay for those who opened a page before."""
    return frozenset(_late(folder))


def clear_late(folder: Path, used: Iterable[str] = (), more: Iterable[str] = ()) -> int:
    """Removes late files that had their time and tells how many; those in `used` are of use again, `more` are new."""
    known = _late(folder)
    late = {name: when for name, when in known.items() if name not in set(used)}
    late |= {name: time.time() for name in more if name not in late and (folder / name).is_file()}
    over = [name for name, when in late.items() if not 0 <= time.time() - when < LATE_SECONDS]
    removed = sum(_remove(folder, name) for name in over)
    left = {name: when for name, when in late.items() if name not in over}
    if left != known:
        _write(_late_list(folder), json.dumps(left).encode())
    return removed


def _late(folder: Path) -> dict[str, float]:
    try:
        found: dict[str, float] = json.loads(_late_list(folder).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found


def _late_list(folder: Path) -> Path:
    return folder.with_name(f".publish-{folder.name}-late")


def _rank(name: str) -> tuple[int, str]:
    if name.startswith("assets/"):
        return 0, name
    if name == "release.json":
        # The word that a new release is here comes after all that it speaks of.
        return 4, name
    if name in _LISTS or name.endswith("/unit.json"):
        return 3, name
    return (1 if name.startswith("search/") and not name.endswith(".html") else 2), name


def _same(target: Path, content: bytes) -> bool:
    try:
        return target.stat().st_size == len(content) and target.read_bytes() == content
    except FileNotFoundError:
        return False


def _write(target: Path, content: bytes) -> None:
    aside = target.with_name(f".{target.name}.new")
    aside.write_bytes(content)
    aside.replace(target)


def _remove(folder: Path, name: str) -> int:
    target = folder / name
    try:
        target.unlink()
    except FileNotFoundError:
        return 0
    parent = target.parent
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
    return 1


def check_output(out: Path, source: Path | None) -> None:
    """Refuses an output folder that would harm something: the source, its parents, or a folder of other things."""
    out = out.resolve()
    if source is not None:
        source = source.resolve()
        if out == source or source in out.parents or out in source.parents:
            raise Refused(f"The site cannot be built into {out}: the curriculum lies there.")
    if out.is_file():
        raise Refused(f"{out} is a file; name a folder.")
    for edition in ("student", "family", "teacher"):
        folder = out / edition
        if folder.is_symlink():
            raise Refused(f"{folder} is a link; name a folder of its own.")
        if folder.is_dir() and any(folder.iterdir()) and not (out / f".publish-{edition}").exists():
            raise Refused(f"{folder} holds files that no publish put there; empty it or name another folder.")


@contextlib.contextmanager
def one_at_a_time(out: Path) -> Iterator[None]:
    """Holds the output folder for one publish: a second one, of this process or another, waits for its turn."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".publish-lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
