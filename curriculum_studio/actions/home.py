"""What a person finds when they come in: what waits, what is stuck, where the evidence points, what changed since they were here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from curriculum_studio.access import Access
from curriculum_studio.actions.home_lists import Item, lists_of
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

_LATELY = timedelta(days=7)
SECTIONS = ("waiting", "stuck", "evidence", "changes")
ORDER: Mapping[str, tuple[str, ...]] = {
    "teacher": SECTIONS,
    "researcher": ("evidence", "waiting", "stuck", "changes"),
    "coach": ("evidence", "waiting", "changes", "stuck"),
    "lead": ("stuck", "waiting", "evidence", "changes"),
    "administrator": ("waiting", "changes", "stuck", "evidence"),
}
"""What stands first for whom: a researcher comes for the evidence, a lead for what does not get on."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brought into one's units from a folder of theirs: who, when, and the texts with their titles."""

    name: str
    at: datetime
    texts: tuple[tuple[str, str], ...]
    others: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows, its `sections` in the order of the person's role; `since` is None at a first visit."""

    mine: tuple[UnitOutline, ...]
    others: tuple[UnitOutline, ...]
    waiting: tuple[Item, ...]
    stuck: tuple[Item, ...]
    evidence: tuple[Item, ...]
    changes: tuple[Version, ...]
    since: datetime | None
    brought: tuple[Brought, ...] = ()
    sections: tuple[str, ...] = SECTIONS


def home_of(studio: Studio, person: Person) -> Home:
    """Puts a person's home together."""
    since = studio.visits.arrive(person.key, int(time.time()))
    return home_since(studio, person, since)


def home_since(studio: Studio, person: Person, since: datetime | None) -> Home:
    """A person's home with what changed since a moment; notes no visit."""
    sections = ORDER.get(person.role, SECTIONS)
    if studio.content.tip() is None:
        return Home((), (), (), (), (), (), since, (), sections)
    _, curriculum = studio.curriculum()
    access = Access(studio, person)
    units = [unit for unit in curriculum.units if access.reads(f"{unit.folder}/unit.md")]
    teams = {unit.folder: access.team(f"{unit.folder}/unit.md") for unit in units}
    mine = [unit for unit in units if (team := teams[unit.folder]) and person.key in team.members]
    others = [unit for unit in units if unit not in mine]
    recent = [
        v for v in studio.content.recent(60) if any(access.reads(path) for path in v.paths) or not v.paths
    ]
    found = lists_of(studio, person, curriculum, access, mine)
    fresh = [v for v in recent if v.author.key != person.key and (since is None or v.at > since)]
    return Home(
        tuple(mine),
        tuple(others),
        *found,
        tuple((fresh if since else recent)[:20]),
        since,
        _brought(studio, person, curriculum, mine, since),
        sections,
    )


def _brought(
    studio: Studio,
    person: Person,
    curriculum: Curriculum,
    mine: list[UnitOutline],
    since: datetime | None,
) -> tuple[Brought, ...]:
    """What others brought into one's units from outside since one was here; at a first visit, in the last days."""
    start = int(since.timestamp()) if since else int((datetime.now(UTC) - _LATELY).timestamp())
    found = []
    for push in studio.pushes.since(start):
        ours = [path for path in push.paths if any(path.startswith(f"{unit.folder}/") for unit in mine)]
        if push.person == person.key or not ours:
            continue
        texts = [(path, curriculum.facts[path].title or path) for path in ours if path in curriculum.facts]
        found.append(Brought(push.name, push.at, tuple(texts[:4]), len(ours) - len(texts[:4])))
    return tuple(found)
