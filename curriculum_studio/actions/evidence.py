"""What people do with results: bring a file in for the version that was taught, look at the problems, withdraw."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import Access
from curriculum_studio.actions.lessons import names_of_parts
from curriculum_studio.domain.errors import NotFound, Place, Refused, ResultsRefused
from curriculum_studio.domain.evidence import (
    Item,
    Mistake,
    Results,
    ResultSet,
    masks_of,
    tally_answers,
    tally_counts,
    tally_rows,
    twin_of,
)
from curriculum_studio.domain.flags import signs_of
from curriculum_studio.domain.identity import fold
from curriculum_studio.domain.item_report import report
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.suppression import Mask
from curriculum_studio.formats.assessment_items import items_of
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.results_csv import ResultsFile, Vocabulary, read_results
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

LEFT_OUT = "-"
"""What stands for a column that is for no problem."""
_MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")


@dataclass(frozen=True, slots=True)
class Taught:
    """A text in the version that was taught: where it stands now, its blob then, and its problems then."""

    facts: Facts
    version: Version
    blob: str
    items: tuple[Item, ...]

    def find(self, label: str) -> Item | None:
        """The problem that a label means: its id, else its number among the problems."""
        wanted = label.strip()
        exact = next((one for one in self.items if one.id == wanted), None)
        if exact is not None:
            return exact
        folded = fold(wanted)
        near = next((one for one in self.items if fold(one.id) == folded), None)
        number = re.fullmatch(r"(?:[a-z]+ ?)?(\d{1,3})", folded)
        problems = [one for one in self.items if one.kind != "piles"]
        if near is None and number and 0 < int(number[1]) <= len(problems):
            return problems[int(number[1]) - 1]
        return near


@dataclass(frozen=True, slots=True)
class Intake:
    """What bringing a file in comes to. `columns` gives for each column of answers (`file.items`) the id of its problem, "" for
    one that is left out; `asked` are the places in it of which nobody has said yet what they are."""

    file: ResultsFile
    taught: Taught
    columns: tuple[str, ...]
    asked: tuple[int, ...]
    results: Results | None
    set: ResultSet | None = None


def texts_for_results(studio: Studio, person: Person) -> list[Facts]:
    """The texts that results can be about and that somebody may read: assessments first, then lessons."""
    access, (_, curriculum) = Access(studio, person), studio.curriculum()
    found = [
        curriculum.facts[path]
        for unit in curriculum.units
        for path in (*unit.assessments, *unit.lessons)
        if access.reads(path)
    ]
    return [one for one in found if one.id]


def piles_of(studio: Studio, person: Person, document: str) -> Item | None:
    """What answers to a lesson can be sorted into, as it stands now: of its cool-down, else of its last part. None where the text is
    no lesson that somebody may read."""
    facts = next((one for one in texts_for_results(studio, person) if one.id == document), None)
    items = items_of(read_document(facts.path, studio.snapshot()[facts.path])) if facts else ()
    return next((one for one in reversed(items) if one.kind == "piles"), None)


def vocabulary(studio: Studio) -> Vocabulary:
    """The ids of parts and misconceptions of the working text: what a file of results may name."""
    _, curriculum = studio.curriculum()
    labels = {name for facts in curriculum.facts.values() for name in facts.parts}
    piles = {name for facts in curriculum.facts.values() for name in facts.misconceptions}
    return Vocabulary(frozenset(labels), frozenset(piles))


def look_at_results(
    studio: Studio,
    person: Person,
    content: bytes,
    document: str,
    version: str = "",
    columns: Mapping[str, str] | None = None,
) -> Intake:
    """What a file would come to; nothing is kept. Anything that looks like a student's identity is refused before anything
    is asked. `columns` says which problem a column is, by its number from 1 or its heading.

    Raises `ResultsRefused` with every finding, `Refused` with a question, `NotFound`.
    """
    if not person.may("results"):
        raise Refused("Teachers, researchers, coaches and leads bring results in. Nothing was changed.")
    file = read_results(content, vocabulary(studio))
    taught = find_taught(studio, person, document, version)
    if file.shape != "rows":
        return _look_at_single(file, taught)
    chosen, asked = _columns(studio, file, taught, columns or {})
    if asked:
        return Intake(file, taught, chosen, asked, None)
    return Intake(file, taught, chosen, (), _tally_columns(file, taught, chosen))


def _tally_columns(file: ResultsFile, taught: Taught, chosen: Sequence[str]) -> Results:
    places = [number for number, name in enumerate(chosen) if name]
    items = [item for number in places if (item := taught.find(chosen[number])) is not None]
    if not items:
        raise Refused("No column is for a problem. Say which is. Nothing was changed.")
    if len({one.id for one in items}) < len(items):
        raise Refused("Two columns are for the same problem. Nothing was changed.")
    whole = len(places) == len(file.items)
    rows = file.rows() if whole else (tuple([row[at] for at in places]) for row in file.rows())
    results, mistakes = tally_rows(items, rows)
    if mistakes:
        raise _mistaken(mistakes, [file.items[number] for number in places])
    return results


def _look_at_single(file: ResultsFile, taught: Taught) -> Intake:
    tally = tally_counts if file.shape == "counts" else tally_answers
    results, mistakes = tally(taught.find, file.rows())
    if mistakes:
        raise _mistaken(mistakes, (), file.places[0 if file.shape == "counts" else 1])
    columns = tuple(tally.item.id for tally in results.tallies)
    return Intake(file, taught, columns, (), results)


def _mistaken(
    mistakes: Iterable[Mistake | int], columns: Sequence[int], item_column: int = 0
) -> ResultsRefused:
    found: list[Place] = []
    for one in mistakes:
        if isinstance(one, int):
            found.append((one, item_column + 1, "results-item", {"number": item_column + 1}))
            continue
        column = columns[one.place] if columns else one.place
        marks = ", ".join(one.item.marks()) or "right, other"
        found.append((one.line, column + 1, "results-answer", {"item": one.item.id, "marks": marks}))
    return ResultsRefused(
        "Some answers do not fit the problems of that version. Nothing was changed.", found[:40]
    )


def _columns(
    studio: Studio, file: ResultsFile, taught: Taught, said: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Which problem each column is: as said now, else by its heading, else as said before; and what has to be asked."""
    before = studio.evidence.columns(taught.facts.id, len(file.items))
    chosen, asked = [""] * len(file.items), []
    known = {one.id for one in taught.items}
    for place, at in enumerate(file.items):
        heading = file.headings[at]
        given = said.get(str(at + 1)) or (said.get(heading) if heading else None)
        if given is not None:
            if given != LEFT_OUT and given not in known:
                raise Refused(
                    f"{taught.facts.title} has no problem “{given}” in that version. Nothing was changed."
                )
            chosen[place] = "" if given == LEFT_OUT else given
        elif heading and (item := taught.find(heading)) is not None:
            chosen[place] = item.id
        elif before and (not before[place] or before[place] in known):
            chosen[place] = before[place]
        else:
            asked.append(place)
    return tuple(chosen), tuple(asked)


def take_in_results(
    studio: Studio,
    person: Person,
    content: bytes,
    document: str,
    version: str = "",
    columns: Mapping[str, str] | None = None,
    *,
    taken: str = "",
    classes: int = 0,
    at: int = 0,
) -> Intake:
    """Brings a file in, whole or not at all: only counts and sums are kept; `at` is the moment, 0 for now. Raises as `look_at_results` does."""
    look = look_at_results(studio, person, content, document, version, columns)
    if look.results is None:
        raise Refused(question(look))
    taken = taken or datetime.now(UTC).strftime("%Y-%m")
    if not _MONTH.fullmatch(taken):
        raise Refused("Say the month in which the results were taken as 2026-11. Nothing was changed.")
    if not 0 <= classes <= 10_000:
        raise Refused("Say how many classes took part, or nothing. Nothing was changed.")
    facts = look.taught.facts
    found = ResultSet(
        "", facts.id, facts.path, facts.title, look.taught.version.id, look.taught.blob, taken, classes, look.results, {}, person.key, at
    )  # fmt: skip
    made = studio.evidence.add(found, lambda earlier: _masks(look.results, earlier))
    if look.file.shape == "rows":
        studio.evidence.keep_columns(facts.id, look.columns)
    raise_flags(studio, made)
    return Intake(look.file, look.taught, look.columns, (), look.results, made)


def _masks(results: Results | None, earlier: Sequence[ResultSet]) -> Mapping[str, Mask]:
    if results is None:
        return {}
    if twin_of(results, earlier) is not None:
        raise Refused(
            "These could be the same students as in results that are in already, but for fewer than ten. Showing both would "
            "show those few. Wait until at least ten more have answered. Nothing was changed."
        )
    return masks_of(results, earlier)


def question(look: Intake) -> str:
    """What has to be said before a file can be taken in, in words."""
    columns = [look.file.items[place] for place in look.asked]
    headings = look.file.headings
    names = [f"{one + 1} (“{headings[one]}”)" if headings[one] else str(one + 1) for one in columns]
    problems = ", ".join(one.id for one in look.taught.items)
    first = columns[0] + 1
    return (
        f"Which problem of {look.taught.facts.title} is column {', '.join(names)}? Its problems are: {problems}. "
        f"Say `--columns {first}=…`, or `{first}={LEFT_OUT}` to leave a column out. Nothing was changed."
    )


def find_taught(studio: Studio, person: Person, document: str, version: str = "") -> Taught:
    """A text by its id, in the version that was taught: an id of a version or a name given to it, `released`, `working`, or ""
    for the newest release that has it (else the working text). Raises `Refused` with the question where no text is named."""
    known = texts_for_results(studio, person)
    if not document:
        names = ", ".join(f"{one.id} ({one.title})" for one in known if one.kind == "assessment")
        raise Refused(
            f"Which text are these results about? Say `--assessment ID`. There are: {names}. Nothing was changed."
        )
    facts = next((one for one in known if one.id == document or one.path == document), None)
    if facts is None:
        raise NotFound("There is no such assessment or lesson. Nothing was changed.")
    found = _version(studio, facts, version)
    path = studio.content.path_at(facts.path, found.id, facts.id)
    if path is None:
        raise Refused(f"{facts.title} was not there in that version. Nothing was changed.")
    blob = studio.content.blob_id(path, found.id)
    items = items_of(read_document(path, studio.content.read_blob(blob), facts.kind))
    if not items:
        raise Refused(f"{facts.title} had no problem with an id in that version. Nothing was changed.")
    return Taught(facts, found, blob, items)


def _version(studio: Studio, facts: Facts, version: str) -> Version:
    released = studio.content.published()
    if version in ("", "released"):
        if released is not None and studio.content.path_at(facts.path, released, facts.id) is not None:
            return studio.content.version(released)
        if version:
            raise Refused(f"{facts.title} has not been released. Nothing was changed.")
        version = "working"
    if version == "working":
        tip = studio.content.tip()
        if tip is None:
            raise NotFound("There is no text yet.")
        return studio.content.version(tip)
    named = next((key for key, one in studio.names.of(facts.id).items() if one.name == version), None)
    if named is None and not _COMMIT.fullmatch(version):
        raise Refused("There is no version of this name. Nothing was changed.")
    return studio.content.version(named or version)


def results_of(studio: Studio, person: Person, document: str = "", year: str = "") -> list[ResultSet]:
    """Results on texts that somebody may read, the newest first."""
    readable = {one.id for one in texts_for_results(studio, person)}
    return [one for one in studio.evidence.all(document, year) if one.document in readable]


def find_results(studio: Studio, person: Person, key: str) -> ResultSet:
    """Results by their key, for somebody who may read their text. Raises `NotFound`."""
    found = studio.evidence.get(key)
    if all(one.id != found.document for one in texts_for_results(studio, person)):
        raise NotFound("There are no such results.")
    return found


def withdraw_results(studio: Studio, person: Person, key: str) -> None:
    """Takes results out again; for whoever brought them in, and leads."""
    found = find_results(studio, person, key)
    if not may_withdraw(person, found):
        raise Refused("Who brought results in, or a lead, withdraws them. Nothing was changed.")
    studio.evidence.withdraw(key, person.key)


def may_withdraw(person: Person, one: ResultSet) -> bool:
    """Whether somebody may withdraw results, and bring them back."""
    return person.key == one.person or person.role == "lead"


def withdrawn_results(studio: Studio, person: Person) -> list[ResultSet]:
    """Results that were withdrawn and that somebody may bring back, the newest first."""
    readable = {one.id for one in texts_for_results(studio, person)}
    found = studio.evidence.all(withdrawn=True)
    return [one for one in found if one.document in readable and may_withdraw(person, one)]


def bring_results_back(studio: Studio, person: Person, key: str) -> None:
    """Brings results back that were withdrawn. Raises `NotFound`, `Refused`."""
    if all(one.key != key for one in withdrawn_results(studio, person)):
        raise NotFound("There are no such results.")
    studio.evidence.bring_back(key, person.key)


def versions_taught(studio: Studio, facts: Facts, limit: int = 8) -> list[tuple[str, str, Version]]:
    """The versions that students can have had, as (what `find_taught` takes, what it is, the version): the releases that have
    the text, the newest first, named versions, and the text as it stands."""
    found: list[tuple[str, str, Version]] = []
    for one in studio.content.releases(limit):
        if studio.content.path_at(facts.path, one.id, facts.id) is not None:
            found.append((one.id, "published", one))
    for key, name in studio.names.of(facts.id).items():
        found.append((key, f"“{name.name}”", studio.content.version(key)))
    tip = studio.content.tip()
    if tip is not None:
        found.append((tip, "as it stands now", studio.content.version(tip)))
    return found


def raise_flags(studio: Studio, one: ResultSet) -> list[str]:
    """Raises the flags that new results give cause for; gives their keys."""
    _, curriculum = studio.curriculum()
    where = {name: curriculum.facts[path].id for name, path in curriculum.misconceptions(one.path).items()}
    named = names_of_parts(studio, ((text, name) for name, text in where.items()), lambda _: True)
    called = {name: part.title for (_, name), part in named.items()}
    return studio.flags.raise_all(signs_of(report(one), where, called), one.at)
