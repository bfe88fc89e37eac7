"""The opened studio: every tool of a workspace, wired once; what actions work with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock

from curriculum_studio.domain.errors import StoreError, StudioError
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.curriculum import Curriculum, curriculum_of, is_text, with_texts
from curriculum_studio.formats.facts import Facts, facts_of
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.live.client import RoomsClient, found_door
from curriculum_studio.publishing.program import reading_version
from curriculum_studio.publishing.state import facts_from, facts_row
from curriculum_studio.settings import Settings, load_settings
from curriculum_studio.storage.alignment_studies import AlignmentStudies
from curriculum_studio.storage.approvals import Approvals
from curriculum_studio.storage.audit import Audit
from curriculum_studio.storage.bin import Bin
from curriculum_studio.storage.commitments import Commitments
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.storage.cycles import Cycles
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.evidence import Evidence
from curriculum_studio.storage.facts_memory import FactsMemory
from curriculum_studio.storage.flags import Flags
from curriculum_studio.storage.goals import Goals
from curriculum_studio.storage.incoming import Incoming
from curriculum_studio.storage.inquiries import Inquiries
from curriculum_studio.storage.learning import Learning
from curriculum_studio.storage.looks import Looks
from curriculum_studio.storage.notices import Notices
from curriculum_studio.storage.people import People
from curriculum_studio.storage.pulse import Pulse
from curriculum_studio.storage.pushes import Pushes
from curriculum_studio.storage.ratings import Ratings
from curriculum_studio.storage.record import Record
from curriculum_studio.storage.reports import Reports
from curriculum_studio.storage.reviews import Reviews
from curriculum_studio.storage.search import SearchIndex
from curriculum_studio.storage.series import SeriesShelf
from curriculum_studio.storage.sessions import Sessions
from curriculum_studio.storage.statements import Statements
from curriculum_studio.storage.teaching import Teaching
from curriculum_studio.storage.teams import Teams
from curriculum_studio.storage.tokens import Tokens
from curriculum_studio.storage.visits import VersionNames, Visits

_SLICE = 500


@dataclass
class _Kept:
    facts: dict[tuple[str, str], Facts] = field(default_factory=dict)
    curricula: dict[str, Curriculum] = field(default_factory=dict)
    reading: tuple[int, int] | None = None
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class Studio:
    """All that is open for one workspace."""

    settings: Settings
    content: Content
    database: Database
    people: People
    sessions: Sessions
    teams: Teams
    audit: Audit
    visits: Visits
    names: VersionNames
    bin: Bin
    incoming: Incoming
    ratings: Ratings
    studies: AlignmentStudies
    statements: Statements
    tokens: Tokens
    pushes: Pushes
    evidence: Evidence
    flags: Flags
    goals: Goals
    cycles: Cycles
    learning: Learning
    series: SeriesShelf
    pulse: Pulse
    commitments: Commitments
    teaching: Teaching
    inquiries: Inquiries
    reviews: Reviews
    notices: Notices
    approvals: Approvals
    looks: Looks
    reports: Reports
    record: Record
    search: SearchIndex
    rooms: RoomsClient
    _remembered: FactsMemory
    _kept: _Kept = field(default_factory=_Kept)

    def snapshot(self, version: str | None = None) -> ContentSnapshot:
        """All files of a version, the newest where none is named."""
        return self.content.snapshot(version)

    def facts(self, snapshot: Snapshot, paths: Mapping[str, str]) -> dict[str, Facts]:
        """Facts of all texts (path to blob), read once for each blob."""
        found: dict[str, Facts] = {}
        fresh: list[tuple[str, str, str]] = []
        for path, blob in paths.items():
            key = (path, blob)
            facts = self._kept.facts.get(key)
            if facts is None:
                facts = facts_of(read_document(path, snapshot[path]))
                self._kept.facts[key] = facts
                fresh.append((path, blob, json.dumps(facts_row(facts), ensure_ascii=False)))
                if len(paths) >= _SLICE:
                    self._kept.reading = len(found) + 1, len(paths)
                if len(fresh) == _SLICE:
                    # Whoever stops a first start half-way finds that half done at the next.
                    self._remembered.keep(fresh)
                    fresh = []
            found[path] = facts
        if fresh:
            self._remembered.keep(fresh)
        return found

    @property
    def reading(self) -> tuple[int, int] | None:
        """While a large curriculum is read text by text, as after an update of the program: how many are done, of how many."""
        return self._kept.reading

    def _remember(self) -> None:
        """Takes up what an earlier start has read."""
        for path, (blob, text) in self._remembered.all().items():
            with suppress(ValueError, TypeError, IndexError):
                self._kept.facts[path, blob] = facts_from(json.loads(text))

    def curriculum(self, version: str | None = None) -> tuple[ContentSnapshot, Curriculum]:
        """A version's files and its outline. Costs what changed since the last call, not what exists."""
        with self._kept.lock:
            # Looked for only now: whoever waited for others' saves to be read has them all, and nobody reads back and forth.
            snapshot = self.snapshot(version)
            found = self._kept.curricula.get(snapshot.version)
            if found is None:
                try:
                    found = self._next_curriculum(snapshot) or self._whole_curriculum(snapshot)
                finally:
                    # Whatever was read, and however it ended: nobody waits for it any more.
                    self._kept.reading = None
                if len(self._kept.curricula) > 4:
                    self._kept.curricula.clear()
                self._kept.curricula[snapshot.version] = found
        return snapshot, found

    def _whole_curriculum(self, snapshot: ContentSnapshot) -> Curriculum:
        blobs = {path: snapshot.blob(path) for path in snapshot if is_text(path)}
        if not self._kept.facts:
            self._remember()
        facts = self.facts(snapshot, blobs)
        # Facts of texts that no longer stand anywhere are let go, or they would grow with every save.
        self._kept.facts = {(path, blob): facts[path] for path, blob in blobs.items()}
        return curriculum_of(facts, snapshot)

    def _next_curriculum(self, snapshot: ContentSnapshot) -> Curriculum | None:
        """The outline from that of the version before, where only words of lessons changed in between."""
        if not self._kept.curricula:
            return None
        version, before = next(reversed(self._kept.curricula.items()))
        changed = snapshot.differing(self.snapshot(version))
        if not all(path in snapshot and path in before.facts for path in changed):
            return None
        fresh = self.facts(snapshot, {path: snapshot.blob(path) for path in changed})
        for path in changed:
            self._kept.facts.pop((path, self.snapshot(version).blob(path)), None)
        return with_texts(before, fresh)

    def free_space(self) -> int:
        """Bytes that are free where the workspace lies."""
        return shutil.disk_usage(self.settings.folder).free

    def close(self) -> None:
        """Closes every tool."""
        with suppress(StoreError):
            self.looks.write()
        self.content.close()
        self.database.close()
        self.search.close()
        self._remembered.close()


def open_studio(folder: Path, *, local: bool = False) -> Studio:
    """Opens a workspace; `local` uses the database file in it, whatever the settings say (a copy under examination).

    Raises `NotFound` or `Refused` where it is none, or cannot be used.
    """
    settings = load_settings(folder)
    if local:
        settings = replace(settings, database_url="")
    database = Database(settings.database)
    try:
        content = Content.open(settings.content)
    except (StudioError, OSError):
        database.close()
        raise
    return Studio(
        settings,
        content,
        database,
        People(database),
        Sessions(database),
        Teams(database),
        Audit(database),
        Visits(database),
        VersionNames(database),
        Bin(database),
        Incoming(settings.folder / "incoming"),
        Ratings(database),
        AlignmentStudies(database),
        Statements(database),
        Tokens(database),
        Pushes(database),
        Evidence(database),
        Flags(database),
        Goals(database),
        Cycles(database),
        Learning(database),
        SeriesShelf(database),
        Pulse(database, settings.key),
        Commitments(database),
        Teaching(database),
        Inquiries(database),
        Reviews(database),
        Notices(database),
        Approvals(database),
        Looks(database),
        Reports(database),
        Record(database, content),
        SearchIndex(settings.search),
        RoomsClient(None if local else found_door()),
        FactsMemory(settings.facts, reading_version()),
    )
