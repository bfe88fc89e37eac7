"""The desk for writing together: lets a browser through to the rooms, and puts two texts together for one that was away."""

from __future__ import annotations

import time

from flask import Blueprint, abort, jsonify, request
from werkzeug.wrappers import Response

from curriculum_studio.actions.lessons import own_text
from curriculum_studio.actions.rooms import open_room
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.merging import keep_both
from curriculum_studio.live.client import RoomsDown
from curriculum_studio.live.grants import Grant
from curriculum_studio.storage.content_git import OID
from curriculum_studio.web.gate import COOKIE, access, find_lesson, go, person, signed_in, studio, writes

desk = Blueprint("live", __name__)


@desk.get("/live/<path:place>")
@desk.get("/live/<path:place>", websocket=True)
@signed_in
def join(place: str) -> Response:
    """Hands the connection of somebody who may open this text over to the rooms; who only looks is sent to the page."""
    lesson = find_lesson(place)
    if request.headers.get("Upgrade", "").casefold() != "websocket":
        return go("lessons.show", place=place.removesuffix("/unit"))
    if request.headers.get("Origin", "") not in (f"http://{request.host}", f"https://{request.host}"):
        abort(403)
    connection = request.environ.get("gunicorn.socket")
    sign_in = studio().sessions.sign_in(request.cookies.get(COOKIE, ""))
    if connection is None or sign_in is None:
        abort(404)
    right = access().in_room(lesson.path)
    if right is None:
        abort(404)
    grant = Grant(lesson.path, right, person().key, person().name, sign_in.key, sign_in.until)
    try:
        open_room(studio(), lesson.path)
        headers = {**request.headers, "Host": request.host}
        studio().rooms.hand_over(grant, connection, f"/live/{place}", headers)
    except RoomsDown:
        answer = Response("Writing together is being started again.\n", 503, mimetype="text/plain")
        answer.headers["Retry-After"] = str(1 + int(time.time()) % 3)
        return answer
    # From here on nobody hears what this process says on the connection: its end was put in another's place.
    answer = Response(status=101)
    answer.headers["Upgrade"], answer.headers["Connection"] = "websocket", "Upgrade"
    return answer


@desk.post("/units/<path:place>/together")
@writes
def together(place: str) -> Response:
    """Puts what somebody wrote while away together with what stands there now; where both changed the same words,
    both stand. Nothing is saved by it. The text that was written from is given, or the version (`blob`) that held it."""
    lesson = find_lesson(place, "write")
    base, mine, theirs = (
        request.form.get(name, "").replace("\r\n", "\n") for name in ("base", "mine", "theirs")
    )
    if (blob := request.form.get("blob", "")) and OID.match(blob):
        try:
            base = own_text(studio(), lesson, blob)
        except NotFound:
            abort(400)
    text, double = keep_both(base, mine, theirs)
    return jsonify(text=text, double=double)
