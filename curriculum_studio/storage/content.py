"""The content store: every version of a curriculum, durable when acknowledged, merged when two people wrote.

A bare Git repository behind one writer thread and a lock between processes. What decides a conflict is the
file's own base, never the tip: changes of other files are no concern of a writer.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from curriculum_studio.domain.errors import EditConflict, NotFound, Refused, StoreError
from curriculum_studio.domain.merging import merge
from curriculum_studio.storage.content_changes import (
    Author,
    Change,
    Landed,
    Saved,
    checked,
    clean,
    names_of,
    plain_note,
    split_others,
    with_others,
)
from curriculum_studio.storage.content_door import Door
from curriculum_studio.storage.content_git import REFS, Bare, commit_stream
from curriculum_studio.storage.content_push import Push, looked_at
from curriculum_studio.storage.content_quarantine import Quarantine, clear_quarantines, quarantined
from curriculum_studio.storage.content_reading import ContentReading

_BATCH = 32
_PACKS = 40
"""More packs than this make reading slower; they are then put together."""

_NOT_SAVED = (
    "The version could not be saved: the disk may be full, or the store of texts is damaged. Nothing was changed, and all "
    "that was saved before is safe. Try again, and tell whoever runs the studio if it happens again."
)


@dataclass(slots=True)
class _Landing:
    push: Push
    author: Author
    note: str
    at: datetime
    answer: Future[Landed]


@dataclass(slots=True)
class _Request:
    changes: tuple[Change, ...]
    author: Author
    note: str
    at: datetime
    answer: Future[Saved]


class _Files:
    """The files of the tip while versions are written onto it: the blob of each, and each by its small letters."""

    def __init__(self, blobs: dict[str, str]) -> None:
        self.blobs = blobs
        self._folded = {path.casefold(): path for path in blobs}

    def twin(self, path: str) -> str | None:
        """Another file whose name differs from this one in capitals alone."""
        found = self._folded.get(path.casefold())
        return found if found != path else None

    def put(self, path: str, blob: str | None) -> None:
        """Puts a blob at a path, or takes the file away (None)."""
        if blob is not None:
            self.blobs[path] = blob
            self._folded[path.casefold()] = path
        elif self.blobs.pop(path, None) is not None and self.twin(path) is None:
            del self._folded[path.casefold()]


class Content(ContentReading):
    """The store of one curriculum. Safe for threads; several processes may open the same folder."""

    def __init__(self, store: Bare) -> None:
        super().__init__(store)
        self._queue: queue.Queue[_Request | _Landing | None] = queue.Queue()
        self._writer = threading.Thread(target=self._write_all, name="content-writer", daemon=True)
        self._writer.start()
        # The tree of the tip that this process wrote last: a save then costs the same however many files there are.
        self._last: tuple[str, _Files] | None = None

    @classmethod
    def create(cls, folder: Path) -> Content:
        """Makes an empty store."""
        if folder.exists() and any(folder.iterdir()):
            raise Refused(f"{folder} is not empty.")
        return cls(Bare.create(folder))

    @classmethod
    def open(cls, folder: Path) -> Content:
        """Opens a store; what a killed process left behind is cleared first, if no other process writes."""
        if not (folder / "HEAD").is_file():
            raise NotFound(f"There is no store at {folder}.")
        store = Bare(folder)
        with contextlib.suppress(BlockingIOError), _locked(folder, wait=False):
            for stale in [
                *folder.glob("*.lock"),
                *folder.glob("refs/**/*.lock"),
                *folder.glob("objects/pack/tmp_*"),
            ]:
                stale.unlink(missing_ok=True)
            clear_quarantines(folder)
        return cls(store)

    def close(self) -> None:
        """Ends the writer, after all that was asked is written, and the readers."""
        self._queue.put(None)
        self._writer.join(timeout=30)
        self._store.close()

    def save(
        self,
        changes: Sequence[Change],
        author: Author,
        note: str,
        at: datetime,
        others: Sequence[Author] = (),
    ) -> Saved:
        """Writes a version; durable when this returns. `others` wrote in it besides its author.

        Raises `EditConflict` where others changed the same words, `Refused` where a file may not be written.
        """
        wanted = tuple(checked(change) for change in changes)
        if not wanted:
            raise Refused("There is nothing to save.")
        answer: Future[Saved] = Future()
        said = with_others(split_others(plain_note(note))[0] or "Changed", others)
        self._queue.put(_Request(wanted, clean(author), said, at, answer))
        return answer.result()

    @property
    def door(self) -> Door:
        """The store as it is seen from outside."""
        return Door(self._store)

    @contextlib.contextmanager
    def quarantined(self) -> Iterator[Quarantine]:
        """A place beside the store for one push; cleared away afterwards."""
        with quarantined(self._store) as place:
            yield place

    def looked_at(self, place: Quarantine, author: Author) -> Push | None:
        """What a push would do to the working text; None where all of it is here. Raises `Refused` with every reason."""
        return looked_at(self._store, place, author)

    def land(self, push: Push, author: Author, note: str, at: datetime) -> Landed:
        """Takes a push in; durable when this returns, and merged word by word with what was saved since it began.

        Raises `EditConflict` where others changed the same words, `Refused` where a name is taken.
        """
        answer: Future[Landed] = Future()
        self._queue.put(_Landing(push, clean(author), plain_note(note), at, answer))
        return answer.result()

    def release(self, blobs: Mapping[str, str] | None, author: Author, note: str, at: datetime) -> str:
        """Moves the released version to the newest one, or to exactly these blobs (path to blob id)."""
        tip = self.tip()
        if tip is None:
            raise NotFound("Nothing has been written yet.")
        tree = blobs if blobs is not None else self.snapshot(tip).blobs
        with _locked(self._store.folder):
            before = self.published()
            old = self.snapshot(before).blobs if before else {}
            rows: list[tuple[str, bytes | str | None]] = [(path, None) for path in old if path not in tree]
            rows += [(path, blob) for path, blob in tree.items() if old.get(path) != blob]
            stream = commit_stream("published", before, *names_of(author), at, plain_note(note), rows)
            self._store.fast_import(stream)
            after = self.published()
        if after is None or after == before:
            raise StoreError("The release was not written; nothing was changed.")
        return after

    def write_record(self, files: Mapping[str, bytes]) -> None:
        """Puts files into the record of review, beside the texts; those that are there already are replaced."""
        with _locked(self._store.folder):
            rows: list[tuple[str, bytes | str | None]] = list(files.items())
            at, before = datetime.now(UTC), self.tip("record")
            stream = commit_stream("record", before, "Curriculum Studio", "p-studio", at, "The record", rows)
            self._store.fast_import(stream)

    def upkeep_if_due(self) -> bool:
        """Packs the store where many small packs have gathered; whether it did. Reading and writing go on."""
        packs = sum(1 for _ in (self._store.folder / "objects" / "pack").glob("*.pack"))
        if packs <= _PACKS:
            return False
        self.upkeep()
        return True

    def upkeep(self) -> None:
        """Packs the store and writes the commit graph; for idle hours."""
        with _locked(self._store.folder):
            self._store.run("repack", "--geometric=2", "-d", "--write-midx", "-q")
            self._store.run("commit_graph", "write", "--reachable", "--changed-paths")

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            batch: list[_Request] = []
            following: _Request | _Landing | None = first
            with contextlib.suppress(queue.Empty):
                while isinstance(following, _Request) and len(batch) < _BATCH:
                    batch.append(following)
                    following = None
                    following = self._queue.get_nowait()
                    if following is None:
                        self._queue.put(None)
            if batch:
                self._write_or_answer(batch)
            if isinstance(following, _Landing):
                self._land_or_answer(following)
            elif following is not None:
                self._write_or_answer([following])

    def _land_or_answer(self, landing: _Landing) -> None:
        try:
            landed = self._land(landing)
        except (EditConflict, Refused, NotFound) as error:
            landing.answer.set_exception(error)
        except Exception as error:
            # As below: whatever happens to one push, the writer goes on.
            fault = StoreError(_NOT_SAVED)
            fault.__cause__ = error
            landing.answer.set_exception(fault)
        else:
            landing.answer.set_result(landed)

    def _land(self, landing: _Landing) -> Landed:
        """Moves the objects in and the branch on, in one step that the lock between processes holds together."""
        push = landing.push
        with _locked(self._store.folder):
            tip = self.tip()
            last, self._last = self._last, None
            files = last[1] if last and last[0] == tip else _Files(self._store.tree(tip) if tip else {})
            rows: list[tuple[str, bytes | str | None]] = []
            merged: list[str] = []
            for path, (base, blob) in push.files.items():
                now, twin = files.blobs.get(path), files.twin(path)
                stays = twin is not None and (twin not in push.files or push.files[twin][1] is not None)
                if now is None and blob is not None and stays:
                    raise Refused(f"{twin} is there already; two names may not differ in capitals alone.")
                if now == base:
                    rows.append((path, blob))
                elif now != blob:
                    change = Change(path, push.content(path) if blob else None, base)
                    rows.append((path, self._merged(change, now, {})))
                    merged.append(path)
            push.quarantine.move_in()
            if tip == push.base and push.plain:
                self._store.run("update_ref", "-m", "push", REFS["main"], push.new, tip or "0" * 40)
            else:
                names = names_of(landing.author)
                stream = commit_stream("main", tip, *names, landing.at, landing.note, rows, push.new)
                self._store.fast_import(stream)
            after = self.tip()
            if after is None or after == tip:
                raise StoreError("Git kept none of it; nothing was changed.")
            blobs: dict[str, tuple[str | None, str | None]] = {}
            for path, content in rows:
                made = content if content is None or isinstance(content, str) else _blob_id(content)
                blobs[path] = files.blobs.get(path), made
            for path, (_, made) in sorted(blobs.items(), key=lambda row: row[1][1] is not None):
                files.put(path, made)
            self._last = (after, files)
        return Landed(
            after, tip, {path: pair for path, pair in blobs.items() if pair[0] != pair[1]}, tuple(merged)
        )

    def _write_or_answer(self, batch: list[_Request]) -> None:
        """Writes a batch; where that fails, each request is judged and tried once more by itself.

        What the failed stream did write is found again as the text that stands there, so nothing is written twice.
        """
        try:
            self._write_batch(batch)
        except Exception as error:
            # The writer must outlive any fault: a dead one would leave every later save waiting for ever.
            undone = [request for request in batch if not request.answer.done()]
            if len(batch) > 1:
                for request in undone:
                    self._write_or_answer([request])
                return
            for request in undone:
                fault = StoreError(_NOT_SAVED)
                fault.__cause__ = error
                request.answer.set_exception(fault)

    def _write_batch(self, batch: list[_Request]) -> None:
        """Writes the versions of a batch in one stream; each is judged against what the ones before it made."""
        with _locked(self._store.folder):
            tip = self.tip()
            last, self._last = self._last, None
            files = last[1] if last and last[0] == tip else _Files(self._store.tree(tip) if tip else {})
            fresh: dict[str, bytes] = {}
            streams: list[bytes] = []
            done: list[tuple[_Request, dict[str, str], tuple[str, ...]]] = []
            written: dict[str, str] = {}
            for request in batch:
                try:
                    rows, blobs, merged = self._judged(request, files, fresh)
                except (EditConflict, Refused, NotFound) as error:
                    request.answer.set_exception(error)
                    continue
                if rows:
                    # Within one stream a commit follows the branch's last one by itself.
                    names, from_ = names_of(request.author), tip if not streams else None
                    streams.append(commit_stream("main", from_, *names, request.at, request.note, rows))
                    for path, content in rows:
                        files.put(path, None if content is None else blobs[path])
                        written[path] = blobs.get(path, "")
                done.append((request, blobs, merged))
            with self._standing(tip):
                if streams:
                    self._store.fast_import(b"".join(streams))
                after = self.tip()
                if streams and after == tip:
                    raise StoreError("Git kept none of it; nothing was changed.")
                if after is not None:
                    self._last = (after, files)
                    self._follow(tip, after, written)
        for request, blobs, merged in done:
            request.answer.set_result(Saved(after or "", blobs, merged))

    def _judged(
        self, request: _Request, files: _Files, fresh: dict[str, bytes]
    ) -> tuple[list[tuple[str, bytes | str | None]], dict[str, str], tuple[str, ...]]:
        """What a request comes to on top of `files`: rows to write, blob of each file, files that were merged."""
        rows: list[tuple[str, bytes | str | None]] = []
        blobs: dict[str, str] = {}
        merged: list[str] = []
        for change in request.changes:
            now = files.blobs.get(change.path)
            twin = files.twin(change.path)
            if now is None and twin is not None:
                raise Refused(f"{twin} is there already; two names may not differ in capitals alone.")
            content = change.content
            if now != change.base:
                if change.exact:
                    raise EditConflict(change.path, "", "", "")
                content = self._merged(change, now, fresh)
                merged.append(change.path)
            if content is None:
                if now is not None:
                    rows.append((change.path, None))
                continue
            blob = _blob_id(content)
            blobs[change.path] = blob
            if blob != now:
                fresh[blob] = content
                rows.append((change.path, content))
        return rows, blobs, tuple(merged)

    def _merged(self, change: Change, now: str | None, fresh: Mapping[str, bytes]) -> bytes | None:
        if change.content is not None and now is not None and _blob_id(change.content) == now:
            return change.content
        theirs = self._text(now, fresh)
        base = self._text(change.base, fresh)
        mine = change.content.decode("utf-8", "replace") if change.content is not None else ""
        if change.content is None or now is None or not change.path.endswith(".md"):
            raise EditConflict(change.path, base, mine, theirs)
        result = merge(base, mine, theirs)
        if result.text is None:
            raise EditConflict(change.path, base, mine, theirs)
        return result.text.encode()

    def _text(self, blob: str | None, fresh: Mapping[str, bytes]) -> str:
        if blob is None:
            return ""
        content = fresh.get(blob)
        return (content if content is not None else self.read_blob(blob)).decode("utf-8", "replace")


@contextlib.contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Holds the store's lock between processes; the kernel lets it go when a process dies."""
    with (folder / "studio.write").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _blob_id(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
