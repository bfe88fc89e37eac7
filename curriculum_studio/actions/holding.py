"""Hides how one process at a time has a workspace for itself: who serves it, and who changes its database's form."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from curriculum_studio.domain.errors import Refused


@contextlib.contextmanager
def held_alone(folder: Path) -> Iterator[IO[str]]:
    """Holds a workspace; gives the file that says who has it, in its first line. Raises `Refused` where another has it."""
    with (folder / ".serving").open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise Refused(
                f"Another studio serves this workspace already (process {held.readline().strip() or 'unknown'}). Stop it first; this one changed nothing."
            ) from error
        yield held
