"""Hides how two axes are laid out: window, unit, grid, arrows, numbers and names of a plane."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.formats.figures.curves import Floats, Window
from curriculum_studio.formats.figures.exact import Exact, nice_step, style_of
from curriculum_studio.formats.figures.reading import Fields, Room
from curriculum_studio.formats.figures.scales import Scale
from curriculum_studio.formats.figures.scene import Point, Scene, Spot, n
from curriculum_studio.formats.figures.text import label

MAX_TICKS = 60
_BEYOND = 12.0


@dataclass(frozen=True, slots=True)
class Plane:
    """Two scales on a scene, and the window that they show."""

    scene: Scene
    xs: Scale
    ys: Scale

    @property
    def window(self) -> Window:
        return Window(self.xs.low, self.xs.high, self.ys.low, self.ys.high)

    def at(self, x: Fraction | float, y: Fraction | float) -> Point:
        """Where a point of the plane stands on the page."""
        return self.xs.at(x), self.ys.at(y)

    def path(self, points: list[Floats]) -> list[Point]:
        return [self.at(x, y) for x, y in points]


def read_axis(fields: Fields, key: str, low: str, high: str) -> Scale:
    """The scale of `x` or `y`: `0 to 10 by 2`. Faults are noted, and a scale comes back that can be used."""
    first, last, step = fields.span(key, low, high)
    if last.value <= first.value:
        fields.problem("The second number of a range is greater than the first.", key)
        return Scale(Fraction(0), Fraction(1), Fraction(1), style_of())
    span = last.value - first.value
    # Whole numbers are counted one by one while there is room; then by round steps.
    size = step.value if step else (Fraction(1) if span <= 20 and span.denominator == 1 else nice_step(span))
    if span / size > MAX_TICKS:
        fields.problem(f"There would be more than {MAX_TICKS} lines; make the step larger.", key)
        size = span
    typed = [one for one in (first, last, step) if one is not None]
    if step is None and size.denominator != 1:
        typed.append(Exact(size, f"{float(size):g}"))
    words = fields.text(f"{key}-label")
    return Scale(first.value, last.value, size, style_of(*typed), words=words, zeroed=True)


def open_plane(
    xs: Scale, ys: Scale, room: Room, usual: float, *, grid: bool, numbers: bool, even: bool
) -> Plane:
    """The scene of a plane with its grid, axes and numbers. With `even` both axes have one unit where that fits."""
    scene = Scene()
    wide = max(room.wide(usual) - 60, 100)
    ratio = float((ys.high - ys.low) / (xs.high - xs.low))
    same = even and xs.step == ys.step and 0.3 <= ratio <= 2.5
    if same and ratio > 1.25:
        wide *= 1.25 / ratio
    high = wide * (ratio if same else 0.72)
    plane = Plane(scene, xs.on(0, wide), ys.on(high, 0))
    # The axes stand at zero, or at the edge where zero is not shown.
    at_x = plane.xs.at(min(max(Fraction(0), xs.low), xs.high))
    at_y = plane.ys.at(min(max(Fraction(0), ys.low), ys.high))
    if grid:
        _grid(plane, wide, high)
    _axes(plane, at_x, at_y, wide, high)
    if numbers:
        _numbers(plane, at_x, at_y)
    return plane


def _grid(plane: Plane, wide: float, high: float) -> None:
    d = "".join(f"M{n(plane.xs.at(x))} 0V{n(high)}" for x in plane.xs.ticks())
    d += "".join(f"M0 {n(plane.ys.at(y))}H{n(wide)}" for y in plane.ys.ticks())
    plane.scene.drawn(d, 0.8, under=True, faint=True)
    plane.scene.reach(((0, 0), (wide, high)), 1)


def _axes(plane: Plane, at_x: float, at_y: float, wide: float, high: float) -> None:
    scene = plane.scene
    left = -_BEYOND if plane.xs.low < 0 else 0.0
    low = high + _BEYOND if plane.ys.low < 0 else high
    scene.curve(((left, at_y), (wide + _BEYOND, at_y)), 1.6)
    scene.curve(((at_x, low), (at_x, -_BEYOND)), 1.6)
    scene.arrow((wide + _BEYOND + 6, at_y), (0, at_y))
    scene.arrow((at_x, -_BEYOND - 6), (at_x, high))
    if left:
        scene.arrow((left - 6, at_y), (wide, at_y))
    if low > high:
        scene.arrow((at_x, low + 6), (at_x, 0))
    d = "".join(f"M{n(plane.xs.at(x))} {n(at_y - 3)}v6" for x in plane.xs.ticks())
    d += "".join(f"M{n(at_x - 3)} {n(plane.ys.at(y))}h6" for y in plane.ys.ticks())
    scene.stroke(d, 1.2)


def _numbers(plane: Plane, at_x: float, at_y: float) -> None:
    scene = plane.scene
    inside = (plane.xs.low < 0 < plane.xs.high, plane.ys.low < 0 < plane.ys.high)
    for value, words in plane.xs.labelled():
        if not (value == 0 and inside[1]):
            _number(scene, words, (plane.xs.at(value), at_y + 5, 0, 1))
    for value, words in plane.ys.labelled(across=False):
        if not (value == 0 and inside[0]):
            _number(scene, words, (at_x - 6, plane.ys.at(value), -1, 0))


def _number(scene: Scene, words: str, spot: Spot) -> None:
    if not scene.blocked(label(words), spot):
        scene.label(words, *spot)


def name_axes(plane: Plane) -> None:
    """The names of the axes: below the plane, and level above it; x and y at the arrows where no name is given."""
    scene, xs, ys = plane.scene, plane.xs, plane.ys
    if not xs.words:
        y = plane.ys.at(min(max(Fraction(0), ys.low), ys.high))
        scene.place("$x$", [(xs.end + _BEYOND + 9, y, 1, side) for side in (0, -1, 1)])
    if not ys.words:
        x = plane.xs.at(min(max(Fraction(0), xs.low), xs.high))
        scene.place("$y$", [(x + side * 8, -_BEYOND - 8, side, -1) for side in (0, 1, -1)])
    if xs.words and xs.words != "-":
        scene.label(label(xs.words, max(xs.end, 120)), xs.end / 2, scene.frame[3] + 5, 0, 1)
    if ys.words and ys.words != "-":
        scene.label(label(ys.words, max(xs.end, 120)), scene.frame[0] + 1, scene.frame[1] - 4, 1, -1)


def around(x: float, y: float, near: float = 7) -> list[Spot]:
    """Where the name of a point may stand: at its upper right first, then around it, then farther off."""
    found: list[Spot] = []
    for off in (near, near + 10, near + 22, near + 36):
        slant = off * 0.7
        found += [
            (x + slant, y - slant, 1, -1), (x - slant, y - slant, -1, -1), (x + slant, y + slant, 1, 1),
            (x - slant, y + slant, -1, 1), (x, y - off, 0, -1), (x, y + off, 0, 1), (x + off, y, 1, 0), (x - off, y, -1, 0),
        ]  # fmt: skip
    return found
