"""Hides how the body of a figure is read: keys, numbers, points and lists, and every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rapidfuzz.distance import OSA

from curriculum_studio.formats.figures.exact import Exact, read_exact
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.header import Header, Path, Value

ZERO, ONE = Exact(Fraction(0), "0"), Exact(Fraction(1), "1")
MAX_ITEMS = 400
Named = tuple[str, Exact, Exact]
_PAIR = re.compile(r"\(([^(),]*),([^(),]*)\)")
_SPAN = re.compile(r"(.{1,40}?)[ ]+to[ ]+(.{1,40}?)(?:[ ]+by[ ]+(.{1,40}))?")
_YES, _NO = frozenset(("yes", "true", "on")), frozenset(("no", "false", "off", "none"))


COMMON = ("alt", "caption")
"""The keys that every figure takes."""


@dataclass(frozen=True, slots=True)
class Room:
    """How wide the author wants the drawing; 0 where that is left to the kind."""

    width: int

    def wide(self, usual: float) -> float:
        """The width to lay out for."""
        return float(self.width or usual)


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a chart in words: one heading for each column, the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing, and the values that it shows where it is a chart."""

    scene: Scene
    table: Table | None = None


class FigureError(Exception):
    """A figure that cannot be drawn: where (line of the file, column) and why; `all` holds every fault found."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.column, self.reason = line, column, reason
        self.all: tuple[FigureError, ...] = (self,)


def nearest(word: str, known: Sequence[str]) -> str:
    """“; did you mean …” for a word that nearly is one of the known."""
    scores = [(OSA.distance(word.casefold(), one), one) for one in known]
    best = min(scores, default=(99, ""))
    return f"; did you mean “{best[1]}”?" if best[0] <= max(2, len(word) // 3) else "."


def _within(value: Value, step: str | int) -> Value:
    if isinstance(value, dict) and isinstance(step, str):
        return value.get(step, "")
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else ""


class Fields:
    """The values of one map of a body. Faults are collected; `done` raises them all at once."""

    def __init__(self, header: Header, path: Path, keys: Sequence[str], faults: list[FigureError]) -> None:
        self.header, self.path, self.faults, self.keys = header, path, faults, keys
        value: Value = dict(header.values)
        for step in path:
            value = _within(value, step)
        if not isinstance(value, dict) and value:
            self.problem(f"Write {{{keys[0]}: …}} here, with some of {', '.join(keys)}.")
        self.values: dict[str, Value] = value if isinstance(value, dict) else {}
        if keys:
            self.knows(*keys)

    def knows(self, *keys: str) -> None:
        """Names the keys that may stand here, and notes each that is none of them."""
        self.keys = keys
        for key in self.values:
            if key not in keys:
                self.problem(f"The key “{key[:40]}” is not known here{nearest(key, keys)}", key)

    def error(self, reason: str, *path: str | int) -> FigureError:
        """A fault at a value, to be raised."""
        line, column = self.header.place(*self.path, *path)
        return FigureError(line, column, reason)

    def problem(self, reason: str, *path: str | int) -> None:
        """Notes a fault at a value and goes on."""
        self.faults.append(self.error(reason, *path))

    def done(self) -> None:
        """Ends the reading: raises what was found."""
        if self.faults:
            found = sorted(self.faults, key=lambda f: (f.line, f.column))
            first = found[0]
            first.all = tuple(found)
            raise first

    def has(self, key: str) -> bool:
        return key in self.values

    def need(self, *keys: str) -> None:
        """Notes each of the keys that is not there."""
        for key in keys:
            if key not in self.values:
                self.problem(f"The key “{key}” is missing.")

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            self.problem(f"“{key}” is one line of text.", key)
            return default
        return value.strip()

    def number(self, key: str, default: Exact = ZERO) -> Exact:
        return self.exact(self.values[key], key) if key in self.values else default

    def exact(self, value: Value, *path: str | int) -> Exact:
        """A value as a number; a fault and zero where it is none."""
        if not isinstance(value, str):
            self.problem("A number is expected here.", *path)
            return ZERO
        try:
            return read_exact(value)
        except ValueError as error:
            self.problem(str(error), *path)
            return ZERO

    def count(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds."""
        return self.whole(self.values[key], low, high, key) if key in self.values else default

    def whole(self, value: Value, low: int, high: int, *path: str | int) -> int:
        before = len(self.faults)
        found = self.exact(value, *path).value
        if len(self.faults) == before and (found.denominator != 1 or not low <= found <= high):
            self.problem(f"A whole number from {low} to {high} is expected here.", *path)
            return low
        return int(found)

    def flag(self, key: str, default: bool) -> bool:
        word = self.text(key).casefold()
        if word and word not in _YES | _NO:
            self.problem(f"“{key}” is yes or no.", key)
        return word in _YES if word else default

    def one_of(self, key: str, words: Sequence[str]) -> str:
        """One of a few words; the first is the default."""
        word = self.text(key).casefold()
        if word and word not in words:
            self.problem(f"“{key}” is one of: {', '.join(words)}.", key)
            return words[0]
        return word or words[0]

    def items(self, key: str) -> list[tuple[Value, Path]]:
        """A list, one value as a list of one, or a line with commas; `(1, 2)` stays together."""
        value = self.values.get(key, "")
        found: list[tuple[Value, Path]] = []
        if isinstance(value, list):
            for i, item in enumerate(value):
                last = found[-1][0] if found else ""
                if isinstance(item, str) and isinstance(last, str) and last.count("(") > last.count(")"):
                    found[-1] = (f"{last}, {item}", found[-1][1])
                else:
                    found.append((item, (key, i)))
        elif isinstance(value, str):
            found = [(piece.strip(), (key,)) for piece in _commas(value) if piece.strip()]
        else:
            self.problem(f"“{key}” is a list.", key)
        if len(found) > MAX_ITEMS:
            self.problem(f"“{key}” holds more than {MAX_ITEMS} items.", key)
            return found[:MAX_ITEMS]
        return found

    def texts(self, key: str) -> list[str]:
        return [v if isinstance(v, str) else self._not_text(p) for v, p in self.items(key)]

    def numbers(self, key: str) -> list[Exact]:
        return [self.exact(value, *path) for value, path in self.items(key)]

    def _not_text(self, path: Path) -> str:
        self.problem("A text is expected here.", *path)
        return ""

    def table(self, key: str) -> dict[str, Value]:
        """A map by name; a fault where it is something else."""
        value = self.values.get(key, {})
        if isinstance(value, dict):
            return value
        if value:
            self.problem(f"“{key}” is a map, such as {{A: 3}}.", key)
        return {}

    def counted(self, key: str) -> list[Exact]:
        """Data: a list of numbers, or a map from each number to how often it stands there."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            return self.numbers(key)
        found: list[Exact] = []
        for name, often in value.items():
            found += [self.exact(name, key, name)] * self.whole(often, 0, MAX_ITEMS, key, name)
            if len(found) > MAX_ITEMS:
                self.problem(f"“{key}” holds more than {MAX_ITEMS} values.", key)
                break
        return found[:MAX_ITEMS]

    def empty(self, key: str) -> list[Fraction]:
        """The numbers that a map of data names with 0: places where nothing stands."""
        value = self.values.get(key)
        pairs = value.items() if isinstance(value, dict) else ()
        return [self.exact(name, key, name).value for name, often in pairs if often == "0"]

    def named_numbers(self, key: str) -> list[tuple[str, Exact]]:
        """`{A: 3/4}` or `[3/4]`: names ("" where there is none) and numbers."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return [(name, self.exact(item, key, name)) for name, item in value.items()]
        return [("", self.exact(item, *path)) for item, path in self.items(key)]

    def named_points(self, key: str) -> list[Named]:
        """`{A: [1, 2]}`, `[[1, 2]]` or `(1, 2) (3, 4)`: names and points."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return [(name, *self.point(item, key, name)) for name, item in value.items()]
        if isinstance(value, str) and value.strip():
            pairs = _PAIR.findall(value)
            if _PAIR.sub("", value).strip(" ,;\n") or len(pairs) > MAX_ITEMS:
                self.problem("Points are written (1, 2) (3, 4).", key)
                return []
            return [("", self.exact(x, key), self.exact(y, key)) for x, y in pairs]
        return [("", *self.point(item, *path)) for item, path in self.items(key)]

    def point(self, value: Value, *path: str | int) -> tuple[Exact, Exact]:
        """`[1, 2]` or `(1, 2)`."""
        if isinstance(value, str) and (pair := _PAIR.fullmatch(value.strip())):
            return self.exact(pair[1], *path), self.exact(pair[2], *path)
        if isinstance(value, list) and len(value) == 2:
            return self.exact(value[0], *path, 0), self.exact(value[1], *path, 1)
        self.problem("A point is written [1, 2].", *path)
        return ZERO, ZERO

    def span(self, key: str, low: str, high: str) -> tuple[Exact, Exact, Exact | None]:
        """A range `0 to 10` or `0 to 10 by 2`: its ends and its step, if it names one."""
        if not self.has(key):
            return read_exact(low), read_exact(high), None
        return self.read_span(self.values[key], key) or (read_exact(low), read_exact(high), None)

    def read_span(self, value: Value, *path: str | int) -> tuple[Exact, Exact, Exact | None] | None:
        """The same of a value; a fault and None where it is no range."""
        match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            self.problem("A range is written 0 to 10, or 0 to 10 by 2.", *path)
            return None
        before = len(self.faults)
        low, high = self.exact(match[1], *path), self.exact(match[2], *path)
        step = self.exact(match[3], *path) if match[3] is not None else None
        if len(self.faults) > before:
            return None
        if step is not None and step.value <= 0:
            self.problem("The step of a range is greater than zero.", *path)
            return None
        return low, high, step

    def noted(self, key: str) -> list[tuple[str, str, Path]]:
        """Places with words: `{0 to 3: +3}`, or without words `0 to 3, 3 to 5`: place, words, where it stands."""
        value = self.values.get(key)
        found: list[tuple[str, str, Path]] = []
        rows = [(value, (key,))] if isinstance(value, dict) else self.items(key)
        for row, path in rows:
            if isinstance(row, dict):
                for place, words in row.items():
                    text = words if isinstance(words, str) else self._not_text((*path, place))
                    found.append((place, text, (*path, place)))
            else:
                found.append((row if isinstance(row, str) else self._not_text(path), "", path))
        if len(found) > MAX_ITEMS:
            self.problem(f"“{key}” holds more than {MAX_ITEMS} items.", key)
        return found[:MAX_ITEMS]

    def named(self, key: str) -> list[tuple[str, str, Path]]:
        """Things with names: `{f: x^2}`, or without names: name, what stands there, where."""
        value = self.values.get(key)
        if isinstance(value, dict):
            return [(name, what, path) for name, what, path in self.noted(key)]
        return [("", what, path) for what, words, path in self.noted(key)]

    def inner(self, keys: Sequence[str], *path: str | int) -> Fields:
        """The fields of a map inside this one."""
        return Fields(self.header, (*self.path, *path), keys, self.faults)

    def maps(self, key: str, keys: Sequence[str]) -> Iterator[Fields]:
        """The fields of each map of a list of maps."""
        for value, path in self.items(key):
            if isinstance(value, dict):
                yield self.inner(keys, *path)
            else:
                self.problem(f"Write {{{keys[0]}: …}} with the keys {', '.join(keys)}.", *path)


def _commas(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for i, ch in enumerate(text):
        depth += (ch == "(") - (ch == ")")
        if ch in ",\n" and depth <= 0:
            yield text[start:i]
            start = i + 1
    yield text[start:]
