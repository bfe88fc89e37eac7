"""The desk for standards: browse a framework, find a standard and who uses it, bring a package in, hand one on."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.alignment import uses_of
from curriculum_studio.actions.standards import (
    FrameworkImport,
    export_framework,
    frameworks,
    import_framework,
    look_at_package,
)
from curriculum_studio.domain.alignment import RELATIONS, emphasis_of
from curriculum_studio.domain.coherence import (
    Surroundings,
    chain_of,
    distances,
    neighbours,
    path_between,
    surroundings,
)
from curriculum_studio.domain.errors import FormatError, NotFound, Refused
from curriculum_studio.domain.standards import Framework, Standard
from curriculum_studio.formats.case_package import MAX_BYTES
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.path_picture import path_picture, steps_in_words
from curriculum_studio.web.gate import access, admits, given_file, go, needs, person, signed_in, studio

desk = Blueprint("standards", __name__)


def _known(name: str) -> Framework:
    found = framework(studio().snapshot(), name)
    if found is None:
        abort(404)
    return found


@desk.get("/standards")
@signed_in
def shelf() -> str:
    """All frameworks that are at hand."""
    return _shelf_page()


def _shelf_page(error: str = "", preview: FrameworkImport | None = None, key: str = "") -> str:
    snapshot, curriculum = studio().curriculum()
    return render_template(
        "studio/standards.html",
        frameworks=frameworks(snapshot),
        own=curriculum.framework,
        error=error,
        preview=preview,
        key=key,
        given=request.form.get("framework", ""),
        did=request.args.get("did", ""),
        most=MAX_BYTES // 1024 // 1024,
    )


@desk.post("/standards/look")
@needs("frameworks")
@admits(MAX_BYTES)
def look() -> str | tuple[str, int]:
    """What importing a file would change, before anything is changed."""
    try:
        content = given_file(MAX_BYTES)
        preview = look_at_package(studio().snapshot(), content, request.form.get("framework", "").strip())
    except (FormatError, Refused) as error:
        return _shelf_page(str(error)), 400
    return _shelf_page(preview=preview, key=studio().incoming.keep(content, person().key))


@desk.post("/standards/import")
@needs("frameworks")
def take() -> Answer | tuple[str, int]:
    """Imports the file that was looked at."""
    form = request.form
    try:
        content = studio().incoming.read(form.get("key", ""), person().key)
        found = import_framework(studio(), person(), content, form.get("framework", ""))
    except (FormatError, Refused, NotFound) as error:
        return _shelf_page(str(error)), 400
    return go("standards.tree", name=found.framework, did="imported")


@desk.get("/standards/<name>")
@signed_in
def tree(name: str) -> str:
    """A framework as a tree, or what was searched for in it."""
    known = _known(name)
    query = request.args.get("q", "")[:200]
    used = _used(known)
    return render_template(
        "studio/standards_tree.html",
        known=known,
        query=query,
        found=known.look_for(query) if query.strip() else [],
        near=known.nearest(query) if query.strip() else None,
        used=used,
        below=_below(known, used),
        did=request.args.get("did", ""),
    )


def _used(known: Framework) -> Mapping[str, int]:
    """How many texts that the person may read name each code."""
    reads = access().reads
    counts = {
        code: len({facts.path for facts, _ in rows if reads(facts.path)})
        for code, rows in uses_of(studio(), known).items()
    }
    return {code: count for code, count in counts.items() if count}


def _below(known: Framework, used: Mapping[str, int]) -> Mapping[str, int]:
    """How many standards below each one are named by a text: what a closed branch says about itself."""
    counts: dict[str, int] = {}
    for code in used:
        one = known.standards.get(known.standards[code].parent or "")
        for _ in range(16):
            if one is None:
                break
            counts[one.code] = counts.get(one.code, 0) + 1
            one = known.standards.get(one.parent or "")
    return counts


@desk.get("/standards/<name>/export.case.json")
@signed_in
def export(name: str) -> Response:
    """The framework as a strict CASE 1.1 package, with what the texts that the person may read claim."""
    snapshot, curriculum = studio().curriculum()
    try:
        content = export_framework(snapshot, curriculum, name, access().reads)
    except NotFound:
        abort(404)
    answer = Response(content, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.case.json"'
    return answer


@desk.get("/standards/<name>/<path:code>")
@signed_in
def standard(name: str, code: str) -> str | Answer:
    """One standard: who teaches, practises and assesses it, what it rests on and what it prepares."""
    known = _known(name)
    one = known.find(code)
    if one is None:
        abort(404)
    if one.code != code:
        return go("standards.standard", name=name, code=one.code)
    near = surroundings(known, one.code)
    return render_template(
        "studio/standard.html",
        known=known,
        one=one,
        emphasis=emphasis_of(known, one.code),
        above=_above(known, one),
        uses=_uses(known, one.code),
        before=[known.standards[c] for c in neighbours(known, one.code, back=True)],
        after=[known.standards[c] for c in neighbours(known, one.code, back=False)],
        all_before=len(distances(known, known.with_parts(one.code), back=True)),
        all_after=len(distances(known, known.with_parts(one.code), back=False)),
        related=sorted(
            {b if a == one.code else a for a, b in known.related if one.code in (a, b)} - {one.code}
        ),
        elsewhere=_elsewhere(known, one.code),
        picture=path_picture(near) if len(near.columns) > 1 else "",
        columns=_columns(near),
        **_path(known, one),
    )


def _columns(near: Surroundings) -> list[tuple[str, tuple[str, ...], int]]:
    """The picture as a table: for each column its words, its codes, and how many are left out."""
    rows = zip(near.columns, near.hidden, strict=True)
    return [(steps_in_words(number - near.at), codes, hidden) for number, (codes, hidden) in enumerate(rows)]


def _path(known: Framework, one: Standard) -> dict[str, Any]:
    """The path from a standard that was asked for to this one, or onwards from it."""
    asked = request.args.get("from", "")[:80].strip()
    start = known.find(asked) if asked else None
    chain: tuple[str, ...] = ()
    if start is not None:
        ends = list(product(known.with_parts(start.code), known.with_parts(one.code)))
        ways = [path_between(known, a, b) or path_between(known, b, a) for a, b in ends]
        chain = min(filter(None, ways), key=len, default=())
    here = next((code for code in chain if code in known.with_parts(one.code)), "")
    return {
        "asked": asked,
        "start": start,
        "chain": [known.standards[code] for code in chain],
        "chain_picture": path_picture(chain_of(chain, here)) if len(chain) > 1 else "",
    }


def _above(known: Framework, one: Standard) -> list[tuple[str, str]]:
    """The steps from the framework down to a standard: address and code."""
    above: list[tuple[str, str]] = []
    parent = known.standards.get(one.parent or "")
    while parent is not None and len(above) < 16:
        above.insert(0, (f"/standards/{known.id}/{parent.code}", parent.code))
        parent = known.standards.get(parent.parent or "")
    return above


def _uses(known: Framework, code: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each relation its words and the texts (address and title) that the person may read."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for facts, claim in uses_of(studio(), known).get(code, ()):
        if access().reads(facts.path):
            rows.setdefault(claim.relation, []).append((f"/text/{facts.path}", facts.title))
    return [(one.where, rows[relation]) for relation, one in RELATIONS.items() if relation in rows]


_LINKS = {
    "exactMatchOf": "the same as",
    "isRelatedTo": "related to",
    "isChildOf": "part of",
    "precedes": "before",
}


def _elsewhere(known: Framework, code: str) -> list[tuple[str, str, str]]:
    """Links outside of the package: words, name, and the page here where the name is a standard at hand."""
    rows = []
    own = framework(studio().snapshot(), "ccssm-2010")
    for kind, name in known.elsewhere.get(code, ()):
        space, _, rest = name.partition(":")
        there = own.find(rest) if own is not None and space == "CCSS-M" and own.id != known.id else None
        page = url_for("standards.standard", name="ccssm-2010", code=there.code) if there is not None else ""
        rows.append((_LINKS.get(kind, kind), there.code if there is not None else name, page))
    return rows
