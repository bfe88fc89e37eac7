"""Hides how a shape and its marks are drawn: sides, names, arcs, ticks, arrows, heights, circles and the grid behind."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, ceil, cos, floor, hypot, pi, sin

from curriculum_studio.formats.figures.outlines import foot
from curriculum_studio.formats.figures.scene import Point, Scene, Spot, n, round_path
from curriculum_studio.formats.figures.shapes import Shape, Side
from curriculum_studio.formats.figures.text import label

_ARC, _SQUARE = 20.0, 11.0


class _Placed:
    """A shape on the page: where its names stand in pixels, y downwards."""

    def __init__(self, one: Shape, origin: Point, unit: float) -> None:
        self.one, self.origin, self.unit = one, origin, unit
        self.at = {name: self.place(point) for name, point in one.places.items()}
        points = [self.at[name] for name in one.corners] or [origin]
        self.middle = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))

    def place(self, point: Point) -> Point:
        return self.origin[0] + point[0] * self.unit, self.origin[1] - point[1] * self.unit


def grid(scene: Scene, one: Shape, origin: Point, unit: float) -> None:
    """Unit squares behind a shape, one square beyond it on each side."""
    left, bottom, right, top = one.box()
    x0, x1, y0, y1 = floor(left) - 1, ceil(right) + 1, floor(bottom) - 1, ceil(top) + 1
    d = "".join(f"M{n(origin[0] + x * unit)} {n(origin[1] - y0 * unit)}V{n(origin[1] - y1 * unit)}" for x in range(x0, x1 + 1))  # fmt: skip
    d += "".join(f"M{n(origin[0] + x0 * unit)} {n(origin[1] - y * unit)}H{n(origin[0] + x1 * unit)}" for y in range(y0, y1 + 1))  # fmt: skip
    scene.drawn(d, 0.8, under=True, faint=True)
    scene.reach(
        ((origin[0] + x0 * unit, origin[1] - y1 * unit), (origin[0] + x1 * unit, origin[1] - y0 * unit)), 1
    )


def draw_shape(scene: Scene, one: Shape, origin: Point, unit: float) -> None:
    """Draws a shape whose origin stands at a place, in pixels for each unit."""
    on = _Placed(one, origin, unit)
    if one.outline.round_:
        _circle(scene, on)
    elif one.outline.open_:
        for end in one.corners[1:]:
            scene.line(on.at[one.corners[0]], on.at[end], 2)
            scene.arrow(on.at[end], on.at[one.corners[0]])
    else:
        scene.path([on.at[name] for name in one.corners], 2, closed=True, fill="light" if one.shaded else "")
    for side, _, dashed in one.segments:
        scene.line(on.at[side[0]], on.at[side[1]], 1.6, "6 4" if dashed else "")
    for name, side, _ in one.heights:
        _height(scene, on, name, side)
    _angle_marks(scene, on)
    for i, group in enumerate(one.equal_sides):
        for side in group:
            _ticks(scene, on.at[side[0]], on.at[side[1]], i + 1)
    ticked = {side for group in one.equal_sides for side in group}
    for i, group in enumerate(one.parallel):
        for side in group:
            _chevrons(scene, on, side, i + 1, 0.64 if side in ticked or side[::-1] in ticked else 0.5)
    for name in one.points:
        scene.dot(*on.at[name], 3.5)
    if one.outline.round_ and one.fields.has("center"):
        scene.dot(*origin, 3)
    _words(scene, on)


def _words(scene: Scene, on: _Placed) -> None:
    one = on.one
    for name, words in one.angles.items():
        scene.place(words, _inside_angle(on, name))
    for side, words in one.sides.items():
        scene.place(words, _beside(on.at[side[0]], on.at[side[1]], on.middle, out=True))
    for name, words in one.shown.items():
        scene.place(words, _at_corner(on, name))
    for side, words, _ in one.segments:
        if words:
            scene.place(words, _beside(on.at[side[0]], on.at[side[1]], on.middle, out=False))
    for name, side, words in one.heights:
        if words:
            scene.place(words, _beside(on.at[name], _foot(on, name, side), on.middle, out=False))
    if one.outline.round_:
        _circle_words(scene, on)
    if one.label:
        left, bottom, right, _ = one.box()
        x = on.origin[0] + (left + right) / 2 * on.unit
        below = max([on.origin[1] - bottom * on.unit, *(box.bottom for box in scene.boxes if box.left < x < box.right)])  # fmt: skip
        scene.place(label(one.label, max((right - left) * on.unit + 40, 90)), [(x, below + 8 + 10 * k, 0, 1) for k in range(8)])  # fmt: skip


def _beside(a: Point, b: Point, middle: Point, *, out: bool) -> list[Spot]:
    """Spots beside a line: on the side away from the middle of the shape first, or on either side."""
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1
    nx, ny = (b[1] - a[1]) / length, -(b[0] - a[0]) / length
    mx, my = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
    if out and (mx - middle[0]) * nx + (my - middle[1]) * ny < 0:
        nx, ny = -nx, -ny
    found: list[Spot] = []
    for off in (8.0, 12.0, 17.0, 25.0, 34.0):
        for side in (1, -1) if not out or off > 12 else (1,):
            for t in (0.5, 0.4, 0.6, 0.3, 0.7):
                x, y = a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t
                dx = 0 if abs(nx) < 0.38 else (1 if nx * side > 0 else -1)
                dy = 0 if abs(ny) < 0.38 else (1 if ny * side > 0 else -1)
                found.append((x + nx * off * side, y + ny * off * side, dx, dy))
    return found


def _at_corner(on: _Placed, name: str) -> list[Spot]:
    """Spots beyond a corner, away from the inside of its angle; around a point."""
    x, y = on.at[name]
    first = -pi / 2
    if name in on.one.corners:
        start, turn = on.one.angle(name)
        first = -(start + turn / 2) + pi
    elif on.one.outline.round_:
        first = 0.0 if on.at[name] == on.origin else _direction(on.origin, on.at[name])
    found: list[Spot] = []
    for off in (9.0, 13.0, 20.0, 30.0):
        for turned in (0, pi / 4, -pi / 4, pi / 2, -pi / 2, pi * 0.75, -pi * 0.75, pi):
            dx, dy = cos(first + turned), sin(first + turned)
            found.append((x + dx * off, y + dy * off, _sign(dx), _sign(dy)))
    return found


def _direction(a: Point, b: Point) -> float:
    return atan2(b[1] - a[1], b[0] - a[0])


def _sign(value: float) -> int:
    return 0 if abs(value) < 0.38 else 1 if value > 0 else -1


def _inside_angle(on: _Placed, name: str) -> list[Spot]:
    """Spots on the middle line of an angle, as near as the arc allows, then farther, then outside the shape."""
    x, y = on.at[name]
    start, turn = on.one.angle(name)
    middle = start + turn / 2
    found: list[Spot] = []
    for off in (30.0, 34.0, 38.0, 44.0, 52.0, 62.0, 74.0, 90.0):
        for lean in (0.0, 0.12, -0.12):
            t = middle + lean * turn
            found.append((x + cos(t) * off, y - sin(t) * off, 0, 0))
    return found + [(x - cos(middle) * off, y + sin(middle) * off, 0, 0) for off in (20.0, 30.0, 42.0)]


def _angle_marks(scene: Scene, on: _Placed) -> None:
    one = on.one
    for name in one.right:
        _right_angle(scene, on, name)
    counted = {name: i + 1 for i, group in enumerate(one.equal_angles) for name in group}
    for name in {**dict.fromkeys(one.angles), **counted}:
        if name in one.right:
            continue
        start, turn = one.angle(name)
        for k in range(counted.get(name, 1)):
            _arc(scene, on.at[name], start, turn, _reach(on, name) + 4.0 * k)


def _reach(on: _Placed, name: str) -> float:
    """The radius of an arc: no larger than the sides beside it allow."""
    i, names = on.one.corners.index(name), on.one.corners
    x, y = on.at[name]
    near = [on.at[other] for other in (names[i - 1], names[(i + 1) % len(names)])]
    return min(_ARC, min(hypot(px - x, py - y) for px, py in near) * 0.6)


def _arc(scene: Scene, at: Point, start: float, turn: float, r: float) -> None:
    (x, y), end = at, start + turn
    points = [(x + r * cos(start + turn * k / 8), y - r * sin(start + turn * k / 8)) for k in range(9)]
    scene.reach(points, 1)
    scene.avoid(*points)
    large = 1 if turn > pi else 0
    scene.drawn(f"M{n(points[0][0])} {n(points[0][1])}A{n(r)} {n(r)} 0 {large} 0 {n(x + r * cos(end))} {n(y - r * sin(end))}", 1.3)  # fmt: skip


def _right_angle(scene: Scene, on: _Placed, name: str) -> None:
    start, turn = on.one.angle(name)
    _square(scene, on.at[name], start, start + turn, min(_SQUARE, _reach(on, name)))


def _square(scene: Scene, at: Point, one: float, two: float, size: float) -> None:
    """The square of a right angle between two directions."""
    (x, y) = at
    a = (x + size * cos(one), y - size * sin(one))
    b = (x + size * cos(two), y - size * sin(two))
    scene.path((a, (a[0] + b[0] - x, a[1] + b[1] - y), b), 1.3)


def _ticks(scene: Scene, a: Point, b: Point, count: int) -> None:
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    for k in range(count):
        off = (k - (count - 1) / 2) * 5
        x, y = (a[0] + b[0]) / 2 + ux * off, (a[1] + b[1]) / 2 + uy * off
        scene.line((x - uy * 6, y + ux * 6), (x + uy * 6, y - ux * 6), 1.6)


def _chevrons(scene: Scene, on: _Placed, side: Side, count: int, where: float) -> None:
    """Arrow heads on a side, all pointing the same way in a group: to the right, or up."""
    a, b = on.at[side[0]], on.at[side[1]]
    if (round(b[0] - a[0], 6), round(a[1] - b[1], 6)) < (0, 0):
        a, b = b, a
    length = hypot(b[0] - a[0], b[1] - a[1]) or 1
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    for k in range(count):
        off = (k - (count - 1) / 2) * 7 + 4
        x, y = a[0] + (b[0] - a[0]) * where + ux * off, a[1] + (b[1] - a[1]) * where + uy * off
        scene.path(((x - ux * 8 - uy * 5, y - uy * 8 + ux * 5), (x, y), (x - ux * 8 + uy * 5, y - uy * 8 - ux * 5)), 1.6)  # fmt: skip


def _foot(on: _Placed, name: str, side: Side) -> Point:
    return foot(on.at[name], on.at[side[0]], on.at[side[1]])[0]


def _height(scene: Scene, on: _Placed, name: str, side: Side) -> None:
    a, b = on.at[side[0]], on.at[side[1]]
    at, along = foot(on.at[name], a, b)
    scene.line(on.at[name], at, 1.6, "6 4")
    if not 0 <= along <= 1:
        # The foot lies beyond the side, which is drawn out to it.
        scene.line(a if along < 0 else b, at, 1.4, "6 4")
    other = max((a, b), key=lambda p: hypot(p[0] - at[0], p[1] - at[1]))
    up, level = -_direction(at, on.at[name]), -_direction(at, other)
    if hypot(on.at[name][0] - at[0], on.at[name][1] - at[1]) > 1:
        _square(scene, at, level, up, 9)


def _circle(scene: Scene, on: _Placed) -> None:
    one, (x, y) = on.one, on.origin
    r = one.outline.radius * on.unit
    kind = one.outline.round_
    whole = round_path(x, y, r)
    half = f"M{n(x - r)} {n(y)}A{n(r)} {n(r)} 0 0 1 {n(x + r)} {n(y)}Z"
    d = {"circle": whole, "semicircle": half, "quarter": f"M{n(x)} {n(y)}H{n(x + r)}A{n(r)} {n(r)} 0 0 0 {n(x)} {n(y - r)}Z"}[kind]  # fmt: skip
    turns = {"circle": 2 * pi, "semicircle": pi, "quarter": pi / 2}[kind]
    rim = [(x + r * cos(turns * k / 32), y - r * sin(turns * k / 32)) for k in range(33)]
    scene.reach(rim, 1)
    scene.avoid(*rim)
    if kind != "circle":
        scene.reach(((x, y),), 1)
        scene.avoid(rim[-1], (x, y), rim[0])
    scene.drawn(d, 2, fill="light" if one.shaded else "")
    for key, start, end in _rays(on):
        if one.fields.has(key):
            scene.line(start, end, 1.6)


def _rays(on: _Placed) -> Sequence[tuple[str, Point, Point]]:
    """The radius and the diameter as they are drawn."""
    (x, y), r = on.origin, on.one.outline.radius * on.unit
    both = on.one.fields.has("diameter") and on.one.fields.has("radius")
    t = pi / 3 if both else 0.0
    return (
        ("radius", (x, y), (x + r * cos(t), y - r * sin(t))),
        ("diameter", (x - r, y), (x + r, y)),
    )


def _circle_words(scene: Scene, on: _Placed) -> None:
    fields = on.one.fields
    for key, start, end in _rays(on):
        if fields.has(key):
            scene.place(fields.text(key), _beside(start, end, on.middle, out=False))
    if fields.has("center"):
        x, y = on.origin
        spots = [(x + dx * 7, y + dy * 7, dx, dy) for dx, dy in ((-1, 1), (0, 1), (1, 1), (-1, -1), (1, -1))]
        scene.place(fields.text("center"), spots)
