"""Series of sessions over a year, and what people would like a session about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from curriculum_studio.domain.errors import Refused

MOST_WORDS = 200
_BACK, _AHEAD = timedelta(days=366), timedelta(days=732)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting: which session (its id), on which day (ISO), who leads it (a person's key), where ("" for not said)."""

    key: str
    series: str
    session: str
    day: str
    leads: str
    place: str


@dataclass(frozen=True, slots=True)
class Series:
    """Sessions that belong together, with their meetings by day."""

    key: str
    title: str
    person: str
    at: int
    meetings: tuple[Meeting, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that people (`voices`, their keys) would like a session about; `session` takes it up ("" while none does)."""

    key: str
    words: str
    session: str
    at: int
    voices: tuple[str, ...]


def titled(words: str) -> str:
    """A title or a topic as it is kept. Raises `Refused`."""
    said = " ".join(words.split())
    if not said or len(said) > MOST_WORDS:
        raise Refused(f"Say it in at most {MOST_WORDS} characters. Nothing was changed.")
    return said


def met(session: str, day: str, leads: str, place: str, today: str) -> tuple[str, str, str, str]:
    """A meeting as it is kept. Raises `Refused`."""
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise Refused("Say on which day it is. Nothing was changed.") from error
    now = date.fromisoformat(today)
    if not now - _BACK <= found <= now + _AHEAD:
        raise Refused("Choose a day within the last year or the next two. Nothing was changed.")
    where = " ".join(place.split())
    if len(where) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")
    return session, found.isoformat(), leads, where
