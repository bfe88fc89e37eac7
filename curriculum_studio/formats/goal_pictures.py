"""Draws a charter's driver diagram and the years of a goal as plain SVG; the same words stand beside each picture as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from html import escape

from curriculum_studio.domain.goals import Charter, Goal, Point
from curriculum_studio.formats.charts import line_chart

_WIDE, _GAP, _LINE, _PAD, _LETTERS = 250, 70, 17, 9, 31
_Box = tuple[float, float, float]


def driver_diagram(charter: Charter) -> str:
    """Aims, drivers and ideas for change from left to right; "" where there is no driver. Its words stand in its title."""
    if not charter.drivers:
        return ""
    columns = [
        ("Aims", [(f"g:{one.id}", one.text) for one in charter.goals]),
        ("Drivers", [(f"d:{one.id}", one.text) for one in charter.drivers]),
        (
            "Ideas for change",
            [(f"i:{one.id}:{n}", idea) for one in charter.drivers for n, idea in enumerate(one.ideas)],
        ),
    ]
    spots: dict[str, _Box] = {}
    shapes: list[str] = []
    tall = [_column(rows) for _, rows in columns]
    high = max(tall) + 30
    for number, (head, rows) in enumerate(columns):
        x = 4 + number * (_WIDE + _GAP)
        shapes.append(f'<text class="head" x="{x}" y="16">{head}</text>')
        y = 28 + (max(tall) - tall[number]) / 2
        for name, text in rows:
            lines = textwrap.wrap(text, _LETTERS) or [""]
            height = len(lines) * _LINE + 2 * _PAD
            spots[name] = (x, y, height)
            words = "".join(
                f'<tspan x="{x + 10}" dy="{0 if n == 0 else _LINE}">{escape(one)}</tspan>'
                for n, one in enumerate(lines)
            )
            shapes.append(
                f'<g><rect x="{x}" y="{y:g}" width="{_WIDE}" height="{height}" rx="6"/>'
                f'<text x="{x + 10}" y="{y + _PAD + 12:g}">{words}</text></g>'
            )
            y += height + 12
    links = [(f"g:{goal}", f"d:{one.id}") for one in charter.drivers for goal in one.serves]
    links += [(f"d:{one.id}", f"i:{one.id}:{n}") for one in charter.drivers for n in range(len(one.ideas))]
    lines = [_link(spots[a], spots[b]) for a, b in links if a in spots and b in spots]
    wide = 3 * _WIDE + 2 * _GAP + 8
    return (
        f'<svg class="drivers" role="img" viewBox="0 0 {wide} {high:g}" width="{wide}" height="{high:g}">'
        f"<title>Driver diagram: {len(charter.goals)} aims, {len(charter.drivers)} drivers; the list below says which serves which.</title>"
        f"{''.join(lines)}{''.join(shapes)}</svg>"
    )


def _column(rows: Sequence[tuple[str, str]]) -> float:
    return sum(len(textwrap.wrap(text, _LETTERS) or [""]) * _LINE + 2 * _PAD + 12 for _, text in rows)


def _link(one: _Box, other: _Box) -> str:
    x1, y1, x2, y2 = one[0] + _WIDE, one[1] + one[2] / 2, other[0], other[1] + other[2] / 2
    return f'<path d="M{x1:g} {y1:g}C{x1 + 35:g} {y1:g} {x2 - 35:g} {y2:g} {x2:g} {y2:g}"/>'


def years_chart(goal: Goal, points: Sequence[Point]) -> str:
    """The values of a goal over the years with the target as a line; "" for fewer than two points. A table says the same."""
    if len(points) < 2:
        return ""
    aim = goal.aim
    top = max([one.value for one in points] + ([aim] if aim is not None else [])) or 1
    top = 100.0 if top <= 100 and goal.unit else top * 1.1
    said = f"{goal.text.rstrip('.')}, from {points[0].year} to {points[-1].year}: from {points[0].value:g}{goal.unit} to {points[-1].value:g}{goal.unit}; the table says each year."
    return line_chart(said, [(one.year[2:], one.value) for one in points], top=top, aim=aim, unit=goal.unit)
