"""What tests of the pages share where they need nothing else: a studio of their own, and its application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from curriculum_studio.studio import Studio
from tests.web.cast import app_of, opened


@pytest.fixture
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio for one test; the files in `one_studio` have one for all of their tests."""
    one = opened(tmp_path_factory.mktemp("studio"))
    yield one
    one.close()


@pytest.fixture
def app(studio: Studio) -> Flask:
    """The application over it, in test mode."""
    return app_of(studio)
