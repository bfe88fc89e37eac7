"""What people do with lessons: read them in an edition, save a version, compare, restore."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.domain.differences import Piece, difference
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.findings import Finding
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import Curriculum, curriculum_of, is_text
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.html import Fill
from curriculum_studio.formats.lesson_markdown import MAX_FILE, Document, read_document
from curriculum_studio.formats.links import resolve
from curriculum_studio.formats.views import family_view, student_view, teacher_view
from curriculum_studio.publishing.parts import page_parts
from curriculum_studio.publishing.site import PagePart
from curriculum_studio.storage.content_changes import Author, Change, Saved, Version
from curriculum_studio.storage.search import SearchDocument
from curriculum_studio.studio import Studio

_VIEWS = {"student": student_view, "family": family_view, "teacher": teacher_view}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A file of the working text, as the studio shows it."""

    path: str
    title: str
    id: str
    kind: str
    text: str
    blob: str
    version: str


def author_of(person: Person) -> Author:
    """How a person stands in versions."""
    return Author(person.name, person.key)


def read_lesson(studio: Studio, path: str, version: str | None = None) -> Lesson:
    """A lesson, or any other text of the curriculum. Raises `NotFound`."""
    snapshot = studio.snapshot(version)
    if path not in snapshot or not is_text(path):
        raise NotFound("There is no such lesson.")
    document = read_document(path, snapshot[path])
    title = document.title or path.rpartition("/")[2]
    return Lesson(
        path, title, document.id, document.kind, document.source, snapshot.blob(path), snapshot.version
    )


def show_parts(
    studio: Studio, path: str, text: str, edition: str, picture: Callable[[str], str]
) -> tuple[PagePart, ...]:
    """The parts of a text as an edition shows them; `picture` gives the address of a picture's path."""
    view = _VIEWS[edition](read_document(path, text.encode()))
    if view is None:
        return ()
    snapshot, curriculum = studio.curriculum()

    def link(target: str) -> str | None:
        to = resolve(path, target)
        if to.kind == "web":
            return to.path
        there = curriculum.facts.get(to.path)
        if to.kind != "file" or there is None or (to.part and edition[0] not in there.parts.get(to.part, "")):
            return None
        if to.path == path:
            return f"#{to.part}"
        return f"/text/{to.path}#{to.part}" if to.part else f"/text/{to.path}"

    def image(target: str) -> tuple[str, int, int] | None:
        to = resolve(path, target)
        return (picture(to.path), 0, 0) if to.kind == "file" and to.path in snapshot else None

    return page_parts(view, Fill(link, image))


def find_findings(studio: Studio, path: str, text: str) -> list[Finding]:
    """The findings of a file as if it held `text`: the same that a release would meet."""
    snapshot, curriculum = studio.curriculum()
    facts = {**curriculum.facts, path: facts_of(read_document(path, text.encode()))}
    changed: Curriculum = curriculum_of(facts, {*snapshot, path})
    return sorted(check_file(path, changed, framework(snapshot, changed.framework), snapshot))


def save_version(studio: Studio, person: Person, path: str, text: str, base: str | None, note: str) -> Saved:
    """Saves a text as a new version; raises `EditConflict` where somebody changed the same words."""
    if not person.may("write"):
        raise Refused("You may read here, and not write.")
    content = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    if len(content) > MAX_FILE:
        raise Refused(
            f"The text is larger than {MAX_FILE // 1024} KB. Nothing was saved; your text is still here."
        )
    saved = studio.content.save([Change(path, content, base)], author_of(person), note, datetime.now(UTC))
    index_lesson(studio, path)
    return saved


def restore_version(studio: Studio, person: Person, path: str, version: str) -> Saved:
    """Writes an older text as a new version."""
    if not person.may("write"):
        raise Refused("You may read here, and not write.")
    lesson = read_lesson(studio, path)
    then = studio.content.path_at(path, version, lesson.id) if lesson.id else path
    old = studio.content.read(then or path, version)
    day = studio.content.version(version).at.strftime("%-d %B %Y, %H:%M")
    change = Change(path, old, lesson.blob)
    saved = studio.content.save(
        [change], author_of(person), f"Restored the version of {day}", datetime.now(UTC)
    )
    index_lesson(studio, path)
    return saved


def read_history(studio: Studio, path: str, after: str | None = None) -> list[Version]:
    """The versions of a lesson, newest first, through renames."""
    lesson = read_lesson(studio, path)
    return studio.content.history(path, lesson_id=lesson.id or None, after=after)


def compare_versions(studio: Studio, path: str, old: str, new: str) -> list[Piece]:
    """What changed between two versions of a lesson, word by word."""
    lesson = read_lesson(studio, path)

    def text(version: str) -> str:
        there = studio.content.path_at(path, version, lesson.id) if lesson.id else path
        return studio.content.read(there or path, version).decode("utf-8", "replace")

    return difference(text(old), text(new))


def search_document(path: str, content: bytes) -> SearchDocument:
    """A file as the studio's search knows it: all of its text, the teacher's too."""
    document: Document = read_document(path, content)
    words = [document.preface.text]
    for part in document.walk():
        words += [
            part.heading,
            part.text,
            *(slot.text for slot in part.slots),
            *(c.text for c in part.choices),
        ]
    codes = tuple(claim.code for claim in facts_of(document).claims)
    title = document.title or path
    return SearchDocument(path, document.id, title, document.kind, "\n".join(filter(None, words)), codes)


def index_lesson(studio: Studio, path: str) -> None:
    """Lets search follow one changed file."""
    snapshot = studio.snapshot()
    if path in snapshot:
        studio.search.update([search_document(path, snapshot[path])])
    else:
        studio.search.update([], [path])
