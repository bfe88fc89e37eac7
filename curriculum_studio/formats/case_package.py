"""Reads CASE packages (1.0 and 1.1) into frameworks: lenient with what comes in, and plain about what is odd."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from curriculum_studio.domain.errors import FormatError
from curriculum_studio.domain.standards import Framework, Standard

_KINDS = ("grade", "domain", "cluster", "substandard", "standard", "practice")


def read_case(package: bytes, framework_id: str) -> tuple[Framework, tuple[str, ...]]:
    """The framework of a package, and a sentence for each thing that is odd. Raises `FormatError` if unreadable."""
    try:
        document = json.loads(package)
    except ValueError as error:
        raise FormatError("The package is not JSON.") from error
    if not isinstance(document, dict) or not isinstance(document.get("CFItems"), list):
        raise FormatError("The package has no CFItems; is it a CASE package?")
    problems: list[str] = []
    items = [item for item in document["CFItems"] if isinstance(item, dict) and _text(item, "identifier")]
    by_guid = {item["identifier"]: item for item in items}
    codes = {guid: _code(item) for guid, item in by_guid.items()}
    pairs: dict[str, list[tuple[str, str]]] = {
        "isChildOf": [],
        "precedes": [],
        "isRelatedTo": [],
        "exactMatchOf": [],
    }
    outside = 0
    root = _text(document.get("CFDocument") or {}, "identifier")
    for link in document.get("CFAssociations") or ():
        kind, origin, target = _association(link)
        if kind not in pairs:
            continue
        if origin in codes and (target in codes or (kind == "isChildOf" and target == root)):
            pairs[kind].append((origin, target))
        else:
            outside += 1
    parents = {origin: codes.get(target) for origin, target in pairs["isChildOf"]}
    orphans = [codes[guid] for guid in by_guid if guid not in parents]
    if orphans:
        problems.append(f"{len(orphans)} items have no parent, the first is {orphans[0]}.")
    if outside:
        problems.append(f"{outside} associations point outside the package.")
    standards: dict[str, Standard] = {}
    for guid, item in by_guid.items():
        code = codes[guid]
        if code in standards:
            problems.append(f"The code {code} stands twice.")
            continue
        standards[code] = _standard(guid, code, item, parents.get(guid))
    title = _text(document.get("CFDocument") or {}, "title") or framework_id
    precedes = frozenset((codes[a], codes[b]) for a, b in pairs["precedes"])
    related = frozenset((codes[a], codes[b]) for a, b in pairs["isRelatedTo"])
    return Framework(framework_id, title, standards, precedes, related), tuple(problems)


def _text(row: Any, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, str) else ""


def _code(item: dict[str, Any]) -> str:
    return _text(item, "humanCodingScheme") or _text(item, "identifier")


def _association(link: Any) -> tuple[str, str, str]:
    if not isinstance(link, dict):
        return "", "", ""
    origin, target = link.get("originNodeURI"), link.get("destinationNodeURI")
    return _text(link, "associationType"), _text(origin, "identifier"), _text(target, "identifier")


def _standard(guid: str, code: str, item: dict[str, Any], parent: str | None) -> Standard:
    words = item.get("conceptKeywords")
    keywords: Iterable[Any] = words if isinstance(words, list) else ()
    emphasis = next((word for word in keywords if word in ("major", "supporting", "additional")), None)
    levels = item.get("educationLevel")
    grades = [level for level in levels if isinstance(level, str)] if isinstance(levels, list) else []
    kind = _text(item, "CFItemType").casefold()
    label = _text(item, "abbreviatedStatement") or _text(item, "fullStatement") or code
    domain = code.split(".")[1] if code.count(".") >= 1 else code
    return Standard(
        guid, code, kind if kind in _KINDS else "standard", _grade(grades), domain, parent, label, emphasis
    )


def _grade(levels: list[str]) -> str:
    """Grades as the curriculum writes them: `6`, `K`, `9-12`, `K-12`."""
    short = ["K" if level in ("KG", "K") else level.lstrip("0") for level in levels]
    if len(short) == 1:
        return short[0]
    return f"{short[0]}-{short[-1]}" if short else ""
