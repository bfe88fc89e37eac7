"""What one line of a source can be to the outline: the patterns, tested first character first."""

from __future__ import annotations

import re

HEADING = re.compile(r"(#{2,6}) +(.*)$")
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u180e\u034f"
COLONS = (
    ":\uff1a\ufe55\u2236\ua789\u02d0\ufe30\u02f8\u205a\u0589\u05c3\u1806\u2982\u2237\ufe13\u0703\u0704\u16ec"
)
_LIST = r"(?:[-*+]|\d{1,9}[.)])"
_GAP = f"[ \\t>{INVISIBLE}\u00a0]*"
OPENING = re.compile(r"([ >]*)(:{3,}) *teacher *$")
CLOSING = re.compile(r"([ >]*)(:{3,}) *$")
MARK_LIKE = re.compile(f"{_GAP}(?:{_LIST}{_GAP})*(?:[{COLONS}]{_GAP}){{2,}}")
FENCE = re.compile(r"([ >]*)(?:(" + _LIST + r")( {1,4}))?(`{3,}(?=[^`]*$)|~{3,})(.*)$")
FENCE_LIKE = re.compile(r"[ \t>]*(?:" + _LIST + r"[ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")
FENCE_END = re.compile(r"([ \t>]*)(`{3,}|~{3,})[ \t]*$")
HIDDEN = re.compile(f"{_GAP}(?:{_LIST}{_GAP})*(#{{1,6}})(?:[ \\t\u00a0{INVISIBLE}]+(.*)|([^#\\s].*))$")
UNDERLINE = re.compile(r"[ \t>]*(?:=+|-{2,})[ \t]*$")
LIST_ITEM = re.compile(r"([ >]*)(" + _LIST + r")( +)(?=\S)")
BLANK_QUOTE = re.compile(r"[ >]*$")
ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029\ue000-\uf8ff\ufff9-\ufffb\U000e0000-\U0010ffff\ud800-\udfff]"
)
TICK = re.compile(r"^([ >]*(?:" + _LIST + r" +)*)\[[xX]\]")
MATH_ON_LINE = re.compile(r"(?<![\d\\$])\$(?![ $])(?:\\.|[^$\\])*?(?<! )\$(?!\d)")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def comment_start(line: str, after: int = 0) -> int:
    """Where a comment opens on the line, outside code spans; -1 where none does."""
    at = line.find("<!--", after)
    if at < 0 or "`" not in line[:at]:
        return at
    for span in CODE_SPAN.finditer(line):
        if span.start() < at < span.end():
            return comment_start(line, span.end())
    return at


def untick(line: str) -> str:
    """The line with every `[x]` empty, formulas of the line aside."""
    if "[x]" not in line and "[X]" not in line:
        return line
    line = TICK.sub(r"\1[ ]", line)
    kept: list[str] = []
    last = 0
    for formula in MATH_ON_LINE.finditer(line):
        kept += [_empty(line[last : formula.start()]), formula[0]]
        last = formula.end()
    return "".join([*kept, _empty(line[last:])])


def _empty(text: str) -> str:
    return text.replace("[x]", "[ ]").replace("[X]", "[ ]")


def outside_code_and_math(line: str) -> str:
    """The line with code spans and formulas blanked out, every other character in its place."""
    for pattern in (CODE_SPAN, MATH_ON_LINE):
        line = pattern.sub(lambda m: " " * len(m[0]), line)
    return line
