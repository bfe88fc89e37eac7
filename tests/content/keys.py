"""Reads what a test needs of the starter curriculum's problems: numbers as they stand, figures, choices and keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.lesson_markdown import Document, read_document

UNITS = Path(__file__).resolve().parents[2] / "units"

_FENCE = re.compile(r"^ *(`{3,}|~{3,}) *([a-z-]+)[^\n]*\n(.*?)^ *\1 *$", re.MULTILINE | re.DOTALL)
_CHOICE = re.compile(r"^ {0,3}- \[[ xX]\] ", re.MULTILINE)
_ITEM = re.compile(r"^(\d+)\. ", re.MULTILINE)
_SPACE = re.compile(r"\[\[ ?\]\](?:\{[^}]*\})?")
_WORDS = {"half": 2, "halves": 2, "third": 3, "fourth": 4, "quarter": 4, "sixth": 6, "eighth": 8}
_NUMBER = re.compile(rf"\b(?:{'|'.join(_WORDS)})s?\b|\d+(?:\.\d+)?", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\$?(?:(?P<whole>\d+)(?![\d/.]) *)?(?:\\frac\{(?P<a>\d+)\}\{(?P<b>\d+)\}|(?<!\d)(?P<c>\d+)/(?P<d>\d+))|\$?(?P<plain>\d+(?:\.\d+)?)"
)


def read(path: str) -> Document:
    """A document of the starter curriculum by its path without `.md`."""
    return read_document(f"{path}.md", (UNITS / f"{path}.md").read_bytes())


def documents(folder: str) -> Iterator[tuple[str, Document]]:
    """Every lesson and assessment of a unit, translations left out: name inside the unit, document."""
    for path in sorted((UNITS / folder).rglob("*.md")):
        document = read_document(path.relative_to(UNITS).as_posix(), path.read_bytes())
        if document.kind in ("lesson", "assessment"):
            yield path.relative_to(UNITS / folder).as_posix()[:-3], document


def child(part: Part | None, kind: str) -> Part | None:
    """The first part of a kind below a part."""
    return next((one for one in part.parts if one.kind == kind), None) if part is not None else None


def keys(document: Document, problem: str) -> list[str]:
    """The accepted answers of a problem."""
    answer = child(document.part(problem), "answer")
    assert answer is not None, f"{document.path} {problem} has no answer"
    return [line[2:].strip() for line in answer.text.split("\n") if line.startswith("- ")]


def stem(part: Part) -> str:
    """What a problem asks, without its figures and choices."""
    text = _FENCE.sub("", part.text)
    first = _CHOICE.search(text)
    return text[: first.start()] if first is not None else text


def numbers(text: str) -> list[int | Fraction]:
    """The numbers of a text in order, a fraction as its two numbers, *half* to *eighths* as 2 to 8."""
    found: list[int | Fraction] = []
    for match in _NUMBER.finditer(_SPACE.sub("", _ITEM.sub("", _FENCE.sub("", text)))):
        word = match[0].lower()
        if word[0].isdigit():
            found.append(Fraction(word) if "." in word else int(word))
        else:
            found.append(_WORDS.get(word) or _WORDS[word.removesuffix("s")])
    return found


def values(text: str) -> list[Fraction]:
    """The numbers of a text in order, a fraction or a mixed number as the one number that it is."""
    found = []
    for match in _WRITTEN.finditer(text):
        if match["plain"] is not None:
            found.append(Fraction(match["plain"]))
        else:
            part = Fraction(int(match["a"] or match["c"]), int(match["b"] or match["d"]))
            found.append(int(match["whole"] or 0) + part)
    return found


def items(text: str) -> dict[int, str]:
    """The items of a numbered list, each with the lines that belong to it."""
    marks = list(_ITEM.finditer(text))
    if after := re.search(r"\n\n(?![ \d])", text[marks[0].start() :] if marks else ""):
        text = text[: marks[0].start() + after.start()]
        marks = list(_ITEM.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {int(mark[1]): text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)}


def figures(part: Part) -> list[dict[str, str]]:
    """The figures of a part, each as the lines `key: value` of its body, its kind under `figure`."""
    found = []
    for match in _FENCE.finditer(part.text):
        rows = (line.strip().partition(": ") for line in match[3].split("\n") if ": " in line)
        found.append({"figure": match[2]} | {key: value for key, _, value in rows})
    return found


def table(value: str) -> dict[str, Fraction]:
    """A figure's map, `{okra: 40, beans: 35}`, as words to numbers."""
    pairs = (pair.partition(":") for pair in value.strip("{}").split(","))
    return {key.strip(): values(number)[0] for key, _, number in pairs}


def claims(text: str) -> Iterator[tuple[str, bool]]:
    """Every formula of a text that states a relation of known numbers, as it stands, and whether it is true."""
    for formula in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", text, re.DOTALL):
        written = "".join(formula).strip()
        sides = re.split(r"(=|<|>|\\lt|\\gt|\\approx)", written)
        amounts = [_amount(side) for side in sides[::2]]
        if len(sides) > 1 and all(amount is not None for amount in amounts):
            pairs = zip(sides[1::2], amounts, amounts[1:], strict=False)
            yield written, all(_holds(sign, left, right) for sign, left, right in pairs)


def sign(left: Fraction, right: Fraction) -> str:
    """How two numbers compare, as students write it."""
    return "<" if left < right else ">" if left > right else "="


def _holds(relation: str, left: Fraction | None, right: Fraction | None) -> bool:
    assert left is not None
    assert right is not None
    return {"\\lt": "<", "\\gt": ">"}.get(relation, relation) == sign(left, right)


def _amount(side: str) -> Fraction | None:
    """What a side of a formula comes to; None where it holds anything but numbers and the four operations."""
    text = re.sub(r"(\d)\\frac", r"\1+\\frac", side)
    text = re.sub(r"\\frac\{([^{}]+)\}\{([^{}]+)\}", r"((\1)/(\2))", text)
    for mark, plain in (
        ("\\times", "*"),
        ("\\cdot", "*"),
        ("\\div", "/"),
        ("{,}", ""),
        (r"\$", ""),
        (r"\%", "/100"),
    ):
        text = text.replace(mark, plain)
    tokens = re.findall(r"\d+(?:\.\d+)?|[-+*/()]", text)
    if not tokens or "".join(tokens) != re.sub(r"\s", "", text):
        return None
    return _sum(tokens)


def _sum(tokens: list[str]) -> Fraction:
    total = _product(tokens)
    while tokens and tokens[0] in "+-":
        total = total + _product(tokens) if tokens.pop(0) == "+" else total - _product(tokens)
    return total


def _product(tokens: list[str]) -> Fraction:
    total = _factor(tokens)
    while tokens and tokens[0] in "*/":
        total = total * _factor(tokens) if tokens.pop(0) == "*" else total / _factor(tokens)
    return total


def _factor(tokens: list[str]) -> Fraction:
    token = tokens.pop(0)
    if token == "(":
        inside = _sum(tokens)
        tokens.pop(0)
        return inside
    return -_factor(tokens) if token == "-" else Fraction(token)
