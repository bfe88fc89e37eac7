"""The desk for finding: what was asked in the address, what was found on the page."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from curriculum_studio.actions.search import STATES, Answer, Ask, find
from curriculum_studio.storage.search import FACETS, Hit
from curriculum_studio.web.gate import access, signed_in, studio

desk = Blueprint("search", __name__)
MOST_SHOWN = 12
_NAMES = {
    "grade": "Grade",
    "unit": "Unit",
    "kind": "Kind of text",
    "standard": "Standard",
    "person": "Last changed by",
    "state": "State",
}
_KINDS = {
    "lesson": "Lesson",
    "unit": "Unit page",
    "assessment": "Assessment",
    "professional-learning": "Professional learning",
    "translation": "Translation",
    "glossary": "Glossary",
    "charter": "Charter",
    "curriculum": "Front page",
}
_STATES = {
    "draft": "Draft, in no unit’s plan",
    "in-unit": "In a unit, not published yet",
    "released": "Published as it stands",
    "changed": "Changed since it was published",
}


_LETTER = re.compile(r"(\d)\.([a-z])$")


def _asked() -> Ask:
    filters = {
        name: frozenset(value[:200] for value in request.args.getlist(name)[:30] if value) for name in FACETS
    }
    page = request.args.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return Ask(request.args.get("q", "")[:200].replace("\0", " "), filters, number)


def _link(hit: Hit) -> str:
    """The page of a text, at the part that was found."""
    place = (
        hit.path.removesuffix("/unit.md") if hit.path.endswith("/unit.md") else hit.path.removesuffix(".md")
    )
    return url_for("lessons.show", place=place, _anchor=hit.anchor or None)


def _label(facet: str, value: str, answer: Answer) -> str:
    if facet == "grade":
        return "Kindergarten" if value.upper() == "K" else f"Grade {value}"
    if facet == "standard":
        # As the tree of standards writes it: 6.RP.A.3a.
        return _LETTER.sub(r"\1\2", value)
    tables = {"unit": answer.units, "person": answer.people, "kind": _KINDS, "state": _STATES}
    return tables[facet].get(value, value) if facet in tables else value


def _facets(ask: Ask, answer: Answer) -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    """For each facet its name and rows: value, label, count, whether it is chosen. What is chosen always shows."""
    rows = []
    for facet in FACETS:
        chosen = (ask.filters or {}).get(facet, frozenset())
        counts = dict(answer.found.facets.get(facet, ()))
        counts.update({value: 0 for value in sorted(chosen) if value not in counts})
        values = list(counts)
        if facet == "grade":
            values.sort(key=lambda value: (value.upper() != "K", len(value), value))
        elif facet == "state":
            values.sort(key=lambda value: (value not in STATES, value))
        kept = [value for place, value in enumerate(values) if place < MOST_SHOWN or value in chosen]
        shown = [(value, _label(facet, value, answer), counts[value], value in chosen) for value in kept]
        if shown:
            rows.append((facet, _NAMES[facet], shown))
    return rows


def _words() -> dict[str, Any]:
    ask = _asked()
    answer = find(studio(), ask, None if access().reads_all() else access().reads)
    asked = any((ask.filters or {}).values()) or bool(ask.text.strip())
    arguments: dict[str, Any] = {name: sorted(values) for name, values in (ask.filters or {}).items()}
    links = {
        name: url_for("search.page", q=ask.text, page=number, **arguments)
        for name, number in (("Earlier results", answer.page - 1), ("More results", answer.page + 1))
        if asked and 1 <= number <= answer.pages
    }
    return {
        "query": ask.text,
        "asked": asked,
        "found": answer.found,
        "progress": answer.progress,
        "facets": _facets(ask, answer),
        "hits": [(hit, _link(hit), _KINDS.get(hit.kind, hit.kind)) for hit in answer.found.hits]
        if asked
        else [],
        "links": links,
    }


@desk.get("/search")
@signed_in
def page() -> str:
    """Search over the working text."""
    return render_template("studio/search.html", **_words())


@desk.get("/search/results")
@signed_in
def results() -> Response:
    """The results alone, while somebody types or chooses."""
    response = make_response(render_template("studio/search_results.html", **_words()))
    query = request.query_string.decode("ascii", "ignore")
    response.headers["HX-Replace-Url"] = url_for("search.page") + (f"?{query}" if query else "")
    return response
