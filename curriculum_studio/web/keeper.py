"""Hides who makes versions of what is written together, tells the rooms who may still write, and puts on
record who tried and may not."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import structlog

from curriculum_studio.access import Access, note_refusal
from curriculum_studio.actions.rooms import bring_in, make_version
from curriculum_studio.domain.errors import NotFound, StudioError
from curriculum_studio.live.client import RoomsDown
from curriculum_studio.storage.sessions import Held
from curriculum_studio.studio import Studio

_WAIT = 1.0
_RIGHTS_SECONDS = 2.0
_LONGEST_PAUSE = 60.0
_HANDS = 4
"""Rooms that are looked after at the same time."""


class Keeper:
    """Asks the rooms what waits, again and again. Among several web processes one keeps, the others stand by."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._tip: str | None = None
        self._looked = 0.0
        self._later: dict[str, tuple[float, float]] = {}
        self._noted: list[str] = []
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="keeper")

    def run(self) -> None:
        """Keeps until the process ends."""
        if not self._studio.rooms.there:
            return
        with (self._studio.settings.folder / ".keeping").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            while True:
                try:
                    self.round()
                except RoomsDown:
                    time.sleep(0.2)
                except Exception as error:
                    # Whatever it is: nobody else makes versions, and nobody would notice that none are made. Its words are
                    # not put down: they may hold some of a lesson.
                    structlog.get_logger().error(
                        "what is written together was not looked after", kind=type(error).__name__
                    )
                    time.sleep(1)

    def round(self) -> None:
        """One look: refusals, rights, versions from elsewhere, versions that are due."""
        rooms, refused = self._studio.rooms.round(_WAIT, self._noted)
        self._note(refused)
        if time.monotonic() - self._looked > _RIGHTS_SECONDS:
            self._looked = time.monotonic()
            self._tell_rights(rooms)
        tip = self._studio.content.tip()
        moved = self._moved(rooms) if tip != self._tip else frozenset()
        # What could not be done is tried again, whether or not anything has changed since.
        open_now = [
            row for row in rooms if row["due"] or row["document"] in moved or row["document"] in self._later
        ]
        tasks = [
            self._hands.submit(self._look_after, row) for row in open_now if self._is_time(row["document"])
        ]
        # All end before anything is raised: no room is ever looked after twice at once.
        wait(tasks)
        for task in tasks:
            task.result()
        self._tip = tip

    def _is_time(self, path: str) -> bool:
        return time.monotonic() >= self._later.get(path, (0.0, 0.5))[0]

    def _look_after(self, row: Mapping[str, Any]) -> None:
        """Makes a version of a room that is due, or brings one in. One browser that answers late keeps its own room waiting alone."""
        path, pause = row["document"], self._later.get(row["document"], (0.0, 0.5))[1]
        try:
            if row["due"]:
                make_version(self._studio, path)
            else:
                bring_in(self._studio, path)
            self._later.pop(path, None)
        except NotFound:
            return
        except RoomsDown:
            raise
        except StudioError as error:
            # What was typed is in the journal; the version is tried again, less and less often.
            self._later[path] = time.monotonic() + pause, min(2 * pause, _LONGEST_PAUSE)
            structlog.get_logger().error(
                "a version could not be made", document=path, kind=type(error).__name__
            )
            self._tell_failure(path, str(error))

    def _moved(self, rooms: Iterable[Mapping[str, Any]]) -> frozenset[str]:
        """The open texts whose newest version is not the one that their room rests on: with a hundred rooms open, a save of one
        text is no reason to ask the others."""
        snapshot = self._studio.snapshot()
        bases = {row["document"]: row["base"] for row in rooms}
        return frozenset(
            path for path, base in bases.items() if path not in snapshot or snapshot.blob(path) != base
        )

    def _note(self, refused: Iterable[tuple[str, str, str]]) -> None:
        """Puts each refusal on record once; the rooms forget it with the next look."""
        there = {key for key, _, _ in refused}
        self._noted = [key for key in self._noted if key in there]
        for key, person, document in refused:
            if key not in self._noted:
                note_refusal(self._studio, person, document, f"/live/{document.removesuffix('.md')}")
                self._noted.append(key)

    def _tell_failure(self, path: str, words: str) -> None:
        self._studio.rooms.ask_room(path, "notice", words={"kind": "noversion", "text": words})

    def _tell_rights(self, rooms: Iterable[Mapping[str, Any]]) -> None:
        rows = [(row["document"], *one) for row in rooms for one in row["people"]]
        if not rows:
            return
        held = {one.key: one for one in self._studio.sessions.held(sorted({row[2] for row in rows}))}
        owners = self._studio.teams.owners()
        seen: dict[str, Access] = {}
        changes = []
        for document, person, sign_in, right in rows:
            now = self._right(document, person, held.get(sign_in), owners, seen)
            if now != right:
                changes.append([person, sign_in, document, now])
        if changes:
            self._studio.rooms.ask("/rights", {"changes": changes})

    def _right(
        self,
        document: str,
        person: str,
        held: Held | None,
        owners: Mapping[str, Any],
        seen: dict[str, Access],
    ) -> str:
        if held is None or held.person.key != person:
            return ""
        access = seen.setdefault(person, Access(self._studio, held.person, owners))
        return access.in_room(document) or ""
