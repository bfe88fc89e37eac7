"""The desk for alignment statements: one document as page, PDF and JSON, of the working text or of a release."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from curriculum_studio.actions.releases import releases
from curriculum_studio.actions.statements import statement
from curriculum_studio.domain.agreement import READING, WHY_AC2
from curriculum_studio.domain.alignment import RELATIONS
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.formats.curriculum import UnitOutline
from curriculum_studio.formats.statement_pdf import criteria, interval, number, percent, statement_pdf
from curriculum_studio.web.gate import find_unit, person, signed_in, studio

desk = Blueprint("statements", __name__)


def _statement(place: str) -> tuple[UnitOutline, dict[str, Any]]:
    find_unit(place)
    try:
        return statement(studio(), person(), place, request.args.get("release", "")[:64])
    except NotFound:
        abort(404)


@desk.get("/units/<path:place>/statement")
@signed_in
def page(place: str) -> str:
    """What can be said of a unit's alignment, and on what grounds."""
    unit, said = _statement(place)
    return render_template(
        "studio/statement.html",
        unit=unit,
        said=said,
        releases=releases(studio(), 12),
        when=datetime.fromisoformat,
        number=number,
        percent=percent,
        interval=interval,
        reading=READING,
        why_ac2=WHY_AC2,
        criteria=criteria,
        relations=RELATIONS,
    )


@desk.get("/units/<path:place>/statement.json")
@signed_in
def as_json(place: str) -> Response:
    """The statement for other programs."""
    said = _statement(place)[1]
    return Response(json.dumps(said, ensure_ascii=False, indent=1), mimetype="application/json")


@desk.get("/units/<path:place>/statement.pdf")
@signed_in
def as_pdf(place: str) -> Response:
    """The statement on paper."""
    said = _statement(place)[1]
    answer = Response(statement_pdf(said), mimetype="application/pdf")
    name = f"alignment-{said['unit']['id']}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
