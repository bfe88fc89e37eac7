"""The desk for other programs: standards, claims, coverage, ratings, statements and texts as JSON, each with a personal token.

What a person may not see on a page they may not see here: the same actions are asked, ratings among them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from curriculum_studio.access import Access, note_refusal
from curriculum_studio.actions.alignment import Scope, coverage_of, uses_of
from curriculum_studio.actions.alignment_studies import see_study, studies
from curriculum_studio.actions.lessons import save_version
from curriculum_studio.actions.ratings import rounds, see_round
from curriculum_studio.actions.standards import frameworks
from curriculum_studio.actions.statements import round_row, statement, study_row
from curriculum_studio.domain.errors import EditConflict, NotFound, StudioError
from curriculum_studio.domain.standards import Framework, Standard
from curriculum_studio.formats.coverage_table import as_document
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import access, by_token, find_lesson, person, studio, token

desk = Blueprint("api", __name__, url_prefix="/api/v1")
Row = dict[str, Any]
_FAULTS = {"application/problem+json": {"schema": {"type": "object"}}}
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the description says of an address: a sentence, and the names of what may be asked with it, in words."""

    says: str
    asks: dict[str, str]


def reads(address: str, says: str, **asks: str) -> Callable[[Callable[..., Row]], Callable[..., Response]]:
    """Declares an address that gives a JSON object, to whoever shows a token."""

    def declare(view: Callable[..., Row]) -> Callable[..., Response]:
        @wraps(view)
        def answered(**values: Any) -> Response:
            try:
                return _json(view(**values))
            except StudioError as error:
                return problem(404 if isinstance(error, NotFound) else 409, str(error))

        guarded = by_token(answered)
        guarded.reading = Reading(says, asks)  # type: ignore[attr-defined]
        desk.get(address)(guarded)
        return guarded

    return declare


def writes(address: str, says: str) -> Callable[[Callable[..., Row]], Callable[..., Response]]:
    """Declares an address that takes a JSON object and changes something, for whoever shows a token that may write."""

    def declare(view: Callable[..., Row]) -> Callable[..., Response]:
        @wraps(view)
        def answered(**values: Any) -> Response:
            if not token().writes:
                return problem(403, "This token may only read. Make one in the studio, at your account, that may write.")  # fmt: skip
            try:
                return _json(view(**values))
            except EditConflict as error:
                return problem(409, str(error), mine=error.mine, theirs=error.theirs)
            except StudioError as error:
                return problem(404 if isinstance(error, NotFound) else 409, str(error))

        guarded = by_token(answered)
        guarded.writing = says  # type: ignore[attr-defined]
        desk.put(address)(guarded)
        return guarded

    return declare


def _json(document: Row) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")


def problem(code: int, detail: str, **more: str) -> Response:
    """An error as programs read it (RFC 9457)."""
    document = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code, "detail": detail, **more}  # fmt: skip
    return Response(json.dumps(document, ensure_ascii=False), code, content_type="application/problem+json")


@desk.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return problem(error.code or 500, error.description or "")


@desk.after_request
def _in_form(answer: Response) -> Response:
    """Refusals of the gate are plain sentences; programs get them in the form of all others."""
    if answer.status_code >= 400 and answer.mimetype == "text/plain":
        told = problem(answer.status_code, answer.get_data(as_text=True).strip())
        for name in ("WWW-Authenticate",):
            if name in answer.headers:
                told.headers[name] = answer.headers[name]
        return told
    return answer


def _known(name: str) -> Framework:
    found = framework(studio().snapshot(), name)
    if found is None:
        raise NotFound("There is no such framework.")
    return found


def _standard(one: Standard) -> Row:
    return {
        "code": one.code, "guid": one.guid, "kind": one.kind, "grade": one.grade, "parent": one.parent,
        "label": one.label, "statement": one.statement, "emphasis": one.emphasis,
    }  # fmt: skip


def _scope() -> Scope:
    return Scope(**{name: request.args.get(name, "")[:200] for name in ("unit", "grade", "framework")})


@reads("/standards", "Every framework that is at hand.")
def all_frameworks() -> Row:
    return {
        "frameworks": [
            {"id": one.id, "title": one.title, "standards": len(one.standards)}
            for one in frameworks(studio().snapshot())
        ]
    }


@reads("/standards/<name>", "The standards of a framework, all or those that are looked for.", q="a code in any form, or words")  # fmt: skip
def one_framework(name: str) -> Row:
    known, query = _known(name), request.args.get("q", "")[:200].strip()
    found = known.look_for(query) if query else known.standards.values()
    return {"id": known.id, "title": known.title, "standards": [_standard(one) for one in found]}


@reads(
    "/standards/<name>/<path:code>",
    "One standard in any form of its code: what it rests on, and who claims it.",
)
def one_standard(name: str, code: str) -> Row:
    known = _known(name)
    one = known.find(code)
    if one is None:
        raise NotFound("There is no such standard.")
    access = Access(studio(), person())
    claims = [
        {"text": facts.path, "title": facts.title, "relation": claim.relation, "in_part": claim.in_part}
        for facts, claim in uses_of(studio(), known).get(one.code, ())
        if access.reads(facts.path)
    ]
    before, after = known.before.get(one.code, ()), known.after.get(one.code, ())
    return {**_standard(one), "before": list(before), "after": list(after), "claims": claims}


@reads("/claims", "Every claim of a unit, a grade or the course.", unit="the folder of a unit", grade="a grade", framework="a framework")  # fmt: skip
def claims() -> Row:
    found = coverage_of(studio(), _scope(), Access(studio(), person()).reads)
    return {
        "framework": found.framework.id,
        "claims": [
            {
                "code": code,
                "guid": found.framework.standards[code].guid,
                "text": path,
                "relations": list(relations),
            }
            for (code, path), relations in sorted(found.cells.items())
        ],
    }


@reads("/coverage", "Coverage of a unit, a grade or the course.", unit="the folder of a unit", grade="a grade", framework="a framework")  # fmt: skip
def coverage() -> Row:
    return as_document(coverage_of(studio(), _scope(), Access(studio(), person()).reads))


@reads("/ratings", "The rounds of ratings of all units that you may read.")
def all_rounds() -> Row:
    me = person()
    return {
        "rounds": [
            {
                "round": one.key,
                "unit": one.unit,
                "rubric": one.rubric.id,
                "calibration": one.calibration,
                "invited": len(one.reviewers),
                "in": sum(bool(each.at) for each in one.reviewers),
                "closed": one.closed,
                "asks_you": one.awaits(me.key),
            }
            for one in rounds(studio(), me)
        ]
    }


@reads(
    "/ratings/<key>",
    "A round as you may see it now: your own rating, and the others’ once yours is in or all are.",
)
def one_round(key: str) -> Row:
    return round_row(see_round(studio(), person(), key), _names())


@reads("/studies", "The alignment studies of all units that you may read.")
def all_studies() -> Row:
    me = person()
    return {
        "studies": [
            {
                "study": one.key,
                "unit": one.unit,
                "invited": len(one.reviewers),
                "in": sum(bool(each.at) for each in one.reviewers),
                "closed": one.closed,
                "asks_you": one.awaits(me.key),
            }
            for one in studies(studio(), me)
        ]
    }


@reads("/studies/<key>", "An alignment study as you may see it now.")
def one_study(key: str) -> Row:
    return study_row(see_study(studio(), person(), key), _names())


@reads("/units/<path:place>/statement", "The alignment statement of a unit, as it stands or with a release.", release="the version of a release")  # fmt: skip
def one_statement(place: str) -> Row:
    return statement(studio(), person(), place, request.args.get("release", "")[:64])[1]


@reads("/lessons/<path:place>", "A lesson or other text as it stands; `blob` names these very words, for a change to be sent with.")  # fmt: skip
def one_lesson(place: str) -> Row:
    lesson = find_lesson(place)
    return {
        "path": lesson.path, "id": lesson.id, "title": lesson.title, "kind": lesson.kind, "text": lesson.text,
        "blob": lesson.blob, "version": lesson.version,
    }  # fmt: skip


@writes("/lessons/<path:place>", "Saves a text as a new version: `text`, `base` (the `blob` that it was written from) and a `note`. Where somebody changed the same words, 409 with both texts.")  # fmt: skip
def save_lesson(place: str) -> Row:
    lesson, given = find_lesson(place), request.get_json(silent=True)
    if not access().may("write", lesson.path):
        note_refusal(studio(), person().key, lesson.path, request.path)
        abort(403, "You may read here, comment and suggest, and not write. Nothing was changed.")
    text, base, note = (given.get(one, "") if isinstance(given, dict) else None for one in ("text", "base", "note"))  # fmt: skip
    if not (isinstance(text, str) and isinstance(base, str) and isinstance(note, str) and OID.match(base)):
        abort(400, "Send an object with text, base and, if you like, a note. Nothing was changed.")
    saved = save_version(studio(), person(), lesson.path, text, base, note[:2000] or "Changed by a program")
    return {"version": saved.version, "blob": saved.blobs[lesson.path], "merged": lesson.path in saved.merged}


def _names() -> dict[str, str]:
    return {one.person.key: one.person.name for one in studio().people.all()}


@reads("/openapi.json", "This description (OpenAPI 3.1).")
def description() -> Row:
    paths: Row = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda one: one.rule):
        view = current_app.view_functions[rule.endpoint]
        reading: Reading | None = getattr(view, "reading", None)
        if reading is not None:
            paths.setdefault(_PARAMETER.sub(r"{\1}", rule.rule), {})["get"] = _operation(rule.endpoint, rule.rule, reading)  # fmt: skip
        elif says := getattr(view, "writing", ""):
            paths.setdefault(_PARAMETER.sub(r"{\1}", rule.rule), {})["put"] = _change(rule.endpoint, rule.rule, says)  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "Curriculum Studio", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _operation(endpoint: str, rule: str, reading: Reading) -> Row:
    text = {"type": "string"}
    places = [
        {"name": one, "in": "path", "required": True, "schema": text} for one in _PARAMETER.findall(rule)
    ]
    asks = [
        {"name": one, "in": "query", "description": says, "schema": text}
        for one, says in reading.asks.items()
    ]
    return {
        "operationId": endpoint.partition(".")[2],
        "summary": reading.says,
        "parameters": [*places, *asks],
        "responses": {
            "200": {"description": "Found", "content": {"application/json": {"schema": {"type": "object"}}}},
            "401": {"description": "A token is needed", "content": _FAULTS},
            "404": {"description": "There is no such thing, or it is not open to you", "content": _FAULTS},
        },
    }


def _change(endpoint: str, rule: str, says: str) -> Row:
    found = _operation(endpoint, rule, Reading(says, {}))
    found["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    found["responses"] |= {
        "403": {"description": "You, or this token, may only read", "content": _FAULTS},
        "409": {"description": "Refused, or in conflict with others’ words", "content": _FAULTS},
    }
    return found
