"""Hides how things to count are drawn: base-ten blocks and frames of five, ten or twenty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from curriculum_studio.formats.figures.exact import Exact
from curriculum_studio.formats.figures.marks import cross
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scene import Scene, n
from curriculum_studio.formats.figures.text import label

PLACES = ("thousands", "hundreds", "tens", "ones")
_MOST = {"thousands": 10, "hundreds": 20, "tens": 30, "ones": 40}
_U = 9.0
_DEEP = 3.0 * _U
MOST_ROWS, MOST_FRAMES = 4, 6
_SUM = re.compile(r"(\d{1,3})(?:[ ]*\+[ ]*(\d{1,3}))?")
_CELL = 32.0


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of block: how large one is with the room around it, and how many stand in a line."""

    wide: float
    high: float
    per_line: int


_SHAPES = {"thousands": (10, 10), "hundreds": (10, 10), "tens": (1, 10), "ones": (1, 1)}
_BLOCKS = {
    "thousands": Block(10 * _U + _DEEP + 8, 10 * _U + _DEEP + 8, 4),
    "hundreds": Block(10 * _U + 8, 10 * _U + 8, 5),
    "tens": Block(_U + 6, 10 * _U + 8, 15),
    "ones": Block(_U + 7, _U + 7, 4),
}


def base_ten_blocks(fields: Fields, room: Room) -> Drawn:
    """Thousands, hundreds, tens and ones, a row for each number."""
    fields.knows(*COMMON, "number", *PLACES, "crossed", "labels")
    rows = _rows(fields)
    crossed = {key: fields.inner(PLACES, "crossed").count(key, 0, 0, 40) for key in PLACES} if fields.table("crossed") else {}  # fmt: skip
    for key, count in crossed.items():
        if rows and count > rows[0][key]:
            fields.problem(f"More {key} are crossed out than are there.", "crossed", key)
    if crossed and len(rows) > 1:
        fields.problem("Blocks are crossed out where one number stands alone.", "crossed")
    labels = fields.flag("labels", False)
    fields.done()
    scene = Scene()
    y = 0.0
    for row in rows:
        y = _draw_row(scene, row, y, room.wide(600), crossed, labels) + 14
    return Drawn(scene)


def _rows(fields: Fields) -> list[dict[str, int]]:
    if not fields.has("number"):
        row = {key: fields.count(key, 0, 0, _MOST[key]) for key in PLACES}
        if not any(row.values()):
            fields.problem("Write “number”, or how many of thousands, hundreds, tens and ones.")
        return [row]
    for key in PLACES:
        if fields.has(key):
            fields.problem(f"“{key}” and “number” do not stand together.", key)
    numbers = fields.numbers("number")
    if not 1 <= len(numbers) <= MOST_ROWS:
        fields.problem(f"Between 1 and {MOST_ROWS} numbers are expected.", "number")
    scale = 100 if any(number.value.denominator != 1 for number in numbers) else 1
    return [_split(fields, number, scale) for number in numbers[:MOST_ROWS]]


def _split(fields: Fields, number: Exact, scale: int) -> dict[str, int]:
    units = number.value * scale
    if units.denominator != 1 or not 0 < units < 10_000:
        fields.problem(
            f"{number.text} cannot be laid with blocks of 1000, 100, 10 and 1 (or of hundredths).", "number"
        )
        return dict.fromkeys(PLACES, 1)
    return dict(zip(PLACES, (int(digit) for digit in f"{int(units):04d}"), strict=True))


def _draw_row(scene: Scene, row: dict[str, int], top: float, width: float, crossed: dict[str, int], labels: bool) -> float:  # fmt: skip
    x, bottom, line_top = 0.0, top, top
    for key in PLACES:
        count, block = row[key], _BLOCKS[key]
        if not count:
            continue
        per_line = min(max(int(width // block.wide), 1), block.per_line, count)
        wide = per_line * block.wide
        if x and x + wide > width:
            x, line_top = 0.0, bottom + 12
        for i in range(count):
            left, up = x + i % per_line * block.wide, line_top + i // per_line * block.high
            _block(scene, key, left, up)
            if i >= count - crossed.get(key, 0):
                columns, lines = _SHAPES[key]
                middle = (left + columns * _U / 2, up + lines * _U / 2 + (_DEEP if key == "thousands" else 0))
                cross(scene, middle, columns * _U / 2 + 2, lines * _U / 2 + 2)
        end = line_top + -(-count // per_line) * block.high
        if labels:
            end = scene.label(str(count), x + (wide - 6) / 2, end + 2, 0, 1).bottom
        bottom = max(bottom, end)
        x += wide + 14
    return bottom


def _block(scene: Scene, key: str, x: float, y: float) -> None:
    columns, rows = _SHAPES[key]
    top = y + (_DEEP if key == "thousands" else 0)
    right, bottom = x + columns * _U, top + rows * _U
    if key == "thousands":
        d, far = _DEEP, x + columns * _U + _DEEP
        scene.drawn(f"M{n(x)} {n(top)}l{n(d)} {n(-d)}H{n(far)}L{n(right)} {n(top)}M{n(far)} {n(y)}V{n(bottom - d)}L{n(right)} {n(bottom)}", 1.4)  # fmt: skip
        scene.reach(((far, y),), 1)
    lines = "".join(f"M{n(x + _U * i)} {n(top)}V{n(bottom)}" for i in range(1, columns))
    lines += "".join(f"M{n(x)} {n(top + _U * k)}H{n(right)}" for k in range(1, rows))
    if lines:
        scene.drawn(lines, 0.6)
    scene.rect(x, top, columns * _U, rows * _U, 1.4, "light")


def ten_frame(fields: Fields, room: Room) -> Drawn:
    """Frames with counters of one or two colours."""
    fields.knows(*COMMON, "counters", "size", "order", "crossed", "labels")
    fields.need("counters")
    size = int(fields.one_of("size", ("10", "5", "20")))
    frames = [_counters(fields, item, path, size) for item, path in fields.items("counters")]
    if fields.has("counters") and not 1 <= len(frames) <= MOST_FRAMES:
        fields.problem(f"Between 1 and {MOST_FRAMES} frames are expected.", "counters")
    by_columns = fields.one_of("order", ("rows", "columns")) == "columns"
    crossed = fields.count("crossed", 0, 0, sum(frames[-1]) if frames else 0)
    labels = fields.texts("labels")
    if len(labels) > len(frames):
        fields.problem(f"There are {len(frames)} frames and {len(labels)} labels.", "labels")
    fields.done()
    columns = 10 if size == 20 else 5
    rows = size // columns
    wide = columns * _CELL
    per_line = max(int((room.wide(560) + 18) // (wide + 18)), 1)
    scene = Scene()
    top, bottom = 0.0, 0.0
    for number, (dark, light) in enumerate(frames):
        left = number % per_line * (wide + 18)
        if number and number % per_line == 0:
            top = bottom + 14
        out = crossed if number == len(frames) - 1 else 0
        _frame(scene, (left, top), (columns, rows), (dark, light, out), by_columns)
        bottom = max(bottom, top + rows * _CELL)
        if number < len(labels):
            bottom = max(bottom, scene.label(label(labels[number], wide), left + wide / 2, top + rows * _CELL + 4, 0, 1).bottom)  # fmt: skip
    return Drawn(scene)


def _counters(fields: Fields, item: object, path: Sequence[str | int], size: int) -> tuple[int, int]:
    match = _SUM.fullmatch(item.strip()) if isinstance(item, str) else None
    if match is None:
        fields.problem("Counters are written 7, or 8 + 2 for two colours.", *path)
        return 0, 0
    dark, light = int(match[1]), int(match[2] or 0)
    if dark + light > size:
        fields.problem(f"{dark + light} counters do not fit into a frame of {size}.", *path)
        return 0, 0
    return dark, light


def _frame(scene: Scene, place: tuple[float, float], shape: tuple[int, int], counters: tuple[int, int, int], by_columns: bool) -> None:  # fmt: skip
    (left, top), (columns, rows), (dark, light, crossed) = place, shape, counters
    lines = "".join(f"M{n(left + _CELL * i)} {n(top)}V{n(top + rows * _CELL)}" for i in range(1, columns))
    lines += "".join(f"M{n(left)} {n(top + _CELL * k)}H{n(left + columns * _CELL)}" for k in range(1, rows))
    scene.drawn(lines, 1.2)
    scene.rect(left, top, columns * _CELL, rows * _CELL, 2)
    for i in range(dark + light):
        column, row = divmod(i, rows) if by_columns else (i % columns, i // columns)
        x, y = left + (column + 0.5) * _CELL, top + (row + 0.5) * _CELL
        out = i >= dark + light - crossed
        scene.circle(x, y, 10.5, 1.8, "dark" if out and i < dark else "", solid=i < dark and not out)
        if out:
            cross(scene, (x, y), 13, 13)
