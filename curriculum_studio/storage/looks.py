"""The version of each text that each person last looked at: what "since you last looked" compares with.

A look is noted when a page is opened, so that thousands of readers would each make the disk write. Looks are gathered and
written together, a moment later; who is killed in between only sees a little more marked as new.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from curriculum_studio.domain.errors import StoreError
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.review_tables import LookRow

_PAUSE, _AGAIN = 1800, 300
_MOST_WAITING = 10_000


class _Look(NamedTuple):
    """The blob that was seen last, that of the visit before ("" for none), and when."""

    blob: str
    before: str
    at: int


class Looks:
    """Who last saw which version of which text. Safe for threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock, self._writing = Lock(), Lock()
        self._waiting: dict[tuple[str, str], _Look] = {}

    def look(self, person: str, text: str, blob: str) -> str:
        """Notes that somebody looks at a text as it stands; gives the blob of their visit before this one, "" at their first.

        Looks within half an hour are one visit, so that leafing to and fro does not lose what was compared with.
        """
        now = int(time.time())
        known = self._known(person, text)
        if known is not None and known.blob == blob and now - known.at < _AGAIN:
            return known.before
        before = known.before if known is not None else ""
        if known is not None and now - known.at > _PAUSE:
            before = known.blob
        elif known is not None and not before:
            # The first visit goes on while others write: what was there when it began is what they know.
            before = known.blob if known.blob != blob else ""
        with self._lock:
            self._waiting[person, text] = _Look(blob, before, now)
            crowded = len(self._waiting) > _MOST_WAITING
        if crowded:
            self.write()
        return before

    def write(self) -> None:
        """Writes down what was gathered. Raises `StoreError`; it is then still waiting."""
        # One at a time: whoever gathered first would write over what was seen later.
        with self._writing:
            with self._lock:
                rows = dict(self._waiting)
            if not rows:
                return
            try:
                with self._database.work() as work:
                    for (person, text), one in rows.items():
                        work.merge(LookRow(person=person, text=text, **one._asdict()))
            except IntegrityError as error:
                raise StoreError("Another process wrote the same look down at the same moment.") from error
            with self._lock:
                for key, one in rows.items():
                    # Whoever looked again meanwhile waits for the next time.
                    if self._waiting.get(key) is one:
                        del self._waiting[key]

    def _known(self, person: str, text: str) -> _Look | None:
        with self._lock:
            if (waiting := self._waiting.get((person, text))) is not None:
                return waiting
        found = select(LookRow.blob, LookRow.before, LookRow.at)
        with self._database.look() as session:
            row = session.execute(found.where(LookRow.person == person, LookRow.text == text)).first()
        return _Look(*row) if row is not None else None
