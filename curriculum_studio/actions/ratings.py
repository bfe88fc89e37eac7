"""What people do with rounds of ratings: invite, rate, talk, agree, close; and what a unit's statement says of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriculum_studio.access import Access
from curriculum_studio.actions.alignment import Scope, coverage_of
from curriculum_studio.domain.agreement import Agreement, agreement
from curriculum_studio.domain.alignment import Coverage
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.ratings import MOST_WORDS, Rating, Round, Rubric, as_units, gate_holds
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.rubrics import read_rubric, rubric_texts
from curriculum_studio.storage.ratings import Agreed, Word
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Seen:
    """A round as one person sees it now: `ratings` (person to ratings) are all, or that person's own alone."""

    round: Round
    unit: UnitOutline
    ratings: Mapping[str, tuple[Rating, ...]]
    open: bool
    agreement: Agreement | None
    agreed: Mapping[str, Agreed]
    words: tuple[Word, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be said of a unit's alignment: its claims, and every round to which no rating can come any more."""

    unit: UnitOutline
    version: str
    coverage: Coverage
    rounds: tuple[Seen, ...]
    under_way: tuple[Round, ...]


def rubrics(studio: Studio) -> Mapping[str, Rubric]:
    """Every rubric that is at hand and can be read, by its name."""
    found: dict[str, Rubric] = {}
    for name, text in rubric_texts(studio.snapshot()).items():
        try:
            found[name] = read_rubric(text)
        except FormatError:
            continue
    return found


def open_round(studio: Studio, person: Person, folder: str, rubric: str, reviewers: Iterable[str]) -> str:
    """Invites people to rate a unit as it stands now by a rubric as it stands now; gives the round's key."""
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
    known = {one.person.key: one.person for one in studio.people.all() if not one.left}
    if strangers := invited - set(known):
        raise Refused(f"Nobody here is called {min(strangers)}. Nothing was begun.")
    for key in invited:
        if not Access(studio, known[key]).reads(path):
            raise Refused(f"{known[key].name} may not read this unit. Nothing was begun.")
    return studio.ratings.open(
        unit.facts.id, unit.facts.title, snapshot.version, text, invited, person.key, rubric
    )


def see_round(studio: Studio, person: Person, key: str) -> Seen:
    """A round, for somebody who may read its unit. Raises `NotFound`."""
    one = studio.ratings.get(key, read_rubric)
    return _seen(studio, one, _unit(studio, person, one), person.key)


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
    for criterion in one.rubric.criteria:
        if values.get(criterion.id, (-1, ""))[0] not in one.rubric.values:
            raise Refused(f"Choose a value for “{criterion.title}”. Nothing was changed.")
    kept = {criterion.id: values[criterion.id] for criterion in one.rubric.criteria}
    studio.ratings.agree(key, person.key, kept, read_rubric)


def close_round(studio: Studio, person: Person, key: str) -> None:
    """Ends a round: no rating comes any more, and what came is open. For whoever opened it, and leads."""
    one = studio.ratings.get(key, read_rubric)
    _unit(studio, person, one)
    if person.key != one.opened_by and person.role != "lead":
        raise Refused("Who opened the round, or a lead, closes it. Nothing was changed.")
    if one.awaits(person.key):
        raise Refused("Your own rating is not in yet: hand it in first. Nothing was changed.")
    studio.ratings.close(key, person.key)


def statement(studio: Studio, person: Person, folder: str) -> Statement:
    """The statement of a unit; the same for everybody who may read the unit. Raises `NotFound`."""
    snapshot, curriculum = studio.curriculum()
    unit = next((one for one in curriculum.units if one.folder == folder), None)
    access = Access(studio, person)
    if unit is None or not access.reads(f"{folder}/unit.md"):
        raise NotFound("There is no such unit.")
    found = studio.ratings.all(read_rubric, unit.facts.id)
    whole = tuple(_seen(studio, one, unit, "") for one in found if one.whole)
    under_way = tuple(one for one in found if not one.whole)
    return Statement(
        unit, snapshot.version, coverage_of(studio, Scope(unit=folder), access.reads), whole, under_way
    )


def _seen(studio: Studio, one: Round, unit: UnitOutline, viewer: str) -> Seen:
    """A round for a viewer ("": what is open to all)."""
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
        _changed(studio, one, unit),
    )


def gates(one: Seen) -> bool | None:
    """Whether the gates hold by the consensus; None where there is no gate or no consensus."""
    if not one.agreed or not any(criterion.gate for criterion in one.round.rubric.criteria):
        return None
    return gate_holds(one.round.rubric, {key: row.value for key, row in one.agreed.items()})


def _changed(studio: Studio, one: Round, unit: UnitOutline) -> bool:
    """Whether a text of the unit has changed since the version that was rated."""
    now, then = studio.snapshot(), studio.snapshot(one.version)
    inside = f"{unit.folder}/"
    return {p: now.blob(p) for p in now if p.startswith(inside)} != {
        p: then.blob(p) for p in then if p.startswith(inside)
    }


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
