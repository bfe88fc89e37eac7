"""Publishes a curriculum: reads what changed, checks everything, and puts each edition in place.

The steps are those of `publish` below. What was not touched since the last publish is neither read nor built;
whatever the way to it, the result is the same as a build from nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.findings import Finding, grave
from curriculum_studio.domain.kinds import EDITIONS, Edition
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import Curriculum, curriculum_of, is_text
from curriculum_studio.formats.facts import Facts
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.links import resolve
from curriculum_studio.formats.pictures import PictureError, clean_picture
from curriculum_studio.publishing.output import one_at_a_time, put_in_place
from curriculum_studio.publishing.plan import Plan, asset_name
from curriculum_studio.publishing.program import program_assets, program_version
from curriculum_studio.publishing.render import Pages
from curriculum_studio.publishing.search_entries import SearchOutput
from curriculum_studio.publishing.site import Site
from curriculum_studio.publishing.sources import stamp_of
from curriculum_studio.publishing.state import SourceRow, State
from curriculum_studio.publishing.work import Spill, read_all, render_all

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a publish did: pages built, reused and removed, seconds, every finding; `done` is false where a grave
    finding stopped it and nothing was changed."""

    built: int
    reused: int
    removed: int
    seconds: float
    findings: tuple[Finding, ...]
    done: bool = True


@dataclass
class _Reading:
    """What was read of the source: the facts of all texts, and which files changed since the last publish."""

    facts: dict[str, Facts]
    rows: dict[str, SourceRow]
    changed: set[str]
    gone: set[str]
    spill: Spill
    findings: list[Finding] = field(default_factory=list)
    quiet: bool = False
    """Whether the changed files are lessons that changed in nothing that any other page or finding looks at."""


@dataclass
class _Count:
    built: int = 0
    reused: int = 0
    removed: int = 0


def publish(
    source: Snapshot,
    out: Path,
    editions: Sequence[Edition] = ("student",),
    *,
    jobs: int = 1,
    base_url: str = "",
    force: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Builds editions of a curriculum into `out/<edition>`. Equal sources give equal bytes.

    Anything grave leaves `out` untouched. Raises `Refused` where the curriculum or the folder cannot be used.
    """
    started = time.monotonic()
    if "curriculum.md" not in source:
        raise Refused("There is no curriculum.md here; a curriculum is a folder that has one.")
    tell = progress or (lambda step, done, total: None)
    wanted = [edition for edition in EDITIONS if edition in editions]
    with one_at_a_time(out):
        return _publish(source, out, wanted, jobs, base_url, force, tell, started)


def _publish(
    source: Snapshot,
    out: Path,
    wanted: Sequence[Edition],
    jobs: int,
    base_url: str,
    force: bool,
    tell: Progress,
    started: float,
) -> Report:
    states = {e: State(out / f".publish-{e}", program_version() + base_url, fresh=force) for e in wanted}
    work = out / ".publish-work"
    try:
        pages = None if force else _pages_if_unchanged(source, states, out)
        if pages is not None:
            return Report(0, pages, 0, time.monotonic() - started, states[wanted[0]].findings())
        reading = _read(source, states, wanted, jobs, work, tell)
        curriculum = curriculum_of(reading.facts, source)
        known = framework(source, curriculum.framework)
        reading.quiet = reading.quiet and not any(path in curriculum.translations for path in reading.changed)
        if reading.quiet:
            findings = [f for f in states[wanted[0]].findings() if f.file not in reading.changed]
            findings += [f for path in reading.changed for f in check_file(path, curriculum, known, source)]
            findings.sort()
        else:
            findings = _check(curriculum, known, source, tell)
        reading.findings = findings
        if grave(findings):
            return Report(0, 0, 0, time.monotonic() - started, tuple(findings), done=False)
        count = _Count()
        for edition in wanted:
            _build_edition(
                edition, source, out, states[edition], curriculum, known, reading, jobs, base_url, count, tell
            )
        return Report(count.built, count.reused, count.removed, time.monotonic() - started, tuple(findings))
    finally:
        for state in states.values():
            state.close()
        shutil.rmtree(work, ignore_errors=True)


def _pages_if_unchanged(source: Snapshot, states: Mapping[Edition, State], out: Path) -> int | None:
    """How many pages stand, where nothing at all changed since the last publish; else None.

    Looks at stamps and at which files are there, and reads none of them.
    """
    stamps = {path: stamp_of(source, path) for path in source}
    total = 0
    for edition, state in states.items():
        if state.fresh or {path: row.stamp for path, row in state.sources().items()} != stamps:
            return None
        addresses = state.pages()
        files = [*state.files(), *(f"{address}index.html" for address in addresses)]
        if not all((out / edition / name).is_file() for name in files):
            return None
        total += len(addresses)
    return total


def _read(
    source: Snapshot,
    states: Mapping[Edition, State],
    wanted: Sequence[Edition],
    jobs: int,
    work: Path,
    tell: Progress,
) -> _Reading:
    """Facts of every text: of those that did not change, from the last publish."""
    last = states[wanted[0]]
    before = last.sources()
    stamps = {path: stamp_of(source, path) for path in source}
    same = {path for path, row in before.items() if stamps.get(path) == row.stamp}
    # Each edition must have seen the same bytes; where one is behind, all read anew what differs.
    for edition in wanted[1:]:
        rows = states[edition].sources()
        same = {path for path in same if rows.get(path) == before[path]}
    facts = last.facts() if len(same) * 2 > len(stamps) else last.facts(same)
    facts = {path: one for path, one in facts.items() if path in same}
    to_read = [path for path in stamps if path not in same]
    tell("reading", 0, len(to_read))
    texts = [path for path in to_read if is_text(path)]
    read, digests, spill = read_all(source, texts, wanted, jobs, work, tell)
    behind = last.facts(to_read)
    facts.update(read)
    for path in to_read:
        if path not in digests:
            digests[path] = hashlib.sha256(source[path]).hexdigest()
    rows = {path: SourceRow(stamps[path], digests[path]) for path in to_read}
    changed = {path for path in to_read if path not in before or before[path].digest != digests[path]}
    if len(wanted) > 1:
        changed = set(to_read)
    seen = [before, *(states[edition].sources() for edition in wanted[1:])]
    gone = {path for rows_then in seen for path in rows_then} - set(stamps)
    quiet = (
        not any(state.fresh for state in states.values())
        # An edition that is behind the others has still to see what was loud for them.
        and all(rows_then == before for rows_then in seen)
        and not gone
        and all(
            path in behind and path in read and _same_outside(behind[path], read[path]) for path in to_read
        )
    )
    return _Reading(facts, rows, changed, gone, spill, quiet=quiet)


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


def _check(
    curriculum: Curriculum, known: Framework | None, source: Snapshot, tell: Progress
) -> list[Finding]:
    tell("checking", 0, len(curriculum.files))
    return sorted(found for path in curriculum.files for found in check_file(path, curriculum, known, source))


def _build_edition(
    edition: Edition,
    source: Snapshot,
    out: Path,
    state: State,
    curriculum: Curriculum,
    known: Framework | None,
    reading: _Reading,
    jobs: int,
    base_url: str,
    count: _Count,
    tell: Progress,
) -> None:
    folder = out / edition
    pictures, files = _pictures(
        curriculum, edition, source, reading.changed if reading.quiet else curriculum.facts
    )
    assets, asset_files = program_assets()
    files.update(asset_files)
    plan = Plan(edition, curriculum, known, pictures)
    site = _site(curriculum, edition, assets, base_url)
    builder = Pages(plan, site, source)
    old = state.pages()
    quiet = reading.quiet
    keys, todo = _to_build(builder, site, reading, old, folder)
    search = SearchOutput(state, folder)
    staged, entries = render_all(builder, todo, reading.spill, jobs, out / ".publish-work", tell)
    if not quiet:
        files.update(builder.lists())
    gone_pages = set(old) - set(plan.pages)
    known_files = state.files()
    files.update(search.update(entries, gone_pages))
    kept = frozenset[str]()
    if quiet:
        kept = frozenset(p for p in known_files if p not in files) - search.gone
    elif not search.whole:
        kept = frozenset(p for p in known_files if p.startswith("search/") and p not in files) - search.gone
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    gone = [f"{address}index.html" for address in gone_pages]
    gone += [p for p in known_files if p not in files and p not in staged and p not in kept]
    fresh = {p: c for p, c in files.items() if known_files.get(p) != digests[p] or not (folder / p).is_file()}
    tell("writing", 0, len(staged) + len(fresh))
    folder.mkdir(parents=True, exist_ok=True)
    if state.fresh and folder.is_dir():
        # Nothing is remembered of what lies there: whatever this build did not make is of an earlier one.
        gone += [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    gone = [path for path in dict.fromkeys(gone) if path not in files and path not in staged]
    written = put_in_place(folder, fresh, staged, gone)
    state.put_sources(reading.rows, reading.facts)
    state.drop_sources(reading.gone)
    state.put_pages({address: (keys[address], plan.pages[address]) for address in todo})
    state.drop_pages(gone_pages)
    state.put_files({path: digests[path] for path in fresh})
    state.drop_files([p for p in known_files if p not in files and p not in kept])
    state.put_findings(reading.findings)
    state.commit()
    count.built += len(todo)
    count.reused += len(plan.pages) - len(todo)
    count.removed += written.removed


def _to_build(
    builder: Pages, site: Site, reading: _Reading, old: Mapping[str, str], folder: Path
) -> tuple[dict[str, str], list[str]]:
    """The key of every page, and the addresses whose page is not there or was made from something else."""
    site_key = hashlib.sha256(repr(site).encode()).hexdigest()[:16]
    pages, changed = builder.plan.pages, reading.changed
    keys = {
        address: old[address] if reading.quiet and path not in changed else site_key + builder.key(address)
        for address, path in pages.items()
    }
    looked_at = [a for a, path in pages.items() if path in changed] if reading.quiet else list(keys)
    todo = [a for a in looked_at if old.get(a) != keys[a] or not (folder / a / "index.html").is_file()]
    return keys, todo


def _site(curriculum: Curriculum, edition: Edition, assets: Mapping[str, str], base_url: str) -> Site:
    root = curriculum.facts["curriculum.md"]
    organization, _, languages = root.site
    base = base_url if not base_url or base_url.endswith("/") else f"{base_url}/"
    return Site(
        edition, root.title, organization, root.language or "en", languages, root.license, assets, base
    )


def _pictures(
    curriculum: Curriculum, edition: Edition, source: Snapshot, paths: Iterable[str]
) -> tuple[dict[str, tuple[str, int, int]], dict[str, bytes]]:
    """The pictures that the edition's own texts show: their files, cleaned, under names made from their bytes."""
    shown: set[str] = set()
    for path in paths:
        facts = curriculum.facts.get(path)
        if facts is None or not facts.pictures or curriculum.address(path, edition) is None:
            continue
        shown.update(resolve(path, use.target).path for use in facts.pictures if edition[0] in use.seen)
    found: dict[str, tuple[str, int, int]] = {}
    files: dict[str, bytes] = {}
    for path in sorted(shown & curriculum.files):
        try:
            picture = clean_picture(path, source[path])
        except PictureError:
            continue
        name = asset_name(path, hashlib.sha256(picture.content).hexdigest())
        found[path] = (name, picture.width, picture.height)
        files[name] = picture.content
    return found, files
