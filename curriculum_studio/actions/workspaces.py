"""Makes a workspace: settings, keys, store, people; and what is derived from them anew."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.actions.holding import held_alone
from curriculum_studio.actions.samples import add_sample_people
from curriculum_studio.actions.search import rebuild_search
from curriculum_studio.domain.errors import Refused, StoreError
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.formats.check import check
from curriculum_studio.settings import DATABASE_FILE, FORMAT, load_settings, new_settings
from curriculum_studio.storage.audit import Audit
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.database import Database, missing, schema_of, upgrade
from curriculum_studio.storage.people import People
from curriculum_studio.storage.record import Restored
from curriculum_studio.storage.tables import SCHEMA
from curriculum_studio.studio import open_studio

LINK_DAYS = 3


def new_workspace(
    folder: Path, source: Mapping[str, bytes] | None, *, samples: bool = False, at: datetime | None = None
) -> tuple[str, tuple[Finding, ...]]:
    """Makes a workspace in an empty or absent folder, seeded with a curriculum.

    Its first version is of now, or of `at`. Gives the token of the first administrator's one-use link ("" with sample people) and the findings of the
    curriculum. Raises `Refused`, with nothing made, where the folder is not empty or a finding is grave.
    """
    taken = Refused(f"{folder} is not empty; name a new folder.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise taken
    findings: list[Finding] = check(source) if source is not None else []
    if grave(findings):
        return "", tuple(findings)
    place = new_settings(folder).database
    if isinstance(place, str) and schema_of(place):
        raise Refused("The database that STUDIO_DATABASE_URL names is in use already; name an empty one. Nothing was made.")  # fmt: skip
    ours = made = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            # Two at once in one folder: the first key is that of who goes on, and nobody clears away what is another's.
            (folder / "secret.key").touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            raise taken from None
        ours = True
        token = _made(folder, place, source, samples, at)
        made = True
    except OSError as error:
        raise StoreError(
            f"The workspace could not be made in {folder}: {error.strerror or error}. Nothing was kept of it. "
            "Look whether the disk is full and whether you may write there."
        ) from error
    finally:
        # Half a workspace would be in the way of the next try.
        for path in folder.iterdir() if ours and not made else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return token, tuple(findings)


def _made(
    folder: Path, place: Path | str, source: Mapping[str, bytes] | None, samples: bool, at: datetime | None
) -> str:
    """Fills a folder in which nothing stands but the place of its key; gives the token of the first administrator's link."""
    (folder / "secret.key").write_text(secrets.token_hex(32))
    content = Content.create(folder / "curriculum.git")
    if source:
        changes = [Change(path, source[path], None) for path in source]
        content.save(
            changes,
            Author("Curriculum Studio", "p-studio"),
            "The starter curriculum",
            at or datetime.now(UTC),
        )
    content.close()
    token = _people_of(place, (source or {}) if samples else None)
    # The settings come last: a folder with them is a whole workspace.
    lines = [f"format = {FORMAT}", *(["sample_people = true"] if samples else [])]
    settings = folder / "studio.toml"
    # Passwords of other servers may come to stand in it.
    settings.touch(mode=0o600)
    settings.write_text("\n".join(lines) + "\n")
    return token


def _people_of(place: Path | str, samples: Mapping[str, bytes] | None) -> str:
    """Fills an empty database: with the sample people of some texts, or with a first administrator, whose token it gives."""
    if isinstance(place, Path):
        place.touch(mode=0o600)
    upgrade(place)
    with closing(Database(place)) as database:
        people = People(database)
        Audit(database).note("p-studio", "made the workspace", "workspace")
        if samples is not None:
            add_sample_people(database, samples)
            return ""
        first = people.add("Administrator", "admin", "administrator")
        return people.make_link(first, int(time.time()) + LINK_DAYS * 86400)


def begin_people_again(folder: Path) -> str:
    """An empty database where a workspace has lost its own; gives the token of the first administrator's one-use link.

    Raises `Refused`, with nothing changed, where the database is there, or a studio serves the workspace.
    """
    settings = load_settings(folder)
    place = settings.database
    with held_alone(settings.folder):
        if place.exists() if isinstance(place, Path) else schema_of(place):
            raise Refused(
                "The database of this workspace is there, and was kept as it is. Leave out --lost-database."
            )
        if isinstance(place, Path):
            for left in ("-wal", "-shm"):
                # What belonged to the lost file must not be taken for the new one's; somebody may still save it.
                beside = place.with_name(place.name + left)
                if beside.exists():
                    beside.rename(place.with_name(f"{beside.name}.lost"))
        return _people_of(place, None)


def upgrade_workspace(folder: Path) -> str:
    """Brings an older workspace to this program's schema, after a copy of its database; gives the schema it had.

    Raises `Refused`, with nothing changed, where a studio serves it or its database is missing.
    """
    settings = load_settings(folder)
    if isinstance(settings.database, Path) and not settings.database.is_file():
        raise Refused(missing(settings.database))
    if schema_of(settings.database) == SCHEMA:
        return SCHEMA
    with held_alone(settings.folder):
        copy = folder / f"{DATABASE_FILE}.before-{SCHEMA}"
        if isinstance(settings.database, Path) and not copy.exists():
            _copy(settings.database, copy)
        before = upgrade(settings.database)
        if isinstance(settings.database, Path):
            # Older programs let everybody on the machine read it.
            settings.database.chmod(settings.database.stat().st_mode & ~0o007)
        return before


def _copy(database: Path, target: Path) -> None:
    """Copies a database whole: half a copy, of a full disk, never has the name of one."""
    aside = target.with_name(f".{target.name}")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(aside)) as made:
            source.backup(made)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def rebuild_workspace(folder: Path, progress: Callable[[str, int, int], None]) -> tuple[int, Restored]:
    """Makes the search index anew from the working text; gives the number of files in it.

    A database that has no threads, verdicts or requests gets back those of the record, with what was refused.
    """
    studio = open_studio(folder)
    try:
        restored = studio.record.restore()
        return rebuild_search(studio, progress), restored
    finally:
        studio.close()
