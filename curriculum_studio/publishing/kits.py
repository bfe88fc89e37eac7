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
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.publishing import pages, sheets
from curriculum_studio.publishing.render import Pages
from curriculum_studio.publishing.search_entries import index_of_pages
from curriculum_studio.publishing.shards import packed
from curriculum_studio.publishing.state import State

RELEASE, KIT, LIST = "release.json", "unit.zip", "unit.json"
_AT_ONCE = (1980, 1, 1, 0, 0, 0)
_LINK = re.compile(r'<a\b([^>]*?) href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_FORM = re.compile(r'(<form\b[^>]*?) action="([^"]*)"')
_ASSET = re.compile(r'(?:href|src)="(?:\.\./)*(?:\./)?(assets/[^"#?]+)"')
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


def make_kits(
    builder: Pages,
    state: State,
    folder: Path,
    work: Path,
    keys: Mapping[str, str],
    staged: Mapping[str, Path],
    assets: Mapping[str, bytes],
    *,
    whole: bool,
) -> Kits:
    """Makes the kits of the plan's units that changed; `whole` says that the plan holds all units there are.

    `keys` are those of the pages looked at in this run, `staged` the pages made in it, `assets` what it writes.
    The state must know already what search knows of the pages.
    """
    if builder.plan.edition == "family":
        return Kits({}, {}, {}, frozenset())
    maker = _Maker(builder, state, folder, work, staged, assets)
    student = builder.plan.edition == "student"
    hashes: dict[str, str] = {} if whole else json.loads(state.meta("release") or "{}")
    files: dict[str, bytes] = {}
    made: dict[str, Path] = {}
    digests: dict[str, str] = {}
    kept: set[str] = set()
    for unit in builder.plan.curriculum.units:
        address = f"{unit.folder}/"
        rows = maker.pages_of(unit)
        if not whole and not any(row in keys for row in rows):
            continue
        known = state.pages(row for row in rows if row not in keys)
        key = maker.key(unit, [keys.get(row) or known.get(row, "") for row in rows])
        before = json.loads(state.meta(f"kit {address}") or '{"key": ""}')
        if before["key"] == key and all((folder / name).is_file() for name in before["names"]):
            kept.update(before["names"])
            hashes[address] = before["digest"]
            continue
        parts = maker.packs_of(unit)
        if student:
            parts[address + KIT] = maker.zip_of(unit, rows)
            files[address + LIST] = maker.list_of(unit, rows)
            hashes[address] = hashlib.sha256(files[address + LIST]).hexdigest()[:16]
        made |= parts
        digests |= dict.fromkeys(parts, key)
        names = [*parts, *([address + LIST] if student else [])]
        row = {"key": key, "names": names, "digest": hashes.get(address, "")}
        state.set_meta(f"kit {address}", json.dumps(row))
    if student:
        files[RELEASE] = _json({"units": hashes})
        state.set_meta("release", json.dumps(hashes))
    return Kits(files, made, digests, frozenset(kept))


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
        facts = self.plan.curriculum.facts
        roots = [facts[path].digests[0] for path in ("curriculum.md", "glossary.md") if path in facts]
        framework = self.plan.framework.title if self.plan.framework else ""
        self.common = [repr(builder.site), *roots, framework]

    def key(self, unit: UnitOutline, keys: list[str]) -> str:
        """A hash of everything that a unit's kit is made from."""
        told = [self.common, unit.folder, unit.facts.title, unit.facts.grade, keys]
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

    def page(self, address: str) -> bytes:
        name = f"{address}index.html"
        return (self.staged[name] if name in self.staged else self.folder / name).read_bytes()

    def asset(self, name: str) -> bytes | None:
        if name in self.assets:
            return self.assets[name]
        path = self.folder / name
        return path.read_bytes() if path.is_file() else None

    def used(self, texts: Iterable[str]) -> list[str]:
        """The assets that pages name, and the fonts that lie beside them."""
        found = {name for text in texts for name in _ASSET.findall(text)}
        found |= {name for name in self.builder.site.assets.values() if name.endswith(".woff2")}
        return sorted(found)

    def list_of(self, unit: UnitOutline, rows: list[str]) -> bytes:
        """The files of a kept unit, with hashes of their bytes; pages over many units are kept without."""
        texts = {address: self.page(address) for address in rows}
        files = {address: hashlib.sha256(text).hexdigest() for address, text in texts.items()}
        for name in self.used(text.decode() for text in texts.values()):
            content = self.asset(name)
            if content is not None:
                files[name] = hashlib.sha256(content).hexdigest()
        loose = (
            ["", "glossary/", "offline/"] if "glossary.md" in self.plan.curriculum.facts else ["", "offline/"]
        )
        return _json({"title": unit.facts.title, "files": files, "loose": loose})

    def zip_of(self, unit: UnitOutline, rows: list[str]) -> Path:
        """The unit as a small site of its own, whose pages know of no other unit."""
        top = posixpath.basename(unit.folder) or "unit"
        lists = self.lists(unit, rows)
        held = {*rows, *(name.removesuffix("index.html") for name in lists if name.endswith("index.html"))}
        html = {f"{address}index.html": self.page(address).decode() for address in rows}
        html |= {name: text for name, text in lists.items() if name not in html}
        files = {
            name: for_disk(text, name.removesuffix("index.html"), held).encode()
            for name, text in html.items()
        }
        for name in self.used(files[name].decode() for name in files):
            content = self.asset(name)
            if content is not None:
                files[name] = content
        files["search/packed.js"] = packed(index_of_pages(self.state, rows))
        target = self.aside()
        write_zip(target, {f"{top}/{name}": content for name, content in files.items()})
        return target

    def aside(self) -> Path:
        """A place for one more file until it is put in place."""
        self.count += 1
        self.work.mkdir(parents=True, exist_ok=True)
        return self.work / f"kit-{self.plan.edition}-{self.count}"

    def packs_of(self, unit: UnitOutline) -> dict[str, Path]:
        """The pages of a unit that are made for paper, put aside."""
        facts = self.plan.curriculum.facts
        rows: dict[str, tuple[str, str]] = {}
        names: dict[str, str] = {}
        prepare: list[tuple[str, str, str]] = []
        for path in (*unit.lessons, *unit.assessments):
            address = self.plan.address(path)
            if address is None or address not in self.plan.pages:
                continue
            one = facts[path]
            rows[f"l-{one.id}"] = one.kind, self.page(address).decode()
            names[f"l-{one.id}"] = one.title
            materials = dict(one.materials)
            copy, gather = (", ".join(materials.get(kind, ())) for kind in ("copy", "gather"))
            if copy or gather:
                prepare.append((one.title, copy, gather))
        up = "../" * f"{unit.folder}/print/".count("/")
        packs = sheets.packs(self.plan.edition, rows, up)
        where = {pack: f"{unit.folder}/print/{'' if pack == 'booklet' else f'{pack}/'}" for pack in packs}
        link = self.plan.unit_link(unit)
        made: dict[str, Path] = {}
        for pack, found in packs.items():
            told = prepare if pack == "copy" else ()
            text = pages.print_page(
                self.builder.site, link, pack, where[pack], list(where.items()), found, names, told
            )
            target = made[f"{where[pack]}index.html"] = self.aside()
            target.write_bytes(text.encode())
        return made

    def lists(self, unit: UnitOutline, rows: list[str]) -> dict[str, str]:
        """The pages over many lessons, of this unit's lessons alone."""
        site = replace(self.builder.site, base_url="")
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


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Writes a zip whose bytes depend on the files alone: in order, of one time, stored and not packed, since what
    packing makes differs between machines; servers pack it on the way."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            row = zipfile.ZipInfo(name, _AT_ONCE)
            row.create_system, row.external_attr = 3, 0o644 << 16
            archive.writestr(row, files[name])


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
