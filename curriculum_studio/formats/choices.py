"""The choices of a problem: takes keys and attributes out of the lines that students read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.lessons import Choice
from curriculum_studio.formats.attributes import GROUP, read_group, split_end
from curriculum_studio.formats.outline_lines import TASK, outside_code_and_math

_ITEM = re.compile(r"( {0,3})([-*+]|\d{1,9}[.)])( {1,4})\[([ xX])\](?= |$)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The lines without keys and attributes, the choices, and what was found."""

    text: list[str]
    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...]


def clean_choices(file: str, text: Sequence[str], lines: Sequence[int]) -> Cleaned | None:
    """Reads the first task list that stands directly in a problem; None where there is none."""
    first = next((i for i, line in enumerate(text) if _ITEM.match(line)), None)
    if first is None:
        return None
    out = list(text)
    choices: list[Choice] = []
    found: list[Finding] = []
    at = first
    while at < len(text):
        line = text[at]
        item = _ITEM.match(line)
        if item is not None:
            out[at], choice = _clean_item(file, item, line, lines[at], found)
            choices.append(choice)
        elif not line.strip():
            pass
        elif line.startswith("  "):
            out[at] = _cut_braces(file, line, lines[at], found)
            last = choices[-1]
            choices[-1] = replace(last, text=f"{last.text}\n{out[at].strip()}")
        elif at > first and text[at - 1].strip():
            # A line without indentation right below an item goes on with it (a lazy continuation).
            if re.match(r"(?:[-*+]|\d{1,9}[.)]) ", line):
                break
            out[at] = _cut_braces(file, line, lines[at], found)
        else:
            break
        at += 1
    return Cleaned(out, tuple(choices), tuple(found))


def without_attributes(file: str, text: Sequence[str], lines: Sequence[int]) -> Cleaned:
    """Lines that students read in which no choice carries attributes any more: outside the first list of a problem nothing
    reads them, and they may say why a choice is wrong."""
    out, found = list(text), list[Finding]()
    for at, line in enumerate(text):
        if line.rstrip().endswith("}") and TASK.match(line) and (words := split_end(line)[0]) != line:
            out[at] = words
            found.append(finding("choice-outside", file, lines[at], len(words) + 1))
    return Cleaned(out, (), tuple(found))


def _clean_item(
    file: str, item: re.Match[str], line: str, number: int, found: list[Finding]
) -> tuple[str, Choice]:
    words, attributes = split_end(line)
    words = _cut_braces(file, words, number, found)
    body = words[item.end() :].strip()
    right = item[4] != " "
    clean = words[: item.start(4)] + " " + words[item.end(4) :]
    return clean, Choice(body, right, attributes.values.get("misconception"), number)


def _cut_braces(file: str, line: str, number: int, found: list[Finding]) -> str:
    """The line without any `{…}` outside code and formulas; each one is grave, since it may hold a reason."""
    bare = outside_code_and_math(line)
    spans = [(m.start(), m.end()) for m in re.finditer(r"\{[^{}]*\}?", bare)]
    for start, end in reversed(spans):
        group = GROUP.match(line, start)
        if group is not None and read_group(group[1]).id is None and line[:start].rstrip().endswith("]]"):
            continue
        found.append(finding("choice-braces", file, number, start + 1))
        line = (line[:start] + line[end:]).rstrip()
    return line
