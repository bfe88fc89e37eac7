"""What people ask of alignment: coverage of a unit, a grade or the whole course, and what prepares a lesson."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from curriculum_studio.domain.alignment import Coverage, Preparation, Taught, coverage, prepares
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.claims import claims_on, taught
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.facts import Claim, Facts
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.studio import Studio

_KEPT: dict[tuple[object, ...], object] = {}
_MOST_KEPT = 32
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Scope:
    """What is looked at: one unit (its folder), one grade, or with neither the whole course; against which framework."""

    unit: str = ""
    grade: str = ""
    framework: str = ""


def coverage_at(snapshot: Snapshot, curriculum: Curriculum, scope: Scope) -> Coverage:
    """Coverage of a scope. Raises `NotFound` where the framework or the unit is nowhere."""
    known = _framework(snapshot, curriculum, scope)
    return coverage(known, _within(taught(curriculum, known), scope))


def coverage_of(studio: Studio, scope: Scope, reads: Callable[[str], bool]) -> Coverage:
    """Coverage of what a person may read in the working text; kept until the next version. Raises `NotFound`."""
    snapshot, curriculum = studio.curriculum()
    known = _framework(snapshot, curriculum, scope)
    hidden = frozenset(unit.folder for unit in curriculum.units if not reads(f"{unit.folder}/unit.md"))
    scope = replace(scope, framework=known.id)
    key = (str(studio.settings.folder), snapshot.version, hidden, scope)
    found = _kept(key)
    if not isinstance(found, Coverage):
        texts = [text for text in _texts(studio, known) if text.unit not in hidden]
        found = coverage(known, _within(texts, scope))
        _keep(key, found)
    return found


def uses_of(studio: Studio, known: Framework) -> Mapping[str, tuple[tuple[Facts, Claim], ...]]:
    """For each code who names it in the working text and how; kept until the next version. The caller asks who may read."""
    snapshot, curriculum = studio.curriculum()
    key = (str(studio.settings.folder), snapshot.version, known.id, "uses")
    found = _kept(key)
    if not isinstance(found, dict):
        found = dict(claims_on(curriculum, known))
        _keep(key, found)
    return found


def preparation_of(
    studio: Studio, path: str, grade: str, scope: Scope, reads: Callable[[str], bool]
) -> tuple[Taught, tuple[Preparation, ...]]:
    """What in a grade prepares a lesson, the nearest first; texts that the person may not read left out. Raises `NotFound`."""
    snapshot, curriculum = studio.curriculum()
    known = _framework(snapshot, curriculum, scope)
    texts = [text for text in _texts(studio, known) if reads(text.path)]
    lesson = next((text for text in texts if text.path == path), None)
    if lesson is None:
        raise NotFound("There is no such lesson.")
    return lesson, prepares(known, lesson, grade, texts)


def _texts(studio: Studio, known: Framework) -> tuple[Taught, ...]:
    snapshot, curriculum = studio.curriculum()
    key = (str(studio.settings.folder), snapshot.version, known.id)
    found = _kept(key)
    if not isinstance(found, tuple):
        found = taught(curriculum, known)
        _keep(key, found)
    return found


def _kept(key: tuple[object, ...]) -> object:
    """What is kept for a key, which is then the last to go; None where nothing is."""
    with _LOCK:
        found = _KEPT.pop(key, None)
        if found is not None:
            _KEPT[key] = found
        return found


def _keep(key: tuple[object, ...], found: object) -> None:
    with _LOCK:
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = found


def _framework(snapshot: Snapshot, curriculum: Curriculum, scope: Scope) -> Framework:
    known = framework(snapshot, scope.framework or curriculum.framework)
    if known is None:
        raise NotFound("There is no such framework.")
    if scope.unit and all(unit.folder != scope.unit for unit in curriculum.units):
        raise NotFound("There is no such unit.")
    return known


def _within(texts: tuple[Taught, ...] | list[Taught], scope: Scope) -> list[Taught]:
    return [
        text
        for text in texts
        if (not scope.unit or text.unit == scope.unit) and (not scope.grade or text.grade == scope.grade)
    ]
