"""What a page of a published site is made from: plain frozen facts, each computed from views alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from curriculum_studio.domain.kinds import Edition
from curriculum_studio.publishing.strings import RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Link:
    """A page and what it is called. `address` is relative to the edition's root and ends with `/` (or is "")."""

    title: str
    address: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CodeLink:
    """A standard as a page names it: its code, our own short label, and its page where the site has one."""

    code: str
    label: str
    address: str | None


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part ready to be shown: `heading` and `body` are safe HTML, `label` is the kind in the page's language.

    `attributes` are those that the edition may see. `language` is set where it is not the page's.
    """

    kind: str
    level: int
    label: str
    heading: str
    id: str | None
    attributes: Mapping[str, str]
    ordinal: int
    body: str
    parts: tuple[PagePart, ...] = ()
    language: str | None = None
    key: Mapping[str, str] = field(default_factory=dict)
    """Of a problem that students may check: what the page's script needs for it, as `data-` attributes."""

    @property
    def direction(self) -> str:
        """The way in which the part's own language is written: what a page of the other way takes over reads right."""
        return "rtl" if (self.language or "").partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def each_part(parts: Sequence[PagePart]) -> Iterator[PagePart]:
    """These parts and all below them, in the order of the page."""
    for part in parts:
        yield part
        yield from each_part(part.parts)


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of an edition share. `assets` gives the file of each asset by its plain name
    (`site.css` to `assets/site.1a2b3c4d.css`); `base_url` is "" or ends with `/`."""

    edition: Edition
    title: str
    organization: str
    language: str
    languages: tuple[str, ...]
    license: str
    assets: Mapping[str, str]
    base_url: str = ""
    reports: str = ""
    """Where readers may report something; "" where they may not."""


@dataclass(frozen=True, slots=True)
class Card:
    """All that other pages may know of a page: what lists, glossary, standards and unit pages are made from."""

    id: str
    kind: str
    title: str
    address: str
    grade: str
    language: str
    minutes: str
    codes: tuple[tuple[str, str], ...]
    """Pairs of relation (`building-on`, `addressing`, `building-toward`, `practises`, `assesses`) and code."""
    terms: tuple[str, ...] = ()
    """Ids of the glossary terms that the page links to."""


@dataclass(frozen=True, slots=True)
class SectionCards:
    """A section of a unit: its title, its goals (the teacher's; "" elsewhere), its lessons in order."""

    title: str
    goals: tuple[str, ...]
    lessons: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson (or an assessment or session, by `kind`) as a page."""

    kind: str
    id: str
    title: str
    address: str
    language: str
    grade: str
    minutes: str
    parts: tuple[PagePart, ...]
    unit: Link
    section: str
    number: int
    previous: Link | None
    next: Link | None
    standards: Mapping[str, tuple[CodeLink, ...]]
    practices: tuple[CodeLink, ...]
    routines: tuple[str, ...]
    materials: Mapping[str, tuple[str, ...]]
    license: str
    credits: tuple[str, ...]
    based_on: Mapping[str, str]
    translations: tuple[Link, ...]
    assesses: tuple[CodeLink, ...] = ()
    """The standards that its practice problems and its cool-down check, as this edition may say."""
    lessons: int = 0
    """How many lessons the unit has."""
    stale: bool = False
    """Of a translation: its source, as this edition shows it, has changed since."""
    source_language: str = ""
    """Of a translation: the language of what its source says for it, such as the materials."""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit as a page; `assessments` and `sessions` are empty but in the teacher edition."""

    id: str
    title: str
    address: str
    language: str
    grade: str
    weeks: str
    parts: tuple[PagePart, ...]
    sections: tuple[SectionCards, ...]
    standards: Mapping[str, tuple[CodeLink, ...]]
    assessments: tuple[Card, ...] = ()
    professional_learning: tuple[Card, ...] = ()
    license: str = ""
    translations: tuple[Link, ...] = ()
    home: str = ""
    """The address of the unit's own page, beside which lie its zip and what is printed."""
    stale: bool = False
    """Of a translation: the unit's own page, as this edition shows it, has changed since."""
    source_language: str = ""
    """Of a translation: the language of the unit's own header, such as the titles of its sections."""


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary entry: the word, its definition as safe HTML, its translations, the lessons that use it."""

    id: str
    word: str
    definition: str
    translations: tuple[tuple[str, str], ...]
    lessons: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard with the lessons that name it, by relation."""

    code: CodeLink
    kind: str
    depth: int
    lessons: Mapping[str, tuple[Card, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitCard:
    """A unit as the front page lists it."""

    title: str
    address: str
    grade: str
    lessons: int
    weeks: str = ""
    sections: tuple[str, ...] = ()
    language: str = "en"
