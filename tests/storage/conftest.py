"""What tests of the memories share: an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum_studio.storage.database import Database, upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database for one test."""
    upgrade(tmp_path / "studio.db")
    found = Database(tmp_path / "studio.db")
    yield found
    found.close()
