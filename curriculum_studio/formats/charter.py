"""Reads a charter into values, goals and drivers. What is no item of these lists stays text that nobody counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from curriculum_studio.domain.goals import Charter, Driver, Goal
from curriculum_studio.formats.kinds import fold
from curriculum_studio.formats.lesson_markdown import Document

_ITEM = re.compile(r"- ([a-z][a-z0-9-]*): (.*)")
_BELOW = re.compile(r"\s+[-*] (measure|target|by|serves|idea): (.*)")
_HEADINGS = {
    "value": "values", "valor": "values", "goal": "goals", "collectivegoal": "goals", "meta": "goals", "driver": "drivers", "motor": "drivers",
}  # fmt: skip


def read_charter(document: Document) -> Charter:
    """The charter that a document holds; what is missing is empty."""
    values: list[tuple[str, str]] = []
    goals: list[Goal] = []
    drivers: list[Driver] = []
    for part in document.parts:
        kind = _HEADINGS.get(fold(part.heading), "")
        for name, text, below in _items(part.text):
            first = dict(reversed(below))
            if kind == "values":
                values.append((name, text))
            elif kind == "goals":
                goals.append(
                    Goal(name, text, first.get("measure", ""), first.get("target", ""), first.get("by", ""))
                )
            elif kind == "drivers":
                serves = [one.strip() for key, words in below if key == "serves" for one in words.split(",")]
                drivers.append(
                    Driver(name, text, tuple(serves), tuple(words for key, words in below if key == "idea"))
                )
    return Charter(tuple(values), tuple(goals), tuple(drivers))


def _items(text: str) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Every item of a list: its id, its words, and what stands below it as (name, words); a line that is neither goes on."""
    name, words, below = "", "", list[tuple[str, str]]()
    for line in text.split("\n"):
        if item := _ITEM.match(line):
            if name:
                yield name, words, below
            name, words, below = item[1], item[2].strip(), []
        elif under := _BELOW.match(line):
            below.append((under[1], under[2].strip()))
        elif name and line.startswith(" ") and line.strip():
            if below:
                below[-1] = (below[-1][0], f"{below[-1][1]} {line.strip()}")
            else:
                words = f"{words} {line.strip()}"
    if name:
        yield name, words, below
