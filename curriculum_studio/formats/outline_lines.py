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
TASK = re.compile(r"[ >]*(?:" + _LIST + r" +)+\[[ xX]\](?= |$)")
TICK = re.compile(r"^([ >]*(?:" + _LIST + r" +)*)\[[xX]\]")
MATH_ON_LINE = re.compile(r"(?<![\d\\$])\$(?![ $])(?:\\.|[^$\\])*?(?<! )\$(?!\d)")
_RUN = re.compile("`+")
_MOST_JOINS = 20
_MARK = re.compile("`+|<!--")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def uncommented(line: str) -> tuple[str, int]:
    """A line without its comments, those in code spans aside, and the column at which one begins that goes on below it
    (0 where none does)."""
    for _ in range(_MOST_JOINS):
        line, open_at, joined = _cut_comments(line)
        if not joined:
            return line, open_at
    # Nobody writes so; the reading that shows less, and a line that costs no more than others.
    at = line.find("<!--")
    return (line[:at], at + 1) if at >= 0 else (line, 0)


def _cut_comments(line: str) -> tuple[str, int, bool]:
    """One pass of it, which ends early (and says so) where a comment had parted marks of code: what is code is to be
    seen anew then."""
    runs = [(found.start(), found.end()) for found in _RUN.finditer(line)]
    ends: dict[int, int] = {}
    later: dict[int, int] = {}
    for start, end in reversed(runs):
        if (close := later.get(end - start)) is not None:
            ends[start] = close
        later[end - start] = end
    kept: list[str] = []
    at = 0
    for found in _MARK.finditer(line):
        if found.start() < at:
            continue
        kept += [line[at : found.start()]] if at < found.start() else []
        if found[0] != "<!--":
            at = ends.get(found.start(), found.end())
            kept.append(line[found.start() : at])
            continue
        close = line.find("-->", found.end())
        if close < 0:
            return "".join(kept), found.start() + 1, False
        at = close + 3
        if kept and kept[-1].endswith("`") and line.startswith("`", at):
            return "".join([*kept, line[at:]]), 0, True
    return "".join([*kept, line[at:]]), 0, False


def columns_after(line: str, columns: list[int]) -> list[int]:
    """Where the text of open list items begins below a line, given where it did above it: for the marks of code in them."""
    if match := LIST_ITEM.match(line):
        begin = len(match[1])
        inside = len(match[0]) if len(match[3]) <= 4 else len(match[1]) + len(match[2]) + 1
        return [*(column for column in columns if column <= begin), inside]
    return [0] if line.strip() and not line.startswith(" ") else columns


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
