"""What people do with alignment studies: invite, code problems, see Webb's criteria, say what was taught, compare contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.access import Access
from curriculum_studio.actions.alignment import Scope, coverage_of
from curriculum_studio.domain.agreement import Figure, alpha_interval, krippendorff_alpha, percent_agreement
from curriculum_studio.domain.alignment import Coverage, Taught
from curriculum_studio.domain.alignment_studies import (
    DEPTHS,
    Coding,
    Comparison,
    Group,
    Problem,
    Study,
    Weights,
    compare_contents,
    group_of,
    groups_of,
    of_lessons,
    of_problems,
    of_standards,
)
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.assessment_items import asked_of
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.studio import Studio

MOST_MINUTES = 2000
"""Minutes that one lesson may have been taught."""
CONTENTS: Mapping[str, str] = {
    "standards": "the standards of its grade",
    "claims": "the standards that the unit claims",
    "unit": "the unit as it is planned",
    "assessments": "its assessments",
    "taught": "what was taught",
}
"""What can be laid beside each other, in words."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A study as one person sees it now: `codings` (person to codings) are all, or that person's own alone. `depths_within` is
    the interval of alpha."""

    study: Study
    unit: UnitOutline
    framework: Framework
    codings: Mapping[str, tuple[Coding, ...]]
    open: bool
    groups: tuple[Group, ...]
    depths_alike: Figure | None
    depths_within: tuple[float, float] | None
    standards_alike: Figure | None


def studies(studio: Studio, person: Person) -> list[Study]:
    """The studies of all units that somebody may read, the newest first."""
    readable = {one.facts.id for one in _units(studio, person)}
    return [one for one in studio.studies.all() if one.unit in readable]


def to_study(
    studio: Studio, person: Person, folder: str
) -> tuple[UnitOutline, Framework, tuple[Problem, ...], Mapping[str, int]]:
    """What a study of a unit would be about: its problems that name a standard, and the standards of the domains that the
    unit or its problems name, each with the depth that is known of it (2 where none is). Raises `NotFound`, `Refused`."""
    unit = _unit(studio, person, folder)
    found = coverage_of(studio, Scope(unit=folder), Access(studio, person).reads)
    known = found.framework
    problems = _problems(studio, unit)
    if not problems:
        raise Refused(
            "No assessment of this unit has a problem that names a standard. There is nothing to study."
        )
    asked = {
        one.code
        for _, _, _, names, _, _ in _asked(studio, unit)
        for name in names
        if (one := known.find(name))
    }
    claimed = asked | {code for text in found.texts for code in text.codes("addressing")}
    groups = {group_of(known, code) for code in claimed}
    depths = depths_of(studio, known)
    wanted = {
        code: max(depths.get(code, (2,)))
        for code, one in known.standards.items()
        if one.kind in ("standard", "substandard")
        and one.grade == unit.facts.grade
        and group_of(known, code) in groups
    }
    wanted |= {code: max(depths.get(code, (2,))) for code in claimed if code not in wanted and known.standards[code].kind in ("standard", "substandard")}  # fmt: skip
    return unit, known, problems, {code: wanted[code] for code in known.standards if code in wanted}


def open_study(
    studio: Studio, person: Person, folder: str, depths: Mapping[str, int], people: Iterable[str]
) -> str:
    """Invites people to code the assessments of a unit as it stands now, against standards with the depth that each asks
    for; those left out of `depths` take no part. Gives the study's key."""
    if not person.may("rounds"):
        raise Refused("Researchers and leads open studies. Nothing was begun.")
    unit, known, problems, standards = to_study(studio, person, folder)
    wanted = {code: depths[code] for code in standards if code in depths}
    if not wanted or any(depth not in DEPTHS for depth in wanted.values()):
        raise Refused("Give at least one standard its depth, from 1 to 4. Nothing was begun.")
    invited, by_key = set(people), {one.person.key: one.person for one in studio.people.all() if not one.left}
    for key in sorted(invited):
        if key not in by_key or not Access(studio, by_key[key]).reads(f"{folder}/unit.md"):
            raise Refused(f"{by_key[key].name if key in by_key else 'Somebody'} may not read this unit. Nothing was begun.")  # fmt: skip
    about = unit.facts.id, unit.facts.title, studio.snapshot().version
    return studio.studies.open(about, known.id, wanted, problems, invited, person.key)


def see_study(studio: Studio, person: Person, key: str) -> Seen:
    """A study, for somebody who may read its unit. Raises `NotFound`."""
    _unit_of(studio, person, studio.studies.get(key))
    return seen_study(studio, key, person.key)


def seen_study(studio: Studio, key: str, viewer: str) -> Seen:
    """A study for a viewer ("": what is open to all). Raises `NotFound`."""
    study = studio.studies.get(key)
    unit = next((one for one in studio.curriculum()[1].units if one.facts.id == study.unit), None)
    known = framework(studio.snapshot(study.version), study.framework)
    if known is None or unit is None:
        raise NotFound("There is no such study.")
    codings, open_ = studio.studies.seen_by(key, viewer), study.shows(viewer)
    groups = groups_of(study, known, codings if open_ else {})
    alike = _alike(study, codings) if open_ and len(codings) > 1 else (None, None, None)
    return Seen(study, unit, known, codings, open_, groups, *alike)


def _alike(
    study: Study, codings: Mapping[str, Sequence[Coding]]
) -> tuple[Figure, tuple[float, float] | None, Figure]:
    """How far people agree: ordinal alpha of depths with its interval, and the share of pairs that name the same standard."""
    place = {code: number for number, code in enumerate(("", *study.standards))}
    people = [{one.problem: one for one in rows} for rows in codings.values()]
    depths = [tuple(rows[one.id].depth for rows in people) for one in study.problems]
    names = [tuple(place[rows[one.id].standard] for rows in people) for one in study.problems]
    alpha = krippendorff_alpha(depths)
    within = alpha_interval(depths) if alpha.value is not None else None
    return alpha, within, percent_agreement(names)


def hand_in_codings(studio: Studio, person: Person, key: str, codings: Iterable[Coding]) -> None:
    """Hands a whole coding in. Raises `Refused` with what is missing."""
    _unit_of(studio, person, studio.studies.get(key))
    studio.studies.hand_in(key, person.key, codings)


def close_study(studio: Studio, person: Person, key: str) -> None:
    """Ends a study. For whoever opened it, and leads, once their own is in."""
    study = studio.studies.get(key)
    _unit_of(studio, person, study)
    if person.key != study.opened_by and person.role != "lead":
        raise Refused("Who opened the study, or a lead, closes it. Nothing was changed.")
    if study.awaits(person.key):
        raise Refused("Yours is not in yet: hand it in first. Nothing was changed.")
    studio.studies.close(key, person.key)


# What was taught, and contents --------------------------------------------------------------------------------


def say_taught(studio: Studio, person: Person, folder: str, minutes: Mapping[str, str]) -> None:
    """Somebody says how many minutes they taught each lesson (path to what was typed). Raises `Refused`, `NotFound`."""
    unit = _unit(studio, person, folder)
    if not person.may("results"):
        raise Refused("Who teaches or studies the unit says what was taught. Nothing was changed.")
    facts = studio.curriculum()[1].facts
    found: dict[str, int] = {}
    for path in unit.lessons:
        typed = minutes.get(path, "").strip()
        if not typed:
            continue
        if not (typed.isascii() and typed.isdecimal() and int(typed) <= MOST_MINUTES):
            raise Refused(f"“{facts[path].title}”: write minutes as a whole number, 0 where it was left out. Nothing was changed.")  # fmt: skip
        if facts[path].id:
            found[facts[path].id] = int(typed)
    studio.studies.say_taught(unit.facts.id, person.key, found)


def taught_by(studio: Studio, person: Person, folder: str) -> tuple[UnitOutline, Mapping[str, int], int]:
    """A unit, what the person said of its lessons (path to minutes), and how many people said something."""
    unit = _unit(studio, person, folder)
    facts = studio.curriculum()[1].facts
    said = studio.studies.taught(unit.facts.id)
    own = said.get(person.key, {})
    return unit, {path: own[facts[path].id] for path in unit.lessons if facts[path].id in own}, len(said)


def depths_of(studio: Studio, known: Framework) -> Mapping[str, tuple[int, ...]]:
    """The depths that standards ask for: as the newest study says, else as the package says."""
    found = dict(known.depths)
    for study in reversed(studio.studies.all()):
        if study.framework == known.id:
            found |= {code: (depth,) for code, depth in study.standards.items()}
    return found


def contents_of(studio: Studio, person: Person, folder: str, one: str, other: str) -> tuple[UnitOutline, Framework, Comparison]:  # fmt: skip
    """Two contents of a unit side by side, each a name of `CONTENTS`. Raises `NotFound`."""
    unit = _unit(studio, person, folder)
    if one not in CONTENTS or other not in CONTENTS:
        raise NotFound("There is no such content.")
    found = coverage_of(studio, Scope(unit=folder), Access(studio, person).reads)
    sides = [_weights(studio, unit, found)[name]() for name in (one, other)]
    return unit, found.framework, compare_contents(found.framework, sides[0], sides[1])


def _weights(studio: Studio, unit: UnitOutline, found: Coverage) -> Mapping[str, Callable[[], Weights]]:
    """How each content is weighed."""
    known = found.framework
    lessons = [text for text in found.texts if text.kind == "lesson"]
    single = {code for code, one in known.standards.items() if one.kind in ("standard", "substandard")}
    claimed = {code for text in found.texts for code in text.codes("addressing")} & single
    graded = [
        code for code in found.standards if code in single and known.standards[code].grade == unit.facts.grade
    ]
    return {
        "standards": lambda: of_standards(known, graded, depths_of(studio, known)),
        "claims": lambda: of_standards(known, sorted(claimed), depths_of(studio, known)),
        "unit": lambda: of_lessons(known, lessons, lambda lesson: lesson.minutes),
        "assessments": lambda: of_problems(
            known, [(codes, depth, points) for _, _, _, codes, depth, points in _asked(studio, unit)]
        ),
        "taught": lambda: of_lessons(known, lessons, _minutes_taught(studio, unit)),
    }


def _minutes_taught(studio: Studio, unit: UnitOutline) -> Callable[[Taught], Fraction]:
    """The mean of what people say of a lesson; a lesson of which nobody says anything was not taught."""
    facts = studio.curriculum()[1].facts
    said = studio.studies.taught(unit.facts.id).values()

    def minutes(lesson: Taught) -> Fraction:
        given = [rows[facts[lesson.path].id] for rows in said if facts[lesson.path].id in rows]
        return Fraction(sum(given), len(given)) if given else Fraction(0)

    return minutes


def _asked(studio: Studio, unit: UnitOutline) -> list[tuple[str, str, str, tuple[str, ...], str, int]]:
    """The problems of a unit's assessments that name a standard: path, part, title, codes, depth, points.

    A readiness check asks for what comes before the unit: it is no part of what the unit is aligned with.
    """
    snapshot, curriculum = studio.curriculum()
    return [
        (path, *row)
        for path in unit.assessments
        if curriculum.facts[path].purpose != "readiness"
        for row in asked_of(read_document(path, snapshot[path]))
    ]


def _problems(studio: Studio, unit: UnitOutline) -> tuple[Problem, ...]:
    facts = studio.curriculum()[1].facts
    found: list[Problem] = []
    for number, (path, part, title, _, _, _) in enumerate(_asked(studio, unit), 1):
        of_text = sum(one.path == path for one in found) + 1
        found.append(Problem(f"p{number}", f"{facts[path].title}, {of_text}: {title or part}", path, part))
    return tuple(found)


def _units(studio: Studio, person: Person) -> list[UnitOutline]:
    access = Access(studio, person)
    return [one for one in studio.curriculum()[1].units if access.reads(f"{one.folder}/unit.md")]


def _unit(studio: Studio, person: Person, folder: str) -> UnitOutline:
    found = next((one for one in _units(studio, person) if one.folder == folder), None)
    if found is None:
        raise NotFound("There is no such unit.")
    return found


def _unit_of(studio: Studio, person: Person, study: Study) -> UnitOutline:
    found = next((one for one in _units(studio, person) if one.facts.id == study.unit), None)
    if found is None:
        raise NotFound("There is no such study.")
    return found
