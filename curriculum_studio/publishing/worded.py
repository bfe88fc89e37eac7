"""Says a whole text in words, as people compare it and read who wrote it: hides every mark of the source, and what programs alone read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from curriculum_studio.formats.attributes import GROUP, read_group
from curriculum_studio.formats.header import HeaderError, Value, read_mapping
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.math import FormulaError, formula
from curriculum_studio.formats.math_written import written
from curriculum_studio.publishing.lists import said_by
from curriculum_studio.publishing.render import view_of
from curriculum_studio.publishing.strings import LANGUAGES

_HEADER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*")
_ALONE = re.compile(rf"{_HEADING.pattern}|\s*:::.*|\s*\|.*")
"""A line with which the next one does not go on."""
_FENCE = re.compile(r"\s*(?:```+|~~~+) *([\w-]*)(.*)")
_BEGINS = re.compile(r"\s*(?:$|[-*+](?=\s)|[>|#]|:::|\d+[.)] |\[\[|!\[|\$\$|\[\^)")
"""How a line begins that does not go on with the sentence above it."""
_CHOICE = re.compile(r"^(\s*[-*+] )\[([ xX])\] ")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_DISPLAY = re.compile(r"^([ \t]*)\$\$[ \t]*\n(.*?)\n[ \t]*\$\$[ \t]*$", re.DOTALL | re.MULTILINE)
_FORMULA = re.compile(r"(?<![\\\d])\$(?![\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)")
_MARKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^\s*:{3,} *teacher\b.*"), "(For teachers)"),
    (re.compile(r"^\s*:{3,}.*"), ""),
    (re.compile(r"^\s*\|[-:| ]+\|\s*$"), ""),
    (re.compile(r"^\s*\|(.*)\|\s*$"), lambda m: m[1].strip()),
    (re.compile(r"^\[\^[^\]\s]+\]: *"), "Footnote: "),
    (re.compile(r"\[\^[^\]\s[]{1,200}\]"), ""),
    (re.compile(r"!\[([^\[\]]*)\]\([^()\s]*\)"), r"The picture: \1"),
    (re.compile(r"\[([^\[\]]+)\]\([^()\s]*\)"), r"\1"),
    (
        re.compile(r"\[\[ *\]\](?:\(([^()]*)\))?"),
        lambda m: f"(space to write: {m[1]})" if m[1] else "(space to write)",
    ),
    (re.compile(r"(?<!`)`([^`\n]+)`(?!`)"), r"\1"),
    (re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*"), r"\1"),
    (re.compile(r"\*(?=[^\s*])(.{1,500}?)(?<=[^\s*])\*"), r"\1"),
    (re.compile(r"(?<![\w_])(__|_)(?=[^\s_])(.{1,500}?)(?<=[^\s_])\1(?![\w_])"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_UNSAID = frozenset({"id", "translates", "formerly", "format", "extra", "units"})
"""Keys of a header that programs alone read."""
_LABELS = {
    "addressing": "Teaches", "building-on": "Builds on", "building-toward": "Prepares for", "gather": "Materials to gather",
    "copy": "To copy", "student": "Students need", "goals": "Goals", "weeks": "Weeks planned", "for": "Prepares", "addresses": "Takes up",
    "based-on": "Adapted from", "credits": "Written by",
}  # fmt: skip
_ATTRIBUTES: Mapping[str, str] = {
    "minutes": "{} minutes", "points": "{} points", "standard": "standard {}", "dok": "depth of knowledge {}", "rigor": "rigor: {}",
    "misconception": "shows: {}", "for": "meant for: {}", "optional": "optional: {}", "check": "students may check their answer",
    "from": "from “{}”", "tolerance": "within {}", "unit": "in {}", "lines": "{} lines", "grid": "squares: {}", "udl": "principle: {}",
}  # fmt: skip
Names = Mapping[str, str]
"""What short names stand for: goals, lessons, misconceptions."""


def worded(path: str, text: str, names: Names) -> str:
    """A text in words; two texts that say the same to everybody are the same here, however they are written."""
    head = _HEADER.match(text)
    body = text[head.end() :] if head else text
    view = view_of(read_document(path, text.encode()), "teacher")
    if view is not None:
        body = said_by(view)(body)
    lines = [*(_particulars(head[1], names) if head else ()), *_lines(body, names)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def worded_line(line: str, names: Names | None = None) -> tuple[bool, str]:
    """One line of a text in words, and whether it is a heading."""
    heading = _HEADING.fullmatch(line)
    words = GROUP.sub(lambda group: _said_attributes(group[1], names or {}), heading[1] if heading else line)
    formulas: list[str] = []

    def kept(match: re.Match[str]) -> str:
        formulas.append(_in_signs(match[1]))
        return f"\0{len(formulas) - 1}\0"

    words = _FORMULA.sub(kept, words)
    words = _CHOICE.sub(lambda m: f"{m[1]}(right) " if m[2] != " " else m[1], words)
    for mark, instead in _MARKS:
        words = mark.sub(instead, words)
    return bool(heading), re.sub("\0(\\d+)\0", lambda m: formulas[int(m[1])], words).rstrip()


def flowing(text: str) -> list[str]:
    """The lines of a text as they are read: a sentence that was typed on two lines flows on, a figure's lines stand."""
    # Behind the last end of a comment nothing is looked for: each mark that never closes would be followed to the end.
    end = text.rfind("-->") + 3 if "-->" in text else 0
    said = _COMMENT.sub(lambda m: f"(Seen by nobody: {' '.join(m[1].split())})", text[:end])
    text = said + text[end:]
    text = _DISPLAY.sub(lambda m: f"{m[1]}${' '.join(m[2].split())}$\n", text)
    found: list[str] = []
    fenced = flows = False
    for line in text.split("\n"):
        fence, begins = bool(_FENCE.match(line)), bool(_BEGINS.match(line))
        if flows and not (fence or begins):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
        fenced ^= fence
        flows = bool(line.strip()) and not (fenced or fence or _ALONE.fullmatch(line))
    return found


def particular(line: str) -> str:
    """One line of a header as it is read where it stands alone; "" for what programs alone read."""
    match = re.match(r"(\s*)([a-z][a-z-]*):[ \t]*(.*)", line)
    if match is None:
        return line
    return (
        ""
        if match[2] in _UNSAID
        else f"{match[1]}{_label(match[2])}: {_language(match[2], match[3])}".rstrip()
    )


def _lines(body: str, names: Names) -> Iterator[str]:
    figure = False
    for line in flowing(body):
        if fence := _FENCE.fullmatch(line):
            figure = not figure
            if figure:
                yield f"(Figure: {fence[1].replace('-', ' ')})" if fence[1] else ""
        elif figure:
            yield re.sub(r"[{}\[\]'\"]", "", particular(line))
        else:
            yield worded_line(line, names)[1]


def _in_signs(latex: str) -> str:
    line = written(latex)
    if line is not None:
        return line
    try:
        return formula(latex).speech
    except FormulaError:
        return latex


def _said_attributes(inside: str, names: Names) -> str:
    values = read_group(inside).values.items()
    said = [
        "1 point"
        if (key, value) == ("points", "1")
        else _ATTRIBUTES.get(key, f"{key}: {{}}").format(_named(value, names))
        for key, value in values
    ]
    return f"({', '.join(said)})" if said else ""


def _particulars(source: str, names: Names) -> Iterator[str]:
    try:
        values = read_mapping(source).values
    except HeaderError:
        # What cannot be read is shown as it was typed: that is what has to be mended.
        yield from source.split("\n")
        return
    for key, value in values.items():
        if key not in _UNSAID:
            yield from _particular(key, value, names)
    yield ""


def _particular(key: str, value: Value, names: Names) -> Iterator[str]:
    if isinstance(value, dict):
        inside: Callable[[str], str] = (lambda k: f"{key}-{k}") if key == "based-on" else (lambda k: k)
        for below, one in value.items():
            yield from _particular(inside(below), one, names)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for one in value:
            if isinstance(one, dict) and "code" in one:
                yield f"{_label(key)}: {one['code']}"
            elif isinstance(one, dict):
                for below, inner in one.items():
                    yield from _particular("section" if below == "title" else below, inner, names)
            else:
                yield from _particular(key, one, names)
    else:
        many = value if isinstance(value, list) else [value]
        said = ", ".join(_named(_language(key, one), names) for one in many if isinstance(one, str))
        if said:
            yield f"{_label(key)}: {said}"


def _label(key: str) -> str:
    return _LABELS.get(key) or key.replace("-", " ").capitalize()


def _language(key: str, value: str) -> str:
    return LANGUAGES.get(value, value) if key == "language" else value


def _named(value: str, names: Names) -> str:
    lesson, mark, part = value.partition("#")
    if mark:
        return f"{names.get(lesson, lesson)}: {names.get(part, part)}"
    return names.get(value, value)
