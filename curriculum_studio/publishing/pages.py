"""The pages of a published site as HTML: templates, relative links, metadata. Knows nothing but what it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from curriculum_studio.publishing.metadata import (
    LICENSES,
    description_of,
    lesson_record,
    site_record,
    unit_record,
)
from curriculum_studio.publishing.program import cache_folder, program_version, templates_folder
from curriculum_studio.publishing.sheets import Sheet
from curriculum_studio.publishing.site import (
    LessonPage,
    Link,
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
    made.globals["RIGHT_TO_LEFT"] = RIGHT_TO_LEFT
    made.globals["LICENSES"] = LICENSES
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
    root: str = told.pop("root", "../" * address.count("/"))

    def asset(name: str) -> str:
        return root + site.assets[name] if name in site.assets else ""

    return _template(name).render(
        {
            "site": site,
            "t": strings(spoken),
            "lang": spoken,
            "dir": "rtl" if spoken.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
            "root": root or "./",
            "address": address,
            "title": title,
            "css": asset("site.css"),
            "icon": asset("icon.svg"),
            "script": asset("search.js"),
            "switch": asset("switch.js"),
            "canonical": site.base_url + address if site.base_url else "",
            "kept_said": offline_words(spoken),
            "keeper": asset("offline.js") if site.edition == "student" else "",
            "license": site.license,
            "description": "",
            **told,
        }
    )


def front_page(site: Site, units: Sequence[UnitCard], parts: Sequence[PagePart]) -> str:
    """The first page: units by grade."""
    grades: dict[str, list[UnitCard]] = {}
    for unit in units:
        grades.setdefault(unit.grade, []).append(unit)
    return _page(
        "front", site, "", site.title, grades=grades, parts=parts, data=site_record(site),
        description=description_of(parts),
    )  # fmt: skip


def lesson_page(site: Site, page: LessonPage) -> str:
    """A lesson, an assessment or a session for teachers. Only one with problems to check loads a script."""
    practice = ""
    if "practice.js" in site.assets and any(part.key for part in each_part(page.parts)):
        practice = "../" * page.address.count("/") + site.assets["practice.js"]
    return _page(
        "lesson", site, page.address, page.title, page.language, page=page, data=lesson_record(site, page),
        license=page.license or site.license, description=description_of(page.parts), practice=practice,
        said=practice_words(page.language) if practice else "",
    )  # fmt: skip


def unit_page(site: Site, page: UnitPage) -> str:
    """A unit: its story, its sections, the path through its lessons."""
    return _page(
        "unit", site, page.address, page.title, page.language, page=page, data=unit_record(site, page),
        license=page.license or site.license, description=description_of(page.parts),
    )  # fmt: skip


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


def sheet_html(pack: str, language: str, sheet: Sheet) -> str:
    """One lesson (or assessment) of a pack for paper."""
    return f"{_template('sheet').render(t=strings(language), pack=pack, sheet=sheet)}\n"


def print_page(
    site: Site,
    unit: Link,
    pack: str,
    address: str,
    packs: Sequence[tuple[str, str]],
    made: Sequence[str],
    names: Sequence[tuple[str, str]],
    prepare: Sequence[tuple[str, str, str]],
) -> str:
    """A pack of a unit for paper, of the sheets `made`. `packs` are the names and addresses of all of them, `names`
    the ids and titles of the sheets, `prepare` lessons with what to copy and what to gather for each."""
    title = f"{strings(unit.language)[f'pack_{pack}']}: {unit.title}"
    paper = "../" * address.count("/") + site.assets["paper.css"] if "paper.css" in site.assets else ""
    return _page(
        "print", site, address, title, unit.language,
        unit=unit, pack=pack, packs=packs, made="".join(made), names=names, gather=prepare, paper_css=paper,
    )  # fmt: skip


def web_manifest(site: Site) -> str:
    """What a device needs to put the site among its programs."""
    icon = {"src": site.assets.get("icon.svg", ""), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": site.title, "short_name": site.title[:24], "start_url": "./", "scope": "./", "display": "standalone",
        "lang": site.language, "dir": "rtl" if site.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr",
        "background_color": "#fffefa", "theme_color": "#0b5a66", "icons": [icon],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def redirect_page(site: Site, address: str, target: str, title: str) -> str:
    """A page at an address that a page once had: it leads to the page called `title` at `target`."""
    return _page(
        "redirect", site, address, strings(site.language)["moved"], target="../" * address.count("/") + target,
        to=title, canonical=site.base_url + target if site.base_url else "",
    )  # fmt: skip


def not_found_page(site: Site) -> str:
    """What a server shows for an address that is not there. It is shown at any depth, so its links start at the
    site's own address; where that is not told they need the site at the server's root."""
    return _page(
        "missing", site, "", strings(site.language)["not_found"], root=site.base_url, canonical="",
        missing=True,
    )  # fmt: skip


def starter_text(name: str, **values: str) -> str:
    """The text of a starter (`unit`, `lesson`, `assessment`, `session`) with its blanks filled in."""
    text = (templates_folder() / "starters" / f"{name}.md").read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{{ {key} }}}}", value)
    return text
