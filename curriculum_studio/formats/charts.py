"""Draws a figure over time as a small line of plain SVG; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_LEFT, _WIDE, _GROUND, _HIGH = 40, 240, 110, 90
_MOST_NAMES = 6


def line_chart(
    said: str,
    rows: Sequence[tuple[str, float | None]],
    *,
    top: float,
    floor: float = 0,
    aim: float | None = None,
    unit: str = "",
) -> str:
    """Values from left to right, each under its name; where one is None the line has a gap. `aim` is a line across, said with
    its `unit`.

    "" for fewer than two values: a single dot shows no way.
    """
    if sum(value is not None for _, value in rows) < 2:
        return ""
    step = _WIDE / (len(rows) - 1)
    every = -(-len(rows) // _MOST_NAMES)
    line, dots, names, pen = "", "", "", "M"
    for number, (name, value) in enumerate(rows):
        x = _LEFT + number * step
        if (len(rows) - 1 - number) % every == 0:
            names += f'<text x="{x:.1f}" y="128">{escape(name)}</text>'
        if value is None:
            pen = "M"
            continue
        y = _height(value, floor, top)
        line += f"{pen}{x:.1f} {y:.1f}"
        dots += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        pen = "L"
    across = f'<text class="ends" x="2" y="{_GROUND - _HIGH + 4}">{top:g}</text><text class="ends" x="2" y="{_GROUND + 4}">{floor:g}</text>'
    if aim is not None:
        y = _height(aim, floor, top)
        across = (
            f'<path class="aim" d="M30 {y:.1f}H290"/>'
            f'<text class="aim" x="30" y="{y - 5:.1f}">aimed at: {aim:g}{escape(unit)}</text>'
        )
    return (
        f'<svg class="years" role="img" viewBox="0 0 330 136" width="330" height="136"><title>{escape(said)}</title>'
        f'<path class="ground" d="M30 {_GROUND}H290"/>{across}<path class="values" d="{line}"/>{dots}{names}</svg>'
    )


def _height(value: float, floor: float, top: float) -> float:
    return _GROUND - _HIGH * (value - floor) / (top - floor)
