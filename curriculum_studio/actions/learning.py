"""What people do with sessions: see which the evidence points to, say that they took part, write later what they used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from curriculum_studio.access import Access
from curriculum_studio.actions.flags import open_flags
from curriculum_studio.actions.lessons import show_parts
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.flags import Flag
from curriculum_studio.domain.learning import (
    MOST_WORDS,
    Attendance,
    Cause,
    Session,
    addresses_of,
    causes,
    reasons,
)
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.pictures import PictureError, clean_picture
from curriculum_studio.publishing.session_packs import PackLesson, SessionPack, session_pack
from curriculum_studio.publishing.site import PagePart
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Offered:
    """A session with its unit, the lessons that it is for, what recommends it, who took part, and what the one who looks wrote
    about it."""

    session: Session
    unit: UnitOutline
    lessons: tuple[Facts, ...]
    because: tuple[Cause, ...]
    people: tuple[str, ...]
    own: Attendance | None


def _sessions_in(snapshot: Snapshot, unit: UnitOutline, access: Access) -> Iterator[Session]:
    """The sessions of a unit that somebody may read, as their texts say them."""
    for path in unit.sessions:
        if access.reads(path):
            header = read_document(path, snapshot[path]).header
            yield Session(
                header.text("id"), path, header.text("title"), header.text("minutes"), header.text("audience"),
                header.texts("for"), addresses_of(header.texts("addresses")), header.texts("goals"),
            )  # fmt: skip


def sessions_about(studio: Studio, person: Person, flags: Sequence[Flag]) -> list[tuple[Session, Flag]]:
    """For sessions that take up a misconception that one of these flags is on: the session and that flag.

    Only the units of the flagged texts are looked at, so that it costs what is flagged and not what there is.
    """
    access, (snapshot, curriculum) = Access(studio, person), studio.curriculum()
    paths = [path for flag in flags for path in curriculum.by_id.get(flag.document, ())]
    units = [one for one in curriculum.units if any(path.startswith(f"{one.folder}/") for path in paths)]
    found = []
    for unit in units:
        for session in _sessions_in(snapshot, unit, access):
            because = causes(session, flags)
            if because:
                found.append((session, because[0]))
    return found


def sessions_by_id(studio: Studio, person: Person, keys: Iterable[str]) -> list[Session]:
    """Sessions that somebody may read, by their ids; what is not there any more is left out."""
    access, (snapshot, curriculum) = Access(studio, person), studio.curriculum()
    paths = {path for key in keys for path in curriculum.by_id.get(key, ())}
    units = [one for one in curriculum.units if not paths.isdisjoint(one.sessions)]
    return [one for unit in units for one in _sessions_in(snapshot, unit, access) if one.path in paths]


def sessions_of(studio: Studio, person: Person) -> list[Offered]:
    """The sessions of all units that somebody may read: those that the evidence points to first."""
    access, (snapshot, curriculum) = Access(studio, person), studio.curriculum()
    flags, there, own = (
        open_flags(studio, person),
        studio.learning.took_part(),
        studio.learning.own(person.key),
    )
    topics = studio.series.topics()
    titles = {key: curriculum.facts[paths[0]].title for key, paths in curriculum.by_id.items() if paths}
    found = []
    for unit in curriculum.units:
        for session in _sessions_in(snapshot, unit, access):
            lessons = [
                curriculum.facts[p] for one in session.lessons for p in curriculum.by_id.get(one, ())[:1]
            ]
            found.append(
                Offered(
                    session, unit, tuple(lessons), reasons(session, flags, topics, titles), tuple(there.get(session.id, ())), own.get(session.id)
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: -len(one.because))


def find_session(studio: Studio, person: Person, key: str) -> Offered:
    """A session by its id. Raises `NotFound`."""
    found = next((one for one in sessions_of(studio, person) if one.session.id == key and key), None)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def attend_session(studio: Studio, person: Person, key: str, took: str, *, shared: bool = False) -> None:
    """Says that one took part, and what one takes along; words may stay empty. `shared`: others may read one's words."""
    find_session(studio, person, key)
    studio.learning.attend(key, person.key, _words(took), shared=shared)


def follow_session_up(studio: Studio, person: Person, key: str, used: str, *, shared: bool = False) -> None:
    """Writes what one used since, and what it did. `shared`: others may read one's words."""
    find_session(studio, person, key)
    words = _words(used)
    if not words:
        raise Refused("Write a few words first. Nothing was changed.")
    studio.learning.follow_up(key, person.key, words, shared=shared)


def leave_session(studio: Studio, person: Person, key: str) -> None:
    """Takes it back that one took part, words and all."""
    find_session(studio, person, key)
    studio.learning.leave(key, person.key)


def _words(text: str) -> str:
    if len(text) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")
    return text.strip()


def pack_of(studio: Studio, person: Person, key: str) -> bytes:
    """The pack for whoever leads a session, as a zip: guide, slides, lessons for paper, handouts; of the working text, and only
    of lessons that somebody may read. Raises `NotFound`."""
    one = find_session(studio, person, key)
    access, snapshot = Access(studio, person), studio.snapshot()
    pictures: dict[str, bytes] = {}

    def picture(path: str) -> str:
        name = f"pictures/{path.replace('/', '-')}"
        with suppress(PictureError):
            pictures[name] = clean_picture(path, snapshot[path]).content
        return name

    def parts(path: str, edition: str) -> tuple[PagePart, ...]:
        return show_parts(studio, path, read_document(path, snapshot[path]).source, edition, picture)

    lessons = tuple(
        PackLesson(row.title, row.language, parts(row.path, "teacher"), parts(row.path, "student"))
        for row in one.lessons
        if access.reads(row.path)
    )
    session = one.session
    facts = tuple(
        words
        for words in (
            one.unit.facts.title,
            f"{session.minutes} min" if session.minutes else "",
            session.audience,
        )
        if words
    )
    language = read_document(session.path, snapshot[session.path]).header.text("language")
    shown = parts(session.path, "teacher")
    return session_pack(SessionPack(session.title, language, facts, shown, lessons, pictures))
