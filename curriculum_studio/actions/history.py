"""What people do with versions: look back, compare, name, see who wrote what, bring back a text, a part or a unit."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from textwrap import shorten

from curriculum_studio.access import check_right
from curriculum_studio.actions.goals import goals_of_charter
from curriculum_studio.actions.lessons import author_of, names_in_unit, read_lesson
from curriculum_studio.actions.rooms import let_rooms_follow
from curriculum_studio.actions.search import follow
from curriculum_studio.domain.blame import blame
from curriculum_studio.domain.differences import Piece, difference
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.lessons import all_parts
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.worded import worded
from curriculum_studio.storage.content_changes import Change, Saved, Version
from curriculum_studio.storage.content_ids import id_in
from curriculum_studio.storage.visits import VersionName
from curriculum_studio.studio import Studio

_SHORT = re.compile(r"[\w-]+(?:\.[\w-]+)*")
Reads = Callable[[str], bool]
"""Whether somebody may read the text at a path."""
_NO_WRITING = "You may read here, and not write. Nothing was saved."
BLAMED = 200
"""Versions that are read to say who wrote a sentence; what is older is told as of the oldest of them."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the present text, and the version that first wrote it in these words."""

    text: str
    version: Version


def read_history(studio: Studio, path: str, after: str | None = None, person: str = "") -> list[Version]:
    """The versions of a text, newest first, through renames; with `person` (a key) those of one person."""
    lesson = read_lesson(studio, path)
    return studio.content.history(path, lesson_id=lesson.id or None, after=after, author=person)


def read_unit_history(
    studio: Studio, folder: str, after: str | None = None, person: str = ""
) -> list[Version]:
    """The versions of everything in a unit, newest first."""
    return studio.content.history(folder, after=after, author=person)


def text_at(studio: Studio, path: str, version: str) -> str:
    """A text as it was in a version, wherever it lay then. Raises `NotFound`."""
    lesson = read_lesson(studio, path)
    return studio.content.read_at(path, version, lesson.id).decode("utf-8", "replace")


def compare_texts(studio: Studio, reads: Reads, path: str, old: str, new: str) -> list[Piece]:
    """What changed between two wordings of a text, every word of them; paragraphs that moved are told as moved."""
    names = short_names(studio, reads, path, old, new)
    return difference(worded(path, old, names), worded(path, new, names), moves=True)


def short_names(studio: Studio, reads: Reads, path: str, *texts: str) -> dict[str, str]:
    """What the short names mean that wordings of a text use: goals, lessons that somebody `reads`, misconceptions of its unit."""
    found = {key: goal.text for key, goal in goals_of_charter(studio).items()}
    said = frozenset(word for text in texts for word in _SHORT.findall(text))
    folder = path.rpartition("/")[0]
    for name, one in studio.curriculum()[1].facts.items():
        # A district has ten thousand texts: whether one may be read is asked only of those that are meant.
        above, _, file = name.rpartition("/")
        stem = file.removesuffix(".md") if above == folder else ""
        meant = [key for key in (one.id, stem) if key in said]
        if meant and one.title and one.kind != "translation" and reads(name):
            found |= dict.fromkeys(meant, one.title)
    return found | names_in_unit(studio, path)


def names_of(studio: Studio, path: str) -> dict[str, VersionName]:
    """The names that people gave to versions of a text."""
    return studio.names.of(read_lesson(studio, path).id or path)


def name_version(studio: Studio, person: Person, path: str, version: str, name: str) -> None:
    """Names a version of a text ("First pilot"); an empty name takes the name away."""
    check_right(studio, person, "write", path, _NO_WRITING)
    studio.content.version(version)
    key = read_lesson(studio, path).id or path
    studio.names.give(version, key, name, person.key, int(time.time()))


def restore_version(studio: Studio, person: Person, path: str, version: str, part: str = "") -> Saved:
    """Writes an older text, or one part of it (its id), as a new version. To undo it, restore the version before."""
    check_right(studio, person, "write", path, _NO_WRITING)
    lesson = read_lesson(studio, path)
    old = text_at(studio, path, version)
    then = studio.content.version(version)
    # Its own note says which it was: a time of day would be another one for each reader.
    said = f" “{shorten(then.note.splitlines()[0], 70, placeholder=' …')}”" if then.note.strip() else ""
    day = then.at.strftime("%-d %B %Y")
    note = f"Brought back the version{said} of {day}"
    if part:
        old, title = _with_part(path, lesson.text, old, part)
        note = f"Brought back “{title}” from the version{said} of {day}"
    change = Change(path, old.encode(), lesson.blob)
    saved = studio.content.save([change], author_of(person), note, datetime.now(UTC))
    follow(studio, [path])
    let_rooms_follow(studio, [path])
    return saved


def _with_part(path: str, now: str, then: str, part: str) -> tuple[str, str]:
    """The present text with one part as it was; where the part is gone, it comes back before the part it stood before."""
    document, older = read_document(path, now.encode()), read_document(path, then.encode())
    was = next((one for one in all_parts(older.parts) if one.id == part), None)
    if was is None:
        raise NotFound("That version has no such part.")
    words = older.source[was.start : was.end]
    source = document.source
    here = next((one for one in all_parts(document.parts) if one.id == part), None)
    if here is not None:
        return source[: here.start] + words + source[here.end :], was.heading
    later = [one.id for one in all_parts(older.parts) if one.start >= was.end and one.id]
    at = next((one.start for one in all_parts(document.parts) if one.id in later), len(source))
    before = source[:at] if source[:at].endswith("\n\n") else source[:at].rstrip("\n") + "\n\n"
    return before + words.rstrip("\n") + "\n\n" * (at < len(source)) + source[at:], was.heading


def parts_at(path: str, text: str) -> list[tuple[str, str]]:
    """The parts of a text that have an id of their own: id and heading."""
    return [(one.id, one.heading) for one in all_parts(read_document(path, text.encode()).parts) if one.id]


def restore_unit(studio: Studio, person: Person, folder: str, version: str) -> Saved | None:
    """Brings a whole unit back to how it stood in a version, as one new version; None where nothing differs.

    Texts that were written since stay, as drafts: bringing back takes nothing away.
    """
    check_right(studio, person, "write", f"{folder}/unit.md", _NO_WRITING)
    snapshot, then = studio.snapshot(), studio.snapshot(version)
    paths = [path for path in then if path.startswith(f"{folder}/")]
    there = f"{folder}/unit.md"
    if there not in paths or id_in(then[there]) not in ("", studio.curriculum()[1].facts[there].id):
        raise NotFound("The unit did not stand here then.")
    changes = [
        Change(path, then[path], snapshot.blob(path) if path in snapshot else None)
        for path in paths
        if path not in snapshot or snapshot.blob(path) != then.blob(path)
    ]
    if not changes:
        return None
    day = studio.content.version(version).at.strftime("%-d %B %Y, %H:%M")
    note = f"Brought the unit back to {day}"
    saved = studio.content.save(changes, author_of(person), note, datetime.now(UTC))
    follow(studio, [change.path for change in changes])
    let_rooms_follow(studio, [change.path for change in changes])
    return saved


def version_on(studio: Studio, day: date) -> Version:
    """The last version of a day (UTC), or of the days before it. Raises `NotFound` where nothing was written yet."""
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    found = studio.content.before(end)
    if found is None:
        raise NotFound("Nothing had been written by then.")
    return found


def who_wrote(studio: Studio, path: str) -> list[Sentence]:
    """The present text in sentences, each with the version that first wrote it in these words."""
    lesson = read_lesson(studio, path)
    versions: Sequence[Version] = studio.content.history(path, lesson_id=lesson.id or None, limit=BLAMED)
    by_id = {version.id: version for version in versions}
    texts: list[tuple[str, str]] = []
    for version in reversed(versions):
        try:
            texts.append((version.id, text_at(studio, path, version.id)))
        except NotFound:
            continue
    return [Sentence(text, by_id[key]) for text, key in blame(texts)]
