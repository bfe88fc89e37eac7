"""Hides how shapes are read: corners, names, words and marks, and whether what is marked is true."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from math import pi

from curriculum_studio.formats.figures.marks import NOTHING
from curriculum_studio.formats.figures.outlines import (
    Outline,
    corner_angle,
    length,
    outline,
    turned,
)
from curriculum_studio.formats.figures.reading import Fields
from curriculum_studio.formats.figures.scene import Point
from curriculum_studio.formats.header import Path

KEYS = (
    "shape", "vertices", "names", "sides", "angles", "right-angles", "equal-sides", "equal-angles", "parallel", "segments",
    "dashed", "heights", "points", "center", "radius", "diameter", "shaded", "grid", "turn", "label",
)  # fmt: skip
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_SHAPES, MOST_CORNERS, MOST_UNITS = 6, 26, 60
_TO = re.compile(r"(.+?)[ ]+to[ ]+(.+)")
Side = tuple[str, str]


@dataclass
class Shape:
    """A shape as it was read: its corners by name in units (y upwards), and everything that is marked on it."""

    fields: Fields
    outline: Outline
    places: dict[str, Point]
    corners: list[str]
    shown: dict[str, str] = field(default_factory=dict)
    sides: dict[Side, str] = field(default_factory=dict)
    angles: dict[str, str] = field(default_factory=dict)
    right: list[str] = field(default_factory=list)
    equal_sides: list[list[Side]] = field(default_factory=list)
    equal_angles: list[list[str]] = field(default_factory=list)
    parallel: list[list[Side]] = field(default_factory=list)
    segments: list[tuple[Side, str, bool]] = field(default_factory=list)
    heights: list[tuple[str, Side, str]] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    shaded: bool = False
    label: str = ""

    def ring(self) -> list[Side]:
        """The sides in order."""
        names = self.corners
        if len(names) < 2:
            return []
        if self.outline.open_:
            return [(names[0], names[1]), (names[0], names[2])]
        return [*pairwise(names), (names[-1], names[0])]

    def angle(self, name: str) -> tuple[float, float]:
        """Where the angle at a corner begins and how far it turns, inside the shape (radians)."""
        i, names = self.corners.index(name), self.corners
        if self.outline.open_:
            return corner_angle(self.places[names[2]], self.places[names[0]], self.places[names[1]])
        before, after = self.places[names[i - 1]], self.places[names[(i + 1) % len(names)]]
        start, turn = corner_angle(before, self.places[name], after)
        return (start, turn) if self.counterclockwise() else ((start + turn) % (2 * pi), 2 * pi - turn)

    def counterclockwise(self) -> bool:
        points = [self.places[name] for name in self.corners]
        return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*points, points[0]])) > 0

    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of all of it, in units."""
        xs, ys = [p[0] for p in self.places.values()], [p[1] for p in self.places.values()]
        r = self.outline.radius
        if self.outline.round_:
            xs += [0 if self.outline.round_ == "quarter" else -r, r]
            ys += [-r if self.outline.round_ == "circle" else 0, r]
        return min(xs), min(ys), max(xs), max(ys)


def read_shape(fields: Fields) -> Shape | None:
    """Reads one shape; None where it cannot be drawn at all (the faults say why)."""
    found = _corners(fields)
    if found is None:
        return None
    outline_, names, places = found
    degrees = float(fields.number("turn").value) if fields.has("turn") else 0.0
    one = Shape(fields, outline_, {name: turned(at, degrees) for name, at in places.items()}, names)
    for name, x, y in fields.named_points("points"):
        if not name or name in one.places:
            fields.problem("Each of the points has a name of its own: {M: (3, 0)}.", "points")
            continue
        one.places[name] = turned((float(x), float(y)), degrees)
        one.points.append(name)
        one.shown[name] = name
    _names(one)
    _labels(one)
    _marks(one)
    _lines(one)
    one.shaded, one.label = fields.flag("shaded", False), fields.text("label")
    for key in ("center", "radius", "diameter"):
        if fields.has(key) and not outline_.round_:
            fields.problem(f"“{key}” belongs to circles.", key)
    return one


def _corners(fields: Fields) -> tuple[Outline, list[str], dict[str, Point]] | None:
    if fields.has("shape") == fields.has("vertices"):
        fields.problem("Write either “shape”, such as rectangle 6 by 4, or “vertices”.")
        return None
    if fields.has("shape"):
        try:
            made = outline(fields.text("shape"))
        except ValueError as error:
            fields.problem(str(error), "shape")
            return None
        if made.round_ and fields.has("turn"):
            fields.problem("Circles are not turned.", "turn")
        names = list(LETTERS[: len(made.corners)])
        return made, names, dict(zip(names, made.corners, strict=True))
    before = len(fields.faults)
    found = fields.named_points("vertices")
    if len(fields.faults) > before:
        return None
    names = [name or LETTERS[i % 26] for i, (name, _, _) in enumerate(found)]
    places = {name: (float(x), float(y)) for name, (_, x, y) in zip(names, found, strict=True)}
    if (
        not 3 <= len(found) <= MOST_CORNERS
        or len(places) != len(found)
        or len(set(places.values())) != len(found)
    ):
        fields.problem(f"A shape has 3 to {MOST_CORNERS} vertices, each at a place of its own.", "vertices")
        return None
    if _flat([places[name] for name in names]):
        fields.problem("All vertices lie on one line.", "vertices")
        return None
    return Outline(tuple(places.values())), names, places


def _flat(points: list[Point]) -> bool:
    a = points[0]
    far = max(points, key=lambda p: length(a, p))
    size = length(a, far) ** 2
    return all(
        abs((far[0] - a[0]) * (p[1] - a[1]) - (far[1] - a[1]) * (p[0] - a[0])) < 1e-9 * size for p in points
    )


def _names(one: Shape) -> None:
    fields = one.fields
    own = isinstance(fields.values.get("vertices"), dict)
    word = fields.text("names") if isinstance(fields.values.get("names", ""), str) else ""
    if word.casefold() in ("", "yes", "no"):
        if (own and word.casefold() != "no") or word.casefold() == "yes":
            one.shown.update((name, name) for name in one.corners)
        return
    given = [name for text in fields.texts("names") for name in text.split()]
    if len(given) != len(one.corners):
        fields.problem(
            f"The shape has {len(one.corners)} vertices, and there are {len(given)} names.", "names"
        )
        return
    if len({*given, *one.points}) != len(given) + len(one.points):
        fields.problem("Each vertex has a name of its own.", "names")
        return
    renamed = dict(zip(one.corners, given, strict=True))
    one.places = {renamed.get(name, name): at for name, at in one.places.items()}
    one.corners = given
    one.shown.update((name, name) for name in given)


def pick(one: Shape, text: str, path: Path, count: int, *, corners: bool = False) -> list[str]:
    """So many names from words such as `AB`, `A B` or `A to B`; a fault and nothing where they are none."""
    known = one.corners if corners else list(one.places)
    found: list[str] = []
    for word in re.sub(r"\bto\b|,", " ", text).split():
        if word in known:
            found.append(word)
        elif all(letter in known for letter in word):
            found += list(word)
        else:
            one.fields.problem(f"“{word[:24]}” is no vertex of this shape.", *path)
            return []
    if len(found) != count or len(set(found)) != count:
        one.fields.problem(f"{count} different vertices are named here." if count > 1 else "One vertex is named here.", *path)  # fmt: skip
        return []
    return found


def _labels(one: Shape) -> None:
    fields = one.fields
    ring = one.ring()
    for key, count in (("sides", 2), ("angles", 1)):
        if isinstance(fields.values.get(key), dict):
            for name, words, path in fields.noted(key):
                names = pick(one, name, path, count, corners=True)
                if names and count == 2:
                    one.sides[_side(one, names, path)] = words
                elif names:
                    one.angles[names[0]] = words
            continue
        places: list[Side] | list[str] = ring if count == 2 else one.corners
        words_ = fields.texts(key)
        if len(words_) > len(places):
            fields.problem(f"The shape has {len(places)} {key}, and there are {len(words_)} words.", key)
        for place, words in zip(places, words_, strict=False):
            if words != NOTHING and isinstance(place, tuple):
                one.sides[place] = words
            elif words != NOTHING and isinstance(place, str):
                one.angles[place] = words


def _side(one: Shape, names: list[str], path: Path) -> Side:
    """Two names as a side of the shape, in its own order."""
    for side in one.ring():
        if set(side) == set(names):
            return side
    one.fields.problem(f"{names[0]}{names[1]} is no side; write it under “segments”.", *path)
    return names[0], names[1]


def _groups(one: Shape, key: str, count: int) -> list[tuple[list[list[str]], Path]]:
    """Groups such as `AB CD, BC DA`: each a list of sides (or corners) that are the same."""
    found = []
    for text, _, path in one.fields.noted(key):
        members = [pick(one, word, path, count) for word in text.split()]
        if all(members):
            if len({frozenset(names) for names in members}) < max(len(members), 2):
                one.fields.problem(
                    "A group names two or more that are equal or parallel, such as AB CD.", *path
                )
            found.append((members, path))
    return found


def _marks(one: Shape) -> None:
    fields = one.fields
    right = fields.texts("right-angles")
    if [word.casefold() for word in right] == ["all"]:
        one.right = list(one.corners)
    else:
        one.right = [name for word in right for piece in word.split() for name in pick(one, piece, ("right-angles",), 1, corners=True)]  # fmt: skip
    for name in one.right:
        if abs(one.angle(name)[1] - pi / 2) > 1e-6:
            fields.problem(f"The angle at {name} is no right angle; it has {one.angle(name)[1] * 180 / pi:.4g}°.", "right-angles")  # fmt: skip
    for members, path in _groups(one, "equal-sides", 2):
        sizes = [length(one.places[a], one.places[b]) for a, b in members]
        if max(sizes) - min(sizes) > 1e-6 * max(sizes):
            fields.problem("These sides are not equal: " + ", ".join(f"{a}{b} is {size:.4g}" for (a, b), size in zip(members, sizes, strict=True)) + ".", *path)  # fmt: skip
        one.equal_sides.append([(a, b) for a, b in members])
    for members, path in _groups(one, "equal-angles", 1):
        corners = [name for (name,) in members]
        if any(name not in one.corners for name in corners):
            fields.problem("Angles are marked at vertices.", *path)
            continue
        turns = [one.angle(name)[1] for name in corners]
        if max(turns) - min(turns) > 1e-6:
            fields.problem("These angles are not equal: " + ", ".join(f"{name} has {turn * 180 / pi:.4g}°" for name, turn in zip(corners, turns, strict=True)) + ".", *path)  # fmt: skip
        one.equal_angles.append(corners)
    for members, path in _groups(one, "parallel", 2):
        ways = [
            (one.places[b][0] - one.places[a][0], one.places[b][1] - one.places[a][1]) for a, b in members
        ]
        first = ways[0]
        for way in ways[1:]:
            size = length((0, 0), first) * length((0, 0), way)
            if abs(first[0] * way[1] - first[1] * way[0]) > 1e-6 * size:
                fields.problem("These sides are not parallel.", *path)
                break
        one.parallel.append([(a, b) for a, b in members])


def _lines(one: Shape) -> None:
    fields = one.fields
    dashed = [set(names) for text, _, path in fields.noted("dashed") if (names := pick(one, text, path, 2))]
    for text, words, path in fields.noted("segments"):
        names = pick(one, text, path, 2)
        if names:
            one.segments.append(((names[0], names[1]), words, set(names) in dashed))
    drawn = [set(side) for side, _, _ in one.segments]
    for ends in dashed:
        if ends not in drawn:
            fields.problem("Only lines under “segments” can be dashed.", "dashed")
    for text, words, path in fields.noted("heights"):
        match = _TO.fullmatch(text)
        corner = pick(one, match[1], path, 1) if match else []
        side = pick(one, match[2], path, 2) if match else []
        if match is None:
            fields.problem("A height is written C to AB.", *path)
        elif corner and side and corner[0] not in side:
            one.heights.append((corner[0], (side[0], side[1]), words))
        elif corner and side:
            fields.problem("A height goes from a vertex to a side that does not hold it.", *path)
