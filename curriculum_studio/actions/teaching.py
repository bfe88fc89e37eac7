"""What people do with the teaching log: write down how a lesson went, change it, delete it, share it, see what the team's logs say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import fmean

from curriculum_studio.access import Access
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.teaching import (
    Log,
    PartLog,
    PartSum,
    Timed,
    checked,
    enough,
    signs_of_teaching,
    sums,
)
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.formats.lesson_times import timed_parts
from curriculum_studio.studio import Studio

_BLOB = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Taught:
    """A lesson as it can be logged: its text (`blob`) and the parts that take time."""

    facts: Facts
    unit: UnitOutline | None
    blob: str
    parts: tuple[Timed, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ToLog:
    """A unit whose lessons somebody may log; `own` where one of their teams owns it."""

    unit: UnitOutline
    lessons: tuple[Facts, ...]
    own: bool


def lessons_to_log(studio: Studio, person: Person) -> list[ToLog]:
    """The lessons that somebody may read, by unit: those of their own teams first."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    found = []
    for unit in curriculum.units:
        facts = [curriculum.facts[path] for path in unit.lessons if access.reads(path)]
        team = access.team(unit.facts.path)
        if lessons := tuple(one for one in facts if one.id):
            found.append(ToLog(unit, lessons, team is not None and person.key in team.members))
    return sorted(found, key=lambda one: not one.own)


def find_taught(studio: Studio, person: Person, document: str, blob: str = "") -> Taught:
    """A lesson by its id, in the text of `blob` (the newest where none is named, or where it is no text of this lesson).
    Raises `NotFound`."""
    snapshot, curriculum = studio.curriculum()
    access = Access(studio, person)
    path = next((one for one in curriculum.by_id.get(document, ()) if access.reads(one)), "")
    facts = curriculum.facts.get(path)
    if facts is None or facts.kind != "lesson":
        raise NotFound("There is no such lesson.")
    now = snapshot.blob(path)
    text = _text_of(studio, facts, blob) if _BLOB.fullmatch(blob) and blob != now else None
    if text is None:
        blob, text = now, read_document(path, snapshot[path])
    words = frozenset(word.casefold() for word in _WORD.findall(text.source))
    return Taught(facts, curriculum.unit_of.get(path), blob, timed_parts(text), words)


def _text_of(studio: Studio, facts: Facts, blob: str) -> Document | None:
    """An older text of a lesson; None where the blob is none of its texts."""
    try:
        text = read_document(facts.path, studio.content.read_blob(blob), facts.kind)
    except (NotFound, ValueError):
        return None
    return text if text.id == facts.id else None


def write_log(
    studio: Studio,
    person: Person,
    document: str,
    said: Callable[[Timed], PartLog],
    log: Log,
    *,
    sure: bool = False,
) -> bool:
    """Keeps a log of a lesson, once however often it is sent; False where it was there already. `said` gives what was said
    of each part of the text that was taught. Raises `Refused` or `NotFound`."""
    _may(person)
    taught = find_taught(studio, person, document, log.blob)
    whole = replace(
        log, person=person.key, document=document, title=taught.facts.title, blob=taught.blob,
        parts=tuple(said(one) for one in taught.parts),
    )  # fmt: skip
    whole = checked(whole, datetime.now(UTC).date(), taught.words, sure=sure)
    made = studio.teaching.keep(whole)
    if made and whole.shared:
        _raise_flags(studio, document, whole.at)
    return made


def change_log(
    studio: Studio,
    person: Person,
    key: str,
    said: Callable[[Timed], PartLog],
    day: str,
    happened: str,
    *,
    sure: bool = False,
) -> None:
    """Writes an own log anew."""
    old = studio.teaching.own(person.key, key)
    try:
        words = find_taught(studio, person, old.document, old.blob).words
    except NotFound:
        words = frozenset()
    new = replace(old, parts=tuple(said(one.timed) for one in old.parts), day=day, happened=happened)
    studio.teaching.change(checked(new, datetime.now(UTC).date(), words, sure=sure))
    if old.shared:
        _raise_flags(studio, old.document)


def share_log(studio: Studio, person: Person, key: str, shared: bool) -> None:
    """Shares an own log with those who write in the unit, or takes it back."""
    log = studio.teaching.own(person.key, key)
    studio.teaching.share(person.key, key, shared)
    if shared:
        _raise_flags(studio, log.document)


def delete_log(studio: Studio, person: Person, key: str) -> None:
    """Deletes an own log."""
    studio.teaching.delete(person.key, key)


def logs_of(studio: Studio, person: Person) -> list[Log]:
    """Somebody's own logs, the newest first."""
    return studio.teaching.all_own(person.key)


@dataclass(frozen=True, slots=True)
class Logged:
    """How long a lesson took by one person's own logs: the mean, and how many logs say it."""

    minutes: int
    logs: int


def minutes_logged(studio: Studio, person: Person) -> dict[str, Logged]:
    """For each lesson (its id) how long it took by somebody's own logs, those that tell of all of it."""
    found: dict[str, list[int]] = {}
    for log in studio.teaching.all_own(person.key):
        if log.whole is not None:
            found.setdefault(log.document, []).append(log.whole)
    return {key: Logged(round(fmean(rows)), len(rows)) for key, rows in found.items()}


def taught_of_part(studio: Studio, document: str, part: str, *, whole: bool) -> list[tuple[str, PartSum]]:
    """What shared logs say of one part, for each text that was taught (its blob), the newest first. `whole` is for those who
    write in the unit; others are told only where logs are enough for a rule to look at them."""
    found = []
    logs = studio.teaching.shared(document)
    for blob in dict.fromkeys(log.blob for log in logs):
        these = [
            log
            for log in logs
            if log.blob == blob and any(p.timed.part == part and p.said for p in log.parts)
        ]
        if these and (whole or enough(these)):
            found += [(blob, one) for one in sums(these) if one.timed.part == part]
    return found


def lessons_together(studio: Studio, person: Person) -> list[tuple[Facts, int]]:
    """The lessons of which logs are shared with somebody, who writes in their units, and how many, in the order of the curriculum."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    counts = studio.teaching.shared_counts()
    found = [curriculum.facts[path] for unit in curriculum.units for path in unit.lessons]
    return [(one, counts[one.id]) for one in found if one.id in counts and access.may("write", one.path)]


@dataclass(frozen=True, slots=True)
class Together:
    """What the shared logs of a lesson say, for those who write in its unit."""

    facts: Facts
    logs: tuple[Log, ...]
    parts: tuple[PartSum, ...]


def logs_together(studio: Studio, person: Person, document: str) -> Together:
    """The shared logs of a lesson. Raises `NotFound` for whoever does not write in its unit."""
    taught = find_taught(studio, person, document)
    if not Access(studio, person).may("write", taught.facts.path):
        raise NotFound("There are no such logs.")
    logs = studio.teaching.shared(document)
    return Together(taught.facts, tuple(logs), sums(logs))


def readers_of(studio: Studio, person: Person, document: str) -> str:
    """Who sees what is shared of a lesson, in words."""
    try:
        facts = find_taught(studio, person, document).facts
    except NotFound:
        return "those who write in its unit"
    team = Access(studio, person).team(facts.path)
    if team is None:
        return "teachers, researchers, coaches and leads: no team owns this unit"
    names = sorted(one.person.name for one in studio.people.all() if one.person.key in team.members)
    return f"the team {team.name} ({', '.join(names)}) and the leads"


def _raise_flags(studio: Studio, document: str, at: int = 0) -> None:
    """Raises what the rules see in the shared logs of a lesson: in those that came after a flag of the rule was last answered. `at`
    is the moment, now where none is given."""
    logs: Sequence[Log] = studio.teaching.shared(document)
    answered: dict[tuple[str, str], int] = {}
    for flag in studio.flags.all("aside", "closed", on=[document]):
        key = (flag.rule, flag.part)
        answered[key] = max(answered.get(key, 0), flag.steps[-1].at)
    found = []
    for sign in signs_of_teaching(logs):
        since = answered.get((sign.rule, sign.part), 0)
        newer = [one for one in logs if one.at > since]
        found += [one for one in signs_of_teaching(newer) if (one.rule, one.part) == (sign.rule, sign.part)]
    studio.flags.raise_all(found, at)


def _may(person: Person) -> None:
    if not person.may("teaching"):
        raise Refused("Teachers, researchers, coaches and leads keep a teaching log. Nothing was kept.")
