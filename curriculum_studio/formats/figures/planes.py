"""Hides how a coordinate plane is read and drawn: points, what lies between them, lines, functions and regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import hypot, isfinite

from curriculum_studio.formats.figures.curves import (
    Exactly,
    Floats,
    as_bound,
    curves,
    cut_half_planes,
    cut_line,
    cut_region,
    through,
)
from curriculum_studio.formats.figures.exact import Exact, plain
from curriculum_studio.formats.figures.expressions import (
    Expression,
    Linear,
    Relation,
    read_expression,
    read_relations,
)
from curriculum_studio.formats.figures.frames import Plane, around, name_axes, open_plane, read_axis
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scene import Point, Scene, Spot, n, round_path
from curriculum_studio.formats.header import Path

KEYS = (
    "x", "y", "x-label", "y-label", "grid", "numbers", "points", "coordinates", "segments", "rays", "arrows", "lines",
    "functions", "polygons", "circles", "shade", "dashed",
)  # fmt: skip
DASH = "6 4"
SHADES = ("hatch", "back", "dots", "cross")
SURFACES = ("light", "hatch", "dots", "back")
_PAIR = re.compile(r"\(([^(),]*),([^(),]*)\)")
_RADIUS = re.compile(r"(.+?)[ ]+radius[ ]+(.+)")
_FOR = re.compile(r"(.+?)[ ]+for[ ]+(.+)")


@dataclass
class Drawing:
    """A plane while things are put on it: its points by name, what is dashed, and names that wait for a place."""

    fields: Fields
    plane: Plane
    points: dict[str, Exactly] = field(default_factory=dict)
    dashed: frozenset[str] = frozenset()
    names: list[tuple[str, list[Spot]]] = field(default_factory=list)
    surfaces: int = 0

    @property
    def scene(self) -> Scene:
        return self.plane.scene

    def dash(self, *names: str) -> str:
        return DASH if any(name and name in self.dashed for name in names) else ""


def coordinate_plane(fields: Fields, room: Room) -> Drawn:
    """A coordinate plane."""
    fields.knows(*COMMON, *KEYS)
    xs, ys = read_axis(fields, "x", "0", "10"), read_axis(fields, "y", "0", "10")
    grid, numbers = fields.flag("grid", True), fields.flag("numbers", True)
    coordinates = fields.flag("coordinates", False)
    plane = open_plane(xs, ys, room, 440, grid=grid, numbers=numbers, even=True)
    drawing = Drawing(fields, plane, dashed=frozenset(fields.texts("dashed")))
    found = read_points(fields, plane)
    drawing.points = {name: (x.value, y.value) for name, x, y in found if name}
    for put in (_shades, _polygons, _circles, _lines, _functions, _between):
        put(drawing)
        fields.done()
    for name, x, y in found:
        at = plane.at(x.value, y.value)
        plane.scene.dot(*at, 4)
        words = f"({x.text}, {y.text})" if coordinates else ""
        if name or words:
            drawing.names.append((f"{name} {words}".strip(), around(*at)))
    fields.done()
    for words, spots in drawing.names:
        plane.scene.place(words, spots)
    name_axes(plane)
    return Drawn(plane.scene)


def read_points(fields: Fields, plane: Plane) -> list[tuple[str, Exact, Exact]]:
    """The points of the key `points`, each inside the plane."""
    value = fields.values.get("points")
    found = fields.named_points("points")
    if isinstance(value, dict):
        paths: list[Path] = [("points", name) for name in value]
    else:
        paths = [path for _, path in fields.items("points")]
    for i, (name, x, y) in enumerate(found):
        if not plane.window.holds(x.value, y.value):
            where = paths[i] if i < len(paths) else ("points",)
            fields.problem(
                f"The point {name + ' ' if name else ''}({x.text}, {y.text}) lies outside the plane.", *where
            )
    return found


def _corners(drawing: Drawing, text: str, path: Path, least: int, most: int) -> list[Exactly]:
    """Points by name or place: `A B`, `AB`, `(0, 0) (3, 4)`, `A (3, 4)`; a fault where it is none."""
    fields = drawing.fields
    pairs = [f"\x00{i}" for i, _ in enumerate(_PAIR.findall(text))]
    places = _PAIR.findall(text)
    rest = re.sub(r"\bto\b|,", " ", _PAIR.sub(lambda _: f" {pairs.pop(0)} ", text))
    found: list[Exactly] = []
    for word in rest.split():
        if word.startswith("\x00"):
            x, y = (fields.exact(part, *path).value for part in places[int(word[1:])])
            if not drawing.plane.window.holds(x, y):
                fields.problem(f"The point ({plain(x)}, {plain(y)}) lies outside the plane.", *path)
            found.append((x, y))
        elif word in drawing.points:
            found.append(drawing.points[word])
        elif all(letter in drawing.points for letter in word):
            found += [drawing.points[letter] for letter in word]
        else:
            fields.problem(
                f"“{word[:24]}” is no point of this plane; write its name or its place (1, 2).", *path
            )
            return []
    if not least <= len(found) <= most or len(set(found)) < min(len(found), 2):
        wanted = f"{least}" if least == most else f"at least {least}"
        fields.problem(f"{wanted} different points are expected here.", *path)
        return []
    return found


def _line_names(ends: Sequence[Point]) -> list[Spot]:
    """Where the name of a line may stand: beside it, near its end first."""
    (ax, ay), (bx, by) = ends[0], ends[-1]
    length = hypot(bx - ax, by - ay) or 1
    nx, ny = -(by - ay) / length, (bx - ax) / length
    if ny > 0:
        nx, ny = -nx, -ny
    found: list[Spot] = []
    for off in (7.0, 14.0, 24.0):
        for t in (0.5, 0.85, 0.7, 0.3, 0.15):
            for side in (1, -1):
                x, y = ax + (bx - ax) * t + nx * off * side, ay + (by - ay) * t + ny * off * side
                dx = 0 if abs(nx) < 0.3 else (1 if nx * side > 0 else -1)
                dy = 0 if abs(ny) < 0.3 else (1 if ny * side > 0 else -1)
                found.append((x, y, dx, dy))
    return found


def _between(drawing: Drawing) -> None:
    fields, scene, plane = drawing.fields, drawing.scene, drawing.plane
    for key in ("segments", "rays", "arrows"):
        for place, words, path in fields.noted(key):
            ends = _corners(drawing, place, path, 2, 2)
            if not ends:
                continue
            a, b = plane.at(*ends[0]), plane.at(*ends[1])
            if key == "rays":
                far = _far_end(ends[0], ends[1], plane)
                b = plane.at(*far)
            scene.line(a, b, 2, drawing.dash(place))
            if key != "segments":
                scene.arrow(b, a)
            if words:
                drawing.names.append((words, _line_names((a, b))))


def _far_end(start: Exactly, other: Exactly, plane: Plane) -> Exactly:
    """Where the ray from one point through another leaves the window."""
    way = (other[0] - start[0], other[1] - start[1])
    ends = [*cut_line(through(start, other), plane.window), other]
    return max(ends, key=lambda p: (p[0] - start[0]) * way[0] + (p[1] - start[1]) * way[1])


def _lines(drawing: Drawing) -> None:
    fields, plane = drawing.fields, drawing.plane
    for name, text, path in fields.named("lines"):
        line, domain = _read_line(drawing, text, path)
        if line is None:
            continue
        ends = cut_line(line, plane.window)
        if not ends:
            fields.problem("This line nowhere touches the plane.", *path)
            continue
        if domain:
            _graph(drawing, name, text, path, _as_function(line), domain)
            continue
        points = [plane.at(*end) for end in ends]
        plane.scene.line(points[0], points[1], 2, drawing.dash(name, text))
        if name:
            drawing.names.append((name, _line_names(points)))


def _read_line(drawing: Drawing, text: str, path: Path) -> tuple[Linear | None, str]:
    fields = drawing.fields
    match = _FOR.fullmatch(text)
    body, domain = (match[1], match[2]) if match else (text, "")
    if "=" not in body:
        ends = _corners(drawing, body, path, 2, 2)
        return (through(ends[0], ends[1]) if ends else None), domain
    try:
        relations = read_relations(body)
    except ValueError as error:
        fields.problem(str(error), *path)
        return None, ""
    line = relations[0].linear if len(relations) == 1 and relations[0].sign == "=" else None
    if line is None or not (line[0] or line[1]):
        fields.problem("This is no line; curves stand under “functions”.", *path)
        return None, ""
    if domain and not line[1]:
        fields.problem("An upright line takes no “for”.", *path)
        return None, ""
    return line, domain


def _as_function(line: Linear) -> Expression:
    slope, start = -line[0] / line[1], -line[2] / line[1]
    m, k = float(slope), float(start)
    return Expression(lambda x, _: m * x + k, (slope, Fraction(0), start))


def _functions(drawing: Drawing) -> None:
    for name, text, path in drawing.fields.named("functions"):
        match = _FOR.fullmatch(text)
        body, domain = (match[1], match[2]) if match else (text, "")
        body = re.sub(r"^[ ]*(?:y|[a-z]\(x\))[ ]*=", "", body)
        try:
            function = read_expression(body)
        except ValueError as error:
            drawing.fields.problem(str(error), *path)
            continue
        if function.uses_y:
            drawing.fields.problem("A function is an expression in x.", *path)
            continue
        _graph(drawing, name, text, path, function, domain)


def _domain(drawing: Drawing, domain: str, path: Path) -> tuple[Fraction, Fraction, list[tuple[Fraction, bool]]] | None:  # fmt: skip
    """The part of the x-axis, and its ends with whether each is open."""
    window = drawing.plane.window
    low, high = window.left, window.right
    ends: list[tuple[Fraction, bool]] = []
    try:
        relations = read_relations(domain) if domain else []
    except ValueError as error:
        drawing.fields.problem(str(error), *path)
        return None
    for relation in relations:
        line = relation.linear
        if line is None or line[1] or not line[0] or relation.sign == "=":
            drawing.fields.problem("Behind “for” stands a part of the x-axis, such as -2 <= x < 3.", *path)
            return None
        edge, below = -line[2] / line[0], relation.less == (line[0] > 0)
        if below and edge <= high:
            high = edge
            ends.append((edge, relation.strict))
        elif not below and edge >= low:
            low = edge
            ends.append((edge, relation.strict))
    if low >= high:
        drawing.fields.problem("Nothing of this lies in the plane.", *path)
        return None
    return low, high, [end for end in ends if low <= end[0] <= high]


def _graph(drawing: Drawing, name: str, text: str, path: Path, function: Expression, domain: str) -> None:
    fields, plane = drawing.fields, drawing.plane
    span = _domain(drawing, domain, path)
    if span is None:
        return
    low, high, ends = span
    # Up to an open end the function goes, and what it nears there is shown: not its value, which may be another.
    near = float(high - low) * 1e-9
    opened = {x for x, open_ in ends if open_}
    first, last = float(low) + near * (low in opened), float(high) - near * (high in opened)
    pieces = curves(function, first, last, plane.window)
    if not pieces:
        fields.problem("This function nowhere touches the plane.", *path)
        return
    _draw_curve(drawing, pieces, drawing.dash(name, text))
    for x, open_ in ends:
        y = function.at(first if x == low else last)
        if isfinite(y) and plane.window.bottom <= y <= plane.window.top:
            (plane.scene.ring if open_ else plane.scene.dot)(*plane.at(x, y), 4)
    if name:
        longest = max(pieces, key=len)
        spots = [spot for piece in (longest, *pieces) for spot in _curve_names(plane.path(piece))]
        drawing.names.append((name, spots))


def _curve_names(points: Sequence[Point]) -> list[Spot]:
    """Beside the end of a curve, then along it."""
    order = [points[-1], points[0], *points[len(points) // 2 :], *points[: len(points) // 2]]
    return [spot for x, y in order[:24] for spot in around(x, y, 6)[:8]]


def _draw_curve(drawing: Drawing, pieces: Sequence[list[Floats]], dash: str = "") -> None:
    for piece in pieces:
        drawing.scene.curve(drawing.plane.path(piece), 2, dash)


def _polygons(drawing: Drawing) -> None:
    fields, plane = drawing.fields, drawing.plane
    for name, text, path in fields.named("polygons"):
        corners = _corners(drawing, text, path, 3, 40)
        if not corners:
            continue
        points = [plane.at(*corner) for corner in corners]
        style = SURFACES[drawing.surfaces % len(SURFACES)]
        drawing.surfaces += 1
        plane.scene.path(points, 2, drawing.dash(name, text), closed=True, fill=style)
        if name:
            x, y = sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)
            drawing.names.append((name, [(x, y, 0, 0), *around(x, y)]))


def _circles(drawing: Drawing) -> None:
    fields, plane = drawing.fields, drawing.plane
    for name, text, path in fields.named("circles"):
        match = _RADIUS.fullmatch(text)
        if match is None:
            fields.problem("A circle is written (1, 2) radius 3.", *path)
            continue
        center = _corners(drawing, match[1], path, 1, 1)
        radius = fields.exact(match[2], *path).value
        if not center or radius <= 0:
            if center:
                fields.problem("A radius is greater than zero.", *path)
            continue
        x, y = center[0]
        if not (plane.window.holds(x - radius, y - radius) and plane.window.holds(x + radius, y + radius)):
            fields.problem("The circle does not lie inside the plane.", *path)
            continue
        rx, ry = plane.xs.at(x + radius) - plane.xs.at(x), plane.ys.at(y) - plane.ys.at(y + radius)
        px, py = plane.at(x, y)
        if abs(rx - ry) > 0.5:
            fields.problem(
                "A circle is round where both axes have the same step and about the same length.", *path
            )
            continue
        plane.scene.drawn(round_path(px, py, rx), 2, drawing.dash(name, text))
        plane.scene.avoid(*[(px + rx * c, py + ry * s) for c, s in ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7), (1, 0))])  # fmt: skip
        if name:
            drawing.names.append((name, around(px + rx * 0.7, py - ry * 0.7)))


def _shades(drawing: Drawing) -> None:
    fields, plane = drawing.fields, drawing.plane
    for i, (name, text, path) in enumerate(fields.named("shade")):
        try:
            relations = read_relations(text)
        except ValueError as error:
            fields.problem(str(error), *path)
            continue
        if any(relation.sign == "=" or as_bound(relation) is None for relation in relations):
            fields.problem("A region is written y > 2x + 1, x <= 3 or 2x + 3y < 6.", *path)
            continue
        if all(relation.linear is not None for relation in relations):
            corners = cut_half_planes(relations, plane.window)
            surfaces = [[(float(x), float(y)) for x, y in corners]] if corners else []
        else:
            surfaces = cut_region(relations, plane.window)
        if not surfaces:
            fields.problem("No point of the plane lies in this region.", *path)
            continue
        for surface in surfaces:
            points = plane.path(surface)
            d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + "Z"
            plane.scene.fill(d, SHADES[i % len(SHADES)])
        for relation in relations:
            _border(drawing, relation, name)


def _border(drawing: Drawing, relation: Relation, name: str) -> None:
    plane = drawing.plane
    dash = DASH if relation.strict else ""
    line = relation.linear
    if line is not None:
        ends = [plane.at(*end) for end in cut_line(line, plane.window)]
        if ends:
            plane.scene.line(ends[0], ends[1], 2, dash)
            if name:
                drawing.names.append((name, _line_names(ends)))
        return
    bound = as_bound(relation)
    if bound and isinstance(bound[0], Expression):
        window = plane.window
        _draw_curve(drawing, curves(bound[0], float(window.left), float(window.right), window), dash)


def line_of(text: str) -> Linear | None:
    """A line written as an equation; None where it is none. Raises `ValueError`."""
    relations = read_relations(text)
    line = relations[0].linear if len(relations) == 1 and relations[0].sign == "=" else None
    return line if line and (line[0] or line[1]) else None
