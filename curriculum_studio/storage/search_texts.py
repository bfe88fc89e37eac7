"""How texts are kept for search and shown again: formulas set apart, words marked, the best place of a text found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from curriculum_studio.formats.math_keys import formula_key, typed_keys
from curriculum_studio.formats.words import term, terms

OPEN, SHUT = "\x02", "\x03"
_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
_KEPT = re.compile(f"{OPEN}([^{SHUT}]*){SHUT}")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\n]*\)")
_MARKS = re.compile(
    r"\{[^{}\n]*\}|\[\[[^\[\]\n]*\]\]|^:::.*$|^[ \t]*(?:[#>]+|[-+] \[[ x]\]|[-+](?= ))|[-:|]{3,}|[|]+",
    re.MULTILINE,
)
_STRESS = re.compile(r"[*`]+")
"""Marks that touch the words and the stops around them: no space stands in their place."""
_WORD = re.compile(r"[^\W_]+")
_UNIT = re.compile(f"{OPEN}[^{SHUT}]*{SHUT}|[^\\W_]+")
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_ATOM = r"(?:\d+\s+(?=\d+/))?(?:\d+(?:\.\d+)?[a-z]{0,2}|[a-zA-Z]{1,2}\d?|sqrt\([^()\s]*\))"
_RUN = re.compile(
    rf"(?<![\w.\\/])-?{_ATOM}(?:\s*(?:<=|>=|!=|[=+*/:<>≤≥≠×÷−·^-])\s*{_ATOM})+(?![\w/])|(?<![\w.\\/]){_ATOM}\^\d+"
)
_SIGN = re.compile(r"[<>!=+*/:≤≥≠×÷−·^-]")
_TEX = re.compile(r"\$([^$]+)\$|(\\[a-zA-Z]+(?:\s*\{[^{}]*\})+)")
_FRACTION = re.compile(r"\\frac\{[^{}]*\}\{[^{}]*\}")
_SIGNS = {
    "times": "×", "cdot": "·", "div": "÷", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "pi": "π",
    "circ": "°", "pm": "±", "approx": "≈", "rightarrow": "→", "to": "→", "angle": "∠", "triangle": "△", "sqrt": "√",
}  # fmt: skip
MAX_KEY = 120
BEFORE, LENGTH = 90, 260


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a snippet, and whether they were looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a query looks for: terms, formula keys, kinds of part."""

    terms: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


def kept(text: str) -> str:
    """A Markdown text as search keeps it: plain words, each formula between two marks of its own."""
    out: list[str] = []
    at = 0
    text = text.replace(OPEN, "").replace(SHUT, "")
    for match in _FORMULA.finditer(text):
        out += [_plain(text[at : match.start()]), OPEN, match[1] or match[2], SHUT]
        at = match.end()
    out.append(_plain(text[at:]))
    return " ".join("".join(out).split())


def _plain(text: str) -> str:
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    return _STRESS.sub("", _MARKS.sub(" ", text))


def words_of(text: str) -> list[str]:
    """The terms of a kept text; of a formula its numbers and letters."""
    if OPEN in text:
        text = _KEPT.sub(lambda m: " " + _COMMAND.sub(" ", m[1]) + " ", text)
    return terms(text)


def keys_of(text: str) -> Iterator[str]:
    """The keys of the formulas in a kept text, of their sides and fractions, and of what is typed as plain text."""
    for match in _KEPT.finditer(text):
        yield from _with_parts(formula_key(match[1]))
    for run in runs(_KEPT.sub(" ", text)):
        for key in typed_keys(run):
            yield from _with_parts(key)


def _with_parts(key: str) -> Iterator[str]:
    if not key or len(key) > MAX_KEY:
        return
    yield key
    if "=" in key:
        yield from filter(None, key.split("="))
    if "\\frac" in key:
        yield from _FRACTION.findall(key)


def runs(text: str) -> list[str]:
    """What looks like a formula in a typed text: `3/4`, `y = mx + b`; TeX, with or without dollar signs."""
    found: list[str] = []
    if "$" in text or "\\" in text:
        found += [match[1] or match[2] for match in _TEX.finditer(text)]
        text = _TEX.sub(" ", text)
    # Most texts hold no sign at all, and that is seen sooner than that no run begins anywhere.
    if _SIGN.search(text):
        found += [m[0] for m in _RUN.finditer(text) if re.search(r"[\d=]", m[0])]
    return found


def shown(latex: str) -> str:
    """A formula as it may be read within a line of plain text."""
    text = re.sub(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\1/\2", latex)
    text = re.sub(r"\\[dt]?frac\s*(\d)\s*(\d)", r"\1/\2", text)
    text = re.sub(r"\\(?:text|mathrm|overline)\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\([a-zA-Z]+)\s?", lambda m: _SIGNS.get(m[1], " "), text)
    return " ".join(re.sub(r"[{}\\&]", " ", text).split())


def surface(parts: Iterable[str], wanted: str) -> str:
    """The word that stands in a text for a term; the term itself where none does."""
    for text in parts:
        for match in _WORD.finditer(text):
            if term(match[0]) == wanted:
                return match[0].casefold()
    return wanted


@lru_cache(maxsize=64)
def _pattern(wanted: Wanted) -> re.Pattern[str]:
    """Finds formulas, and words that begin as a wanted term does; whether they are meant is asked of each."""
    begins = sorted(
        {re.escape(one[:-1] if one.endswith("y") and len(one) > 3 else one) for one in wanted.terms if one}
    )
    word = rf"|(?<![^\W_])(?:{'|'.join(begins)})[^\W_]*" if begins else ""
    return re.compile(f"{OPEN}[^{SHUT}]*{SHUT}{word}", re.IGNORECASE)


def _found(text: str, wanted: Wanted) -> list[tuple[int, int, str]]:
    """Where a kept text holds what is wanted: start, end, and what was found there."""
    spots = []
    # An accent may stand on any letter of a word: there every word is looked at.
    units = _pattern(wanted) if text.isascii() else _UNIT
    for match in units.finditer(text):
        token = match[0]
        if token[0] == OPEN:
            if wanted.keys:
                for key in _with_parts(formula_key(token[1:-1])):
                    if key in wanted.keys:
                        spots.append((match.start(), match.end(), key))
                        break
        elif (found := term(token)) in wanted.terms:
            spots.append((match.start(), match.end(), found))
    if wanted.keys:
        for run in _RUN.finditer(text):
            if any(key in wanted.keys for key in typed_keys(run[0])):
                spots.append((run.start(), run.end(), run[0]))
    return sorted(spots)


def best_part(parts: list[tuple[str, str, str, str]], wanted: Wanted) -> tuple[int, tuple[Piece, ...]]:
    """Which part (anchor, kind, heading, text) shows most of what is wanted, and a snippet of it."""
    best, best_worth, best_spots = 0, -1.0, []
    for index, (_, kind, heading, text) in enumerate(parts):
        spots = _found(text, wanted)
        worth = 10.0 * len({what for _, _, what in spots}) + min(len(spots), 9)
        if kind in wanted.kinds:
            worth += 15
        if heading and wanted.terms:
            worth += 6.0 * sum(word in wanted.terms for word in set(terms(heading)))
        if worth > best_worth:
            best, best_worth, best_spots = index, worth, spots
    if not parts:
        return 0, ()
    # The text of a part that is made of others stands in those.
    text = next((row[3] for row in parts[best:] if row[3]), "")
    return best, _pieces(text, best_spots or _found(text, wanted))


def _densest(spots: list[tuple[int, int, str]]) -> int:
    """The spot from which a snippet shows most different things."""
    counts = []
    for index, (start, _, _) in enumerate(spots[:60]):
        seen = {what for begin, _, what in spots[index : index + 30] if begin < start + LENGTH - BEFORE}
        counts.append((-len(seen), index))
    return min(counts)[1]


def _pieces(text: str, spots: list[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """The text around the best spots, cut at words and never within a formula."""
    centre = spots[_densest(spots)][0] if spots else 0
    first, last = max(0, centre - BEFORE), min(len(text), max(0, centre - BEFORE) + LENGTH)
    for match in _UNIT.finditer(text, max(0, first - 200), min(len(text), last + 200)):
        if match.start() < first < match.end():
            first = match.start()
        if match.start() < last < match.end():
            last = match.end()
    out = [Piece("… ")] if first else []
    at = first
    for start, end, _ in spots:
        if start < at or end > last:
            continue
        out += [Piece(_read(text[at:start])), Piece(_read(text[start:end]), True)]
        at = end
    out.append(Piece(_read(text[at:last]) + (" …" if last < len(text) else "")))
    return tuple(piece for piece in out if piece.text)


def _read(text: str) -> str:
    if OPEN in text:
        text = _KEPT.sub(lambda m: shown(m[1]), text)
    return text.replace(OPEN, "").replace(SHUT, "")
