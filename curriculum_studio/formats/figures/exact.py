"""Hides how numbers are typed and kept: exact fractions inside, the author's own way of writing outside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

MAX_SIZE = 10**9
MAX_DENOMINATOR = 10**6
_NUMBER = re.compile(r"([+\-\u2212]?)[ ]*(?:(\d+)[ ]+(\d+)/(\d+)|(\d+)/(\d+)|(\d+)|(\d*\.\d+))")


@dataclass(frozen=True)
class Exact:
    """A number as typed: its exact value and its words."""

    value: Fraction
    text: str

    @cached_property
    def places(self) -> int:
        """Digits behind the decimal point as typed."""
        return len(self.text.partition(".")[2])

    @property
    def is_fraction(self) -> bool:
        """Whether it was typed with a fraction bar."""
        return "/" in self.text

    def __float__(self) -> float:
        return float(self.value)


def read_exact(text: str) -> Exact:
    """Reads `3`, `-2`, `0.75`, `3/4` or `1 1/2`. Raises `ValueError` with a sentence."""
    typed = text.strip()
    match = _NUMBER.fullmatch(typed) if len(typed) <= 40 else None
    if match is None:
        raise ValueError(f"“{typed[:24]}” is no number; write 3, -2, 0.75, 3/4 or 1 1/2.")
    sign, whole, top, bottom, num, den, integer, decimal = match.groups()
    if bottom is not None or den is not None:
        below = int(bottom or den)
        if below == 0:
            raise ValueError(f"“{typed}” divides by zero.")
        value = Fraction(int(top or num), below) + int(whole or 0)
    else:
        value = Fraction(integer or decimal)
    if value > MAX_SIZE:
        raise ValueError(f"“{typed[:24]}” is too large for a figure (at most {MAX_SIZE:,}).")
    if value.denominator > MAX_DENOMINATOR:
        raise ValueError(f"“{typed[:24]}” is too fine for a figure (millionths at most).")
    minus = sign in ("-", "\u2212") and sign != ""
    words = " ".join(typed.lstrip("+-\u2212 ").split())
    return Exact(-value if minus else value, f"\u2212{words}" if minus else words)


@dataclass(frozen=True, slots=True)
class Style:
    """How computed numbers are written: `places` decimals, or over `denominator` in the `form` asked for."""

    places: int = 0
    denominator: int = 1
    form: str = "same"

    def write(self, value: Fraction) -> str:
        """The number in this style; exact, so more places come where it needs them."""
        sign, size = ("\u2212" if value < 0 else ""), abs(value)
        if not value and self.form != "improper":
            return "0"
        if self.denominator == 1:
            return sign + _decimal(size, self.places)
        if size.denominator == 1 and (self.form != "improper" or size == 0):
            return f"{sign}{size.numerator}"
        below = size.denominator if self.form == "lowest" else lcm(self.denominator, size.denominator)
        above = int(size * below)
        if self.form == "improper":
            return f"{sign}{above}/{below}"
        whole, rest = divmod(above, below)
        return f"{sign}{whole} {rest}/{below}" if whole else f"{sign}{rest}/{below}"


def style_of(*numbers: Exact, form: str = "same") -> Style:
    """The style in which these numbers were typed; a fraction among them makes all fractions."""
    if any(n.is_fraction for n in numbers):
        return Style(0, min(lcm(*(n.value.denominator for n in numbers)), MAX_DENOMINATOR), form)
    return Style(max((n.places for n in numbers), default=0), 1, form)


def plain(value: Fraction) -> str:
    """A number without a style of its own: decimal where that is exact, else a fraction."""
    den = value.denominator
    while den % 2 == 0:
        den //= 2
    while den % 5 == 0:
        den //= 5
    return Style().write(value) if den == 1 else Style(0, value.denominator).write(value)


def nice_step(span: Fraction, most: int = 10) -> Fraction:
    """A step of 1, 2 or 5 times a power of ten that divides a span into at most `most` pieces."""
    step = Fraction(1)
    while span / step > most:
        step *= 10
    while span / step <= most / 10:
        step /= 10
    for factor in (10, 5, 2):
        if span / (step / factor) <= most:
            return step / factor
    return step


def _decimal(size: Fraction, places: int) -> str:
    need = 0
    while need < 9 and (size * 10**need).denominator != 1:
        need += 1
    shown = max(places, need)
    if not shown:
        return str(int(size))
    digits = str(round(size * 10**shown)).rjust(shown + 1, "0")
    return f"{digits[:-shown]}.{digits[-shown:]}"
