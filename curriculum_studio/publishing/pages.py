"""The pages of a published site as HTML: templates, relative links, metadata. Knows nothing but what it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from curriculum_studio.publishing.program import cache_folder, program_version, templates_folder
from curriculum_studio.publishing.site import (
    LessonPage,
    PagePart,
    Site,
    StandardRow,
    Term,
    UnitCard,
    UnitPage,
    each_part,
)
from curriculum_studio.publishing.strings import (
    LANGUAGES,
    RIGHT_TO_LEFT,
    offline_words,
    practice_words,
    strings,
)

_LICENSES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC-BY-NC-4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@cache
def environment() -> Environment:
    """The templates of site and shared parts; strict, escaping everything that is not marked as HTML."""
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    made.filters["html"] = Markup
    made.globals["LANGUAGES"] = LANGUAGES
    return made


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates as compiled, kept between runs in the user's cache; none where it cannot be written."""
    folder = cache_folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder), f"{program_version()[:8]}-%s.cache")


@cache
def _template(name: str) -> Template:
    return environment().get_template(f"site/{name}.html")


def _page(name: str, site: Site, address: str, title: str, language: str = "", **told: Any) -> str:
    spoken = language or site.language
    root = "../" * address.count("/")
    return _template(name).render(
        site=site,
        t=strings(spoken),
        lang=spoken,
        dir="rtl" if spoken.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        root=root or "./",
        address=address,
        title=title,
        css=root + site.assets["site.css"] if "site.css" in site.assets else "",
        script=root + site.assets["search.js"] if "search.js" in site.assets else "",
        canonical=site.base_url + address if site.base_url else "",
        kept_said=offline_words(spoken),
        keeper=root + site.assets["offline.js"]
        if site.edition == "student" and "offline.js" in site.assets
        else "",
        **told,
    )


def front_page(site: Site, units: Sequence[UnitCard], parts: Sequence[PagePart]) -> str:
    """The first page: units by grade."""
    grades: dict[str, list[UnitCard]] = {}
    for unit in units:
        grades.setdefault(unit.grade, []).append(unit)
    return _page("front", site, "", site.title, grades=grades, parts=parts)


def lesson_page(site: Site, page: LessonPage) -> str:
    """A lesson, an assessment or a session for teachers. Only one with problems to check loads a script."""
    practice = ""
    if "practice.js" in site.assets and any(part.key for part in each_part(page.parts)):
        practice = "../" * page.address.count("/") + site.assets["practice.js"]
    return _page(
        "lesson", site, page.address, page.title, page.language, page=page, data=_json_ld(site, page),
        license_url=_LICENSES.get(page.license, ""), practice=practice, said=practice_words(page.language) if practice else "",
    )  # fmt: skip


def unit_page(site: Site, page: UnitPage) -> str:
    """A unit: its story, its sections, the path through its lessons."""
    return _page("unit", site, page.address, page.title, page.language, page=page)


def glossary_page(site: Site, terms: Sequence[Term]) -> str:
    """Every term with its meaning, its translations and the lessons that use it."""
    return _page("glossary", site, "glossary/", strings(site.language)["glossary"], terms=terms)


def standards_page(site: Site, framework_title: str, rows: Sequence[StandardRow]) -> str:
    """Which lessons teach, practise and check each standard."""
    return _page(
        "standards",
        site,
        "standards/",
        strings(site.language)["standards"],
        framework=framework_title,
        rows=rows,
    )


def charter_page(site: Site, parts: Sequence[PagePart]) -> str:
    """The partnership's shared values and goals."""
    return _page("plain", site, "charter/", strings(site.language)["charter"], parts=parts)


def search_page(site: Site) -> str:
    """The search form; results are filled in by the script."""
    return _page("search", site, "search/", strings(site.language)["search"])


def offline_page(site: Site) -> str:
    """What a device shows without a network for a page that it does not keep: the units that it keeps."""
    return _page("offline", site, "offline/", strings(site.language)["kept_units"])


def web_manifest(site: Site) -> str:
    """What a device needs to put the site among its programs."""
    icon = {"src": site.assets.get("icon.svg", ""), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": site.title, "short_name": site.title[:24], "start_url": "./", "scope": "./", "display": "standalone",
        "lang": site.language, "dir": "rtl" if site.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        "background_color": "#fffefa", "theme_color": "#0b5a66", "icons": [icon],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def redirect_page(site: Site, address: str, target: str) -> str:
    """A page at an address that a page once had."""
    return _page(
        "redirect", site, address, strings(site.language)["moved"], target="../" * address.count("/") + target
    )


def not_found_page(site: Site) -> str:
    """What a server shows for an address that is not there; its links need the site at the server's root."""
    return _page("missing", site, "", strings(site.language)["not_found"])


def _json_ld(site: Site, page: LessonPage) -> Markup:
    """schema.org metadata of a page, from what the page itself shows."""
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": page.title,
        "inLanguage": page.language,
        "learningResourceType": {"lesson": "lesson", "assessment": "assessment"}.get(
            page.kind, "professional learning"
        ),
        "isPartOf": {"@type": "Course", "name": page.unit.title},
        "isAccessibleForFree": True,
        "accessMode": ["textual", "visual"],
        "accessibilityFeature": ["MathML", "structuralNavigation", "alternativeText"],
    }
    if page.grade:
        about["educationalLevel"] = f"Grade {page.grade}"
    if page.minutes:
        about["timeRequired"] = f"PT{page.minutes}M"
    if page.license:
        about["license"] = _LICENSES.get(page.license, page.license)
    if site.base_url:
        about["url"] = site.base_url + page.address
    if taught := page.standards.get("addressing"):
        about["teaches"] = [
            {"@type": "DefinedTerm", "termCode": code.code, "name": code.label or code.code}
            for code in taught
        ]
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def starter_text(name: str, **values: str) -> str:
    """The text of a starter (`unit`, `lesson`, `assessment`, `session`) with its blanks filled in."""
    text = (templates_folder() / "starters" / f"{name}.md").read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{{ {key} }}}}", value)
    return text
