"""Hides how a backup is sealed: its last bytes are the hash of all bytes before them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import IO

SEAL = b"curriculum-studio backup sha256:"
NO_SEAL = b"0" * 64
_CHUNK = 1 << 20


def seal(path: Path) -> str:
    """Writes the hash of all bytes before it over the end of a backup, and forces the file to the disk."""
    with path.open("r+b") as file:
        digest = digest_but_seal(file)
        file.seek(-len(NO_SEAL), os.SEEK_END)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())
    return digest


def digest_but_seal(file: IO[bytes]) -> str:
    """The hash of all bytes but the seal's own."""
    left = file.seek(0, os.SEEK_END) - len(NO_SEAL)
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()
