"""What pages tell machines about themselves: schema.org records, descriptions, licences; from views alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup

from curriculum_studio.formats.html import plain_words
from curriculum_studio.publishing.site import CodeLink, LessonPage, PagePart, Site, UnitPage

LICENSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC-BY-NC-SA-4.0": "https://creativecommons.org/licenses/by-nc-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_AUDIENCES = {"student": "student", "family": "parent", "teacher": "teacher"}
_KINDS = {"lesson": "lesson", "assessment": "assessment", "professional-learning": "professional learning"}
_DESCRIPTION = 200


def lesson_record(site: Site, page: LessonPage) -> Markup:
    """A lesson as a schema.org LearningResource."""
    about = _resource(site, page.title, page.language, page.address, page.grade, page.parts)
    about["learningResourceType"] = _KINDS.get(page.kind, "lesson")
    about["identifier"] = page.id
    about["isPartOf"] = {"@type": "Course", "name": page.unit.title, **_url(site, page.unit.address)}
    if page.number:
        about["position"] = page.number
    if page.minutes.isdecimal():
        about["timeRequired"] = f"PT{page.minutes}M"
    about.update(_rights(page.license or site.license, page.credits, dict(page.based_on)))
    if taught := _terms(page.standards.get("addressing", ())):
        about["teaches"] = taught
    if assessed := _terms(page.assesses):
        about["assesses"] = assessed
    if required := _terms(page.standards.get("building-on", ())):
        about["competencyRequired"] = required
    return _script({key: value for key, value in about.items() if value not in ("", [], {})})


def unit_record(site: Site, page: UnitPage) -> Markup:
    """A unit as a schema.org Course that is made of its lessons."""
    about = _resource(site, page.title, page.language, page.address, page.grade, page.parts)
    about["@type"] = ["LearningResource", "Course"]
    about["learningResourceType"] = "unit"
    about["identifier"] = page.id
    about["provider"] = {"@type": "Organization", "name": site.organization or site.title}
    about.update(_rights(page.license or site.license, (), {}))
    about["teaches"] = _terms(page.standards.get("addressing", ()))
    about["hasPart"] = [
        {"@type": "LearningResource", "name": card.title, "position": number, **_url(site, card.address)}
        for number, card in enumerate((c for s in page.sections for c in s.lessons), 1)
    ]
    return _script({key: value for key, value in about.items() if value not in ("", [], {})})


def site_record(site: Site) -> Markup:
    """The front page as a schema.org WebSite with its search."""
    about: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "WebSite", "name": site.title, "inLanguage": site.language,
        **_url(site, ""),
    }  # fmt: skip
    if site.organization:
        about["publisher"] = {"@type": "Organization", "name": site.organization}
    if site.license:
        about["license"] = LICENSES.get(site.license, site.license)
    if site.base_url:
        target = f"{site.base_url}search/?q={{q}}"
        about["potentialAction"] = {
            "@type": "SearchAction",
            "target": target,
            "query-input": "required name=q",
        }
    return _script(about)


def description_of(parts: Sequence[PagePart]) -> str:
    """What a page is about in at most 200 characters: its learning targets, else its first words."""
    targets = [part for part in parts if part.kind == "learning-targets"]
    for part in targets or _all(parts):
        words = plain_words(part.body)
        if words:
            if len(words) <= _DESCRIPTION:
                return words
            return words[:_DESCRIPTION].rsplit(" ", 1)[0].rstrip(".,;: ") + "…"
    return ""


def _resource(
    site: Site, title: str, language: str, address: str, grade: str, parts: Sequence[PagePart]
) -> dict[str, Any]:
    bodies = "".join(part.body for part in _all(parts))
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "description": description_of(parts),
        "inLanguage": language,
        "educationalLevel": ("Kindergarten" if grade == "K" else f"Grade {grade}") if grade else "",
        "audience": {"@type": "EducationalAudience", "educationalRole": _AUDIENCES[site.edition]},
        "isAccessibleForFree": True,
        "accessMode": ["textual", "visual"],
        "accessModeSufficient": [{"@type": "ItemList", "itemListElement": ["textual"]}],
        "accessibilityFeature": [
            "displayTransformability", "readingOrder", "structuralNavigation",
            *(["MathML"] if "<math" in bodies else []),
            *(["alternativeText"] if "<img" in bodies or "<svg" in bodies else []),
        ],
        "accessibilityHazard": ["none"],
        "accessibilityControl": ["fullKeyboardControl", "fullMouseControl", "fullTouchControl"],
        **_url(site, address),
    }  # fmt: skip
    if site.organization:
        about["publisher"] = {"@type": "Organization", "name": site.organization}
    return about


def _rights(license_name: str, credits: Iterable[str], based_on: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if license_name:
        found["license"] = LICENSES.get(license_name, license_name)
    if names := list(credits):
        found["creditText"] = ", ".join(names)
    if based_on:
        source: dict[str, Any] = {"@type": "CreativeWork", "name": based_on.get("title", "")}
        if based_on.get("author"):
            source["creator"] = based_on["author"]
        if based_on.get("license"):
            source["license"] = LICENSES.get(based_on["license"], based_on["license"])
        if based_on.get("url", "").startswith("https://"):
            source["url"] = based_on["url"]
        found["isBasedOn"] = source
    return found


def _terms(codes: Iterable[CodeLink]) -> list[dict[str, str]]:
    return [
        {"@type": "DefinedTerm", "termCode": code.code, "name": code.label or code.code} for code in codes
    ]


def _url(site: Site, address: str) -> dict[str, str]:
    return {"url": site.base_url + address} if site.base_url else {}


def _all(parts: Sequence[PagePart]) -> Iterable[PagePart]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def _script(about: dict[str, Any]) -> Markup:
    """JSON that may stand in a script element: nothing in it can end the element."""
    text = json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704
