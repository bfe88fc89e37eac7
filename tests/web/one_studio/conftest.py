"""What tests of the pages share whose tests do not mind each other: one studio for all of a file, and its application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import app_of, opened


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio over the starter curriculum for a whole file."""
    one = opened(tmp_path_factory.mktemp("studio"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def app(studio: Studio) -> Flask:
    """The application over it, in test mode."""
    return app_of(studio)
