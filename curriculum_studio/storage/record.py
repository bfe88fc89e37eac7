"""The record of review in the store of texts: what waits for it, writing it, and filling an empty database from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import delete, func, select

from curriculum_studio.domain.approvals import Verdict
from curriculum_studio.domain.errors import FormatError, NotFound
from curriculum_studio.domain.reviews import Thread
from curriculum_studio.formats.review_record import (
    KINDS,
    Asked,
    RequestFile,
    iso,
    place_of,
    read_request,
    read_thread,
    read_verdict,
    request_file,
    seconds,
    thread_file,
    verdict_file,
)
from curriculum_studio.storage.approvals import Approvals, Request
from curriculum_studio.storage.content import Content
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.review_tables import (
    AskedRow,
    OutboxRow,
    RemarkRow,
    RequestRow,
    ThreadRow,
    VerdictRow,
    thread_row,
)
from curriculum_studio.storage.reviews import Reviews

_AT_ONCE = 300
_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back from the record, and what was refused, each with its reason."""

    threads: int
    verdicts: int
    requests: int
    refused: tuple[str, ...]


class Record:
    """One way out, one way back: the database is what counts, the record follows it."""

    def __init__(self, database: Database, content: Content) -> None:
        self._database, self._content = database, content
        self._reviews, self._approvals = Reviews(database), Approvals(database)
        self._alone = threading.Lock()

    def write_all(self) -> None:
        """Writes down everything that waits. Raises `StoreError`."""
        while self.write():
            pass

    def write(self) -> int:
        """Writes what waits into the record; gives how many files. What a killed process left is written at the next call."""
        with self._alone:
            with self._database.look() as look:
                rows = list(look.scalars(select(OutboxRow).order_by(OutboxRow.number).limit(_AT_ONCE)))
            if not rows:
                return 0
            files: dict[str, bytes] = {}
            for key in dict.fromkeys(row.key for row in rows):
                with suppress(NotFound):
                    files[place_of(key)] = self._file(key)
            self._content.write_record(files)
            with self._database.work() as work:
                work.execute(delete(OutboxRow).where(OutboxRow.number.in_([row.number for row in rows])))
            return len(files)

    def waiting(self) -> int:
        """How much is not in the record yet."""
        with self._database.look() as look:
            return look.scalar(select(func.count()).select_from(OutboxRow)) or 0

    def _file(self, key: str) -> bytes:
        if key.startswith("t-"):
            return thread_file(self._reviews.get(key))
        if key.startswith("v-"):
            return verdict_file(self._approvals.get_verdict(key))
        return request_file(_made(self._approvals.get_request(key)))

    def restore(self) -> Restored:
        """Fills a database that has no threads, verdicts or requests from the record; whatever is not sound is refused."""
        with self._database.look() as look:
            counts = [
                look.scalar(select(func.count()).select_from(kind)) or 0
                for kind in (ThreadRow, VerdictRow, RequestRow)
            ]
        files = self._content.record()
        if any(counts) or not files:
            return Restored(0, 0, 0, ())
        refused: list[str] = []
        threads = self._sound(files, "threads", read_thread, refused)
        verdicts = self._sound(files, "verdicts", read_verdict, refused)
        requests = self._sound(files, "requests", read_request, refused)
        refused += [
            f"{path}: this is no file of the record." for path in files if path.partition("/")[0] not in KINDS
        ]
        whole = [one for one in threads if self._quoted(one, refused)]
        known = [one for one in verdicts if self._known(one, refused)]
        with self._database.work() as work:
            for thread in whole:
                work.add(thread_row(thread))
            work.flush()
            for thread in whole:
                for one in thread.remarks:
                    work.add(RemarkRow(thread=thread.key, person=one.person, text=one.text, at=one.at))
                    work.flush()
            work.add_all(
                VerdictRow(**{name: getattr(one, name) for name in Verdict.__slots__}) for one in known
            )
            for request in requests:
                _add_request(work.add, work.flush, request)
        return Restored(len(whole), len(known), len(requests), tuple(refused))

    def _sound(
        self, files: Mapping[str, bytes], folder: str, read: Callable[[str, bytes], _One], refused: list[str]
    ) -> list[_One]:
        found: list[_One] = []
        for path, content in sorted(files.items()):
            if path.startswith(f"{folder}/"):
                try:
                    found.append(read(path, content))
                except FormatError as error:
                    refused.append(str(error))
        return found

    def _quoted(self, thread: Thread, refused: list[str]) -> bool:
        """Whether the words of a thread stand where it says, in the text that it says: forged ones do not."""
        anchor, path = thread.anchor, place_of(thread.key)
        try:
            text = self._content.read_blob(anchor.blob).decode("utf-8", "replace")
        except NotFound:
            refused.append(f"{path}: the text that it was made on is not in the store.")
            return False
        around = (
            text[max(anchor.start - len(anchor.prefix), 0) : anchor.start],
            text[anchor.end : anchor.end + len(anchor.suffix)],
        )
        if anchor.quote and (
            text[anchor.start : anchor.end] != anchor.quote or around != (anchor.prefix, anchor.suffix)
        ):
            refused.append(f"{path}: the words do not stand there in the text that it names.")
            return False
        return True

    def _known(self, verdict: Verdict, refused: list[str]) -> bool:
        try:
            self._content.read_blob(verdict.blob)
        except NotFound:
            refused.append(f"{place_of(verdict.key)}: the text that it judges is not in the store.")
            return False
        return True


def _made(one: Request) -> RequestFile:
    return RequestFile(
        id=one.key, source=f"text:{one.text}", path=one.path, creator=one.person, created=iso(one.at), question=one.question,
        rubric=one.rubric, due=one.due, closed=iso(one.closed),
        asked=tuple(Asked(person=person, answered=iso(at)) for person, at in one.asked),
    )  # fmt: skip


def _add_request(add: Callable[[object], None], flush: Callable[[], None], one: RequestFile) -> None:
    path = place_of(one.id)
    add(
        RequestRow(
            key=one.id, text=one.source[5:], path=one.path, person=one.creator, at=seconds(path, one.created),
            question=one.question, rubric=one.rubric, due=one.due, closed=seconds(path, one.closed),
        )
    )  # fmt: skip
    flush()
    for asked in one.asked:
        add(AskedRow(request=one.id, person=asked.person, answered=seconds(path, asked.answered), reminded=0))
