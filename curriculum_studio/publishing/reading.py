"""What changed since the last publish: which files, and whether any page but their own can see it.

What did not change is neither read nor looked at; a source that knows its versions is not even listed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curriculum_studio.domain.kinds import Edition
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.curriculum import is_text
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.links import resolve
from curriculum_studio.publishing.sources import changed_since, stamp_of
from curriculum_studio.publishing.state import SourceRow, State
from curriculum_studio.publishing.work import Progress, Spill, read_all


@dataclass(frozen=True, slots=True)
class Differences:
    """The files to be read, in order, and those that are gone. `together` is false where one edition was made from
    another source than the others, and has still to see what they have seen."""

    paths: tuple[str, ...]
    gone: frozenset[str]
    together: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: facts of the changed texts as they are and as they were, their rows for the state, the files
    whose bytes differ. `quiet` says that all are lessons which look the same to every other page and finding."""

    facts: Mapping[str, Facts]
    before: Mapping[str, Facts]
    rows: Mapping[str, SourceRow]
    changed: frozenset[str]
    gone: frozenset[str]
    spill: Spill
    quiet: bool


def differences(source: Snapshot, states: Sequence[State]) -> Differences:
    """Compares a source with what each edition was last made from: by version where it can be, else by stamps."""
    versions = {state.meta("version") for state in states}
    if not any(state.fresh for state in states) and len(versions) == 1:
        paths = changed_since(source, versions.pop())
        if paths is not None:
            there = tuple(sorted(path for path in paths if path in source))
            return Differences(there, frozenset(paths.difference(there)), True)
    stamps = {path: stamp_of(source, path) for path in source}
    seen = [state.stamps() for state in states]
    differ: set[str] = set()
    gone: set[str] = set()
    for rows in seen:
        differ.update(path for path, stamp in stamps.items() if rows.get(path) != stamp)
        gone.update(rows.keys() - stamps.keys())
    return Differences(tuple(sorted(differ)), frozenset(gone), all(rows == seen[0] for rows in seen))


def read_changes(
    source: Snapshot,
    found: Differences,
    states: Mapping[Edition, State],
    jobs: int,
    work: Path,
    tell: Progress,
) -> Reading:
    """Reads the files that differ; each text is parsed once for all editions."""
    wanted = list(states)
    last = states[wanted[0]]
    tell("reading", 0, len(found.paths))
    texts = [path for path in found.paths if is_text(path)]
    facts, digests, spill = read_all(source, texts, wanted, jobs, work, tell)
    for path in found.paths:
        if path not in digests:
            digests[path] = hashlib.sha256(source[path]).hexdigest()
    rows = {path: SourceRow(stamp_of(source, path), digests[path]) for path in found.paths}
    known = last.digests(found.paths) if len(wanted) == 1 else {}
    before = last.facts(found.paths)
    quiet = (
        found.together
        and not any(state.fresh for state in states.values())
        and not found.gone
        and all(
            path in before and path in facts and _same_outside(before[path], facts[path]) for path in rows
        )
        and not _translated(last, facts)
    )
    changed = frozenset(path for path in found.paths if known.get(path) != digests[path])
    return Reading(facts, before, rows, changed, found.gone, spill, quiet)


def _translated(state: State, facts: Mapping[str, Facts]) -> bool:
    """Whether a lesson has translations: their pages show what they lack in its words."""
    return any(path not in facts for path in state.paths_with_ids(one.id for one in facts.values()))


def _same_outside(old: Facts, new: Facts) -> bool:
    """Whether a lesson looks the same to every other file: all but its own text, its findings, its line numbers."""

    def outside(facts: Facts) -> Facts:
        return replace(
            facts,
            findings=(),
            digests=("", "", ""),
            student_hash="",
            whole_hash="",
            uses_misconceptions=(),
            links=tuple(replace(use, line=0, column=0) for use in facts.links),
            pictures=tuple(replace(use, line=0, column=0) for use in facts.pictures),
            claims=tuple(replace(claim, line=0, column=0) for claim in facts.claims),
            goals=tuple(replace(use, line=0, column=0) for use in facts.goals),
        )

    return old.kind == new.kind == "lesson" and outside(old) == outside(new)


def all_facts(source: Snapshot, state: State, reading: Reading) -> dict[str, Facts]:
    """The facts of every text: of those that were not read now, as the last publish knew them."""
    if len(reading.rows) * 2 > len(source):
        known = state.facts(path for path in source if path not in reading.rows)
    else:
        known = state.facts()
    return {path: one for path, one in known.items() if path in source} | dict(reading.facts)


def facts_around(state: State, reading: Reading) -> dict[str, Facts]:
    """The facts that pages and findings of the lessons read can look at, and no others: of their units, of what they
    link to and its units, of whatever shares an id with one of them."""
    if len(reading.facts) > 200:
        return state.facts() | dict(reading.facts)
    targets = {
        target.path
        for path, facts in reading.facts.items()
        for use in facts.links
        if (target := resolve(path, use.target)).kind == "file"
    }
    found = state.facts(("curriculum.md", "charter.md", "glossary.md", *targets))
    ids = {one.id for one in (*reading.facts.values(), *(found[path] for path in targets if path in found))}
    near = {*reading.facts, *targets, *state.paths_with_ids(ids - {""})}
    for folder in sorted({_unit_folder(path) for path in near} - {""}):
        found |= state.facts_below(folder)
    return found | dict(reading.facts)


def _unit_folder(path: str) -> str:
    folder = path.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    return above if last in ("assessments", "professional-learning") else folder
