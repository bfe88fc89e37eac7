"""Hides how the web side asks the rooms: JSON over HTTP on a private socket, each request with the secret of this start."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from curriculum_studio.domain.errors import NotFound, Refused, StudioError
from curriculum_studio.live.rooms import Rooms
from curriculum_studio.live.updates import Damaged

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_MOST = 4 << 20
_WAIT = 5.0


class Requests:
    """The application that answers the web side."""

    def __init__(self, rooms: Rooms, secret: bytes) -> None:
        self._rooms, self._secret = rooms, secret.hex().encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        code, words = await self._answer(scope, receive)
        body = json.dumps(words, ensure_ascii=False).encode()
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": code, "headers": head})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(given, b"Bearer " + self._secret):
            return 403, {"error": "This is not for you."}
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body") or len(body) > _MOST:
                break
        try:
            asked = json.loads(body) if body else {}
            return 200, await self._do(scope["path"], asked)
        except NotFound as error:
            return 404, {"error": str(error)}
        except Refused as error:
            return 409, {"error": str(error)}
        except (KeyError, ValueError, TypeError, Damaged) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}
        except StudioError as error:
            return 507, {"error": str(error)}

    async def _do(self, path: str, asked: dict[str, Any]) -> dict[str, Any]:
        if path == "/health":
            return {"ok": True}
        if path == "/rooms":
            for key in asked.get("noted", []):
                self._rooms.refused.pop(key, None)
            return await self._waiting(float(asked.get("wait", 0)))
        if path == "/rights":
            for person, sign_in, document, right in asked["changes"]:
                self._rooms.right(person, sign_in, document, right)
            return {}
        if not path.startswith("/rooms/"):
            raise NotFound("There is nothing here.")
        document, _, verb = path.removeprefix("/rooms/").rpartition("/")
        return await self._do_in_room(document, verb, asked)

    async def _do_in_room(self, document: str, verb: str, asked: dict[str, Any]) -> dict[str, Any]:
        rooms = self._rooms
        if verb == "standing":
            return await rooms.standing(document)
        if verb == "text":
            return {"text": str((await rooms.room(document)).text)}
        if verb == "seed":
            room = await rooms.seed(document, str(asked["blob"]), str(asked["text"]))
            return {"base": room.blob}
        if verb == "amend":
            changes = [(int(start), int(end), str(words)) for start, end, words in asked["changes"]]
            author = str(asked["author"]), str(asked["name"])
            note, request = str(asked.get("note", ""))[:300], str(asked["request"])
            await rooms.amend(document, asked["was"], asked["blob"], changes, author, note, request)
            return {}
        if verb == "offer":
            return await (await rooms.room(document)).offer()
        if verb == "settle":
            done = await (await rooms.room(document)).settle(
                asked["blob"], asked.get("note", ""), asked.get("by", "")
            )
            return {"done": done}
        if verb == "notice":
            room = await rooms.room(document)
            room.refuse_asks(asked["words"])
            return {}
        if verb == "tell":
            rooms.tell(document, asked["words"])
            return {}
        if verb == "close":
            await rooms.close(document, str(asked["why"]), dict(asked.get("words", {})))
            return {}
        if verb == "open":
            (await rooms.room(document)).open()
            return {}
        if verb == "forget":
            await rooms.forget(document)
            return {}
        raise NotFound("There is nothing here.")

    async def _waiting(self, seconds: float) -> dict[str, Any]:
        """Every open document, and who was refused, as soon as there is something to do, or after some seconds."""
        rooms = self._rooms
        busy = rooms.stopping or rooms.refused or any(row["due"] for row in rooms.waiting())
        if seconds and not busy:
            rooms.wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(rooms.wake.wait(), min(seconds, _WAIT))
        refused = [[key, *row] for key, row in rooms.refused.items()]
        return {"rooms": rooms.waiting(), "refused": refused}
