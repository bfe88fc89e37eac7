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
_KEPT: dict[tuple[str, str], Framework] = {}


def framework(snapshot: Mapping[str, bytes], framework_id: str) -> Framework | None:
    """The framework of this id; None where it is nowhere, or its package cannot be read."""
    path = f"standards/{framework_id}.case.json"
    package = snapshot[path] if path in snapshot else _brought(framework_id)
    if package is None:
        return None
    key = (framework_id, hashlib.sha256(package).hexdigest())
    if key not in _KEPT:
        try:
            _KEPT[key] = read_case(package, framework_id)[0]
        except FormatError:
            return None
    return _KEPT[key]


@lru_cache(maxsize=4)
def _brought(framework_id: str) -> bytes | None:
    """A package that the program brings: in the wheel, or beside the package in a checkout."""
    if not framework_id.replace("-", "").isalnum():
        return None
    for units in (_PACKAGE / "units", _PACKAGE.parent / "units"):
        path = units / "standards" / f"{framework_id}.case.json"
        if path.is_file():
            return path.read_bytes()
    return None
