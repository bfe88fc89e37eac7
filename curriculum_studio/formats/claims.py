"""What the texts of a curriculum claim of the standards of one framework, each code found in whatever form it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from curriculum_studio.domain.alignment import Taught
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.facts import Claim, Facts

_COUNTED = ("lesson", "assessment")
_Read = tuple[tuple[Claim, str], ...]
_KEPT: dict[tuple[str, str], tuple[Facts, str, Framework, _Read]] = {}
"""For each framework and path what its claims came to: of a text that has not changed they are not looked up again."""


def claims_on(curriculum: Curriculum, known: Framework) -> Mapping[str, tuple[tuple[Facts, Claim], ...]]:
    """For each code that a lesson or an assessment names, who names it and how, in the order of the units."""
    found: dict[str, list[tuple[Facts, Claim]]] = {}
    for path in _in_order(curriculum):
        facts = curriculum.facts[path]
        seen: set[tuple[str, str]] = set()
        for claim, code in _read(facts, curriculum, known):
            if (claim.relation, code) not in seen:
                seen.add((claim.relation, code))
                found.setdefault(code, []).append((facts, claim))
    return {code: tuple(rows) for code, rows in found.items()}


def taught(curriculum: Curriculum, known: Framework) -> tuple[Taught, ...]:
    """Lessons and assessments that stand in a unit, as coverage counts them. Translations count nowhere twice."""
    found = []
    for path in _in_order(curriculum):
        facts = curriculum.facts[path]
        unit = curriculum.unit_of.get(path)
        claims = {(claim.relation, code) for claim, code in _read(facts, curriculum, known)}
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


def claims_of(curriculum: Curriculum, path: str, known: Framework) -> tuple[tuple[Claim, str], ...]:
    """What one text claims of a framework: each claim with the code that it means."""
    return _read(curriculum.facts[path], curriculum, known)


def _in_order(curriculum: Curriculum) -> Iterator[str]:
    """Lessons and assessments of the units in their order, drafts left out."""
    for unit in curriculum.units:
        for path in (*unit.lessons, *unit.assessments):
            if curriculum.facts[path].kind in _COUNTED:
                yield path


def _read(facts: Facts, curriculum: Curriculum, known: Framework) -> _Read:
    """Each claim of a text on this framework with its code."""
    kept = _KEPT.get((known.id, facts.path))
    if kept is not None and kept[0] is facts and kept[1] == curriculum.framework and kept[2] is known:
        return kept[3]
    found = tuple(
        (claim, code) for claim in facts.claims if (code := _code(claim, curriculum, known)) is not None
    )
    _KEPT[known.id, facts.path] = facts, curriculum.framework, known, found
    return found


def _code(claim: Claim, curriculum: Curriculum, known: Framework) -> str | None:
    """The standard of this framework that a claim means; None where it speaks of another framework or of none."""
    if (claim.framework or curriculum.framework) != known.id:
        return None
    found = known.find(claim.code)
    return found.code if found is not None else None
