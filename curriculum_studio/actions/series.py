"""What people do with series: set one up, set its meetings, ask for a topic, take one up with a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from curriculum_studio.actions.learning import find_session, sessions_by_id
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.learning import Session
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.series import Meeting, Series, Topic, met, titled
from curriculum_studio.studio import Studio

_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting with its session, who took part by their own word, and how many of them have written what they used."""

    meeting: Meeting
    session: Session
    people: tuple[str, ...]
    used: int


def series_of(studio: Studio, person: Person) -> list[tuple[Series, list[Planned]]]:
    """Every series with the meetings whose session somebody may read, the newest first."""
    found = studio.series.all()
    wanted = {meeting.session for one in found for meeting in one.meetings}
    sessions = {one.id: one for one in sessions_by_id(studio, person, wanted)}
    there, used = studio.learning.took_part(), studio.learning.used()
    return [
        (
            one,
            [
                Planned(
                    row, sessions[row.session], tuple(there.get(row.session, ())), used.get(row.session, 0)
                )
                for row in one.meetings
                if row.session in sessions
            ],
        )
        for one in found
    ]


def find_series(studio: Studio, person: Person, key: str) -> tuple[Series, list[Planned]]:
    """A series by its key. Raises `NotFound`."""
    found = next((row for row in series_of(studio, person) if row[0].key == key), None)
    if found is None:
        raise NotFound("There is no such series.")
    return found


def meetings_ahead(studio: Studio, person: Person, within: timedelta = _SOON) -> list[Planned]:
    """The meetings of the next days, of all series, by day."""
    now = datetime.now(UTC).date()
    first, last = now.isoformat(), (now + within).isoformat()
    if not any(first <= row.day <= last for one in studio.series.all() for row in one.meetings):
        return []
    rows = [row for _, planned in series_of(studio, person) for row in planned]
    return sorted((row for row in rows if first <= row.meeting.day <= last), key=lambda row: row.meeting.day)


def begin_series(studio: Studio, person: Person, title: str) -> str:
    """Sets a series up; gives its key."""
    _may(person)
    return studio.series.begin(titled(title), person.key)


def set_meeting(
    studio: Studio, person: Person, series: str, session: str, day: str, leads: str, place: str
) -> None:
    """Adds a meeting to a series. Raises `Refused`, `NotFound`."""
    _may(person)
    find_series(studio, person, series)
    try:
        find_session(studio, person, session)
    except NotFound as error:
        raise Refused("Choose the session. Nothing was changed.") from error
    if all(one.person.key != leads or one.left for one in studio.people.all()):
        raise Refused("Say who leads it. Nothing was changed.")
    today = datetime.now(UTC).date().isoformat()
    studio.series.add(series, met(session, day, leads, place, today), person.key)


def drop_meeting(studio: Studio, person: Person, series: str, key: str, *, back: bool = False) -> None:
    """Takes a meeting out of its series, or brings it back."""
    _may(person)
    find_series(studio, person, series)
    studio.series.drop(series, key, person.key, back=back)


def topics_of(studio: Studio, person: Person) -> list[tuple[Topic, Session | None]]:
    """What people ask for, with the session that takes it up, if somebody may read that."""
    topics = studio.series.topics()
    sessions = {
        one.id: one for one in sessions_by_id(studio, person, {row.session for row in topics if row.session})
    }
    return [(row, sessions.get(row.session)) for row in topics]


def ask_for_topic(studio: Studio, person: Person, words: str) -> None:
    """Asks for a session about something."""
    _may(person)
    said = titled(words)
    if any(one.words.casefold() == said.casefold() for one in studio.series.topics()):
        raise Refused("This is asked for already: say there that you want it too. Nothing was changed.")
    studio.series.ask(said, person.key)


def join_topic(studio: Studio, person: Person, key: str, *, leave: bool = False) -> None:
    """Asks for it too, or no longer does."""
    _may(person)
    studio.series.join(key, person.key, leave=leave)


def take_topic_up(studio: Studio, person: Person, key: str, session: str) -> None:
    """Says which session takes a topic up; that session names it among its causes."""
    _may(person)
    if session:
        find_session(studio, person, session)
    studio.series.take_up(key, session, person.key)


def _may(person: Person) -> None:
    if not person.may("share"):
        raise Refused("Teachers, researchers, coaches and leads do this. Nothing was changed.")
