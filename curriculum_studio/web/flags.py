"""The desk for loops: every part whose evidence asks for a look, how old the loop is and where it is stuck."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as Answer

from curriculum_studio.actions.flags import age_of, find_flag, loop_of, loops, move_flag
from curriculum_studio.domain.comparisons import ALIKE, DESIGN
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.flags import MOST_WORDS, RULES
from curriculum_studio.web.gate import access, go, person, signed_in, studio

desk = Blueprint("flags", __name__)


@desk.get("/loops")
@signed_in
def shelf() -> str:
    """Every open loop, the oldest first; or those that are over."""
    over = request.args.get("over") == "yes"
    return render_template(
        "studio/loops.html",
        loops=loops(studio(), person(), live=not over),
        over=over,
        rules=RULES,
        age=age_of,
    )


@desk.get("/loops/<key>")
@signed_in
def show(key: str) -> str:
    """The loop of the part that a flag is on."""
    return _page(key)


def _page(key: str, error: str = "") -> str:
    try:
        flag = find_flag(studio(), person(), key)
        loop = loop_of(studio(), person(), flag.document, flag.part)
    except NotFound:
        abort(404)
    return render_template(
        "studio/loop.html",
        found=loop,
        flag=flag,
        rules=RULES,
        design=DESIGN,
        alike=ALIKE,
        most=MOST_WORDS,
        names={one.person.key: one.person.name for one in studio().people.all()},
        when=lambda at: datetime.fromtimestamp(at, UTC),
        may_write=access().may("write", loop.facts.path),
        age=age_of(flag),
        error=error,
        did=request.args.get("did", ""),
    )


@desk.post("/loops/<key>")
@signed_in
def move(key: str) -> Answer | tuple[str, int]:
    """Takes a flag up, sets it aside, closes its loop, or opens it again."""
    act = request.form.get("act", "")
    try:
        move_flag(studio(), person(), key, act, request.form.get("words", ""))
    except NotFound:
        abort(404)
    except Refused as error:
        return _page(key, str(error)), 400
    return go("flags.show", key=key, did=act)
