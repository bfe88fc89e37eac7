"""A quick way for texts that hold nothing but words, formulas and simple lists, as most parts of a lesson do.

Markdown reads such a text in one way only. What is let through here is told by what may *not* stand in it, so a
text that could be read otherwise goes to the parser. A law (`tests/laws/test_plain_text.py`) holds both to the
same HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

_FORMULA = re.compile(r"(?<![^\W_])\$(?![\s$])((?:[^$\\\n]|\\[^\n])+)(?<!\s)\$(?!\$|[^\W_])")
_MARKUP = re.compile("[\\\\`*_{}\\[\\]<>&#|~$\0\ue000-\uf8ff]|::|[^\\S\n ]| \n|\n ")
# A line may begin with a letter, a formula, an opening mark, or a number that begins no list.
_START = r"(?:[^\W\d_]|[$(\"'“‘¿¡]|\d+(?![\d.)]))"
_PARAGRAPH = re.compile(rf"{_START}[^\n]*(?:\n{_START}[^\n]*)*")
_BULLETS = re.compile(rf"- {_START}[^\n]*(?:\n- {_START}[^\n]*)*")
_NUMBERS = re.compile(rf"1\. {_START}[^\n]*(?:\n\d{{1,9}}\. {_START}[^\n]*)*")
_BLANK = re.compile("\n\n+")


def plain_html(text: str, formula: Callable[[str], str]) -> str | None:
    """The HTML of a text that is plain, None where it needs the parser. `formula` gives the HTML of LaTeX and is
    called once for each formula, in order, only where the text is plain."""
    if text[-1:].isspace() or _MARKUP.search(_FORMULA.sub("x", text)):
        return None
    blocks = _BLANK.split(text)
    kinds = [_kind(block) for block in blocks]
    if "" in kinds or any(a != "p" != b for a, b in pairwise(kinds)):
        # Two lists with nothing but an empty line between them may be one list, and then its items are paragraphs.
        return None
    return "".join([_block(kind, block, formula) for kind, block in zip(kinds, blocks, strict=True)])


def _kind(block: str) -> str:
    if block.startswith("- "):
        return "ul" if _BULLETS.fullmatch(block) else ""
    if block.startswith("1. "):
        return "ol" if _NUMBERS.fullmatch(block) else ""
    return "p" if _PARAGRAPH.fullmatch(block) else ""


def _block(kind: str, block: str, formula: Callable[[str], str]) -> str:
    if kind == "p":
        return f"<p>{_line(block, formula)}</p>\n"
    items = [f"<li>{_line(line.partition(' ')[2], formula)}</li>\n" for line in block.split("\n")]
    return f"<{kind}>\n{''.join(items)}</{kind}>\n"


def _line(text: str, formula: Callable[[str], str]) -> str:
    if "$" not in text:
        return text.replace('"', "&quot;")
    pieces = _FORMULA.split(text)
    pieces[::2] = [words.replace('"', "&quot;") for words in pieces[::2]]
    pieces[1::2] = [formula(latex) for latex in pieces[1::2]]
    return "".join(pieces)
