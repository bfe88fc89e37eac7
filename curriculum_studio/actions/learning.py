"""What people do with sessions: see which the evidence points to, say that they took part, write later what they used."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum_studio.access import Access
from curriculum_studio.actions.flags import open_flags
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.flags import Flag
from curriculum_studio.domain.learning import MOST_WORDS, Attendance, Session, addresses_of, causes
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Offered:
    """A session with its unit, the lessons that it is for, the flags that recommend it, who took part, and what the one who
    looks wrote about it."""

    session: Session
    unit: UnitOutline
    lessons: tuple[Facts, ...]
    because: tuple[Flag, ...]
    people: tuple[str, ...]
    own: Attendance | None


def sessions_of(studio: Studio, person: Person) -> list[Offered]:
    """The sessions of all units that somebody may read: those that the evidence points to first."""
    access, (snapshot, curriculum) = Access(studio, person), studio.curriculum()
    flags, there, own = (
        open_flags(studio, person),
        studio.learning.took_part(),
        studio.learning.own(person.key),
    )
    found = []
    for unit in curriculum.units:
        for path in unit.sessions:
            if not access.reads(path):
                continue
            header = read_document(path, snapshot[path]).header
            session = Session(
                header.text("id"), path, header.text("title"), header.text("minutes"), header.text("audience"),
                header.texts("for"), addresses_of(header.texts("addresses")), header.texts("goals"),
            )  # fmt: skip
            lessons = [
                curriculum.facts[p] for one in session.lessons for p in curriculum.by_id.get(one, ())[:1]
            ]
            found.append(
                Offered(
                    session, unit, tuple(lessons), causes(session, flags), tuple(there.get(session.id, ())), own.get(session.id)
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: -len(one.because))


def find_session(studio: Studio, person: Person, key: str) -> Offered:
    """A session by its id. Raises `NotFound`."""
    found = next((one for one in sessions_of(studio, person) if one.session.id == key and key), None)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def attend_session(studio: Studio, person: Person, key: str, took: str) -> None:
    """Says that one took part, and what one takes along; words may stay empty."""
    find_session(studio, person, key)
    studio.learning.attend(key, person.key, _words(took))


def follow_session_up(studio: Studio, person: Person, key: str, used: str) -> None:
    """Writes what one used since, and what it did."""
    find_session(studio, person, key)
    words = _words(used)
    if not words:
        raise Refused("Write a few words first. Nothing was changed.")
    studio.learning.follow_up(key, person.key, words)


def leave_session(studio: Studio, person: Person, key: str) -> None:
    """Takes it back that one took part, words and all."""
    find_session(studio, person, key)
    studio.learning.leave(key, person.key)


def _words(text: str) -> str:
    if len(text) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")
    return text.strip()
