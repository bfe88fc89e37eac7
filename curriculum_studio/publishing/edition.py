"""Puts one edition in place: all of it, or, where lessons changed in nothing that others see, their pages alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from curriculum_studio.domain.findings import Finding
from curriculum_studio.domain.kinds import Edition
from curriculum_studio.domain.snapshots import Snapshot
from curriculum_studio.domain.standards import Framework
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.links import resolve
from curriculum_studio.formats.pictures import PictureError, clean_picture
from curriculum_studio.publishing.kits import Amends, make_kits
from curriculum_studio.publishing.output import put_in_place
from curriculum_studio.publishing.plan import Plan, asset_name
from curriculum_studio.publishing.program import asset_digests, program_assets
from curriculum_studio.publishing.reading import Reading
from curriculum_studio.publishing.render import Pages
from curriculum_studio.publishing.search_entries import SearchOutput, term_entries
from curriculum_studio.publishing.site import Site
from curriculum_studio.publishing.sources import version_of
from curriculum_studio.publishing.state import State
from curriculum_studio.publishing.work import Progress, render_all


@dataclass
class Publication:
    """One publish: what is published and what was found in it; counts the pages of all editions as they are put."""

    source: Snapshot
    out: Path
    curriculum: Curriculum
    known: Framework | None
    reading: Reading
    findings: Sequence[Finding]
    jobs: int
    base_url: str
    reports: str
    tell: Progress
    built: int = 0
    reused: int = 0
    removed: int = 0

    def render(self, builder: Pages, addresses: Sequence[str], search: SearchOutput) -> dict[str, Path]:
        """Renders pages into files put aside."""
        return render_all(
            builder, addresses, self.reading.spill, self.jobs, self.work, search.take, self.tell
        )

    @property
    def work(self) -> Path:
        """Where files are put aside while they are made."""
        return self.out / ".publish-work"


def build_edition(publication: Publication, edition: Edition, state: State) -> None:
    """Plans the whole edition, and renders the pages that were made from something else or are not there."""
    reading, folder = publication.reading, publication.out / edition
    builder, site, files = _builder(publication, edition, publication.curriculum.facts)
    old = state.pages()
    keys = _keys(builder, site, builder.plan.pages)
    todo = [a for a, key in keys.items() if old.get(a) != key or not (folder / a / "index.html").is_file()]
    search = SearchOutput(state, folder)
    staged = publication.render(builder, todo, search)
    files.update(builder.lists())
    gone_pages = old.keys() - keys.keys()
    files.update(search.files(gone_pages | search.take_terms(term_entries(builder))))
    known = state.files()
    kept = set() if search.whole else {p for p in known if p.startswith("search/") and p not in files}
    kept -= search.gone
    kits = make_kits(builder, state, folder, publication.work, keys, staged, files, None)
    files.update(kits.files)
    kept |= kits.kept
    gone = [f"{address}index.html" for address in gone_pages]
    gone += [path for path in known if path not in kept]
    if state.fresh and folder.is_dir():
        # Nothing is remembered of what lies there: whatever this build did not make is of an earlier one.
        gone += [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    _put(publication, state, folder, files, known, {**staged, **kits.staged}, gone)
    state.drop_sources(reading.gone)
    state.drop_pages(gone_pages)
    state.drop_files([path for path in known if path not in files and path not in kept])
    state.put_files(kits.digests)
    state.put_findings(publication.findings)
    _remember(publication, state, {address: keys[address] for address in todo})
    publication.built += len(todo)
    publication.reused += len(keys) - len(todo)


def amend_edition(publication: Publication, edition: Edition, state: State) -> None:
    """Renders the pages of the lessons read. Costs what changed, whatever the size of the edition."""
    reading, folder = publication.reading, publication.out / edition
    builder, site, files = _builder(publication, edition, reading.facts)
    plan = builder.plan
    addresses = [address for path in reading.facts if (address := plan.address(path)) is not None]
    old = state.pages(addresses)
    keys = _keys(builder, site, addresses)
    todo = [a for a, key in keys.items() if old.get(a) != key or not (folder / a / "index.html").is_file()]
    search = SearchOutput(state, folder)
    staged = publication.render(builder, todo, search)
    files.update(search.files(()))
    kits = make_kits(builder, state, folder, publication.work, keys, staged, files, Amends(search.changes))
    files.update(kits.files)
    _put(publication, state, folder, files, state.files(files), {**staged, **kits.staged}, search.gone)
    state.put_files(kits.digests)
    state.drop_files(search.gone)
    state.put_findings(publication.findings, reading.facts)
    _remember(publication, state, {address: keys[address] for address in todo})
    publication.built += len(todo)
    publication.reused += state.count_pages() - len(todo)


def _builder(
    publication: Publication, edition: Edition, paths: Iterable[str]
) -> tuple[Pages, Site, dict[str, bytes]]:
    """The pages of an edition, what they share, and the files that they show: assets, pictures of the texts named."""
    curriculum, source = publication.curriculum, publication.source
    assets, asset_files = program_assets()
    pictures, files = _pictures(curriculum, edition, source, paths)
    plan = Plan(edition, curriculum, publication.known, pictures)
    site = _site(curriculum, edition, assets, publication.base_url, publication.reports)
    return Pages(plan, site, source), site, {**files, **asset_files}


def _keys(builder: Pages, site: Site, addresses: Iterable[str]) -> dict[str, str]:
    site_key = hashlib.sha256(repr(site).encode()).hexdigest()[:16]
    return {address: site_key + builder.key(address) for address in addresses}


def _put(
    publication: Publication,
    state: State,
    folder: Path,
    files: Mapping[str, bytes],
    known: Mapping[str, str],
    staged: Mapping[str, Path],
    gone: Iterable[str],
) -> None:
    """Writes what differs from what is known to stand there, moves the pages in, and takes away what is gone."""
    own = asset_digests()
    digests = {path: own.get(path) or hashlib.sha256(content).hexdigest() for path, content in files.items()}
    fresh = {p: c for p, c in files.items() if known.get(p) != digests[p] or not (folder / p).is_file()}
    publication.tell("writing", 0, len(staged) + len(fresh))
    folder.mkdir(parents=True, exist_ok=True)
    lost = [path for path in dict.fromkeys(gone) if path not in files and path not in staged]
    state.begin()
    publication.removed += put_in_place(folder, fresh, staged, lost).removed
    state.put_files({path: digests[path] for path in fresh})


def _remember(publication: Publication, state: State, keys: Mapping[str, str]) -> None:
    """Keeps what the edition is now made from; the last step of all."""
    state.put_sources(publication.reading.rows, publication.reading.facts)
    state.put_pages(keys)
    state.set_meta("version", version_of(publication.source))
    state.commit()


def _site(
    curriculum: Curriculum, edition: Edition, assets: Mapping[str, str], base_url: str, reports: str
) -> Site:
    root = curriculum.facts["curriculum.md"]
    organization, _, languages = root.site
    base = base_url if not base_url or base_url.endswith("/") else f"{base_url}/"
    # Teachers have the studio itself.
    asked = reports if edition != "teacher" else ""
    return Site(
        edition, root.title, organization, root.language or "en", languages, root.license, assets, base, asked
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
