"""Finds the framework that a curriculum names: in its own `standards/`, else among those that the program brings."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.case_package import read_case

_PACKAGE = Path(__file__).resolve().parent.parent
PROGRAM_UNITS = (_PACKAGE / "units", _PACKAGE.parent / "units")
"""Where the program brings a starter curriculum: in the wheel, or beside the package in a checkout."""
_ENDING = ".case.json"
_KEPT: dict[tuple[str, str], Framework] = {}


def framework(snapshot: Mapping[str, bytes], framework_id: str) -> Framework | None:
    """The framework of this id; None where it is nowhere, or its package cannot be read."""
    path = path_of(framework_id)
    # A store names each file by its bytes: what was read once is found without reading it again.
    name = getattr(snapshot, "blob", None)
    stamp = str(name(path)) if callable(name) and path in snapshot else ""
    if stamp and (framework_id, stamp) in _KEPT:
        return _KEPT[framework_id, stamp]
    package = package_of(snapshot, framework_id)
    if package is None:
        return None
    key = (framework_id, stamp or hashlib.sha256(package).hexdigest())
    if key not in _KEPT:
        try:
            _KEPT[key] = read_case(package, framework_id)[0]
        except FormatError:
            return None
    return _KEPT[key]


def path_of(framework_id: str) -> str:
    """Where a curriculum keeps the package of a framework."""
    return f"standards/{framework_id}{_ENDING}"


def package_of(snapshot: Mapping[str, bytes], framework_id: str) -> bytes | None:
    """The package as it was imported, byte for byte; None where the framework is nowhere."""
    path = path_of(framework_id)
    return snapshot[path] if path in snapshot else _brought(framework_id)


def framework_ids(snapshot: Mapping[str, bytes]) -> tuple[str, ...]:
    """Every framework that is at hand: those of the curriculum, then those that the program brings."""
    own = [
        path[len("standards/") : -len(_ENDING)]
        for path in snapshot
        if path.startswith("standards/") and path.endswith(_ENDING) and path.count("/") == 1
    ]
    folders = [units / "standards" for units in PROGRAM_UNITS if (units / "standards").is_dir()]
    brought = [file.name[: -len(_ENDING)] for folder in folders for file in folder.glob(f"*{_ENDING}")]
    return tuple(dict.fromkeys([*sorted(own), *sorted(brought)]))


@lru_cache(maxsize=4)
def _brought(framework_id: str) -> bytes | None:
    """A package that the program brings: in the wheel, or beside the package in a checkout."""
    if not framework_id.replace("-", "").isalnum():
        return None
    for units in PROGRAM_UNITS:
        path = units / path_of(framework_id)
        if path.is_file():
            return path.read_bytes()
    return None
