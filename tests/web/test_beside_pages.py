"""What the web process does while nobody asks: one piece of it that fails, in whatever way, takes no other along."""

from __future__ import annotations

import pytest

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.studio import Studio
from curriculum_studio.web.server import look_after


@pytest.mark.parametrize("error", [StoreError("The disk is full."), RuntimeError("not thought of")])
def test_looks_are_written_though_the_record_fails(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> None:
        raise error

    studio.looks.look("p-ada", "a-text", "blob")
    monkeypatch.setattr(studio.record, "write_all", fail)
    look_after(studio, {}, slowly=True)
    with studio.database.look() as session:
        found = session.connection().exec_driver_sql("select blob from looks where person = 'p-ada'").all()
    assert found == [("blob",)]
