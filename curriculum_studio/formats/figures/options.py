"""Hides where the forms for figures come from: one table, `options.toml`, of what can be said about each kind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from curriculum_studio.formats.figures.drawing import KINDS


@cache
def options() -> Mapping[str, Mapping[str, Any]]:
    """For each kind of figure: `label`, `about`, `start` (a body to begin with) and `fields`, in the order of a form."""
    rows = tomllib.loads(Path(__file__).with_name("options.toml").read_text("utf-8"))
    if set(rows) != set(KINDS):
        raise ValueError("options.toml and drawing.py list different kinds of figures")
    return rows
