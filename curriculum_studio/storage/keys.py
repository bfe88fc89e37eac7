"""Hides how a new thing is named: no two have one name, and names stand in the order in which they were given."""

from __future__ import annotations

import secrets
import time


def new_key(mark: str) -> str:
    """A name that begins with the mark of its kind. Moments are kept in seconds: of two of one second the name tells which came later."""
    return f"{mark}-{time.time_ns():016x}{secrets.token_hex(2)}"
