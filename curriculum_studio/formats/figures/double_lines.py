"""Hides how two number lines are tied together: where each pair of numbers stands, and whether it can stand there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from curriculum_studio.formats.figures.exact import Style, plain, read_exact
from curriculum_studio.formats.figures.number_lines import Line, arc_spots, draw_arc
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scales import Scale
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.text import label

MOST = 25
_NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One of the two lines: its name, what stands at each tick, the numbers among these, and its jumps."""

    key: str
    name: str
    words: tuple[str, ...]
    values: tuple[Fraction | None, ...]
    jumps: tuple[tuple[int, int, str], ...]


def double_number_line(fields: Fields, room: Room) -> Drawn:
    """Two number lines whose ticks stand one above the other."""
    fields.knows(*COMMON, "top", "bottom")
    fields.need("top", "bottom")
    rows = [_row(fields, key) for key in ("top", "bottom")]
    fields.done()
    top, bottom = rows
    if len(top.words) != len(bottom.words):
        fields.problem(
            f"“top” has {len(top.words)} numbers and “bottom” {len(bottom.words)}; both need the same.",
            "bottom",
        )
    elif not 2 <= len(top.words) <= MOST:
        fields.problem(f"Between 2 and {MOST} numbers stand on a line.", "top")
    fields.done()
    places = _places(fields, rows)
    fields.done()
    return Drawn(_draw(rows, places, room))


def _row(fields: Fields, key: str) -> Row:
    inner = fields.inner(("label", "numbers", "jumps"), key)
    if fields.has(key):
        inner.need("numbers")
    words = tuple(inner.texts("numbers"))
    values = tuple(_number(word) for word in words)
    jumps = []
    for place, what, path in inner.noted("jumps"):
        span = inner.read_span(place, *path)
        ends = [end.value for end in span[:2]] if span else []
        missing = [end for end in ends if end not in values]
        for end in missing:
            inner.problem(f"{plain(end)} is no number of this line.", *path)
        if ends and not missing and ends[0] != ends[1]:
            jumps.append((values.index(ends[0]), values.index(ends[1]), what))
    return Row(key, inner.text("label"), words, values, tuple(jumps))


def _number(word: str) -> Fraction | None:
    try:
        return read_exact(word).value
    except ValueError:
        return None


def _places(fields: Fields, rows: Sequence[Row]) -> list[Fraction]:
    """Where each pair stands, 0 to 1: even where all known numbers allow it, else where their values say."""
    count = len(rows[0].words)
    even = [Fraction(i, count - 1) for i in range(count)]
    for row in rows:
        known = [(i, v) for i, v in enumerate(row.values) if v is not None]
        for (_, a), (i, b) in pairwise(known):
            if b <= a:
                fields.problem(
                    f"{row.words[i]} is not greater than the number before it.", row.key, "numbers", i
                )
                return even
    if all(_fits(row.values, even) is None for row in rows):
        return even
    for row in rows:
        places = _true(row.values)
        if places is not None:
            other = rows[1] if row is rows[0] else rows[0]
            wrong = _fits(other.values, places)
            if wrong is not None:
                fields.problem(
                    f"{other.words[wrong]} cannot stand below or above {row.words[wrong]}: "
                    f"the two lines would not keep one scale each.",
                    other.key, "numbers", wrong,
                )  # fmt: skip
            return places
    row = next(row for row in rows if _fits(row.values, even) is not None)
    wrong = _fits(row.values, even) or 0
    fields.problem(
        f"{row.words[wrong]} is not evenly spaced with the others, and no line has all its numbers known.",
        row.key, "numbers", wrong,
    )  # fmt: skip
    return even


def _fits(values: Sequence[Fraction | None], places: Sequence[Fraction]) -> int | None:
    """The first known number that is off the straight scale through the first two; None where all are on it."""
    known = [(places[i], v, i) for i, v in enumerate(values) if v is not None]
    if len(known) < 3:
        return None
    (p, v, _), (q, w, _) = known[:2]
    return next((i for r, u, i in known[2:] if (u - v) * (q - p) != (w - v) * (r - p)), None)


def _true(values: Sequence[Fraction | None]) -> list[Fraction] | None:
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return None
    low, high = known[0], known[-1]
    return [(v - low) / (high - low) for v in known]


def _draw(rows: Sequence[Row], places: Sequence[Fraction], room: Room) -> Scene:
    scene = Scene()
    names = [label(row.name, 130) if row.name else None for row in rows]
    beside = max((name.width + 26 for name in names if name), default=6)
    length = max(room.wide(580) - 34 - beside, 120)
    scale = Scale(Fraction(0), Fraction(1), Fraction(1), Style(), 0, length)
    tall = max(label(word).height for word in rows[0].words if word)
    low = 66 + max(tall - 17, 0)
    for row, name, y, side in ((rows[0], names[0], 0.0, -1), (rows[1], names[1], low, 1)):
        line = Line(scale, up=False, y=y, side=-side)
        scene.line((0, y), (length + 14, y), under=True)
        scene.arrow((length + 20, y), (length, y))
        for place, word in zip(places, row.words, strict=True):
            x = scale.at(place)
            scene.line((x, y - 7), (x, y + 7), 1.4, under=True)
            if word != _NOTHING:
                scene.label(word, x, y + side * 11, 0, side)
        edge = scene.frame[1] if side < 0 else scene.frame[3]
        for start, end, _ in row.jumps:
            draw_arc(scene, line, places[start], places[end], lift=abs(edge - y) + 2)
        for start, end, what in row.jumps:
            if what:
                scene.place(what, arc_spots(line, places[start], places[end], lift=abs(edge - y) + 2))
        if name:
            scene.place(name, [(-22, y, -1, 0)])
    return scene
