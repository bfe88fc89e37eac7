"""A real PostgreSQL server under the whole studio: the same code, the same laws, and the way there and back."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from curriculum_studio.actions.backups import backup_workspace, examine, restore_workspace, try_backup
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.domain.errors import Refused
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.settings import load_settings
from curriculum_studio.storage.database_copy import copy_rows
from curriculum_studio.studio import open_studio
from tests.web.cast import LESSON, app_of, send, signed_in
from tests.workspaces import UNITS


def _programs() -> Path | None:
    """Where the server's programs lie, the newest first; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


PROGRAMS = _programs()
pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL server on this machine (initdb)")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of its own on a private socket; its address without the database's name."""
    assert PROGRAMS is not None
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    # The server refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(place, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(PROGRAMS / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=place)

    run("initdb", "-D", str(place / "data"), "-U", "studio", "-A", "trust", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
    run("pg_ctl", "-D", str(place / "data"), "-w", "-l", str(place / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://studio@/{{}}?host={place}"
    finally:
        run("pg_ctl", "-D", str(place / "data"), "-m", "immediate", "stop")
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def address(server: str, request: pytest.FixtureRequest) -> str:
    """An empty database."""
    return _empty(server, request.node.name[:50].lower())


def _empty(server: str, name: str) -> str:
    import psycopg

    plain = server.replace("+psycopg", "")
    with psycopg.connect(plain.format("postgres"), autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    return server.format(name)


@pytest.fixture
def work(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDIO_DATABASE_URL", address)
    new_workspace(tmp_path / "work", FolderSnapshot(UNITS), samples=True)
    return tmp_path / "work"


def test_the_studio_on_a_server(work: Path) -> None:
    assert not (work / "studio.db").exists()
    with closing(open_studio(work)) as studio:
        app = app_of(studio)
        dana, ada, ben = (signed_in(app, name) for name in ("dana", "ada", "ben"))
        assert send(dana, "/teams", "/teams", name="Geometry").status_code == 303
        assert "Geometry" in dana.get("/teams").get_data(as_text=True)
        assert "Change this lesson" in ada.get(LESSON).get_data(as_text=True)
        assert ben.get(f"{LESSON}/edit").status_code in (403, 404)
        assert studio.audit.broken() is None


def test_the_chain_does_not_fork(work: Path) -> None:
    with closing(open_studio(work)) as studio:

        def write(number: int) -> None:
            for turn in range(20):
                studio.audit.note(f"p-{number}", "tried", f"{turn}")

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len([one for one in studio.audit.entries(1000) if one.act == "tried"]) == 160
        assert studio.audit.broken() is None


def test_from_the_server_into_a_backup_and_back(
    work: Path, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_studio(work)) as studio:
        studio.teams.add("Kept", [], "p-studio")
        entries = studio.audit.entries(1000)
    kept = tmp_path / "kept.studio"
    backup_workspace(work, kept)
    assert [
        check for check in examine(work) if not check.ok and check.check not in ("space", "sites", "search")
    ] == []
    assert try_backup(work, kept).ok
    with pytest.raises(Refused, match="not empty"):
        restore_workspace(kept, tmp_path / "second")
    assert not (tmp_path / "second").exists()
    monkeypatch.setenv("STUDIO_DATABASE_URL", _empty(server, "another"))
    restore_workspace(kept, tmp_path / "third")
    monkeypatch.delenv("STUDIO_DATABASE_URL")
    restore_workspace(kept, tmp_path / "fourth")
    for name, url in (("third", server.format("another")), ("fourth", "")):
        monkeypatch.setenv("STUDIO_DATABASE_URL", url)
        assert isinstance(load_settings(tmp_path / name).database, str) == bool(url)
        with closing(open_studio(tmp_path / name)) as studio:
            assert studio.audit.entries(1000) == entries
            assert studio.audit.broken() is None
            assert "Kept" in {team.name for team in studio.teams.all()}
            # Numbers go on where the copied rows end.
            for _ in range(3):
                studio.audit.note("p-studio", "went on", "here")
            assert signed_in(app_of(studio), "ada").get("/").status_code == 200


def test_a_database_in_use_is_not_taken(work: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(Refused, match="in use"):
        new_workspace(tmp_path / "other", None)
    assert not (tmp_path / "other").exists()
    with pytest.raises(Refused, match="not empty"):
        copy_rows(address, address)
