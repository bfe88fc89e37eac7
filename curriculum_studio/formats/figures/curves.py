"""Hides how lines, functions and regions are cut to a frame: exact where they are straight, finely sampled elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from curriculum_studio.formats.figures.expressions import Expression, Linear, Relation

STEPS = 160
Exactly = tuple[Fraction, Fraction]
Floats = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the plane that is shown."""

    left: Fraction
    right: Fraction
    bottom: Fraction
    top: Fraction

    def holds(self, x: Fraction, y: Fraction) -> bool:
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def corners(self) -> list[Exactly]:
        return [
            (self.left, self.bottom),
            (self.right, self.bottom),
            (self.right, self.top),
            (self.left, self.top),
        ]


def through(a: Exactly, b: Exactly) -> Linear:
    """The line through two points as (a, b, c) of a·x + b·y + c = 0."""
    return b[1] - a[1], a[0] - b[0], (b[0] - a[0]) * a[1] - (b[1] - a[1]) * a[0]


def cut_line(line: Linear, window: Window) -> list[Exactly]:
    """The two points where a line enters and leaves; fewer where it stays outside. Exact."""
    a, b, c = line
    found: list[Exactly] = []
    if b:
        for x in (window.left, window.right):
            y = -(a * x + c) / b
            if window.bottom <= y <= window.top:
                found.append((x, y))
    if a:
        for y in (window.bottom, window.top):
            x = -(b * y + c) / a
            if window.left <= x <= window.right:
                found.append((x, y))
    ends = sorted(set(found))
    return [ends[0], ends[-1]] if len(ends) > 1 else []


def cut_half_planes(relations: Sequence[Relation], window: Window) -> list[Exactly]:
    """The corners of what satisfies linear inequalities inside the window. Exact."""
    corners = window.corners()
    for relation in relations:
        line = relation.linear
        if line is None:
            return []
        a, b, c = line if relation.less else (-line[0], -line[1], -line[2])
        kept: list[Exactly] = []
        values = [a * x + b * y + c for x, y in corners]
        for i, (p, v) in enumerate(zip(corners, values, strict=True)):
            q, w = corners[(i + 1) % len(corners)], values[(i + 1) % len(corners)]
            if v <= 0:
                kept.append(p)
            if (v < 0 < w) or (w < 0 < v):
                t = v / (v - w)
                kept.append((p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t))
        corners = kept
        if len(corners) < 3:
            return []
    return corners if _area(corners) else []


def _area(corners: Sequence[Exactly]) -> Fraction:
    turned = [*corners[1:], corners[0]]
    return sum((p[0] * q[1] - q[0] * p[1] for p, q in zip(corners, turned, strict=True)), Fraction(0))


def curves(function: Expression, low: float, high: float, window: Window) -> list[list[Floats]]:
    """The pieces of a graph inside the window, from `low` to `high`; apart where the function jumps or is not."""
    if function.linear is not None and not function.uses_y:
        xs = [low, high]
    else:
        xs = [low + (high - low) * i / STEPS for i in range(STEPS + 1)]
    bottom, top = float(window.bottom), float(window.top)
    steep = (top - bottom) * 0.04
    points = [(x, function.at(x)) for x in xs]
    pieces: list[list[Floats]] = []
    here: list[Floats] = []
    for a, b in pairwise(points):
        if math.isfinite(a[1]) != math.isfinite(b[1]):
            # The edge of where it is defined lies between: the graph goes on to it.
            known = _edge(function, a, b) if math.isfinite(a[1]) else _edge(function, b, a)
            a, b = (a, known) if math.isfinite(a[1]) else (known, b)
        segments = [(a, b)] if _finite(a, b) else []
        if (
            segments
            and len(xs) > 2
            and abs(b[1] - a[1]) > steep
            and _cut(a, b, bottom, top)
            and (gap := _gap(function, a, b))
        ):
            segments = [(a, gap[0]), (gap[1], b)]
        cuts = [_cut(*segment, bottom, top) for segment in segments] or [None]
        for cut in cuts:
            if cut is None or (here and here[-1] != cut[0]):
                here = _ended(pieces, here)
            if cut is not None:
                here += cut[1:] if here else cut
    _ended(pieces, here)
    return [_thinned(piece, (high - low) / 4000, (top - bottom) / 4000) for piece in pieces]


def _ended(pieces: list[list[Floats]], here: list[Floats]) -> list[Floats]:
    if len(here) > 1:
        pieces.append(here)
    return []


def _finite(a: Floats, b: Floats) -> bool:
    return math.isfinite(a[1]) and math.isfinite(b[1])


def _edge(function: Expression, known: Floats, unknown: Floats) -> Floats:
    """The last point that has a value on the way from one that has to one that has not."""
    a, b = known, unknown[0]
    for _ in range(30):
        middle = (a[0] + b) / 2
        value = function.at(middle)
        if math.isfinite(value):
            a = (middle, value)
        else:
            b = middle
    return a


def _gap(function: Expression, a: Floats, b: Floats) -> tuple[Floats, Floats] | None:
    """The two sides of a break between two points: there the rise does not shrink when one looks closer."""
    rise = abs(b[1] - a[1])
    for step in range(30):
        if step == 6 and abs(b[1] - a[1]) < rise * 0.3:
            return None
        middle = (a[0] + b[0]) / 2
        value = function.at(middle)
        if not math.isfinite(value):
            return a, b
        a, b = (a, (middle, value)) if abs(value - a[1]) > abs(b[1] - value) else ((middle, value), b)
    return (a, b) if abs(b[1] - a[1]) > rise * 0.01 else None


def _cut(a: Floats, b: Floats, bottom: float, top: float) -> tuple[Floats, Floats] | None:
    """A segment cut at two levels; None where nothing is left."""
    if (a[1] < bottom and b[1] < bottom) or (a[1] > top and b[1] > top):
        return None
    ends = []
    for p, q in ((a, b), (b, a)):
        level = bottom if p[1] < bottom else top if p[1] > top else None
        if level is None:
            ends.append(p)
        else:
            t = (level - p[1]) / (q[1] - p[1])
            ends.append((p[0] + (q[0] - p[0]) * t, level))
    return (ends[0], ends[1]) if abs(ends[0][0] - ends[1][0]) + abs(ends[0][1] - ends[1][1]) > 1e-12 else None


def _thinned(points: list[Floats], fine_x: float, fine_y: float) -> list[Floats]:
    """The points without those that nobody would miss (nearer than a pixel's part to their chord)."""
    keep = {0, len(points) - 1}
    work = [(0, len(points) - 1)]
    while work:
        i, k = work.pop()
        (ax, ay), (bx, by) = points[i], points[k]
        dx, dy = (bx - ax) / fine_x, (by - ay) / fine_y
        length = math.hypot(dx, dy) or 1.0
        far, at = 0.0, 0
        for j in range(i + 1, k):
            off = abs((points[j][0] - ax) / fine_x * dy - (points[j][1] - ay) / fine_y * dx) / length
            if off > far:
                far, at = off, j
        if far > 1.5:
            keep.add(at)
            work += [(i, at), (at, k)]
    return [points[i] for i in sorted(keep)]


def cut_region(relations: Sequence[Relation], window: Window) -> list[list[Floats]]:
    """Surfaces that satisfy inequalities of the form y < f(x), y > f(x), or x against a number, column by column."""
    lows: list[Expression] = []
    highs: list[Expression] = []
    left, right = float(window.left), float(window.right)
    for relation in relations:
        bound = as_bound(relation)
        if bound is None:
            return []
        function, above = bound
        if isinstance(function, Fraction):
            left, right = (
                (max(left, float(function)), right) if above else (left, min(right, float(function)))
            )
        else:
            (lows if above else highs).append(function)
    if left >= right:
        return []
    bottom, top = float(window.bottom), float(window.top)
    surfaces: list[list[Floats]] = []
    under: list[Floats] = []
    over: list[Floats] = []
    for i in range(STEPS + 1):
        x = left + (right - left) * i / STEPS
        low = max([bottom, *(f.at(x) for f in lows)])
        high = min([top, *(f.at(x) for f in highs)])
        known = all(math.isfinite(f.at(x)) for f in (*lows, *highs))
        if known and low <= high:
            under.append((x, low))
            over.append((x, high))
            if i < STEPS:
                continue
        if len(under) > 1 and any(b[1] > a[1] for a, b in zip(under, over, strict=True)):
            fine = (right - left) / 4000, (top - bottom) / 4000
            surfaces.append([*_thinned(under, *fine), *reversed(_thinned(over, *fine))])
        under, over = [], []
    return surfaces


def as_bound(relation: Relation) -> tuple[Expression | Fraction, bool] | None:
    """An inequality as (function, whether y is above it), or (number, whether x is above it); None where it is neither."""
    line = relation.linear
    if line is not None:
        a, b, c = line
        if b:
            slope, start = -a / b, -c / b
            m, k = float(slope), float(start)
            return Expression(lambda x, _: m * x + k, (slope, Fraction(0), start)), relation.less == (b < 0)
        return (-c / a, relation.less == (a < 0)) if a else None
    plain_y = (Fraction(0), Fraction(1), Fraction(0))
    if relation.left.linear == plain_y and not relation.right.uses_y:
        return relation.right, not relation.less
    if relation.right.linear == plain_y and not relation.left.uses_y:
        return relation.left, relation.less
    return None
