"""Who may do what: one table that a principal can read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["teacher", "researcher", "coach", "lead", "administrator"]
Right = Literal["read", "write", "publish"]

ROLES: tuple[Role, ...] = ("teacher", "researcher", "coach", "lead", "administrator")
RIGHTS: Mapping[Right, frozenset[str]] = {
    "read": frozenset(ROLES),
    "write": frozenset({"teacher", "researcher", "lead"}),
    "publish": frozenset({"coach", "lead", "administrator"}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who is signed in."""

    key: str
    name: str
    role: str
    sample: bool = False

    def may(self, right: Right) -> bool:
        """Whether the table gives this person the right."""
        return self.role in RIGHTS[right]
