"""The desk behind the editor's script: draws what is being written, finds standards, and pages that a link may lead to."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, jsonify, request

from curriculum_studio.access import unit_folder
from curriculum_studio.formats.editor import Wanted, drawn
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.web.gate import access, signed_in, studio

desk = Blueprint("editor", __name__)
MOST_FORMULAS, MOST_FIGURES, LONGEST, MOST_STANDARDS, MOST_PAGES = 200, 40, 16 * 1024, 20, 20
_KINDS = {
    "lesson": "lesson", "unit": "unit", "assessment": "assessment", "professional-learning": "session for teachers", "glossary": "glossary",
    "charter": "charter",
}  # fmt: skip


@desk.post("/editor/draw")
@signed_in
def draw() -> Response:
    """The formulas and figures of a text that is being written, drawn as its page will show them."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        abort(400)
    formulas = _rows(asked.get("formulas", []), MOST_FORMULAS)
    figures = _rows(asked.get("figures", []), MOST_FIGURES)
    wanted = Wanted(
        [(_text(one, "latex"), one.get("display") is True) for one in formulas],
        [(_text(one, "word"), _text(one, "rest"), _text(one, "body")) for one in figures],
    )
    language = asked.get("language")
    return jsonify(drawn(wanted, language if isinstance(language, str) else "en"))


def _rows(value: Any, most: int) -> list[dict[str, Any]]:
    if not (isinstance(value, list) and len(value) <= most and all(isinstance(one, dict) for one in value)):
        abort(400)
    return value


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or len(value) > LONGEST:
        abort(400)
    return value


@desk.get("/editor/standards")
@signed_in
def standards() -> Response:
    """The standards that some words or a code may mean, in the framework of the curriculum; of `codes`, what each says."""
    snapshot, curriculum = studio().curriculum()
    known = framework(snapshot, curriculum.framework)
    if known is None:
        return jsonify({"framework": "", "standards": []})
    codes = [code for code in request.args.get("codes", "")[:2000].split(",") if code]
    query = request.args.get("q", "")[:200]
    found = [one for code in codes if (one := known.find(code)) is not None] if codes else known.look_for(query, MOST_STANDARDS) if query.strip() else []  # fmt: skip
    rows = [
        {"code": one.code, "label": one.label, "statement": one.statement or one.label, "grade": one.grade}
        for one in found
    ]
    return jsonify({"framework": known.title, "standards": rows})


@desk.get("/editor/pages")
@signed_in
def pages() -> Response:
    """The pages whose titles hold all words of `q`, those of the unit of the text `from` first: each with the target that a
    link in that text names it by. Without words, the pages of the unit."""
    _, curriculum = studio().curriculum()
    start, words = request.args.get("from", "")[:400], request.args.get("q", "")[:200].casefold().split()
    mine = unit_folder(curriculum, start)
    rows = []
    for path, facts in curriculum.facts.items():
        folder = unit_folder(curriculum, path)
        near = folder is not None and folder == mine
        if facts.kind not in _KINDS or path == start or not (words or near):
            continue
        if all(word in facts.title.casefold() for word in words) and access().reads(path):
            rows.append((not near, folder or "", path))
    found = [
        {
            "title": curriculum.facts[path].title or path,
            "kind": _KINDS[curriculum.facts[path].kind],
            "unit": curriculum.facts[f"{folder}/unit.md"].title if folder else "",
            "target": quote(posixpath.relpath(path, posixpath.dirname(start)), safe="/"),
        }
        for _, folder, path in sorted(rows)[:MOST_PAGES]
    ]
    return jsonify({"pages": found})
