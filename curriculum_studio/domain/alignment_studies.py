"""Webb's criteria and Porter's index: how far an assessment, a unit, a framework and what was taught agree, exact as fractions.

In a study each reviewer says of each problem which standard it asks for and how deeply, for themselves first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.domain.alignment import Taught
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.ratings import Reviewer, Sealed
from curriculum_studio.domain.standards import Framework

Number = int | Fraction
DEPTHS = (1, 2, 3, 4)
DEPTH_WORDS: Mapping[str, str] = {
    "1": "recall",
    "2": "skill and concept",
    "3": "strategic thinking",
    "4": "extended thinking",
    "": "not said",
}
"""Webb's depths of knowledge as a text writes them, in words."""


def porter_index(one: Sequence[Sequence[Number]], other: Sequence[Sequence[Number]]) -> Fraction | None:
    """1 − half the sum of differences of two tables of shares (topics by demand); counts are turned into shares first.

    None where a table is empty. Porter (2002), Educational Researcher 31(7).
    """
    first = [Fraction(cell) for row in one for cell in row]
    second = [Fraction(cell) for row in other for cell in row]
    if len(first) != len(second):
        raise ValueError("The tables are of different form.")
    if not sum(first) or not sum(second):
        return None
    total, beside = sum(first), sum(second)
    gap = sum((abs(a / total - b / beside) for a, b in zip(first, second, strict=True)), Fraction(0))
    return 1 - gap / 2


def balance_index(hits: Sequence[int]) -> Fraction | None:
    """Webb's balance of representation: 1 − ½ Σ |1/O − hitsₖ/H| over the objectives that are hit at all.

    None where none is hit. Webb (1997, 2007), Applied Measurement in Education 20(1).
    """
    hit = [number for number in hits if number]
    if not hit:
        return None
    total = sum(hit)
    return 1 - sum((abs(Fraction(1, len(hit)) - Fraction(number, total)) for number in hit), Fraction(0)) / 2


@dataclass(frozen=True, slots=True)
class Webb:
    """Webb's four criteria for one group of standards, each with the customary verdict `YES`, `WEAK` or `NO`."""

    hits: Number
    concurrence: bool
    depth: Fraction | None
    depth_level: str
    range: Fraction | None
    range_level: str
    balance: Fraction | None
    balance_level: str


def webb(objectives: Mapping[str, int], items: Sequence[tuple[str, int]]) -> Webb:
    """The criteria from the depth of each objective, and for each item the objective that it meets and its own depth.

    Cuts: 6 items; half of the items at or above the depth of their objective (40 % weak); half of the objectives met
    (40 % weak); balance 0.7 (0.6 weak). Webb (2007), Applied Measurement in Education 20(1).
    """
    hits = [(objective, depth) for objective, depth in items if objective in objectives]
    count = {one: sum(objective == one for objective, _ in hits) for one in objectives}
    deep = sum(depth >= objectives[objective] for objective, depth in hits)
    depth = Fraction(deep, len(hits)) if hits else None
    reach = Fraction(sum(n > 0 for n in count.values()), len(objectives)) if objectives else None
    balance = balance_index(list(count.values()))
    return _judged(len(hits), depth, reach, balance)


def panel(each: Sequence[Webb]) -> Webb:
    """The criteria of a whole panel: the mean of what its reviewers found, held against the same cuts. Webb (2007)."""

    def mean(values: Iterable[Number | None]) -> Fraction | None:
        known = [Fraction(one) for one in values if one is not None]
        return sum(known, Fraction(0)) / len(known) if known else None

    return _judged(
        mean(one.hits for one in each) or Fraction(0),
        mean(one.depth for one in each),
        mean(one.range for one in each),
        mean(one.balance for one in each),
    )


def _judged(hits: Number, depth: Fraction | None, reach: Fraction | None, balance: Fraction | None) -> Webb:
    half, weak = Fraction(1, 2), Fraction(2, 5)
    return Webb(
        hits, hits >= 6, depth, _level(depth, half, weak), reach, _level(reach, half, weak),
        balance, _level(balance, Fraction(7, 10), Fraction(6, 10)),
    )  # fmt: skip


def _level(value: Fraction | None, yes: Fraction, weak: Fraction) -> str:
    if value is None or value < weak:
        return "NO"
    return "YES" if value >= yes else "WEAK"


# Studies ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of an assessment as a study has it: its number in the study, and the text and part where it stands."""

    id: str
    title: str
    path: str
    part: str


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person finds that a problem asks for: a standard ("" for none of them), and how deeply."""

    problem: str
    standard: str
    depth: int


@dataclass(frozen=True, slots=True)
class Study(Sealed):
    """A study: problems of a unit's assessments in one version, against standards (code to the depth that each asks for)."""

    key: str
    unit: str
    title: str
    version: str
    framework: str
    standards: Mapping[str, int]
    problems: tuple[Problem, ...]
    opened_by: str
    at: int
    closed: bool
    reviewers: tuple[Reviewer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Standards that are judged together, as one domain: the criteria by each person, and by the panel."""

    name: str
    standards: tuple[str, ...]
    each: Mapping[str, Webb]
    panel: Webb


def checked_codings(study: Study, codings: Iterable[Coding]) -> tuple[Coding, ...]:
    """A whole coding, in the order of the problems. Raises `Refused` with what is missing."""
    given = {one.problem: one for one in codings}
    found = []
    for problem in study.problems:
        one = given.get(problem.id)
        if one is None or one.depth not in DEPTHS or (one.standard and one.standard not in study.standards):
            raise Refused(f"Choose a standard and a depth for “{problem.title}”. Nothing was handed in yet.")
        found.append(one)
    return tuple(found)


def groups_of(study: Study, known: Framework, codings: Mapping[str, Sequence[Coding]]) -> tuple[Group, ...]:
    """Webb's criteria for each group of standards; nobody's codings, no groups."""
    by_group: dict[str, dict[str, int]] = {}
    for code, depth in study.standards.items():
        by_group.setdefault(group_of(known, code), {})[code] = depth
    found = []
    for name, standards in by_group.items():
        each = {
            person: webb(standards, [(one.standard, one.depth) for one in rows])
            for person, rows in codings.items()
        }
        if each:
            found.append(Group(name, tuple(standards), each, panel(list(each.values()))))
    return tuple(found)


def group_of(known: Framework, code: str) -> str:
    """The domain above a standard; where the framework has none, the topmost item below its root that holds it."""
    above = _above(known, code)
    return next((one for one in above if known.standards[one].kind == "domain"), above[-1])


def topic_of(known: Framework, code: str) -> str:
    """What a code is counted under where contents are compared: a standard with its parts; anything else itself."""
    one = known.standards[code]
    return one.parent if one.kind == "substandard" and one.parent else code


def _above(known: Framework, code: str) -> list[str]:
    """A standard and what it stands in, upwards."""
    found = [code]
    while (parent := known.standards[found[-1]].parent) in known.standards and len(found) < 16:
        found.append(parent)  # type: ignore[arg-type]
    return found


# Contents -----------------------------------------------------------------------------------------------------

Weights = Mapping[tuple[str, str], Fraction]
"""How much weight lies on each topic and depth ("1" to "4", "" where no depth is said)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contents side by side: the index (None where one is empty), and for each topic and depth both shares.

    `by_topic` says that depths were left out because one side names none.
    """

    index: Fraction | None
    topics: tuple[str, ...]
    depths: tuple[str, ...]
    one: Weights
    other: Weights
    by_topic: bool


def of_standards(known: Framework, codes: Iterable[str], depths: Mapping[str, Sequence[int]]) -> Weights:
    """A framework's content: each standard weighs one, divided evenly among the depths that it asks for."""
    found: dict[tuple[str, str], Fraction] = {}
    for code in codes:
        asked = [str(one) for one in depths.get(code, ())] or [""]
        for depth in asked:
            _add(found, (topic_of(known, code), depth), Fraction(1, len(asked)))
    return found


def of_lessons(known: Framework, lessons: Iterable[Taught], minutes: Callable[[Taught], Number]) -> Weights:
    """The content of lessons: minutes, divided evenly among the standards that a lesson addresses, and of each among the
    depths of the lesson's problems (those of the same topic where there are any)."""
    found: dict[tuple[str, str], Fraction] = {}
    for lesson in lessons:
        codes = sorted(lesson.codes("addressing"))
        problems = [
            (topic_of(known, standard.code), depth)
            for code, depth in lesson.dok
            if (standard := known.find(code.replace(",", " ").split()[0] if code.strip() else "")) is not None
        ]
        for code in codes:
            topic = topic_of(known, code)
            own = [depth for there, depth in problems if there == topic] or [depth for _, depth in problems]
            for depth in own or [""]:
                share = Fraction(minutes(lesson)) / len(codes) / max(1, len(own))
                _add(found, (topic, depth if depth in _DEPTH_NAMES else ""), share)
    return found


def of_problems(known: Framework, problems: Iterable[tuple[Sequence[str], str, Number]]) -> Weights:
    """The content of an assessment: the points of each problem, divided evenly among the standards that it names."""
    found: dict[tuple[str, str], Fraction] = {}
    for names, depth, points in problems:
        codes = [one.code for name in names if (one := known.find(name)) is not None]
        for code in codes:
            spot = topic_of(known, code), depth if depth in _DEPTH_NAMES else ""
            _add(found, spot, Fraction(points) / len(codes))
    return found


_DEPTH_NAMES = tuple(str(one) for one in DEPTHS)


def compare_contents(known: Framework, one: Weights, other: Weights) -> Comparison:
    """Porter's index of two contents, topics in the order of the framework; by topic alone where a side says no depth."""
    by_topic = not all(any(depth for _, depth in side) for side in (one, other) if side)
    if by_topic:
        one, other = _flat(one), _flat(other)
    named = {topic for topic, _ in (*one, *other)}
    topics = tuple(code for code in known.standards if code in named)
    depths = tuple(name for name in (*_DEPTH_NAMES, "") if any(depth == name for _, depth in (*one, *other)))
    tables = [
        [[side.get((topic, depth), Fraction(0)) for depth in depths] for topic in topics]
        for side in (one, other)
    ]
    index = porter_index(*tables) if topics else None
    return Comparison(index, topics, depths, _shares(one), _shares(other), by_topic)


def _flat(side: Weights) -> Weights:
    found: dict[tuple[str, str], Fraction] = {}
    for (topic, _), weight in side.items():
        _add(found, (topic, ""), weight)
    return found


def _shares(side: Weights) -> Weights:
    total = sum(side.values(), Fraction(0))
    return {spot: weight / total for spot, weight in side.items()} if total else {}


def _add(found: dict[tuple[str, str], Fraction], spot: tuple[str, str], weight: Fraction) -> None:
    found[spot] = found.get(spot, Fraction(0)) + weight
