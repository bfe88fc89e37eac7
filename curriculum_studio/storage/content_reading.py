"""The reading side of the content store: versions, the files of each, and their history through renames."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from types import MappingProxyType

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.storage.content_changes import Author, Version, split_others
from curriculum_studio.storage.content_git import OID, Bare
from curriculum_studio.storage.content_ids import has_id, id_in, translates

_KEPT = 8
"""So many versions are kept at hand, with the list of their files."""
_RECENT = 100
"""So many of the newest versions are kept at hand, with their words."""
_BEHIND = 30
"""What is at hand follows so many newer versions one by one; where more came, it is read anew."""
_LISTS = 64
"""So many lists of versions are kept at hand, each of no more than are on a page."""
_VERSIONS_KNOWN = 5_000
NOTHING = "0" * 40
"""Stands for the version of a store in which nothing has been written yet: it has no files."""
_AUTHOR = re.compile(rb"author (.*) <([^<>@]*)[^<>]*> (\d+) [+-]\d{4}")


class ContentSnapshot(Mapping[str, bytes]):
    """All files of one version; read as they are asked for."""

    def __init__(
        self,
        reading: ContentReading,
        version: str,
        known: ContentSnapshot | None = None,
        changes: Mapping[str, str] | None = None,
    ) -> None:
        """With `known`, another version's files, only what differs from them is read; with `changes` (path to blob, "" for
        one that is gone) not even that."""
        self.version = version
        self._reading, self._store = reading, reading._store
        self._made_from: tuple[str, frozenset[str]] = ("", frozenset())
        if known is None or NOTHING in (version, known.version):
            self._blobs = {} if version == NOTHING else self._store.tree(version)
            self._paths = sorted(self._blobs)
            return
        if changes is None:
            changes = self._store.tree_changes(known.version, version)
        changed = {path: blob for path, blob in changes.items() if known._blobs.get(path, "") != blob}
        self._blobs = {**known._blobs, **changed}
        for path in [path for path, blob in changed.items() if not blob]:
            del self._blobs[path]
        same = all(blob and path in known._blobs for path, blob in changed.items())
        self._paths = known._paths if same else sorted(self._blobs)
        self._made_from = known.version, frozenset(changed)

    def __getitem__(self, path: str) -> bytes:
        return self._store.blob(self._blobs[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._blobs

    def blob(self, path: str) -> str:
        """The id of a file's bytes."""
        return self._blobs[path]

    def differing(self, other: ContentSnapshot) -> set[str]:
        """The files that are not the same here and there, or only in one of the two."""
        before, changed = self._made_from
        if other.version == before:
            # What most ask for: since the version just before.
            return set(changed)
        return {path for path, _ in self._blobs.items() ^ other._blobs.items()}

    @property
    def blobs(self) -> Mapping[str, str]:
        """The id of the bytes of every file."""
        return MappingProxyType(self._blobs)

    def changed_since(self, version: str) -> set[str] | None:
        """The files that differ from another version, gone ones among them; None where there is no such version."""
        try:
            return self.differing(self._reading.snapshot(version))
        except NotFound:
            return None


class ContentReading:
    """Everything that looks and changes nothing. Safe for threads."""

    def __init__(self, store: Bare) -> None:
        self._store = store
        self._snapshots: dict[str, ContentSnapshot] = {}
        self._recent: tuple[str, list[Version]] | None = None
        self._lists: dict[tuple[str, ...], list[Version]] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._changed: dict[str, frozenset[str]] = {}
        self._before: str | None = None
        self._lock = Lock()

    def tip(self, ref: str = "main") -> str | None:
        """The newest version (`main`), or the released one (`published`)."""
        return self._store.tip(ref)

    def published(self) -> str | None:
        """The released version."""
        return self._store.tip("published")

    def snapshot(self, version: str | None = None) -> ContentSnapshot:
        """All files of a version; of the newest where none is named, which has none before the first is written."""
        version = version or self._before or self.tip() or NOTHING
        with self._lock:
            kept = self._snapshots
            if (found := kept.pop(version, None)) is not None:
                # What was asked for last is let go last: the released version stays while others come and go.
                kept[version] = found
                return found
            # The newest that is known stands nearest to the newest that is asked for.
            known = next(reversed(kept.values()), None)
        found = ContentSnapshot(self, version, known)
        self._keep(found)
        return found

    def _keep(self, found: ContentSnapshot) -> None:
        with self._lock:
            self._snapshots[found.version] = found
            if len(self._snapshots) > _KEPT:
                del self._snapshots[next(iter(self._snapshots))]

    @contextmanager
    def _standing(self, version: str | None) -> Iterator[None]:
        """While this process writes onto a version, that one is the newest for whoever asks: what is written is taken up at the
        end at once, and nobody reads the folders of it before."""
        self._before = version
        try:
            yield
        finally:
            self._before = None

    def _follow(self, before: str | None, after: str, written: Mapping[str, str]) -> None:
        """Takes up the files of a version that was just written onto another: path to blob of each that was written, "" for one
        that was taken away. Where only words changed, no folder need be read again."""
        with self._lock:
            known = self._snapshots.get(before or "")
        # A file that is new may stand where a folder stood: what comes or goes is read as the store has it.
        if known is not None and all(blob and path in known for path, blob in written.items()):
            self._keep(ContentSnapshot(self, after, known, written))

    def read(self, path: str, version: str | None = None) -> bytes:
        """A file's bytes. Raises `NotFound`."""
        return self.read_blob(self.blob_id(path, version))

    def blob_id(self, path: str, version: str | None = None) -> str:
        """The id of a file's bytes. Raises `NotFound`."""
        snapshot = self.snapshot(version)
        if path not in snapshot:
            raise NotFound(f"There is no file {path} in this version.")
        return snapshot.blob(path)

    def read_at(self, path: str, version: str, lesson_id: str = "") -> bytes:
        """A file as it stood in a version, wherever the file with this id lay then. Raises `NotFound`."""
        try:
            found = self._store.file_at(version, path)
        except NotFound:
            found = None
        if found is not None and (not lesson_id or has_id(found, lesson_id) or translates(found, lesson_id)):
            return found
        there = self.path_at(path, version, lesson_id) if lesson_id else None
        if there is None:
            raise NotFound("This text was not there in that version.")
        return self._store.file_at(version, there)

    def read_blob(self, blob: str) -> bytes:
        """The bytes of a blob. Raises `NotFound`."""
        return self._store.blob(blob)

    def last_id(self, path: str) -> str:
        """The id in a file's header, as it is or, where none can be read there or the file is gone, as it was last; ""
        where it never had one."""
        tip = self.tip()
        key = (tip or "", path)
        if (known := self._ids.get(key)) is not None:
            return known
        found = ""
        for version in self._log(tip, path, _RECENT) if tip else ():
            with suppress(NotFound):
                if found := id_in(self._store.file_at(version.id, path)):
                    break
        if len(self._ids) >= _LISTS:
            self._ids.clear()
        self._ids[key] = found
        return found

    def ever_said(self, words: str, folders: Iterable[str]) -> bool:
        """Whether these words stand, or once stood, in any text of some folders. It takes as long as those have versions."""
        tip, within = self.tip(), [f":(literal){one}" for one in folders]
        return (
            tip is not None
            and bool(within)
            and bool(
                self._store.run(
                    "log", "--format=%H", "--max-count=1", f"-S{words}", tip, "--", *within
                ).strip()
            )
        )

    def history(
        self,
        path: str,
        *,
        lesson_id: str | None = None,
        limit: int = 50,
        after: str | None = None,
        author: str = "",
    ) -> list[Version]:
        """The versions that changed a file or folder, newest first, through renames where its id is given.

        `after` continues a list below the version that it names; `author` keeps those of one person's key.
        """
        start = after or self.tip()
        if start is None:
            return []
        found: list[Version] = []
        skip = after is not None
        while len(found) < limit:
            rows = self._log(start, path, limit - len(found) + (1 if skip else 0), author)
            fresh = [row for row in rows if not (skip and row.id == after)]
            found += fresh
            if len(rows) >= limit or not rows or lesson_id is None:
                break
            oldest = rows[-1]
            parent = self._parent(oldest.id)
            earlier = self.path_at(path, parent, lesson_id) if parent else None
            if parent is None or earlier is None or earlier == path:
                break
            path, start, skip = earlier, parent, False
        return found[:limit]

    def path_at(self, path: str, version: str, lesson_id: str) -> str | None:
        """Where the file with this id lies in a version; None where there is none.

        What still lies there under this id has gone nowhere: that is another text, whoever gave both the same id.
        """
        snapshot, now = self.snapshot(version), self.snapshot()
        candidates = [path] if path in snapshot else []
        candidates += [p for p in snapshot if p.endswith(".md") and p != path]
        found = next((one for one in candidates if has_id(snapshot[one], lesson_id)), None)
        other = found not in (None, path) and found in now and has_id(now[found], lesson_id)
        return None if other else found

    def version(self, version: str) -> Version:
        """One version by its id. Raises `NotFound`."""
        rows = self._log(version, None, 1)
        if not rows:
            raise NotFound("There is no such version.")
        return rows[0]

    def paths_of(self, version: str) -> frozenset[str]:
        """Every file that a version changed, took away or brought."""
        known = self._changed.get(version)
        if known is None:
            parent = self._parent(version)
            found = self._store.tree_changes(parent, version) if parent else self.snapshot(version)
            if len(self._changed) >= _VERSIONS_KNOWN:
                self._changed.clear()
            known = self._changed[version] = frozenset(found)
        return known

    def recent(self, limit: int = 20) -> list[Version]:
        """The newest versions of all files."""
        tip = self.tip()
        if tip is None:
            return []
        if limit > _RECENT:
            return self._log(tip, None, limit)
        known = self._recent
        if known is None or known[0] != tip:
            self._recent = known = tip, self._newest(tip, known)
        return known[1][:limit]

    def _newest(self, tip: str, known: tuple[str, list[Version]] | None) -> list[Version]:
        """The newest versions from those that are known: who looks just after a save does not wait for Git to list them all."""
        fresh: list[Version] = []
        at: str | None = tip
        while known is not None and at is not None and len(fresh) < _BEHIND:
            if at == known[0]:
                return (fresh + known[1])[:_RECENT]
            parent = self._parent(at)
            fresh.append(self._one(at, parent))
            at = parent
        return self._log(tip, None, _RECENT)

    def _one(self, version: str, parent: str | None) -> Version:
        """A version as the list of Git has it, read without a process."""
        head, _, note = self._store.commit(version).partition(b"\n\n")
        who = next(filter(None, map(_AUTHOR.fullmatch, head.split(b"\n"))), None)
        if who is None or parent is None:
            return self.version(version)
        said, others = split_others(note.decode("utf-8", "replace"))
        when = datetime.fromtimestamp(int(who[3]), UTC)
        paths = tuple(sorted(self._store.tree_changes(parent, version), key=str.encode))
        return Version(version, Author(who[1].decode(), who[2].decode()), when, said, paths, others)

    def releases(self, limit: int = 30) -> list[Version]:
        """The releases, the newest first."""
        released = self.published()
        return self._log(released, None, limit) if released else []

    def record(self) -> dict[str, bytes]:
        """All files of the record of review."""
        tip = self.tip("record")
        return {path: self.read_blob(blob) for path, blob in self._store.tree(tip).items()} if tip else {}

    def was_released(self, version: str) -> bool:
        """Whether a version is, or once was, the released one."""
        released = self.published()
        if released is None or not OID.match(version):
            return False
        return version in self._store.run("rev_list", "--first-parent", released).split("\n")

    def before(self, moment: datetime) -> Version | None:
        """The last version before a moment; None where there was none."""
        tip = self.tip()
        if tip is None:
            return None
        found = self._log(tip, None, 1, before=moment)
        return found[0] if found else None

    def _parent(self, version: str) -> str | None:
        for line in self._store.commit(version).split(b"\n"):
            if line.startswith(b"parent "):
                return line[7:].decode()
            if not line:
                break
        return None

    def _log(
        self, start: str, path: str | None, limit: int, author: str = "", before: datetime | None = None
    ) -> list[Version]:
        if not OID.match(start):
            raise NotFound("There is no such version.")
        if not author:
            return self._rows(start, path, limit, [], before)
        # Who wrote in a version besides its author stands in its words; Git cannot ask for either of the two at once.
        mail = f"<{re.escape(author)}@"
        found = self._rows(start, path, limit, [f"--author={mail}"], before)
        known = {version.id for version in found}
        also = self._rows(start, path, limit, [f"--grep=^Co-authored-by: .*{mail}"], before)
        found += [version for version in also if version.id not in known]
        return sorted(found, key=lambda version: version.at, reverse=True)[:limit]

    def _rows(
        self, start: str, path: str | None, limit: int, kept: list[str], before: datetime | None
    ) -> list[Version]:
        form = "--format=%x01%H%x00%an%x00%ae%x00%at%x00%B%x00"
        kept = [*kept, *([f"--before={int(before.timestamp()) - 1}"] if before else [])]
        arguments = [
            form,
            *kept,
            "--name-only",
            "-z",
            "--no-renames",
            # What came from outside stands in the history as the version by which it came in.
            "--first-parent",
            f"--max-count={int(limit)}",
            start,
            "--",
        ]
        if path:
            arguments.append(path)
        # A version never changes, nor what came before it: what Git listed once from there it would list again.
        key = tuple(arguments)
        if (known := self._lists.get(key)) is not None:
            return list(known)
        text = self._store.run("log", *arguments, strip_newline_in_stdout=False)
        found: list[Version] = []
        for row in text.split("\x01")[1:]:
            oid, name, mail, at, note, *paths = row.split("\0")
            who = Author(name, mail.partition("@")[0])
            when = datetime.fromtimestamp(int(at), UTC)
            said, others = split_others(note)
            changed = tuple(p.strip("\n") for p in paths if p.strip("\n"))
            found.append(Version(oid, who, when, said, changed, others))
        if limit <= _RECENT:
            with self._lock:
                self._lists[key] = list(found)
                if len(self._lists) > _LISTS:
                    del self._lists[next(iter(self._lists))]
        return found
