"""What the texts of a curriculum claim of the standards of one framework, each code found in whatever form it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curriculum_studio.domain.alignment import Taught
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.facts import Claim, Facts

_COUNTED = ("lesson", "assessment")


def claims_on(curriculum: Curriculum, known: Framework) -> Mapping[str, tuple[tuple[Facts, Claim], ...]]:
    """For each code that a lesson or an assessment names, who names it and how, in the order of the units."""
    found: dict[str, list[tuple[Facts, Claim]]] = {}
    for path in _in_order(curriculum):
        facts = curriculum.facts[path]
        seen: set[tuple[str, str]] = set()
        for claim in facts.claims:
            code = _code(claim, curriculum, known)
            if code is not None and (claim.relation, code) not in seen:
                seen.add((claim.relation, code))
                found.setdefault(code, []).append((facts, claim))
    return {code: tuple(rows) for code, rows in found.items()}


def taught(curriculum: Curriculum, known: Framework) -> tuple[Taught, ...]:
    """Lessons and assessments that stand in a unit, as coverage counts them. Translations count nowhere twice."""
    found = []
    for path in _in_order(curriculum):
        facts = curriculum.facts[path]
        unit = curriculum.unit_of.get(path)
        claims = {
            (claim.relation, code)
            for claim in facts.claims
            if (code := _code(claim, curriculum, known)) is not None
        }
        found.append(
            Taught(
                path,
                facts.title,
                facts.kind,
                unit.folder if unit is not None else "",
                unit.facts.grade if unit is not None else facts.grade,
                int(facts.minutes) if facts.minutes.isascii() and facts.minutes.isdecimal() else 0,
                frozenset(claims),
                facts.rigor,
                facts.dok,
            )
        )
    return tuple(found)


def claims_of(curriculum: Curriculum, path: str, known: Framework) -> list[tuple[str, str, bool]]:
    """What one text claims of a framework: relation, code, and whether a part says so and not the header."""
    found = []
    for claim in curriculum.facts[path].claims:
        code = _code(claim, curriculum, known)
        if code is not None:
            found.append((claim.relation, code, claim.in_part))
    return found


def _in_order(curriculum: Curriculum) -> Iterator[str]:
    """Lessons and assessments of the units in their order, drafts left out."""
    for unit in curriculum.units:
        for path in (*unit.lessons, *unit.assessments):
            if curriculum.facts[path].kind in _COUNTED:
                yield path


def _code(claim: Claim, curriculum: Curriculum, known: Framework) -> str | None:
    """The standard of this framework that a claim means; None where it speaks of another framework or of none."""
    if (claim.framework or curriculum.framework) != known.id:
        return None
    found = known.find(claim.code)
    return found.code if found is not None else None
