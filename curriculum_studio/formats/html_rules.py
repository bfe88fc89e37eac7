"""The rules that the lesson format adds to Markdown: dollars, displays, answer spaces, places of passages."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from rapidfuzz.distance import OSA

FIGURES: tuple[str, ...] = (
    "number-line", "double-number-line", "tape-diagram", "fraction-strips", "area-model", "base-ten-blocks",
    "ten-frame", "coordinate-plane", "dot-plot", "histogram", "box-plot", "bar-graph", "scatter-plot", "shape",
    "balance",
)  # fmt: skip
_ANSWER = re.compile(r"(?:\[\[ *\]\]|_{3,})[ ]*(\{[^{}]*\})?[ ]*$")
_SLOT = re.compile("\ue006\\d+\ue001[ ]*$")


def nearest_figure(word: str) -> str | None:
    """The kind of figure that an info word nearly names (within two letters), or None."""
    scores = ((OSA.distance(word.casefold(), kind, score_cutoff=2), kind) for kind in FIGURES)
    best = min((score for score in scores if score[0] <= 2), default=None)
    return best[1] if best else None


def add_rules(parser: MarkdownIt) -> None:
    """Adds the rules in the order in which they must be tried."""
    interrupt: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "slot", _slot, interrupt)
    parser.block.ruler.before("hr", "answer_space", _answer_space, interrupt)
    parser.block.ruler.before("fence", "math_block", _math_block, interrupt)
    parser.inline.ruler.before("escape", "math_inline", _math_inline)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _slot(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    line = _line(state, start)
    if not line.startswith("\ue006") or not _SLOT.match(line):
        return False
    if silent:
        return True
    token = state.push("slot", "", 0)
    token.content, token.map = line.rstrip(), [start, start + 1]
    state.line = start + 1
    return True


def _answer_space(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    if state.is_code_block(start):
        return False
    line = _line(state, start)
    if line[:2] not in ("[[", "__") or (match := _ANSWER.match(line)) is None:
        return False
    if silent:
        return True
    token = state.push("answer_space", "", 0)
    token.info, token.map = match[1] or "", [start, start + 1]
    state.line = start + 1
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if state.is_code_block(start) or _line(state, start).strip() != "$$":
        return False
    if silent:
        return True
    at = start + 1
    lines: list[str] = []
    closed = False
    while at < end and state.sCount[at] >= state.blkIndent:
        line = _line(state, at)
        if not line.strip():
            break
        at += 1
        if line.strip() == "$$":
            closed = True
            break
        lines.append(line)
    token = state.push("math_block" if closed else "math_open", "", 0)
    token.content, token.map, token.meta = "\n".join(lines), [start, at], {"line": start}
    state.line = at
    return True


def _math_inline(state: StateInline, silent: bool) -> bool:
    """`$` opens unless a digit or backslash stands before it or a space after it; the next one closes or none."""
    src, pos = state.src, state.pos
    if src[pos] != "$":
        return False
    if src.startswith("$$", pos):
        if not silent:
            state.pending += "$$"
        state.pos += 2
        return True
    if (
        pos + 1 >= state.posMax
        or src[pos + 1] in " \n\t"
        or (pos and (src[pos - 1].isdigit() or src[pos - 1] == "\\"))
    ):
        return False
    at = pos + 1
    while at < state.posMax and src[at] != "$":
        at += 2 if src[at] == "\\" else 1
    if at >= state.posMax or src[at - 1] in " \n\t" or (at + 1 < len(src) and src[at + 1].isdigit()):
        return False
    if not silent:
        token = state.push("math_inline", "", 0)
        token.content, token.meta = src[pos + 1 : at], {}
    state.pos = at + 1
    return True
