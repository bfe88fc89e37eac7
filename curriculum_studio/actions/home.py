"""What a person finds when they come in: what waits for them, what is stuck, what changed since they were here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from curriculum_studio.access import SHARED, Access
from curriculum_studio.actions.approvals import asked_of
from curriculum_studio.actions.ratings import rounds
from curriculum_studio.actions.reviews import paths_by_key
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

_LOOKED_AT = 80
"""Texts whose findings are looked for: a home page must come at once."""
_OLD = timedelta(days=21)
_LATELY = timedelta(days=7)
_UNANSWERED = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a text, or another `address`, and why it is there."""

    path: str
    title: str
    why: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brought into one's units from a folder of theirs: who, when, and the texts with their titles."""

    name: str
    at: datetime
    texts: tuple[tuple[str, str], ...]
    others: int


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page shows; `since` is None at a first visit."""

    mine: tuple[UnitOutline, ...]
    others: tuple[UnitOutline, ...]
    waiting: tuple[Item, ...]
    stuck: tuple[Item, ...]
    changes: tuple[Version, ...]
    since: datetime | None
    brought: tuple[Brought, ...] = ()


def home_of(studio: Studio, person: Person) -> Home:
    """Puts a person's home together."""
    since = studio.visits.arrive(person.key, int(time.time()))
    if studio.content.tip() is None:
        return Home((), (), (), (), (), since)
    _, curriculum = studio.curriculum()
    access = Access(studio, person)
    units = [unit for unit in curriculum.units if access.reads(f"{unit.folder}/unit.md")]
    teams = {unit.folder: access.team(f"{unit.folder}/unit.md") for unit in units}
    mine = [unit for unit in units if (team := teams[unit.folder]) and person.key in team.members]
    others = [unit for unit in units if unit not in mine]
    recent = [
        v for v in studio.content.recent(60) if any(access.reads(path) for path in v.paths) or not v.paths
    ]
    waiting, stuck = _lists(studio, person, curriculum, mine)
    mine_to_do, held = _reviews(studio, person, curriculum, access)
    waiting, stuck = mine_to_do + waiting, held + stuck
    asked = [
        Item("", f"Rate “{one.title}”", "Somebody asks for your rating.", f"/ratings/{one.key}")
        for one in rounds(studio, person)
        if not one.closed and any(who.person == person.key and not who.at for who in one.reviewers)
    ]
    fresh = [v for v in recent if v.author.key != person.key and (since is None or v.at > since)]
    return Home(
        tuple(mine),
        tuple(others),
        (*asked, *waiting),
        tuple(stuck),
        tuple((fresh if since else recent)[:20]),
        since,
        _brought(studio, person, curriculum, mine, since),
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


def _lists(
    studio: Studio, person: Person, curriculum: Curriculum, mine: list[UnitOutline]
) -> tuple[list[Item], list[Item]]:
    snapshot, _ = studio.curriculum()
    waiting: list[Item] = []
    stuck: list[Item] = []
    codes = framework(snapshot, curriculum.framework)
    texts = [path for unit in mine for path in (f"{unit.folder}/unit.md", *unit.lessons, *unit.assessments)]
    for path in texts[:_LOOKED_AT]:
        graves = [one for one in check_file(path, curriculum, codes, snapshot) if one.severity == "grave"]
        if graves:
            more = f" (and {len(graves) - 1} more)" if len(graves) > 1 else ""
            stuck.append(_item(curriculum, path, f"Stops publishing: {graves[0].message}{more}"))
    old = datetime.now(UTC) - _OLD
    for unit in mine:
        for path in unit.drafts:
            last = studio.content.history(path, limit=1)
            if last and last[0].at < old:
                stuck.append(
                    _item(curriculum, path, f"A draft that nobody changed since {last[0].at:%-d %B}.")
                )
            else:
                waiting.append(
                    _item(curriculum, path, "A draft: not in any section yet, so students do not see it.")
                )
    changed = unpublished(studio)
    ours = [path for path in changed if path in texts]
    if person.may("publish") and changed:
        waiting.insert(
            0,
            Item(
                "",
                f"{len(changed)} changed {'page' if len(changed) == 1 else 'pages'} to publish",
                "Look at what would change, then publish.",
                "/publish",
            ),
        )
    elif ours:
        waiting += [_item(curriculum, path, "Changed since it was published.") for path in ours[:12]]
    return [*_flagged(studio, curriculum, set(texts)), *waiting], stuck


def _flagged(studio: Studio, curriculum: Curriculum, texts: set[str]) -> list[Item]:
    """The flags on one's own texts that nobody has looked at: where the evidence points."""
    found = []
    for flag in studio.flags.all("open"):
        path = next((one for one in curriculum.by_id.get(flag.document, ()) if one in texts), None)
        if path is not None:
            why = f"{flag.title} ({flag.part}). Look at the evidence and say what follows."
            found.append(Item(path, curriculum.facts[path].title or path, why, f"/loops/{flag.key}"))
    return found[:8]


def _reviews(
    studio: Studio, person: Person, curriculum: Curriculum, access: Access
) -> tuple[list[Item], list[Item]]:
    """What others ask of this person, and what of theirs does not get on."""
    names = {one.person.key: one.person.name for one in studio.people.all()}
    waiting: list[Item] = []
    stuck: list[Item] = []
    for request, path in asked_of(studio, person):
        due = f" Until {request.due}." if request.due else ""
        why = f"{names.get(request.person, 'Somebody')} asks for your review: {request.question or 'is it ready?'}{due}"
        place = path.removesuffix(".md")
        waiting.append(Item(path, curriculum.facts[path].title or path, why, f"/units/{place}/approval"))
    paths = paths_by_key(curriculum)
    now = datetime.now(UTC)
    for thread in studio.reviews.everywhere():
        path = paths.get(thread.text, "")
        if not path or person.key not in thread.people or not access.may("read", path):
            continue
        title, address = curriculum.facts[path].title or path, f"/threads/{thread.key}"
        newest = thread.remarks[-1].person if thread.remarks else thread.person
        if thread.lost and thread.person == person.key:
            stuck.append(Item(path, title, "The words that you commented on are gone.", address))
        elif thread.assigned == person.key:
            waiting.append(
                Item(
                    path,
                    title,
                    f"You look after a thread of {names.get(thread.person, 'somebody')}.",
                    address,
                )
            )
        elif newest != person.key and thread.person == person.key:
            waiting.append(Item(path, title, f"{names.get(newest, 'Somebody')} answered you.", address))
        elif thread.person == person.key and now - datetime.fromtimestamp(thread.last, UTC) > _UNANSWERED:
            stuck.append(Item(path, title, "Nobody has answered you for a week.", address))
    for request in studio.approvals.requests():
        path = paths.get(request.text, "")
        if request.person == person.key and path and request.due and request.due < now.date().isoformat():
            place = path.removesuffix(".md")
            why = f"Your request for review was due {request.due}."
            stuck.append(Item(path, curriculum.facts[path].title or path, why, f"/units/{place}/approval"))
    return waiting[:30], stuck[:30]


def _item(curriculum: Curriculum, path: str, why: str) -> Item:
    return Item(path, curriculum.facts[path].title or path, why)


def unpublished(studio: Studio) -> list[str]:
    """The texts of units and shared pages whose working text is not what is published."""
    snapshot, curriculum = studio.curriculum()
    released = studio.content.published()
    if released is None:
        return sorted(curriculum.facts)
    changed = snapshot.differing(studio.snapshot(released))
    return sorted(
        path
        for path in changed
        if path in curriculum.facts
        and (
            path in SHARED
            or path in curriculum.placed
            or path.endswith("/unit.md")
            or path in curriculum.unit_of
        )
    )
