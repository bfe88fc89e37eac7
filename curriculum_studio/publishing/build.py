"""Publishes a curriculum: reads what changed, checks it, and puts each edition in place.

The steps are those of `_publish` below. What was not touched since the last publish is neither read nor built;
whatever the way to it, the result is the same as a build from nothing.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.domain.kinds import EDITIONS, Edition
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import curriculum_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.publishing.edition import Publication, amend_edition, build_edition
from curriculum_studio.publishing.output import clear_late, one_at_a_time
from curriculum_studio.publishing.program import program_version
from curriculum_studio.publishing.reading import all_facts, differences, facts_around, read_changes
from curriculum_studio.publishing.state import State

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a publish did: pages built, reused and removed, seconds, what was found; `done` is false where a grave
    finding stopped it and nothing was changed."""

    built: int
    reused: int
    removed: int
    seconds: float
    findings: tuple[Finding, ...]
    done: bool = True


def publish(
    source: Snapshot,
    out: Path,
    editions: Sequence[Edition] = ("student",),
    *,
    jobs: int = 1,
    base_url: str = "",
    reports: str = "",
    force: bool = False,
    every_finding: bool = True,
    progress: Progress | None = None,
) -> Report:
    """Builds editions of a curriculum into `out/<edition>`. Equal sources give equal bytes.

    `reports` is the address at which readers of the student and family editions may report something.

    Anything grave leaves `out` untouched. The report tells every finding; without `every_finding`, a publish that is
    done may leave out those of files that it did not read. Raises `Refused` where the curriculum or the folder
    cannot be used.
    """
    started = time.monotonic()
    if "curriculum.md" not in source:
        raise Refused("There is no curriculum.md here; a curriculum is a folder that has one.")
    tell = progress or (lambda step, done, total: None)
    wanted = [edition for edition in EDITIONS if edition in editions]
    with one_at_a_time(out):
        states = {
            one: State(out / f".publish-{one}", program_version() + base_url + reports, fresh=force)
            for one in wanted
        }
        try:
            report = _publish(source, out, states, jobs, base_url, reports, every_finding, tell)
        finally:
            for state in states.values():
                state.close()
            shutil.rmtree(out / ".publish-work", ignore_errors=True)
    return replace(report, seconds=time.monotonic() - started)


def _publish(
    source: Snapshot,
    out: Path,
    states: Mapping[Edition, State],
    jobs: int,
    base_url: str,
    reports: str,
    every_finding: bool,
    tell: Progress,
) -> Report:
    first = next(iter(states.values()))
    found = differences(source, list(states.values()))
    if not found.paths and not found.gone and found.together:
        pages = _standing_pages(states, out)
        if pages is not None:
            removed = sum(clear_late(out / edition) for edition in states)
            return Report(0, pages, removed, 0, tuple(first.findings()))
    reading = read_changes(source, found, states, jobs, out / ".publish-work", tell)
    facts = facts_around(first, reading) if reading.quiet else all_facts(source, first, reading)
    curriculum = curriculum_of(facts, source)
    known = framework(source, curriculum.framework)
    looked_at = reading.facts if reading.quiet else curriculum.files
    tell("checking", 0, len(looked_at))
    findings = sorted(one for path in looked_at for one in check_file(path, curriculum, known, source))
    if grave(findings):
        others = (one for one in first.findings() if one.file not in looked_at)
        return Report(0, 0, 0, 0, tuple(sorted([*findings, *others])), done=False)
    publication = Publication(
        source, out, curriculum, known, reading, findings, jobs, base_url, reports, tell
    )
    put = amend_edition if reading.quiet else build_edition
    for edition, state in states.items():
        put(publication, edition, state)
    told = first.findings() if reading.quiet and every_finding else findings
    return Report(publication.built, publication.reused, publication.removed, 0, tuple(told))


def _standing_pages(states: Mapping[Edition, State], out: Path) -> int | None:
    """How many pages stand, where nothing was taken away from any edition since the last publish; else None."""
    total = 0
    for edition, state in states.items():
        if state.fresh:
            return None
        addresses = state.pages()
        files = [*state.files(), *(f"{address}index.html" for address in addresses)]
        if not all((out / edition / name).is_file() for name in files):
            return None
        total += len(addresses)
    return total
