"""Professional learning that goes on: sessions, who took part by their own word, and which session the evidence points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from curriculum_studio.domain.flags import Flag
from curriculum_studio.domain.series import Topic

MOST_WORDS = 2000
LATER = 21 * 86_400
"""Seconds after a session from when on it is asked what was used."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its text says it: the ids of the lessons that it is for, the misconceptions that it takes up as (id of the
    lesson, id of the misconception), the goals that it serves."""

    id: str
    path: str
    title: str
    minutes: str
    audience: str
    lessons: tuple[str, ...]
    addresses: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attendance:
    """That somebody took part, by their own word; what they took with them, and later what they used and what it did. The
    words are for themselves alone, unless they choose to share them."""

    session: str
    person: str
    took: str
    at: int
    used: str = ""
    used_at: int = 0
    shared: bool = False

    def asks(self, now: int) -> bool:
        """Whether it is time to ask what was used."""
        return not self.used_at and now - self.at >= LATER


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a session is recommended: what shows or what is asked for, in words, and where it stands ("" for nowhere)."""

    title: str
    words: str
    address: str = ""


def reasons(
    session: Session, flags: Sequence[Flag], topics: Iterable[Topic], titles: Mapping[str, str]
) -> tuple[Cause, ...]:
    """Everything that recommends a session, the strongest first: flags on misconceptions that it takes up, topics that people
    ask for, flags on other parts of the lessons that it is for. `titles` names texts by their ids."""
    direct = causes(session, flags)
    beside = [one for one in flags if one.live and one not in direct and one.document in session.lessons]
    asked = [
        Cause(
            "asked for" if len(one.voices) == 1 else f"asked for by {len(one.voices)} people",
            f"“{one.words}”",
        )
        for one in topics
        if one.session == session.id and one.voices
    ]
    return (
        *(_of(one, "") for one in direct),
        *asked,
        *(_of(one, titles.get(one.document, "")) for one in beside),
    )


def _of(flag: Flag, title: str) -> Cause:
    words = flag.steps[0].words.split("\n")[0] if flag.steps else ""
    return Cause(flag.title.lower() + (f" in “{title}”" if title else ""), words, f"/loops/{flag.key}")


def causes(session: Session, flags: Iterable[Flag]) -> tuple[Flag, ...]:
    """The open flags that a session answers: those on a misconception that it takes up."""
    return tuple(one for one in flags if one.live and (one.document, one.part) in session.addresses)


def addresses_of(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Addresses as a header writes them (`k7f3q9m2#m-additive`), as pairs; what has another form is left out."""
    pairs = (text.partition("#") for text in texts)
    return tuple((lesson, part) for lesson, mark, part in pairs if mark and lesson and part)
