"""A quick way for texts of the plain kind that most parts of a lesson hold: paragraphs, lists, choices, tables,
formulas, room for answers, figures; in a line formulas, links and simple emphasis.

Markdown reads such a text in one way only. What is let through here is told by what may *not* stand in it, so a
text that could be read otherwise goes to the parser. A law (`tests/laws/test_plain_text.py`) holds both to the
same HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

_ODD = re.compile("[\0\ue000-\uf8ff]|[^\\S\n ]|::")
_FORMULA = re.compile(r"(?<![^\W_])(?<!\\)\$(?![\s$])((?:[^$\\\n]|\\[^\n])+)(?<!\s)\$(?!\$|[^\W_])")
_MARKUP = re.compile("[\\\\`*_{}\\[\\]<>&#|~$]| \n|\n | \\Z")
_LINK = re.compile("(?<![!\\]])\\[([^\\\\`*_{}\\[\\]<>&#|~$^\\s](?:[^\\\\`*_{}\\[\\]<>&#|~$^\n]*[^\\\\`*_{}\\[\\]<>&#|~$^\\s])?)\\]\\(((?!//)[A-Za-z0-9._/#-]+)\\)")  # fmt: skip
_STRESS = re.compile("(?<![^\\s(“\"'‘])(\\*\\*?)((?:[^\\W_]|\ue010)(?:[^*\ue011-\ue016]*(?:[^\\W_]|[\ue010.?!,:;…]))?)\\1(?![^\\s.,;:?!)”\"'’…])")  # fmt: skip
_SIGN = re.compile("([\ue010-\ue016])")
_STRESSED = {"\ue013": "<em>", "\ue014": "</em>", "\ue015": "<strong>", "\ue016": "</strong>"}
"""While a line is read, a formula is one sign, and links and emphasis are signs around their words: no text has them."""
# A line may begin with a letter, a formula, an opening mark, emphasis, a link, or a number that begins no list.
_START = r"(?:[^\W\d_]|[$(\"'“‘¿¡]|\d+(?![\d.)])|\*\*?(?=[^\W_]|\$)|\[(?=[^\s\]\[^]))"
_LINE = re.compile(_START)
_PARAGRAPH = re.compile(rf"{_START}[^\n]*(?:\n{_START}[^\n]*)*")
_ITEM = re.compile(rf"(?:- |\d{{1,9}}\. )(?:(?={_START})|(\[ \] (?=[^ \n])))")
_ANSWER = re.compile(r"(?:\[\[ *\]\]|_{3,}) *(\{[^{}\n]*\})? *")
_ALIGNED = re.compile(r"\|(?: *:?-+:? *\|)+")
_BLANK = re.compile("\n\n+")

_Piece = str | Callable[[], str]


@dataclass(frozen=True, slots=True)
class Writer:
    """How a text's parts are written that depend on more than the text. `formula` is told the LaTeX, whether it stands
    by itself, and the line; `link` a target; `answer` the attributes of room for an answer; `figure` its kind, its
    words, its body and the line. All are called in order, and only where the whole text is plain."""

    formula: Callable[[str, bool, int], str]
    link: Callable[[str], str]
    link_end: str
    choice: str
    answer: Callable[[str], str]
    figure: Callable[[str, str, str, int], str]
    figures: Collection[str]


def plain_html(text: str, writer: Writer) -> str | None:
    """The HTML of a text that is plain, None where it needs the parser."""
    if _ODD.search(text):
        return None
    found: list[_Piece] = []
    kinds: list[str] = []
    at = 0
    for block in _BLANK.split(text):
        at = text.index(block, at)
        kind = _block(block, found, writer, text, at)
        if kind is None:
            return None
        kinds.append(kind)
        at += len(block)
    if any(one == "list" == other for one, other in pairwise(kinds)):
        # Two lists with nothing but an empty line between them may be one list, and then its items are paragraphs.
        return None
    return "".join([piece if isinstance(piece, str) else piece() for piece in found])


def _block(block: str, found: list[_Piece], writer: Writer, text: str, at: int) -> str | None:
    """Adds what a block is written as; gives its kind, None where it is not plain."""
    first = block[:1]
    if first in "-0123456789" and _ITEM.match(block):
        return "list" if _list(block, found, writer) else None
    if first == "$" and block.startswith("$$\n"):
        return "formula" if _display(block, found, writer, text.count("\n", 0, at)) else None
    if first == "|":
        return "table" if _table(block.split("\n"), found, writer) else None
    if first == "`":
        return "figure" if _figure(block, found, writer, text.count("\n", 0, at)) else None
    if first in "[_" and (room := _ANSWER.fullmatch(block)):
        found.append(partial(writer.answer, room[1] or ""))
        return "answer"
    if not _PARAGRAPH.fullmatch(block):
        return None
    found.append("<p>")
    if not _inline(block, found, writer):
        return None
    found.append("</p>\n")
    return "paragraph"


def _list(block: str, found: list[_Piece], writer: Writer) -> bool:
    """A list whose items are a paragraph each; what continues an item stands exactly below its words."""
    tag = "ul" if block[0] == "-" else "ol"
    if tag == "ol" and not block.startswith("1. "):
        return False
    items: list[tuple[bool, str]] = []
    width = 0
    for line in block.split("\n"):
        if match := _ITEM.match(line):
            if (line[0] == "-") != (tag == "ul"):
                return False
            width = line.index(" ") + 1
            items.append((match[1] is not None, line[match.end() :]))
        elif line[:width].isspace() and _LINE.match(line, width):
            items[-1] = items[-1][0], f"{items[-1][1]}\n{line[width:]}"
        else:
            return False
    found.append(f"<{tag}>\n")
    for choice, words in items:
        found.append(f'<li class="choice">{writer.choice}' if choice else "<li>")
        if not _inline(words, found, writer):
            return False
        found.append("</li>\n")
    found.append(f"</{tag}>\n")
    return True


def _display(block: str, found: list[_Piece], writer: Writer, line: int) -> bool:
    lines = block.split("\n")
    if (
        len(lines) < 3
        or lines[-1] != "$$"
        or any(one.strip() == "$$" or one != one.strip() for one in lines[1:-1])
    ):
        return False
    found += [
        '<div class="math-display" tabindex="0" role="group">',
        partial(writer.formula, "\n".join(lines[1:-1]), True, line),
        "</div>\n",
    ]
    return True


def _table(lines: list[str], found: list[_Piece], writer: Writer) -> bool:
    if (
        len(lines) < 3
        or not _ALIGNED.fullmatch(lines[1])
        or any(line[-1:] != "|" or line[0] != "|" for line in lines)
    ):
        return False
    styles: list[str] = []
    for mark in lines[1][1:-1].split("|"):
        left, right = mark.strip()[0] == ":", mark.strip()[-1] == ":"
        side = "center" if left and right else "left" if left else "right" if right else ""
        styles.append(f' style="text-align:{side}"' if side else "")
    found.append('<div class="table-box" tabindex="0" role="group"><table>\n<thead>\n')
    for number, line in enumerate([lines[0], *lines[2:]]):
        cells = line[1:-1].split("|")
        if len(cells) != len(styles):
            return False
        tag = "td" if number else "th"
        found.append("</thead>\n<tbody>\n<tr>\n" if number == 1 else "<tr>\n")
        for cell, style in zip(cells, styles, strict=True):
            found.append(f"<{tag}{style}>")
            if not _inline(cell.strip(), found, writer):
                return False
            found.append(f"</{tag}>\n")
        found.append("</tr>\n")
    found.append("</tbody>\n</table></div>\n")
    return True


def _figure(block: str, found: list[_Piece], writer: Writer, line: int) -> bool:
    head, _, rest = block.partition("\n")
    word, _, words = head[3:].partition(" ")
    body, end = rest[:-3], rest[-3:]
    if (
        not block.startswith("```")
        or end != "```"
        or body[-1:] not in ("", "\n")
        or word not in writer.figures
    ):
        return False
    if "```" in body or "`" in words:
        return False
    found.append(partial(writer.figure, word, words.strip(), body, line))
    return True


def _inline(text: str, found: list[_Piece], writer: Writer) -> bool:
    """Adds the words of a paragraph, an item or a cell; whether they are plain."""
    if not _MARKUP.search(text):
        found.append(text.replace('"', "&quot;"))
        return True
    pieces = _FORMULA.split(text)
    formulas, links = iter(pieces[1::2]), []

    def link(match: re.Match[str]) -> str:
        links.append(match[2])
        return f"\ue011{match[1]}\ue012"

    def stress(match: re.Match[str]) -> str:
        return f"\ue013{match[2]}\ue014" if match[1] == "*" else f"\ue015{match[2]}\ue016"

    words = "\ue010".join(pieces[::2])
    if "[" in words:
        words = _LINK.sub(link, words)
    if "*" in words:
        words = _STRESS.sub(stress, words)
    if _MARKUP.search(words):
        return False
    targets = iter(links)
    for piece in _SIGN.split(words.replace('"', "&quot;")):
        if piece == "\ue010":
            found.append(partial(writer.formula, next(formulas), False, 0))
        elif piece == "\ue011":
            found.append(partial(writer.link, next(targets)))
        elif piece == "\ue012":
            found.append(writer.link_end)
        else:
            found.append(_STRESSED.get(piece, piece))
    return True
