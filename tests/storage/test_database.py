"""The schema and its steps, the record's chain, and the limits on sign-ins."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, OperationalError

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.audit import Audit
from curriculum_studio.storage.database import Database, schema_of, upgrade
from curriculum_studio.storage.people import People
from curriculum_studio.storage.sessions import MOST, WINDOW, Sessions
from curriculum_studio.storage.tables import SCHEMA, Base
from curriculum_studio.storage.teams import Teams


@pytest.fixture
def database(tmp_path: Path) -> Database:
    upgrade(tmp_path / "studio.db")
    return Database(tmp_path / "studio.db")


def test_the_steps_make_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def old_database(path: Path) -> None:
    """A database as the first program made it: no number of its schema."""
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "create table people (key text primary key, name text not null, role text not null, account text not null unique, password text not null, sample boolean not null);"
            "create table sessions (token text primary key, person text not null references people(key) on delete cascade, until integer not null);"
            "create table links (token text primary key, person text not null references people(key) on delete cascade, until integer not null);"
            "create index ix_sessions_person on sessions (person);"
            "insert into people values ('p-1', 'Ada', 'administrator', 'ada', '', 0);"
        )
        old.commit()


def test_an_older_database_is_refused_and_upgraded(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    old_database(path)
    with pytest.raises(Refused, match="curriculum-studio upgrade"):
        Database(path)
    assert upgrade(path) == "0001"
    assert schema_of(path) == SCHEMA
    database = Database(path)
    assert [one.person.name for one in People(database).all()] == ["Ada"]
    database.close()
    assert upgrade(path) == SCHEMA


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    upgrade(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("update alembic_version set version_num = '9999'")
        raw.commit()
    with pytest.raises(Refused, match="program that wrote it"):
        Database(path)
    with pytest.raises(Refused, match="newer"):
        upgrade(path)


def test_the_record_only_grows(database: Database, tmp_path: Path) -> None:
    people, audit = People(database), Audit(database)
    first = people.add("Ada", "ada", "administrator")
    people.add("Ben", "ben", "teacher", actor=first.key)
    assert [entry.act for entry in audit.entries()] == ["added", "added"]
    assert audit.broken() is None
    with closing(sqlite3.connect(tmp_path / "studio.db")) as raw:
        for act in ("update audit set act = 'x'", "delete from audit"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(act)
        raw.execute("drop trigger audit_no_update")
        raw.execute("update audit set detail = '{}' where number = 2")
        raw.commit()
    assert audit.broken() == 2
    database.close()


def test_an_act_and_its_entry_stand_or_fall_together(database: Database) -> None:
    people, audit = People(database), Audit(database)
    ada = people.add("Ada", "ada", "administrator")
    with pytest.raises(Refused, match="remain an administrator"):
        people.change_role(ada.key, "teacher", ada.key)
    with pytest.raises(Refused, match="remain an administrator"):
        people.leave(ada.key, ada.key)
    assert people.account(ada.key).person.role == "administrator"
    assert len(audit.entries()) == 1
    database.close()


def test_who_leaves_has_no_way_in_and_stays_an_author(database: Database) -> None:
    people, sessions, teams = People(database), Sessions(database), Teams(database)
    ada, ben = people.add("Ada", "ada", "administrator"), people.add("Ben", "ben", "teacher")
    link = people.make_link(ben, 2_000)
    people.use_link(link, "correct horse battery", 1_000)
    token = sessions.open(ben, 1_000, 5_000, "Firefox")
    team = teams.add("Ratios", [ben.key], ada.key)
    second = people.make_link(ben, 2_000)
    assert sessions.person(token, 1_001) == ben
    people.leave(ben.key, ada.key)
    assert sessions.person(token, 1_001) is None
    assert people.sign_in("ben", "correct horse battery") is None
    with pytest.raises(Refused):
        people.use_link(second, "correct horse battery", 1_000)
    with pytest.raises(Refused):
        people.make_link(ben, 2_000)
    assert people.account(ben.key).person.name == "Ben"
    assert ben.key in teams.get(team.key).members
    people.leave(ben.key, ada.key, back=True)
    assert people.use_link(people.make_link(ben, 2_000), "another good phrase", 1_000) == ben
    database.close()


def test_a_link_works_once_and_ends_older_sign_ins(database: Database) -> None:
    people, sessions = People(database), Sessions(database)
    ada = people.add("Ada", "ada", "administrator")
    token = sessions.open(ada, 1_000, 5_000, "")
    link = people.make_link(ada, 2_000)
    for weak in ("short", "aaaaaaaaaaaaaaaa"):
        with pytest.raises(Refused):
            people.use_link(link, weak, 1_000)
    people.use_link(link, "correct horse battery", 1_000)
    with pytest.raises(Refused, match="used"):
        people.use_link(link, "correct horse battery", 1_000)
    with pytest.raises(Refused, match="run out"):
        people.use_link(people.make_link(ada, 900), "correct horse battery", 1_000)
    assert sessions.person(token, 1_001) is None
    assert people.sign_in("ADA ", "correct horse battery") == ada
    database.close()


def test_too_many_failures_close_a_door_for_a_while(database: Database) -> None:
    sessions = Sessions(database)
    for number in range(MOST["a"]):
        assert not sessions.blocked(("a:ada", "i:1.2.3.4"), 1_000)
        sessions.failed(("a:ada", f"i:{number}"), 1_000)
    assert sessions.blocked(("a:ada", "i:9.9.9.9"), 1_000)
    assert not sessions.blocked(("a:ben", "i:1"), 1_000)
    assert not sessions.blocked(("a:ada",), 1_000 + WINDOW + 1)
    for number in range(MOST["i"]):
        assert not sessions.blocked(("a:eve", "i:5.6.7.8"), 2_000)
        sessions.failed((f"a:{number}", "i:5.6.7.8"), 2_000)
    assert sessions.blocked(("a:eve", "i:5.6.7.8"), 2_000)
    database.close()


def test_nobody_is_nobody(database: Database) -> None:
    with pytest.raises((IntegrityError, OperationalError)), database.work() as work:
        work.connection().exec_driver_sql("insert into members (team, person) values ('t-no', 'p-no')")
    database.close()
