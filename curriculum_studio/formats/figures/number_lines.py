"""Hides how number lines are drawn: ticks, points, jumps and intervals on one line, or two lines tied together."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from curriculum_studio.formats.figures.exact import Exact, read_exact
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scales import MAX_TICKS, Scale, read_scale
from curriculum_studio.formats.figures.scene import Point, Scene, Spot
from curriculum_studio.formats.figures.text import label

_KEYS = (
    "from", "to", "step", "numbers", "fractions", "minor", "blanks", "labels", "points", "jumps", "intervals", "arrows",
    "label", "direction",
)  # fmt: skip
_FORMS = {"mixed": "same", "lowest": "lowest", "improper": "improper"}
_CHAIN = re.compile(
    r"(.{1,40}?)[ ]*(<=|>=|≤|≥|<|>)[ ]*([^<>≤≥=]{1,40})(?:(<=|>=|≤|≥|<|>)[ ]*([^<>≤≥=]{1,40}))?"
)
_LETTER = re.compile(r"\$?[A-Za-z]\$?")
MAX_JUMPS = 60


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers between two ends; None where it goes on."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool
    high_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line on the page: `along` is a scale, `off` is the distance from the line on its free side."""

    scale: Scale
    up: bool
    y: float = 0
    side: int = 1

    def at(self, value: Fraction, off: float = 0) -> Point:
        return self.place(self.scale.at(value), off)

    def place(self, along: float, off: float = 0) -> Point:
        return (off, along) if self.up else (along, self.y - off * self.side)


def number_line(fields: Fields, room: Room) -> Drawn:
    """A number line."""
    fields.knows(*COMMON, *_KEYS)
    form = _FORMS[fields.one_of("fractions", tuple(_FORMS))]
    scale = read_scale(fields, form=form)
    numbers = _numbers(fields, scale)
    minor = _minor(fields, scale)
    blanks = _places(fields, "blanks", scale, ticks=True)
    words = _words(fields, scale)
    points = _points(fields, scale)
    jumps = _jumps(fields, scale)
    intervals = _intervals(fields, scale)
    arrows = fields.one_of("arrows", ("both", "right", "left", "none"))
    up = fields.one_of("direction", ("across", "up")) == "up"
    name = fields.text("label")
    fields.done()
    length = room.wide(300 if up else 520) - 40
    line = Line(scale.on(length, 0) if up else scale.on(0, length), up)
    scene = Scene()
    _draw_line(scene, line, arrows, minor, intervals)
    _draw_numbers(scene, line, numbers, blanks, words)
    for start, end, _ in jumps:
        draw_arc(scene, line, start, end)
    for _, value in points:
        scene.dot(*line.at(value))
    for start, end, what in jumps:
        if what:
            scene.place(what, arc_spots(line, start, end))
    for what, value in points:
        if what:
            scene.place(what, _spots(line, value))
    _name_line(scene, line, name)
    return Drawn(scene)


def _numbers(fields: Fields, scale: Scale) -> list[tuple[Fraction, str]] | int:
    """Which ticks get numbers: a list of them, or how many ticks from one to the next."""
    word = fields.text("numbers") or "all"
    if word == "all":
        return 0
    if word in ("none", "no"):
        return []
    if word == "ends":
        ticks = scale.ticks()
        return [(tick, scale.style.write(tick)) for tick in (ticks[0], ticks[-1])]
    value = fields.number("numbers").value / scale.step
    if value.denominator != 1 or value < 1:
        fields.problem("“numbers” is all, none, ends, or a multiple of “step”.", "numbers")
        return 0
    return int(value)


def _minor(fields: Fields, scale: Scale) -> list[Fraction]:
    if not fields.has("minor"):
        return []
    size = fields.number("minor").value
    if size <= 0 or (scale.step / size).denominator != 1:
        fields.problem("“minor” divides “step” into equal pieces.", "minor")
        return []
    if (scale.high - scale.low) / size > 2 * MAX_TICKS:
        fields.problem(f"There would be more than {2 * MAX_TICKS} small ticks.", "minor")
        return []
    return [tick for tick in replace(scale, step=size).ticks() if (tick - scale.ticks()[0]) % scale.step]


def _inside(fields: Fields, scale: Scale, value: Fraction, *path: str | int) -> bool:
    if scale.holds(value):
        return True
    fields.problem(
        f"{scale.style.write(value)} lies outside the line, which goes from {scale.style.write(scale.low)}"
        f" to {scale.style.write(scale.high)}.",
        *path,
    )
    return False


def _places(fields: Fields, key: str, scale: Scale, *, ticks: bool) -> list[Fraction]:
    found = []
    for item, path in fields.items(key):
        value = fields.exact(item, *path).value
        if _inside(fields, scale, value, *path):
            found.append(value)
            if ticks and (value - scale.ticks()[0]) % scale.step:
                fields.problem(f"There is no tick at {scale.style.write(value)}.", *path)
    return found


def _words(fields: Fields, scale: Scale) -> list[tuple[Fraction, str]]:
    found = []
    for name, words in fields.table("labels").items():
        value = fields.exact(name, "labels", name).value
        if _inside(fields, scale, value, "labels", name):
            found.append((value, words if isinstance(words, str) else ""))
    return found


def _points(fields: Fields, scale: Scale) -> list[tuple[str, Fraction]]:
    value = fields.values.get("points")
    paths = (
        [("points", name) for name in value]
        if isinstance(value, dict)
        else [p for _, p in fields.items("points")]
    )
    found = fields.named_numbers("points")
    return [
        (name, place.value)
        for (name, place), path in zip(found, paths, strict=False)
        if _inside(fields, scale, place.value, *path)
    ]


def _jumps(fields: Fields, scale: Scale) -> list[tuple[Fraction, Fraction, str]]:
    found: list[tuple[Fraction, Fraction, str]] = []
    for place, words, path in fields.noted("jumps"):
        span = fields.read_span(place, *path)
        if span is None:
            continue
        start, end, step = span[0].value, span[1].value, span[2]
        if not (_inside(fields, scale, start, *path) and _inside(fields, scale, end, *path)):
            continue
        count = abs(end - start) / step.value if step else Fraction(1)
        if start == end:
            fields.problem("A jump goes from one number to another.", *path)
        elif count.denominator != 1:
            fields.problem(f"Jumps of {step.text if step else ''} do not end at {span[1].text}.", *path)
        elif len(found) + count > MAX_JUMPS:
            fields.problem(f"There are more than {MAX_JUMPS} jumps.", *path)
        else:
            each = (end - start) / count
            found += [(start + each * i, start + each * (i + 1), words) for i in range(int(count))]
    return found


def _intervals(fields: Fields, scale: Scale) -> list[Interval]:
    found = []
    for text, _, path in fields.noted("intervals"):
        one = _interval(text)
        if one is None:
            fields.problem("An interval is written x < 2, x >= -1 or -1 < x <= 3.", *path)
            continue
        ends = [end for end in (one.low, one.high) if end is not None]
        if all(_inside(fields, scale, end, *path) for end in ends):
            if len(ends) == 2 and ends[0] >= ends[1]:
                fields.problem("No number lies in this interval.", *path)
            found.append(one)
    return found


def _interval(text: str) -> Interval | None:
    match = _CHAIN.fullmatch(text.strip())
    if match is None:
        return None
    first, sign, second, sign2, third = (part.strip() if part else "" for part in match.groups())
    try:
        if not third:
            if _LETTER.fullmatch(first):
                return _one_sided(sign, read_exact(second))
            return _one_sided(_turned(sign), read_exact(first)) if _LETTER.fullmatch(second) else None
        if not _LETTER.fullmatch(second) or _is_less(sign) != _is_less(sign2):
            return None
        low, high, signs = read_exact(first).value, read_exact(third).value, (sign, sign2)
    except ValueError:
        return None
    if not _is_less(sign):
        low, high, signs = high, low, (sign2, sign)
    return Interval(low, high, signs[0] in "<>", signs[1] in "<>")


def _one_sided(sign: str, end: Exact) -> Interval:
    open_ = sign in "<>"
    return (
        Interval(None, end.value, True, open_) if _is_less(sign) else Interval(end.value, None, open_, True)
    )


def _is_less(sign: str) -> bool:
    return sign[0] in "<≤"


def _turned(sign: str) -> str:
    return {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "≤": "≥", "≥": "≤"}[sign]


def _draw_line(scene: Scene, line: Line, arrows: str, minor: Sequence[Fraction], intervals: Sequence[Interval]) -> None:  # fmt: skip
    low, high = line.scale.at(line.scale.low), line.scale.at(line.scale.high)
    ahead = -1 if line.up else 1
    for arrow, end, way in (("left", low, -ahead), ("right", high, ahead)):
        if arrows in (arrow, "both"):
            scene.arrow(line.place(end + 20 * way), line.place(end))
    start = low - ahead * (14 if arrows in ("left", "both") else 0)
    stop = high + ahead * (14 if arrows in ("right", "both") else 0)
    scene.line(line.place(start), line.place(stop), under=True)
    for tick in line.scale.ticks():
        scene.line(line.at(tick, 7), line.at(tick, -7), 1.4, under=True)
    for tick in minor:
        scene.line(line.at(tick, 4), line.at(tick, -4), 1, under=True)
    levels = _levels(intervals)
    for one, level in zip(intervals, levels, strict=True):
        _draw_interval(scene, line, one, 14.0 * level)


def _levels(intervals: Sequence[Interval]) -> list[int]:
    """On the line where they lie apart; each a step higher where they overlap."""
    spans = sorted(
        (float("-inf") if i.low is None else float(i.low), float("inf") if i.high is None else float(i.high))
        for i in intervals
    )
    apart = all(a[1] < b[0] for a, b in itertools.pairwise(spans))
    return [0] * len(intervals) if apart else list(range(1, len(intervals) + 1))


def _draw_interval(scene: Scene, line: Line, one: Interval, off: float) -> None:
    ahead = -1 if line.up else 1
    ends: list[float] = []
    for end, open_, edge, way in (
        (one.low, one.low_open, line.scale.low, -ahead),
        (one.high, one.high_open, line.scale.high, ahead),
    ):
        if end is None:
            along = line.scale.at(edge)
            scene.arrow(line.place(along + 20 * way, off), line.place(along, off), 10)
            ends.append(along + 12 * way)
            continue
        ends.append(line.scale.at(end))
        x, y = line.at(end, off)
        if open_:
            scene.ring(x, y, 5)
        else:
            scene.dot(x, y, 5)
    scene.line(line.place(ends[0], off), line.place(ends[1], off), 4, under=True)


def _draw_numbers(
    scene: Scene,
    line: Line,
    numbers: list[tuple[Fraction, str]] | int,
    blanks: Sequence[Fraction],
    words: Sequence[tuple[Fraction, str]],
) -> None:
    chosen = dict([*((value, "_") for value in blanks), *words])
    room = abs(line.scale.end - line.scale.start) * float(
        line.scale.step / (line.scale.high - line.scale.low)
    )
    for value, what in chosen.items():
        set_ = label(what, 0 if line.up else max(room * 1.6, 70))
        scene.label(set_, *_below(line, value))
    shown = (
        numbers
        if isinstance(numbers, list)
        else replace(line.scale, every=numbers).labelled(across=not line.up)
    )
    for value, what in shown:
        set_ = label(what)
        spot = _below(line, value)
        if value not in chosen and not scene.blocked(set_, spot):
            scene.label(set_, *spot)


def _below(line: Line, value: Fraction) -> Spot:
    x, y = line.at(value, -10)
    return (x, y, -1, 0) if line.up else (x, y, 0, 1)


def _spots(line: Line, value: Fraction) -> list[Spot]:
    if line.up:
        return [(*line.at(value, off), 1, side) for off in (10, 30, 52) for side in (0, -1, 1)]
    return [
        (x + side * 4, y, side, -1)
        for off in (9, 26, 43, 60, 77)
        for x, y in [line.at(value, off)]
        for side in (0, 1, -1)
    ]


def _height(line: Line, start: Fraction, end: Fraction) -> float:
    return min(16 + abs(line.scale.at(end) - line.scale.at(start)) * 0.22, 72)


def draw_arc(scene: Scene, line: Line, start: Fraction, end: Fraction, lift: float = 7) -> None:
    """An arc with an arrow from one number to another; `lift` is how far from the line it begins."""
    a, b, high = line.scale.at(start), line.scale.at(end), _height(line, start, end)
    # A cubic whose control points stand at 4/3 of the height rises to exactly that height.
    lean = (b - a) * 0.12
    way = [(a, lift), (a + lean, lift + high * 4 / 3), (b - lean, lift + high * 4 / 3), (b, lift)]
    points = [line.place(*one) for one in way]
    d = "M{} {}C{} {} {} {} {} {}".format(*(f"{v:.2f}" for point in points for v in point))
    curve = [line.place(*_cubic(way, i / 12)) for i in range(13)]
    scene.reach(curve, 1)
    scene.avoid(*curve)
    scene.drawn(d, 1.5)
    scene.arrow(points[3], line.place(*_cubic(way, 0.9)), 8)


def _cubic(way: Sequence[Point], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return (
        sum(w * p[0] for w, p in zip(weights, way, strict=True)),
        sum(w * p[1] for w, p in zip(weights, way, strict=True)),
    )


def arc_spots(line: Line, start: Fraction, end: Fraction, lift: float = 7) -> list[Spot]:
    """Where the words of an arc may stand: beyond its top."""
    middle = (line.scale.at(start) + line.scale.at(end)) / 2
    high = lift + _height(line, start, end)
    found: list[Spot] = []
    for off in (high + 7, high + 20, high + 37):
        x, y = line.place(middle, off)
        found.append((x, y, 1, 0) if line.up else (x, y, 0, -line.side))
    return found


def _name_line(scene: Scene, line: Line, name: str) -> None:
    if not name:
        return
    if line.up:
        scene.label(label(name, 200), 0, scene.frame[1] - 4, 0, -1)
    else:
        middle = (line.scale.start + line.scale.end) / 2
        scene.label(label(name, line.scale.end), middle, scene.frame[3] + 4, 0, 1)
