"""Writes a plain report as a tagged PDF: headings, paragraphs and tables that a screen reader walks through in order.

Nothing but the format itself is used: no browser, no font files, no clock. Letters are those of the fonts that every
reader has (Helvetica, Windows Latin 1); others are written by their nearest. ISO 32000-1, chapters 7, 9.6 and 14.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

PAGE = (612.0, 792.0)
"""US letter, in points."""
_MARGIN, _FOOT = 54.0, 30.0
_SIZES = {"H1": 18.0, "H2": 13.0, "H3": 11.0, "P": 10.0, "TH": 8.5, "TD": 8.5}
_LEADING = 1.35
_WIDTHS = str.split(
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 "
    "584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 "
    "278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 "
    "500 334 260 334 584"
)
"""Widths of Helvetica from the space to the tilde, in thousandths of its size (Adobe's published metrics)."""
_OTHER = {"“": 333, "”": 333, "’": 222, "‘": 222, "–": 556, "—": 1000, "…": 1000, "·": 278, "•": 350}
_NEAREST = {"−": "-", "→": "->", "≥": ">=", "≤": "<=", "›": ">", "\u00a0": " ", "\u202f": " "}
_BOLD = 1.07
"""How much wider the bold letters are taken to be: a little too wide, so that no line runs over."""


@dataclass(slots=True)
class _Element:
    """A node of the tree of tags, and where its marked words stand: pages and numbers."""

    tag: str
    parts: list[_Element] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)


class Pdf:
    """A report in the making; `content` gives the file."""

    def __init__(self, title: str, language: str = "en") -> None:
        self._title, self._language = title, language
        self._pages: list[list[str]] = []
        self._counts: list[int] = []
        self._tree = _Element("Document")
        self._y = 0.0
        self._new_page()

    def heading(self, level: int, text: str) -> None:
        """A heading, of level 1 to 3; it never stands alone at the foot of a page."""
        tag = f"H{level}"
        self._room(_SIZES[tag] * _LEADING * 2 + 30)
        self._y -= {1: 4.0, 2: 12.0, 3: 8.0}[level]
        self._flow(tag, text, bold=True)
        self._y -= 3

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        self._flow("P", text, bold=False)
        self._y -= 5

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        """A table; `shares` are how the columns divide the width. Its head stands again on each page."""
        table = _Element("Table")
        self._tree.parts.append(table)
        whole = PAGE[0] - 2 * _MARGIN
        widths = [whole * share / sum(shares) for share in shares]
        self._row(table, head, widths, "TH")
        for row in rows:
            if self._y - self._height(row, widths) < _MARGIN:
                self._new_page()
                self._row(None, head, widths, "TH")
            self._row(table, row, widths, "TD")
        self._y -= 8

    def _flow(self, tag: str, text: str, *, bold: bool) -> None:
        element, size = _Element(tag), _SIZES[tag]
        self._tree.parts.append(element)
        for line in _lines(text, PAGE[0] - 2 * _MARGIN, size, bold):
            self._room(size * _LEADING)
            self._y -= size * _LEADING
            self._marked(element, _shown(line, _MARGIN, self._y, size, bold))

    def _height(self, row: Sequence[str], widths: Sequence[float]) -> float:
        most = max(
            len(_lines(cell, width - 8, _SIZES["TD"], True)) for cell, width in zip(row, widths, strict=True)
        )
        return most * _SIZES["TD"] * _LEADING + 6

    def _row(self, table: _Element | None, row: Sequence[str], widths: Sequence[float], tag: str) -> None:
        """A row; without `table` it is the repeated head, which is no content."""
        line, size, x = _Element("TR"), _SIZES[tag], _MARGIN
        height, top = self._height(row, widths), self._y
        if table is not None:
            table.parts.append(line)
        for cell, width in zip(row, widths, strict=True):
            element, y = _Element(tag), top - 3
            line.parts.append(element)
            for words in _lines(cell, width - 8, size, tag == "TH"):
                y -= size * _LEADING
                drawn = _shown(words, x + 4, y + size * 0.3, size, tag == "TH")
                if table is None:
                    self._pages[-1].append(f"/Artifact BMC\n{drawn}\nEMC")
                else:
                    self._marked(element, drawn)
            x += width
        self._y = top - height
        rule = f"0.6 G 0.5 w {_MARGIN:g} {self._y:.2f} m {x:.2f} {self._y:.2f} l S"
        self._pages[-1].append(f"/Artifact BMC\n{rule}\nEMC")

    def _marked(self, element: _Element, drawn: str) -> None:
        number = self._counts[-1]
        self._counts[-1] += 1
        element.marks.append((len(self._pages) - 1, number))
        self._pages[-1].append(f"/{element.tag} <</MCID {number}>> BDC\n{drawn}\nEMC")

    def _room(self, height: float) -> None:
        if self._y - height < _MARGIN:
            self._new_page()

    def _new_page(self) -> None:
        self._pages.append([])
        self._counts.append(0)
        self._y = PAGE[1] - _MARGIN

    def content(self) -> bytes:
        """The whole file; the same report gives the same bytes."""
        return _File(self._title, self._language, self._pages, self._tree).content()


class _File:
    """The objects of a file, numbered as they are written."""

    def __init__(self, title: str, language: str, pages: Sequence[list[str]], tree: _Element) -> None:
        self._title, self._language, self._pages, self._tree = title, language, pages, tree
        self._objects: list[bytes] = [b""] * 6
        self._owners: list[dict[int, int]] = [{} for _ in pages]

    def content(self) -> bytes:
        count = len(self._pages)
        first = len(self._objects) + 1
        self._objects += [b""] * (2 * count)
        for number, page in enumerate(self._pages):
            self._page(first + 2 * number, number, page, count)
        kids = " ".join(f"{first + 2 * number} 0 R" for number in range(count))
        top = self._element(self._tree, 5, first)
        tree = " ".join(f"{n} [{' '.join(f'{own[m]} 0 R' for m in sorted(own))}]" for n, own in enumerate(self._owners))  # fmt: skip
        self._put(1, f"<</Type/Catalog/Pages 2 0 R/Lang({self._language})/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R/ViewerPreferences<</DisplayDocTitle true>>>>")  # fmt: skip
        self._put(2, f"<</Type/Pages/Kids[{kids}]/Count {count}>>")
        for number, name in ((3, "Helvetica"), (4, "Helvetica-Bold")):
            self._put(number, f"<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>")
        self._put(5, f"<</Type/StructTreeRoot/K {top} 0 R/ParentTree<</Nums[{tree}]>>>>")
        self._objects[5] = b"<</Title<feff" + self._title.encode("utf-16-be").hex().encode() + b">>>"
        return self._written()

    def _put(self, number: int, text: str) -> None:
        self._objects[number - 1] = text.encode("latin-1")

    def _page(self, at: int, number: int, page: Sequence[str], count: int) -> None:
        foot = _shown(f"{self._title} · page {number + 1} of {count}", _MARGIN, _FOOT, 8, False)
        stream = ("\n".join([*page, f"/Artifact BMC\n{foot}\nEMC"])).encode("latin-1")
        self._put(
            at,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE[0]:g} {PAGE[1]:g}]/Contents {at + 1} 0 R/StructParents {number}"
            "/Tabs/S/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>",
        )
        self._objects[at] = b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream)

    def _element(self, one: _Element, parent: int, first: int) -> int:
        """Writes an element and all below it; gives its number."""
        self._objects.append(b"")
        number = len(self._objects)
        kids = [f"{self._element(part, number, first)} 0 R" for part in one.parts]
        for page, mark in one.marks:
            self._owners[page][mark] = number
            kids.append(f"<</Type/MCR/Pg {first + 2 * page} 0 R/MCID {mark}>>")
        scope = "/A<</O/Table/Scope/Column>>" if one.tag == "TH" else ""
        self._put(number, f"<</Type/StructElem/S/{one.tag}/P {parent} 0 R/K[{' '.join(kids)}]{scope}>>")
        return number

    def _written(self) -> bytes:
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        name, start = hashlib.sha256(out).hexdigest()[:32], len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += (
            f"trailer\n<</Size {len(places) + 1}/Root 1 0 R/Info 6 0 R/ID[<{name}><{name}>]>>\n"
            f"startxref\n{start}\n%%EOF\n"
        ).encode()
        return bytes(out)


def _plain(text: str) -> str:
    """A text in the letters that the fonts have."""
    found = []
    for letter in unicodedata.normalize("NFC", text):
        near = _NEAREST.get(letter, letter)
        try:
            near.encode("cp1252")
        except UnicodeEncodeError:
            bare = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
            near = bare or ("" if unicodedata.combining(letter) else "?")
        found.append(near)
    return " ".join("".join(found).split())


def _width(text: str, size: float, bold: bool) -> float:
    total = 0
    for letter in text:
        code = ord(unicodedata.normalize("NFD", letter)[0])
        total += int(_WIDTHS[code - 32]) if 32 <= code <= 126 else _OTHER.get(letter, 600)
    return total * size / 1000 * (_BOLD if bold else 1)


def _lines(text: str, width: float, size: float, bold: bool) -> list[str]:
    """A text in lines that fit; a word that is wider than a line is cut."""
    lines, line = [], ""
    for word in _plain(text).split(" "):
        rest = word
        while _width(rest, size, bold) > width:
            fits = next(
                n for n in range(len(rest) - 1, 0, -1) if n == 1 or _width(rest[:n], size, bold) <= width
            )
            if line:
                lines.append(line)
                line = ""
            lines.append(rest[:fits])
            rest = rest[fits:]
        longer = f"{line} {rest}" if line else rest
        if _width(longer, size, bold) <= width:
            line = longer
        else:
            lines.append(line)
            line = rest
    return [*lines, line]


def _shown(line: str, x: float, y: float, size: float, bold: bool) -> str:
    """The words of a line as a page draws them."""
    quoted = _plain(line).encode("cp1252").decode("latin-1")
    for mark in ("\\", "(", ")"):
        quoted = quoted.replace(mark, f"\\{mark}")
    return f"0 g BT /F{2 if bold else 1} {size:g} Tf {x:.2f} {y:.2f} Td ({quoted}) Tj ET"
