"""The version of each text that each person last looked at: what "since you last looked" compares with."""

from __future__ import annotations

import time

from curriculum_studio.storage.database import Database
from curriculum_studio.storage.review_tables import LookRow

_PAUSE, _AGAIN = 1800, 300


class Looks:
    """Who last saw which version of which text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def look(self, person: str, text: str, blob: str) -> str:
        """Notes that somebody looks at a text as it stands; gives the blob of their visit before this one, "" at their first.

        Looks within half an hour are one visit, so that leafing to and fro does not lose what was compared with.
        """
        now = int(time.time())
        with self._database.look() as session:
            row = session.get(LookRow, (person, text))
            known = (row.blob, row.before, row.at) if row else None
        if known and known[0] == blob and now - known[2] < _AGAIN:
            return known[1]
        with self._database.work() as work:
            row = work.get(LookRow, (person, text))
            if row is None:
                work.add(LookRow(person=person, text=text, blob=blob, before="", at=now))
                return ""
            if now - row.at > _PAUSE:
                row.before = row.blob
            elif not row.before:
                # The first visit goes on while others write: what was there when it began is what they know.
                row.before = row.blob if row.blob != blob else ""
            row.blob, row.at = blob, now
            return row.before

    def last(self, person: str, text: str) -> tuple[str, str]:
        """The blob that somebody saw last, and that of the visit before; "" for none."""
        with self._database.look() as session:
            row = session.get(LookRow, (person, text))
            return (row.blob, row.before) if row else ("", "")
