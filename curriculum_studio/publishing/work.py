"""The two heavy steps of a build, in one process or several: reading texts, and rendering pages.

Between the two, what was made of each text is put aside in a file, so that memory does not grow with the
curriculum and nothing is parsed twice.
"""

from __future__ import annotations

import hashlib
import marshal
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curriculum_studio.domain.kinds import Edition
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.formats.facts import Facts, facts_of
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.parts import Leaf, leaf_from, leaf_of, leaf_row
from curriculum_studio.publishing.render import Pages, view_of
from curriculum_studio.publishing.search_entries import entry_of
from curriculum_studio.publishing.shards import Posting, posting_of

Progress = Callable[[str, int, int], None]
_CHUNK = 40
_SPILL_FROM = 40
"""Below so many texts, what was made of them is kept in memory: no file is worth its while."""
_Place = tuple[str, int, int]


@dataclass
class Spill:
    """The leaf of each path and edition, in memory or put aside: file, offset, length."""

    places: dict[tuple[str, str], Leaf | _Place] = field(default_factory=dict)

    def leaf(self, path: str, edition: str) -> Leaf | None:
        """The leaf that was made, None where none was."""
        place = self.places.get((path, edition))
        if place is None or isinstance(place, Leaf):
            return place
        with Path(place[0]).open("rb") as file:
            file.seek(place[1])
            return leaf_from(marshal.loads(file.read(place[2])))  # noqa: S302 - written by this run


_Read = tuple[list[tuple[str, str, Facts]], dict[tuple[str, str], Leaf | _Place]]


def _read_chunk(
    source: Snapshot, paths: Sequence[str], editions: Sequence[Edition], aside: Path | None
) -> _Read:
    facts: list[tuple[str, str, Facts]] = []
    places: dict[tuple[str, str], Leaf | _Place] = {}
    at = 0
    with aside.open("wb") if aside is not None else nullcontext() as out:
        for path in paths:
            content = source[path]
            document = read_document(path, content)
            facts.append((path, hashlib.sha256(content).hexdigest(), facts_of(document)))
            if document.kind == "translation":
                continue
            for edition in editions:
                view = view_of(document, edition)
                if view is None:
                    continue
                leaf = leaf_of(view)
                if out is None:
                    places[(path, edition)] = leaf
                    continue
                row = marshal.dumps(leaf_row(leaf))
                places[(path, edition)] = (str(aside), at, len(row))
                at += out.write(row)
    return facts, places


def read_all(
    source: Snapshot,
    paths: Sequence[str],
    editions: Sequence[Edition],
    jobs: int,
    work: Path,
    tell: Progress,
) -> tuple[dict[str, Facts], dict[str, str], Spill]:
    """Facts and hash of each text; leaves are kept or put aside for the pages to come."""
    facts: dict[str, Facts] = {}
    digests: dict[str, str] = {}
    spill = Spill()
    aside = len(paths) >= _SPILL_FROM
    if aside:
        work.mkdir(parents=True, exist_ok=True)
    chunks = [paths[i : i + _CHUNK] for i in range(0, len(paths), _CHUNK)]

    def one(number: int) -> _Read:
        return _read_chunk(source, chunks[number], editions, work / f"leaves-{number}" if aside else None)

    for rows, places in _spread(one, len(chunks), jobs):
        for path, digest, read in rows:
            facts[path], digests[path] = read, digest
        spill.places.update(places)
        tell("reading", len(facts), len(paths))
    return facts, digests, spill


def render_all(
    builder: Pages,
    addresses: Sequence[str],
    spill: Spill,
    jobs: int,
    work: Path,
    found: Callable[[str, str, Posting], None],
    tell: Progress,
) -> dict[str, Path]:
    """Renders pages into files put aside, and gives the file of each; `found` is told the address and the key of
    each page, and what it gives to the search index."""
    staged: dict[str, Path] = {}
    chunks = [addresses[i : i + _CHUNK] for i in range(0, len(addresses), _CHUNK)]
    folder = work / builder.plan.edition
    if addresses:
        folder.mkdir(parents=True, exist_ok=True)

    def one(number: int) -> list[tuple[str, str, str, Posting]]:
        made = []
        for index, address in enumerate(chunks[number]):
            path = builder.plan.pages[address]
            html, leaf = builder.render(address, spill.leaf(path, builder.plan.edition))
            file = folder / f"{number}-{index}"
            file.write_bytes(html.encode())
            entry = entry_of(builder, address, leaf)
            made.append((address, str(file), entry.key, posting_of(entry)))
        return made

    for rows in _spread(one, len(chunks), jobs):
        for address, file, key, posting in rows:
            staged[f"{address}index.html"] = Path(file)
            found(address, key, posting)
        tell("building", len(staged), len(addresses))
    return staged


_TASK: list[Callable[[int], Any]] = []


def _call(number: int) -> Any:
    return _TASK[-1](number)


def _spread(task: Callable[[int], Any], count: int, jobs: int) -> Iterator[Any]:
    """The results of `task(0)`, `task(1)`, … in order, from as many processes as asked for."""
    if jobs < 2 or count < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from (task(number) for number in range(count))
        return
    # A fork takes along all that was read so far; only numbers and results go between the processes.
    _TASK.append(task)
    try:
        with multiprocessing.get_context("fork").Pool(min(jobs, count)) as pool:
            yield from pool.imap(_call, range(count))
    finally:
        _TASK.pop()
