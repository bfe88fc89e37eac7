"""The canonical form of a formula under which search finds it, and what a student types when he means it."""

from __future__ import annotations

import re
from functools import lru_cache

from curriculum_studio.formats.math_source import FormulaError, prepared

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|.", re.DOTALL)
_SAME = {
    "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\cfrac": "\\frac", "\\le": "\\leq", "\\ge": "\\geq", "\\ne": "\\neq", "\\lt": "<",
    "\\gt": ">", "\\cdotp": "\\cdot", "\\to": "\\rightarrow", "\\colon": ":", "\\lbrace": "\\{", "\\rbrace": "\\}", "\\lvert": "|",
    "\\rvert": "|", "\\vert": "|", "\\ast": "*", "−": "-", "×": "\\times", "÷": "\\div", "≤": "\\leq", "≥": "\\geq", "≠": "\\neq", "π": "\\pi",
    "·": "\\cdot", "°": "^\\circ", "√": "\\sqrt",
}  # fmt: skip
_DROPPED = frozenset(
    [
        "\\left",
        "\\right",
        "\\big",
        "\\Big",
        "\\bigg",
        "\\Bigg",
        "\\bigl",
        "\\bigr",
        "\\Bigl",
        "\\Bigr",
        "\\displaystyle",
        "\\textstyle",
        "\\,",
        "\\;",
        "\\:",
        "\\!",
        "\\ ",
        "\\",
        "",
        "\\quad",
        "\\qquad",
        "~",
        "&",
        "\\limits",
    ]
) | {" ", "\n", "\t"}
_TAKES = {"\\frac": 2, "\\sqrt": 1, "\\overline": 1, "\\text": 1, "\\binom": 2}


@lru_cache(maxsize=8192)
def formula_key(latex: str) -> str:
    """The formula without what does not change its meaning: spaces, needless braces, sizes. "" where unreadable."""
    try:
        seen = prepared(latex)
    except FormulaError:
        return ""
    tokens = [_SAME.get(t, t) for t in _TOKEN.findall(seen)]
    tokens = [t for t in tokens if t not in _DROPPED]
    out, _ = _read(tokens, 0)
    return "".join(out)


def _read(tokens: list[str], at: int, stop: bool = False) -> tuple[list[str], int]:
    out: list[str] = []
    while at < len(tokens):
        token = tokens[at]
        if token == "}":
            if stop:
                return out, at + 1
            at += 1
        elif token in ("^", "_"):
            inside, at = _argument(tokens, at + 1)
            out += [token, _braced(inside)]
        elif token in _TAKES:
            at += 1
            out.append(token)
            if token == "\\sqrt" and at < len(tokens) and tokens[at] == "[":
                end = tokens.index("]", at) if "]" in tokens[at:] else at
                out += tokens[at : end + 1]
                at = end + 1
            for _ in range(_TAKES[token]):
                inside, at = _argument(tokens, at)
                out.append("{" + "".join(inside) + "}")
        elif token == "{":
            inside, at = _read(tokens, at + 1, stop=True)
            out += inside
        else:
            out.append(token)
            at += 1
    return out, at


def _argument(tokens: list[str], at: int) -> tuple[list[str], int]:
    if at >= len(tokens):
        return [], at
    if tokens[at] == "{":
        return _read(tokens, at + 1, stop=True)
    if tokens[at] in _TAKES:
        count, out = _TAKES[tokens[at]], [tokens[at]]
        at += 1
        for _ in range(count):
            inside, at = _argument(tokens, at)
            out.append("{" + "".join(inside) + "}")
        return out, at
    return [tokens[at]], at + 1


def _braced(inside: list[str]) -> str:
    text = "".join(inside)
    return text if len(inside) == 1 else "{" + text + "}"


_SIMPLE_FRACTION = re.compile(r"(?<![\w/}])(\d+|[a-z])\s*/\s*(\d+|[a-z])(?![\w/])")
_MIXED = re.compile(r"(?<![\w/])(\d+)\s+(\d+)/(\d+)(?![\w/])")
_CALL = re.compile(r"sqrt\s*\(([^()]*)\)")


def typed_keys(query: str) -> tuple[str, ...]:
    """The formula keys that a typed query may mean: `3/4`, `1 1/2`, `y = mx + b`, `2:3`, `x^2`, LaTeX itself."""
    text = query.strip().strip("$").strip()
    if not text or len(text) > 200 or (not re.search(r"[\d\\^=+:/<>≤≥×÷√−|_-]", text) and len(text) > 2):
        return ()
    forms = [text]
    plain = _CALL.sub(r"\\sqrt{\1}", text)
    plain = plain.replace("<=", "\\leq ").replace(">=", "\\geq ").replace("!=", "\\neq ")
    mixed = _MIXED.sub(r"\1\\frac{\2}{\3}", plain)
    forms.append(_SIMPLE_FRACTION.sub(r"\\frac{\1}{\2}", mixed))
    starred = plain.replace("*", "\\times ")
    forms += [plain, starred, starred.replace("\\times", "\\cdot")]
    keys = [formula_key(form) for form in forms]
    return tuple(dict.fromkeys(key for key in keys if key))
