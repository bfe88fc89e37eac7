"""The rules of a CASE 1.1 package, in a table of our own after the published information model, and a check by them.

Each class of the model gives for a property its form and whether it must stand; what is not in the table may not stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Fields = Mapping[str, tuple[str, bool]]

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_EXTENSION = re.compile(r"ext:[A-Za-z0-9._-]+")
ASSOCIATIONS = frozenset(
    (
        "isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar",
        "hasSkillLevel", "isTranslationOf",
    )
)  # fmt: skip


def _fields(must: str, may: str) -> Fields:
    """Rows `name:form`; without a form it is `text`."""
    rows = [(row, True) for row in must.split()] + [(row, False) for row in may.split()]
    return {row.partition(":")[0]: (row.partition(":")[2] or "text", needed) for row, needed in rows}


_HEAD = "identifier:uuid uri:uri lastChangeDateTime:time"
DOCUMENT = _fields(
    f"{_HEAD} creator title",
    "frameworkType caseVersion:version officialSourceURL:uri publisher description subject:texts subjectURI:links language "
    "version adoptionStatus statusStartDate:date statusEndDate:date licenseURI:link notes extensions:object",
)
ITEM = _fields(
    f"{_HEAD} fullStatement",
    "alternativeLabel CFItemType humanCodingScheme listEnumeration abbreviatedStatement conceptKeywords:texts "
    "conceptKeywordsURI:link notes subject:texts subjectURI:links language educationLevel:texts CFItemTypeURI:link "
    "licenseURI:link statusStartDate:date statusEndDate:date extensions:object",
)
ASSOCIATION = _fields(
    f"{_HEAD} associationType:association originNodeURI:node destinationNodeURI:node",
    "sequenceNumber:whole CFAssociationGroupingURI:link notes extensions:object",
)
DEFINITIONS: Mapping[str, Fields] = {
    "CFItemTypes": _fields(f"{_HEAD} title description hierarchyCode", "typeCode extensions:object"),
    "CFConcepts": _fields(f"{_HEAD} title hierarchyCode", "keywords description extensions:object"),
    "CFSubjects": _fields(f"{_HEAD} title hierarchyCode", "description extensions:object"),
    "CFLicenses": _fields(f"{_HEAD} title licenseText", "description extensions:object"),
    "CFAssociationGroupings": _fields(f"{_HEAD} title", "description extensions:object"),
}
_PACKAGE = frozenset({"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics", "extensions"})


def fits(form: str, value: Any) -> bool:
    """Whether a value is of a form of the table."""
    if form in ("texts", "links"):
        return isinstance(value, list) and all(fits(form[:-1], one) for one in value)
    if form in ("link", "node"):
        return _is_link(value, form == "node")
    if form == "whole":
        return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
    if form == "object":
        return isinstance(value, dict)
    if not isinstance(value, str):
        return False
    if form == "association":
        return value in ASSOCIATIONS or bool(_EXTENSION.fullmatch(value))
    if form == "version":
        return value == "1.1"
    patterns = {"uuid": UUID, "time": TIME, "date": _DATE, "uri": URI}
    return form not in patterns or bool(patterns[form].fullmatch(value))


def _is_link(value: Any, node: bool) -> bool:
    if not isinstance(value, dict) or not {"title", "identifier", "uri"} <= set(value):
        return False
    kind = value.get("targetType", "CASE")
    return (
        set(value) <= {"title", "identifier", "uri", *(("targetType",) if node else ())}
        and isinstance(value["title"], str)
        and isinstance(value["identifier"], str)
        and (node or bool(UUID.fullmatch(value["identifier"])))
        and fits("uri", value["uri"])
        and isinstance(kind, str)
        and (kind == "CASE" or bool(_EXTENSION.fullmatch(kind)))
    )


def faults(package: Any) -> Iterator[str]:
    """What of a package breaks the rules of CASE 1.1, a sentence for each; nothing where it keeps them all."""
    if not isinstance(package, dict):
        yield "The package is not an object."
        return
    for name in sorted(set(package) - _PACKAGE):
        yield f"The package has a property {name}."
    yield from _row("CFDocument", package.get("CFDocument"), DOCUMENT)
    for name, fields in (("CFItems", ITEM), ("CFAssociations", ASSOCIATION)):
        yield from _rows(name, package.get(name, []), fields)
    definitions = package.get("CFDefinitions", {})
    for name in sorted(set(definitions) - set(DEFINITIONS) - {"extensions"}):
        yield f"CFDefinitions has a property {name}."
    for name, fields in DEFINITIONS.items():
        yield from _rows(name, definitions.get(name, []), fields)


def _rows(name: str, rows: Any, fields: Fields) -> Iterator[str]:
    if not isinstance(rows, list):
        yield f"{name} is not a list."
        return
    for number, row in enumerate(rows, 1):
        yield from _row(f"{name}, {number}", row, fields)


def _row(where: str, row: Any, fields: Fields) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where}: not an object."
        return
    for name, (form, needed) in fields.items():
        if name not in row:
            if needed:
                yield f"{where}: {name} is missing."
        elif not fits(form, row[name]):
            yield f"{where}: {name} is no {form}."
    for name in row:
        if name not in fields:
            yield f"{where}: {name} may not stand there."
