"""Lists of threads: over all texts for the inbox, of one standard, how many are open, and all of them brought up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping

from curriculum_studio.access import Access
from curriculum_studio.actions.lessons import read_lesson
from curriculum_studio.actions.reviews import Placed, follow_threads, threads_on
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.reviews import Thread, Wanted
from curriculum_studio.formats.choosing import standards_at
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.studio import Studio


def all_threads(
    studio: Studio, person: Person, wanted: Wanted, unit: str = "", standard: str = ""
) -> list[tuple[Thread, str]]:
    """The threads that somebody may see, with where their texts lie; narrowed down, also to a unit (its folder), and to
    those that are about a standard."""
    curriculum = studio.curriculum()[1]
    access, paths = Access(studio, person), curriculum.by_key
    found = [
        (thread, path)
        for thread in studio.reviews.everywhere(only_open=wanted.state == "open")
        if (path := paths.get(thread.text)) is not None
        and access.may("read", path)
        and wanted.takes(thread)
        and (not unit or path.startswith(f"{unit}/"))
    ]
    if not standard:
        return found
    by_path: dict[str, list[Thread]] = {}
    for thread, path in found:
        by_path.setdefault(path, []).append(thread)
    about = {
        one.key
        for path, threads in by_path.items()
        for one in about_standard(studio, path, threads, standard)
    }
    return [(thread, path) for thread, path in found if thread.key in about]


def threads_about(studio: Studio, path: str, wanted: Wanted, standard: str) -> list[Placed]:
    """The threads on one text in the order of its words, narrowed down, also to those about a standard ("" for all)."""
    placed = threads_on(studio, path, wanted)
    if not standard:
        return placed
    about = {one.key for one in about_standard(studio, path, [one.thread for one in placed], standard)}
    return [one for one in placed if one.thread.key in about]


def about_standard(studio: Studio, path: str, threads: Iterable[Thread], standard: str) -> list[Thread]:
    """Of the threads on a text those that are about a standard.

    What lies in a part that names standards of its own (a problem, a cool-down) is about these; what lies elsewhere is
    about those of the text's header; and what is said of the whole text is about all that it names.
    """
    claims = studio.curriculum()[1].facts[path].claims
    if all(one.code != standard for one in claims):
        return []
    header = frozenset(one.code for one in claims if not one.in_part)
    lesson = read_lesson(studio, path)
    document = read_document(path, lesson.text.encode())
    found = []
    for one in follow_threads(studio, lesson, threads):
        own = standards_at(document, _place_in(document, one, lesson.blob))
        if (one.anchor.whole and not one.anchor.part) or standard in (own or header):
            found.append(one)
    return found


def _place_in(document: Document, thread: Thread, blob: str) -> int:
    """Where a thread stands in a text: of lost words the part in which they were chosen; -1 where that is gone too."""
    if not (thread.anchor.whole or thread.lost) and thread.place.blob == blob:
        return thread.place.start
    part = document.part(thread.anchor.part) if thread.anchor.part else None
    return part.start if part is not None else -1


def standards_named(curriculum: Curriculum, access: Access) -> list[str]:
    """The codes of all standards that texts name which somebody may read, in order."""
    return sorted({one.code for path, facts in curriculum.facts.items() if access.reads(path) for one in facts.claims})  # fmt: skip


def open_counts(studio: Studio, curriculum: Curriculum) -> Mapping[str, int]:
    """How many open threads each text (by path) has."""
    paths = curriculum.by_key
    return {paths[key]: count for key, count in studio.reviews.counts().items() if key in paths}


def follow_everywhere(studio: Studio, tried: MutableMapping[str, str]) -> None:
    """Looks for the words of all open threads in the texts as they stand, so that whoever loses their words hears of it
    though nobody looks. `tried` remembers by path which text was looked at, and by "" which version of all: each is looked at once."""
    snapshot, curriculum = studio.curriculum()
    if tried.get("") == snapshot.version:
        return
    paths = curriculum.by_key
    by_path: dict[str, list[Thread]] = {}
    for one in studio.reviews.everywhere():
        if (path := paths.get(one.text)) is not None and tried.get(path) != snapshot.blob(path):
            by_path.setdefault(path, []).append(one)
    for path, threads in by_path.items():
        lesson = read_lesson(studio, path)
        follow_threads(studio, lesson, threads)
        tried[path] = lesson.blob
    tried[""] = snapshot.version
