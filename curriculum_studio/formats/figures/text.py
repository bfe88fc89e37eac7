"""Hides how wide words are and how a label is set: one type size, stacked fractions, formulas as plain signs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from curriculum_studio.formats.math import FormulaError, formula

SIZE, SMALL = 14.0, 12.0
ASCENT, DESCENT, LEADING = 11.0, 4.0, 17.0
BLANK, BLANK_ASCENT, BLANK_DESCENT = 30.0, 15.0, 7.0
_STACK_ASCENT, _STACK_DESCENT = 17.5, 8.5
# The widest of the typefaces that a reader is likely to have (in thousandths of the size): a label that has room
# in it has room in every other.
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|!\u2032", 345),
    **dict.fromkeys('ftr()[]/\\-"°`', 425),
    **dict.fromkeys("0123456789$£€?sckvxyzJ", 640),
    **dict.fromkeys("mwMW%@…—", 1000),
    **dict.fromkeys("QOGDHNU", 790),
    **dict.fromkeys("+=<>\u2212×÷≤≥≠~^", 838),
    **dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", 401),
    **dict.fromkeys(" \u00a0", 318),
    "\u2009": 170,
}
_SIGNS = {
    r"\times": "×", r"\div": "÷", r"\cdot": "·", r"\pi": "π", r"\theta": "θ", r"\alpha": "α", r"\beta": "β", r"\le": "≤",
    r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\angle": "∠", r"\triangle": "△",
    r"\degree": "°", r"\pm": "±", r"\infty": "∞", r"\%": "%", r"\$": "$", r"\,": " ", r"\ ": " ", r"\;": " ", r"\quad": " ",
    r"\left": "", r"\right": "", r"\lt": "<", r"\gt": ">", r"\to": "→",
}  # fmt: skip
_RAISED = dict(zip("0123456789n+-", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁺⁻", strict=True))
_LOWERED = dict(zip("0123456789n", "₀₁₂₃₄₅₆₇₈₉ₙ", strict=True))
_TYPED = re.compile(r"(?<![\w/.,])(\d{1,4})/(\d{1,4})(?![\w/])(?!\.\d)")
_FRACTION = re.compile(r"\\[dt]?frac[ ]*(?:\{([^{}\\]{1,12})\}|(\d))[ ]*(?:\{([^{}\\]{1,12})\}|(\d))")
_COMMAND = re.compile(r"\\(?:[a-zA-Z]+|.)[ ]?")
_DEGREES = re.compile(r"\^(?:\{\\circ\}|\\circ)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a label: words, a fraction where `below` is not empty, or an empty box (`blank`)."""

    words: str
    italic: bool = False
    below: str = ""
    blank: bool = False

    @property
    def width(self) -> float:
        if self.blank:
            return BLANK + 4
        if self.below:
            return max(width_of(self.words), width_of(self.below)) * SMALL / SIZE + 5
        return width_of(self.words)


Row = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A label ready to be set: rows of pieces, and the room that it takes."""

    rows: tuple[Row, ...]
    width: float
    height: float


@lru_cache(maxsize=4096)
def width_of(words: str) -> float:
    """About how wide the words are in type of one size; rather too wide than too narrow."""
    return sum(_glyph(ch) for ch in words) * SIZE / 1000


def _glyph(ch: str) -> int:
    known = _WIDTHS.get(ch)
    if known is not None:
        return known
    if ch.isascii():
        return 635 if ch.islower() else 720
    if unicodedata.combining(ch) or unicodedata.category(ch) in ("Cf", "Mn", "Me"):
        return 0
    if unicodedata.east_asian_width(ch) in "WF":
        return 1050
    return 790 if ch.isupper() else 680


@lru_cache(maxsize=4096)
def label(words: str, wrap: float = 0) -> Label:
    """A label; broken into rows of at most `wrap` where it has spaces. Raises `FormulaError`."""
    rows = [()] if not words else _rows(_pieces(words), wrap)
    return Label(tuple(rows), max(_width(row) for row in rows), sum(_height(row) for row in rows))


def _width(row: Row) -> float:
    return sum(piece.width for piece in row)


def _height(row: Row) -> float:
    up, down = extent(row)
    return up + down


def extent(row: Row) -> tuple[float, float]:
    """How far a row reaches above and below its baseline."""
    if any(piece.below for piece in row):
        return _STACK_ASCENT, _STACK_DESCENT
    if any(piece.blank for piece in row):
        return BLANK_ASCENT + 1, BLANK_DESCENT + 1
    return ASCENT + 1, DESCENT + 1


def _rows(words: list[Row], wrap: float) -> list[Row]:
    space = Piece(" ")
    rows: list[Row] = [words[0]] if words else [()]
    for word in words[1:]:
        if wrap and _width(rows[-1]) + space.width + _width(word) > wrap:
            rows.append(word)
        else:
            rows[-1] = (*rows[-1], space, *word)
    return [_joined(row) for row in rows]


def _joined(row: Row) -> Row:
    """Neighbouring runs of the same kind as one, so that a plain label is one element."""
    out: list[Piece] = []
    for piece in row:
        if (
            out
            and not out[-1].blank
            and not piece.blank
            and not piece.below
            and not out[-1].below
            and piece.italic == out[-1].italic
        ):
            out[-1] = Piece(out[-1].words + piece.words, piece.italic)
        else:
            out.append(piece)
    # A space beside a fraction's bar is narrower than one between words.
    for i, piece in enumerate(out):
        words = piece.words
        if i + 1 < len(out) and out[i + 1].below and words.endswith(" "):
            words = words[:-1] + "\u2009"
        if i and out[i - 1].below and words.startswith(" "):
            words = "\u2009" + words[1:]
        out[i] = Piece(words, piece.italic, piece.below, piece.blank)
    return tuple(out)


def _pieces(words: str) -> list[Row]:
    """The words of a label, each a row of pieces without a space."""
    found: list[list[Piece]] = [[]]
    for i, run in enumerate(_split(words)):
        pieces = _formula(run) if i % 2 else _typed(run)
        for piece in pieces:
            if piece.below:
                found[-1].append(piece)
                continue
            for k, part in enumerate(piece.words.split(" ")):
                if k:
                    found.append([])
                if part:
                    found[-1].append(Piece("", blank=True) if part == "_" else Piece(part, piece.italic))
    return [tuple(word) for word in found if word]


def _split(words: str) -> list[str]:
    """Text and formulas in turn; `\\$` is a dollar, and a lone one is too."""
    marks = [m.start() for m in re.finditer(r"(?<!\\)\$", words)]
    runs, at = [], 0
    for mark in marks[: len(marks) // 2 * 2]:
        runs.append(words[at:mark])
        at = mark + 1
    runs.append(words[at:])
    return [run if i % 2 else run.replace("\\$", "$") for i, run in enumerate(runs)]


def _typed(run: str) -> list[Piece]:
    out, at = [], 0
    for match in _TYPED.finditer(run):
        out += [Piece(run[at : match.start()]), Piece(match[1], below=match[2])]
        at = match.end()
    return [piece for piece in [*out, Piece(run[at:])] if piece.words]


def _formula(latex: str) -> list[Piece]:
    """A formula as pieces: fractions stacked, signs as signs; one too rich for that as it is said."""
    if not latex.strip():
        raise FormulaError("an empty formula stands in a label.", 0)
    shown = formula(latex)
    out: list[Piece] = []
    at, source = 0, _DEGREES.sub("°", shown.latex)
    for match in _FRACTION.finditer(source):
        above, below = _signs(match[1] or match[2]), _signs(match[3] or match[4])
        if above is None or below is None:
            return [Piece(shown.speech, italic=True)]
        out += [*_letters(source[at : match.start()]), Piece(above, below=below)]
        at = match.end()
    rest = source[at:]
    if any(_signs(piece) is None for piece in _FRACTION.split(source)[::5]):
        return [Piece(shown.speech, italic=True)]
    return [*out, *_letters(rest)]


def _signs(latex: str) -> str | None:
    """LaTeX as plain signs; None where it needs more than a line of them."""
    text = re.sub(r"\\(?:text|mathrm)\{([^{}]*)\}", lambda m: m[1].replace(" ", "\u00a0"), latex)
    text = re.sub(r"\\sqrt\{([^{}]*)\}", lambda m: f"√{m[1]}" if len(m[1]) == 1 else f"√({m[1]})", text)
    for mark, table in (("^", _RAISED), ("_", _LOWERED)):
        text = re.sub(rf"\{mark}\{{?([0-9n]+|[+-][0-9n]+)\}}?", lambda m, t=table: "".join(t.get(c, c) for c in m[1]), text)  # type: ignore[misc]  # fmt: skip
    text = _COMMAND.sub(lambda m: _SIGNS.get(m[0].rstrip() or m[0], "\ufffd"), text)
    text = text.replace("{", "").replace("}", "").replace("-", "\u2212").replace("~", " ")
    return None if re.search("[\ufffd^_&\\\\]", text) else text


def _letters(latex: str) -> list[Piece]:
    """Signs with letters in italics and figures upright, and a little room around relations."""
    text = re.sub(r"\s*([=<>≤≥≠≈])\s*", "\u00a0\\1\u00a0", (_signs(latex) or "").strip())
    text = re.sub(r"(?<=[\w)])\s*([+\u2212×÷·])\s*(?=[\w(√])", "\u00a0\\1\u00a0", text)
    return [
        Piece(run, italic=run.isalpha())
        for run in re.findall(r"[^\W\d_²³⁰-₟]+|[\d\W_²³⁰-₟]+", text.replace(" ", "\u00a0"))
    ]


def plain_words(set_: Label) -> str:
    """The words of a label in one line."""
    return " ".join(
        "".join(f"{p.words}/{p.below}" if p.below else p.words for p in row) for row in set_.rows
    ).replace("\u00a0", " ")


def right_to_left(words: str) -> bool:
    """Whether the first letter is one of a script that goes from right to left."""
    if words.isascii():
        return False
    kinds = (unicodedata.bidirectional(ch) for ch in words)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"
