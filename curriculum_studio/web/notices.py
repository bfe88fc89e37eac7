"""The desk for notices: what happened where one takes part, and how one wants to hear of it."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.notices import choose_notices, notices_of
from curriculum_studio.actions.trust import CREDIT, UNNAMED
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.notices import KINDS, WAYS, way_of
from curriculum_studio.domain.week import BY_MAIL, CHOICE
from curriculum_studio.web.gate import go, person, signed_in, studio

desk = Blueprint("notices", __name__)


@desk.get("/notices")
@signed_in
def notices() -> str:
    """The notices of the one who looks, and their choices."""
    return _page()


def _page(error: str = "") -> str:
    choices = studio().notices.choices(person().key)
    unseen = {one.number for one in notices_of(studio(), person(), unseen=True)}
    return render_template(
        "studio/notices.html", rows=notices_of(studio(), person()), unseen=unseen, kinds=KINDS, ways=WAYS,
        chosen={kind: way_of(kind, choices) for kind in KINDS}, address=request.form.get("address", choices.get("", "")),
        error=error, unnamed=choices.get(CREDIT) == UNNAMED, weekly=choices.get(CHOICE) == BY_MAIL,
    )  # fmt: skip


@desk.post("/notices")
@signed_in
def choose() -> Response | tuple[str, int]:
    """Keeps how one wants to hear."""
    form = request.form
    try:
        choices = {kind: form.get(kind, "") for kind in KINDS}
        choose_notices(
            studio(),
            person(),
            choices,
            form.get("address", ""),
            named="unnamed" not in form,
            weekly="week" in form,
        )
    except Refused as error:
        return _page(str(error)), 400
    return go("notices.notices", did="kept")


@desk.post("/notices/seen")
@signed_in
def seen() -> Response:
    """Marks all as seen."""
    studio().notices.seen(person().key)
    return go("notices.notices")
