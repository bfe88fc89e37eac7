"""A folder of curriculum files as a snapshot, with a cheap stamp for each file that tells whether it changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from curriculum_studio.domain.errors import NotFound, Refused

_SKIPPED = frozenset({"node_modules", "__pycache__"})
MAX_FILES = 100_000


class FolderSnapshot(Mapping[str, bytes]):
    """The files below a folder, names beginning with a dot aside. Links are not followed."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise NotFound(f"There is no folder {folder}.")
        self.folder = folder
        self._stats: dict[str, os.stat_result] = {}
        self._scan(str(folder), "")
        self._paths = sorted(self._stats)

    def _scan(self, folder: str, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.startswith(".") or name in _SKIPPED:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    self._scan(entry.path, f"{prefix}{name}/")
                elif entry.is_file(follow_symlinks=False):
                    self._stats[prefix + name] = entry.stat(follow_symlinks=False)
        if len(self._stats) > MAX_FILES:
            raise Refused(f"{self.folder} holds more than {MAX_FILES} files; is it a curriculum?")

    def __getitem__(self, path: str) -> bytes:
        if path not in self._stats:
            raise KeyError(path)
        return (self.folder / path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._stats

    def stamp(self, path: str) -> str:
        """Changes whenever the file does, as far as the file system tells."""
        stat = self._stats[path]
        return f"{stat.st_mtime_ns}.{stat.st_ctime_ns}.{stat.st_size}.{stat.st_ino}"


def stamp_of(source: Mapping[str, bytes], path: str) -> str:
    """A text that changes with the file: the source's own stamp, the blob's name, or a hash of the bytes."""
    if isinstance(source, FolderSnapshot):
        return source.stamp(path)
    blob = getattr(source, "blob", None)
    if callable(blob):
        return str(blob(path))
    return hashlib.sha256(source[path]).hexdigest()


def version_of(source: Mapping[str, bytes]) -> str:
    """The name of the version that a source is of; "" where it knows of none."""
    return str(getattr(source, "version", ""))


def changed_since(source: Mapping[str, bytes], version: str) -> set[str] | None:
    """The files that differ between a version and the source, itself one of the same store; None where it cannot say."""
    compare = getattr(source, "changed_since", None)
    return compare(version) if version and callable(compare) else None
