"""The family of errors that the studio raises on purpose; drawn as a tree so that callers can catch narrowly.

StudioError
├── FormatError        text that cannot be read at all (the findings say why)
├── NotFound           no such unit, lesson, version or file
├── EditConflict       two people changed the same words; carries both texts
├── Refused            an act that the rules forbid; the sentence is for the person who asked
└── StoreError         a memory (Git, database) could not do its work; nothing was changed
"""

from __future__ import annotations


class StudioError(Exception):
    """The root: its text is a sentence for a person."""


class FormatError(StudioError):
    """A text that cannot be read at all."""


class NotFound(StudioError):
    """No such unit, lesson, version or file."""


class Refused(StudioError):
    """An act that the rules forbid; nothing was changed."""


class StoreError(StudioError):
    """A memory could not do its work; nothing was changed."""


class EditConflict(StudioError):
    """Two people changed the same words since `base`; nothing was saved and nothing is lost.

    `path` is the file, `base`, `mine` and `theirs` whole texts, `merged` the parts that agree is None
    when nothing could be merged.
    """

    def __init__(self, path: str, base: str, mine: str, theirs: str) -> None:
        super().__init__(f"Somebody else changed the same words of {path}.")
        self.path = path
        self.base = base
        self.mine = mine
        self.theirs = theirs
