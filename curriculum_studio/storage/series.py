"""Series of sessions with their meetings, and topics that people ask for."""

from __future__ import annotations

import time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.series import Meeting, Series, Topic
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_evidence import MeetingRow, SeriesRow, TopicRow, TopicVoiceRow


class SeriesShelf:
    """The series and topics of one workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, title: str, person: str) -> str:
        """Sets a series up; gives its key."""
        key = new_key("s")
        with self._database.work() as work:
            work.add(SeriesRow(key=key, title=title, person=person, at=int(time.time())))
            record(work, person, "set up a series of sessions", key)
        return key

    def all(self) -> list[Series]:
        """Every series, the newest first."""
        with self._database.look() as look:
            by_series: dict[str, list[Meeting]] = {}
            for row in look.scalars(
                select(MeetingRow).where(MeetingRow.away.is_(False)).order_by(MeetingRow.day, MeetingRow.key)
            ):
                one = Meeting(row.key, row.series, row.session, row.day, row.leads, row.place)
                by_series.setdefault(row.series, []).append(one)
            rows = look.scalars(select(SeriesRow).order_by(SeriesRow.at.desc(), SeriesRow.key.desc()))
            return [
                Series(row.key, row.title, row.person, row.at, tuple(by_series.get(row.key, ())))
                for row in rows
            ]

    def add(self, series: str, meeting: tuple[str, str, str, str], person: str) -> None:
        """Adds a meeting (session, day, who leads, where). Raises `NotFound`."""
        session, day, leads, place = meeting
        key = new_key("m")
        with self._database.work() as work:
            if work.get(SeriesRow, series) is None:
                raise NotFound("There is no such series.")
            work.add(MeetingRow(key=key, series=series, session=session, day=day, leads=leads, place=place))
            record(work, person, "set a meeting", series, session=session, day=day)

    def drop(self, series: str, key: str, person: str, *, back: bool = False) -> None:
        """Takes a meeting out of its series, or brings it back. Raises `NotFound`."""
        with self._database.work() as work:
            row = work.get(MeetingRow, key)
            if row is None or row.series != series or row.away != back:
                raise NotFound("There is no such meeting.")
            row.away = not back
            act = "brought a meeting back" if back else "took a meeting back"
            record(work, person, act, series, session=row.session, day=row.day)

    def topics(self) -> list[Topic]:
        """Every topic: what most ask for first, the newest first among equals."""
        with self._database.look() as look:
            voices: dict[str, list[str]] = {}
            for row in look.scalars(select(TopicVoiceRow).order_by(TopicVoiceRow.person)):
                voices.setdefault(row.topic, []).append(row.person)
            found = [
                Topic(row.key, row.words, row.session, row.at, tuple(voices.get(row.key, ())))
                for row in look.scalars(select(TopicRow).order_by(TopicRow.at.desc(), TopicRow.key.desc()))
            ]
        return sorted(found, key=lambda one: -len(one.voices))

    def ask(self, words: str, person: str) -> None:
        """Somebody asks for a session about something."""
        key = new_key("o")
        with self._database.work() as work:
            work.add(TopicRow(key=key, words=words, session="", at=int(time.time())))
            work.flush()
            work.add(TopicVoiceRow(topic=key, person=person))

    def join(self, key: str, person: str, *, leave: bool = False) -> None:
        """Somebody asks for it too, or no longer does; a topic for which nobody asks is gone. Raises `NotFound`."""
        with self._database.work() as work:
            _topic(work, key)
            work.execute(
                delete(TopicVoiceRow).where(TopicVoiceRow.topic == key, TopicVoiceRow.person == person)
            )
            if not leave:
                work.add(TopicVoiceRow(topic=key, person=person))
            elif work.scalar(select(TopicVoiceRow.person).where(TopicVoiceRow.topic == key).limit(1)) is None:
                work.delete(_topic(work, key))

    def take_up(self, key: str, session: str, person: str) -> None:
        """Says which session takes a topic up ("" for none any more). Raises `NotFound`."""
        with self._database.work() as work:
            _topic(work, key).session = session
            record(work, person, "took up a topic for a session", key, session=session)


def _topic(work: Session, key: str) -> TopicRow:
    row = work.get(TopicRow, key)
    if row is None:
        raise NotFound("Nobody asks for that any more.")
    return row
