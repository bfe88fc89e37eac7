"""Hides how shapes are laid out beside each other, in one scale."""

from __future__ import annotations

from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.shape_marks import draw_shape, grid
from curriculum_studio.formats.figures.shapes import KEYS, MOST_SHAPES, MOST_UNITS, read_shape


def shape(fields: Fields, room: Room) -> Drawn:
    """One shape, or several beside each other."""
    several = fields.has("shapes")
    fields.knows(*COMMON, *(("shapes", "grid") if several else KEYS))
    rows = list(fields.maps("shapes", KEYS)) if several else [fields]
    if several and not 1 <= len(rows) <= MOST_SHAPES:
        fields.problem(f"Between 1 and {MOST_SHAPES} shapes stand beside each other.", "shapes")
    grids = [row.flag("grid", False) for row in rows]
    squared = any(grids) or (several and fields.flag("grid", False))
    shapes = [found for row in rows[:MOST_SHAPES] if (found := read_shape(row)) is not None]
    fields.done()
    boxes = [one.box() for one in shapes]
    wide, high = sum(b[2] - b[0] for b in boxes), max(b[3] - b[1] for b in boxes)
    gap = 56.0
    usual = min(240 + 130 * (len(shapes) - 1), 560)
    space = room.wide(usual + 60) - 60 - gap * (len(shapes) - 1)
    unit = min(max(space, 60) / max(wide, 1e-9), 230 / max(high, 1e-9))
    scene = Scene()
    if squared:
        if max(wide, high) > MOST_UNITS:
            fields.problem(f"A grid has at most {MOST_UNITS} squares; leave “grid” out.", "grid")
            fields.done()
        unit = min(unit, 34.0)
    x = 0.0
    for one, box in zip(shapes, boxes, strict=True):
        if squared:
            # On a grid every shape stands on whole squares, as on paper.
            x = -(-x // unit) * unit if unit else x
        origin = (x - box[0] * unit, box[1] * unit)
        if squared:
            grid(scene, one, origin, unit)
        draw_shape(scene, one, origin, unit)
        x += (box[2] - box[0]) * unit + gap
    fields.done()
    return Drawn(scene)
