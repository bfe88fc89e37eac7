"""What Whoosh keeps of one text: its fields, and how weights and positions are written."""

from __future__ import annotations

import json
import zlib
from array import array
from dataclasses import dataclass
from typing import Any

from whoosh import fields, formats

from curriculum_studio.domain.standards import canonical
from curriculum_studio.formats.words import code_terms, codes_in, terms
from curriculum_studio.storage.search_texts import kept, keys_of, words_of

VERSION = 6
"""Raised whenever what is written here changes: an index of another version is made anew."""
_GAP = 8


@dataclass(frozen=True, slots=True)
class SearchPart:
    """A part of a text: the id under which a page shows it ("" for none), its kind, heading and Markdown."""

    anchor: str
    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One file as search knows it; `author` is the key and name of who changed it last."""

    path: str
    id: str
    title: str
    kind: str
    parts: tuple[SearchPart, ...]
    codes: tuple[str, ...] = ()
    blob: str = ""
    author: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Card:
    """What is held in memory of each text."""

    path: str
    id: str
    title: str
    kind: str
    blob: str
    author: tuple[str, str]
    length: int


class _Spots(formats.Positions):  # type: ignore[misc]
    """Positions as plain numbers, the weight as it was given."""

    def decode_positions(self, valuestring: bytes) -> list[int]:
        return positions(valuestring)


class Spots(fields.FieldType):  # type: ignore[misc]
    """A field that is given as a mapping of terms to their positions."""

    def __init__(self) -> None:
        super().__init__(format=_Spots(), analyzer=None, scorable=False)

    def index(self, value: Any, **kwargs: Any) -> list[tuple[bytes, int, float, bytes]]:
        return [
            (word.encode(), len(places), float(len(places)), array("I", places).tobytes())
            for word, places in value.items()
        ]


def positions(value: bytes) -> list[int]:
    """The positions of a posting's value."""
    return array("I", bytes(value)).tolist()


SCHEMA = fields.Schema(
    path=fields.ID(stored=True, unique=True),
    card=fields.STORED,
    parts=fields.STORED,
    words=Spots(),
    title=Spots(),
    marks=Spots(),
)


def fields_of(one: SearchDocument) -> dict[str, Any]:
    """A text as Whoosh takes it. `marks` are codes (`#6rpa3`), kinds of part (`=cool-down`), formulas (`~3/4`)."""
    parts = [(part.anchor, part.kind, part.heading, kept(part.text)) for part in one.parts]
    words: dict[str, list[int]] = {}
    place = 0
    marks = dict.fromkeys(f"={part.kind}" for part in one.parts if part.kind)
    for text in (one.title, *(text for part in parts for text in (kept(part[2]), part[3]))):
        for word in words_of(text):
            words.setdefault(word, []).append(place)
            place += 1
        place += _GAP
        for key in keys_of(text):
            marks[f"~{key}"] = None
        if "." in text or "-" in text:
            marks.update(dict.fromkeys(mark for code in codes_in(text) for mark in code_marks(code)))
    marks.update(dict.fromkeys(mark for code in one.codes for mark in code_marks(code)))
    titles: dict[str, list[int]] = {}
    for at, word in enumerate(terms(one.title)):
        titles.setdefault(word, []).append(at)
    length = sum(map(len, words.values()))
    return {
        "path": one.path,
        "card": (one.id, one.title, one.kind, one.blob, one.author, length),
        "parts": zlib.compress(json.dumps(parts, ensure_ascii=False).encode(), 3),
        "words": words,
        "title": titles,
        "marks": {mark: [0] for mark in marks},
    }


def code_marks(code: str) -> list[str]:
    """The marks under which a code is found: its forms, and those of the clusters and domains that it belongs to."""
    usual = canonical(code).split(".")
    whole = [".".join(usual[:count]) for count in range(1 if "-" in usual[0] else 2, len(usual))]
    return [mark for one in (code, *whole) for mark in code_terms(one)]


def card_of(stored: dict[str, Any]) -> Card:
    """The card in what is stored."""
    return Card(stored["path"], *stored["card"])


def parts_of(stored: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """The parts in what is stored: anchor, kind, heading, kept text."""
    return [(row[0], row[1], row[2], row[3]) for row in json.loads(zlib.decompress(stored["parts"]))]
