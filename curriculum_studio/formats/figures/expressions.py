"""Hides how expressions and inequalities are read and computed: no names but x and y, nothing that can run long."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from curriculum_studio.formats.figures.exact import read_exact

MAX_LENGTH, MAX_NESTING = 120, 20
_TOKEN = re.compile(r"[ ]*(?:(\d+[ ]+\d+/\d+|\d+\.?\d*|\.\d+)|([A-Za-zπ√]+)|([-+*/^()|]))")
_SIGNS = str.maketrans(
    {"\u2212": "-", "×": "*", "·": "*", "÷": "/", "²": "^2", "³": "^3", "[": "(", "]": ")"}
)
_RELATION = re.compile(r"(<=|>=|≤|≥|<|>|=)")
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "abs": abs, "sin": math.sin, "cos": math.cos, "tan": math.tan, "log": math.log10, "ln": math.log,
    "exp": math.exp, "floor": math.floor, "ceil": math.ceil, "√": math.sqrt,
}  # fmt: skip
_CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
Linear = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression in x and y: `run` computes it, `linear` is (a, b, c) of a·x + b·y + c where it is that."""

    run: Callable[[float, float], float]
    linear: Linear | None
    uses_y: bool = False

    def at(self, x: float, y: float = 0.0) -> float:
        """The value; not a number where there is none."""
        try:
            value = self.run(x, y)
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan
        return float(value) if isinstance(value, int | float) else math.nan


@dataclass(frozen=True, slots=True)
class Relation:
    """`left sign right`, the sign one of < > ≤ ≥ =."""

    left: Expression
    sign: str
    right: Expression

    @property
    def linear(self) -> Linear | None:
        """(a, b, c) of left − right."""
        if self.left.linear is None or self.right.linear is None:
            return None
        one, two = self.left.linear, self.right.linear
        return one[0] - two[0], one[1] - two[1], one[2] - two[2]

    @property
    def strict(self) -> bool:
        return self.sign in "<>"

    @property
    def less(self) -> bool:
        return self.sign in "<≤"


def read_expression(text: str) -> Expression:
    """Reads an expression. Raises `ValueError` with a sentence."""
    return _Parser(text).whole()


def read_relations(text: str) -> list[Relation]:
    """Reads `y > 2x`, `-1 < x <= 3`, or several of these joined by “and”. Raises `ValueError`."""
    found: list[Relation] = []
    for clause in re.split(r"[ ]+and[ ]+", text.strip()):
        pieces = _RELATION.split(clause)
        if len(pieces) not in (3, 5):
            raise ValueError(f"“{clause.strip()[:40]}” compares nothing; write y > 2x + 1.")
        signs = [{"<=": "≤", ">=": "≥"}.get(sign, sign) for sign in pieces[1::2]]
        sides = [read_expression(piece) for piece in pieces[::2]]
        found += [Relation(sides[i], sign, sides[i + 1]) for i, sign in enumerate(signs)]
    return found


class _Parser:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise ValueError(f"An expression has at most {MAX_LENGTH} signs.")
        self.text = text.strip().translate(_SIGNS)
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise ValueError(f"“{self.text[at : at + 8].strip()}” is not known in an expression.")
            number, word, sign = match.groups()
            if word:
                self.tokens += [("word", one) for one in _words(word)]
            else:
                self.tokens.append(("number", number) if number else ("sign", sign))
            at = match.end()
        self.i, self.depth = 0, 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.i] if self.i < len(self.tokens) else ("end", "")

    def whole(self) -> Expression:
        if not self.tokens:
            raise ValueError("An expression is missing here.")
        found = self.sum()
        if self.i < len(self.tokens):
            raise ValueError(f"“{self.peek()[1]}” is out of place in “{self.text[:40]}”.")
        return found

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise ValueError("The expression is nested too deep.")

    def sum(self) -> Expression:
        found = self.product()
        while self.peek() in (("sign", "+"), ("sign", "-")):
            sign = self.peek()[1]
            self.i += 1
            found = _added(found, self.product(), 1 if sign == "+" else -1)
        return found

    def product(self) -> Expression:
        found = self.signed()
        while True:
            kind, what = self.peek()
            if kind == "sign" and what in "*/":
                self.i += 1
                found = _times(found, self.signed()) if what == "*" else _over(found, self.signed())
            elif kind == "word" or (kind == "sign" and what == "(") or (kind == "sign" and what == "|" and not self.in_bars):  # fmt: skip
                found = _times(found, self.power())
            elif kind == "number":
                raise ValueError(f"A sign is missing before “{what}” in “{self.text[:40]}”.")
            else:
                return found

    in_bars = False

    def signed(self) -> Expression:
        if self.peek() == ("sign", "-"):
            self.i += 1
            self.deeper()
            found = _times(_constant(Fraction(-1)), self.signed())
            self.depth -= 1
            return found
        if self.peek() == ("sign", "+"):
            self.i += 1
        return self.power()

    def power(self) -> Expression:
        found = self.atom()
        if self.peek() == ("sign", "^"):
            self.i += 1
            self.deeper()
            found = _raised(found, self.signed())
            self.depth -= 1
        return found

    def atom(self) -> Expression:
        kind, what = self.peek()
        self.i += 1
        if kind == "number":
            return _constant(read_exact(what.rstrip(".")).value)
        if kind == "word":
            return self.word(what)
        if (kind, what) == ("sign", "("):
            return self.inner(")")
        if (kind, what) == ("sign", "|"):
            return _applied(abs, self.inner("|"))
        raise ValueError(f"Something is missing in “{self.text[:40]}”.")

    def inner(self, closing: str) -> Expression:
        self.deeper()
        before, self.in_bars = self.in_bars, closing == "|"
        found = self.sum()
        if self.peek() != ("sign", closing):
            raise ValueError(f"A “{closing}” is missing in “{self.text[:40]}”.")
        self.i += 1
        self.depth -= 1
        self.in_bars = before
        return found

    def word(self, what: str) -> Expression:
        if what == "x":
            return Expression(lambda x, _: x, (Fraction(1), Fraction(0), Fraction(0)))
        if what == "y":
            return Expression(lambda _, y: y, (Fraction(0), Fraction(1), Fraction(0)), uses_y=True)
        if what in _CONSTANTS:
            value = _CONSTANTS[what]
            return Expression(lambda *_: value, None)
        if self.peek() != ("sign", "("):
            raise ValueError(f"Write brackets behind “{what}”: {what}(x).")
        self.i += 1
        return _applied(_FUNCTIONS[what], self.inner(")"))


def _words(text: str) -> list[str]:
    """Letters that stand together, as names: `xsin` is x and sin; what is no name is refused."""
    found: list[str] = []
    names = (*_FUNCTIONS, *_CONSTANTS, "x", "y")
    while text:
        name = max((one for one in names if text.startswith(one)), key=len, default="")
        if not name:
            raise ValueError(f"“{text[:20]}” is not known in an expression; use x, numbers and + − × / ^.")
        found.append(name)
        text = text[len(name) :]
    return found


def _constant(value: Fraction) -> Expression:
    number = float(value)
    return Expression(lambda *_: number, (Fraction(0), Fraction(0), value))


def _fine(linear: Linear) -> Linear | None:
    """Exact values that have grown past all use are left to floating point."""
    return linear if all(abs(v.numerator) < 10**18 and v.denominator < 10**18 for v in linear) else None


def _added(one: Expression, two: Expression, sign: int) -> Expression:
    a, b = one.run, two.run
    linear = None
    if one.linear and two.linear:
        p, q = one.linear, two.linear
        linear = _fine((p[0] + sign * q[0], p[1] + sign * q[1], p[2] + sign * q[2]))
    return Expression(lambda x, y: a(x, y) + sign * b(x, y), linear, one.uses_y or two.uses_y)


def _times(one: Expression, two: Expression) -> Expression:
    a, b = one.run, two.run
    linear = None
    for first, second in ((one.linear, two.linear), (two.linear, one.linear)):
        if first and second and not first[0] and not first[1]:
            linear = _fine((first[2] * second[0], first[2] * second[1], first[2] * second[2]))
    return Expression(lambda x, y: a(x, y) * b(x, y), linear, one.uses_y or two.uses_y)


def _over(one: Expression, two: Expression) -> Expression:
    a, b = one.run, two.run
    linear, below = None, two.linear
    if below and not below[0] and not below[1]:
        if not below[2]:
            raise ValueError("The expression divides by zero.")
        if one.linear:
            p = one.linear
            linear = _fine((p[0] / below[2], p[1] / below[2], p[2] / below[2]))
    return Expression(lambda x, y: a(x, y) / b(x, y), linear, one.uses_y or two.uses_y)


def _raised(one: Expression, two: Expression) -> Expression:
    a, b = one.run, two.run

    def run(x: float, y: float) -> float:
        value = float(a(x, y)) ** float(b(x, y))
        return value if isinstance(value, float) else math.nan

    linear = None
    power = two.linear[2] if two.linear and not two.linear[0] and not two.linear[1] else None
    if one.linear and power is not None:
        if power == 1:
            linear = one.linear
        elif not one.linear[0] and not one.linear[1] and power.denominator == 1 and 0 <= power <= 12:
            linear = _fine((Fraction(0), Fraction(0), one.linear[2] ** int(power)))
    return Expression(run, linear, one.uses_y or two.uses_y)


def _applied(function: Callable[[float], float], one: Expression) -> Expression:
    a = one.run
    return Expression(lambda x, y: function(a(x, y)), None, one.uses_y)
