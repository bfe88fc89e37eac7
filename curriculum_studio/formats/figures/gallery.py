"""Hides where the pages about figures come from: one text, `gallery.md`, whose examples are drawn by the program itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FENCE = re.compile(r"^```([a-z-]+)[ ]*(\{[^\n]*\})?\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
_HEAD = re.compile(r"^## ", re.MULTILINE)
_SHEET = (
    "<style>svg{color:#1d2230}@media(prefers-color-scheme:dark){svg{color:#e9e6de}}"
    "@media print{svg{color:#000}}</style>"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A figure as it is written: its name in the gallery, the whole block, and its pieces."""

    name: str
    source: str
    kind: str
    info: str
    body: str

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return next(line for line in self.body.split("\n") if line.startswith("alt: "))[5:]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the gallery: its heading, and texts and examples in turn."""

    title: str
    pieces: tuple[str | Example, ...]

    def examples(self) -> list[Example]:
        return [piece for piece in self.pieces if isinstance(piece, Example)]


@cache
def chapters() -> tuple[Chapter, ...]:
    """The gallery in order; the first chapter is what stands before the kinds."""
    text = Path(__file__).with_name("gallery.md").read_text("utf-8")
    return tuple(_chapter(part) for part in _HEAD.split(text))


def _chapter(text: str) -> Chapter:
    title, _, rest = text.partition("\n")
    pieces: list[str | Example] = []
    at = 0
    for number, match in enumerate(_FENCE.finditer(rest), 1):
        if before := rest[at : match.start()].strip():
            pieces.append(before)
        name = f"{title}-{number:02}"
        pieces.append(Example(name, match[0], match[1], match[2] or "", match[3]))
        at = match.end()
    if after := rest[at:].strip():
        pieces.append(after)
    return Chapter(title.lstrip("# "), tuple(pieces))


def standalone(figure: str) -> str:
    """The drawing in a figure's HTML as a file of its own, in the ink of light and dark pages; an element a line."""
    svg = figure[figure.index("<svg") : figure.index("</svg>") + 6].replace("\ue007", "figure")
    opened = svg.index(">") + 1
    return re.sub(r"(?<=>)(?=<)", "\n", svg[:opened] + _SHEET + svg[opened:]) + "\n"
