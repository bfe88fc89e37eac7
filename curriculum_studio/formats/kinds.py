"""Which kind of part a heading names: folding, synonyms in several languages, numbers, and near misses."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz.distance import OSA

from curriculum_studio.domain.kinds import KINDS

_SEPARATOR = re.compile(r"\s*:\s*|\s+[-–—]+\s+|\s*[–—]\s*")
_NUMBER = re.compile(r"[\s.]*(?:#?\s*)?\d+(?:\.\d+)*[a-z]?\.?$", re.IGNORECASE)
NEAR = 2
"""How many letters a word may differ from a kind's name and still count as meant (format 1)."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading says: its kind (None where it names none), the words as typed, and the title after them."""

    kind: str | None
    words: str
    title: str


@lru_cache(maxsize=8192)
def fold(words: str) -> str:
    """Letters only, without case, accents, spaces, hyphens, marks and the plural s of each word."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    letters = "".join(ch if ch.isalpha() or ch == " " else " " if ch in "-–—_\t/" else "" for ch in plain)
    return "".join(w[:-1] if len(w) > 2 and w.endswith("s") else w for w in letters.split())


@cache
def names() -> Mapping[str, str]:
    """Every folded name and the kind that it means."""
    found: dict[str, str] = {}
    for kind, row in _rows().items():
        for name in row["names"]:
            key = fold(name)
            if found.setdefault(key, kind) != kind:
                raise ValueError(f"kinds.toml: “{name}” names both {found[key]} and {kind}")
    return found


@cache
def _rows() -> Mapping[str, dict[str, dict[str, str] | list[str]]]:
    text = (files("curriculum_studio.formats") / "kinds.toml").read_text("utf-8")
    rows = tomllib.loads(text)
    if set(rows) != set(KINDS):
        raise ValueError("kinds.toml and domain/kinds.py list different kinds")
    return rows


@cache
def shown(kind: str, language: str = "en") -> str:
    """What the program calls a kind in a language; English where it has no word of that language."""
    row = _rows()[kind]["shown"]
    assert isinstance(row, dict)  # noqa: S101 - the file is ours
    return row.get(language, row["en"])


@lru_cache(maxsize=8192)
def name_of(heading: str) -> Named:
    """Reads a heading without its marks and attributes into kind, words and title."""
    table = names()
    cut = _SEPARATOR.search(heading)
    tries = [(heading[: cut.start()], heading[cut.end() :])] if cut else []
    for words, title in [*tries, (heading, "")]:
        for form in (words, _NUMBER.sub("", words)):
            kind = table.get(fold(form))
            if kind is not None and form.strip():
                return Named(kind, words.strip(), title.strip())
    return Named(None, "", heading.strip())


@lru_cache(maxsize=8192)
def near(heading: str) -> str | None:
    """The kind whose name is meant or nearly meant (within two letters) by these words, or None."""
    exact = name_of(heading).kind
    if exact is not None:
        return exact
    cut = _SEPARATOR.search(heading)
    forms = [heading, *([heading[: cut.start()]] if cut else [])]
    best: tuple[int, str] | None = None
    for form in forms:
        key = fold(_NUMBER.sub("", form))
        if not key:
            continue
        for name, kind in names().items():
            # Two letters away from a word of two letters is any word at all.
            distance = OSA.distance(key, name, score_cutoff=NEAR)
            if distance <= NEAR and distance < len(key) and (best is None or (distance, kind) < best):
                best = (distance, kind)
    return best[1] if best else None


@cache
def search_names(kind: str) -> str:
    """Every name of a kind, so that who looks for an exit ticket finds cool-downs."""
    found = _rows()[kind]["names"]
    return " ".join(found)


def known_names(kind: str) -> list[str]:
    """Every name that a heading may use for a kind, in the table's order."""
    return [name for name in _rows()[kind]["names"] if isinstance(name, str)]


def shown_names(language: str = "en") -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """For each kind what the program calls it, and the other names that a heading may use, in the table's order."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for kind, row in _rows().items():
        shown, listed = row["shown"], row["names"]
        title = shown.get(language, kind) if isinstance(shown, dict) else kind
        others = [name for name in listed if isinstance(name, str) and fold(name) != fold(title)]
        found[kind] = title, tuple(others)
    return found
