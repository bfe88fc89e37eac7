"""What a curriculum is to everyone who reads it: paths and bytes, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping

Snapshot = Mapping[str, bytes]
"""Path (POSIX, relative to the curriculum's root, no leading slash) to content."""
