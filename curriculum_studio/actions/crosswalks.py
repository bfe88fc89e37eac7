"""What people do with a new edition of the standards: bring a crosswalk in, see what it means for a unit, take changes over one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import Access
from curriculum_studio.actions.lessons import author_of, read_lesson, save_version
from curriculum_studio.actions.standards import frameworks
from curriculum_studio.domain.crosswalks import Crosswalk, Verdict, verdicts
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.claim_edits import part_titles, with_claim, with_part_claim
from curriculum_studio.formats.claims import claims_of
from curriculum_studio.formats.crosswalks import crosswalk_names, path_of, read_crosswalk
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.storage.content_changes import Change
from curriculum_studio.storage.content_reading import ContentSnapshot
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Migration:
    """A text of a unit with what a crosswalk says of each of its claims: those of its header, and those of its parts by
    the line in which a part's heading stands."""

    path: str
    title: str
    blob: str
    verdicts: tuple[Verdict, ...]
    parts: Mapping[int, tuple[Verdict, ...]]

    @property
    def all(self) -> tuple[Verdict, ...]:
        """The verdicts of the header and of all parts."""
        return (*self.verdicts, *(one for rows in self.parts.values() for one in rows))

    @property
    def left(self) -> int:
        """How many claims a person has still to decide."""
        return sum(not one.settled for one in self.all)


def crosswalks(snapshot: Snapshot) -> list[Crosswalk]:
    """The crosswalks that can be read; one whose editions changed under it is left out."""
    found = []
    for name in crosswalk_names(snapshot):
        try:
            found.append(find_crosswalk(snapshot, name))
        except (FormatError, NotFound):
            continue
    return found


def find_crosswalk(snapshot: Snapshot, name: str) -> Crosswalk:
    """A crosswalk by its name. Raises `NotFound`, and `FormatError` where it does not fit its editions any more."""
    path = path_of(name)
    if path not in snapshot:
        raise NotFound("There is no such crosswalk.")
    old, _, new = name.partition("--")
    return read_crosswalk(snapshot, old, new, snapshot[path])


def import_crosswalk(studio: Studio, person: Person, content: bytes, old: str, new: str) -> Crosswalk:
    """Keeps a table as it was brought. Raises `Refused` where the person may not, `FormatError` with what is amiss."""
    if not person.may("frameworks"):
        raise Refused("Researchers, leads and administrators bring crosswalks in. Nothing was changed.")
    snapshot = studio.snapshot()
    walk = read_crosswalk(snapshot, old, new, content)
    path = path_of(walk.name)
    if path in snapshot and snapshot[path] == content:
        return walk
    base = snapshot.blob(path) if path in snapshot else None
    note = f"What became of {walk.old.title} in {walk.new.title}"
    studio.content.save([Change(path, content, base)], author_of(person), note, datetime.now(UTC))
    studio.audit.note(person.key, "brought a crosswalk in", walk.name, count=str(len(walk.changes)))
    return walk


def migrations(
    snapshot: ContentSnapshot, curriculum: Curriculum, walk: Crosswalk, unit: UnitOutline
) -> list[Migration]:
    """Every lesson and assessment of a unit with what the crosswalk says of its claims, in the unit's order."""
    found = []
    for path in (*unit.lessons, *unit.drafts, *unit.assessments):
        by_place: dict[int, list[tuple[str, str]]] = {}
        for claim, code in claims_of(curriculum, path, walk.old):
            by_place.setdefault(claim.line if claim.in_part else 0, []).append((claim.relation, code))
        there: dict[int, set[tuple[str, str]]] = {}
        for claim, code in claims_of(curriculum, path, walk.new):
            there.setdefault(claim.line if claim.in_part else 0, set()).add((claim.relation, code))
        judged = {line: verdicts(walk, rows, there.get(line, ())) for line, rows in by_place.items()}
        title = curriculum.facts[path].title
        header = judged.pop(0, ())
        found.append(Migration(path, title, snapshot.blob(path), header, judged))
    return found


def left_by_unit(studio: Studio, person: Person, walk: Crosswalk) -> Mapping[str, tuple[str, int, int]]:
    """For each unit that a person may read: its title, its claims on the old edition, and those still to decide."""
    snapshot, curriculum = studio.curriculum()
    access = Access(studio, person)
    found: dict[str, tuple[str, int, int]] = {}
    for unit in curriculum.units:
        if access.reads(f"{unit.folder}/unit.md"):
            rows = migrations(snapshot, curriculum, walk, unit)
            found[unit.folder] = unit.facts.title, sum(len(one.all) for one in rows), sum(one.left for one in rows)  # fmt: skip
    return found


def take_change(
    studio: Studio,
    person: Person,
    walk: Crosswalk,
    path: str,
    claim: tuple[str, str],
    code: str,
    base: str,
    line: int = 0,
) -> None:
    """Adds to a text the claim on the new edition that the crosswalk gives for an old one; the old claim stays beside it.

    `claim` is relation and old code, `base` the blob that was looked at, `line` that of a part's heading where the claim is
    the part's and not the header's. Raises `Refused` where the crosswalk does not
    say so, where the person may not write the text, and where it changed meanwhile.
    """
    change = walk.changes.get(claim[1])
    if change is None or code not in change.new:
        raise Refused(f"The crosswalk does not lead from {claim[1]} to {code}. Nothing was changed.")
    lesson = read_lesson(studio, path)
    if lesson.blob != base:
        raise Refused("Somebody changed this text meanwhile. It is shown as it stands now; decide again.")
    text = (
        with_part_claim(path, lesson.text, line, walk.new.id, code)
        if line
        else with_claim(path, lesson.text, claim[0], walk.new.id, code)
    )
    if text != lesson.text:
        note = f"{claim[1]} ({walk.old.title}) is {code} in {walk.new.title}"
        save_version(studio, person, path, text, base, note)


def titles_of(snapshot: ContentSnapshot, rows: list[Migration]) -> Mapping[tuple[str, int], str]:
    """What the parts that claim something are called, by path and line."""
    return {
        (row.path, line): title
        for row in rows
        if row.parts
        for line, title in part_titles(row.path, snapshot[row.path].decode("utf-8", "replace")).items()
    }


@dataclass(frozen=True, slots=True)
class Link:
    """A claim of a text on a standard of an edition, with its provenance: the part that says it ("" for the header), and the
    old claims of the same place that a crosswalk leads from (crosswalk, old code, kind of change)."""

    relation: str
    edition: Framework
    code: str
    part: str
    came_from: tuple[tuple[Crosswalk, str, str], ...]


def links_of(studio: Studio, path: str) -> tuple[Link, ...]:
    """Every claim of a text on every edition that is at hand, in the order of editions."""
    snapshot, curriculum = studio.curriculum()
    if path not in curriculum.facts:
        raise NotFound("There is no such lesson.")
    titles = part_titles(path, snapshot[path].decode("utf-8", "replace"))
    walks = crosswalks(snapshot)
    places: dict[str, set[tuple[int, str, str]]] = {}
    rows: list[tuple[Framework, int, str, str]] = []
    for known in frameworks(snapshot):
        for claim, code in claims_of(curriculum, path, known):
            line = claim.line if claim.in_part else 0
            if (line, claim.relation, code) not in places.setdefault(known.id, set()):
                places[known.id].add((line, claim.relation, code))
                rows.append((known, line, claim.relation, code))

    def came_from(
        known: Framework, line: int, relation: str, code: str
    ) -> tuple[tuple[Crosswalk, str, str], ...]:
        return tuple(
            (walk, change.old, change.kind)
            for walk in walks
            if walk.new.id == known.id
            for change in walk.changes.values()
            if code in change.new and (line, relation, change.old) in places.get(walk.old.id, set())
        )

    return tuple(
        Link(
            relation,
            known,
            code,
            titles.get(line, "") if line else "",
            came_from(known, line, relation, code),
        )
        for known, line, relation, code in rows
    )
