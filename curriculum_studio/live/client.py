"""Hides how the web side reaches the rooms: whether they run, what it asks them, and how a browser is handed over."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from curriculum_studio.domain.errors import NotFound, Refused, StoreError
from curriculum_studio.live.grants import Grant, sign
from curriculum_studio.live.handover import hand_over, head_of, let_go

SECONDS = 2.0
_FOLDER, _SECRET = "CURRICULUM_STUDIO_ROOMS", "CURRICULUM_STUDIO_ROOMS_SECRET"


class RoomsDown(StoreError):
    """The rooms do not answer: they are being started again, or do not run here."""


class Stale(Refused):
    """The room has moved on since it was looked at; look again."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where the rooms of this start are reached, and the secret of this start."""

    folder: Path
    secret: bytes

    @property
    def requests(self) -> Path:
        """The socket for what the web side asks."""
        return self.folder / "requests"

    @property
    def hand_over(self) -> Path:
        """The socket for connections that were let in."""
        return self.folder / "connections"

    @property
    def sockets(self) -> Path:
        """The socket on which the rooms themselves take WebSockets, with a grant in the address."""
        return self.folder / "live"

    def tell(self, environ: dict[str, str]) -> None:
        """Writes it where the processes that are started find it."""
        environ[_FOLDER], environ[_SECRET] = str(self.folder), self.secret.hex()


def new_door(folder: Path) -> Door:
    """A door for one start, with a new secret."""
    return Door(folder, secrets.token_bytes(32))


def found_door() -> Door | None:
    """The door that whoever started this process told it of; None where nobody did."""
    folder, secret = os.environ.get(_FOLDER), os.environ.get(_SECRET)
    return Door(Path(folder), bytes.fromhex(secret)) if folder and secret else None


class _Way(http.client.HTTPConnection):
    """HTTP over a Unix socket; a new connection for each request costs 0.3 ms and is never stale."""

    def __init__(self, place: Path, seconds: float) -> None:
        super().__init__("rooms", timeout=seconds)
        self._place = place

    def connect(self) -> None:
        """Opens it."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._place))


class RoomsClient:
    """What the web side asks the rooms. Without a door there are none, and texts are written as they ever were."""

    def __init__(self, door: Door | None) -> None:
        self._door = door

    @property
    def there(self) -> bool:
        """Whether rooms belong to this studio at all."""
        return self._door is not None

    def answers(self) -> bool:
        """Whether the rooms answer; a studio without rooms lacks nothing."""
        try:
            return not self.there or bool(self.ask("/health", {})["ok"])
        except StoreError:
            return False

    def ask(self, path: str, words: Mapping[str, Any], seconds: float = SECONDS) -> dict[str, Any]:
        """Asks one thing. Raises `RoomsDown`, `NotFound`, `Stale` or `StoreError`."""
        if self._door is None:
            raise RoomsDown("Writing together is not running here.")
        way = _Way(self._door.requests, seconds)
        try:
            headers = {
                "Authorization": f"Bearer {self._door.secret.hex()}",
                "Content-Type": "application/json",
            }
            way.request("POST", quote(path), json.dumps(words, ensure_ascii=False).encode(), headers)
            answer = way.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise RoomsDown("Writing together is being started again. Try once more in a moment.") from error
        finally:
            way.close()
        try:
            found: dict[str, Any] = json.loads(content)
        except ValueError as error:
            raise StoreError(
                "Writing together failed at this. What was typed is kept; it is tried again."
            ) from error
        if answer.status == 404:
            raise NotFound(found["error"])
        if answer.status == 409:
            raise Stale(found["error"])
        if answer.status != 200:
            raise StoreError(found["error"])
        return found

    def ask_room(self, document: str, verb: str, **words: Any) -> dict[str, Any]:
        """Asks the room of one document. Raises as `ask`."""
        return self.ask(f"/rooms/{document}/{verb}", words)

    def waiting(self, seconds: float) -> list[dict[str, Any]]:
        """Every open document, as soon as one of them may be due, or after some seconds."""
        return self.round(seconds, ())[0]

    def round(
        self, seconds: float, noted: Sequence[str]
    ) -> tuple[list[dict[str, Any]], list[tuple[str, str, str]]]:
        """What waits, and who wrote where they may not: a key, the person, the document. Those that are `noted` (their
        keys) are forgotten by it."""
        found = self.ask("/rooms", {"wait": seconds, "noted": list(noted)}, seconds + SECONDS)
        return found["rooms"], [(key, person, document) for key, person, document in found["refused"]]

    def amend(
        self,
        document: str,
        was: str,
        blob: str,
        changes: Sequence[tuple[int, int, str]],
        author: tuple[str, str],
        note: str = "",
    ) -> None:
        """Brings a version from outside into a room, as an edit by its author (key and name). Applied once.

        `changes` lead from the text of the version `was` to that of `blob`. Raises `Stale` where the room rests on
        another version by now.
        """
        request = secrets.token_hex(16)
        words = {
            "was": was,
            "blob": blob,
            "changes": changes,
            "author": author[0],
            "name": author[1],
            "note": note,
            "request": request,
        }
        for last in (False, True):
            try:
                self.ask_room(document, "amend", **words)
                return
            except RoomsDown:
                # The same request again: where it was done, and only the answer was lost, it is not done twice.
                if last:
                    raise

    def tell(self, document: str, kind: str) -> None:
        """Tells those who have a document open that there is news of some kind; whom it does not reach sees it later."""
        if self.there:
            with suppress(StoreError, NotFound):
                self.ask_room(document, "tell", words={"kind": kind})

    def hand_over(
        self, grant: Grant, connection: socket.socket, path: str, headers: Mapping[str, str]
    ) -> None:
        """Gives an open connection to the rooms and lets go of it. Raises `RoomsDown`; it is ours to answer then."""
        if self._door is None:
            raise RoomsDown("Writing together is not running here.")
        try:
            hand_over(
                self._door.hand_over, connection, head_of(path, headers), sign(grant, self._door.secret)
            )
        except OSError as error:
            raise RoomsDown("Writing together is being started again.") from error
        let_go(connection)
