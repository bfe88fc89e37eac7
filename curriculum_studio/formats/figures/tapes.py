"""Hides how tapes and strips are drawn: bars cut into parts, to one scale, with braces and shading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from curriculum_studio.formats.figures.exact import Exact, read_exact
from curriculum_studio.formats.figures.marks import NOTHING, brace_across, brace_up, counted
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, FigureError, Room
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.text import label
from curriculum_studio.formats.header import Path

_BAR_KEYS = ("parts", "label", "sizes", "shaded", "total", "braces")
MOST_PARTS, MOST_BARS, MOST_WHOLE, MOST_STRIPS, MOST_WHOLES = 40, 8, 24, 12, 4
_HIGH = 34.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One tape as it was read: words and size of each part, and what is marked on it."""

    fields: Fields
    name: str
    words: tuple[tuple[str, Path], ...]
    sizes: tuple[Fraction, ...]
    shaded: frozenset[int]
    total: str
    braces: tuple[tuple[int, int, str], ...]


def tape_diagram(fields: Fields, room: Room) -> Drawn:
    """Tapes, one below the other, in one scale."""
    several = fields.has("bars")
    fields.knows(*COMMON, *(("bars", "total") if several else _BAR_KEYS))
    rows = list(fields.maps("bars", _BAR_KEYS)) if several else [fields]
    if several and not 1 <= len(rows) <= MOST_BARS:
        fields.problem(f"Between 1 and {MOST_BARS} bars stand in one diagram.", "bars")
        fields.done()
    parts = [tuple(counted(row, "parts", MOST_PARTS)) for row in rows]
    scaled = all(_size(word) is not None for words in parts for word, _ in words)
    bars = [_bar(row, words, scaled) for row, words in zip(rows, parts, strict=True)]
    total = fields.text("total") if several else ""
    fields.done()
    names = max((label(bar.name, 120).width + 10 for bar in bars if bar.name), default=0)
    beside = label(total, 110).width + 32 if total else 0
    width = max(room.wide(520) - names - beside - 8, 100)
    unit = width / float(max(sum(bar.sizes) for bar in bars))
    for bar in bars:
        _check_room(bar, unit)
    fields.done()
    return Drawn(_draw_tapes(bars, unit, total))


def _size(word: str) -> Fraction | None:
    try:
        value = read_exact(word).value
    except ValueError:
        return None
    return value if value > 0 else None


def _bar(row: Fields, words: tuple[tuple[str, Path], ...], scaled: bool) -> Bar:
    if not words and row.has("parts"):
        row.problem("A bar has at least one part.", "parts")
    row.need("parts")
    sizes = [_size(word) or Fraction(1) if scaled else Fraction(1) for word, _ in words]
    if row.values.get("sizes") == "equal":
        sizes = [Fraction(1)] * len(words)
    elif row.has("sizes"):
        sizes = [size.value for size in row.numbers("sizes")]
        if len(sizes) != len(words):
            row.problem(f"There are {len(words)} parts and {len(sizes)} sizes.", "sizes")
        if any(size <= 0 for size in sizes):
            row.problem("A size is greater than zero.", "sizes")
            sizes = [Fraction(1)]
    braces = []
    for place, what, path in row.noted("braces"):
        span = row.read_span(place, *path) if " " in place.strip() else None
        first, last = (row.whole(v, 1, max(len(words), 1), *path) for v in ((span[0].text, span[1].text) if span else (place, place)))  # fmt: skip
        if first > last:
            row.problem("A brace goes from an earlier part to a later one.", *path)
        braces.append((first - 1, last, what))
    return Bar(
        row, row.text("label"), words, tuple(sizes) or (Fraction(1),), _shaded(row, len(words)), row.text("total"),
        tuple(braces),
    )  # fmt: skip


def _shaded(row: Fields, count: int) -> frozenset[int]:
    if not row.has("shaded"):
        return frozenset()
    if isinstance(row.values["shaded"], str):
        return frozenset(range(row.count("shaded", 0, 0, count)))
    return frozenset(row.whole(item, 1, max(count, 1), *path) - 1 for item, path in row.items("shaded"))


def _check_room(bar: Bar, unit: float) -> None:
    for (word, path), size in zip(bar.words, bar.sizes, strict=True):
        wide = float(size) * unit
        if wide < 4 or (word != NOTHING and label(word).width + 5 > wide):
            bar.fields.problem(
                f"The part “{word[:24]}” is too narrow for its words; give “sizes”, or a larger width.", *path
            )


def _draw_tapes(bars: Sequence[Bar], unit: float, total: str) -> Scene:
    scene = Scene()
    y = 0.0
    first = True
    right = 0.0
    for bar in bars:
        edges = [0.0]
        for size in bar.sizes:
            edges.append(edges[-1] + float(size) * unit)
        right = max(right, edges[-1])
        if bar.total:
            tall = label(bar.total, max(edges[-1], 90)).height
            y += 0 if first else tall + 20
            tip = brace_across(scene, 0, edges[-1], y - 5, -1)
            scene.label(label(bar.total, max(edges[-1], 90)), edges[-1] / 2, tip - 2, 0, -1)
        for i, (word, _) in enumerate(bar.words):
            fill = "hatch" if i in bar.shaded else ""
            scene.rect(edges[i], y, edges[i + 1] - edges[i], _HIGH, 1.5, fill)
            if word != NOTHING:
                scene.label(word, (edges[i] + edges[i + 1]) / 2, y + _HIGH / 2)
        if bar.name:
            scene.label(label(bar.name, 120), -10, y + _HIGH / 2, -1, 0)
        bottom = y + _HIGH
        for start, end, what in bar.braces:
            tip = brace_across(scene, edges[start] + 1, edges[end] - 1, y + _HIGH + 5, 1)
            bottom = max(bottom, tip)
            if what:
                words = label(what, max(edges[end] - edges[start], 60))
                bottom = max(
                    bottom, scene.label(words, (edges[start] + edges[end]) / 2, tip + 2, 0, 1).bottom
                )
        y, first = max(bottom, scene.frame[3]) + 14, False
    if total:
        tip = brace_up(scene, 0, y - 14, right + 8, 1)
        scene.label(label(total, 110), tip + 5, (y - 14) / 2, 1, 0)
    return scene


def fraction_strips(fields: Fields, room: Room) -> Drawn:
    """Strips of one length, each cut into equal parts, some of them shaded."""
    fields.knows(*COMMON, "strips", "labels")
    fields.need("strips")
    value = fields.values.get("strips")
    paths = (
        [("strips", name) for name in value]
        if isinstance(value, dict)
        else [p for _, p in fields.items("strips")]
    )
    read = fields.named_numbers("strips")
    labels = fields.one_of("labels", ("parts", "strip", "none"))
    if fields.has("strips") and not 1 <= len(read) <= MOST_STRIPS:
        fields.problem(f"Between 1 and {MOST_STRIPS} strips are expected.", "strips")
    fields.done()
    strips = [(name, *_cut(fields, number, path)) for (name, number), path in zip(read, paths, strict=False)]
    fields.done()
    return Drawn(_draw_strips(fields, room, read, strips, labels))


def _cut(fields: Fields, number: Exact, path: Path) -> tuple[int, int]:
    """How many parts are shaded, and how many make a whole, as typed: 2/4 stays two fourths."""
    parts = int(number.text.rpartition("/")[2]) if number.is_fraction else 1
    shaded = number.value * parts
    if not number.is_fraction and number.value.denominator != 1:
        fields.problem("Write the strip as a fraction, such as 3/4.", *path)
        return 0, 1
    if parts > MOST_WHOLE or number.value < 0 or number.value > MOST_WHOLES:
        fields.problem(
            f"A strip has at most {MOST_WHOLE} parts in a whole, and 0 to {MOST_WHOLES} wholes.", *path
        )
        return 0, 1
    return int(shaded), parts


def _draw_strips(
    fields: Fields,
    room: Room,
    read: Sequence[tuple[str, Exact]],
    strips: Sequence[tuple[str, int, int]],
    labels: str,
) -> Scene:
    scene = Scene()
    names = [name or (number.text if labels == "strip" else "") for name, number in read]
    beside = max((label(name, 120).width + 12 for name in names if name), default=0)
    behind = max(
        (label(number.text).width + 12 for name, number in read if name and labels == "strip"), default=0
    )
    wholes = max(max(ceil(Fraction(shaded, parts)), 1) for _, shaded, parts in strips)
    length = (max(room.wide(500) - beside - behind - 8, 100)) / wholes
    y = 0.0
    for (name, shaded, parts), left, (_, number) in zip(strips, names, read, strict=True):
        word = NOTHING if labels != "parts" else "1" if parts == 1 else f"1/{parts}"
        wide = length / parts
        if word != NOTHING and label(word).width + 3 > wide:
            raise FigureError(*fields.header.place("strips"), f"{parts} parts are too narrow for their labels; write “labels: none”.")  # fmt: skip
        count = max(ceil(Fraction(shaded, parts)), 1)
        if shaded:
            scene.fill(f"M0 {y:g}H{wide * shaded:.2f}V{y + _HIGH:g}H0Z", "hatch")
        for i in range(count * parts):
            if i % parts:
                scene.line((wide * i, y), (wide * i, y + _HIGH), 1.2)
            if word != NOTHING:
                scene.label(word, wide * (i + 0.5), y + _HIGH / 2)
        for i in range(count):
            scene.rect(length * i, y, length, _HIGH, 2)
        if left:
            scene.label(label(left, 120), -10, y + _HIGH / 2, -1, 0)
        if name and labels == "strip":
            scene.label(number.text, length * wholes + 10, y + _HIGH / 2, 1, 0)
        y += _HIGH + 8
    return scene
