"""What changed between two texts, word by word; formulas, code and links count as one word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from curriculum_studio.domain.merging import sentences, words


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, came or went."""

    kind: Literal["same", "came", "went"]
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The pieces that lead from `old` to `new`: `same` and `went` make up the old text, `same` and `came` the new."""
    pieces: list[Piece] = []
    first, second = sentences(old), sentences(new)
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, "same", "".join(first[a:b]))
        else:
            _by_words(pieces, "".join(first[a:b]), "".join(second[c:d]))
    return pieces


def _by_words(pieces: list[Piece], old: str, new: str) -> None:
    first, second = words(old), words(new)
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            _add(pieces, "same", "".join(first[a:b]))
        else:
            _add(pieces, "went", "".join(first[a:b]))
            _add(pieces, "came", "".join(second[c:d]))


def _add(pieces: list[Piece], kind: Literal["same", "came", "went"], text: str) -> None:
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    else:
        pieces.append(Piece(kind, text))
