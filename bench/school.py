"""What generated lessons are about: standards of each grade, school formulas, terms and sentence patterns."""

from __future__ import annotations

import random
from collections.abc import Callable

GRADES = "K12345678"

# prerequisite > addressed > next, from the Coherence Map of Student Achievement Partners (CC0).
_TRIPLES = {
    "K": "K.CC.C.6>K.CC.C.7>1.NBT.B.3 K.OA.A.1>K.OA.A.2>1.OA.A.1 K.OA.A.2>K.OA.A.3>1.OA.C.6 "
    "K.OA.A.3>K.OA.A.4>1.OA.C.6 K.OA.A.3>K.NBT.A.1>1.NBT.B.2 K.MD.A.1>K.MD.A.2>1.MD.A.1",
    "1": "K.OA.A.2>1.OA.A.1>1.MD.C.4 1.OA.A.1>1.OA.A.2>1.MD.C.4 K.OA.A.2>1.OA.B.3>1.OA.C.6 "
    "K.OA.A.2>1.OA.B.4>1.OA.C.6 1.OA.B.3>1.OA.C.6>1.NBT.C.4 K.CC.A.1>1.NBT.A.1>1.NBT.B.2",
    "2": "1.NBT.C.4>2.OA.A.1>3.OA.D.8 1.OA.C.6>2.OA.B.2>2.NBT.B.5 1.OA.D.7>2.OA.C.3>3.OA.A.1 "
    "1.OA.D.7>2.OA.C.4>3.OA.A.1 1.NBT.B.2>2.NBT.A.1>2.NBT.A.3 1.MD.A.2>2.MD.A.1>2.MD.A.2",
    "3": "2.OA.C.3>3.OA.A.1>3.OA.A.2 3.OA.A.1>3.OA.A.3>3.OA.D.8 3.OA.A.1>3.OA.B.5>3.NBT.A.3 "
    "3.OA.B.5>3.OA.C.7>4.MD.A.1 2.OA.A.1>3.OA.D.8>4.OA.A.3 2.NBT.A.1>3.NBT.A.1>4.NBT.A.3",
    "4": "3.OA.A.1>4.OA.A.1>5.NF.B.3 3.OA.A.3>4.OA.A.2>4.NF.A.1 3.OA.D.8>4.OA.A.3>7.NS.A.3 "
    "3.OA.C.7>4.OA.B.4>6.EE.A.1 3.OA.D.9>4.OA.C.5>5.OA.B.3 4.NBT.A.1>4.NBT.A.2>4.NBT.A.3",
    "5": "5.OA.A.1>5.OA.A.2>6.EE.A.2 4.OA.C.5>5.OA.B.3>6.EE.A.2 4.NBT.A.1>5.NBT.A.1>5.NBT.A.2 "
    "4.NBT.A.2>5.NBT.A.3>5.NBT.A.4 4.NBT.B.4>5.NBT.B.5>5.NBT.B.6 4.NBT.B.4>5.NBT.B.7>5.MD.A.1",
    "6": "4.MD.A.1>6.RP.A.1>6.RP.A.2 4.OA.A.2>6.RP.A.2>7.RP.A.1 3.OA.B.6>6.NS.A.1>6.EE.B.7 "
    "5.NBT.B.6>6.NS.B.2>6.NS.B.3 4.OA.B.4>6.NS.B.4>6.EE.A.3 4.OA.B.4>6.EE.A.1>6.EE.A.2",
    "7": "6.RP.A.2>7.RP.A.1>7.RP.A.2 6.RP.A.2>7.RP.A.2>7.G.A.1 6.RP.A.3>7.RP.A.3>7.SP.C.6 "
    "4.OA.A.3>7.NS.A.3>7.EE.B.3 7.NS.A.3>7.EE.B.3>8.EE.A.4 6.G.A.1>7.G.B.6>8.G.B.6",
    "8": "6.EE.A.1>8.EE.A.1>8.EE.A.3 6.EE.B.5>8.EE.A.2>8.G.C.9 7.RP.A.2>8.EE.B.5>8.F.A.2 "
    "7.G.A.1>8.EE.B.6>8.EE.C.8 7.RP.A.2>8.F.A.1>8.F.A.2 8.EE.B.6>8.F.A.3>8.F.B.4",
}
STANDARDS: dict[str, list[tuple[str, str, str]]] = {
    grade: [(a, b, c) for a, b, c in (triple.split(">") for triple in triples.split())]
    for grade, triples in _TRIPLES.items()
}

TERMS = {
    "ratio": ("A comparison of two amounts by how many of one go with how many of the other.", "razón"),
    "rate": ("How much of one amount goes with one of another.", "tasa"),
    "sum": ("What two or more numbers make together.", "suma"),
    "difference": ("How much more one number is than another.", "diferencia"),
    "product": ("What numbers make when they are multiplied.", "producto"),
    "quotient": ("What a division gives.", "cociente"),
    "factor": ("A number that is multiplied by another.", "factor"),
    "multiple": ("What a number makes when it is multiplied by a whole number.", "múltiplo"),
    "fraction": ("A number made of equal parts of one whole.", "fracción"),
    "numerator": ("How many parts a fraction counts.", "numerador"),
    "denominator": ("How many equal parts make the whole of a fraction.", "denominador"),
    "decimal": ("A number written with tenths, hundredths and smaller places.", "decimal"),
    "percent": ("How many of each hundred.", "porcentaje"),
    "area": ("How many square units cover a shape.", "área"),
    "perimeter": ("How far it is around a shape.", "perímetro"),
    "volume": ("How many unit cubes fill a solid.", "volumen"),
    "expression": ("Numbers, letters and operations that stand for one number.", "expresión"),
    "equation": ("A statement that two expressions are equal.", "ecuación"),
    "variable": ("A letter that stands for a number.", "variable"),
    "exponent": ("How often a number is taken as a factor.", "exponente"),
    "slope": ("How far a line rises for each step to the right.", "pendiente"),
    "function": ("A rule that gives one output for each input.", "función"),
    "median": ("The middle of an ordered list of numbers.", "mediana"),
    "range": ("The distance from the least to the greatest number of a list.", "rango"),
}

# Slots: a word class of `words.CLASSES`, {num} a number, {f} a formula, {term} a link to the glossary.
STUDENT = """
Look at the {noun} with your partner.
{name} has {num} {nouns} and {num} {nouns}.
Find the {noun} that goes with the {adjective} {noun}.
Draw a {noun} for each {adjective} {noun}.
How many {nouns} does {name} need for the {noun}?
{name} {past} the {nouns} on {num} {nouns}.
Show how the {noun} and the {noun} are {adjective}.
Explain why the {noun} stays {adjective}.
Which {noun} is more {adjective}, and why?
Each {noun} holds {num} {adjective} {nouns}.
{name} says that the {noun} {verbs} {adverb}.
Do you agree with {name} about the {adjective} {noun}?
Use the {noun} to {verb} the {nouns}.
Try to {verb} the {noun}, then {verb} it {adverb}.
Write what you see in the {noun} of {nouns}.
The {adjective} {noun} and the {noun} make a {noun}.
""".strip().splitlines()

FORMULA = """
We can write this as {f}.
{name} wrote {f} for the {noun}.
Find the value of {f}.
The {noun} shows that {f}.
Think about {f} and the {adjective} {noun}.
Does {f} fit the {noun} of {nouns}?
Compare your {noun} with {f}.
""".strip().splitlines()

TEACHER = """
Give students a quiet minute to {verb} the {noun}.
Invite students to {verb} and {verb} with a partner.
Listen for students who {verb} the {adjective} {noun}.
Ask how the {noun} helps to {verb} the {nouns}.
Some students may {verb} the {noun} before {doing} it.
Display the {noun} of {nouns} for all to see.
If the {noun} is {adjective}, ask what it {verbs}.
Record the {nouns} next to the {adjective} {noun}.
Students may think that a {noun} {verbs} {adverb}.
Point out that {name} {past} each {noun} {adverb}.
Keep {num} {nouns} ready for groups that are {doing} {adverb}.
The aim is to {verb} the {noun}, not to {verb} it.
Choose two groups whose {nouns} are {adjective}.
""".strip().splitlines()


def _number(chance: random.Random, low: int = 2, high: int = 99) -> int:
    return chance.randint(low, high)


def _fraction(chance: random.Random) -> str:
    below = chance.choice((2, 3, 4, 5, 6, 8, 10, 12))
    return rf"\frac{{{chance.randint(1, below - 1)}}}{{{below}}}"


Maker = Callable[[random.Random], str]

_EARLY: list[Maker] = [
    lambda c: f"{(a := _number(c, 1, 10))} + {(b := _number(c, 1, 10))} = {a + b}",
    lambda c: f"{(a := _number(c, 10, 20))} - {(b := _number(c, 1, 9))} = {a - b}",
    lambda c: rf"{_number(c, 1, 20)} + \boxed{{\phantom{{0}}}} = {_number(c, 21, 40)}",
    lambda c: f"{_number(c, 1, 50)} < {_number(c, 51, 99)}",
    lambda c: rf"{_number(c, 1, 9)} + {_number(c, 1, 9)} + {_number(c, 1, 9)}",
    lambda c: rf"10 + {_number(c, 1, 9)}",
    lambda c: str(_number(c, 11, 120)),
    lambda c: rf"{_number(c, 10, 90)} \ne {_number(c, 91, 120)}",
]
_MIDDLE: list[Maker] = [
    lambda c: rf"{(a := _number(c, 2, 12))} \times {(b := _number(c, 2, 12))} = {a * b}",
    lambda c: rf"{(a := _number(c, 2, 12)) * (b := _number(c, 2, 9))} \div {a} = {b}",
    _fraction,
    lambda c: f"{_fraction(c)} + {_fraction(c)}",
    lambda c: rf"{_number(c, 2, 9)} \times {_fraction(c)}",
    lambda c: f"{_number(c, 1, 9)}{_fraction(c)}",
    lambda c: f"{_number(c, 0, 9)}.{_number(c, 10, 99)} > {_number(c, 0, 9)}.{_number(c, 1, 9)}",
    lambda c: rf"({_number(c)} + {_number(c)}) \times {_number(c, 2, 9)}",
    lambda c: rf"A = {_number(c, 2, 20)} \cdot {_number(c, 2, 20)}",
    lambda c: rf"90^\circ + {_number(c, 10, 80)}^\circ",
    lambda c: f"10^{_number(c, 2, 6)}",
]
_LATE: list[Maker] = [
    lambda c: f"{_number(c, 2, 20)}:{_number(c, 2, 20)}",
    lambda c: f"y = {_number(c, 2, 9)}x + {_number(c, 1, 20)}",
    lambda c: f"{_number(c, 2, 9)}(x - {_number(c, 1, 9)}) = {_number(c)}",
    lambda c: rf"\frac{{x}}{{{_number(c, 2, 12)}}} = \frac{{{_number(c, 2, 12)}}}{{{_number(c, 13, 40)}}}",
    lambda c: rf"\sqrt{{{_number(c, 2, 12) ** 2}}}",
    lambda c: rf"a^2 + b^2 = {_number(c, 2, 20)}^2",
    lambda c: rf"V = \pi r^2 \cdot {_number(c, 2, 30)}",
    lambda c: rf"{_number(c, 1, 9)}.{_number(c, 1, 9)} \times 10^{{-{_number(c, 2, 9)}}}",
    lambda c: rf"-{_number(c, 1, 50)} \le x < {_number(c, 1, 50)}",
    lambda c: rf"m\angle ABC = {_number(c, 10, 170)}^\circ",
    lambda c: rf"\left| {_number(c, 1, 20)} - {_number(c, 21, 60)} \right|",
    lambda c: rf"\frac{{y_2 - y_1}}{{x_2 - x_1}} = {_fraction(c)}",
    lambda c: rf"0.\overline{{{_number(c, 1, 9)}}}",
]
_SHOWN: list[Maker] = [
    lambda c: rf"{(a := _number(c))} + {(b := _number(c))} = {b} + {a} = {a + b}",
    lambda c: (
        rf"\begin{{aligned}} {(a := _number(c))} + {(b := _number(c))} &= {a + b} \\ "
        rf"{a + b} - {b} &= {a} \end{{aligned}}"
    ),
    lambda c: (
        rf"\frac{{{(a := _number(c, 1, 9))}}}{{{(b := _number(c, 2, 12))}}} = "
        rf"\frac{{{a} \times {(k := _number(c, 2, 9))}}}{{{b} \times {k}}} = \frac{{{a * k}}}{{{b * k}}}"
    ),
    lambda c: (
        rf"{(a := _number(c, 2, 9))} \left( {(b := _number(c))} + {(d := _number(c))} \right) = "
        rf"{a} \cdot {b} + {a} \cdot {d} = {a * (b + d)}"
    ),
]


def formula(chance: random.Random, grade: str) -> str:
    """An inline formula fit for a grade, without its dollars."""
    makers = _EARLY if grade in "K12" else _MIDDLE if grade in "345" else _MIDDLE[:6] + _LATE
    return chance.choice(makers)(chance)


def displayed(chance: random.Random, grade: str) -> str:
    """A formula for a display, without its dollars."""
    return chance.choice(_SHOWN[:2] if grade in "K12" else _SHOWN)(chance)
