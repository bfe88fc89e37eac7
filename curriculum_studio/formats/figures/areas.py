"""Hides how areas are drawn: rectangles cut into partial products, fractions of a square, grids of squares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from curriculum_studio.formats.figures.exact import Exact, plain, read_exact
from curriculum_studio.formats.figures.marks import NOTHING, brace_across, brace_up
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scene import Scene, n
from curriculum_studio.formats.figures.text import label

MOST_PARTS, MOST_LINES, MOST_SQUARES = 10, 20, 6
_OF = re.compile(r"(.{1,20}?)(?:[ ]*[×*][ ]*|[ ]+(?:x|of)[ ]+)(.{1,20})")


def area_model(fields: Fields, room: Room) -> Drawn:
    """One of three forms, chosen by the keys that are there."""
    if room.width and fields.has("left"):
        room = Room(max(room.width - int(label(fields.text("left"), 110).width) - 18, 1))
    if fields.has("fractions"):
        fields.knows(*COMMON, "top", "left", "fractions")
        scene = _fraction_square(fields, room)
    elif fields.has("rows") or fields.has("columns"):
        fields.knows(*COMMON, "top", "left", "rows", "columns", "shaded")
        scene = _grid(fields, room)
    else:
        fields.knows(*COMMON, "top", "left", "across", "down", "products", "cells", "scale")
        fields.need("across", "down")
        scene = _products(fields, room)
    top, left = fields.text("top"), fields.text("left")
    _around(scene, top, left)
    return Drawn(scene)


def _around(scene: Scene, top: str, left: str) -> None:
    """The words above and at the left of the whole."""
    x0, y0, x1, y1 = scene.frame
    if top:
        scene.label(label(top, max(x1 - x0, 120)), (max(x0, 0) + x1) / 2, y0 - 4, 0, -1)
    if left:
        scene.label(label(left, 110), x0 - 12, (max(y0, 0) + y1) / 2, -1, 0)


def _products(fields: Fields, room: Room) -> Scene:
    across, down = fields.texts("across"), fields.texts("down")
    for key, parts in (("across", across), ("down", down)):
        if fields.has(key) and not 1 <= len(parts) <= MOST_PARTS:
            fields.problem(f"Between 1 and {MOST_PARTS} parts are expected.", key)
    shown = fields.one_of("products", ("none", "show", "blank"))
    cells = _cells(fields, across, down)
    values = [[_number(word) for word in parts] for parts in (across, down)]
    numeric = all(value is not None for parts in values for value in parts)
    scaled = fields.flag("scale", numeric)
    if scaled and not numeric:
        fields.problem("Only numbers greater than zero are drawn to scale; leave “scale” out.", "scale")
    if shown == "show" and not numeric and not cells:
        fields.problem("Products of letters are written in “cells”.", "products")
    fields.done()
    sizes = [[v.value if scaled and v else Fraction(1) for v in parts] for parts in values]
    if not cells and shown == "blank":
        cells = [["_"] * len(across) for _ in down]
    elif not cells and shown == "show":
        cells = [[plain(a.value * b.value) if a and b else "" for a in values[0]] for b in values[1]]
    x, y = _edges(sizes, room, scaled)
    _check_room(fields, across, down, cells, x, y)
    fields.done()
    scene = Scene()
    scene.rect(0, 0, x[-1], y[-1], 2)
    for edge in x[1:-1]:
        scene.line((edge, 0), (edge, y[-1]), 1.4)
    for edge in y[1:-1]:
        scene.line((0, edge), (x[-1], edge), 1.4)
    for i, word in enumerate(across):
        if word != NOTHING:
            scene.label(word, (x[i] + x[i + 1]) / 2, -5, 0, -1)
    for k, word in enumerate(down):
        if word != NOTHING:
            scene.label(word, -7, (y[k] + y[k + 1]) / 2, -1, 0)
    for k, row in enumerate(cells):
        for i, word in enumerate(row):
            if word not in ("", NOTHING):
                scene.label(word, (x[i] + x[i + 1]) / 2, (y[k] + y[k + 1]) / 2)
    return scene


def _cells(fields: Fields, across: Sequence[str], down: Sequence[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    if not fields.has("cells"):
        return rows
    value = fields.values["cells"]
    if not isinstance(value, list) or len(value) != len(down):
        fields.problem(f"“cells” is a list of {len(down)} rows, one for each part of “down”.", "cells")
        return rows
    for k, row in enumerate(value):
        words = [item for item in row if isinstance(item, str)] if isinstance(row, list) else []
        if len(words) != len(across):
            fields.problem(
                f"A row of “cells” has {len(across)} cells, one for each part of “across”.", "cells", k
            )
        rows.append(words)
    return rows


def _number(word: str) -> Exact | None:
    try:
        number = read_exact(word)
    except ValueError:
        return None
    return number if number.value > 0 else None


def _edges(sizes: Sequence[Sequence[Fraction]], room: Room, scaled: bool) -> tuple[list[float], list[float]]:
    wide = room.wide(360 if scaled else min(max(90 * len(sizes[0]), 180), 520)) - 40
    if scaled:
        ratio = float(sum(sizes[1]) / sum(sizes[0]))
        high = wide * ratio
        if high > 420:
            wide, high = 420 / ratio, 420.0
        high = max(high, 40.0)
    else:
        high = 58.0 * len(sizes[1])
    return _cuts(sizes[0], wide), _cuts(sizes[1], high)


def _cuts(sizes: Sequence[Fraction], length: float) -> list[float]:
    whole, done, out = sum(sizes), Fraction(0), [0.0]
    for size in sizes:
        done += size
        out.append(float(done / whole) * length)
    return out


def _check_room(
    fields: Fields,
    across: Sequence[str],
    down: Sequence[str],
    cells: Sequence[Sequence[str]],
    x: Sequence[float],
    y: Sequence[float],
) -> None:
    for i, word in enumerate(across):
        widest = max((label(row[i]).width + 4 for row in cells), default=0)
        if max(widest, label(word).width + 2) > x[i + 1] - x[i]:
            fields.problem(
                f"The part “{word[:24]}” is too narrow for its words; write “scale: no”.", "across"
            )
    for k, word in enumerate(down):
        tallest = max((label(cell).height for cell in cells[k]), default=0) if cells else 0
        if max(tallest, label(word).height) > y[k + 1] - y[k]:
            fields.problem(f"The part “{word[:24]}” is too low for its words; write “scale: no”.", "down")


def _fraction_square(fields: Fields, room: Room) -> Scene:
    match = _OF.fullmatch(fields.text("fractions"))
    pair = [fields.exact(text, "fractions") for text in match.groups()] if match else []
    if not match:
        fields.problem("Two fractions are written 2/3 x 3/4.", "fractions")
    cuts: list[tuple[int, int]] = []
    for number in pair:
        parts = int(number.text.rpartition("/")[2]) if number.is_fraction else 1
        if not 0 <= number.value <= 1 or parts > MOST_LINES or number.value * parts % 1:
            fields.problem(
                f"A fraction here is between 0 and 1 and has at most {MOST_LINES} parts.", "fractions"
            )
        cuts.append((int(number.value * parts), parts))
    fields.done()
    side = min(room.wide(260) - 60, 420)
    scene = Scene()
    (above, rows), (before, columns) = cuts
    if before:
        scene.fill(f"M0 0H{n(side * before / columns)}V{n(side)}H0Z", "hatch")
        tip = brace_across(scene, 0, side * before / columns, -4, -1)
        scene.label(pair[1].text, side * before / columns / 2, tip - 2, 0, -1)
    if above:
        scene.fill(f"M0 0H{n(side)}V{n(side * above / rows)}H0Z", "back")
        tip = brace_up(scene, 0, side * above / rows, -4, -1)
        scene.label(pair[0].text, tip - 4, side * above / rows / 2, -1, 0)
    _lines(scene, 0, 0, columns, rows, side / columns, side / rows)
    return scene


def _lines(scene: Scene, left: float, top: float, columns: int, rows: int, wide: float, high: float) -> None:
    """A rectangle and the lines that divide it."""
    right, bottom = left + columns * wide, top + rows * high
    d = "".join(f"M{n(left + wide * i)} {n(top)}V{n(bottom)}" for i in range(1, columns))
    d += "".join(f"M{n(left)} {n(top + high * k)}H{n(right)}" for k in range(1, rows))
    if d:
        scene.drawn(d, 1.1)
    scene.rect(left, top, columns * wide, rows * high, 2)


def _grid(fields: Fields, room: Room) -> Scene:
    fields.need("rows", "columns")
    rows, columns = (fields.count(key, 1, 1, MOST_LINES) for key in ("rows", "columns"))
    shaded = fields.count("shaded", 0, 0, MOST_SQUARES * rows * columns)
    fields.done()
    whole = rows * columns
    squares = max(-(-shaded // whole), 1)
    cell = min(26.0, 220.0 / max(rows, columns))
    width = room.wide(max(560, columns * cell))
    cell = min(cell, (width - 8) / columns)
    per_line = max(int((width + 18) // (columns * cell + 18)), 1)
    scene = Scene()
    for square in range(squares):
        left = square % per_line * (columns * cell + 18)
        top = square // per_line * (rows * cell + 18)
        count = min(shaded - square * whole, whole)
        full, rest = divmod(max(count, 0), rows)
        right = left + full * cell
        if full:
            scene.fill(f"M{n(left)} {n(top)}H{n(right)}V{n(top + rows * cell)}H{n(left)}Z", "hatch")
        if rest:
            scene.fill(f"M{n(right)} {n(top)}H{n(right + cell)}V{n(top + rest * cell)}H{n(right)}Z", "hatch")
        _lines(scene, left, top, columns, rows, cell, cell)
    return scene
