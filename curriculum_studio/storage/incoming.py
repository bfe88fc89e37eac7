"""Files that somebody handed in and has not yet said yes to: kept aside for a day, seen by nobody else."""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import time
from pathlib import Path

from curriculum_studio.domain.errors import NotFound

_DAY = 86_400
_KEY = re.compile(r"[0-9a-f]{64}")


class Incoming:
    """A folder of files waiting for their owner's word; each is known by its hash and by who brought it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes, owner: str) -> str:
        """Keeps a file for its owner; gives the key by which they get it back. Older than a day goes."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for old in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > _DAY:
                    old.unlink()
        key = hashlib.sha256(content).hexdigest()
        # Whoever sends twice at once has two parts: neither takes the other's away.
        part = self._folder / f"{owner}-{key}.{secrets.token_hex(4)}.part"
        part.write_bytes(content)
        part.replace(self._folder / f"{owner}-{key}")
        return key

    def read(self, key: str, owner: str) -> bytes:
        """A file that this owner brought. Raises `NotFound`."""
        path = self._folder / f"{owner}-{key}"
        if not _KEY.fullmatch(key) or not path.is_file():
            raise NotFound("This file is no longer here; choose it once more. Nothing was changed.")
        return path.read_bytes()

    def drop(self, key: str, owner: str) -> None:
        """Lets a file go; one that is not there is no matter."""
        if _KEY.fullmatch(key):
            (self._folder / f"{owner}-{key}").unlink(missing_ok=True)
