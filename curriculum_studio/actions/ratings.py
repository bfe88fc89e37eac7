"""What people do with rounds of ratings: invite, rate, talk, agree, close; and calibrations, which say how raters judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriculum_studio.access import Access
from curriculum_studio.domain.agreement import Agreement, agreement
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.domain.flags import sign_of_round
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.ratings import (
    MOST_WORDS,
    Calibrated,
    Rating,
    Round,
    Rubric,
    as_units,
    calibrated,
    gate_holds,
)
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.rubrics import read_rubric, rubric_texts
from curriculum_studio.storage.ratings import Agreed, Word
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Seen:
    """A round as one person sees it now: `ratings` (person to ratings) are all, or that person's own alone.

    `anchors` (criterion to value and reason) are those of a calibration, once the person may see them.
    """

    round: Round
    unit: UnitOutline
    ratings: Mapping[str, tuple[Rating, ...]]
    open: bool
    agreement: Agreement | None
    agreed: Mapping[str, Agreed]
    words: tuple[Word, ...]
    changed: bool
    anchors: Mapping[str, tuple[int, str]]


def rubrics(studio: Studio) -> Mapping[str, Rubric]:
    """Every rubric that is at hand and can be read, by its name."""
    found: dict[str, Rubric] = {}
    for name, text in rubric_texts(studio.snapshot()).items():
        try:
            found[name] = read_rubric(text)
        except FormatError:
            continue
    return found


def open_rounds(
    studio: Studio,
    person: Person,
    folder: str,
    rubrics: Iterable[str],
    reviewers: Iterable[str],
    *,
    calibration: bool = False,
) -> list[str]:
    """Invites the same people to rate a unit by several rubrics, a round for each; gives their keys."""
    wanted, invited = list(dict.fromkeys(rubrics)), list(reviewers)
    if not wanted:
        raise Refused("Choose at least one rubric. Nothing was begun.")
    for rubric in wanted:
        _check_round(studio, person, folder, rubric, invited, calibration)
    return [open_round(studio, person, folder, one, invited, calibration=calibration) for one in wanted]


def open_round(
    studio: Studio,
    person: Person,
    folder: str,
    rubric: str,
    reviewers: Iterable[str],
    *,
    calibration: bool = False,
) -> str:
    """Invites people to rate a unit as it stands now by a rubric as it stands now; gives the round's key.

    A calibration is answered beside anchor scores, which whoever opened it writes first (`set_anchors`).
    """
    invited = set(reviewers)
    unit, text = _check_round(studio, person, folder, rubric, invited, calibration)
    version = studio.snapshot().version
    return studio.ratings.open(
        unit.facts.id, unit.facts.title, version, text, invited, person.key, rubric, calibration=calibration
    )


def _check_round(
    studio: Studio, person: Person, folder: str, rubric: str, reviewers: Iterable[str], calibration: bool
) -> tuple[UnitOutline, bytes]:
    """The unit and the rubric's text. Raises `Refused` or `NotFound` where the round cannot be opened."""
    if not person.may("rounds"):
        raise Refused("Researchers and leads invite people to rate. Nothing was begun.")
    snapshot, curriculum = studio.curriculum()
    unit = next((one for one in curriculum.units if one.folder == folder), None)
    path = f"{folder}/unit.md"
    if unit is None or not Access(studio, person).reads(path):
        raise NotFound("There is no such unit.")
    text = rubric_texts(snapshot).get(rubric)
    if text is None:
        raise Refused("There is no such rubric. Nothing was begun.")
    read_rubric(text)
    invited = set(reviewers)
    if calibration and person.key in invited:
        raise Refused("Who writes the anchor scores does not rate beside them. Nothing was begun.")
    known = {one.person.key: one.person for one in studio.people.all() if not one.left}
    if strangers := invited - set(known):
        raise Refused(f"Nobody here is called {min(strangers)}. Nothing was begun.")
    for key in invited:
        if not Access(studio, known[key]).reads(path):
            raise Refused(f"{known[key].name} may not read this unit. Nothing was begun.")
    return unit, text


def see_round(studio: Studio, person: Person, key: str) -> Seen:
    """A round, for somebody who may read its unit. Raises `NotFound`."""
    one = studio.ratings.get(key, read_rubric)
    return seen_round(studio, one, _unit(studio, person, one), person.key)


def rounds(studio: Studio, person: Person) -> list[Round]:
    """The rounds of all units that somebody may read, the newest first."""
    access = Access(studio, person)
    _, curriculum = studio.curriculum()
    readable = {one.facts.id for one in curriculum.units if access.reads(f"{one.folder}/unit.md")}
    return [one for one in studio.ratings.all(read_rubric) if one.unit in readable]


def hand_in(studio: Studio, person: Person, key: str, ratings: Iterable[Rating]) -> None:
    """Hands a whole rating in. Raises `Refused` with what is missing, or where words do not stand in the unit as it is rated."""
    one = studio.ratings.get(key, read_rubric)
    unit = _unit(studio, person, one)
    found = [_located(studio, one, unit, rating) for rating in ratings]
    studio.ratings.hand_in(key, person.key, found, read_rubric)
    _raise_flag(studio, key, unit)


def _raise_flag(studio: Studio, key: str, unit: UnitOutline) -> None:
    """Flags the text that raters see most differently, once no rating can come any more and they agree too little."""
    one = studio.ratings.get(key, read_rubric)
    # In a calibration raters learn the rubric; what they differ about says little of the text.
    if not one.whole or one.calibration:
        return
    seen = seen_round(studio, one, unit, "")
    if seen.agreement is None:
        return
    rows = {
        c.id: [r for given in seen.ratings.values() for r in given if r.criterion == c.id]
        for c in one.rubric.criteria
    }
    spread = {
        name: max((r.value for r in row), default=0) - min((r.value for r in row), default=0)
        for name, row in rows.items()
    }
    worst = max(one.rubric.criteria, key=lambda c: spread[c.id])
    paths = Counter(row.path for row in rows[worst.id] if row.path)
    _, curriculum = studio.curriculum()
    path = next((path for path, _ in paths.most_common() if path in curriculum.facts), unit.facts.path)
    values = ", ".join(one.rubric.label(row.value) for row in rows[worst.id])
    apart = f"{worst.title} ({values})"
    sign = sign_of_round(curriculum.facts[path].id, key, one.title, seen.agreement, apart)
    studio.flags.raise_all([sign] if sign else [])


def discuss(studio: Studio, person: Person, key: str, text: str) -> None:
    """Says something about a round whose ratings are open to the person."""
    one = studio.ratings.get(key, read_rubric)
    _unit(studio, person, one)
    if not text.strip() or len(text) > MOST_WORDS:
        raise Refused("Write a few words first. Nothing was changed.")
    _taking_part(person, one)
    studio.ratings.say(key, person.key, text.strip(), read_rubric)


def agree(studio: Studio, person: Person, key: str, values: Mapping[str, tuple[int, str]]) -> None:
    """Writes down what the round came to; the ratings and their agreement stay as they were."""
    one = studio.ratings.get(key, read_rubric)
    _unit(studio, person, one)
    _taking_part(person, one)
    if not one.whole:
        raise Refused(
            "A consensus waits until every rating is in, or the round is closed. Nothing was changed."
        )
    studio.ratings.agree(key, person.key, _whole(one, values), read_rubric)


def set_anchors(studio: Studio, person: Person, key: str, values: Mapping[str, tuple[int, str]]) -> None:
    """Writes the anchor scores of a calibration down, before anybody has rated."""
    one = studio.ratings.get(key, read_rubric)
    _unit(studio, person, one)
    studio.ratings.anchor(key, person.key, _whole(one, values), read_rubric)


def calibrations(studio: Studio, person: Person) -> tuple[Calibrated, ...]:
    """How each person stands beside the anchors, over every calibration that is whole."""
    rows = []
    for one in rounds(studio, person):
        if one.calibration and one.whole:
            anchors = studio.ratings.anchors(one.key, person.key, read_rubric)
            values = {name: value for name, (value, _) in anchors.items()}
            rows.append((values, studio.ratings.seen_by(one.key, person.key, read_rubric)))
    return calibrated(rows)


def _whole(one: Round, values: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """A value for each criterion. Raises `Refused` where one is missing."""
    for criterion in one.rubric.criteria:
        if values.get(criterion.id, (-1, ""))[0] not in one.rubric.values:
            raise Refused(f"Choose a value for “{criterion.title}”. Nothing was changed.")
    return {criterion.id: values[criterion.id] for criterion in one.rubric.criteria}


def close_round(studio: Studio, person: Person, key: str) -> None:
    """Ends a round: no rating comes any more, and what came is open. For whoever opened it, and leads."""
    one = studio.ratings.get(key, read_rubric)
    _unit(studio, person, one)
    if person.key != one.opened_by and person.role != "lead":
        raise Refused("Who opened the round, or a lead, closes it. Nothing was changed.")
    if one.awaits(person.key):
        raise Refused("Your own rating is not in yet: hand it in first. Nothing was changed.")
    studio.ratings.close(key, person.key)
    _raise_flag(studio, key, _unit(studio, person, one))


def seen_round(
    studio: Studio, one: Round, unit: UnitOutline, viewer: str, version: str | None = None
) -> Seen:
    """A round for a viewer ("": what is open to all), beside a version of the unit (the newest where none is named)."""
    ratings = studio.ratings.seen_by(one.key, viewer, read_rubric)
    open_ = one.shows(viewer)
    return Seen(
        one,
        unit,
        ratings,
        open_,
        agreement(as_units(one.rubric, ratings), one.rubric.values) if open_ and len(ratings) > 1 else None,
        studio.ratings.agreed(one.key, viewer, read_rubric),
        tuple(studio.ratings.words(one.key, viewer, read_rubric)),
        _changed(studio, one, unit, version),
        studio.ratings.anchors(one.key, viewer, read_rubric) if one.calibration else {},
    )


def gates(one: Seen) -> bool | None:
    """Whether the gates hold by the consensus; None where there is no gate or no consensus."""
    if not one.agreed or not any(criterion.gate for criterion in one.round.rubric.criteria):
        return None
    return gate_holds(one.round.rubric, {key: row.value for key, row in one.agreed.items()})


def _changed(studio: Studio, one: Round, unit: UnitOutline, version: str | None) -> bool:
    """Whether a text of the unit in a version differs from the one that was rated."""
    now, then = studio.snapshot(version), studio.snapshot(one.version)
    inside = f"{unit.folder}/"
    # A release holds what is approved alone: what it leaves out is no change of what it holds.
    paths = {path for path in now if path.startswith(inside)}
    if version is None:
        paths |= {path for path in then if path.startswith(inside)}
    return any(path not in now or path not in then or now.blob(path) != then.blob(path) for path in paths)


def _unit(studio: Studio, person: Person, one: Round) -> UnitOutline:
    _, curriculum = studio.curriculum()
    unit = next((unit for unit in curriculum.units if unit.facts.id == one.unit), None)
    if unit is None or not Access(studio, person).reads(f"{unit.folder}/unit.md"):
        raise NotFound("There is no such round.")
    return unit


def _taking_part(person: Person, one: Round) -> None:
    if one.reviewer(person.key) is None and person.key != one.opened_by and person.role != "lead":
        raise Refused("Who was invited, who opened the round, and leads take part. Nothing was changed.")


def _located(studio: Studio, one: Round, unit: UnitOutline, rating: Rating) -> Rating:
    """A rating whose quotation is found in the unit as it is rated."""
    quote = " ".join(rating.quote.split())
    if not quote:
        return rating
    snapshot = studio.snapshot(one.version)
    for path in snapshot:
        if path.startswith(f"{unit.folder}/") and path.endswith(".md"):
            text = " ".join(snapshot[path].decode("utf-8", "replace").split())
            if quote in text or quote.casefold() in text.casefold():
                return Rating(rating.criterion, rating.value, rating.note.strip(), path, quote)
    title = next((c.title for c in one.rubric.criteria if c.id == rating.criterion), rating.criterion)
    raise Refused(
        f"The words for “{title}” do not stand in the unit as it is rated: “{quote[:80]}”. Copy them from a lesson. Nothing was handed in yet."
    )
