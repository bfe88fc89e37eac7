"""What people do with inquiries: write a finding down, change it, withdraw it and bring it back, see those of a unit or a goal."""

from __future__ import annotations

from dataclasses import replace

from curriculum_studio.access import Access
from curriculum_studio.actions.goals import goals_of_charter
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.inquiries import Inquiry, checked
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio


def units_to_inquiry(studio: Studio, person: Person) -> dict[str, UnitOutline]:
    """The units that somebody may read, by their ids."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    return {one.facts.id: one for one in curriculum.units if one.facts.id and access.reads(one.facts.path)}


def versions_to_inquiry(studio: Studio, limit: int = 8) -> list[tuple[str, Version]]:
    """The versions that a unit can have been taught in: releases, the newest first, and the text as it stands."""
    found = [("published", one) for one in studio.content.releases(limit)]
    tip = studio.content.tip()
    return [*found, ("as it stands now", studio.content.version(tip))] if tip else found


def inquiries_of(
    studio: Studio, person: Person, *, unit: str = "", goal: str = "", withdrawn: bool = False
) -> list[Inquiry]:
    """The inquiries about units that somebody may read, the newest first."""
    units = units_to_inquiry(studio, person)
    return [
        one
        for one in studio.inquiries.all(withdrawn=withdrawn)
        if one.unit in units and unit in ("", one.unit) and goal in ("", one.goal)
    ]


def find_inquiry(studio: Studio, person: Person, key: str) -> Inquiry:
    """An inquiry about a unit that somebody may read. Raises `NotFound`."""
    found = studio.inquiries.get(key)
    if found.unit not in units_to_inquiry(studio, person):
        raise NotFound("There is no such inquiry.")
    return found


def write_inquiry(studio: Studio, person: Person, inquiry: Inquiry) -> str:
    """Writes an inquiry down; gives its key. Raises `Refused` with what is missing."""
    return studio.inquiries.add(replace(_checked(studio, person, inquiry), person=person.key))


def change_inquiry(studio: Studio, person: Person, key: str, inquiry: Inquiry) -> None:
    """Writes an inquiry anew; for whoever wrote it, and leads."""
    old = _own(studio, person, key)
    new = replace(
        _checked(studio, person, inquiry), key=key, person=old.person, at=old.at, withdrawn=old.withdrawn
    )
    studio.inquiries.change(new, person.key)


def withdraw_inquiry(studio: Studio, person: Person, key: str, withdrawn: bool) -> None:
    """Takes an inquiry out of every list, or brings it back; for whoever wrote it, and leads."""
    _own(studio, person, key)
    studio.inquiries.withdraw(key, person.key, withdrawn)


def may_change(person: Person, inquiry: Inquiry) -> bool:
    """Whether somebody may change or withdraw an inquiry."""
    return person.may("results") and (person.key == inquiry.person or person.role == "lead")


def _own(studio: Studio, person: Person, key: str) -> Inquiry:
    found = find_inquiry(studio, person, key)
    if not may_change(person, found):
        raise Refused("Who wrote an inquiry down, or a lead, changes it. Nothing was changed.")
    return found


def _checked(studio: Studio, person: Person, inquiry: Inquiry) -> Inquiry:
    if not person.may("results"):
        raise Refused("Teachers, researchers, coaches and leads write inquiries down. Nothing was changed.")
    if inquiry.unit not in units_to_inquiry(studio, person):
        raise Refused("Choose the unit that it is about. Nothing was changed.")
    if inquiry.goal and inquiry.goal not in goals_of_charter(studio):
        raise Refused("The charter has no such goal. Nothing was changed.")
    versions = {one.id for _, one in versions_to_inquiry(studio)}
    before = {one.version for one in studio.inquiries.all()}
    if inquiry.version not in versions | before:
        raise Refused("Choose the version that was taught. Nothing was changed.")
    return checked(inquiry)
