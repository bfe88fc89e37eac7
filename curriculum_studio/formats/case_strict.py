"""Writes a framework as a strict CASE 1.1 package, with what lessons claim as associations; what imports can be read back.

Equal input gives equal bytes: identifiers that are missing are made from names, and no clock is read.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from curriculum_studio.formats.case_package import Package, Row
from curriculum_studio.formats.case_rules import ASSOCIATION, DEFINITIONS, DOCUMENT, ITEM, UUID, Fields, fits

_SPACE = uuid.UUID("9b1f1a52-3d53-5c0e-8c1b-0d3f5f6f2a11")
LESSON_URN = "urn:curriculum-studio:"
_NEVER = "1970-01-01T00:00:00Z"
_DROPPED = frozenset({"CFDocumentURI", "CFPackageURI"})


@dataclass(frozen=True, slots=True)
class Alignment:
    """What a text claims of a standard: the text's id and title, the relation, the GUID of the standard."""

    text: str
    title: str
    relation: str
    guid: str


def strict_package(package: Package, alignments: Iterable[Alignment] = ()) -> bytes:
    """The package as CASE 1.1 asks for it. Properties that it does not know go into `extensions`."""
    writing = _Writing(package)
    document = writing.row(package.document, DOCUMENT, "document", package.framework.id)
    document["caseVersion"] = "1.1"
    links = [
        writing.link(guid, row)
        for guid, row in package.links.items()
        if not str((row.get("originNodeURI") or {}).get("uri", "")).startswith(LESSON_URN)
    ]
    links += [
        writing.alignment(one) for one in sorted(alignments, key=lambda a: (a.text, a.relation, a.guid))
    ]
    whole: dict[str, Any] = {
        "CFDocument": document,
        "CFItems": [writing.row(row, ITEM, "item", guid) for guid, row in package.items.items()],
        "CFAssociations": links,
    }
    definitions = writing.definitions(package.definitions)
    if definitions:
        whole["CFDefinitions"] = definitions
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def strict_rows(package: Package) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Items and associations of a package by GUID, each as text in the strict form: what is compared at an import."""
    writing = _Writing(package)
    items = {guid: writing.row(row, ITEM, "item", guid) for guid, row in package.items.items()}
    links = {guid: writing.link(guid, row) for guid, row in package.links.items()}
    return _texts(items), _texts(links)


def _texts(rows: Mapping[str, Any]) -> dict[str, str]:
    return {guid: json.dumps(row, sort_keys=True, ensure_ascii=False) for guid, row in rows.items()}


class _Writing:
    """One writing of a package: the time for rows without one (the document's), and the titles that links need."""

    def __init__(self, package: Package) -> None:
        at = package.document.get("lastChangeDateTime")
        self.at = at if isinstance(at, str) and fits("time", at) else _NEVER
        self.titles = {one.guid: one.code for one in package.framework.standards.values()}

    def row(self, row: Row, fields: Fields, kind: str, guid: str) -> dict[str, Any]:
        """A row with everything that must stand, in forms that may stand, and the rest in its extensions."""
        found: dict[str, Any] = {}
        rest: dict[str, Any] = {}
        for name, value in row.items():
            if name in _DROPPED or value is None or value == "":
                continue
            form = fields.get(name, ("", False))[0]
            if form and fits(form, value):
                found[name] = value
            elif form == "texts" and isinstance(value, str):
                found[name] = [value]
            else:
                rest[name] = value
        found.setdefault("identifier", self.guid(kind, guid))
        found.setdefault("uri", f"urn:uuid:{found['identifier']}")
        found.setdefault("lastChangeDateTime", self.at)
        for name, (form, needed) in fields.items():
            if needed and name not in found and form == "text":
                found[name] = self._filled(name, row, found)
        rest.pop("identifier", None)
        if rest:
            found["extensions"] = {**found.get("extensions", {}), **rest}
        return found

    def _filled(self, name: str, row: Row, found: Mapping[str, Any]) -> str:
        names = ("abbreviatedStatement", "title", "humanCodingScheme", "CFItemType")
        words = next((found[key] for key in names if isinstance(found.get(key), str)), "")
        return words or {"creator": "unknown"}.get(name, str(row.get("identifier", "unknown")))

    def guid(self, kind: str, name: str) -> str:
        """A GUID of the right form: the name itself, or one that is always the same for the name."""
        return name if UUID.fullmatch(name) else str(uuid.uuid5(_SPACE, f"{kind}:{name}"))

    def link(self, guid: str, row: Row) -> dict[str, Any]:
        """An association with both of its ends in the strict form."""
        ends = {f"{end}NodeURI": self.node(row.get(f"{end}NodeURI")) for end in ("origin", "destination")}
        found = self.row({**row, **ends}, ASSOCIATION, "association", guid.partition("#")[0] or guid)
        kind = found.get("associationType")
        if kind is None:
            # A kind that CASE does not know is kept by name, in the form that the standard leaves for such.
            words = "".join(ch for ch in str(row.get("associationType", "")) if ch.isascii() and ch.isalnum())
            found["associationType"] = f"ext:{words or 'unknown'}"
        return found

    def node(self, node: Any) -> dict[str, str]:
        """An end of an association: title, identifier and address all there."""
        row = node if isinstance(node, dict) else {}
        identifier = row.get("identifier")
        identifier = (
            identifier if isinstance(identifier, str) and identifier else str(row.get("uri") or "unknown")
        )
        title, uri = row.get("title"), row.get("uri")
        found: dict[str, str] = {
            "title": title if isinstance(title, str) and title else self.titles.get(identifier, identifier),
            "identifier": identifier,
            "uri": str(uri) if fits("uri", uri) else f"urn:uuid:{self.guid('node', identifier)}",
        }
        kind = row.get("targetType")
        if isinstance(kind, str) and (kind == "CASE" or kind.startswith("ext:")):
            found["targetType"] = kind
        return found

    def alignment(self, one: Alignment) -> dict[str, Any]:
        """What a text claims, from the text to the standard."""
        guid = str(uuid.uuid5(_SPACE, f"{one.text} {one.relation} {one.guid}"))
        origin = {
            "title": one.title, "identifier": one.text, "uri": f"{LESSON_URN}text:{one.text}", "targetType": "ext:text",
        }  # fmt: skip
        target = self.node({"identifier": one.guid}) | {"targetType": "CASE"}
        return {
            "identifier": guid,
            "uri": f"urn:uuid:{guid}",
            "associationType": f"ext:{one.relation}",
            "originNodeURI": origin,
            "destinationNodeURI": target,
            "lastChangeDateTime": self.at,
        }

    def definitions(self, definitions: Row) -> dict[str, Any]:
        """The definitions, each row complete."""
        found: dict[str, Any] = {}
        for name, fields in DEFINITIONS.items():
            rows = definitions.get(name)
            if isinstance(rows, list) and rows:
                found[name] = [
                    self.row(row, fields, name, str(row.get("identifier", number)))
                    for number, row in enumerate(rows)
                    if isinstance(row, dict)
                ]
        return found
