"""A served studio for the tests of rooms, and the clients' driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.test_serving import free_port, served
from tests.live.clients import Clients, clients, driver
from tests.workspaces import new_sample

__all__ = ["driver"]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace of its own."""
    new_sample(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace for one file of tests."""
    folder = tmp_path_factory.mktemp("rooms") / "work"
    new_sample(folder)
    return folder


@pytest.fixture(scope="module")
def browsers(shared: Path, driver: Path) -> Iterator[Clients]:
    """Browsers without a page at a served studio."""
    port = free_port()
    with served(shared, port), clients(driver, port) as some:
        yield some
