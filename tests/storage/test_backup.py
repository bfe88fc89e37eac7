"""Backups: whole while people write, refused when a byte is wrong; and a doctor who finds what is damaged."""

from __future__ import annotations

import json
import os
import random
import shutil
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from curriculum_studio.actions.backups import (
    Check,
    backup_workspace,
    examine,
    restore_workspace,
    try_backup,
)
from curriculum_studio.actions.releases import publish_release
from curriculum_studio.actions.workspaces import new_workspace, rebuild_workspace
from curriculum_studio.cli_backups import backup, doctor, restore
from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.domain.people import Person
from curriculum_studio.storage.backup import seal
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.health import database_faults, record_faults
from curriculum_studio.studio import Studio, open_studio
from tests.workspaces import new_sample

LEAD = Person("p-studio", "Curriculum Studio", "lead")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a release, closed; tests copy it."""
    folder = tmp_path_factory.mktemp("released")
    new_sample(folder / "work")
    with closing(open_studio(folder / "work")) as studio:
        assert publish_release(studio, LEAD, "First").done
    rebuild_workspace(folder / "work", lambda step, done, total: None)
    return folder / "work"


@pytest.fixture
def work(released: Path, tmp_path: Path) -> Path:
    shutil.copytree(released, tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture(scope="module")
def kept(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One good backup; tests copy it."""
    file = tmp_path_factory.mktemp("kept") / "kept.backup"
    backup_workspace(released, file)
    return file


def bad(checks: list[Check]) -> set[str]:
    wrong = [check for check in checks if not check.ok]
    print(*wrong, sep="\n")
    return {check.check for check in wrong}


def flip(path: Path, at: int, bits: int = 0xFF) -> None:
    mode = path.stat().st_mode
    path.chmod(mode | stat.S_IWUSR)
    with path.open("r+b") as file:
        file.seek(at)
        old = file.read(1)[0]
        file.seek(at)
        file.write(bytes([old ^ bits]))
    path.chmod(mode)


def site_bytes(folder: Path) -> dict[str, bytes]:
    found = {}
    for edition in ("student", "family", "teacher"):
        for path in (folder / "sites" / edition).rglob("*"):
            if path.is_file():
                found[f"{edition}/{path.relative_to(folder / 'sites' / edition)}"] = path.read_bytes()
    return found


def save_until(studio: Studio, name: str, stop: threading.Event, saved: list[str]) -> None:
    blob = None
    for number in range(10_000):
        if stop.is_set():
            return
        text = f"# Notes\n\n{name} wrote number {number}.\n".encode()
        done = studio.content.save(
            [Change(f"notes-{name}.md", text, blob)], Author(name, f"p-{name}"), f"{number}", now()
        )
        blob = done.blobs[f"notes-{name}.md"]
        saved.append(done.version)


@pytest.fixture
def writing(work: Path) -> Iterator[list[str]]:
    """Four people who save without pause, and the versions that were acknowledged to them."""
    saved: list[str] = []
    stop = threading.Event()
    with closing(open_studio(work)) as studio:
        threads = [
            threading.Thread(target=save_until, args=(studio, name, stop, saved))
            for name in ("ada", "ben", "carla", "dana")
        ]
        for thread in threads:
            thread.start()
        while len(saved) < 20:
            stop.wait(0.01)
        yield saved
        stop.set()
        for thread in threads:
            thread.join()


def test_a_backup_while_people_write_is_whole(work: Path, tmp_path: Path, writing: list[str]) -> None:
    for turn in range(3):
        acknowledged = list(writing)
        file = tmp_path / f"{turn}.backup"
        backup_workspace(work, file)
        assert len(writing) > len(acknowledged), "nobody wrote meanwhile"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        made = tmp_path / f"restored-{turn}"
        made.mkdir()
        done = restore_workspace(file, made)
        assert done.sites
        assert done.built
        assert bad(examine(made)) == set()
        assert site_bytes(made) == site_bytes(work)
        with closing(open_studio(made)) as studio:
            assert [studio.content.version(one).id for one in acknowledged] == acknowledged
            assert studio.people.samples()
            assert studio.content.tip() == done.manifest.refs["refs/heads/main"]
        assert (made / "secret.key").read_bytes() == (work / "secret.key").read_bytes()
        assert stat.S_IMODE((made / "secret.key").stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".*"))


def test_a_flipped_byte_anywhere_is_refused(kept: Path, tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    size = kept.stat().st_size
    # Besides twenty places anywhere: the first header, the last directory, the seal.
    places = [chance.randrange(size) for _ in range(20)] + [
        0,
        10,
        27,
        size - 1,
        size - 80,
        size - 97,
        size - 130,
    ]
    for at in places:
        file = tmp_path / "hurt.backup"
        shutil.copyfile(kept, file)
        flip(file, at, chance.randrange(1, 256))
        with pytest.raises(Refused, match=r"no whole backup.*Nothing was written"):
            restore_workspace(file, tmp_path / "new")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["hurt.backup"], at
    for size_now in (0, 50, size - 1, size // 2):
        file.write_bytes(kept.read_bytes()[:size_now])
        with pytest.raises(Refused, match="no whole backup"):
            restore_workspace(file, tmp_path / "new")
    file.write_bytes(kept.read_bytes() + b"x")
    with pytest.raises(Refused, match="no whole backup"):
        restore_workspace(file, tmp_path / "new")


def rezipped(kept: Path, target: Path, **changes: bytes | None) -> Path:
    """The backup with other entries, sealed as if we had made it."""
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(target, "w") as new:
        entries: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in entries.items():
            if content is not None:
                new.writestr(name, content)
        new.comment = old.comment
    seal(target)
    return target


def test_what_a_backup_may_not_hold(kept: Path, tmp_path: Path) -> None:
    restore_workspace(rezipped(kept, tmp_path / "same"), tmp_path / "restored")
    shutil.rmtree(tmp_path / "restored")
    with zipfile.ZipFile(kept) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        database = archive.read("studio.db")
    hurt = database[:100] + b"\xff" + database[101:]
    cases: list[dict[str, bytes | None]] = [
        {"../x": b"out"},
        {"/x": b"out"},
        {"sites/student/index.html": b"more"},
        {"secret.key": None},
        {"studio.db": hurt},
        {"manifest.json": None},
        {"manifest.json": b"[]"},
        {"manifest.json": json.dumps(manifest | {"format": 2}).encode()},
        {"manifest.json": json.dumps(manifest | {"refs": {"refs/heads/main": "--upload-pack"}}).encode()},
        {"manifest.json": json.dumps(manifest | {"rows": {"people": 1}}).encode()},
        {"manifest.json": json.dumps(manifest | {"refs": {"refs/heads/main": "0" * 40}}).encode()},
    ]
    for case in cases:
        file = rezipped(kept, tmp_path / "bad", **case)
        with pytest.raises(Refused, match="Nothing was written"):
            restore_workspace(file, tmp_path / "new")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "same"], case
        assert not (tmp_path.parent / "x").exists()


def test_nothing_is_overwritten(kept: Path, work: Path, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(Refused, match="not empty"):
        restore_workspace(kept, full)
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    file = tmp_path / "there.backup"
    file.write_text("older")
    with pytest.raises(Refused, match="--force"):
        backup_workspace(work, file)
    assert file.read_text() == "older"
    backup_workspace(work, file, force=True)
    assert restore_workspace(file, tmp_path / "new").sites


def test_an_empty_workspace_goes_there_and_back(tmp_path: Path) -> None:
    new_workspace(tmp_path / "work", None)
    file = tmp_path / "empty.backup"
    assert backup_workspace(tmp_path / "work", file).refs == {}
    restore_workspace(file, tmp_path / "new")
    assert bad(examine(tmp_path / "new")) == set()


def test_the_doctor_finds_damage_in_the_database(work: Path, tmp_path: Path) -> None:
    assert bad(examine(work)) == set()
    whole = (work / "studio.db").read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    for at in [0, 20, *range(page, len(whole), page)]:
        (work / "studio.db").write_bytes(whole)
        flip(work / "studio.db", at)
        assert database_faults(work / "studio.db"), at
        with pytest.raises(StoreError, match="No backup was made"):
            backup_workspace(work, tmp_path / "new.backup")
        assert not list(tmp_path.glob("*.backup"))
    assert {"database", "record"} <= bad(examine(work))
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(60):
        # SQLite keeps no sums: a letter that became another is not always found, but the doctor always answers.
        (work / "studio.db").write_bytes(whole)
        flip(work / "studio.db", chance.randrange(len(whole)), chance.randrange(1, 256))
        database_faults(work / "studio.db")
        record_faults(work / "studio.db")
    # A name, spelled as no text may be: in no index, and yet found.
    (work / "studio.db").write_bytes(whole)
    flip(work / "studio.db", whole.index(b"Carla"))
    assert "database" in bad(examine(work))


def test_the_doctor_finds_damage_in_the_texts(work: Path, tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    chance = random.Random(seed)
    packs = [path for path in (work / "curriculum.git" / "objects").rglob("*") if path.is_file()]
    assert any(path.suffix == ".pack" for path in packs)
    for path in packs:
        for at in [chance.randrange(path.stat().st_size) for _ in range(4)]:
            # What fills the last byte of a stream means nothing; a whole byte is never that alone.
            bits = chance.randrange(1, 256) if path.parent.name in ("pack", "info") else 0xFF
            flip(path, at, bits)
            assert "texts" in bad(examine(work)), (path.name, at, bits)
            flip(path, at, bits)
    assert bad(examine(work)) == set()
    ref = work / "curriculum.git" / "refs" / "heads" / "main"
    ref.write_text("0123456789" * 4 + "\n")
    assert "texts" in bad(examine(work))


def test_the_doctor_finds_what_else_is_wrong(work: Path) -> None:
    page = work / "sites" / "student" / "index.html"
    text = page.read_bytes()
    page.write_bytes(text.replace(b"<", b"[", 1))
    assert bad(examine(work)) == {"sites"}
    page.write_bytes(text)
    (work / "sites" / "teacher" / "more.html").write_text("more")
    assert bad(examine(work)) == {"sites"}
    (work / "sites" / "teacher" / "more.html").unlink()
    shutil.rmtree(work / "search")
    assert bad(examine(work)) == {"search"}
    assert not (work / "search").exists()
    rebuild_workspace(work, lambda step, done, total: None)
    assert bad(examine(work)) == set()
    for path in [path for path in (work / "search").rglob("*") if path.suffix in (".seg", ".toc")]:
        for at in (0, path.stat().st_size // 2, path.stat().st_size - 1):
            flip(path, at)
            assert bad(examine(work)) == {"search"}
            flip(path, at)
    (work / "secret.key").chmod(0o644)
    (work / "studio.toml").write_text("format = 99\n")
    assert bad(examine(work)) == {"key", "settings"}


def test_a_backup_is_tested_and_noted(work: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.backup"
    backup_workspace(work, file)
    assert try_backup(work, file).ok
    assert "a.backup" in examine(work)[-1].message
    flip(file, 5000)
    found = try_backup(work, file)
    assert not found.ok
    assert "no whole backup" in found.message
    assert bad(examine(work)) == {"backup"}
    rows = json.loads((work / "backups.json").read_text())["restore_tested"]
    assert [row["ok"] for row in rows] == [True, False]
    (work / "backups.json").write_text("{}")
    assert bad(examine(work)) == {"backup"}
    new_workspace(tmp_path / "other", None)
    backup_workspace(work, file, force=True)
    assert "another workspace" in try_backup(tmp_path / "other", file).message


def test_the_commands(work: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    file, made = str(tmp_path / "a.backup"), str(tmp_path / "made")
    answer = run(backup, [str(work), file, "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["rows"]["people"] > 3
    assert run(backup, [str(work), file]).exit_code == 1
    answer = run(restore, [file, made, "--json"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["sites"] is True
    answer = run(restore, [file, made, "--json"])
    assert answer.exit_code == 1
    assert "not empty" in json.loads(answer.stdout)["error"]
    assert run(restore, [str(tmp_path / "absent"), made]).exit_code == 2
    answer = run(doctor, [made, "--test-backup", file, "--json"])
    assert answer.exit_code == 0, answer.stdout
    checks = json.loads(answer.stdout)["checks"]
    assert {"restore", "settings", "texts", "database", "record", "search", "sites", "space", "backup"} <= {
        check["check"] for check in checks
    }
    assert all(set(check) == {"check", "ok", "message", "hint"} for check in checks)
    os.truncate(Path(made) / "studio.db", 5000)
    answer = run(doctor, [made])
    assert answer.exit_code == 1
    assert "NOT  database" in answer.stdout
