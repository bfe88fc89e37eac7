"""What a person does with tokens for other programs: make one, end one."""

from __future__ import annotations

import time

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio

DAYS = (30, 90, 365)
"""How long a token may hold, in days."""


def make_token(studio: Studio, person: Person, name: str, days: int, *, writes: bool) -> str:
    """A token of the person's own; gives the token itself, which is shown once and kept nowhere."""
    if days not in DAYS:
        raise Refused("Choose how long the token shall hold. Nothing was made.")
    now = int(time.time())
    return studio.tokens.make(person.key, name, now, now + days * 86400, writes=writes)


def end_token(studio: Studio, person: Person, key: str) -> None:
    """Ends one of one's own tokens."""
    studio.tokens.end(person.key, key, person.key)
