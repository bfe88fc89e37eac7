"""Hides how a balance is drawn: a hanger or a scale with pieces on both sides, level or tilted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from curriculum_studio.formats.figures.exact import read_exact
from curriculum_studio.formats.figures.marks import counted
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room
from curriculum_studio.formats.figures.scene import Point, Scene
from curriculum_studio.formats.figures.text import label

MOST = 12
_CORNERS = {"circle": 0, "triangle": 3, "pentagon": 5, "diamond": 4, "hexagon": 6, "octagon": 8}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece on a side: its words, its shape, and how large it is."""

    words: str
    shape: str
    wide: float
    high: float


def balance(fields: Fields, room: Room) -> Drawn:
    """Pieces that hang, or lie, on two sides."""
    fields.knows(*COMMON, "left", "right", "style", "tilt")
    fields.need("left", "right")
    words = [[word for word, _ in counted(fields, key, MOST)] for key in ("left", "right")]
    style = fields.one_of("style", ("hanger", "scale"))
    tilt = {"level": 0, "left": 1, "right": -1}[fields.one_of("tilt", ("level", "left", "right"))]
    kinds: dict[str, str] = {}
    for word in [*words[0], *words[1]]:
        if word not in kinds and not _is_number(word):
            kinds[word] = tuple(_CORNERS)[len(kinds) % len(_CORNERS)]
    if len(kinds) > len(_CORNERS):
        fields.problem(f"At most {len(_CORNERS)} different letters stand in one balance.", "left")
    fields.done()
    sides = [[_piece(word, kinds.get(word, "square")) for word in side] for side in words]
    scene = Scene()
    half = max(room.wide(300 if style == "hanger" else 400) / (2 if style == "hanger" else 3.5) - 40, 50)
    (_hanger if style == "hanger" else _scale)(scene, sides, half, tilt)
    return Drawn(scene)


def _is_number(word: str) -> bool:
    try:
        read_exact(word)
    except ValueError:
        return False
    return True


def _piece(word: str, shape: str) -> Piece:
    set_ = label(word)
    inner = max(set_.width, set_.height * 0.8)
    if shape == "square":
        return Piece(word, shape, max(set_.width + 10, 28), max(set_.height + 4, 28))
    size = max(inner * {"circle": 1.35, "triangle": 2.1, "diamond": 1.9}.get(shape, 1.4), 32)
    return Piece(word, shape, size, size * (0.87 if shape == "triangle" else 1))


def _draw_piece(scene: Scene, piece: Piece, x: float, top: float) -> None:
    middle = top + piece.high / 2
    if piece.shape == "square":
        scene.rect(x - piece.wide / 2, top, piece.wide, piece.high, 1.6)
    elif piece.shape == "circle":
        scene.circle(x, middle, piece.wide / 2, 1.6)
    elif piece.shape == "triangle":
        half = piece.wide / 2
        scene.path(((x, top), (x + half, top + piece.high), (x - half, top + piece.high)), 1.6, closed=True)
        middle = top + piece.high * 0.66
    else:
        scene.path(_polygon(x, middle, piece.wide / 2, _CORNERS[piece.shape]), 1.6, closed=True)
    if piece.words != "-":
        scene.label(piece.words, x, middle)


def _polygon(x: float, y: float, r: float, corners: int) -> list[Point]:
    turn = pi / corners if corners == 8 else 0
    return [(x + r * sin(2 * pi * i / corners + turn), y - r * cos(2 * pi * i / corners + turn)) for i in range(corners)]  # fmt: skip


def _hanger(scene: Scene, sides: Sequence[Sequence[Piece]], half: float, tilt: int) -> None:
    drop = 14.0 * tilt
    scene.drawn("M0 0V-10a6 6 0 1 1 6 -6", 1.8)
    scene.reach(((-6, -23), (7, 0)), 1)
    scene.line((-half, drop), (half, -drop), 3)
    scene.dot(0, 0, 3.5)
    for pieces, x, y in zip(sides, (-half, half), (drop, -drop), strict=True):
        for piece in pieces:
            scene.line((x, y), (x, y + 12), 1.4)
            _draw_piece(scene, piece, x, y + 12)
            y += 12 + piece.high


def _scale(scene: Scene, sides: Sequence[Sequence[Piece]], half: float, tilt: int) -> None:
    drop = 12.0 * tilt
    scene.path(((0, 0), (20, 46), (-20, 46)), 1.8, closed=True)
    scene.line((-half - 10, drop * (half + 10) / half), (half + 10, -drop * (half + 10) / half), 3)
    pan = half * 0.68
    for pieces, x, y in zip(sides, (-half, half), (drop, -drop), strict=True):
        scene.line((x, y), (x, y - 24), 1.8)
        scene.line((x - pan, y - 24), (x + pan, y - 24), 2.6)
        top, used = y - 26, 0.0
        row: list[Piece] = []
        rows: list[list[Piece]] = []
        for piece in pieces:
            if row and used + piece.wide > 2 * pan:
                rows.append(row)
                row, used = [], 0.0
            row.append(piece)
            used += piece.wide + 4
        for line in [*rows, row]:
            left = x - (sum(piece.wide + 4 for piece in line) - 4) / 2
            high = max((piece.high for piece in line), default=0)
            for piece in line:
                _draw_piece(scene, piece, left + piece.wide / 2, top - piece.high)
                left += piece.wide + 4
            top -= high + 3
