"""What people do with the charter: agree to it as it stands, write progress down, and see what serves which goal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriculum_studio.access import Access
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.goals import Assent, Charter, Goal, Point, checked_point, missing_sides, side_of
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.charter import read_charter
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.studio import Studio

CHARTER = "charter.md"


@dataclass(frozen=True, slots=True)
class Board:
    """The charter as it stands, with who agreed to it, what serves each goal, and what serves none.

    `serves` gives for a goal's id the texts that name it; `orphans` are units, lessons and sessions that name no goal of the
    charter; `idle` are goals that no text names. `cycles` gives for a goal the cycles of improvement that serve it, `stray` are
    cycles whose goal the charter does not have any more. `now` and `then` are assents to the present text, and to earlier ones.
    """

    charter: Charter
    blob: str
    now: tuple[Assent, ...]
    then: tuple[Assent, ...]
    missing: tuple[str, ...]
    serves: Mapping[str, tuple[Facts, ...]]
    orphans: tuple[Facts, ...]
    idle: tuple[Goal, ...]
    points: Mapping[str, tuple[Point, ...]]
    cycles: Mapping[str, tuple[Cycle, ...]]
    stray: tuple[Cycle, ...]


def goals_of_charter(studio: Studio) -> dict[str, Goal]:
    """The goals of the charter by their ids; none where there is no charter."""
    snapshot = studio.snapshot()
    if CHARTER not in snapshot:
        return {}
    return {one.id: one for one in read_charter(read_document(CHARTER, snapshot[CHARTER])).goals}


def goals_board(studio: Studio, person: Person) -> Board:
    """All about the charter that somebody may see. Raises `NotFound` where there is no charter."""
    snapshot, curriculum = studio.curriculum()
    if CHARTER not in snapshot:
        raise NotFound("There is no charter yet.")
    charter, blob = read_charter(read_document(CHARTER, snapshot[CHARTER])), snapshot.blob(CHARTER)
    assents, access = studio.goals.assents(), Access(studio, person)
    known = {one.id for one in charter.goals}
    serves: dict[str, list[Facts]] = {one.id: [] for one in charter.goals}
    orphans, units = [], set()
    for unit in curriculum.units:
        for path in (unit.facts.path, *unit.lessons, *unit.sessions):
            facts = curriculum.facts[path]
            if not access.reads(path):
                continue
            if path == unit.facts.path:
                units.add(facts.id)
            named = [use.target for use in facts.goals if use.target in known]
            for goal in dict.fromkeys(named):
                serves[goal].append(facts)
            if not named:
                orphans.append(facts)
    points: dict[str, list[Point]] = {}
    for point in studio.goals.points():
        points.setdefault(point.goal, []).append(point)
    cycles = [one for one in studio.cycles.all() if one.unit in units]
    return Board(
        charter, blob, tuple(one for one in assents if one.blob == blob), tuple(one for one in assents if one.blob != blob),
        missing_sides(assents, blob), {key: tuple(rows) for key, rows in serves.items()}, tuple(orphans),
        tuple(one for one in charter.goals if not serves[one.id]), {key: tuple(rows) for key, rows in points.items()},
        {key: tuple(one for one in cycles if one.goal == key) for key in known},
        tuple(one for one in cycles if one.goal not in known),
    )  # fmt: skip


def agree_to_charter(studio: Studio, person: Person, blob: str) -> None:
    """Says yes to the charter's text that somebody has read (its blob). Raises `Refused` where it has changed meanwhile."""
    side = side_of(person.role)
    if goals_board(studio, person).blob != blob:
        raise Refused(
            "The charter has changed since you read it. Read it again, then agree. Nothing was changed."
        )
    studio.goals.assent(person.key, side, blob)


def write_progress(studio: Studio, person: Person, goal: str, year: str, value: str, source: str) -> None:
    """Writes the value of a goal in a school year down."""
    if not person.may("share"):
        raise Refused("Teachers, researchers, coaches and leads write progress down. Nothing was changed.")
    studio.goals.measure(
        checked_point(goals_board(studio, person).charter.goals, goal, year, value, source), person.key
    )
