"""What people do with lessons: read them in an edition, save a version, compare, restore."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from curriculum_studio.access import check_right
from curriculum_studio.actions.identity import check_identity
from curriculum_studio.actions.rooms import let_rooms_follow
from curriculum_studio.actions.search import index_lesson
from curriculum_studio.domain.errors import NotFound, Refused, StudioError
from curriculum_studio.domain.findings import Finding
from curriculum_studio.domain.lessons import DocumentKind
from curriculum_studio.domain.merging import Stretch, stretches
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.assessment_items import heading_of
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.choosing import heading_on
from curriculum_studio.formats.curriculum import curriculum_of, is_text, with_texts
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.html import Fill
from curriculum_studio.formats.lesson_markdown import MAX_FILE, Document, read_document
from curriculum_studio.formats.links import resolve
from curriculum_studio.formats.views import family_view, student_view, teacher_view
from curriculum_studio.publishing.parts import Leaf, fill_leaf, leaf_of
from curriculum_studio.publishing.site import PagePart
from curriculum_studio.publishing.worded import worded_line
from curriculum_studio.storage.content_changes import Author, Change, Saved, Version
from curriculum_studio.studio import Studio

_VIEWS = {"student": student_view, "family": family_view, "teacher": teacher_view}


@dataclass(frozen=True)
class Lesson:
    """A file of the working text, as the studio shows it; read when somebody asks for its words, which a save never does."""

    path: str
    blob: str
    version: str
    content: bytes = field(repr=False)

    @cached_property
    def _document(self) -> Document:
        return read_document(self.path, self.content)

    @property
    def title(self) -> str:
        """Its title, or the name of its file."""
        return self._document.title or self.path.rpartition("/")[2]

    @property
    def id(self) -> str:
        """Its id, "" where it has none."""
        return self._document.id

    @property
    def kind(self) -> DocumentKind:
        """What it is."""
        return self._document.kind

    @property
    def text(self) -> str:
        """Its words as somebody writes them."""
        return self._document.source


@dataclass(frozen=True, slots=True)
class PartName:
    """How a part is called: its title, that of the text in which it stands, and where both are read."""

    title: str
    text: str
    address: str


def author_of(person: Person) -> Author:
    """How a person stands in versions."""
    return Author(person.name, person.key)


def read_lesson(studio: Studio, path: str, version: str | None = None) -> Lesson:
    """A lesson, or any other text of the curriculum. Raises `NotFound`."""
    snapshot = studio.snapshot(version)
    if path not in snapshot or not is_text(path):
        raise NotFound("There is no such lesson.")
    return Lesson(path, snapshot.blob(path), snapshot.version, snapshot[path])


def names_in_unit(studio: Studio, path: str) -> dict[str, str]:
    """The titles of the misconceptions that a text may name and of its unit's lessons, by the short names that it uses."""
    curriculum = studio.curriculum()[1]
    if path not in curriculum.facts:
        return {}
    unit = curriculum.unit_of.get(path)
    found = {curriculum.facts[one].id: curriculum.facts[one].title for one in (unit.lessons if unit else ())}
    for name, there in curriculum.misconceptions(path).items():
        found[name] = worded_line(curriculum.facts[there].misconceptions[name])[1] or name
    return found


def show_parts(
    studio: Studio, path: str, text: str, edition: str, picture: Callable[[str], str]
) -> tuple[PagePart, ...]:
    """The parts of a text as an edition shows them; `picture` gives the address of a picture's path."""
    leaf = _leaf(path, text, edition)
    if leaf is None:
        return ()
    snapshot, curriculum = studio.curriculum()

    def link(target: str) -> str | None:
        to = resolve(path, target)
        if to.kind == "web":
            return to.path
        if to.kind != "file" or to.path not in curriculum.facts:
            return None
        if to.part and edition[0] not in curriculum.parts(to.path).get(to.part, ""):
            return None
        if to.path == path:
            return f"#{to.part}"
        return f"/text/{to.path}#{to.part}" if to.part else f"/text/{to.path}"

    def image(target: str) -> tuple[str, int, int] | None:
        to = resolve(path, target)
        return (picture(to.path), 0, 0) if to.kind == "file" and to.path in snapshot else None

    def misconception(name: str) -> tuple[str, str] | None:
        there = curriculum.misconceptions(path).get(name) if path in curriculum.facts else None
        return (
            (curriculum.facts[there].misconceptions[name] or name, f"/text/{there}#{name}") if there else None
        )

    return fill_leaf(leaf, Fill(link, image, misconception))


@lru_cache(maxsize=256)
def _leaf(path: str, text: str, edition: str) -> Leaf | None:
    """The parts of a text but for the addresses in it, None where the edition shows nothing of it: many people open the same one."""
    view = _VIEWS[edition](read_document(path, text.encode()))
    return leaf_of(view) if view is not None else None


def names_of_parts(
    studio: Studio, parts: Iterable[tuple[str, str]], reads: Callable[[str], bool]
) -> dict[tuple[str, str], PartName]:
    """How parts are called in the working text, each by the ids of its text and of itself; without those that are not there (any
    more) and those in texts (by their paths) that somebody may not read."""
    snapshot, curriculum = studio.curriculum()
    wanted: dict[str, list[str]] = {}
    for document, part in parts:
        wanted.setdefault(document, []).append(part)
    found = {}
    for document, names in wanted.items():
        path = next((one for one in curriculum.by_id.get(document, ()) if reads(one)), None)
        if path is None:
            continue
        text = read_document(path, snapshot[path])
        for name in names:
            one = text.part(name)
            if one is not None:
                address = f"/units/{path.removesuffix('.md')}#{name}"
                found[document, name] = PartName(one.title or heading_of(one), text.title, address)
    return found


def find_findings(studio: Studio, path: str, text: str) -> list[Finding]:
    """The findings of a file as if it held `text`: the same that a release would meet."""
    snapshot, curriculum = studio.curriculum()
    fresh = {path: facts_of(read_document(path, text.encode()))}
    changed = with_texts(curriculum, fresh)
    if changed is None:
        changed = curriculum_of({**curriculum.facts, **fresh}, {*snapshot, path})
    return sorted(check_file(path, changed, framework(snapshot, changed.framework), snapshot))


def headings_of(texts: Callable[[str], bytes], findings: Iterable[Finding]) -> Mapping[tuple[str, int], str]:
    """For each finding's file and line the heading that it stands under, "" above the first; `texts` gives a file's bytes."""
    lines: dict[str, set[int]] = {}
    for one in findings:
        lines.setdefault(one.file, set()).add(one.line)
    found = {}
    for path in lines:
        document = read_document(path, texts(path))
        found.update({(path, line): heading_on(document, line) for line in lines[path]})
    return found


def save_version(
    studio: Studio,
    person: Person,
    path: str,
    text: str,
    base: str | None,
    note: str,
    others: Sequence[Author] = (),
) -> Saved:
    """Saves a text as a new version; raises `EditConflict` where somebody changed the same words."""
    check_right(studio, person, "write", path, "You may read here, and not write. Nothing was saved.")
    content = _plain(text).encode()
    if base is not None and (before := _bytes_of(studio, base)) is not None:
        # Whoever opens a text and touches nothing changes no byte of it, its ends of lines included.
        content = before if _plain(before.decode("utf-8", "replace")).encode() == content else content
    if len(content) > MAX_FILE:
        raise Refused(
            f"The text is larger than {MAX_FILE // 1024} KB. Nothing was saved; your text is still here."
        )
    check_identity(studio, path, content.decode())
    saved = studio.content.save(
        [Change(path, content, base)], author_of(person), note, datetime.now(UTC), others
    )
    with suppress(StudioError):
        # The next page, anybody's, need not read it first. What is saved is saved, whatever becomes of this.
        studio.curriculum()
    index_lesson(studio, path)
    let_rooms_follow(studio, [path])
    return saved


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes_of(studio: Studio, blob: str) -> bytes | None:
    try:
        return studio.content.read_blob(blob)
    except NotFound:
        return None


def text_of(studio: Studio, blob: str) -> str:
    """The words of a blob that somebody began with. Raises `NotFound`."""
    return studio.content.read_blob(blob).decode("utf-8", "replace")


def own_text(studio: Studio, lesson: Lesson, blob: str) -> str:
    """The words of a blob that is a wording of this text; of another's, nothing is said to whoever knows its name. Raises `NotFound`."""
    content = studio.content.read_blob(blob)
    name = read_document(lesson.path, content).id
    if not (name and name == lesson.id) and blob not in _wordings(studio, lesson.path):
        raise NotFound("This text never had these words.")
    return content.decode("utf-8", "replace")


def _wordings(studio: Studio, path: str) -> set[str]:
    """The blobs that lately stood at a path."""
    snapshots = (studio.snapshot(version.id) for version in studio.content.history(path))
    return {one.blob(path) for one in snapshots if path in one}


def side_by_side(studio: Studio, path: str, base: str, mine: str) -> tuple[Stretch, ...] | None:
    """What a text becomes together with what others saved since `base`; None where nobody else saved anything."""
    lesson = read_lesson(studio, path)
    if lesson.blob == base or lesson.text == mine:
        return None
    return stretches(text_of(studio, base), mine, lesson.text)


def decided(runs: tuple[Stretch, ...], choices: Mapping[int, tuple[str, str]]) -> str:
    """The text of the runs with a person's choices: for the number of a run, `mine`, `theirs`, `both` or `edit` and
    the words edited. Raises `Refused` where a choice is missing."""
    out: list[str] = []
    for number, run in enumerate(runs):
        if run.text is not None:
            out.append(run.text)
            continue
        how, words = choices.get(number, ("", ""))
        if how not in ("mine", "theirs", "both", "edit"):
            raise Refused(
                "Choose for each place whose words to keep. Nothing was saved yet; your text is still here."
            )
        both = run.theirs + ("" if run.theirs.endswith("\n") or not run.theirs else "\n\n") + run.mine
        out.append({"mine": run.mine, "theirs": run.theirs, "both": both, "edit": words}[how])
    return "".join(out)


def read_last(studio: Studio, path: str) -> Version | None:
    """The newest version of a text: who saved last."""
    found = studio.content.history(path, limit=1)
    return found[0] if found else None
