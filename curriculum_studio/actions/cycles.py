"""What people do with cycles of improvement: plan, begin, write down what happened, decide, go on from one to the next."""

from __future__ import annotations

from curriculum_studio.access import Access
from curriculum_studio.actions.evidence import find_results
from curriculum_studio.actions.goals import goals_board
from curriculum_studio.domain.cycles import Cycle, begun, decided, planned, replanned, studied
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.studio import Studio


def units_of(studio: Studio, person: Person) -> dict[str, UnitOutline]:
    """The units that somebody may read, by their ids."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    return {one.facts.id: one for one in curriculum.units if access.reads(one.facts.path)}


def plan_cycle(studio: Studio, person: Person, plan: Cycle) -> str:
    """Plans a cycle for a unit and a goal; gives its key. Raises `Refused` with what is missing."""
    _check_plan(studio, person, plan)
    if plan.before:
        find_cycle(studio, person, plan.before)
    return studio.cycles.plan(planned(plan))


def change_plan(studio: Studio, person: Person, key: str, plan: Cycle) -> None:
    """Writes another plan for a cycle that has not begun. Raises `Refused` with what is missing."""
    _check_plan(studio, person, plan)
    find_cycle(studio, person, key)
    studio.cycles.move(key, person.key, "changed the plan of a cycle", lambda one, _now: replanned(one, plan))


def _check_plan(studio: Studio, person: Person, plan: Cycle) -> None:
    _may(person)
    if plan.unit not in units_of(studio, person):
        raise Refused("Choose the unit that it is about. Nothing was changed.")
    if all(goal.id != plan.goal for goal in goals_board(studio, person).charter.goals):
        raise Refused("Say which goal of the charter it serves. Nothing was changed.")


def find_cycle(studio: Studio, person: Person, key: str) -> Cycle:
    """A cycle of a unit that somebody may read. Raises `NotFound`."""
    found = studio.cycles.get(key)
    if found.unit not in units_of(studio, person):
        raise NotFound("There is no such cycle.")
    return found


def cycles_of(studio: Studio, person: Person) -> list[Cycle]:
    """The cycles of all units that somebody may read, the newest first."""
    units = units_of(studio, person)
    return [one for one in studio.cycles.all() if one.unit in units]


def begin_cycle(studio: Studio, person: Person, key: str) -> None:
    """Begins a cycle: what was predicted stands from now on."""
    _may(person)
    find_cycle(studio, person, key)
    studio.cycles.move(key, person.key, "began a cycle", begun)


def study_cycle(studio: Studio, person: Person, key: str, happened: str, results: str = "") -> None:
    """Writes down what happened, with the results that were looked at (their key, "" for none). Raises `Refused` where they were in
    before the cycle began."""
    _may(person)
    find_cycle(studio, person, key)
    seen = (results, find_results(studio, person, results).at) if results else None
    studio.cycles.move(key, person.key, "studied a cycle", lambda one, now: studied(one, happened, seen, now))


def decide_cycle(studio: Studio, person: Person, key: str, decision: str, learned: str) -> None:
    """Decides: adopt, adapt or abandon, and what was learned."""
    _may(person)
    find_cycle(studio, person, key)
    studio.cycles.move(
        key, person.key, "decided a cycle", lambda one, now: decided(one, decision, learned, now)
    )


def _may(person: Person) -> None:
    if not person.may("results"):
        raise Refused("Teachers, researchers, coaches and leads work in cycles. Nothing was changed.")
