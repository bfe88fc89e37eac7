"""Hides how a drawing becomes SVG: a frame that grows with what it holds, labels kept apart, ids of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import hypot

from curriculum_studio.formats.figures.text import (
    BLANK,
    BLANK_ASCENT,
    BLANK_DESCENT,
    SIZE,
    SMALL,
    Label,
    Piece,
    Row,
    extent,
    label,
    plain_words,
    right_to_left,
)

MAX_WIDTH, MAX_HEIGHT, MAX_ELEMENTS = 640, 900, 500
FILLS = ("hatch", "dots", "cross", "light", "back", "grid", "lines", "dark")
NAME = "\ue007"
"""Stands for the name of the drawing in every id until a page gives it one."""
_CELL = 6.0
_GAP = 1.0
_PATTERNS = {
    "hatch": (7, '<path d="M-1 8L8 -1M-1 1L1 -1M6 8L8 6" stroke="currentColor" stroke-width="1"/>'),
    "back": (7, '<path d="M-1 -1L8 8M6 -1L8 1M-1 6L1 8" stroke="currentColor" stroke-width="1"/>'),
    "dots": (6, '<circle cx="3" cy="3" r="1.1" fill="currentColor"/>'),
    "cross": (8, '<path d="M-1 -1L9 9M-1 9L9 -1" stroke="currentColor" stroke-width="0.9"/>'),
    "grid": (6, '<path d="M0 3H6M3 0V6" stroke="currentColor" stroke-width="0.7"/>'),
    "lines": (5, '<path d="M0 2.5H5" stroke="currentColor" stroke-width="1"/>'),
}
Point = tuple[float, float]
Spot = tuple[float, float, int, int]


class TooMuch(Exception):
    """A drawing that cannot be made as asked; its words say why."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box_at(set_: Label, spot: Spot) -> Box:
    """The room of a label at a spot: its point, and on which side of it (-1, 0, 1) the label stands."""
    x, y, dx, dy = spot
    left = x - set_.width if dx < 0 else x if dx > 0 else x - set_.width / 2
    top = y - set_.height if dy < 0 else y if dy > 0 else y - set_.height / 2
    return Box(left, top, left + set_.width, top + set_.height)


def n(value: float) -> str:
    """A coordinate, to a hundredth, in the shortest way."""
    if value == (whole := int(value)):
        return str(whole)
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def round_path(x: float, y: float, r: float) -> str:
    """A circle as path data."""
    return f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 0 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 0 {n(-2 * r)} 0Z"


class Scene:
    """A drawing in the making. Coordinates are pixels, y downwards; the frame is found at the end."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.under: list[str] = []
        self.curves: list[str] = []
        self.over: list[str] = []
        self.used: set[str] = set()
        self.frame = [1e9, 1e9, -1e9, -1e9]
        self.busy: set[tuple[int, int]] = set()
        self.rings: list[tuple[float, float, float]] = []
        self.elements = 0

    def add(self, element: str, *, under: bool = False) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise TooMuch(f"the figure has more than {MAX_ELEMENTS} pieces.")
        (self.under if under else self.over).append(element)

    def reach(self, points: Iterable[Point], room: float = 1) -> None:
        """Makes the frame hold the points."""
        frame = self.frame
        for x, y in points:
            if not (abs(x) < 1e5 and abs(y) < 1e5):
                raise TooMuch("a part of it lies far outside the frame.")
            if x - room < frame[0]:
                frame[0] = x - room
            if y - room < frame[1]:
                frame[1] = y - room
            if x + room > frame[2]:
                frame[2] = x + room
            if y + room > frame[3]:
                frame[3] = y + room

    def curve(self, points: Sequence[Point], width: float = 2, dash: str = "") -> None:
        """A line through points that open circles interrupt and labels do not."""
        self.reach(points, width / 2)
        self.avoid(*points)
        self.stroke("M" + "L".join(f"{n(x)} {n(y)}" for x, y in points), width, dash)

    def stroke(self, d: str, width: float, dash: str = "") -> None:
        """Path data as it is, interrupted by open circles."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        self.elements += 1
        self.curves.append(
            f'<path d="{d}" fill="none" stroke="currentColor" stroke-width="{n(width)}"{more}/>'
        )

    def line(self, a: Point, b: Point, width: float = 1.5, dash: str = "", *, under: bool = False, faint: bool = False) -> None:  # fmt: skip
        """A straight line; `under` lets labels interrupt it, `faint` is for grids."""
        self.path((a, b), width, dash, under=under, faint=faint)

    def path(self, points: Sequence[Point], width: float = 1.5, dash: str = "", *, closed: bool = False, fill: str = "", under: bool = False, faint: bool = False) -> None:  # fmt: skip
        """A line through points, or the edge of a surface."""
        self.reach(points, width / 2)
        if not under:
            self.avoid(*points, *(points[:1] if closed else ()))
        d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + ("Z" if closed else "")
        self.drawn(d, width, dash, fill, under=under, faint=faint)

    def drawn(self, d: str, width: float = 1.5, dash: str = "", fill: str = "", *, under: bool = False, faint: bool = False) -> None:  # fmt: skip
        """Path data as it is; its reach must be told apart."""
        if fill:
            self.fill(d, fill)
        more = f' stroke-dasharray="{dash}"' if dash else ""
        more += ' stroke-opacity="0.35"' if faint else ""
        self.add(f'<path d="{d}" fill="none" stroke="currentColor" stroke-width="{n(width)}"{more}/>', under=under)  # fmt: skip

    def fill(self, d: str, style: str) -> None:
        """A surface below everything, open where labels stand."""
        if style == "light":
            paint = 'fill="currentColor" fill-opacity="0.13"'
        elif style == "dark":
            paint = 'fill="currentColor" fill-opacity="0.55"'
        else:
            self.used.add(style)
            paint = f'fill="url(#{NAME}-{style})"'
        self.add(f'<path d="{d}" {paint} stroke="none"/>', under=True)

    def rect(self, x: float, y: float, w: float, h: float, width: float = 1.5, fill: str = "", dash: str = "") -> None:  # fmt: skip
        """A rectangle."""
        self.path(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), width, dash, closed=True, fill=fill)

    def circle(self, x: float, y: float, r: float, width: float = 1.5, fill: str = "", *, solid: bool = False, open_: bool = False) -> None:  # fmt: skip
        """A circle; `solid` is a dot, `open_` covers nothing but interrupts nothing either."""
        self.reach(((x, y),), r + width / 2)
        self.avoid((x - r, y), (x, y - r), (x + r, y), (x, y + r), (x - r, y))
        if fill:
            self.fill(round_path(x, y, r), fill)
        inside = "currentColor" if solid else "none"
        self.add(f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{inside}" stroke="currentColor" stroke-width="{n(width)}"/>')  # fmt: skip

    def ring(self, x: float, y: float, r: float = 4.5, width: float = 1.8) -> None:
        """An open circle: everything that lies under it is interrupted there."""
        self.rings.append((x, y, r))
        self.circle(x, y, r, width)

    def dot(self, x: float, y: float, r: float = 4.5) -> None:
        """A filled circle."""
        self.circle(x, y, r, 1, solid=True)

    def arrow(self, tip: Point, back: Point, size: float = 8) -> None:
        """An arrow head at `tip`, pointing away from `back`."""
        length = hypot(tip[0] - back[0], tip[1] - back[1]) or 1
        ux, uy = (tip[0] - back[0]) / length, (tip[1] - back[1]) / length
        base = (tip[0] - ux * size, tip[1] - uy * size)
        side = size * 0.42
        corners = (
            tip,
            (base[0] - uy * side, base[1] + ux * side),
            (base[0] + uy * side, base[1] - ux * side),
        )
        self.reach(corners, 0.5)
        d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in corners) + "Z"
        self.add(f'<path d="{d}" fill="currentColor" stroke="none"/>')

    def avoid(self, *points: Point) -> None:
        """Tells the places of labels to stay off the lines through these points where they can."""
        busy = self.busy
        for (ax, ay), (bx, by) in pairwise(points):
            if ay == by:
                row, first, last = int(ay // _CELL), int(min(ax, bx) // _CELL), int(max(ax, bx) // _CELL)
                busy.update([(i, row) for i in range(first, last + 1)])
            elif ax == bx:
                column, first, last = int(ax // _CELL), int(min(ay, by) // _CELL), int(max(ay, by) // _CELL)
                busy.update([(column, i) for i in range(first, last + 1)])
            else:
                steps = int(max(abs(bx - ax), abs(by - ay)) / 5) + 1
                dx, dy = (bx - ax) / steps, (by - ay) / steps
                busy.update(
                    [(int((ax + dx * i) // _CELL), int((ay + dy * i) // _CELL)) for i in range(steps + 1)]
                )

    def label(self, words: str | Label, x: float, y: float, dx: int = 0, dy: int = 0, wrap: float = 0) -> Box:
        """A label at its one place. Raises `TooMuch` where another stands there."""
        set_ = label(words, wrap) if isinstance(words, str) else words
        box = box_at(set_, (x, y, dx, dy))
        if self.taken(box):
            raise TooMuch(f"the labels stand too close at “{plain_words(set_)[:30]}”.")
        self._set(set_, box, dx)
        return box

    def place(self, words: str | Label, spots: Iterable[Spot]) -> Box:
        """A label at the first free spot, or the one that covers least of what is drawn."""
        set_ = label(words) if isinstance(words, str) else words
        best: tuple[int, Box, int] | None = None
        for spot in spots:
            box = box_at(set_, spot)
            if self.taken(box):
                continue
            hits = self.covered(box)
            if best is None or hits < best[0]:
                best = (hits, box, spot[2])
                if not hits:
                    break
        if best is None:
            raise TooMuch(f"there is no free place for the label “{plain_words(set_)[:30]}”.")
        self._set(set_, best[1], best[2])
        return best[1]

    def taken(self, box: Box) -> bool:
        """Whether a label stands there."""
        left, top, right, bottom = box.left - _GAP, box.top - _GAP, box.right + _GAP, box.bottom + _GAP
        for other in self.boxes:
            if left < other.right and other.left < right and top < other.bottom and other.top < bottom:
                return True
        return False

    def blocked(self, words: Label, spot: Spot) -> bool:
        """Whether another label stands where this one would."""
        return self.taken(box_at(words, spot))

    def covered(self, box: Box) -> int:
        """How much of what is drawn the box would cover."""
        busy = self.busy
        return sum(
            (i, k) in busy
            for i in range(int(box.left // _CELL), int(box.right // _CELL) + 1)
            for k in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1)
        )

    def _set(self, set_: Label, box: Box, dx: int) -> None:
        self.boxes.append(box)
        self.reach(((box.left, box.top), (box.right, box.bottom)), 1)
        y = box.top
        for row in set_.rows:
            up, down = extent(row)
            width = sum(piece.width for piece in row)
            left = box.left if dx > 0 else box.right - width if dx < 0 else (box.left + box.right - width) / 2
            if len(row) == 1 and not row[0].below and not row[0].blank:
                # One run is anchored where it is meant to be held, so a wider font stays in its place.
                at = box.left if dx > 0 else box.right if dx < 0 else (box.left + box.right) / 2
                self._run(row[0], at, y + up, ("end", "middle", "start")[dx + 1])
            else:
                self._row(row, left, y + up)
            y += up + down

    def _row(self, row: Row, left: float, base: float) -> None:
        for piece in row:
            middle = left + piece.width / 2
            if piece.blank:
                self.add(f'<rect x="{n(left + 2)}" y="{n(base - BLANK_ASCENT)}" width="{n(BLANK)}" height="{n(BLANK_ASCENT + BLANK_DESCENT)}" rx="2" fill="none" stroke="currentColor" stroke-width="1.2"/>')  # fmt: skip
            elif piece.below:
                small = f' font-size="{n(SMALL)}"'
                self._run(Piece(piece.words), middle, base - 7.5, "middle", small)
                half = piece.width / 2 - 1.5
                self.add(f'<path d="M{n(middle - half)} {n(base - 4.5)}h{n(2 * half)}" stroke="currentColor" stroke-width="1.1"/>')  # fmt: skip
                self._run(Piece(piece.below), middle, base + 7.5, "middle", small)
            elif len(piece.words) > 1:
                # Runs of one row are held to their width, so that they join in every typeface.
                self._run(piece, left, base, "start", f' textLength="{n(piece.width)}"')
            else:
                self._run(piece, middle, base, "middle")
            left += piece.width

    def _run(self, piece: Piece, x: float, y: float, anchor: str, more: str = "") -> None:
        if not piece.words.strip("\u00a0\u2009 "):
            return
        more += ' font-style="italic"' if piece.italic else ""
        if right_to_left(piece.words):
            # Words of Arabic or Hebrew keep their own order; what is their start stands at the right.
            more += ' direction="rtl"'
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        held = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.add(f'<text x="{n(x)}" y="{n(y)}"{held}{more}>{escape(piece.words)}</text>')

    @property
    def width(self) -> float:
        """How wide the drawing has become."""
        return self.frame[2] - self.frame[0] + 6

    def svg(self, alt: str) -> str:
        """The drawing as an element whose ids begin with `NAME`. Raises `TooMuch` where it outgrows a page."""
        name = NAME
        left, top = self.frame[0] - 3, self.frame[1] - 3
        width, height = self.frame[2] + 3 - left, self.frame[3] + 3 - top
        if width > MAX_WIDTH + 1 or height > MAX_HEIGHT:
            raise TooMuch(
                f"it would be {width:.0f} by {height:.0f} points large; {MAX_WIDTH} by {MAX_HEIGHT} is the most."
                " Shorten its labels or show less of it."
            )
        wide, high = n(width), n(height)
        described = f' aria-describedby="{name}-desc"' if _clauses(alt)[1] else ""
        return "".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{wide}" height="{high}" '
                f'viewBox="{n(left)} {n(top)} {wide} {high}" direction="ltr" '
                f'font-family="Arial, Helvetica, Roboto, sans-serif" font-size="{n(SIZE)}" fill="currentColor" '
                f'aria-labelledby="{name}-title"{described}>',
                _words(name, alt),
                self._definitions(name, Box(left, top, left + width, top + height)),
                self._below(name),
                *self._curves(name),
                *self.over,
                "</svg>",
            )
        )

    def _definitions(self, name: str, frame: Box) -> str:
        out = [
            f'<pattern id="{name}-{style}" width="{_PATTERNS[style][0]}" height="{_PATTERNS[style][0]}" '
            f'patternUnits="userSpaceOnUse">{_PATTERNS[style][1]}</pattern>'
            for style in FILLS
            if style in self.used
        ]
        rings = "".join(round_path(x, y, r) for x, y, r in self.rings)
        if self.under and (self.boxes or self.rings):
            # Surfaces and grid lines are open behind labels: the frame minus every label's box.
            holes = [Box(b.left - 0.5, b.top, b.right + 0.5, b.bottom) for b in self.boxes]
            d = "".join(f"M{n(b.left)} {n(b.top)}H{n(b.right)}V{n(b.bottom)}H{n(b.left)}Z" for b in (frame, *holes))  # fmt: skip
            out.append(f'<clipPath id="{name}-clear"><path clip-rule="evenodd" d="{d}{rings}"/></clipPath>')
        if self.curves and self.rings:
            d = f"M{n(frame.left)} {n(frame.top)}H{n(frame.right)}V{n(frame.bottom)}H{n(frame.left)}Z{rings}"
            out.append(f'<clipPath id="{name}-open"><path clip-rule="evenodd" d="{d}"/></clipPath>')
        return f"<defs>{''.join(out)}</defs>" if out else ""

    def _below(self, name: str) -> str:
        if not self.under:
            return ""
        clip = f' clip-path="url(#{name}-clear)"' if self.boxes or self.rings else ""
        return f"<g{clip}>{''.join(self.under)}</g>"

    def _curves(self, name: str) -> list[str]:
        if not (self.curves and self.rings):
            return self.curves
        return [f'<g clip-path="url(#{name}-open)">', *self.curves, "</g>"]


def _words(name: str, alt: str) -> str:
    """The first sentence of its words names a drawing, what follows describes it: nothing is read out twice."""
    title, rest = _clauses(alt)
    described = f'<desc id="{name}-desc">{escape(rest)}</desc>' if rest else ""
    return f'<title id="{name}-title">{escape(title)}</title>{described}'


def _clauses(alt: str) -> tuple[str, str]:
    # Never at a comma: “2 hundreds” is no name for 248, and “a line from 0” none for a line from 0 to 1.
    for mark in (". ", "; ", ": "):
        first, _, rest = alt.partition(mark)
        if rest.strip() and first.count("(") == first.count(")"):
            return (f"{first}." if mark == ". " else first), rest.strip()
    return alt, ""
