"""What readers take along of a unit: a zip that opens from disk, pages for paper, the lists by which a device keeps it.

`<unit>/unit.zip` is a small site of the unit alone. `<unit>/unit.json` names the files of a kept unit with hashes of
their bytes; `release.json` has one hash for each unit, so that a device sees with one small request what changed.
All are made from the edition's own pages, and of a unit only when one of its pages changed.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.publishing import pages
from curriculum_studio.publishing.packs import Packs
from curriculum_studio.publishing.render import Pages
from curriculum_studio.publishing.search_entries import index_of_pages
from curriculum_studio.publishing.shards import Posting, packed, repacked
from curriculum_studio.publishing.state import State
from curriculum_studio.publishing.zips import files_of, zip_of

RELEASE, KIT, LIST = "release.json", "unit.zip", "unit.json"
_LINK = re.compile(r'<a\b([^>]*?) href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_FORM = re.compile(r'(<form\b[^>]*?) action="([^"]*)"')
_ASSET = re.compile(r'="(?:\.\./)*(?:\./)?(assets/[^"#?]+)"')
_ONLINE = re.compile(
    r'<link rel="(?:manifest|alternate)"[^>]*>\n?|<script\b[^>]*/offline\.[0-9a-f]+\.js"[^>]*></script>\n?'
    r'|<section class="take-along".*?</section>\n?',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Kits:
    """What `make_kits` made: small files, zips put aside with their hashes, and files that stand as they are."""

    files: Mapping[str, bytes]
    staged: Mapping[str, Path]
    digests: Mapping[str, str]
    kept: frozenset[str]


@dataclass(frozen=True, slots=True)
class Amends:
    """What changed in the search of an edition: for each page's search key what it gave and what it gives now; None
    where that is not known."""

    words: Mapping[str, tuple[Posting, Posting]] | None


def make_kits(
    builder: Pages,
    state: State,
    folder: Path,
    work: Path,
    keys: Mapping[str, str],
    staged: Mapping[str, Path],
    assets: Mapping[str, bytes],
    quiet: Amends | None,
) -> Kits:
    """Makes the kits of the plan's units that changed.

    `keys` are those of the pages looked at in this run, `staged` the pages made in it, `assets` what it writes.
    `quiet` is None where the plan holds all units there are; else it holds some, and only texts of lessons changed,
    nothing that another page shows. The state must know already what search knows of the pages.
    """
    if builder.plan.edition == "family":
        return Kits({}, {}, {}, frozenset())
    maker = _Maker(builder, state, folder, work, staged, assets)
    student = builder.plan.edition == "student"
    hashes: dict[str, str] = {} if quiet is None else json.loads(state.meta("release") or "{}")
    files: dict[str, bytes] = {}
    made: dict[str, Path] = {}
    digests: dict[str, str] = {}
    kept: set[str] = set()
    for unit in builder.plan.curriculum.units:
        address = f"{unit.folder}/"
        rows = maker.pages_of(unit)
        if quiet is not None and not any(row in keys for row in rows):
            continue
        known = state.pages(row for row in rows if row not in keys)
        kit = _Kit(maker.key(unit), {row: keys.get(row) or known.get(row, "") for row in rows})
        before = _Kit.read(state.meta(f"kit {address}"))
        stands = all((folder / name).is_file() for name in before.names)
        if stands and (before.key, before.pages) == (kit.key, kit.pages):
            kept.update(before.names)
            hashes[address] = before.digest
            continue
        parts = None
        if quiet is not None and stands and before.key == kit.key and [*before.pages] == [*kit.pages]:
            parts = maker.amended(unit, kit, before, quiet.words)
        if parts is None:
            parts = maker.whole(unit, kit)
        # A district's kits are as large as its site: none waits in memory for the others.
        made |= {name: maker.aside(content) for name, content in parts.items()}
        digests |= dict.fromkeys(parts, hashlib.sha256(repr((kit.key, kit.pages)).encode()).hexdigest()[:32])
        if student:
            files[address + LIST] = maker.list_of(unit, kit)
            kit.digest = hashes[address] = hashlib.sha256(files[address + LIST]).hexdigest()[:16]
        kit.names = [*parts, *([address + LIST] if student else [])]
        state.set_meta(f"kit {address}", kit.text())
    if student:
        files[RELEASE] = _json({"units": hashes})
        state.set_meta("release", json.dumps(hashes))
    return Kits(files, made, digests, frozenset(kept))


@dataclass
class _Kit:
    """What the state remembers of a unit's kit: the key of all but its pages, the key of each page, for the student
    edition each page's hash and the assets that it names, the files that were made, the hash of the list."""

    key: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    used: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    digest: str = ""

    def text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> _Kit:
        return cls(**json.loads(text or "{}"))


class _Maker:
    """Makes the files of one unit after another."""

    def __init__(
        self,
        builder: Pages,
        state: State,
        folder: Path,
        work: Path,
        staged: Mapping[str, Path],
        assets: Mapping[str, bytes],
    ) -> None:
        self.builder, self.plan, self.state = builder, builder.plan, state
        self.folder, self.work, self.staged, self.assets = folder, work, staged, assets
        self.count = 0
        self.sums: dict[str, str | None] = {}
        self.fonts = [name for name in builder.site.assets.values() if name.endswith(".woff2")]
        facts = self.plan.curriculum.facts
        roots = [facts[path].digests[0] for path in ("curriculum.md", "glossary.md") if path in facts]
        framework = self.plan.framework.title if self.plan.framework else ""
        self.common = [repr(builder.site), *roots, framework]

    def key(self, unit: UnitOutline) -> str:
        """A hash of everything that a unit's kit is made from besides its pages."""
        told = [self.common, unit.folder, unit.facts.title, unit.facts.grade]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def pages_of(self, unit: UnitOutline) -> list[str]:
        """The addresses of a unit's pages in this edition, its own first, translations after their lesson."""
        found: list[str] = []
        for path in (unit.facts.path, *unit.lessons, *unit.assessments):
            others = self.plan.curriculum.translations.get(path, {})
            for one in (path, *(others[language] for language in sorted(others))):
                address = self.plan.address(one)
                if address is not None and address in self.plan.pages:
                    found.append(address)
        return found

    def page(self, address: str) -> str:
        name = f"{address}index.html"
        return (self.staged[name] if name in self.staged else self.folder / name).read_text("utf-8")

    def standing(self, name: str) -> bytes | None:
        """A file as the last publish left it."""
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def asset(self, name: str) -> bytes | None:
        return self.assets[name] if name in self.assets else self.standing(name)

    def sum(self, name: str) -> str | None:
        """The hash of an asset; None where there is no such file."""
        if name not in self.sums:
            content = self.asset(name)
            self.sums[name] = None if content is None else hashlib.sha256(content).hexdigest()
        return self.sums[name]

    def aside(self, content: bytes) -> Path:
        """One more file, put aside until it is put in place."""
        self.count += 1
        if self.count == 1:
            self.work.mkdir(parents=True, exist_ok=True)
        target = self.work / f"kit-{self.plan.edition}-{self.count}"
        target.write_bytes(content)
        return target

    # A kit -----------------------------------------------------------------------------------------------------

    def whole(self, unit: UnitOutline, kit: _Kit) -> dict[str, bytes]:
        """The files of a unit's kit, its list aside; tells the kit of its pages."""
        texts = {address: self.page(address) for address in kit.pages}
        made = Packs(self.builder, unit, texts.__getitem__).whole()
        if self.plan.edition == "student":
            for address, text in texts.items():
                _note(kit, address, text)
            made[f"{unit.folder}/{KIT}"] = self.zip_of(unit, texts)
        return made

    def amended(
        self, unit: UnitOutline, kit: _Kit, before: _Kit, words: Mapping[str, tuple[Posting, Posting]] | None
    ) -> dict[str, bytes] | None:
        """The same from the files as they stand, of which only what changed is made anew; None where that will not
        do."""
        changed = {row: self.page(row) for row, key in kit.pages.items() if before.pages[row] != key}

        def read(name: str) -> bytes | None:
            return self.standing(name) if name in before.names else None

        packs = Packs(self.builder, unit, changed.__getitem__).amended(changed, read)
        if packs is None or self.plan.edition != "student":
            return packs
        if words is None:
            return None
        kit.hashes, kit.used = dict(before.hashes), dict(before.used)
        for address, text in changed.items():
            _note(kit, address, text)
        held, script = self.held(kit.pages), f"{_top(unit)}/search/packed.js"
        files = files_of(self.standing(f"{unit.folder}/{KIT}") or b"")
        if kit.used != before.used or script not in files:
            return None
        for address, text in changed.items():
            files[f"{_top(unit)}/{address}index.html"] = for_disk(text, address, held).encode()
        own = {self.state.posting_key(address) for address in changed}
        files[script] = repacked(files[script], {key: one for key, one in words.items() if key in own})
        return {**packs, f"{unit.folder}/{KIT}": zip_of(files)}

    def list_of(self, unit: UnitOutline, kit: _Kit) -> bytes:
        """The files of a kept unit, with hashes of their bytes; pages over many units are kept without."""
        used = {name for row in kit.pages for name in kit.used[row]}
        sums = {name: self.sum(name) for name in (*used, *self.fonts)}
        files = {**kit.hashes, **{name: one for name, one in sums.items() if one is not None}}
        loose = (
            ["", "glossary/", "offline/"] if "glossary.md" in self.plan.curriculum.facts else ["", "offline/"]
        )
        return _json({"title": unit.facts.title, "files": files, "loose": loose})

    def zip_of(self, unit: UnitOutline, texts: Mapping[str, str]) -> bytes:
        """The unit as a small site of its own, whose pages know of no other unit."""
        html = {f"{address}index.html": text for address, text in texts.items()}
        held = self.held(texts)
        for name, text in self.lists(unit, list(texts)).items():
            html.setdefault(name, text)
        files = {
            name: for_disk(text, name.removesuffix("index.html"), held).encode()
            for name, text in html.items()
        }
        used = {name for content in files.values() for name in assets_of(content.decode())}
        for name in (*used, *self.fonts):
            content = self.asset(name)
            if content is not None:
                files[name] = content
        files["search/packed.js"] = packed(index_of_pages(self.state, list(texts)))
        return zip_of({f"{_top(unit)}/{name}": content for name, content in files.items()})

    def held(self, rows: Iterable[str]) -> set[str]:
        """The addresses of the pages in a unit's zip: its own, and those over its lessons."""
        glossary = ["glossary/"] if "glossary.md" in self.plan.curriculum.facts else []
        return {*rows, "", "search/", "standards/", *glossary}

    def lists(self, unit: UnitOutline, rows: list[str]) -> dict[str, str]:
        """The pages over many lessons, of this unit's lessons alone."""
        site = replace(self.builder.site, base_url="", reports="")
        plan = self.plan
        cards = [plan.card(plan.pages[address]) for address in rows]
        framework = plan.framework.title if plan.framework else ""
        found = {
            "index.html": pages.front_page(site, self.builder.unit_cards([unit]), ()),
            "search/index.html": pages.search_page(site),
            "standards/index.html": pages.standards_page(site, framework, self.builder.standard_rows(cards)),
        }
        if "glossary.md" in plan.curriculum.facts:
            found["glossary/index.html"] = pages.glossary_page(site, self.builder.terms(cards))
        return found


def for_disk(html: str, address: str, held: set[str]) -> str:
    """A page as it is opened from disk: links name files, and a link to what does not lie there is its words alone."""

    def file(target: str) -> str | None:
        path, _, part = target.partition("#")
        to = posixpath.normpath(posixpath.join("/", address, path)).lstrip("/")
        if (f"{to}/" if to else "") not in held:
            return None
        return f"{path or './'}index.html{'#' + part if part else ''}"

    def one(match: re.Match[str]) -> str:
        before, target, after, words = match.groups()
        if target.startswith(("#", "https:", "http:", "mailto:")):
            return match[0]
        to = file(target)
        return words if to is None else f'<a{before} href="{to}"{after}>{words}</a>'

    html = _LINK.sub(one, _ONLINE.sub("", html))
    return _FORM.sub(lambda match: f'{match[1]} action="{file(match[2]) or match[2]}"', html)


def assets_of(html: str) -> set[str]:
    """The assets that a page names."""
    return set(_ASSET.findall(html))


def _note(kit: _Kit, address: str, text: str) -> None:
    kit.hashes[address] = hashlib.sha256(text.encode()).hexdigest()
    kit.used[address] = sorted(assets_of(text))


def _top(unit: UnitOutline) -> str:
    """The folder that a unit's zip opens to."""
    return posixpath.basename(unit.folder) or "unit"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
