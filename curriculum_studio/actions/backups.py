"""Hides what makes a workspace safe and sound: one file to keep, the way back from it, and what a doctor looks at."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from curriculum_studio.actions.search import rebuild_search
from curriculum_studio.actions.tested import RECORD, note_tested, tested_backups
from curriculum_studio.domain.errors import NotFound, Refused, StoreError, StudioError
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.formats.curriculum import is_text
from curriculum_studio.publishing.build import publish
from curriculum_studio.publishing.output import late_files
from curriculum_studio.settings import DATABASE_FILE, Settings, load_settings
from curriculum_studio.storage import health
from curriculum_studio.storage.backup import Manifest, make_backup, unpack
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_git import Bare
from curriculum_studio.storage.database import schema_of, upgrade
from curriculum_studio.storage.database_copy import as_file, copy_rows
from curriculum_studio.storage.search import SearchIndex
from curriculum_studio.storage.tables import SCHEMA
from curriculum_studio.studio import open_studio

_TRIES, _PAUSE = 4, 0.6
_OLD = timedelta(days=30)
_LEAST_SPACE = 256 << 20
_BACK = "Restore the newest backup into a new folder and look at it with `curriculum-studio doctor`."
_AGAIN = "Run `curriculum-studio rebuild` on the workspace."

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Check:
    """What one look found: a sentence, and what to do about it."""

    check: str
    ok: bool
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore made: what the backup told of itself, files indexed, pages built; `sites` is false where
    the released version could not be built by this program."""

    manifest: Manifest
    indexed: int
    built: int
    sites: bool


def backup_workspace(folder: Path, target: Path, *, force: bool = False) -> Manifest:
    """Puts a workspace into one file, while the studio may be running. Raises `StudioError`; nothing is left then."""
    return make_backup(load_settings(folder), target, datetime.now(UTC), force=force)


def restore_workspace(
    file: Path, folder: Path, progress: Progress | None = None, *, local: bool = False
) -> Restored:
    """Makes a workspace from a backup, in an absent or empty folder. All is checked first, and built aside.

    Where the settings name a database server, its database must be empty and is filled; `local` leaves it alone and
    keeps the file, to be examined.

    Raises `StudioError`, with nothing written.
    """
    tell = progress or (lambda step, done, total: None)
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty and was kept as it is; name a new folder.")
    if not folder.parent.is_dir():
        raise Refused(f"{folder.parent} is not there; make it first. Nothing was written.")
    aside: Path | None = None
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.restore-", dir=folder.parent))
        made = aside / "workspace"
        made.mkdir()
        tell("checking the backup", 0, 0)
        manifest = unpack(file, made)
        restored = _completed(made, manifest, tell)
        place = load_settings(made).database
        if not local and isinstance(place, str):
            tell("filling the database", 0, 0)
            copy_rows(made / DATABASE_FILE, place)
            (made / DATABASE_FILE).unlink()
        os.sync()
        made.rename(folder)
        os.sync()
    except OSError as error:
        raise StoreError(
            f"The workspace could not be put into {folder}: {error.strerror or error}. Nothing was kept of it, and the "
            "backup is as it was. Look whether the disk is full and whether you may write there."
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    return restored


def _completed(folder: Path, manifest: Manifest, tell: Progress) -> Restored:
    """Brings an older database up to this program, and makes the search index and the sites."""
    upgrade(folder / DATABASE_FILE)
    with closing(open_studio(folder, local=True)) as studio:
        from curriculum_studio.actions.rooms_restored import settle_journal

        settle_journal(studio)
        indexed = rebuild_search(studio, tell)
        released = studio.content.published()
        if released is None:
            return Restored(manifest, indexed, 0, True)
        report = publish(
            studio.snapshot(released), studio.settings.sites, EDITIONS, force=True, progress=tell
        )
        return Restored(manifest, indexed, report.built, report.done)


# The doctor ------------------------------------------------------------------------------------------------


def examine(folder: Path, progress: Progress | None = None, *, local: bool = False) -> list[Check]:
    """Looks at everything in a workspace and changes nothing; the studio may be running. `local`: see `restore_workspace`."""
    tell = progress or (lambda step, done, total: None)
    if not folder.is_dir():
        raise NotFound(f"There is no folder {folder}.")
    return list(_looks(folder.resolve(), tell, local))


def _looks(folder: Path, tell: Progress, local: bool) -> Iterator[Check]:
    tell("settings", 0, 0)
    settings, found = _settings(folder)
    if local:
        settings = replace(settings, database_url="")
    yield found
    yield _key(settings)
    tell("texts", 0, 0)
    faults = health.store_faults(settings.content)
    whole = not faults
    yield _judged("texts", "Every version of every text can be read.", faults, _BACK)
    tell("database", 0, 0)
    try:
        with as_file(settings.database) as file:
            yield from _database(file, settings, whole)
    except StudioError as error:
        yield Check("database", False, str(error), "Look whether the server runs and the address is right.")
    from curriculum_studio.live.offline import faults as journal_faults

    yield _judged(
        "journal", "What is being written together is whole.", journal_faults(settings.journal), _BACK
    )
    if whole:
        with closing(Content(Bare(settings.content))) as content:
            tell("search", 0, 0)
            yield _search(settings, content)
            tell("sites", 0, 0)
            yield _sites(settings, content, tell)
    else:
        yield from (
            Check(name, False, "Not looked at: the texts are damaged.", _BACK) for name in ("search", "sites")
        )
    yield _space(folder)
    yield _last_tested(folder)


def _database(file: Path, settings: Settings, whole: bool) -> Iterator[Check]:
    faults = health.database_faults(file)
    lost = [
        version for version in health.named_versions(file)
        if whole and not faults and not health.has_version(settings.content, version)
    ]  # fmt: skip
    faults += [f"It names version {version[:12]}, which is not among the texts." for version in lost[:5]]
    yield _judged("database", "The database is whole, and so are its links.", faults, _BACK)
    if faults:
        yield Check("record", False, "Not looked at: the database is damaged.", _BACK)
        return
    if (found := schema_of(file)) != SCHEMA:
        yield Check(
            "record", False, f"Not looked at: the database has schema {found}, and this program reads {SCHEMA}.",
            "Stop the studio, run `curriculum-studio upgrade` on the workspace, then look again." if found < SCHEMA
            else "Use the program that wrote it, or a newer one.",
        )  # fmt: skip
        return
    yield _judged("record", "The record of what was done is whole.", health.record_faults(file), _BACK)


def _judged(name: str, fine: str, faults: list[str], hint: str) -> Check:
    if not faults:
        return Check(name, True, fine)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Check(name, False, f"{faults[0]}{more}", hint)


def _settings(folder: Path) -> tuple[Settings, Check]:
    try:
        settings = load_settings(folder)
    except (StudioError, UnicodeDecodeError, OSError) as error:
        hint = "Mend studio.toml, or take it from a backup. The texts and people are looked at all the same."
        return Settings(folder), Check("settings", False, str(error), hint)
    return settings, Check("settings", True, f"studio.toml is of format {settings.format}.")


def _key(settings: Settings) -> Check:
    try:
        text = settings.key.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if len(text) < 32:
        hint = "Take secret.key from a backup. Without it the studio does not start."
        return Check("key", False, "secret.key is missing or damaged.", hint)
    # A group may be let in to people and settings on purpose; the key signs for everybody and is its owner's alone.
    private = {
        settings.key: 0o077,
        settings.folder / DATABASE_FILE: 0o007,
        settings.folder / "studio.toml": 0o007,
    }
    open_to_all = " ".join(
        one.name for one, others in private.items() if one.exists() and one.stat().st_mode & others
    )
    if open_to_all:
        message = f"Others on this machine may read {open_to_all.replace(' ', ', ')}."
        return Check("key", False, message, f"chmod 600 {open_to_all}")
    return Check("key", True, "secret.key is there and private; so are people and settings.")


def _search(settings: Settings, content: Content) -> Check:
    """Compares the index with the working text; what was saved a moment ago is given time to arrive in it."""
    missing = Check("search", False, "The search index is missing or damaged; nothing is lost by it.", _AGAIN)
    if not settings.search.is_dir():
        return missing if content.tip() else Check("search", True, "There is nothing to search yet.")
    behind: set[tuple[str, str]] = set()
    with closing(SearchIndex(settings.search)) as search:
        for attempt in range(_TRIES):
            tip = content.tip()
            snapshot = content.snapshot(tip) if tip else None
            wanted = (
                {(path, snapshot.blob(path)) for path in snapshot if is_text(path)} if snapshot else set()
            )
            if wanted and not search.ready:
                return missing
            different = wanted ^ {(path, card.blob) for path, card in search.cards().items()}
            behind = different if attempt == 0 else behind & different
            if not behind:
                return Check("search", True, f"The search index holds all {len(wanted)} texts.")
            time.sleep(_PAUSE)
    first = min(behind)[0]
    message = f"{len(behind)} texts are not in the search index as they were saved; the first is {first}."
    return Check("search", False, message, _AGAIN)


def _sites(settings: Settings, content: Content, tell: Progress) -> Check:
    """Builds the released version aside and compares every byte; once more where a release came between."""
    released = content.published()
    found = _compared(settings, content, released, tell)
    if not found.ok:
        time.sleep(1)
        if content.published() != released:
            found = _compared(settings, content, content.published(), tell)
    return found


def _compared(settings: Settings, content: Content, released: str | None, tell: Progress) -> Check:
    if released is None:
        if any((settings.sites / edition).exists() for edition in EDITIONS):
            hint = "Publish from the studio."
            return Check("sites", False, "There are sites, but nothing has been released.", hint)
        return Check("sites", True, "Nothing has been released yet.")
    with tempfile.TemporaryDirectory(prefix="curriculum-studio-") as aside:
        try:
            report = publish(content.snapshot(released), Path(aside), EDITIONS, force=True, progress=tell)
        except Refused as error:
            return Check("sites", False, str(error), "Publish from the studio.")
        if not report.done:
            message = "This program finds grave faults in the released version, and cannot build its sites."
            return Check("sites", False, message, "Mend the findings in the studio and publish again.")
        different = [
            f"{one}/{name}"
            for one in EDITIONS
            for name in _differing(Path(aside) / one, settings.sites / one)
        ]
    if different:
        more = f" (and {len(different) - 1} more)" if len(different) > 1 else ""
        return Check("sites", False, f"{different[0]}{more} is not as the released version makes it.", _AGAIN)
    return Check("sites", True, "All sites are those of the released version, byte for byte.")


def _differing(wanted: Path, found: Path) -> list[str]:
    """The files that are missing, too many, or of other bytes."""
    left, right = _files(wanted), _files(found)
    right = {name: right[name] for name in right.keys() - late_files(found)}
    both = left.keys() & right.keys()
    return sorted(
        (left.keys() ^ right.keys()) | {name for name in both if not _same(left[name], right[name])}
    )


def _files(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}


def _same(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
    except OSError:
        return False


def _space(folder: Path) -> Check:
    used = 0
    for path in folder.rglob("*"):
        try:
            used += path.lstat().st_size
        except FileNotFoundError:
            continue
    free, wanted = shutil.disk_usage(folder).free, max(_LEAST_SPACE, used)
    message = f"{free >> 20} MiB are free; the workspace takes {-(-used >> 20)} MiB."
    if free < wanted:
        return Check("space", False, message, f"Make room: at least {wanted >> 20} MiB should be free.")
    return Check("space", True, message)


# Tested backups --------------------------------------------------------------------------------------------


def _last_tested(folder: Path) -> Check:
    hint = "Make a backup, then run `curriculum-studio doctor WORKSPACE --test-backup FILE`."
    try:
        tested = tested_backups(folder)
    except Refused as error:
        return Check("backup", False, str(error), f"Delete {RECORD}. {hint}")
    if not tested:
        return Check("backup", True, "No backup of this workspace has been tested yet.", hint)
    last = tested[-1]
    message = f"The last tested backup is {last['file']}, on {str(last['at'])[:10]}: {last['message']}"
    if not last["ok"]:
        return Check("backup", False, message, hint)
    old = datetime.now(UTC) - datetime.fromisoformat(str(last["at"])) > _OLD
    return Check("backup", True, message, f"That is more than {_OLD.days} days ago. {hint}" if old else "")


def try_backup(folder: Path, file: Path, progress: Progress | None = None) -> Check:
    """Really restores a backup into a passing folder, looks at all of it, and keeps the result in the workspace."""
    settings = load_settings(folder)
    with tempfile.TemporaryDirectory(prefix="curriculum-studio-") as aside:
        made = Path(aside) / "workspace"
        try:
            restored = restore_workspace(file, made, progress, local=True)
            looks = examine(made, progress, local=True)
            faults = [check for check in looks if not check.ok and check.check != "space"]
            found = Check(
                "restore", not faults, faults[0].message if faults else "It was restored, and is whole."
            )
            tip = restored.manifest.refs.get("refs/heads/main")
            if found.ok and tip and not health.has_version(settings.content, tip):
                found = replace(found, ok=False, message="It is whole, but of another workspace.")
        except StudioError as error:
            found = Check("restore", False, str(error))
    if not found.ok:
        found = replace(found, hint="Make a new backup and test that one; keep the older ones until then.")
    note_tested(settings.folder, file, ok=found.ok, message=found.message)
    return found
