"""Where the real data of others lie that tests read and the project does not hold: beside the project, or nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest


def shared(name: str) -> Path:
    """A file of `shared/data` in a folder above the project; the test says plainly that it skips where it is absent."""
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared" / "data" / name
        if path.is_file():
            return path
    pytest.skip(f"{name} is not on this machine (it belongs to others and is no part of the project)")
