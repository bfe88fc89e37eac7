"""Reads CASE packages (1.0 and 1.1) into frameworks: lenient with what comes in, and plain about what is odd.

What would do harm is refused before anything is built: see `LIMITS`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from curriculum_studio.domain.coherence import circle
from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.standards import Framework, Standard
from curriculum_studio.formats.case_rules import ASSOCIATION, ASSOCIATIONS, DOCUMENT, ITEM, Fields

MAX_BYTES = 10 * 1024 * 1024
LIMITS: Mapping[str, int] = {"CFItems": 50_000, "CFAssociations": 250_000, "characters in one text": 100_000}
"""The most that a package may hold, besides `MAX_BYTES` in all."""

Row = Mapping[str, Any]
_KINDS = ("grade", "domain", "cluster", "substandard", "standard", "practice")
_OLD = frozenset({"CFDocumentURI", "CFPackageURI"})
"""Properties of CASE 1.0 rows that 1.1 gave up: no vendor's own."""


@dataclass(frozen=True)
class Package:
    """A package as read: its rows by GUID, the framework made of them, and what is to be reported.

    `orphans` are codes of items with no parent; `external` counts associations whose destination is no item of the
    package; `vendor` gives for each property outside of the standard how often it stands.
    """

    framework: Framework
    document: Row
    items: Mapping[str, Row]
    links: Mapping[str, Row]
    definitions: Row
    orphans: tuple[str, ...]
    external: int
    vendor: Mapping[str, int]
    problems: tuple[str, ...]


def read_case(package: bytes, framework_id: str) -> tuple[Framework, tuple[str, ...]]:
    """The framework of a package, and a sentence for each thing that is odd. Raises `FormatError` if unreadable."""
    found = read_package(package, framework_id)
    return found.framework, found.problems


def read_package(content: bytes, framework_id: str = "") -> Package:
    """The whole package. Raises `FormatError` with the reason where it cannot be read, or would do harm."""
    document = _json(content)
    root = document.get("CFDocument")
    root = root if isinstance(root, dict) else {}
    reading = _Reading(
        _by_guid(document, "CFItems"), _by_guid(document, "CFAssociations"), _text(root, "identifier")
    )
    reading.read()
    vendor = Counter[str]()
    for rows, fields in (
        ([root], DOCUMENT),
        (reading.items.values(), ITEM),
        (reading.links.values(), ASSOCIATION),
    ):
        vendor.update(_vendor(rows, fields))
    if vendor:
        names = ", ".join(f"{name} ({count:,})" for name, count in sorted(vendor.items())[:12])
        reading.problems.append(f"Properties of the vendor’s own are kept in the file: {names}.")
    definitions = document.get("CFDefinitions")
    return Package(
        Framework(
            framework_id,
            _text(root, "title") or framework_id,
            reading.standards,
            frozenset(reading.pairs("precedes")),
            frozenset(reading.pairs("isRelatedTo")),
            {code: tuple(rows) for code, rows in reading.elsewhere.items()},
        ),
        root,
        reading.items,
        reading.links,
        definitions if isinstance(definitions, dict) else {},
        tuple(reading.orphans),
        reading.external,
        dict(sorted(vendor.items())),
        tuple(reading.problems),
    )


@dataclass
class _Reading:
    """One reading: rows by GUID, and what is found in them."""

    items: dict[str, Row]
    links: dict[str, Row]
    root: str
    codes: dict[str, str] = field(default_factory=dict)
    standards: dict[str, Standard] = field(default_factory=dict)
    elsewhere: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    orphans: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    external: int = 0
    _pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def pairs(self, kind: str) -> set[tuple[str, str]]:
        """The associations of a kind within the package, as pairs of codes."""
        return {(self.codes[one], self.codes[other]) for one, other in self._pairs.get(kind, ())}

    def read(self) -> None:
        """Everything, in the order of what needs what."""
        self._name()
        self._join()
        parents = self._parents()
        for guid, item in self.items.items():
            code = self.codes[guid]
            parent = parents.get(guid)
            self.standards[code] = _standard(guid, code, item, self.codes.get(parent or ""))
        if bare := sum(not _text(item, "fullStatement") for item in self.items.values()):
            self.problems.append(f"{bare:,} items have no statement.")
        if found := circle(self._pairs.get("precedes", ())):
            self.problems.append(f"What comes before what goes round in a circle, at {self.codes[found]}.")

    def _name(self) -> None:
        """A code for each item: its own, or its GUID where it has none or another has it already."""
        taken: set[str] = set()
        for guid, item in self.items.items():
            code = _text(item, "humanCodingScheme") or guid
            if code in taken:
                self.problems.append(f"The code {code} stands twice; the second is known by its GUID.")
                code = guid
            taken.add(code)
            self.codes[guid] = code

    def _join(self) -> None:
        own = up = begin = 0
        odd: set[str] = set()
        for link in self.links.values():
            kind, origin, target = (
                _text(link, "associationType"),
                _end(link, "origin"),
                _end(link, "destination"),
            )
            if kind not in ASSOCIATIONS and not kind.startswith("ext:"):
                odd.add(kind or "(none)")
            inside = target in self.items
            self.external += not inside
            up += target == self.root
            begin += origin not in self.items
            own += inside
            if origin in self.items and (inside or target == self.root):
                if origin != target:
                    self._pairs.setdefault(kind, []).append((origin, target))
            elif origin in self.items:
                name = _name_of(link.get("destinationNodeURI"))
                self.elsewhere.setdefault(self.codes[origin], []).append((kind, name))
        if self.external - up or begin:
            self.problems.append(
                f"{self.external:,} associations end at no item of the package ({up:,} at its own document, "
                f"{self.external - up:,} point outside); {begin:,} begin outside."
            )
        if twice := sum("#" in guid[1:] for guid in self.links):
            self.problems.append(f"{twice:,} associations repeat the GUID of another one.")
        if odd:
            self.problems.append(
                f"Kinds of association that CASE does not know: {', '.join(sorted(odd)[:8])}."
            )
        self._pairs["precedes"] = self._among_items("precedes")
        self._pairs["isRelatedTo"] = self._among_items("isRelatedTo")

    def _among_items(self, kind: str) -> list[tuple[str, str]]:
        return [(one, other) for one, other in self._pairs.get(kind, ()) if other in self.items]

    def _parents(self) -> dict[str, str]:
        """The parent of each item, its first where it has several. Raises `FormatError` where the tree is a circle."""
        parents: dict[str, str] = {}
        several = 0
        for origin, target in self._pairs.get("isChildOf", ()):
            several += origin in parents
            parents.setdefault(origin, target)
        found = circle((target, origin) for origin, target in self._pairs.get("isChildOf", ()))
        if found is not None:
            raise FormatError(
                f"The tree goes round in a circle: {self.codes.get(found, found)} lies below itself."
            )
        self.orphans = [self.codes[guid] for guid in self.items if guid not in parents]
        if self.orphans:
            self.problems.append(
                f"{len(self.orphans):,} items have no parent, the first is {self.orphans[0]}."
            )
        if several:
            self.problems.append(f"{several:,} items stand below more than one other; the first is shown.")
        return parents


def _json(content: bytes) -> dict[str, Any]:
    """The document of a file, refused where it is too large, no JSON, or ambiguous."""
    if len(content) > MAX_BYTES:
        raise FormatError(f"The package is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("The package is not text (UTF-8).") from error
    try:
        document = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
    except RecursionError as error:
        raise FormatError("The package is nested too deep.") from error
    except FormatError:
        raise
    except ValueError as error:
        raise FormatError("The package is not JSON.") from error
    if not isinstance(document, dict) or not isinstance(document.get("CFItems"), list):
        raise FormatError("The package has no CFItems; is it a CASE package?")
    return document


def _no_number(name: str) -> float:
    raise FormatError(f"The package holds {name}, which is no number.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise FormatError(f"“{twice[:80]}” stands twice in one object; it could be read in two ways.")
    longest = LIMITS["characters in one text"]
    for value in found.values():
        if isinstance(value, str) and len(value) > longest:
            raise FormatError(f"A text in the package is longer than {longest:,} characters.")
    return found


def _by_guid(document: Row, name: str) -> dict[str, Row]:
    """The rows of a list by their GUID; rows without one are known by their place."""
    rows = document.get(name) or []
    if not isinstance(rows, list):
        raise FormatError(f"{name} is not a list.")
    if len(rows) > LIMITS[name]:
        raise FormatError(f"The package has more than {LIMITS[name]:,} {name}.")
    found: dict[str, Row] = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise FormatError(f"{name}, {number}: this is not an object.")
        guid = _text(row, "identifier")
        if not guid and name == "CFItems":
            raise FormatError(f"{name}, {number}: it has no identifier.")
        guid = guid or f"#{number}"
        if guid in found:
            if name == "CFItems":
                raise FormatError(f"The GUID {guid[:80]} stands twice among {name}.")
            # Real packages do repeat an association; nothing hangs on its GUID, so both are kept.
            guid = f"{guid}#{number}"
        found[guid] = row
    return found


def _vendor(rows: Iterable[Row], fields: Fields) -> Counter[str]:
    counts = Counter[str]()
    for row in rows:
        counts.update(name for name in row if name not in fields and name not in _OLD)
    return counts


def _text(row: Any, key: str) -> str:
    """A value as plain text: no control characters, nothing that UTF-8 cannot write."""
    value = row.get(key) if isinstance(row, dict) else None
    if not isinstance(value, str):
        return ""
    if value.isprintable():
        return value.strip()
    plain = "".join(ch if ch.isprintable() or ch == "\u200f" else " " for ch in value)
    return " ".join(plain.encode("utf-8", "replace").decode().split())


def _end(link: Row, end: str) -> str:
    node = link.get(f"{end}NodeURI")
    return _text(node, "identifier") or _text(node, "uri")


def _name_of(node: Any) -> str:
    """What a link outside is called: the last parts of a name that was made for it, else its address."""
    uri = unquote(_text(node, "uri"))
    if uri.startswith("urn:"):
        return ":".join(uri.split(":")[-2:])
    return uri or _text(node, "title") or _text(node, "identifier")


def _standard(guid: str, code: str, item: Row, parent: str | None) -> Standard:
    words = item.get("conceptKeywords")
    keywords: Iterable[Any] = words if isinstance(words, list) else ()
    emphasis = next((word for word in keywords if word in ("major", "supporting", "additional")), None)
    levels = item.get("educationLevel")
    grades = [level for level in levels if isinstance(level, str)] if isinstance(levels, list) else []
    type_ = _text(item, "CFItemType")
    kind = type_.casefold()
    statement = _text(item, "fullStatement")
    label = _text(item, "abbreviatedStatement") or statement or code
    domain = code.split(".")[1] if code.count(".") >= 1 else code
    return Standard(
        guid,
        code,
        kind if kind in _KINDS else "standard",
        _grade(grades),
        domain,
        parent,
        label,
        emphasis,
        statement if statement != label else "",
        type_,
    )


def _grade(levels: list[str]) -> str:
    """Grades as the curriculum writes them: `6`, `K`, `9-12`, `K-12`."""
    short = ["K" if level in ("KG", "K") else level.lstrip("0") for level in levels]
    if len(short) == 1:
        return short[0]
    return f"{short[0]}-{short[-1]}" if short else ""
