"""A formula in one line of plain signs, where no MathML can stand: `3/4`, `1 1/2`, `4 × 15 = 60`."""

from __future__ import annotations

import re
from functools import lru_cache

_FRACTION = re.compile(r"(\d?)\s*\\[dtc]?frac\s*\{?([\w□]+)\}?\s*\{?([\w□]+)\}?(?![\w}])")
_BOX = re.compile(r"\\(?:square|Box)(?![a-zA-Z])")
_TEXT = re.compile(r"\\text\s*\{([^{}]*)\}")
_SPACES = re.compile(r"\\[,;: ]|\\q?quad(?![a-zA-Z])|~")
_COMMAND = re.compile(r"\\([a-zA-Z]+|[%$#&{}])\s*")
_SIGNS = {
    "times": " × ", "div": " ÷ ", "cdot": " · ", "le": " ≤ ", "leq": " ≤ ", "ge": " ≥ ", "geq": " ≥ ", "ne": " ≠ ", "neq": " ≠ ",
    "lt": " < ", "gt": " > ", "approx": " ≈ ", "ldots": "…", "dots": "…", "pi": "π", "left": "", "right": "",
    "%": "%", "$": "$",
}  # fmt: skip
_AROUND = re.compile(r"\s*([=<>≤≥≠≈+×÷·])\s*")
_TOO_MUCH = re.compile(r"[\\{}^_&]")


@lru_cache(maxsize=4096)
def written(latex: str) -> str | None:
    """The formula as one would type it in a line of words; None where a line cannot hold it (powers, roots, tables)."""
    boxed = _BOX.sub("□", latex)
    text = _FRACTION.sub(lambda m: f"{m[1]} {m[2]}/{m[3]}" if m[1] else f"{m[2]}/{m[3]}", boxed)
    text = _SPACES.sub(" ", _TEXT.sub(r" \1 ", text))
    text = _COMMAND.sub(lambda m: _SIGNS.get(m[1], m[0]), text)
    if _TOO_MUCH.search(text):
        return None
    return " ".join(_AROUND.sub(r" \1 ", text).split())
