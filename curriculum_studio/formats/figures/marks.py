"""Hides the small marks that several kinds of figures share: braces, crosses, counted lists such as `4 x 12`."""

from __future__ import annotations

import re

from curriculum_studio.formats.figures.reading import Fields
from curriculum_studio.formats.figures.scene import Point, Scene, n
from curriculum_studio.formats.header import Path

_TIMES = re.compile(r"(\d{1,3})(?:[ ]*[×*][ ]*|[ ]+x[ ]+)(.+)")
NOTHING = "-"


def brace_across(scene: Scene, left: float, right: float, y: float, side: int) -> float:
    """A curly brace from left to right whose tip points up (`side` -1) or down (1); where the tip is."""
    r = min(7.0, (right - left) / 4)
    middle, s = (left + right) / 2, side
    scene.drawn(
        f"M{n(left)} {n(y)}q0 {n(s * r)} {n(r)} {n(s * r)}H{n(middle - r)}q{n(r)} 0 {n(r)} {n(s * r)}"
        f"q0 {n(-s * r)} {n(r)} {n(-s * r)}H{n(right - r)}q{n(r)} 0 {n(r)} {n(-s * r)}",
        1.3,
    )
    scene.reach(((left, y), (right, y + s * 2 * r)), 1)
    scene.avoid((left, y), (middle, y + s * 2 * r), (right, y))
    return y + s * 2 * r


def brace_up(scene: Scene, top: float, bottom: float, x: float, side: int) -> float:
    """A curly brace from top to bottom whose tip points left (-1) or right (1); where the tip is."""
    r = min(7.0, (bottom - top) / 4)
    middle, s = (top + bottom) / 2, side
    scene.drawn(
        f"M{n(x)} {n(top)}q{n(s * r)} 0 {n(s * r)} {n(r)}V{n(middle - r)}q0 {n(r)} {n(s * r)} {n(r)}"
        f"q{n(-s * r)} 0 {n(-s * r)} {n(r)}V{n(bottom - r)}q0 {n(r)} {n(-s * r)} {n(r)}",
        1.3,
    )
    scene.reach(((x, top), (x + s * 2 * r, bottom)), 1)
    scene.avoid((x, top), (x + s * 2 * r, middle), (x, bottom))
    return x + s * 2 * r


def cross(scene: Scene, middle: Point, rx: float, ry: float) -> None:
    """Two lines that cross something out."""
    x, y = middle
    scene.reach(((x - rx, y - ry), (x + rx, y + ry)), 1)
    scene.drawn(f"M{n(x - rx)} {n(y - ry)}L{n(x + rx)} {n(y + ry)}M{n(x - rx)} {n(y + ry)}L{n(x + rx)} {n(y - ry)}", 2.2)  # fmt: skip


def counted(fields: Fields, key: str, most: int) -> list[tuple[str, Path]]:
    """A list of words in which `4 x 12` stands for four times 12; at most `most` words."""
    found: list[tuple[str, Path]] = []
    for item, path in fields.items(key):
        if not isinstance(item, str):
            fields.problem("Words or a number are expected here.", *path)
            continue
        match = _TIMES.fullmatch(item.strip())
        count, word = (int(match[1]), match[2].strip()) if match else (1, item.strip())
        if not 1 <= count <= most - len(found):
            fields.problem(f"At most {most} pieces stand here.", *path)
            return found
        found += [(word, path)] * count
    return found
