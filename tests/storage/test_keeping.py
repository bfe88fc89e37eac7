"""What whoever runs a studio meets at the shell: nothing half done, one sentence, and the way on."""

from __future__ import annotations

import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from curriculum_studio.actions.backups import examine
from curriculum_studio.actions.holding import held_alone
from curriculum_studio.actions.people import read_invitations
from curriculum_studio.actions.workspaces import new_workspace
from curriculum_studio.cli import main
from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.domain.findings import Finding
from curriculum_studio.domain.people import fault_of_account, fault_of_name
from curriculum_studio.publishing.sources import FolderSnapshot
from curriculum_studio.storage.content import Content
from curriculum_studio.web.supervisor import free_port
from tests.workspaces import UNITS, new_sample


def ran(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], prog_name="curriculum-studio")


def refused(*words: str | Path) -> str:
    result = ran(*words)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    return result.stderr


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return new_sample(tmp_path / "work")


def test_what_was_done_at_the_shell_is_no_damage(work: Path) -> None:
    assert ran("people", "add", work, "Ann", "ann").exit_code == 0
    assert [one.message for one in examine(work) if one.check in ("database", "record") and not one.ok] == []


def test_a_lost_database_is_never_made_anew_unasked(work: Path) -> None:
    (work / "studio.db").unlink()
    for words in (
        ("search", work, "ratio"),
        ("upgrade", work),
        ("rebuild", work),
        ("serve", work, "--port", "1"),
    ):
        assert "studio.db is missing" in refused(*words)
        assert not (work / "studio.db").exists()
    (work / "studio.db-wal").write_bytes(b"what belonged to it")
    result = ran("rebuild", work, "--lost-database", "--json")
    assert json.loads(result.stdout)["first_administrator"].startswith("/welcome/")
    assert (work / "studio.db-wal.lost").read_bytes() == b"what belonged to it"
    assert "was kept as it is" in refused("rebuild", work, "--lost-database")


def test_of_two_who_make_a_studio_in_one_folder_at_once_one_has_it_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other was quicker while the texts were looked through: nothing of theirs is written over or cleared away."""
    work, theirs = tmp_path / "work", dict[Path, bytes]()

    def meanwhile(source: object) -> list[Finding]:
        new_sample(work)
        theirs.update({path: path.read_bytes() for path in work.rglob("*") if path.is_file()})
        return []

    monkeypatch.setattr("curriculum_studio.actions.workspaces.check", meanwhile)
    with pytest.raises(Refused, match="is not empty"):
        new_workspace(work, {"curriculum.md": b"Mine."})
    assert {path: path.read_bytes() for path in work.rglob("*") if path.is_file()} == theirs


@pytest.mark.parametrize("words", [("check",), ("standards", "coverage")])
def test_a_command_closes_the_store_that_it_read(
    work: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    close, closed = Content.close, list[Content]()

    def noted(content: Content) -> None:
        closed.append(content)
        close(content)

    monkeypatch.setattr(Content, "close", noted)
    assert ran(*words, work).exit_code == 0
    assert len(closed) == 1


def test_an_upgrade_waits_for_the_studio_to_stop_and_keeps_a_whole_copy(work: Path) -> None:
    with closing(sqlite3.connect(work / "studio.db")) as database:
        for table in ("teams", "meetings"):
            database.execute(f"alter table {table} drop column away")
        database.execute("update alembic_version set version_num = '0015'")
        database.commit()
    (work / "studio.db").chmod(0o644)
    record = next(one for one in examine(work) if one.check == "record")
    assert "has schema 0015" in record.message
    assert "curriculum-studio upgrade" in record.hint
    with held_alone(work):
        assert "serves this workspace already" in refused("upgrade", work)
    assert not list(work.glob("*before*"))
    # A copy that a full disk cut off has another name than a whole one.
    (work / ".studio.db.before-0016").write_bytes(b"half")
    assert ran("upgrade", work).exit_code == 0
    copy = work / "studio.db.before-0016"
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("select version_num from alembic_version").fetchone() == ("0015",)
    assert copy.stat().st_mode & 0o077 == 0
    assert [one for one in examine(work) if one.check in ("key", "database", "record") and not one.ok] == []


def test_a_workspace_that_cannot_be_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Content, "save", full)
    with pytest.raises(StoreError, match=r"No space left on device\. Nothing was kept of it"):
        new_workspace(tmp_path / "work", FolderSnapshot(UNITS))
    assert not list((tmp_path / "work").iterdir())


def test_only_its_owner_reads_people_and_settings(tmp_path: Path) -> None:
    new_workspace(tmp_path / "work", None)
    for name in ("studio.db", "studio.toml", "secret.key"):
        assert (tmp_path / "work" / name).stat().st_mode & 0o077 == 0
    (tmp_path / "work" / "studio.db").chmod(0o644)
    found = next(one for one in examine(tmp_path / "work") if one.check == "key")
    assert (found.ok, found.hint) == (False, "chmod 600 studio.db")


def test_what_stands_in_the_way_is_said_in_a_sentence(work: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused("publish", work, "--to", tmp_path / "file" / "out", "--version", "working")
    assert "Not a directory" in said
    (work / "studio.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    assert refused("people", "list", work).startswith(
        "The database could not be used (file is not a database)"
    )


def test_an_address_of_another_machine_is_not_called_taken() -> None:
    for host in ("192.0.2.1", "no-such-host.invalid"):
        with pytest.raises(Refused, match="is no address of this machine"):
            free_port(host, 8000)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Refused, match="is taken"):
        free_port("127.0.0.1", taken.getsockname()[1])


def test_names_and_accounts_can_be_seen() -> None:
    assert fault_of_account("Zoë Müller-Ng", "zoe@example.org") == ""
    assert fault_of_name("Ada\u202e") == "A name is written with characters that can be seen. Type it anew."
    assert fault_of_account("نام\u200cها", "nam") == ""
    for name, account in (
        ("Ada", "ada\x1b[31m"), ("Ada\u202e", "ada"), ("Ada", "a\u200bda"), ("A" * 121, "ada"), ("Ada", "a" * 201),
    ):  # fmt: skip
        assert fault_of_account(name, account)
        table = f"name,account,role\n{name},{account},teacher\n"
        assert read_invitations(table)[1][0].startswith("Line 2: ")


def test_a_table_of_people_is_read_or_refused_whatever_it_holds() -> None:
    found, faults = read_invitations("name,account,role\rAda,ada,teacher\rBen,ben,coach\r")
    assert ([one.account for one in found], faults) == (["ada", "ben"], [])
    assert read_invitations("name,account,role\n" + "x" * 150_000)[1][0].startswith("This is no table")
