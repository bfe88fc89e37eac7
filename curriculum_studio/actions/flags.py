"""What people do with flags: look at the loop of a part, take a flag up, set it aside with a reason, close it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import Access
from curriculum_studio.actions.evidence import texts_for_results
from curriculum_studio.actions.reviews import Choice, start_thread
from curriculum_studio.actions.teaching import taught_of_part
from curriculum_studio.domain.comparisons import Comparison, Side, compare
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.evidence import ResultSet
from curriculum_studio.domain.flags import Flag, state_after, stuck_at
from curriculum_studio.domain.item_report import Answer, ItemReport, report
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.teaching import PartSum
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.formats.lesson_times import timed_part
from curriculum_studio.formats.rubrics import read_rubric
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

_VERSIONS = 60
"""Versions of a text that are looked at for changes of a part; older ones count as before."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Results that say something about a part: the set, the item, the answer that shows it, and whether the students had the
    part as it was before its first change after the flag (`early`), or later."""

    set: ResultSet
    item: ItemReport
    answer: Answer
    early: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A version that changed the part, what then stood around the part, and whether it is published."""

    version: Version
    section: str
    published: bool


@dataclass(frozen=True, slots=True)
class Loop:
    """All that is known of a part, round the loop: what classes did, flags, changes, publication, what classes did next.

    `comparisons` are (text, item, answer), in words, with the figures before and after; `taught` is what shared teaching logs say of the
    part, for each text that was taught, and whether that was the text before the change. `stuck` says what has to happen next.
    """

    facts: Facts
    part: str
    title: str
    within: str
    sightings: tuple[Sighting, ...]
    flags: tuple[Flag, ...]
    changes: tuple[Change, ...]
    comparisons: tuple[tuple[str, str, str, Comparison], ...]
    taught: tuple[tuple[bool, PartSum], ...]
    stuck: str

    @property
    def live(self) -> Flag | None:
        """The flag whose loop is open."""
        return next((one for one in reversed(self.flags) if one.live), None)


def loops(studio: Studio, person: Person, *, live: bool = True) -> list[Loop]:
    """The loops of all parts that have a flag and that somebody may read: the open ones, oldest first, or all others."""
    flags = studio.flags.all("open", "taken") if live else studio.flags.all("aside", "closed")
    readable = _readable(studio, person)
    found = []
    for document, part in dict.fromkeys(
        (flag.document, flag.part) for flag in flags if flag.document in readable
    ):
        found.append(loop_of(studio, person, document, part))
    return found


def open_flags(studio: Studio, person: Person) -> list[Flag]:
    """The flags whose loops are open, on texts that somebody may read, the oldest first."""
    readable = _readable(studio, person)
    return [one for one in studio.flags.all("open", "taken") if one.document in readable]


def flags_on(studio: Studio, document: str, parts: Iterable[tuple[str, str]] = ()) -> list[Flag]:
    """The flags whose loops are open on a text (its id), and on parts of others as (text, part), the oldest first; for somebody who
    may read them."""
    if not document:
        return []
    others = set(parts)
    there = studio.flags.all("open", "taken", on={document, *(text for text, _ in others)})
    return [one for one in there if one.document == document or (one.document, one.part) in others]


def _readable(studio: Studio, person: Person) -> dict[str, Facts]:
    """The texts that a flag can be on and that somebody may read: units, assessments, lessons, by their ids."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    units = [one.facts for one in curriculum.units if one.facts.id and access.reads(one.facts.path)]
    return {one.id: one for one in (*units, *texts_for_results(studio, person))}


def loop_of(studio: Studio, person: Person, document: str, part: str) -> Loop:
    """The loop of one part (id of the text, id of the part). Raises `NotFound`."""
    facts = _readable(studio, person).get(document)
    if facts is None:
        raise NotFound("There is no such part.")
    text = read_document(facts.path, studio.snapshot()[facts.path])
    found = timed_part(text, part) if part else None
    flags = tuple(flag for flag in studio.flags.all(on=[document]) if flag.part == part)
    if found is None and not flags:
        raise NotFound("There is no such part.")
    raised = min((flag.at for flag in flags), default=0)
    changes = _changes(studio, facts, part, raised)
    sightings = _sightings(studio, facts, part, changes)
    taught = _taught(studio, person, facts, part, changes)
    live = next((one for one in reversed(flags) if one.live), flags[-1] if flags else None)
    stuck = ""
    if live is not None:
        stuck = stuck_at(
            live,
            changed=bool(changes),
            published=any(one.published for one in changes),
            measured=any(not one.early for one in sightings)
            or any(not early for early, _ in taught)
            or _seen_anew(studio, facts, live),
        )
    return Loop(
        facts, part, (found.title or found.heading if found else part) or facts.title, _within(text, part), tuple(sightings), flags,
        tuple(changes), tuple(_comparisons(sightings)), taught, stuck,
    )  # fmt: skip


def _section(text: Document, part: str) -> str:
    """The text of the part of the outline (`##`) that holds a part; all of it where the part is the whole text ("")."""
    if not part:
        return text.source
    found = timed_part(text, part)
    for one in text.parts:
        if found is not None and any(inner is found for inner in one.walk()):
            return text.source[one.start : one.end]
    return ""


def _seen_anew(studio: Studio, facts: Facts, flag: Flag) -> bool:
    """Whether people have looked again at what no results measure: raters in a later round that is over; of readers' reports
    nothing more comes than a change that they asked for."""
    if flag.rule == "low-agreement":
        unit = studio.curriculum()[1].unit_of.get(facts.path)
        rounds = studio.ratings.all(read_rubric, unit.facts.id if unit else facts.id)
        return any(one.whole and one.at > flag.at for one in rounds)
    return flag.rule == "reader-reports"


def _taught(
    studio: Studio, person: Person, facts: Facts, part: str, changes: Sequence[Change]
) -> tuple[tuple[bool, PartSum], ...]:
    """What shared logs say of a part, as somebody may see it, and whether they tell of the text before its change."""
    changed = {one.section for one in changes}
    found = []
    whole = Access(studio, person).may("write", facts.path)
    for blob, told in taught_of_part(studio, facts.id, part, whole=whole):
        text = read_document(facts.path, studio.content.read_blob(blob), facts.kind)
        found.append((_section(text, part) not in changed, told))
    return tuple(found)


def _within(text: Document, part: str) -> str:
    return next(
        (one.heading for one in text.parts if any(p.id == part for p in one.walk()) and one.id != part), ""
    )


def _changes(studio: Studio, facts: Facts, part: str, since: int) -> list[Change]:
    """The versions that changed what holds a part, after a moment, the oldest first."""
    if not since:
        return []
    content = studio.content
    versions = content.history(facts.path, lesson_id=facts.id, limit=_VERSIONS)
    newer = [one for one in versions if one.at.timestamp() >= since]
    older = versions[len(newer)] if len(newer) < len(versions) else None
    if older is None:
        return []

    published = _section_at(studio, facts, part, studio.content.published())
    found, before, first = (
        [],
        _section_at(studio, facts, part, older.id),
        _section_at(studio, facts, part, older.id),
    )
    for version in reversed(newer):
        now = _section_at(studio, facts, part, version.id)
        if now != before:
            found.append(Change(version, now, bool(published) and published != first))
        before = now
    return found


def _section_at(studio: Studio, facts: Facts, part: str, version: str | None) -> str:
    """What stood around a part in a version; "" where there was no such text."""
    try:
        content = studio.content.read_at(facts.path, version, facts.id) if version else b""
    except NotFound:
        return ""
    return _section(read_document(facts.path, content), part)


def _sightings(studio: Studio, facts: Facts, part: str, changes: Sequence[Change]) -> list[Sighting]:
    """The results that say something about a part: those whose answers name the misconception, or that are about the part."""
    _, curriculum = studio.curriculum()
    unit = curriculum.unit_of.get(facts.path)
    inside = {
        curriculum.facts[p].id
        for p in (*(unit.lessons if unit else ()), *(unit.assessments if unit else ()))
        if p in curriculum.facts
    }
    changed = {one.section for one in changes}
    had: dict[str, str] = {}
    found = []
    for one in studio.evidence.all():
        if one.document not in inside | {facts.id}:
            continue
        if one.version not in had:
            had[one.version] = _section_at(studio, facts, part, one.version) if changed else ""
        early = had[one.version] not in changed
        for item in report(one).items:
            for answer in item.answers:
                if answer.misconception == part or (
                    one.document == facts.id and item.item.id == part and answer.right
                ):
                    found.append(Sighting(one, item, answer, early))
    return sorted(found, key=lambda row: (row.set.taken, row.set.at, row.set.key, row.item.item.id))


def _comparisons(sightings: Sequence[Sighting]) -> list[tuple[str, str, str, Comparison]]:
    """For each item and answer, before and after the first change: only where both sides are shown."""
    groups: dict[tuple[str, str, str], tuple[list[Sighting], list[Sighting]]] = {}
    for one in sightings:
        if one.answer.cell.shown and one.item.n:
            pair = groups.setdefault((one.set.title, one.item.item.id, one.answer.mark), ([], []))
            pair[0 if one.early else 1].append(one)
    found = []
    for (title, _, _), (early, late) in groups.items():
        result = compare(_side(early), _side(late))
        if result is not None:
            found.append((title, *_in_words(early[0]), result))
    return found


def _in_words(one: Sighting) -> tuple[str, str]:
    """The item and the answer of a sighting. What was sorted into piles has names; of a problem, its label and the answer's."""
    item, answer = one.item.item, one.answer
    if item.kind == "piles":
        return item.title or item.id, answer.words
    return item.id, "right" if answer.right else f"answer {answer.mark}"


def _side(rows: Sequence[Sighting]) -> Side:
    classes = sum(one.set.classes for one in rows) if all(one.set.classes for one in rows) else 0
    return Side(sum(one.answer.cell.low for one in rows), sum(one.item.n or 0 for one in rows), classes)


def find_flag(studio: Studio, person: Person, key: str) -> Flag:
    """A flag on a text that somebody may read. Raises `NotFound`."""
    flag = studio.flags.get(key)
    if flag.document not in _readable(studio, person):
        raise NotFound("There is no such flag.")
    return flag


def move_flag(studio: Studio, person: Person, key: str, act: str, words: str) -> Flag:
    """Takes a flag up, sets it aside with a reason, closes its loop with what was learned, or opens it again."""
    flag = find_flag(studio, person, key)
    path = _readable(studio, person)[flag.document].path
    if not (person.may("results") and Access(studio, person).reads(path)):
        raise Refused("Teachers, researchers, coaches and leads answer flags. Nothing was changed.")
    source = ""
    if act == "taken":
        # What follows from a flag is talked about where all else is: beside the words of the part.
        state_after(flag, act, words)
        evidence = "\n".join(step.words for step in flag.steps if step.act == "raised")
        source = start_thread(
            studio,
            person,
            path,
            _choice(studio, path, flag.part),
            f"{words.strip()}\n\n{flag.title}. {evidence}",
        )
    return studio.flags.move(key, act, person.key, words, source)


def _choice(studio: Studio, path: str, part: str) -> Choice:
    """The part that a flag is on, or the whole text where the part is gone."""
    return (
        Choice(part=part) if read_document(path, studio.snapshot()[path]).part(part) is not None else Choice()
    )


def age_of(flag: Flag) -> int:
    """For how many days a flag has stood."""
    return max(0, (datetime.now(UTC) - datetime.fromtimestamp(flag.at, UTC)).days)
