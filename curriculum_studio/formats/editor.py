"""Hides what the editor in the browser must know of the format: kinds of parts and of figures, and how each is drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curriculum_studio.domain.kinds import CONTAINERS, KINDS
from curriculum_studio.formats.figures.drawing import KINDS as FIGURES
from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.options import options
from curriculum_studio.formats.figures.scene import NAME
from curriculum_studio.formats.html import settled
from curriculum_studio.formats.kinds import known_names, shown
from curriculum_studio.formats.math import FormulaError, formula

LIVE = "figure-LIVE"
"""What the ids of a figure begin with until the page that shows it gives it names of its own."""


def tables() -> str:
    """The tables as one JSON object: `kinds` (names, what the program calls them, level, whether students see it and whether it
    has parts) and `figures` (label, about, start and the fields of a form)."""
    kinds = {
        name: {
            "names": known_names(name),
            "shown": shown(name),
            "level": kind.level,
            "students": "student" in kind.editions,
            "parts": kind.parts,
            "holds": name in CONTAINERS,
            "timed": kind.timed,
            "once": kind.once,
        }
        for name, kind in KINDS.items()
    }
    return json.dumps({"kinds": kinds, "figures": options()}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an editor wants drawn: formulas as (LaTeX, whether displayed), figures as (kind, rest of the info line, body)."""

    formulas: Sequence[tuple[str, bool]]
    figures: Sequence[tuple[str, str, str]]


def drawn(wanted: Wanted, language: str = "en") -> Mapping[str, list[dict[str, Any]]]:
    """Each formula and figure as `html`, or why there is none: `error` and `hint`, or `faults` by line from the fence (0)."""
    return {
        "formulas": [_formula(latex, display, language) for latex, display in wanted.formulas],
        "figures": [_figure(*one, language) for one in wanted.figures],
    }


def _formula(latex: str, display: bool, language: str) -> dict[str, Any]:
    try:
        return {"html": settled(formula(latex, display=display).mathml, "0", language)}
    except FormulaError as error:
        return {"error": error.reason, "hint": error.hint, "offset": error.offset}


def _figure(kind: str, info: str, body: str, language: str) -> dict[str, Any]:
    if kind not in FIGURES:
        return {"faults": [{"line": 0, "column": 1, "reason": f"There is no figure called “{kind[:40]}”."}]}
    figure = draw(kind, info, body)
    if not figure.faults:
        return {"html": settled(figure.html.replace(NAME, LIVE), "0", language)}
    words = "Say in “alt” what the picture shows, for those who do not see it."
    return {
        "faults": [
            {
                "line": one.line,
                "column": one.column,
                "reason": words if one.alt else one.reason,
                "alt": one.alt,
            }
            for one in figure.faults
        ]
    }
