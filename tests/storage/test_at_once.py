"""What two do at the same moment, and what is opened in vain: nobody meets an error, and nothing stays open."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.incoming import Incoming
from curriculum_studio.storage.people import People
from curriculum_studio.storage.visits import Visits
from curriculum_studio.studio import open_studio
from tests.workspaces import new_sample


def test_a_file_that_is_sent_many_times_at_once_is_kept(tmp_path: Path) -> None:
    incoming, content = Incoming(tmp_path / "incoming"), b"item,choice,count\n" * 20_000
    for _ in range(20):
        with ThreadPoolExecutor(8) as pool:
            (key,) = set(pool.map(lambda _: incoming.keep(content, "p-ada"), range(8)))
        assert incoming.read(key, "p-ada") == content
        incoming.drop(key, "p-ada")
    assert not list((tmp_path / "incoming").iterdir())


def test_a_first_visit_in_two_pages_at_once_is_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits, ada = Visits(database), People(database).add("Ada", "ada", "teacher").key
    assert visits.arrive(ada, 1_000_000) is None
    with monkeypatch.context() as patched:
        # As if the other page's row had come between the question and the answer.
        patched.setattr(Session, "get", lambda *_, **__: None)
        assert visits.arrive(ada, 1_000_001) is None
    assert visits.arrive(ada, 1_010_000) is not None


def test_a_workspace_without_its_texts_leaves_no_database_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, closed = new_sample(tmp_path / "work"), list[Database]()
    shutil.rmtree(work / "curriculum.git")
    close = Database.close

    def noted(database: Database) -> None:
        closed.append(database)
        close(database)

    monkeypatch.setattr(Database, "close", noted)
    with pytest.raises(NotFound):
        open_studio(work)
    assert len(closed) == 1
