"""Which team a file belongs to, and so what one person may do with it."""

from __future__ import annotations

from collections.abc import Mapping

from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person, Right, Team
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.live.grants import RoomRight
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

SHARED = frozenset({"curriculum.md", "charter.md", "glossary.md"})
_KEPT: Mapping[str, Right] = {"standards": "frameworks", "rubrics": "rounds"}
"""Folders whose files a right of their own brings in and changes."""
_WITH_OTHERS = "Changed together with texts that you may not read"
REFUSED = "was refused a change"
"""What the record calls an attempt to change what one may only read."""


_IN_ROOM: tuple[RoomRight, ...] = ("write", "comment", "read")
"""What somebody may do where a text is written together, the most first."""


class Access:
    """What one person may do with each file of the working text, for the length of one request."""

    def __init__(self, studio: Studio, person: Person, owners: Mapping[str, Team] | None = None) -> None:
        """`owners` (the id of a unit to its team) where many people are asked about at once."""
        self._studio, self.person = studio, person
        self._owners = studio.teams.owners() if owners is None else owners
        self._outline: Curriculum | None = None
        self._private = any(team.private for team in self._owners.values())

    def team(self, path: str) -> Team | None:
        """The team that owns the unit in which a file lies, or lay before it was taken away."""
        if not self._owners:
            return None
        if self._outline is None:
            self._outline = self._studio.curriculum()[1]
        unit = unit_folder(self._outline, path)
        if unit is None:
            return self._team_before(path)
        # A header that nobody can read any more opens nobody's unit to everybody.
        there = f"{unit}/unit.md"
        return self._owners.get(self._outline.facts[there].id or self._studio.content.last_id(there))

    def _team_before(self, path: str) -> Team | None:
        """The team of the unit in which a file lay that lies in none now: what was put away stays whose it was."""
        folder = path.rpartition("/")[0]
        if path.partition("/")[0] in _KEPT:
            return None
        while folder:
            if name := self._studio.content.last_id(f"{folder}/unit.md"):
                return self._owners.get(name)
            folder = folder.rpartition("/")[0]
        return None

    def may(self, right: Right, path: str) -> bool:
        """Whether the person has a right to a file; the pages that all share have a right of their own."""
        if right == "write" and path in SHARED:
            right = "share"
        elif right == "write" and (kept := path.partition("/")[0]) in _KEPT:
            right = _KEPT[kept]
        return self.person.may(right, self.team(path))

    def in_room(self, path: str) -> RoomRight | None:
        """What the person may do where a text is written together: None for nothing, not even look."""
        for right in _IN_ROOM:
            if self.may(right, path):
                return right
        return None

    def reads(self, path: str) -> bool:
        """Whether the person may read a file; quick where no team is private."""
        return not self._private or self.may("read", path)

    def read_then(self, path: str, version: str) -> bool:
        """Whether the person may read a file by who owned, in a version, the unit in which it lay then."""
        if not self._private:
            return True
        snapshot, folder = self._studio.snapshot(version), path.rpartition("/")[0]
        while folder and f"{folder}/unit.md" not in snapshot:
            folder = folder.rpartition("/")[0]
        there = f"{folder}/unit.md"
        name = read_document(there, snapshot[there]).id if folder else ""
        return self.person.may("read", self._owners.get(name) if name else self.team(path))

    def said(self, version: Version) -> str:
        """What was said of a version, in a line; where it also changed what the person may not read, only that it did: its
        words may name it. The notes of a release are for everybody."""
        content = self._studio.content
        seen = not self._private or all(self.reads(path) for path in content.paths_of(version.id))
        return version.note.split("\n")[0] if seen or content.was_released(version.id) else _WITH_OTHERS

    def reads_all(self) -> bool:
        """Whether the person may read every unit: only then may they take the whole along."""
        return not self._private or all(self.person.may("read", team) for team in self._owners.values())


def unit_folder(curriculum: Curriculum, path: str) -> str | None:
    """The folder of the unit that a file lies in, the innermost where units lie in each other."""
    folder = path if f"{path}/unit.md" in curriculum.facts else path.rpartition("/")[0]
    while folder:
        if f"{folder}/unit.md" in curriculum.facts:
            return folder
        folder = folder.rpartition("/")[0]
    return None


def note_refusal(studio: Studio, person: str, path: str, address: str) -> None:
    """Puts on record that somebody (their key) tried to change a text in which they may not write, and at which door."""
    studio.audit.note(person, REFUSED, path, address=address[:200])


def check_right(studio: Studio, person: Person, right: Right, path: str, sentence: str) -> None:
    """Raises `Refused` with a sentence where a person has no right to a file, `NotFound` where they may not read it."""
    access = Access(studio, person)
    if not access.may("read", path):
        raise NotFound("There is no such lesson.")
    if not access.may(right, path):
        raise Refused(sentence)
