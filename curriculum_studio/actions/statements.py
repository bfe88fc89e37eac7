"""The alignment statement of a unit: claims, ratings, agreement, studies, who and when; of the working text or of a release.

One document is made, and the page, the PDF and the JSON all show it. With a release it is kept as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from curriculum_studio.access import Access
from curriculum_studio.actions.alignment import Scope, coverage_at
from curriculum_studio.actions.alignment_studies import Seen as SeenStudy
from curriculum_studio.actions.alignment_studies import seen_study
from curriculum_studio.actions.ratings import Seen, gates, seen_round
from curriculum_studio.domain.agreement import Figure
from curriculum_studio.domain.alignment import Coverage, Gate
from curriculum_studio.domain.alignment_studies import Webb
from curriculum_studio.domain.approvals import Reason
from curriculum_studio.domain.errors import FormatError, NotFound
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.rubrics import read_rubric, rubric_texts
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

Row = dict[str, Any]


def statement(studio: Studio, person: Person, folder: str, release: str = "") -> tuple[UnitOutline, Row]:
    """The statement of a unit as it stands, or as it was with a release; the same for everybody who may read the unit.

    Raises `NotFound`.
    """
    if not Access(studio, person).reads(f"{folder}/unit.md"):
        raise NotFound("There is no such unit.")
    if not release:
        return _made(studio, folder, None)
    if not studio.content.was_released(release):
        raise NotFound("There is no such release.")
    unit = _unit(studio.curriculum(release)[1], folder)
    kept = studio.statements.get(release, unit.facts.id)
    return (unit, json.loads(kept)) if kept is not None else _made(studio, folder, release)


def keep_statements(studio: Studio, release: str) -> None:
    """Keeps with a release the statement of every unit that people have judged; that of any other follows from its text."""
    judged = {one.unit for one in studio.ratings.all(read_rubric) if one.whole and not one.calibration}
    judged |= {one.unit for one in studio.studies.all() if one.whole}
    if not judged:
        return
    _, curriculum = studio.curriculum(release)
    documents = {
        unit.facts.id: json.dumps(_made(studio, unit.folder, release)[1], ensure_ascii=False)
        for unit in curriculum.units
        if unit.facts.id in judged
    }
    studio.statements.keep(release, documents)


def unrated(studio: Studio, curriculum: Curriculum) -> list[Reason]:
    """Why a release must wait, where the curriculum asks that units be rated: for each unit every rubric that is missing."""
    gate = curriculum.gate
    if gate is None or not gate.rated:
        return []
    done, snapshot = _rated(studio), studio.snapshot()
    found = []
    for unit in curriculum.units:
        for rubric in gate.rated if any(one.lessons for one in unit.sections) else ():
            state = done.get((unit.facts.id, rubric))
            if state is None:
                why = f"The curriculum asks for a finished round of ratings by the rubric “{_title(snapshot, rubric)}”, with a consensus."
            elif not state:
                why = f"It does not pass the gate of the rubric “{_title(snapshot, rubric)}”."
            else:
                continue
            found.append(Reason(f"{unit.folder}/unit.md", unit.facts.title, why))
    return found


def _rated(studio: Studio) -> Mapping[tuple[str, str], bool]:
    """For each unit and rubric with a finished round and a consensus: whether the newest passes its gates."""
    found: dict[tuple[str, str], bool] = {}
    units = {one.facts.id: one for one in studio.curriculum()[1].units}
    for one in reversed(studio.ratings.all(read_rubric)):
        if one.whole and not one.calibration and one.unit in units:
            seen = seen_round(studio, one, units[one.unit], "")
            if seen.agreed:
                found[one.unit, one.rubric.id] = gates(seen) is not False
    return found


def _made(studio: Studio, folder: str, release: str | None) -> tuple[UnitOutline, Row]:
    snapshot, curriculum = studio.curriculum(release)
    unit = _unit(curriculum, folder)
    version = studio.content.version(release) if release else None
    until = version.at.timestamp() if version is not None else None
    names = {one.person.key: one.person.name for one in studio.people.all()}
    rounds = [one for one in studio.ratings.all(read_rubric, unit.facts.id) if not one.calibration]
    studies = studio.studies.all(unit.facts.id)
    seen = [
        seen_round(studio, one, unit, "", release)
        for one in rounds
        if one.whole and (until is None or _last(one) <= until)
    ]
    coverage = coverage_at(snapshot, curriculum, Scope(unit=folder))
    finished = {one.round.rubric.id for one in seen if one.agreed}
    required = (curriculum.gate or Gate()).rated
    return unit, {
        "unit": {"id": unit.facts.id, "title": unit.facts.title, "version": snapshot.version},
        "release": _release(version),
        "framework": {"id": coverage.framework.id, "title": coverage.framework.title},
        **_claims(coverage),
        "required": [
            {"rubric": name, "title": _title(snapshot, name), "rated": name in finished} for name in required
        ],
        "rounds": [round_row(one, names) for one in seen],
        "studies": [
            study_row(seen_study(studio, one.key, ""), names)
            for one in studies
            if one.whole and (until is None or _last(one) <= until)
        ],
        "under_way": [
            {
                "rubric": one.rubric.id,
                "title": one.rubric.title,
                "invited": len(one.reviewers),
                "in": sum(bool(r.at) for r in one.reviewers),
            }
            for one in rounds
            if not one.whole and release is None
        ],
    }


def _title(snapshot: Snapshot, rubric: str) -> str:
    """What people call a rubric; its short name where its text cannot be read."""
    try:
        return read_rubric(rubric_texts(snapshot).get(rubric, b"")).title
    except FormatError:
        return rubric


def _last(one: Any) -> int:
    """When the last judgement came in."""
    return max((reviewer.at for reviewer in one.reviewers), default=0)


def _unit(curriculum: Curriculum, folder: str) -> UnitOutline:
    found = next((one for one in curriculum.units if one.folder == folder), None)
    if found is None:
        raise NotFound("There is no such unit.")
    return found


def _release(version: Version | None) -> Row | None:
    if version is None:
        return None
    return {
        "version": version.id,
        "at": version.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "by": version.writers,
        "note": version.note,
    }


def _claims(found: Coverage) -> Row:
    titles = {text.path: text.title for text in found.texts}
    return {
        "claims": [
            {
                "code": code,
                "guid": found.framework.standards[code].guid,
                "label": found.framework.standards[code].label,
                "text": path,
                "title": titles[path],
                "relations": list(relations),
            }
            for (code, path), relations in sorted(found.cells.items())
        ],
        "assessed_nowhere": list(found.unassessed),
    }


def round_row(one: Seen, names: Mapping[str, str]) -> Row:
    """A round as far as its viewer may see it."""
    rubric, figures = one.round.rubric, one.agreement
    return {
        "round": one.round.key,
        "rubric": {"id": rubric.id, "version": rubric.version, "title": rubric.title},
        "scale": [{"value": value, "label": label} for value, label in rubric.scale],
        "criteria": [{"id": each.id, "title": each.title, "gate": each.gate} for each in rubric.criteria],
        "version": one.round.version,
        "unit_changed_since": one.changed,
        "opened": _iso(one.round.at),
        "ratings": [
            {
                "rater": names.get(key, key),
                "in": _iso(next((r.at for r in one.round.reviewers if r.person == key), 0)),
                "values": {rating.criterion: rating.value for rating in rows},
            }
            for key, rows in one.ratings.items()
        ],
        "agreement": None
        if figures is None
        else {
            "raters": figures.raters,
            "criteria": figures.units,
            "alpha_ordinal": _figure(figures.alpha),
            "alpha_interval_95": [round(end, 4) for end in figures.interval] if figures.interval else None,
            "exact": _figure(figures.exact),
            "adjacent": _figure(figures.adjacent),
            "ac2": _figure(figures.ac2) if figures.ac2 else None,
        },
        "consensus": {key: {"value": row.value, "note": row.note} for key, row in one.agreed.items()},
        "gates_hold": gates(one),
    }


def study_row(seen: SeenStudy, names: Mapping[str, str]) -> Row:
    """A study as far as its viewer may see it."""
    return {
        "study": seen.study.key,
        "version": seen.study.version,
        "opened": _iso(seen.study.at),
        "coders": [
            {"name": names.get(one.person, one.person), "in": _iso(one.at)}
            for one in seen.study.reviewers
            if one.at
        ],
        "problems": len(seen.study.problems),
        "groups": [
            {
                "group": group.name,
                "standards": list(group.standards),
                "panel": _webb(group.panel),
                "each": [{"coder": names.get(who, who), **_webb(one)} for who, one in group.each.items()],
            }
            for group in seen.groups
        ],
        "depths_alpha_ordinal": _figure(seen.depths_alike) if seen.depths_alike else None,
        "depths_interval_95": [round(end, 4) for end in seen.depths_within] if seen.depths_within else None,
        "same_standard": _figure(seen.standards_alike) if seen.standards_alike else None,
    }


def _webb(one: Webb) -> Row:
    def number(value: Any) -> float | None:
        return None if value is None else round(float(value), 6)

    return {
        "concurrence": {"problems": number(one.hits), "level": "YES" if one.concurrence else "NO"},
        "depth": {"share": number(one.depth), "level": one.depth_level},
        "range": {"share": number(one.range), "level": one.range_level},
        "balance": {"index": number(one.balance), "level": one.balance_level},
    }


def _figure(figure: Figure) -> Row:
    if figure.value is None:
        return {"value": None, "because": figure.because}
    return {"value": round(float(figure.value), 6), "exact": str(figure.value)}


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
