"""The three views of a document: types of their own, so that what is the teacher's cannot be passed to a student.

A view is all that an edition may know of a document. Two sources whose views are equal give the same pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from curriculum_studio.domain.lessons import Choice, Slot

Plain = str | tuple["Plain", ...] | Mapping[str, "Plain"]
"""A header value as a view carries it: text, list or map, all the way down."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The key of a problem in checkable form: hidden from a glance, not from one who tries every choice.

    `form` is `single`, `multiple` (choices, of which there are `choices`) or `value`; `digests` are those of the
    accepted values; `units` says that they carry a unit, `steps` are those of the grid that a tolerance makes.
    """

    form: str
    salt: str
    digests: tuple[str, ...]
    choices: int = 0
    units: bool = False
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenPart:
    """A part as one edition sees it. `slots` and `choices` are empty but in the teacher's view.

    `ordinal` numbers the parts of the view, from 1, in order: whatever must be unique on a page is made from it.
    """

    kind: str
    level: int
    words: str
    title: str
    id: str | None
    attributes: Mapping[str, str]
    ordinal: int
    text: str
    lines: tuple[int, ...]
    slots: tuple[Slot, ...]
    choices: tuple[Choice, ...]
    parts: tuple[SeenPart, ...]
    language: str | None = None
    """Set where the part is not in its view's language: a part that a translation lacks."""
    key: Sealed | None = None
    """Set in the student's view alone, of a problem whose author lets students check their answer."""

    @property
    def heading(self) -> str:
        """The heading as typed, without its marks and attributes."""
        if self.words and self.title:
            return f"{self.words}: {self.title}"
        return self.words or self.title


@dataclass(frozen=True, slots=True)
class View:
    """What every view has: identity, the header keys that it may show, and its parts."""

    kind: str
    id: str
    title: str
    language: str
    header: Mapping[str, Plain]
    parts: tuple[SeenPart, ...]


@dataclass(frozen=True, slots=True)
class StudentView(View):
    """What a student may know of a document."""


@dataclass(frozen=True, slots=True)
class FamilyView(View):
    """What a family may know of a document."""


@dataclass(frozen=True, slots=True)
class TeacherView(View):
    """What a teacher may know of a document: everything but research notes and what nobody sees."""
