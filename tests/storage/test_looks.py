"""Who last looked at what: visits of half an hour, gathered in memory and written together, so that readers do not make the disk wait."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.looks import Looks
from curriculum_studio.storage.review_tables import LookRow


class Clock:
    """The time that looks are told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000.0
        monkeypatch.setattr("curriculum_studio.storage.looks.time.time", lambda: self.now)


def test_a_visit_compares_with_the_one_before(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, looks = Clock(monkeypatch), Looks(database)
    assert looks.look("ada", "text", "one") == ""
    clock.now += 60
    # The first visit goes on: what was there when it began is what she knows.
    assert looks.look("ada", "text", "two") == "one"
    clock.now += 60
    assert looks.look("ada", "text", "three") == "one"
    clock.now += 3600
    assert looks.look("ada", "text", "three") == "three"
    assert looks.look("ben", "text", "three") == ""
    for _ in range(3):
        # Written or not, it is the same.
        looks.write()
        clock.now += 100
        assert looks.look("ada", "text", "three") == "three"


def test_looks_are_written_together_and_found_by_the_next_start(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks = Clock(monkeypatch), Looks(database)
    commits: list[int] = []
    event.listen(database.engine, "commit", lambda _: commits.append(1))
    for number in range(200):
        looks.look(f"p-{number}", "text", "one")
    assert not commits
    looks.write()
    assert len(commits) == 1
    looks.write()
    assert len(commits) == 1
    clock.now += 3600
    assert Looks(database).look("p-7", "text", "two") == "one"


def test_a_look_while_others_are_written_is_not_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks = Clock(monkeypatch), Looks(database)
    looks.look("ada", "text", "one")

    def again(_: object) -> None:
        if clock.now == 1_800_000_000.0:
            clock.now += 3600
            assert looks.look("ada", "text", "two") == "one"

    event.listen(database.engine, "commit", again)
    looks.write()
    looks.write()
    clock.now += 3600
    assert Looks(database).look("ada", "text", "three") == "two"


def test_what_was_seen_later_stands_whoever_writes_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two threads write at once; the one that gathered first comes to the database last."""
    clock, looks = Clock(monkeypatch), Looks(database)
    looks.look("ada", "text", "one")
    others: list[Thread] = []

    def meanwhile(_: object) -> None:
        if not others:
            clock.now += 3600
            others.append(Thread(target=lambda: (looks.look("ada", "text", "two"), looks.write())))
            others[0].start()
            others[0].join(0.5)

    event.listen(database.engine, "begin", meanwhile, insert=True)
    looks.write()
    others[0].join()
    clock.now += 3600
    assert Looks(database).look("ada", "text", "three") == "two"


def test_the_same_look_in_two_processes_is_written_the_next_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find that there is none yet, and both put it there: the second one's whole batch is refused, and still waits."""
    clock, looks = Clock(monkeypatch), Looks(database)
    looks.look("ben", "text", "one")
    looks.look("ada", "text", "one")
    with monkeypatch.context() as patched:
        # As if the row had come between the question and the answer.
        patched.setattr(Session, "merge", Session.add)
        with database.work() as work:
            work.add(LookRow(person="ada", text="text", blob="one", before="", at=int(clock.now)))
        with pytest.raises(StoreError):
            looks.write()
    looks.write()
    clock.now += 3600
    for person in ("ada", "ben"):
        assert Looks(database).look(person, "text", "two") == "one"


def test_no_more_wait_in_memory_than_a_rush_brings(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curriculum_studio.storage.looks._MOST_WAITING", 5)
    looks = Looks(database)
    for number in range(20):
        looks.look(f"p-{number}", "text", "one")
        assert len(looks._waiting) <= 5
