"""The pages of a unit that are made for paper: whole, or with the sheets of a few lessons put in place of the old.

A sheet stands on its page between two marks, so that a page can be cut into its sheets again: what a change costs
follows what changed, not the unit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.facts import Facts
from curriculum_studio.publishing import pages, sheets
from curriculum_studio.publishing.render import Pages

PACKS = ("booklet", "guide", "key", "copy")
_START, _END = b'<main id="all">\n', b"</main>\n</body>"
_SHEET = re.compile(rb'<article class="sheet [^>]* id="([^"]*)">')


@dataclass(frozen=True, slots=True)
class _Row:
    """A lesson or assessment of a unit: its own number there, its id on a sheet, the address of its page."""

    number: int
    name: str
    address: str
    facts: Facts


class Packs:
    """The pages for paper of one unit in one edition; `page` gives the HTML of a page of the edition."""

    def __init__(self, builder: Pages, unit: UnitOutline, page: Callable[[str], str]) -> None:
        self.builder, self.unit, self.page = builder, unit, page
        self.link = builder.plan.unit_link(unit)
        self._up = "../" * f"{unit.folder}/print/".count("/")

    def address(self, pack: str) -> str:
        """Where a pack of the unit stands."""
        return f"{self.unit.folder}/print/{'' if pack == 'booklet' else f'{pack}/'}"

    def file(self, pack: str) -> str:
        """The file of a pack."""
        return f"{self.address(pack)}index.html"

    def whole(self) -> dict[str, bytes]:
        """The file and the HTML of each pack that the unit has."""
        rows = list(self._rows())
        made: dict[str, list[tuple[_Row, str]]] = {pack: [] for pack in PACKS}
        for row in rows:
            for pack, found in self._sheets(row).items():
                made[pack] += [(row, html) for html in found]
        there = [(pack, self.address(pack)) for pack in PACKS if made[pack]]
        site, prepare = self.builder.site, _prepare(rows)
        return {
            self.file(pack): pages.print_page(
                site, self.link, pack, where, there, [html for _, html in made[pack]],
                [(row.name, row.facts.title) for row, _ in made[pack]], prepare if pack == "copy" else (),
            ).encode()
            for pack, where in there
        }  # fmt: skip

    def amended(
        self, changed: Collection[str], read: Callable[[str], bytes | None]
    ) -> dict[str, bytes] | None:
        """The same where only the texts of the pages at `changed` are new, from the packs as they stand, which `read`
        gives by file. None where one does not hold what it should, or would get or lose a sheet."""
        fresh = {row.name: self._sheets(row) for row in self._rows() if row.address in changed}
        made: dict[str, bytes] = {}
        for pack in PACKS:
            old = read(self.file(pack))
            new = {
                name.encode(): [html.encode() for html in found.get(pack, ())]
                for name, found in fresh.items()
            }
            if old is None:
                if any(new.values()):
                    return None
                continue
            html = _with_sheets(old, new)
            if html is None:
                return None
            made[self.file(pack)] = html
        return made

    def _rows(self) -> Iterator[_Row]:
        """The lessons and assessments that have a page, in order."""
        plan = self.builder.plan
        number = 0
        for path in (*self.unit.lessons, *self.unit.assessments):
            address = plan.address(path)
            if address is not None and address in plan.pages:
                number += 1
                facts = plan.curriculum.facts[path]
                yield _Row(number, f"l-{facts.id}", address, facts)

    def _sheets(self, row: _Row) -> dict[str, list[str]]:
        edition, language = self.builder.plan.edition, self.link.language
        found = sheets.sheets_of(
            edition, row.name, row.number, row.facts.kind, self.page(row.address), self._up
        )
        return {pack: [pages.sheet_html(pack, language, one) for one in made] for pack, made in found.items()}


def _prepare(rows: list[_Row]) -> list[tuple[str, str, str]]:
    """What to copy and what to gather for each lesson that needs something."""
    found = []
    for row in rows:
        materials = dict(row.facts.materials)
        copy, gather = (", ".join(materials.get(kind, ())) for kind in ("copy", "gather"))
        if copy or gather:
            found.append((row.facts.title, copy, gather))
    return found


def _with_sheets(old: bytes, new: dict[bytes, list[bytes]]) -> bytes | None:
    """A pack with other sheets in place of those that have these ids; None where their number is not the same."""
    start, end = old.find(_START), old.rfind(_END)
    if start < 0 or end < start:
        return None
    start += len(_START)
    found = list(_SHEET.finditer(old, start, end))
    places = [match.start() for match in found] + [end]
    left = {name: list(sheets) for name, sheets in new.items()}
    made = [old[: places[0]]]
    for match, begins, ends in zip(found, places, places[1:], strict=False):
        if match[1] not in left:
            made.append(old[begins:ends])
        elif not left[match[1]]:
            return None
        else:
            made.append(left[match[1]].pop(0))
    return b"".join([*made, old[end:]]) if not any(left.values()) else None
