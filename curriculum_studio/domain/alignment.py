"""Coverage: what texts claim of standards, put together; counted exactly, each claim of a text once.

A claim on a standard holds for its parts, and a claim on a part touches the standard that it is a part of. A claim on a
whole cluster, domain or grade is shown where it stands and covers no single standard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.domain.coherence import distances
from curriculum_studio.domain.standards import Framework, Standard


@dataclass(frozen=True, slots=True)
class Relation:
    """What a text does with a standard: a letter for a heat map, the words about the text, and those about the standard."""

    letter: str
    does: str
    where: str


RELATIONS: Mapping[str, Relation] = {
    "building-on": Relation("B", "builds on", "Built on by"),
    "addressing": Relation("T", "teaches", "Taught in"),
    "building-toward": Relation("W", "builds toward", "Prepared in"),
    "practises": Relation("P", "practises", "Practised in"),
    "assesses": Relation("A", "assesses", "Assessed in"),
}
"""Every relation of a claim, in the order in which a lesson says them."""
EMPHASES = ("major", "supporting", "additional")
MAJOR_LINE = Fraction(65, 100)
"""The share of minutes on major work below which a course of the grades K to 8 is usually held to be out of focus."""
MOST_IN_LESSON = 3
"""A lesson that addresses more standards than this is called overloaded."""
_SINGLE = ("standard", "substandard")


@dataclass(frozen=True, slots=True)
class Gate:
    """What a curriculum asks of a release: that every standard which lessons address is assessed (`assessed`) or every one
    of the grades is addressed (`taught`), a share of minutes on major work, and rubrics by which each unit is rated."""

    assessed: bool = False
    taught: bool = False
    major: Fraction | None = None
    rated: tuple[str, ...] = ("rigor", "relevance")


def gate_of(asked: Mapping[str, str]) -> Gate | None:
    """The gate as a curriculum writes it (`assessed`, `taught`: yes; `major-work`: percent; `rated`: rubrics, by default
    rigor and relevance, `none` for none); None where it asks for nothing."""
    if not asked:
        return None
    typed = asked.get("major-work", "").removesuffix("%").strip()
    major = Fraction(int(typed), 100) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else None
    named = asked.get("rated")
    rated = Gate().rated if named is None else tuple(one for one in named.split() if one != "none")
    return Gate(asked.get("assessed") == "yes", asked.get("taught") == "yes", major, rated)


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson or an assessment as coverage sees it. `claims` are pairs of relation and code; `rigor` the aspects and
    minutes of its activities, as typed; `dok` the codes and the depth of knowledge of its problems, as typed."""

    path: str
    title: str
    kind: str
    unit: str
    grade: str
    minutes: int
    claims: frozenset[tuple[str, str]]
    rigor: tuple[tuple[str, str], ...] = ()
    dok: tuple[tuple[str, str], ...] = ()

    def codes(self, *relations: str) -> frozenset[str]:
        """The codes that it names with one of these relations."""
        return frozenset(code for relation, code in self.claims if relation in relations)


@dataclass(frozen=True, slots=True)
class Coverage:
    """See the module. `cells` gives for (code, path) the relations, in the order of `RELATIONS`.

    `emphasis` are minutes of lessons by emphasis, each lesson's divided evenly among the standards that it addresses
    ("" for those without an emphasis); `unclaimed` minutes of lessons that address nothing; `rigor` minutes by aspect,
    an activity's divided evenly among its aspects; `dok` how many problems there are of each depth of knowledge.
    """

    framework: Framework
    standards: tuple[str, ...]
    texts: tuple[Taught, ...]
    cells: Mapping[tuple[str, str], tuple[str, ...]]
    gaps: tuple[str, ...]
    unassessed: tuple[str, ...]
    overloads: tuple[tuple[Taught, int], ...]
    emphasis: Mapping[str, Fraction]
    unclaimed: int
    rigor: Mapping[str, Fraction]
    dok: Mapping[str, int]

    @property
    def major_share(self) -> Fraction | None:
        """The share of minutes on major work among those whose emphasis is known; None where none is."""
        known = sum((self.emphasis.get(one, Fraction(0)) for one in EMPHASES), Fraction(0))
        return self.emphasis.get("major", Fraction(0)) / known if known else None


@dataclass(frozen=True, slots=True)
class Preparation:
    """A standard on which a lesson rests: how many steps before it, and the texts that address it."""

    standard: Standard
    steps: int
    texts: tuple[Taught, ...]


def coverage(framework: Framework, texts: Sequence[Taught]) -> Coverage:
    """Everything that the texts claim, against the standards of their grades."""
    lessons = [text for text in texts if text.kind == "lesson"]
    relations: dict[tuple[str, str], set[str]] = {}
    claimed: set[str] = set()
    for text in texts:
        for relation, code in text.claims:
            relations.setdefault((code, text.path), set()).add(relation)
            claimed.add(code)
    family = _families(framework)
    addressed = _touched(family, (code for text in texts for code in text.codes("addressing")))
    assessed = _touched(family, (code for text in texts for code in text.codes("assesses")))
    grades = {text.grade for text in texts if text.grade}
    expected = [
        one.code
        for one in framework.standards.values()
        if one.kind in _SINGLE and (one.grade in grades or bool(grades & set(_grades(one.grade))))
    ]
    rows = set(expected) | claimed
    direct = {code for text in texts for code in text.codes("addressing")}
    emphasis, unclaimed = _emphasis(framework, lessons)
    return Coverage(
        framework,
        tuple(code for code in framework.standards if code in rows),
        tuple(texts),
        {key: tuple(one for one in RELATIONS if one in found) for key, found in relations.items()},
        tuple(code for code in expected if code not in addressed),
        tuple(code for code in framework.standards if code in direct and code not in assessed),
        _overloads(framework, lessons),
        emphasis,
        unclaimed,
        _rigor(lessons),
        _depths(texts),
    )


def prepares(
    framework: Framework, lesson: Taught, grade: str, texts: Iterable[Taught]
) -> tuple[Preparation, ...]:
    """The standards of a grade that what a lesson addresses rests on, the nearest first, with the texts that address them."""
    family = _families(framework)
    start = {code for named in lesson.codes("addressing") for code in family.get(named, (named,))}
    steps = distances(framework, sorted(start), back=True)
    by_code: dict[str, list[Taught]] = {}
    for text in texts:
        for code in text.codes("addressing"):
            by_code.setdefault(code, []).append(text)
    found = [
        Preparation(one, steps[one.code], tuple(by_code.get(one.code, ())))
        for one in framework.standards.values()
        if one.code in steps and one.code not in start and grade in (one.grade, *_grades(one.grade))
    ]
    return tuple(sorted(found, key=lambda one: one.steps))


def emphasis_of(framework: Framework, code: str) -> str:
    """The emphasis of a standard, its own or that of the nearest above it; "" where none is known."""
    one = framework.standards.get(code)
    for _ in range(16):
        if one is None:
            return ""
        if one.emphasis:
            return one.emphasis
        one = framework.standards.get(one.parent or "")
    return ""


def _grades(grade: str) -> tuple[str, ...]:
    """The single grades of a span such as `9-12` or `K-12`; none of a plain grade."""
    first, dash, last = grade.partition("-")
    if not dash or not last.isdecimal():
        return ()
    low = 0 if first.upper() == "K" else int(first) if first.isdecimal() else 1
    return tuple("K" if number == 0 else str(number) for number in range(low, int(last) + 1))


def _families(framework: Framework) -> Mapping[str, tuple[str, ...]]:
    """For each single standard itself, its parts, and the standard that it is a part of."""
    found: dict[str, tuple[str, ...]] = {}
    for one in framework.standards.values():
        if one.kind not in _SINGLE:
            continue
        parts = framework.children(one.code)
        whole = (one.parent,) if one.kind == "substandard" and one.parent else ()
        found[one.code] = (one.code, *parts, *whole)
    return found


def _touched(family: Mapping[str, tuple[str, ...]], codes: Iterable[str]) -> frozenset[str]:
    return frozenset(one for code in set(codes) for one in family.get(code, (code,)))


def _overloads(framework: Framework, lessons: Iterable[Taught]) -> tuple[tuple[Taught, int], ...]:
    """Lessons that address too many standards; the parts of one standard count as that standard."""
    found = []
    for lesson in lessons:
        wholes = set()
        for code in lesson.codes("addressing"):
            one = framework.standards[code]
            wholes.add(one.parent if one.kind == "substandard" and one.parent else code)
        if len(wholes) > MOST_IN_LESSON:
            found.append((lesson, len(wholes)))
    return tuple(found)


def _emphasis(framework: Framework, lessons: Iterable[Taught]) -> tuple[Mapping[str, Fraction], int]:
    known: dict[str, str] = {}
    minutes: dict[str, Fraction] = {}
    unclaimed = 0
    for lesson in lessons:
        codes = lesson.codes("addressing")
        if not codes:
            unclaimed += lesson.minutes
            continue
        share = Fraction(lesson.minutes, len(codes))
        for code in codes:
            if code not in known:
                known[code] = emphasis_of(framework, code)
            minutes[known[code]] = minutes.get(known[code], Fraction(0)) + share
    return minutes, unclaimed


def _rigor(lessons: Iterable[Taught]) -> Mapping[str, Fraction]:
    minutes: dict[str, Fraction] = {}
    for lesson in lessons:
        for aspects, typed in lesson.rigor:
            names = [name for name in aspects.replace(",", " ").split() if name]
            if typed.isascii() and typed.isdecimal():
                for name in names:
                    minutes[name] = minutes.get(name, Fraction(0)) + Fraction(int(typed), len(names))
    return {name: minutes[name] for name in ("conceptual", "procedural", "application") if name in minutes}


def _depths(texts: Iterable[Taught]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        for _, level in text.dok:
            counts[level] = counts.get(level, 0) + 1
    return {level: counts[level] for level in ("1", "2", "3", "4") if level in counts}
