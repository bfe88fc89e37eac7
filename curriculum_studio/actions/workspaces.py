"""Makes a workspace: settings, keys, store, people; and what is derived from them anew."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.actions.samples import add_sample_people
from curriculum_studio.actions.search import rebuild_search
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.formats.check import check
from curriculum_studio.settings import DATABASE_FILE, FORMAT, load_settings, new_settings
from curriculum_studio.storage.audit import Audit
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.storage.database import Database, schema_of, upgrade
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
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; name a new folder.")
    findings: list[Finding] = check(source) if source is not None else []
    if grave(findings):
        return "", tuple(findings)
    place = new_settings(folder).database
    if isinstance(place, str) and schema_of(place):
        raise Refused("The database that STUDIO_DATABASE_URL names is in use already; name an empty one. Nothing was made.")  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "secret.key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_hex(32))
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
    upgrade(place)
    database = Database(place)
    people = People(database)
    Audit(database).note("p-studio", "made the workspace", "workspace")
    token = ""
    if samples:
        add_sample_people(database, source or {})
    else:
        first = people.add("Administrator", "admin", "administrator")
        token = people.make_link(first, int(time.time()) + LINK_DAYS * 86400)
    database.close()
    # The settings come last: a folder with them is a whole workspace.
    lines = [f"format = {FORMAT}", *(["sample_people = true"] if samples else [])]
    (folder / "studio.toml").write_text("\n".join(lines) + "\n")
    return token, tuple(findings)


def upgrade_workspace(folder: Path) -> str:
    """Brings an older workspace to this program's schema, after a copy of its database; gives the schema it had."""
    settings = load_settings(folder)
    if schema_of(settings.database) == SCHEMA:
        return SCHEMA
    copy = folder / f"{DATABASE_FILE}.before-{SCHEMA}"
    if isinstance(settings.database, Path) and not copy.exists():
        with closing(sqlite3.connect(settings.database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    return upgrade(settings.database)


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
