"""Hides how shapes are made from a few words: `rectangle 6 by 4` as corners, in units, counterclockwise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, radians, sin, sqrt

from curriculum_studio.formats.figures.exact import read_exact
from curriculum_studio.formats.figures.reading import nearest
from curriculum_studio.formats.figures.scene import Point

REGULAR = {"pentagon": 5, "hexagon": 6, "heptagon": 7, "octagon": 8, "nonagon": 9, "decagon": 10}


@dataclass(frozen=True, slots=True)
class Outline:
    """Corners, y upwards; `round_` is circle, semicircle or quarter, `open_` an angle, whose rays go on."""

    corners: tuple[Point, ...]
    round_: str = ""
    radius: float = 0
    open_: bool = False
    turn: float = 0
    """Degrees of an open angle."""


def _rectangle(a: float, b: float) -> Outline:
    return Outline(((0, 0), (a, 0), (a, b), (0, b)))


def _triangle(a: float, b: float, c: float) -> Outline:
    if a + b <= c or b + c <= a or a + c <= b:
        raise ValueError(f"Sides of {a:g}, {b:g} and {c:g} make no triangle.")
    x = (a * a + c * c - b * b) / (2 * a)
    return Outline(((0, 0), (a, 0), (x, sqrt(max(c * c - x * x, 0)))))


def _regular(side: float, corners: int) -> Outline:
    r = side / (2 * sin(pi / corners))
    middle = r * cos(pi / corners)
    turned = [-pi / 2 - pi / corners + 2 * pi * i / corners for i in range(corners)]
    return Outline(tuple((side / 2 + r * cos(t), middle + r * sin(t)) for t in turned))


def _angle(degrees: float) -> Outline:
    if not 0 < degrees < 360:
        raise ValueError("An angle has more than 0 and less than 360 degrees.")
    t = radians(degrees)
    return Outline(((0, 0), (5, 0), (5 * cos(t), 5 * sin(t))), open_=True, turn=degrees)


_N = r"(\d[\d./]*(?: \d+/\d+)?)"
_SHAPES: tuple[tuple[str, Callable[..., Outline]], ...] = (
    (f"square {_N}", lambda a: _rectangle(a, a)),
    (f"rectangle {_N} (?:by|x|×) {_N}", _rectangle),
    (f"parallelogram {_N} by {_N} slant {_N}", lambda a, h, s: Outline(((0, 0), (a, 0), (a + s, h), (s, h)))),
    (f"rhombus {_N} by {_N}", lambda a, b: Outline(((a / 2, 0), (a, b / 2), (a / 2, b), (0, b / 2)))),
    (f"kite {_N} by {_N}", lambda a, b: Outline(((a / 2, 0), (a, 0.65 * b), (a / 2, b), (0, 0.65 * b)))),
    (
        f"trapezoid {_N} and {_N} by {_N}",
        lambda a, b, h: Outline(((0, 0), (a, 0), ((a + b) / 2, h), ((a - b) / 2, h))),
    ),
    (f"right triangle {_N} by {_N}", lambda a, b: Outline(((0, 0), (a, 0), (0, b)))),
    (f"isosceles triangle {_N} by {_N}", lambda a, h: Outline(((0, 0), (a, 0), (a / 2, h)))),
    (f"equilateral triangle {_N}", lambda a: Outline(((0, 0), (a, 0), (a / 2, a * sqrt(3) / 2)))),
    (f"triangle {_N},? {_N},? {_N}", _triangle),
    (f"circle {_N}", lambda r: Outline((), "circle", r)),
    (f"semicircle {_N}", lambda r: Outline((), "semicircle", r)),
    (f"quarter circle {_N}", lambda r: Outline((), "quarter", r)),
    (f"angle {_N}°?", _angle),
)
NAMES = (
    "square", "rectangle", "parallelogram", "rhombus", "kite", "trapezoid", "triangle", "circle", "semicircle", "angle",
    *REGULAR,
)  # fmt: skip


def outline(words: str) -> Outline:
    """The shape that the words name. Raises `ValueError` with a sentence."""
    text = " ".join(words.casefold().split())
    match = re.fullmatch(rf"(?:regular )?({'|'.join(REGULAR)}) {_N}", text)
    if match:
        return _regular(_length(match[2]), REGULAR[match[1]])
    for pattern, make in _SHAPES:
        found = re.fullmatch(pattern, text)
        if found:
            return make(*[_length(number) for number in found.groups()])
    first = next((word for word in text.split() if word.isalpha()), text[:24])
    if first in (*NAMES, "right", "isosceles", "equilateral", "quarter", "regular"):
        raise ValueError(f"“{words[:40]}” is not complete; write for example rectangle 6 by 4, circle 3, triangle 4 5 6.")  # fmt: skip
    raise ValueError(f"“{first[:24]}” is no shape that is known{nearest(first, NAMES)}")


def _length(text: str) -> float:
    value = float(read_exact(text).value)
    if not 0.001 <= value <= 100_000:
        raise ValueError(f"A length of {text} cannot be drawn.")
    return value


def turned(point: Point, degrees: float) -> Point:
    """A point turned around the origin."""
    if not degrees:
        return point
    t = radians(degrees)
    return point[0] * cos(t) - point[1] * sin(t), point[0] * sin(t) + point[1] * cos(t)


def corner_angle(before: Point, corner: Point, after: Point) -> tuple[float, float]:
    """Where an angle begins and how far it turns to the left, in radians: from the side to `after` to that to `before`."""
    start = atan2(after[1] - corner[1], after[0] - corner[0])
    end = atan2(before[1] - corner[1], before[0] - corner[0])
    return start, (end - start) % (2 * pi)


def length(a: Point, b: Point) -> float:
    """The distance of two points."""
    return hypot(b[0] - a[0], b[1] - a[1])


def foot(point: Point, a: Point, b: Point) -> tuple[Point, float]:
    """Where the perpendicular from a point meets the line through two others, and how far along it (0 to 1 between them)."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / (dx * dx + dy * dy)
    return (a[0] + dx * t, a[1] + dy * t), t
