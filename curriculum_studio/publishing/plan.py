"""Which pages an edition has, and everything that each page is told besides its own leaf.

Planning knows facts alone (never a text), so that it costs the same whatever the lessons hold.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from curriculum_studio.domain.kinds import Edition
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.links import resolve
from curriculum_studio.publishing.site import Card, CodeLink, Link

_SOURCE_PAGES = ("lesson", "unit", "assessment", "professional-learning", "translation")


@dataclass(frozen=True)
class Plan:
    """An edition of a curriculum: the address of each page and what pages know of each other.

    `pictures` gives for a picture's path its published file, width and height.
    """

    edition: Edition
    curriculum: Curriculum
    framework: Framework | None
    pictures: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Address to the path of the file that the page is made from, in a fixed order."""
        found: dict[str, str] = {}
        for path in sorted(self.curriculum.facts):
            facts = self.curriculum.facts[path]
            if facts.kind in _SOURCE_PAGES and (address := self.address(path)) is not None:
                found[address] = path
        return found

    def address(self, path: str) -> str | None:
        """The address of a file's page in this edition, None where it has none."""
        return self.curriculum.address(path, self.edition)

    def link(self, path: str, address: str) -> Callable[[str], str | None]:
        """For the page at `address` made from `path`: the address to write for a target, or None."""
        root = "../" * address.count("/")
        language = self.curriculum.facts[path].language if path in self.curriculum.facts else ""
        return lambda target: self._href(path, root, target, language)

    def _href(self, path: str, root: str, target: str, language: str) -> str | None:
        to = resolve(path, target)
        if to.kind == "web":
            return to.path
        if to.kind != "file" or to.path not in self.curriculum.facts:
            return None
        if to.part and self.edition[0] not in self.curriculum.parts(to.path).get(to.part, ""):
            return None
        if to.path == path and to.part:
            return f"#{to.part}"
        own = self.curriculum.translations.get(to.path, {}).get(language)
        address = self.address(own or to.path)
        if address is None:
            return None
        return (f"{root}{address}" or "./") + (f"#{to.part}" if to.part else "")

    def picture(self, path: str, address: str) -> Callable[[str], tuple[str, int, int] | None]:
        """For the page at `address` made from `path`: file, width and height for a picture's target."""
        root = "../" * address.count("/")

        def one(target: str) -> tuple[str, int, int] | None:
            to = resolve(path, target)
            found = self.pictures.get(to.path) if to.kind == "file" else None
            return (root + found[0], found[1], found[2]) if found else None

        return one

    def misconception(self, path: str, address: str) -> Callable[[str], tuple[str, str] | None]:
        """For the page at `address` made from `path`: title and address of a misconception that another lesson explains."""
        root = "../" * address.count("/")

        @cache
        def known() -> Mapping[str, str]:
            return self.curriculum.misconceptions(path)

        def one(name: str) -> tuple[str, str] | None:
            there = known().get(name)
            if there is None:
                return None
            shown = self._in(there, self.curriculum.facts[path].language)
            titles = [self.curriculum.facts[path].misconceptions.get(name) for path in (shown, there)]
            to = self.address(shown)
            return (titles[0] or titles[1] or name, f"{root}{to}#{name}") if to is not None else None

        return one

    def code(self, code: str) -> CodeLink:
        """A standard as pages name it."""
        found = self.framework.find(code) if self.framework else None
        if found is None:
            return CodeLink(code, "", None)
        return CodeLink(found.code, found.label, f"standards/#{anchor(found.code)}")

    def card(self, path: str) -> Card:
        """All that other pages may know of a file's page in this edition."""
        facts = self.curriculum.facts[path]
        unit = self.curriculum.unit_of.get(path)
        return Card(
            id=facts.id,
            kind=facts.kind,
            title=facts.title,
            address=self.address(path) or "",
            grade=unit.facts.grade if unit is not None else facts.grade,
            language=facts.language or "en",
            minutes=self._minutes(facts),
            codes=self.codes(facts),
            terms=self._terms(facts),
        )

    def _minutes(self, facts: Facts) -> str:
        """The minutes of a lesson; a translation lasts as long as what it translates."""
        source = self.curriculum.translated_from(facts.path) if facts.kind == "translation" else None
        return facts.minutes or (self.curriculum.facts[source].minutes if source else "")

    def card_in(self, path: str, language: str) -> Card:
        """The card of a file's page in a language where a translation stands, else of the page itself."""
        return self.card(self.curriculum.translations.get(path, {}).get(language, path))

    def codes(self, facts: Facts) -> tuple[tuple[str, str], ...]:
        """The standards that this edition may name for a file, each once for each relation."""
        if facts.kind == "assessment" and self.edition != "teacher":
            return ()
        found: dict[tuple[str, str], None] = {}
        for claim in facts.claims:
            # The same code in another edition of the standards is another standard: readers see those of one.
            if self.edition[0] not in claim.seen or claim.framework not in ("", self.curriculum.framework):
                continue
            if claim.relation in ("practises", "assesses") and self.edition == "family":
                continue
            standard = self.framework.find(claim.code) if self.framework else None
            found[(claim.relation, standard.code if standard else claim.code)] = None
        return tuple(found)

    def _terms(self, facts: Facts) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for use in facts.links:
            if self.edition[0] in use.seen and "glossary.md#" in use.target:
                to = resolve(facts.path, use.target)
                if to.path == "glossary.md":
                    found[to.part] = None
        return tuple(found)

    def neighbours(self, path: str, language: str = "") -> tuple[Link | None, Link | None]:
        """The lessons before and after a lesson in its unit, in a language where a translation stands."""
        unit, _, _ = self.curriculum.placed[path]
        lessons = unit.lessons
        at = lessons.index(path)
        before = self.page_link(self._in(lessons[at - 1], language)) if at > 0 else None
        after = self.page_link(self._in(lessons[at + 1], language)) if at + 1 < len(lessons) else None
        return before, after

    def _in(self, path: str, language: str) -> str:
        """The translation of a file into a language that has a page in this edition, else the file."""
        found = self.curriculum.translations.get(path, {}).get(language)
        return found if found is not None and self.address(found) is not None else path

    def page_link(self, path: str) -> Link:
        """A file's page by its title."""
        facts = self.curriculum.facts[path]
        return Link(facts.title, self.address(path) or "", facts.language or "en")

    def translations(self, path: str) -> tuple[Link, ...]:
        """The same page in other languages: the source's page first, then translations by language."""
        facts = self.curriculum.facts[path]
        source = self.curriculum.translated_from(path) if facts.kind == "translation" else path
        if source is None:
            return ()
        paths = [source, *(p for _, p in sorted(self.curriculum.translations.get(source, {}).items()))]
        return tuple(self.page_link(p) for p in paths if p != path) if len(paths) > 1 else ()

    def unit_link(self, unit: UnitOutline, language: str = "") -> Link:
        """A unit's page by its title, in a language where a translation stands."""
        if (path := self._in(unit.facts.path, language)) != unit.facts.path:
            return self.page_link(path)
        return Link(unit.facts.title, f"{unit.folder}/" if unit.folder else "", unit.facts.language or "en")


def anchor(code: str) -> str:
    """The id of a standard on the standards page."""
    return "s-" + "".join(ch if ch.isalnum() or ch in ".-" else "-" for ch in code)


def asset_name(path: str, digest: str) -> str:
    """The published file of an asset: `assets/<stem>.<8 hex>.<ext>`."""
    stem, _, extension = posixpath.basename(path).rpartition(".")
    return f"assets/{stem}.{digest[:8]}.{extension.lower()}"
