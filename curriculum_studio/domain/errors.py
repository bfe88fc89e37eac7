"""The family of errors that the studio raises on purpose; drawn as a tree so that callers can catch narrowly.

StudioError
├── FormatError        text that cannot be read at all (the findings say why)
├── NotFound           no such unit, lesson, version or file
├── EditConflict       two people changed the same words; carries both texts
├── Refused            an act that the rules forbid; the sentence is for the person who asked
│   └── ResultsRefused a file of results that was not taken in; carries findings, never a value of the file
└── StoreError         a memory (Git, database) could not do its work; nothing was changed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Place = tuple[int, int, str, Mapping[str, str | int]]
"""Where something was found: line and column (the number of the cell) from 1, a code of the table of findings, its words."""


class StudioError(Exception):
    """The root: its text is a sentence for a person."""


class FormatError(StudioError):
    """A text that cannot be read at all."""


class NotFound(StudioError):
    """No such unit, lesson, version or file."""


class Refused(StudioError):
    """An act that the rules forbid; nothing was changed."""


class ResultsRefused(Refused):
    """A file of results that was not taken in, and of which nothing was kept.

    `findings` are (line, column, code, words to fill in) and hold no value of the file; `identity` is true where
    something could say who a student is.
    """

    def __init__(self, message: str, findings: Sequence[Place], *, identity: bool = False) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        self.identity = identity


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
