"""Hides how a whole workspace lies in one sealed file, and how it is taken out of it again, or not at all.

The file is a ZIP with fixed names. Its comment ends with the SHA-256 of every byte before, so that a change
anywhere in the file, in a name or in an unused field too, is noticed before anything is read from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any

import git

from curriculum_studio.domain.errors import NotFound, Refused, StoreError
from curriculum_studio.settings import DATABASE_FILE, JOURNAL_FILE, Settings
from curriculum_studio.storage.backup_seal import NO_SEAL, SEAL, digest_but_seal, seal
from curriculum_studio.storage.content_git import OID, Bare
from curriculum_studio.storage.database_copy import as_file

FORMAT = 1
MANIFEST, SETTINGS, KEY = "manifest.json", "studio.toml", "secret.key"
DATABASE, TEXTS, JOURNAL = DATABASE_FILE, "curriculum.bundle", JOURNAL_FILE
_CHUNK = 1 << 20
_MANIFEST_LIMIT = 64 << 20
_DATE = (1980, 1, 1, 0, 0, 0)
_TRIES = 3
_STORED = {TEXTS}
"""What is compressed already."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: entries (name to hash and size), refs and their tips, rows of every table."""

    format: int
    program: str
    at: str
    entries: Mapping[str, Mapping[str, Any]]
    refs: Mapping[str, str]
    rows: Mapping[str, int]


def make_backup(settings: Settings, target: Path, at: datetime, *, force: bool = False) -> Manifest:
    """Writes a workspace into one file while the studio may go on writing; the file is whole or not there.

    The journal is taken before the database, and that before the texts: nothing then names what the backup lacks.
    Raises `Refused` or `StoreError`, with nothing changed.
    """
    if target.is_dir():
        raise Refused(f"{target} is a folder; name a file. Nothing was written.")
    if target.exists() and not force:
        raise Refused(f"{target} is there already and was kept. Name another file, or add --force.")
    work: Path | None = None
    try:
        work = Path(tempfile.mkdtemp(prefix=".backup-", dir=target.resolve().parent))
        for name, path in ((SETTINGS, settings.folder / SETTINGS), (KEY, settings.key)):
            (work / name).write_bytes(path.read_bytes())
        if settings.journal.is_file():
            _copy_database(settings.journal, work / JOURNAL)
        with as_file(settings.database) as file:
            rows = _copy_database(file, work / DATABASE)
        refs = _bundle(settings.content, work / TEXTS)
        names = [name for name in (SETTINGS, KEY, JOURNAL, DATABASE, TEXTS) if (work / name).exists()]
        entries = {name: _described(work / name) for name in names}
        manifest = Manifest(FORMAT, _program(), at.isoformat(timespec="seconds"), entries, refs, rows)
        _write_zip(work, manifest)
        (work / "backup.zip").replace(target)
        _sync_folder(target.resolve().parent)
    except OSError as error:
        raise StoreError(
            f"The backup could not be written: {error.strerror or error}. Nothing was changed in the workspace "
            f"and no file was left. Look whether the disk is full and whether you may write there."
        ) from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)
    return manifest


def _program() -> str:
    try:
        return metadata.version("curriculum-studio")
    except metadata.PackageNotFoundError:
        return "unknown"


def _copy_database(source: Path, target: Path) -> dict[str, int]:
    """A copy as one transaction sees it; gives the rows of every table."""
    if not source.is_file():
        raise NotFound(
            f"{source} is missing. No backup was made. Restore the newest backup, or find the file."
        )
    try:
        with contextlib.closing(open_read_only(source)) as connection:
            found = connection.execute("pragma integrity_check(1)").fetchone()
            if found[0] != "ok":
                raise sqlite3.DatabaseError(str(found[0]))
            connection.execute("vacuum into ?", (str(target),))
        with contextlib.closing(open_read_only(target)) as connection:
            return _rows(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreError(
            f"The database could not be copied: {error}. No backup was made, and earlier ones were kept. "
            "Run `curriculum-studio doctor` on the workspace."
        ) from error


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection that can write nothing."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, timeout=30, isolation_level=None)


def table_names(connection: sqlite3.Connection) -> list[str]:
    """The tables of a database, in order."""
    wanted = "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\'"
    return sorted(row[0] for row in connection.execute(wanted))


def quoted(name: str) -> str:
    """A table's or column's name as SQL reads it."""
    return '"' + name.replace('"', '""') + '"'


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        name: connection.execute(f"select count(*) from {quoted(name)}").fetchone()[0]  # noqa: S608
        for name in table_names(connection)
    }


def run_git(
    folder: Path, *arguments: str, objects: Path | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Runs Git on a store, its answers in plain English; the caller looks at the exit code.

    With `objects` it reads those of another store; `given` goes to its standard input.
    """
    program = git.Git.GIT_PYTHON_GIT_EXECUTABLE or "git"
    elsewhere = {"GIT_OBJECT_DIRECTORY": str(objects)} if objects is not None else {}
    return subprocess.run(
        [program, f"--git-dir={folder}", *arguments],
        input=given,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "LC_ALL": "C", **elsewhere},
    )


def _bundle(store: Path, target: Path) -> dict[str, str]:
    """All refs and what they reach, in one file; gives the refs. An empty store makes no file.

    A bundle leaves out, without a word, every ref that moves while it is made. So the refs are first written
    down in a passing store, where nobody moves them, that reads the objects of the real one.
    """
    if not (store / "HEAD").is_file():
        raise NotFound(f"There is no store of texts at {store}. No backup was made.")
    listed = run_git(store, "for-each-ref", "--format=%(objectname) %(refname)")
    refs = _refs(listed.stdout)
    if listed.returncode == 0 and not refs:
        return {}
    fixed, objects = target.with_suffix(".git"), store.resolve() / "objects"
    Bare.create(fixed).close()
    rows = "".join(f"create {name} {oid}\n" for name, oid in refs.items())
    kept = run_git(fixed, "update-ref", "--stdin", objects=objects, given=rows)
    for _ in range(_TRIES):
        made = run_git(fixed, "bundle", "create", "--quiet", str(target), "--all", objects=objects)
        if made.returncode == 0:
            break  # Else the store may have been packed anew under it.
    heads = run_git(fixed, "bundle", "list-heads", str(target))
    said = next((one.stderr for one in (listed, kept, made, heads) if one.returncode), "")
    if said or _refs(heads.stdout) != refs:
        raise StoreError(
            f"The texts could not be copied: {first_line(said)} No backup was made, and earlier ones were kept. "
            "Run `curriculum-studio doctor` on the workspace."
        )
    return refs


def _refs(text: str) -> dict[str, str]:
    """Lines of tip and name; HEAD is but another name of one of them."""
    found = (line.split(" ", 1) for line in text.splitlines() if line)
    return {name: oid for oid, name in sorted(found, key=lambda row: row[1]) if name.startswith("refs/")}


def first_line(text: str) -> str:
    """The first line of what a tool said, as a sentence."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].rstrip(".")[:300] + "." if lines else "It gave no reason."


def _described(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return {"sha256": digest.hexdigest(), "size": size}


def _write_zip(work: Path, manifest: Manifest) -> None:
    (work / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1, sort_keys=True, ensure_ascii=False))
    target = work / "backup.zip"
    target.touch(mode=0o600)
    with zipfile.ZipFile(target, "w") as archive:
        for name in (MANIFEST, *manifest.entries):
            info = zipfile.ZipInfo(name, _DATE)
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_STORED if name in _STORED else zipfile.ZIP_DEFLATED
            info.file_size = (work / name).stat().st_size
            with (work / name).open("rb") as source, archive.open(info, "w") as out:
                shutil.copyfileobj(source, out, _CHUNK)
        archive.comment = SEAL + NO_SEAL
    seal(target)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# Reading ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def opened_backup(path: Path) -> Iterator[tuple[Manifest, zipfile.ZipFile]]:
    """A backup whose every byte was checked. Raises `Refused`; nothing was written."""
    try:
        with path.open("rb") as file:
            _check_seal(path, file)
            with zipfile.ZipFile(file) as archive:
                manifest = _check_entries(path, archive)
                yield manifest, archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise Refused(f"{path} could not be used: {error.strerror or error}. Nothing was written.") from error


def _damaged(path: Path, why: str) -> Refused:
    return Refused(
        f"{path} is no whole backup: {why.rstrip('.')}. Nothing was written. "
        "Take another copy of this backup, or an older one."
    )


def _check_seal(path: Path, file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    length = len(SEAL) + len(NO_SEAL)
    if size < length:
        raise _damaged(path, "it is too short")
    file.seek(-length, os.SEEK_END)
    found = file.read(length)
    if not found.startswith(SEAL):
        raise _damaged(path, "its end is not that of a backup (it was cut, changed, or is something else)")
    if found[len(SEAL) :] != digest_but_seal(file).encode():
        raise _damaged(path, "its bytes are not those that were written (the file was changed or damaged)")


def _check_entries(path: Path, archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    known = {MANIFEST, SETTINGS, KEY, JOURNAL, DATABASE, TEXTS}
    strange = [name for name in names if name not in known]
    if strange:
        raise _damaged(path, f"it holds {strange[0]!r}, which no backup of ours holds")
    if len(set(names)) != len(names):
        raise _damaged(path, "it holds a name twice")
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise _damaged(path, "something in it is locked with a password")
    manifest = _manifest(path, archive)
    if set(manifest.entries) != set(names) - {MANIFEST} or not {SETTINGS, KEY, DATABASE} <= set(names):
        raise _damaged(path, "its list of contents does not fit what it holds")
    if bool(manifest.refs) != (TEXTS in names):
        raise _damaged(path, "its list of versions does not fit what it holds")
    for name, entry in manifest.entries.items():
        with archive.open(name) as source:
            _copy_checked(path, name, source, entry, None)
    return manifest


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist() or archive.getinfo(MANIFEST).file_size > _MANIFEST_LIMIT:
        raise _damaged(path, "its list of contents is missing or far too long")
    try:
        values = json.loads(archive.read(MANIFEST))
        if values["format"] != FORMAT:
            raise Refused(
                f"{path} is a backup of format {values['format']}; this program reads format {FORMAT}. "
                "Nothing was written. Restore it with the program that made it, or a newer one."
            )
        manifest = Manifest(**values)
        entries = {name: (one["sha256"], int(one["size"])) for name, one in manifest.entries.items()}
        refs = all(OID.match(oid) and name.startswith("refs/") for name, oid in manifest.refs.items())
        rows = {name: int(count) for name, count in manifest.rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, "its list of contents cannot be read") from error
    if not refs or not entries or rows != manifest.rows:
        raise _damaged(path, "its list of contents makes no sense")
    return manifest


def _copy_checked(
    path: Path, name: str, source: IO[bytes], entry: Mapping[str, Any], out: IO[bytes] | None
) -> None:
    """Reads one entry to its end, and not beyond what was announced; writes it where `out` is given."""
    digest, left = hashlib.sha256(), int(entry["size"])
    while chunk := source.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        if out is not None:
            out.write(chunk)
    if left or digest.hexdigest() != entry["sha256"]:
        raise _damaged(path, f"{name} in it is not what was put there")


def unpack(path: Path, folder: Path) -> Manifest:
    """Puts settings, key, database and texts of a backup into an empty folder, each checked once more.

    Raises `Refused`; the caller then throws the folder away. Sites and search are for the caller to build.
    """
    with opened_backup(path) as (manifest, archive):
        for name, entry in manifest.entries.items():
            target = folder / name
            target.touch(mode=0o600)
            with archive.open(name) as source, target.open("wb") as out:
                _copy_checked(path, name, source, entry, out)
        _check_database(path, folder / DATABASE, manifest.rows)
        if JOURNAL in manifest.entries:
            _check_database(path, folder / JOURNAL, None)
        _unbundle(path, folder, manifest)
        return manifest


def _check_database(path: Path, database: Path, wanted: Mapping[str, int] | None) -> None:
    try:
        with contextlib.closing(open_read_only(database)) as connection:
            found = [str(row[0]) for row in connection.execute("pragma integrity_check(10)")]
            rows = _rows(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise _damaged(path, f"the database in it cannot be read ({error})") from error
    if found != ["ok"]:
        raise _damaged(path, f"the database in it is damaged ({found[0]})")
    if wanted is not None and rows != wanted:
        raise _damaged(path, "the database in it has other rows than were counted")


def _unbundle(path: Path, folder: Path, manifest: Manifest) -> None:
    store, bundle = folder / "curriculum.git", folder / TEXTS
    Bare.create(store).close()
    if TEXTS not in manifest.entries:
        return
    verified = run_git(store, "bundle", "verify", "--quiet", str(bundle))
    if verified.returncode:
        raise _damaged(path, f"the texts in it cannot be read ({first_line(verified.stderr)})")
    strict = ("-c", "transfer.fsckObjects=true", "-c", "transfer.unpackLimit=1")
    fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--atomic")
    fetched = run_git(store, *strict, *fetch, str(bundle), "+refs/*:refs/*")
    refs = run_git(store, "for-each-ref", "--format=%(objectname) %(refname)")
    if fetched.returncode or _refs(refs.stdout) != manifest.refs:
        raise _damaged(path, f"not all texts in it can be read ({first_line(fetched.stderr)})")
    bundle.unlink()
