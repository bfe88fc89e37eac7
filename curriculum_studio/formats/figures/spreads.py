"""Hides how the spread of data is drawn: box plots, and points over two axes with a line of fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from curriculum_studio.formats.figures.curves import cut_line
from curriculum_studio.formats.figures.exact import Exact, nice_step, plain
from curriculum_studio.formats.figures.frames import Plane, around, name_axes, open_plane, read_axis
from curriculum_studio.formats.figures.planes import line_of, read_points
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room, Table
from curriculum_studio.formats.figures.scales import Scale, axis_across, data_scale
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.text import label
from curriculum_studio.formats.figures.words import LEAST, LOWER, MEDIAN, MOST, NAMED, UPPER
from curriculum_studio.formats.header import Path

MOST_BOXES, MOST_POINTS = 8, 200
_BOX = 30.0


@dataclass(frozen=True, slots=True)
class Spread:
    """One box: its name, the five numbers, and the values that stand apart."""

    name: str
    five: tuple[Fraction, ...]
    apart: tuple[Fraction, ...] = ()


def box_plot(fields: Fields, room: Room) -> Drawn:
    """Box plots over one number line."""
    fields.knows(*COMMON, "summary", "values", "from", "to", "step", "label", "outliers", "show-values")
    if fields.has("summary") == fields.has("values"):
        fields.problem("Write either “summary” or “values”.")
    outliers, shown = fields.flag("outliers", False), fields.flag("show-values", False)
    if outliers and fields.has("summary"):
        fields.problem("Values that stand apart can be found among “values” only.", "outliers")
    rows = _rows(fields, "summary" if fields.has("summary") else "values")
    if len(rows) > MOST_BOXES:
        fields.problem(f"At most {MOST_BOXES} boxes stand in one plot.", *rows[0][2])
    fields.done()
    spreads = [_spread(fields, row, outliers) for row in rows]
    scale = data_scale(fields, [number for _, numbers, _ in rows for number in numbers])
    for spread, (_, _, path) in zip(spreads, rows, strict=True):
        for value in (*spread.five, *spread.apart):
            if not scale.holds(value):
                fields.problem(f"{plain(value)} lies outside the line.", *path)
                break
    fields.done()
    names = [label(spread.name, 130) for spread in spreads]
    beside = max(
        (name.width + 18 for name, spread in zip(names, spreads, strict=True) if spread.name), default=0
    )
    scale = scale.on(0, max(room.wide(520) - 40 - beside, 100))
    scene = Scene()
    y = 0.0
    for spread, name in zip(spreads, names, strict=True):
        y = _draw_box(scene, scale, spread, y, shown)
        if spread.name:
            scene.label(name, -16, y - _BOX / 2, -1, 0)
        y += 20
    scene.line((-8, y), (scale.end + 8, y), 1.6)
    axis_across(scene, scale, y)
    table = Table(
        (scale.words, LEAST, LOWER, MEDIAN, UPPER, MOST),
        tuple((spread.name, *(plain(value) for value in _ends(spread))) for spread in spreads),
    )
    return Drawn(scene, table)


def _ends(spread: Spread) -> list[Fraction]:
    every = [*spread.five, *spread.apart]
    return [min(every), *spread.five[1:4], max(every)]


def _rows(fields: Fields, key: str) -> list[tuple[str, list[Exact], Path]]:
    value = fields.values.get(key, "")
    if isinstance(value, dict):
        inner = fields.inner(tuple(value), key)
        return [(name, inner.counted(name), (key, name)) for name in value]
    return [("", fields.numbers(key), (key,))]


def _spread(fields: Fields, row: tuple[str, list[Exact], Path], outliers: bool) -> Spread:
    name, numbers, path = row
    values = [number.value for number in numbers]
    if path[0] == "summary":
        if len(values) != 5 or any(b < a for a, b in pairwise(values)):
            fields.problem("A summary is five numbers in order: smallest, first quartile, median, third quartile, largest.", *path)  # fmt: skip
            return Spread(name, (Fraction(0),) * 5)
        return Spread(name, tuple(values))
    values.sort()
    if len(values) < 4:
        fields.problem("A box needs at least four values.", *path)
        return Spread(name, (Fraction(0),) * 5)
    half = len(values) // 2
    low, mid, high = _median(values[:half]), _median(values), _median(values[-half:])
    far = (high - low) * Fraction(3, 2) if outliers else None
    kept = [v for v in values if far is None or low - far <= v <= high + far]
    apart = tuple(v for v in values if v not in kept) if far is not None else ()
    return Spread(name, (kept[0], low, mid, high, kept[-1]), apart)


def _median(values: Sequence[Fraction]) -> Fraction:
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def _draw_box(scene: Scene, scale: Scale, spread: Spread, y: float, shown: bool) -> float:
    """Draws a box whose top is at `y`, below its numbers where they are shown; the bottom of it."""
    low, first, middle, third, high = (scale.at(value) for value in spread.five)
    if shown:
        y = _draw_numbers(scene, scale, spread, y)
    center, bottom = y + _BOX / 2, y + _BOX
    scene.line((low, center), (first, center), 1.6)
    scene.line((third, center), (high, center), 1.6)
    for x in (low, high):
        scene.line((x, center - 8), (x, center + 8), 1.6)
    scene.rect(first, y, third - first, _BOX, 1.6, "light")
    scene.line((middle, y), (middle, bottom), 3)
    for value in sorted(set(spread.apart)):
        scene.dot(scale.at(value), center, 3.5)
    return bottom


def _draw_numbers(scene: Scene, scale: Scale, spread: Spread, top: float) -> float:
    """The five numbers above a box, in as many rows as they need; where the box begins."""
    rows: list[float] = []
    places: list[tuple[float, int, str]] = []
    for value in sorted(set(spread.five)):
        words, x = plain(value), scale.at(value)
        half = label(words).width / 2 + 3
        row = next((i for i, end in enumerate(rows) if end <= x - half), len(rows))
        rows[row : row + 1] = [x + half]
        places.append((x, row, words))
    high = max(label(words).height for _, _, words in places) + 1
    y = top + high * len(rows) + 3
    for x, row, words in places:
        scene.label(words, x, y - 3 - high * row, 0, -1)
    return y


def scatter_plot(fields: Fields, room: Room) -> Drawn:
    """Points over two axes, with a line of fit where one is given."""
    fields.knows(*COMMON, "points", "x", "y", "x-label", "y-label", "line", "grid")
    fields.need("points")
    named = fields.named_points("points")
    if fields.has("points") and not 1 <= len(named) <= MOST_POINTS:
        fields.problem(f"Between 1 and {MOST_POINTS} points are expected.", "points")
    fields.done()
    xs = _axis(fields, "x", [x for _, x, _ in named])
    ys = _axis(fields, "y", [y for _, _, y in named])
    grid = fields.flag("grid", False)
    plane = open_plane(xs, ys, room, 460, grid=grid, numbers=True, even=False)
    read_points(fields, plane)
    fields.done()
    scene = plane.scene
    for _, x, y in named:
        scene.dot(*plane.at(x.value, y.value), 3.5)
    if fields.has("line"):
        _fit(fields, plane)
    fields.done()
    for name, x, y in named:
        if name:
            scene.place(name, around(*plane.at(x.value, y.value)))
    name_axes(plane)
    heads = (xs.words or "x", ys.words or "y")
    if any(name for name, _, _ in named):
        return Drawn(scene, Table((NAMED, *heads), tuple((name, x.text, y.text) for name, x, y in named)))
    return Drawn(scene, Table(heads, tuple((x.text, y.text) for _, x, y in named)))


def _axis(fields: Fields, key: str, values: Sequence[Exact]) -> Scale:
    low, high = min(v.value for v in values), max(v.value for v in values)
    # An axis begins at zero unless that would press the points together.
    if 0 <= low <= high / 2 or high == low:
        low = min(low, Fraction(0))
    high = high if high > low else low + 1
    step = nice_step(high - low)
    return read_axis(fields, key, plain(low // step * step), plain(-(-high // step) * step))


def _fit(fields: Fields, plane: Plane) -> None:
    """The line that the author gives, not one that is computed."""
    try:
        line = line_of(fields.text("line"))
    except ValueError as error:
        fields.problem(str(error), "line")
        return
    ends = cut_line(line, plane.window) if line else []
    if not line:
        fields.problem("A line is written y = 2x + 1.", "line")
    elif not ends:
        fields.problem("This line nowhere touches the plane.", "line")
    else:
        plane.scene.line(plane.at(*ends[0]), plane.at(*ends[1]), 1.8)
