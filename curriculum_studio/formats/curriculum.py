"""A whole curriculum as one outline: units, sections, lessons in order, translations, and the address of each page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from curriculum_studio.domain.alignment import Gate, gate_of
from curriculum_studio.formats.facts import Facts, text_key
from curriculum_studio.formats.lesson_markdown import kind_of
from curriculum_studio.formats.links import resolve

RESERVED = frozenset({"assets", "charter", "glossary", "search", "standards", "index.html", "sitemap.xml"})
"""Names that the published site keeps for itself: no unit's folder may begin with one."""


@dataclass(frozen=True, slots=True)
class SectionOutline:
    """A section: its title, its goals, the paths of its lessons in order."""

    title: str
    goals: tuple[str, ...]
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitOutline:
    """A unit: its folder, its own facts, its sections, and the other files that belong to it."""

    folder: str
    facts: Facts
    sections: tuple[SectionOutline, ...]
    drafts: tuple[str, ...]
    assessments: tuple[str, ...]
    sessions: tuple[str, ...]

    @property
    def lessons(self) -> tuple[str, ...]:
        """The lessons of all sections, in order."""
        return tuple(path for section in self.sections for path in section.lessons)


@dataclass(frozen=True)
class Curriculum:
    """All files' facts and what follows from them together."""

    facts: Mapping[str, Facts]
    files: frozenset[str]
    units: tuple[UnitOutline, ...]
    framework: str
    unit_of: Mapping[str, UnitOutline]
    translations: Mapping[str, Mapping[str, str]]
    """For a lesson's path: language to the path of its translation."""
    by_id: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def placed(self) -> Mapping[str, tuple[UnitOutline, SectionOutline, int]]:
        """For each lesson that is in a section: its unit, its section, its number within the unit from 1."""
        found: dict[str, tuple[UnitOutline, SectionOutline, int]] = {}
        for unit in self.units:
            number = 0
            for section in unit.sections:
                for path in section.lessons:
                    number += 1
                    found.setdefault(path, (unit, section, number))
        return found

    @cached_property
    def by_key(self) -> Mapping[str, str]:
        """Where each text lies, by what threads call it."""
        return {text_key(facts): path for path, facts in self.facts.items()}

    @cached_property
    def moved(self) -> Mapping[str, tuple[str, ...]]:
        """Former addresses to the paths of the texts that were there, but for those at which something stands again."""
        found: dict[str, tuple[str, ...]] = {}
        for path, facts in self.facts.items():
            for old in facts.formerly:
                if (place := old.strip("/").removesuffix(".md")) and f"{place}.md" not in self.facts:
                    found[place] = (*found.get(place, ()), path)
        return found

    @property
    def gate(self) -> Gate | None:
        """What curriculum.md asks of a release; None where it asks for nothing."""
        root = self.facts.get("curriculum.md")
        return gate_of(dict(root.asks)) if root is not None else None

    @cached_property
    def shown_pictures(self) -> frozenset[str]:
        """The paths of all pictures that any text shows."""
        uses = ((one.path, use.target) for one in self.facts.values() for use in one.pictures)
        return frozenset(to.path for path, name in uses if (to := resolve(path, name)).kind == "file")

    def address(self, path: str, edition: str) -> str | None:
        """The address of a file's page in an edition (`""` is the front page); None where it has none there."""
        facts = self.facts.get(path)
        if facts is None or not facts.readable:
            return None
        if facts.kind == "curriculum":
            return ""
        if facts.kind == "glossary":
            return "glossary/"
        if facts.kind == "charter":
            return "charter/" if edition == "teacher" else None
        if facts.kind == "unit":
            folder = path.rpartition("/")[0]
            return f"{folder}/" if any(unit.folder == folder for unit in self.units) else None
        if facts.kind == "translation":
            source = self.translated_from(path)
            address = self.address(source, edition) if source else None
            return f"{facts.language}/{address}" if address else None
        if facts.kind == "lesson":
            return f"{path[:-3]}/" if path in self.placed else None
        return f"{path[:-3]}/" if edition == "teacher" and path in self.unit_of else None

    def misconceptions(self, path: str) -> Mapping[str, str]:
        """For each misconception that a text may name, the path of the lesson that explains it: the text itself, else the first
        of its unit that does."""
        facts = self.facts.get(path)
        source = self.translated_from(path) if facts is not None and facts.kind == "translation" else None
        unit = self.unit_of.get(source or path)
        found: dict[str, str] = {}
        for one in (path, *(unit.lessons if unit else ())):
            for name in self.facts[one].misconceptions if one in self.facts else ():
                found.setdefault(name, one)
        return found

    def parts(self, path: str) -> Mapping[str, str]:
        """Who sees each part on the page of a text, by id: a translation's page holds what its source says, in its words."""
        facts = self.facts[path]
        source = self.translated_from(path) if facts.kind == "translation" else None
        return {**facts.parts, **self.facts[source].parts} if source is not None else facts.parts

    def translated_from(self, path: str) -> str | None:
        """The path of the lesson that a translation translates."""
        return next((p for p in self.by_id.get(self.facts[path].translates[0], ()) if p != path), None)


def with_texts(old: Curriculum, fresh: Mapping[str, Facts]) -> Curriculum | None:
    """The curriculum after some of its texts changed; None where its outline may be another, and all must be put
    together anew. Costs what changed: who saves a lesson must not pay for ten thousand others."""
    for path, facts in fresh.items():
        before = old.facts.get(path)
        if before is None or _standing(before) is None or _standing(before) != _standing(facts):
            return None
    made = replace(old, facts={**old.facts, **fresh})
    # What is worked out when first asked for holds nothing of these texts but what the outline takes from them.
    made.__dict__.update(
        {name: value for name, value in old.__dict__.items() if name in ("placed", "by_key")}
    )
    return made


def _standing(facts: Facts) -> tuple[str, ...] | None:
    """What the outline takes from a text that is neither a unit nor the root; None for those, whose every word counts."""
    if facts.kind in ("unit", "curriculum"):
        return None
    return facts.kind, facts.id, str(facts.readable), facts.language, facts.purpose, *facts.translates


def curriculum_of(facts: Mapping[str, Facts], files: Iterable[str]) -> Curriculum:
    """Puts the facts of all files together. Never fails; what is amiss is for `check` to say."""
    by_id: dict[str, list[str]] = {}
    for path in sorted(facts):
        if facts[path].id and facts[path].kind != "translation":
            by_id.setdefault(facts[path].id, []).append(path)
    root = facts.get("curriculum.md")
    units = _units(facts)
    unit_of: dict[str, UnitOutline] = {}
    for unit in units:
        for path in (*unit.lessons, *unit.drafts, *unit.assessments, *unit.sessions):
            unit_of.setdefault(path, unit)
    translations: dict[str, dict[str, str]] = {}
    for path in sorted(facts):
        one = facts[path]
        if one.kind == "translation" and one.translates[0] in by_id:
            translations.setdefault(by_id[one.translates[0]][0], {}).setdefault(one.language, path)
    return Curriculum(
        facts=facts,
        files=frozenset(files),
        units=units,
        framework=_root_framework(root),
        unit_of=unit_of,
        translations=translations,
        by_id={key: tuple(paths) for key, paths in by_id.items()},
    )


def _root_framework(root: Facts | None) -> str:
    return root.framework if root is not None and root.framework else "ccssm-2010"


def _units(facts: Mapping[str, Facts]) -> tuple[UnitOutline, ...]:
    folders = {
        path.rpartition("/")[0]: one for path, one in facts.items() if one.kind == "unit" and one.readable
    }
    members: dict[str, list[str]] = {folder: [] for folder in folders}
    for path in sorted(facts):
        folder = path.rpartition("/")[0]
        if facts[path].kind in ("assessment", "professional-learning"):
            folder = folder.rpartition("/")[0]
        if folder in members and facts[path].kind in ("lesson", "assessment", "professional-learning"):
            members[folder].append(path)
    units = [_unit(folder, one, members[folder], facts) for folder, one in folders.items()]
    root = facts.get("curriculum.md")
    named = {name.strip("/"): place for place, name in enumerate(root.units if root is not None else ())}
    units.sort(
        key=lambda unit: (named.get(unit.folder, len(named)), _grade_key(unit.facts.grade), unit.folder)
    )
    return tuple(units)


def _grade_key(grade: str) -> tuple[int, str]:
    if grade.upper() == "K":
        return 0, grade
    return (int(grade), grade) if grade.isascii() and grade.isdecimal() else (99, grade)


_PURPOSES = ("readiness", "mid-unit", "end-of-unit", "benchmark")


def _when(one: Facts) -> tuple[int, str]:
    """Assessments stand in the order in which a class meets them."""
    return _PURPOSES.index(one.purpose) if one.purpose in _PURPOSES else len(_PURPOSES), one.path


def _unit(folder: str, one: Facts, members: list[str], facts: Mapping[str, Facts]) -> UnitOutline:
    lessons = [path for path in members if facts[path].kind == "lesson"]
    by_stem = {path.rpartition("/")[2][:-3]: path for path in lessons}
    sections: list[SectionOutline] = []
    taken: set[str] = set()
    for section in one.sections:
        paths = []
        for use in section.lessons:
            path = by_stem.get(use.target.removesuffix(".md"))
            if path is not None and path not in taken:
                taken.add(path)
                paths.append(path)
        sections.append(SectionOutline(section.title, section.goals, tuple(paths)))
    if not one.sections:
        sections = [SectionOutline("", (), tuple(lessons))]
        taken = set(lessons)
    return UnitOutline(
        folder,
        one,
        tuple(sections),
        tuple(path for path in lessons if path not in taken),
        tuple(
            sorted(
                (path for path in members if facts[path].kind == "assessment"),
                key=lambda path: _when(facts[path]),
            )
        ),
        tuple(path for path in members if facts[path].kind == "professional-learning"),
    )


def is_text(path: str) -> bool:
    """Whether a path names a file that the format reads as text."""
    return kind_of(path) is not None
