"""What people do with frameworks of standards: bring a package in, look at who uses a standard, hand a package on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.actions.lessons import author_of
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.case_package import Package, read_package
from curriculum_studio.formats.case_strict import Alignment, strict_package, strict_rows
from curriculum_studio.formats.claims import claims_on
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.frameworks import framework, framework_ids, package_of, path_of
from curriculum_studio.formats.rewriting import slug
from curriculum_studio.storage.content_changes import Change
from curriculum_studio.studio import Studio

_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,47}")


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows an import adds, changes and takes away; compared by GUID."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class FrameworkImport:
    """What importing a package comes to. `external` counts associations whose destination is no item of it."""

    framework: str
    title: str
    items: int
    associations: int
    orphans: tuple[str, ...]
    external: int
    of_items: Changes
    of_associations: Changes
    vendor: Mapping[str, int]
    problems: tuple[str, ...]
    samples: tuple[tuple[str, str], ...]

    @property
    def nothing_new(self) -> bool:
        """Whether the same rows stand here already."""
        none = Changes(0, 0, 0)
        return self.of_items == none and self.of_associations == none

    def as_row(self) -> dict[str, object]:
        """The import as the JSON object that the command prints."""
        items, links = self.of_items, self.of_associations
        return {
            "framework": self.framework,
            "title": self.title,
            "items": self.items,
            "associations": self.associations,
            "orphans": len(self.orphans),
            "external": self.external,
            "added": items.added,
            "changed": items.changed,
            "removed": items.removed,
            "association_changes": {"added": links.added, "changed": links.changed, "removed": links.removed},
            "vendor": dict(self.vendor),
            "problems": list(self.problems),
        }


def look_at_package(snapshot: Snapshot, content: bytes, framework_id: str = "") -> FrameworkImport:
    """What importing a package would come to; nothing is changed. Raises `FormatError` or `Refused` with the reason."""
    package = read_package(content, framework_id)
    found = framework_id or _id_of(snapshot, package)
    if not _ID.fullmatch(found):
        raise Refused(
            "A framework is called by 2 to 48 small letters, digits and hyphens. Nothing was changed."
        )
    before = _package(snapshot, found)
    if before is not None and before.document.get("identifier") != package.document.get("identifier"):
        raise Refused(
            f"{found} is another framework ({before.framework.title}). Give the new one another name. Nothing was changed."
        )
    items, links = strict_rows(package)
    old_items, old_links = strict_rows(before) if before is not None else ({}, {})
    return FrameworkImport(
        found,
        package.framework.title or found,
        len(items),
        len(links),
        package.orphans,
        package.external,
        _changes(old_items, items),
        _changes(old_links, links),
        package.vendor,
        (*_moved(before, package), *package.problems),
        tuple((one.code, one.label) for one in list(package.framework.standards.values())[:8]),
    )


def import_framework(
    studio: Studio, person: Person, content: bytes, framework_id: str = "", *, dry_run: bool = False
) -> FrameworkImport:
    """Keeps a package byte for byte as a version of its framework; where nothing is new in it, nothing is written.

    Raises `Refused` where the person may not, and `FormatError` where the package cannot be read or would do harm.
    """
    if not person.may("frameworks"):
        raise Refused("Researchers, leads and administrators bring frameworks in. Nothing was changed.")
    snapshot = studio.snapshot()
    found = look_at_package(snapshot, content, framework_id)
    path = path_of(found.framework)
    if dry_run or (found.nothing_new and path in snapshot):
        return found
    base = snapshot.blob(path) if path in snapshot else None
    note = f"Standards: {found.title}" if base is None else f"Standards brought up to date: {found.title}"
    studio.content.save([Change(path, content, base)], author_of(person), note, datetime.now(UTC))
    counts = found.of_items
    studio.audit.note(
        person.key, "brought a framework in", found.framework,
        title=found.title, added=str(counts.added), changed=str(counts.changed), removed=str(counts.removed),
    )  # fmt: skip
    return found


def export_framework(
    snapshot: Snapshot,
    curriculum: Curriculum,
    framework_id: str,
    sees: Callable[[str], bool] = lambda path: True,
) -> bytes:
    """A framework as a strict CASE 1.1 package, with what the texts that `sees` admits claim as associations.

    Raises `NotFound`.
    """
    package = _package(snapshot, framework_id)
    if package is None:
        raise NotFound("There is no such framework.")
    known = package.framework
    alignments = {
        Alignment(facts.id, facts.title, claim.relation, known.standards[code].guid)
        for code, claims in claims_on(curriculum, known).items()
        for facts, claim in claims
        if sees(facts.path) and facts.id
    }
    return strict_package(package, alignments)


def frameworks(snapshot: Snapshot) -> list[Framework]:
    """Every framework that is at hand and can be read."""
    found = (framework(snapshot, one) for one in framework_ids(snapshot))
    return [one for one in found if one is not None]


def _package(snapshot: Snapshot, framework_id: str) -> Package | None:
    content = package_of(snapshot, framework_id)
    if content is None:
        return None
    try:
        return read_package(content, framework_id)
    except FormatError:
        return None


def _moved(before: Package | None, after: Package) -> tuple[str, ...]:
    """What lessons would claim without anybody having decided it: codes that would name another item than before."""
    if before is None:
        return ()
    old, new = before.framework.standards, after.framework.standards
    codes = {one.guid: code for code, one in new.items()}
    other = [code for code, one in old.items() if code in new and new[code].guid != one.guid]
    renamed = [
        f"{code} is {codes[one.guid]}"
        for code, one in old.items()
        if one.guid in codes and codes[one.guid] != code
    ]
    found = []
    if other:
        found.append(
            f"{len(other):,} codes would name another item than before ({_some(other)}): lessons that name them would claim "
            "something else. If this is a new edition, give it a name of its own and bring a crosswalk in."
        )
    if renamed:
        found.append(f"{len(renamed):,} items have another code than before ({_some(renamed)}).")
    return tuple(found)


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (" …" if len(names) > 8 else "")


def _id_of(snapshot: Snapshot, package: Package) -> str:
    """The name of the framework with this document's GUID; a new one after its title where there is none."""
    known = framework_ids(snapshot)
    guid = package.document.get("identifier")
    for one in known:
        there = _package(snapshot, one)
        if there is not None and guid and there.document.get("identifier") == guid:
            return one
    whole = slug(package.framework.title)
    base = whole if len(whole) <= 40 else whole[:40].rpartition("-")[0] or whole[:40]
    name, number = base, 2
    while name in known:
        name, number = f"{base}-{number}", number + 1
    return name


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> Changes:
    added = sum(guid not in old for guid in new)
    changed = sum(guid in old and old[guid] != text for guid, text in new.items())
    return Changes(added, changed, sum(guid not in new for guid in old))
