"""Hides how often Python looks for garbage that holds itself: seldom, for most of what is held here stands to the end."""

from __future__ import annotations

import gc

_OFTEN = 50_000
"""New objects after which the youngest are looked through (700 by default); what is old is looked at a hundred times less."""


def look_seldom() -> None:
    """From now on this process looks seldom. What nobody holds any more goes at once, as ever; only cycles wait."""
    gc.set_threshold(_OFTEN, 10, 10)


def keep_what_stands() -> None:
    """Never looks at what exists now again: ten thousand texts in memory make one look half a second of standing still."""
    gc.collect()
    gc.freeze()
