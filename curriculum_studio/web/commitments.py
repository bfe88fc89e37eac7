"""The desk for commitments: what each side said it would do, by when, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.commitments import commitments, make_commitment, move_commitment
from curriculum_studio.actions.pulse import today
from curriculum_studio.domain.commitments import ACTS, MOST_WORDS
from curriculum_studio.domain.goals import SIDE_OF
from curriculum_studio.web.gate import done, go, needs, person, signed_in, studio

desk = Blueprint("commitments", __name__)


@desk.get("/commitments")
@signed_in
def show() -> str:
    """What each side said, and how it kept to it."""
    return _page()


def _page(error: str = "", wrong: str = "") -> str:
    found, kept = commitments(studio())
    return render_template(
        "studio/commitments.html",
        open=[one for one in found if one.open],
        over=[one for one in reversed(found) if not one.open],
        kept=kept,
        side=SIDE_OF.get(person().role, ""),
        today=today(),
        day=date.fromisoformat,
        when=lambda at: datetime.fromtimestamp(at, UTC),
        names={row.person.key: row.person.name for row in studio().people.all()},
        acts=ACTS,
        most=MOST_WORDS,
        form=request.form,
        error=error,
        wrong=wrong,
        did=request.args.get("did", ""),
    )


def _done(act: Callable[[], object], did: str, wrong: str) -> Response | tuple[str, int]:
    return done(act, lambda reason: _page(reason, wrong), go("commitments.show", did=did))


@desk.post("/commitments")
@needs("share")
def make() -> Response | tuple[str, int]:
    """Says what one's own side will do."""
    form = request.form
    return _done(
        lambda: make_commitment(studio(), person(), form.get("words", ""), form.get("due", "")), "made", "new"
    )


@desk.post("/commitments/<key>")
@needs("share")
def move(key: str) -> Response | tuple[str, int]:
    """Says what became of it."""
    form = request.form
    act = form.get("act", "")
    given = [form.get(name, "") for name in ("words", "due", "reason")]
    return _done(lambda: move_commitment(studio(), person(), key, act, *given), act, key)
