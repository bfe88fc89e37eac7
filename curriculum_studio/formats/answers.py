"""What counts as the same answer: values as canonical text, and the form in which a page can check them unread.

The browser's twin is `frontend/answers.js`: both read `measures.json`, and a test compares them over made inputs.
A canonical text begins with its kind: `n:` a number in lowest terms, `r:` a ratio, `g:` a place on a grid of
tolerance, `c:` choices by position, `t:` words.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

ITERATIONS = 1000
"""Turns of PBKDF2: two of them take a slow phone's script less than a tenth of a second."""
DIGEST_BYTES = 8
MAX_GRID = 200
_MAX_DIGITS = 30
_GONE = re.compile("[\u0300-\u036f\u0640\u064b-\u0655\u061c\u200b-\u200f\u2060\ufeff\u00ad]")
_SPACE = re.compile("[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_VULGAR = re.compile("[\u00bc-\u00be\u2150-\u215f\u2189]")
_SAME = str.maketrans(
    {
        **{chr(0x660 + n): str(n) for n in range(10)},
        **{chr(0x6F0 + n): str(n) for n in range(10)},
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2044\u2215\u00f7", "/"),
        **dict.fromkeys("\u00d7\u00b7\u22c5", "*"),
        **dict.fromkeys("\u2018\u2019\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u2033", '"'),
        "\u2236": ":", "\u066b": ".", "\u066c": ",", "\u03c2": "\u03c3", "\u03c0": "pi",
    }
)  # fmt: skip
_POWER = {"2": " squared", "3": " cubed"}
_QUANTITY = re.compile(
    r"([-+]?) ?([$€£]?) ?([-+]?)"
    r"(?:([0-9]+)(?: | and | y | و )([0-9]+) ?/ ?([0-9]+)|([0-9]+) ?/ ?([0-9]+)"
    r"|([1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?)(?![0-9,])|([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+))"
    r"([^0-9=+*^<>()\[\]{}:;,!?|\\_]*)"
)
_RATIO = re.compile(r" ?: ?| to | a | الى ")
_LONG = re.compile(rf"[0-9]{{{_MAX_DIGITS + 1}}}")
_JOINTS = re.compile(r" ?([=+\-*/^<>()\[\]{},:;|]) ?")
_PER = re.compile(r" per | por | each | cada | en cada | ?/ ?")
_SQUARE = re.compile(r"(?:square|sq\.?) (.+)|(.+) (?:squared|cuadrad[oa]s?)")
_CUBE = re.compile(r"(?:cubic|cu\.?) (.+)|(.+) (?:cubed|cubic[oa]s?)")
_SYMBOLS = frozenset("%°¢$€£'\"")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as read, the words behind it (or the sign of its currency), and whether a space parts the two."""

    value: Fraction
    unit: str
    apart: bool


def fold(text: str) -> str:
    """A text with the differences taken out that no reader means: case, accents, kinds of space, dash and digit."""
    text = text.replace("\u00b2", "^2").replace("\u00b3", "^3")
    text = unicodedata.normalize("NFKD", _VULGAR.sub(lambda m: f" {m[0]}", text))
    text = _GONE.sub("", text).lower().translate(_SAME)
    text = re.sub(r" ?\^ ?([23])(?![0-9])", lambda m: _POWER[m[1]], text)
    return re.sub(r"(?: ?\.)+$", "", _SPACE.sub(" ", text).strip(" "))


def quantity(folded: str) -> Quantity | None:
    """A folded text as a number with an optional unit; None where it is anything else."""
    match = _QUANTITY.fullmatch(folded)
    if match is None or _LONG.search(folded) or (match[1] and match[3]):
        return None
    whole, top, bottom = match[4] or "0", match[5] or match[7], match[6] or match[8]
    if bottom is not None:
        if not int(bottom):
            return None
        value = int(whole) + Fraction(int(top), int(bottom))
    elif match[9]:
        value = Fraction(match[9].replace(",", ""))
    else:
        value = Fraction(match[10].replace(",", ".").rstrip(".") or "0")
    rest = match[11]
    if match[2] and rest.strip(" "):
        return None
    unit = match[2] or rest.strip(" ")
    return Quantity(-value if "-" in (match[1], match[3]) else value, unit, rest[:1] == " " or bool(match[2]))


def number_text(value: Fraction) -> str:
    """A number in lowest terms: `3/2`, `-4`."""
    return str(value)


@cache
def _measures() -> tuple[dict[str, tuple[Fraction, str]], dict[str, str]]:
    table = json.loads((Path(__file__).parent / "measures.json").read_text("utf-8"))
    known = {
        name: (Fraction(factor), family)
        for family, rows in table["families"].items()
        for factor, names in rows
        for name in names.split("|")
    }
    return known, table["compounds"]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 2 else word


def _simple(words: str) -> tuple[Fraction, str]:
    words = words.strip(" .").split(" of ")[0].split(" de ")[0].strip(" .")
    known, _ = _measures()
    for pattern, power in ((_SQUARE, 2), (_CUBE, 3)):
        if match := pattern.fullmatch(words):
            factor, name = _simple(match[1] or match[2])
            return factor**power, f"{name}^{power}"
    single = " ".join(_singular(word) for word in words.split(" "))
    found = known.get(words) or known.get(single)
    return found or (Fraction(1), single)


def measure(unit: str) -> tuple[Fraction, str]:
    """A unit as its family and how many of the family's smallest unit it is: cups are 48 of `volume`."""
    _, compounds = _measures()
    known, _ = _measures()
    unit = unit.strip(" .")
    if unit in known:
        return known[unit]
    above, *below = _PER.split(compounds.get(unit, unit), maxsplit=1)
    factor, name = _simple(above)
    for part in below:
        under, other = _simple(part)
        factor, name = factor / under, f"{name}/{other}"
    return factor, name


def _is_unit(found: Quantity) -> bool:
    """Whether what stands behind a number is a unit and not algebra: `5 cm`, `5cm`, `5 boxes`; not `3x`, `4 pi`."""
    known, compounds = _measures()
    unit = found.unit.strip(" .")
    if unit in known or unit in compounds or _singular(unit) in known:
        return True
    return (found.apart and len(unit) > 2) or bool(_PER.search(unit))


def _ratio(folded: str) -> str | None:
    terms = [quantity(part.strip(" ")) for part in _RATIO.split(folded)]
    if len(terms) < 2 or any(term is None for term in terms):
        return None
    return "r:" + ":".join(number_text(term.value) for term in terms if term is not None)


def words_text(folded: str) -> str:
    """A folded text as words: no spaces around signs, none between a number and a letter."""
    return "t:" + re.sub(r"([0-9]) ", r"\1", _JOINTS.sub(r"\1", folded))


def _place(value: Fraction, step: Fraction) -> str:
    """Where a number lies on a grid: on a point, or between it and the next."""
    at = value / step
    return f"g:{at}" if at.denominator == 1 else f"g:{math.floor(at)}+"


def readings(text: str, *, units: bool, steps: Sequence[Fraction] = ()) -> list[str]:
    """All that a student may mean by a text, as canonical texts: right is whoever's one of them is a key.

    `units` says that the key has a unit, `steps` are those of its grid: as typed, and in the smallest unit.
    """
    folded = fold(text)
    if not folded:
        return []
    ratio = _ratio(folded)
    if ratio is not None:
        return [ratio]
    found = quantity(folded)
    if found is None or (found.unit and not _is_unit(found)):
        return [words_text(folded)]
    if not found.unit or not units:
        bare = _place(found.value, steps[0]) if steps else f"n:{number_text(found.value)}"
        return [words_text(folded), bare] if found.unit else [bare]
    factor, name = measure(found.unit)
    value = found.value * factor
    shown = _place(value, steps[1]) if len(steps) > 1 else f"n:{number_text(value)}"
    return [words_text(folded), f"{shown} {name}"]


class NotComparable(ValueError):
    """An accepted value that no program can compare with an answer; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Key:
    """Accepted values as canonical texts, whether they carry a unit, the steps of their grid."""

    texts: tuple[str, ...]
    units: bool = False
    steps: tuple[Fraction, ...] = ()


_TEX = (
    (re.compile(r"\\[dt]?frac\{([0-9]+)\}\{([0-9]+)\}"), r" \1/\2"),
    (re.compile(r"\\[dt]?frac([0-9])([0-9])"), r" \1/\2"),
    (re.compile(r"\\text\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\[,;: ]|~"), " "),
    (re.compile(r"\^\{?\\circ\}?"), "°"),
    (re.compile(r"\\([$%])"), r"\1"),
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\pi\b"), "π"),
)


def plain_value(text: str) -> str:
    """An accepted value as an author wrote it, with simple formulas as plain text."""
    plain = re.sub(r"\$([^$]+)\$", lambda m: m[1], text.replace("\\$", "\ue000")).replace("\ue000", "\\$")
    plain = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", plain)
    for pattern, written in _TEX:
        plain = pattern.sub(written, plain)
    if "\\" in plain or "{" in plain:
        raise NotComparable(f"“{text}” cannot be compared with what a student types.")
    return plain.strip()


def key_of(values: Iterable[str], *, unit: str = "", tolerance: str = "") -> Key:
    """The key of accepted values as authors write them; raises `NotComparable` with the reason."""
    numbers: list[tuple[Fraction, str]] = []
    others: list[str] = []
    for value in values:
        folded = fold(plain_value(value))
        found = None if _ratio(folded) else quantity(folded)
        if not folded:
            continue
        if found is None or (found.unit and (not _is_unit(found) or _like_algebra(found))):
            others.append(_ratio(folded) or words_text(folded))
        else:
            numbers.append((found.value, found.unit or fold(unit)))
    if not numbers and not others:
        raise NotComparable("the answer is empty.")
    steps = _steps(numbers, others, tolerance)
    texts: dict[str, None] = dict.fromkeys(others)
    for number, words in numbers:
        factor, name = measure(words) if words else (Fraction(1), "")
        reach = Fraction(0) if not steps else _number(tolerance)
        texts.update(dict.fromkeys(_spread(number, reach, steps[:1])))
        if words:
            spread = _spread(number * factor, reach * factor, steps[1:])
            texts.update(dict.fromkeys(f"{text} {name}" for text in spread))
    return Key(tuple(texts), any(words for _, words in numbers), steps)


def _like_algebra(found: Quantity) -> bool:
    """Whether an author's `3m` is rather a product than metres."""
    return not found.apart and len(found.unit) == 1 and found.unit not in _SYMBOLS


def _number(text: str) -> Fraction:
    found = quantity(fold(text))
    if found is None or found.unit or found.value <= 0:
        raise NotComparable(f"the tolerance “{text}” is no number above zero.")
    return found.value


def _steps(numbers: list[tuple[Fraction, str]], others: list[str], tolerance: str) -> tuple[Fraction, ...]:
    """The grid on which every accepted number, less and more the tolerance, is a point."""
    if not tolerance:
        return ()
    reach = _number(tolerance)
    if others:
        raise NotComparable("only a number has a tolerance.")
    factors = {measure(words)[0] if words else Fraction(1) for _, words in numbers}
    if len({words for _, words in numbers}) > 1:
        raise NotComparable("values with a tolerance need one unit.")
    step = reach
    for number, _ in numbers:
        step = _gcd(_gcd(step, number - reach), number + reach)
    if sum(4 * reach / step + 1 for _ in numbers) > MAX_GRID:
        raise NotComparable("the value has more digits than its tolerance; write both with as many.")
    factor = factors.pop()
    return (step, step * factor) if numbers[0][1] else (step,)


def _gcd(one: Fraction, two: Fraction) -> Fraction:
    bottom = one.denominator * two.denominator
    return Fraction(math.gcd(int(one * bottom), int(two * bottom)), bottom)


def _spread(value: Fraction, reach: Fraction, steps: Sequence[Fraction]) -> list[str]:
    if not steps:
        return [f"n:{number_text(value)}"]
    step = steps[0]
    first, last = (value - reach) / step, (value + reach) / step
    rows: list[str] = []
    for at in range(int(first), int(last) + 1):
        rows += [f"g:{at}", f"g:{at}+"]
    return rows[:-1]


def choices_text(right: Iterable[int]) -> str:
    """The choices taken, by position from 1."""
    return "c:" + ",".join(str(number) for number in sorted(right))


@lru_cache(maxsize=4096)
def sealed(text: str, salt: str) -> str:
    """A canonical text as a page may hold it: hidden from a glance, not from one who tries every choice."""
    return hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ITERATIONS, DIGEST_BYTES).hex()
