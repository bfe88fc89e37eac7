"""What people do with units and the texts in them: start, arrange, copy, rename, move, put away, bring back."""

from __future__ import annotations

import posixpath
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import Access, check_right
from curriculum_studio.actions.lessons import author_of
from curriculum_studio.actions.rooms import nobody_writing
from curriculum_studio.actions.search import follow
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.rewriting import flow, scalar, slug, with_key, with_links, with_sections
from curriculum_studio.publishing.pages import starter_text
from curriculum_studio.storage.bin import Binned
from curriculum_studio.storage.content_changes import Change, Saved
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.studio import Studio

KINDS = {"lesson": "Lesson", "assessment": "Assessment", "session": "Professional learning session"}
_NO_WRITING = "You may read this unit, and not change it. Nothing was changed."
_FOLDERS = {"lesson": "", "assessment": "assessments/", "session": "professional-learning/"}


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """A section as it shall be: title, goals, the stems of its lessons in order."""

    title: str
    goals: tuple[str, ...]
    lessons: tuple[str, ...]


class _Desk:
    """One act on the curriculum: the text as it stands, the changes so far, saved as one version."""

    def __init__(self, studio: Studio, person: Person) -> None:
        self.studio, self.person = studio, person
        self.snapshot: ContentSnapshot
        self.curriculum: Curriculum
        self.snapshot, self.curriculum = studio.curriculum()
        self.changes: dict[str, bytes | None] = {}

    def text(self, path: str) -> str:
        content = self.changes.get(path, self.snapshot.get(path))
        if content is None:
            raise NotFound("There is no such text any more.")
        return content.decode("utf-8", "replace")

    def unit(self, folder: str) -> UnitOutline:
        found = next((one for one in self.curriculum.units if one.folder == folder), None)
        if found is None:
            raise NotFound("There is no such unit.")
        check_right(self.studio, self.person, "write", f"{folder}/unit.md", _NO_WRITING)
        return found

    def free(self, folder: str, stem: str) -> str:
        taken, path, number = {p.casefold() for p in self.snapshot}, f"{folder}/{stem}.md", 2
        while path.casefold() in taken or path in self.changes:
            path, number = f"{folder}/{stem}-{number}.md", number + 1
        return path

    def put(self, path: str, text: str) -> None:
        self.changes[path] = text.encode()

    def arrange(self, folder: str, sections: Sequence[SectionPlan]) -> None:
        path = f"{folder}/unit.md"
        self.put(path, with_sections(self.text(path), [(s.title, s.goals, s.lessons) for s in sections]))

    def save(self, note: str) -> Saved:
        changes = [
            Change(path, content, self.snapshot.blob(path) if path in self.snapshot else None)
            for path, content in self.changes.items()
        ]
        saved = self.studio.content.save(changes, author_of(self.person), note, datetime.now(UTC))
        follow(self.studio, list(self.changes))
        return saved


def plan_of(unit: UnitOutline) -> list[SectionPlan]:
    """The sections of a unit as they stand."""
    return [SectionPlan(s.title, s.goals, tuple(map(_stem, s.lessons))) for s in unit.sections]


def _stem(path: str) -> str:
    return posixpath.basename(path).removesuffix(".md")


def _new_id(curriculum: Curriculum, *others: str) -> str:
    while True:
        made = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8))
        if made not in curriculum.by_id and made not in others:
            return made


def start_unit(studio: Studio, person: Person, title: str, grade: str, team: str = "") -> str:
    """Makes a unit from the starter, owned by a team of the person's; gives its folder."""
    title, grade = " ".join(title.split()), grade.strip().upper()
    if not title:
        raise Refused("A unit needs a title. Nothing was made.")
    if not person.may("start"):
        raise Refused("New units are started by teachers, researchers, coaches and leads. Nothing was made.")
    if team and person.key not in studio.teams.get(team).members and not person.may("team"):
        raise Refused("You are not in this team. Nothing was made.")
    desk = _Desk(studio, person)
    parent = f"grade-{grade.casefold()}" if grade else "units"
    folder = posixpath.dirname(desk.free(f"{parent}/{slug(title)}", "unit"))
    number = 2
    base = folder
    # A folder in which another unit stood before keeps that one's history, which may not be for those who read this one.
    while f"{folder}/unit.md" in desk.snapshot or studio.content.last_id(f"{folder}/unit.md"):
        folder, number = f"{base}-{number}", number + 1
    unit_id = _new_id(desk.curriculum)
    desk.put(
        f"{folder}/unit.md",
        starter_text("unit", id=unit_id, title=scalar(title), grade=scalar(grade) if grade else '""'),
    )
    root = desk.curriculum.facts.get("curriculum.md")
    if root is None:
        # The first unit of a studio that began empty brings the pages with it that all units share.
        desk.put("curriculum.md", starter_text("curriculum", id=_new_id(desk.curriculum, unit_id)))
        for name in ("charter", "glossary"):
            if f"{name}.md" not in desk.snapshot:
                desk.put(f"{name}.md", starter_text(name))
    if not (team and studio.teams.get(team).private):
        # A folder is called by the unit's title, and everybody reads the front page: what is private is not listed there.
        units = root.units if root else ()
        desk.put("curriculum.md", with_key(desk.text("curriculum.md"), "units", flow([*units, folder])))
    if team:
        studio.teams.own(unit_id, team, person.key)
    desk.save(f"Started the unit {title}")
    return folder


def start_text(
    studio: Studio,
    person: Person,
    folder: str,
    kind: str,
    title: str,
    section: int = -1,
    purpose: str = "end-of-unit",
) -> str:
    """Makes a lesson, assessment or session from its starter; a lesson goes to the end of a section (-1: a draft)."""
    title = " ".join(title.split())
    if kind not in KINDS or not title:
        raise Refused("It needs a title. Nothing was made.")
    desk = _Desk(studio, person)
    unit = desk.unit(folder)
    stem = (
        f"{len(unit.lessons) + len(unit.drafts) + 1:02d}-{slug(title)}" if kind == "lesson" else slug(title)
    )
    path = desk.free(f"{folder}/{_FOLDERS[kind]}".rstrip("/"), stem)
    values = {"id": _new_id(desk.curriculum), "title": scalar(title), "purpose": purpose}
    desk.put(path, starter_text(kind, **values))
    if kind == "lesson":
        _place(desk, unit, _stem(path), section)
    desk.save(f"Started {title}")
    return path


def _place(desk: _Desk, unit: UnitOutline, stem: str, section: int) -> None:
    """Puts a lesson at the end of a section, in the text of the unit."""
    plan = plan_of(unit)
    implied = not unit.facts.sections
    if section < 0:
        # A unit that names no section shows every lesson: without one, the draft would be published.
        if implied:
            lessons = plan[0].lessons if plan else ()
            desk.arrange(unit.folder, [SectionPlan("Lessons", (), lessons)])
        return
    if not plan or (implied and not plan[0].lessons):
        plan = [SectionPlan("Lessons", (), ())]
    at = min(section, len(plan) - 1)
    title = plan[at].title or "Lessons"
    plan[at] = SectionPlan(title, plan[at].goals, (*plan[at].lessons, stem))
    desk.arrange(unit.folder, plan)


def arrange_unit(
    studio: Studio, person: Person, folder: str, sections: Sequence[SectionPlan], base: str
) -> Saved:
    """Gives a unit these sections. Refused where somebody arranged it meanwhile (`base`: the blob that was seen)."""
    desk = _Desk(studio, person)
    unit = desk.unit(folder)
    if desk.snapshot.blob(f"{folder}/unit.md") != base:
        raise Refused(
            "Somebody changed this unit meanwhile. Nothing of yours was put in place; look at it again, then arrange."
        )
    known = {_stem(path) for path in (*unit.lessons, *unit.drafts)}
    placed = [stem for section in sections for stem in section.lessons]
    if len(placed) != len(set(placed)) or not set(placed) <= known:
        raise Refused("A lesson stands twice, or is not of this unit. Nothing was changed.")
    if any(not section.title.strip() for section in sections):
        raise Refused("Each section needs a title. Nothing was changed.")
    desk.arrange(folder, sections)
    return desk.save(f"Arranged {unit.facts.title}")


def _texts_of(desk: _Desk, path: str) -> list[str]:
    """A text and its translations."""
    return [path, *desk.curriculum.translations.get(path, {}).values()]


def copy_text(studio: Studio, person: Person, path: str, folder: str, title: str, section: int = -1) -> str:
    """Copies a lesson into a unit, under a title and an id of its own; the first one stays as it is."""
    desk = _Desk(studio, person)
    facts = _facts(desk, path, "lesson")
    unit = desk.unit(folder)
    title = " ".join(title.split()) or f"{facts.title} (copy)"
    new = desk.free(folder, f"{len(unit.lessons) + len(unit.drafts) + 1:02d}-{slug(title)}")
    text = with_key(desk.text(path), "id", _new_id(desk.curriculum))
    text = with_key(with_key(text, "title", scalar(title)), "formerly", None)
    desk.put(new, with_links(text, path, new, {}))
    _place(desk, unit, _stem(new), section)
    desk.save(f"Copied {facts.title} as {title}")
    return new


def _facts(desk: _Desk, path: str, *kinds: str) -> Facts:
    facts = desk.curriculum.facts.get(path)
    if facts is None or not Access(desk.studio, desk.person).may("read", path):
        raise NotFound("There is no such text any more.")
    if kinds and facts.kind not in kinds:
        raise Refused("This can be done with lessons only. Nothing was changed.")
    return facts


def rename_text(studio: Studio, person: Person, path: str, title: str) -> Saved:
    """Gives a text another title; its address stays, so that no link breaks."""
    desk = _Desk(studio, person)
    facts = _facts(desk, path)
    check_right(studio, person, "write", path, _NO_WRITING)
    title = " ".join(title.split())
    if not title:
        raise Refused("A title cannot be empty. Nothing was changed.")
    desk.put(path, with_key(desk.text(path), "title", scalar(title)))
    return desk.save(f"Renamed {facts.title} to {title}")


def move_text(studio: Studio, person: Person, path: str, folder: str, section: int = -1) -> str:
    """Moves a lesson with its translations to another unit, in one version; every link to and from it is kept."""
    check_right(studio, person, "write", path, _NO_WRITING)
    with nobody_writing(studio, _texts_of(_Desk(studio, person), path), "moved"):
        return _move_text(studio, person, path, folder, section)


def _move_text(studio: Studio, person: Person, path: str, folder: str, section: int) -> str:
    desk = _Desk(studio, person)
    facts = _facts(desk, path, "lesson")
    old_folder = posixpath.dirname(path)
    source, target = desk.unit(old_folder), desk.unit(folder)
    if folder == old_folder:
        raise Refused("It is in this unit already. Arrange the unit to change its place.")
    new = desk.free(folder, _stem(path))
    moves = {one: new.removesuffix(".md") + one[len(path) - 3 :] for one in _texts_of(desk, path)}
    for old, to in moves.items():
        desk.put(to, with_links(desk.text(old), old, to, moves))
        desk.changes[old] = None
    if path in desk.curriculum.placed:
        desk.put(new, with_key(desk.text(new), "formerly", flow([*facts.formerly, path.removesuffix(".md")])))
        desk.arrange(old_folder, _without(plan_of(source), _stem(path)))
    for other, text in _links_to(desk, moves).items():
        desk.put(other, text)
    _place(desk, target, _stem(new), section)
    desk.save(f"Moved {facts.title} to {target.facts.title}")
    return new


def _without(plan: Sequence[SectionPlan], stem: str) -> list[SectionPlan]:
    return [SectionPlan(s.title, s.goals, tuple(one for one in s.lessons if one != stem)) for s in plan]


def _links_to(desk: _Desk, moves: Mapping[str, str]) -> dict[str, str]:
    """The texts that name a file that moves, with their links mended."""
    found: dict[str, str] = {}
    for path in desk.curriculum.facts:
        if path in moves:
            continue
        old = desk.text(path)
        new = with_links(old, path, path, moves)
        if new != old:
            found[path] = new
    return found


def put_away(studio: Studio, person: Person, path: str) -> str:
    """Puts a text, or with its `unit.md` a whole unit, into the bin; gives the bin's key. Nothing is lost."""
    check_right(studio, person, "write", path, _NO_WRITING)
    desk, folder = _Desk(studio, person), posixpath.dirname(path)
    whole = [one for one in desk.curriculum.facts if one.startswith(f"{folder}/")]
    with nobody_writing(studio, whole if path.endswith("/unit.md") else _texts_of(desk, path), "gone"):
        return _put_away(studio, person, path)


def _put_away(studio: Studio, person: Person, path: str) -> str:
    desk = _Desk(studio, person)
    facts = _facts(desk, path)
    folder = posixpath.dirname(path)
    section, note = -1, f"Put away {facts.title}"
    if facts.kind == "unit":
        paths = [one for one in desk.snapshot if one.startswith(f"{folder}/")]
        root = desk.curriculum.facts.get("curriculum.md")
        if root is not None and folder in root.units:
            left = [one for one in root.units if one != folder]
            desk.put("curriculum.md", with_key(desk.text("curriculum.md"), "units", flow(left)))
    elif facts.kind in ("lesson", "assessment", "professional-learning"):
        paths = _texts_of(desk, path)
        if path in desk.curriculum.placed:
            unit, where, _ = desk.curriculum.placed[path]
            section = unit.sections.index(where)
            desk.arrange(unit.folder, _without(plan_of(unit), _stem(path)))
            folder = unit.folder
    else:
        raise Refused("This page belongs to the curriculum as a whole and cannot be put away.")
    key = studio.bin.put(
        facts.title, paths, desk.snapshot.version, folder, section, person.key, int(time.time())
    )
    desk.changes.update(dict.fromkeys(paths))
    with ExitStack() as undoing:
        undoing.callback(studio.bin.forget, key)
        desk.save(note)
        undoing.pop_all()
    return key


def bring_back(studio: Studio, person: Person, key: str) -> str:
    """Brings a thing back from the bin, to its section if that still stands; gives the path of its text."""
    binned = studio.bin.get(key)
    desk = _Desk(studio, person)
    old = studio.snapshot(binned.version)
    taken = [path for path in binned.paths if path in desk.snapshot]
    if taken:
        raise Refused(
            f"Something else stands at {taken[0]} now. Rename or move that first; what is in the bin stays there."
        )
    for path in binned.paths:
        desk.changes[path] = old[path]
    first = binned.paths[0]
    if f"{binned.unit}/unit.md" in binned.paths:
        if not person.may("start"):
            raise Refused("Units are brought back by those who may start one. It stays in the bin.")
        root, then = (
            one.facts.get("curriculum.md") for one in (desk.curriculum, studio.curriculum(binned.version)[1])
        )
        if root is not None and then is not None and binned.unit in then.units:
            units = flow([*root.units, binned.unit])
            desk.put("curriculum.md", with_key(desk.text("curriculum.md"), "units", units))
        first = f"{binned.unit}/unit.md"
    elif any(unit.folder == binned.unit for unit in desk.curriculum.units):
        _place(desk, desk.unit(binned.unit), _stem(first), binned.section)
    else:
        check_right(studio, person, "write", first, _NO_WRITING)
    same = {one for path in binned.paths if path.endswith(".md") for one in desk.curriculum.by_id.get(read_document(path, old[path]).id, ())}  # fmt: skip
    if same - set(binned.paths):
        raise Refused(
            "A copy with the same inner name stands elsewhere. Put that away first; what is in the bin stays there."
        )
    desk.save(f"Brought back {binned.title}")
    studio.bin.forget(key)
    return first


def bin_of(studio: Studio, person: Person) -> list[Binned]:
    """What is in the bin, as far as the person may read it."""
    access = Access(studio, person)
    return [one for one in studio.bin.all() if access.read_then(one.paths[0], one.version)]
