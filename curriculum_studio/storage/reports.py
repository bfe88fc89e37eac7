"""What readers of the published sites said: held for a person to read, forgotten after 30 days, and nothing about who said it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from curriculum_studio.domain.anchors import Anchor
from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.review_tables import ReportRow, chosen

DAYS = 30
_AN_HOUR, _MOST_AN_HOUR, _MOST = 3600, 60, 2000


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader said of some words of a text, as they were published."""

    key: str
    path: str
    anchor: Anchor
    words: str
    at: int


class Reports:
    """The readers' reports of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, path: str, anchor: Anchor, words: str) -> None:
        """Keeps a report. Raises `Refused` where too many come in."""
        now = int(time.time())
        with self._database.work() as work:
            work.execute(delete(ReportRow).where(ReportRow.at < now - DAYS * 86400))
            lately = select(func.count()).select_from(ReportRow).where(ReportRow.at > now - _AN_HOUR)
            whole = select(func.count()).select_from(ReportRow)
            if (work.scalar(lately) or 0) >= _MOST_AN_HOUR or (work.scalar(whole) or 0) >= _MOST:
                raise Refused("Many reports came in just now. Please try again in an hour.")
            work.add(ReportRow(key=new_key("r"), path=path, words=words, at=now, **chosen(anchor)))

    def all(self, *, dropped: bool = False) -> list[Report]:
        """Every report that is not too old, the newest first: those that stand, or those that somebody deleted."""
        since = int(time.time()) - DAYS * 86400
        wanted = select(ReportRow).where(ReportRow.at >= since, ReportRow.dropped == dropped)
        with self._database.look() as look:
            return [
                _made(row) for row in look.scalars(wanted.order_by(ReportRow.at.desc(), ReportRow.key.desc()))
            ]

    def drop(self, key: str, *, back: bool = False) -> None:
        """Deletes a report, or with `back` brings a deleted one back; its words wait until it is too old either way."""
        with self._database.work() as work:
            work.execute(update(ReportRow).where(ReportRow.key == key).values(dropped=not back))

    def forget(self, key: str) -> None:
        """Forgets a report whose words now stand elsewhere."""
        with self._database.work() as work:
            work.execute(delete(ReportRow).where(ReportRow.key == key))


def _made(row: ReportRow) -> Report:
    return Report(row.key, row.path, row.anchor, row.words, row.at)
