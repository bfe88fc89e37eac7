"""Hides how Python is set up for a process that serves: seldom looking for garbage, quickly passing on to whoever waits."""

from __future__ import annotations

import gc
import sys

_OFTEN = 50_000
"""New objects after which the youngest are looked through (700 by default); what is old is looked at a hundred times less."""


def look_seldom() -> None:
    """From now on this process looks seldom. What nobody holds any more goes at once, as ever; only cycles wait."""
    gc.set_threshold(_OFTEN, 10, 10)


def pass_on_quickly() -> None:
    """From now on a thread that only computes (search that follows a save) lets others on after a millisecond, not after five:
    a page that reads from a disk ten times would wait for it ten times."""
    sys.setswitchinterval(0.001)


def keep_what_stands() -> None:
    """Never looks at what exists now again: ten thousand texts in memory make one look half a second of standing still."""
    gc.freeze()
