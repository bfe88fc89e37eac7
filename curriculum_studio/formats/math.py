"""LaTeX to MathML, spoken text and copy text: true mathematics on every page, without scripts or inline style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import math_core

from curriculum_studio.formats.math_keys import formula_key, typed_keys
from curriculum_studio.formats.math_source import FormulaError, prepared, rewritten
from curriculum_studio.formats.math_speech import spoken

__all__ = ["MATH_CSS", "Formula", "FormulaError", "formula", "formula_key", "typed_keys"]

_CONVERTER = math_core.LatexToMathML(fancy_error=False, max_expansions=1000)
_STYLE = re.compile(r' style="([^"]*)"')
_UNDERLINED = re.compile(
    '<munder accentunder="true">((?:(?!<munder).)*?)<mo stretchy="true">\u0332</mo></munder>', re.DOTALL
)
_ID = re.compile(r' (?:id|href)="[^"]*"')
_MESSAGE = re.compile(r"^(?:(\d+): )?(.*)$", re.DOTALL)
_STYLES = {
    "text-align: right;justify-items: end;padding-right: 0;": "m-r0",
    "text-align: left;justify-items: start;padding-left: 0;": "m-l0",
    "text-align: right;justify-items: end;": "m-r",
    "text-align: left;justify-items: start;": "m-l",
    "text-align: center;justify-items: center;": "m-c",
    "padding-left: 0;": "m-pl0",
    "padding-right: 0;": "m-pr0",
    "border-top: 0.05em solid currentcolor;": "m-bt",
    "border-bottom: 0.05em solid currentcolor;": "m-bb",
    "border-left: 0.05em solid currentcolor;": "m-bl",
    "border-right: 0.05em solid currentcolor;": "m-br",
    "border-top: 0.05em dashed currentcolor;": "m-btd",
    "border-bottom: 0.05em dashed currentcolor;": "m-bbd",
    "border-left: 0.05em dashed currentcolor;": "m-bld",
    "border-right: 0.05em dashed currentcolor;": "m-brd",
}
_COLOURS = {
    "FF0000": "red",
    "0000FF": "blue",
    "03FF00": "green",
    "00FF00": "green",
    "008000": "green",
    "FFA500": "orange",
    "800080": "purple",
}

MATH_CSS = """
math{font-family:"STIX Two Math",math;font-size:1.04em}
math[display=block]{display:block math;margin:0}
.math-display{overflow-x:auto;overflow-y:hidden;padding:.3em 0;text-align:center}
.m-r,.m-r0{text-align:right}.m-l,.m-l0{text-align:left}.m-c{text-align:center}
.m-r0,.m-pr0{padding-right:0}.m-l0,.m-pl0{padding-left:0}
.m-bt{border-top:.05em solid}.m-bb{border-bottom:.05em solid}.m-bl{border-left:.05em solid}.m-br{border-right:.05em solid}
.m-btd{border-top:.05em dashed}.m-bbd{border-bottom:.05em dashed}.m-bld{border-left:.05em dashed}.m-brd{border-right:.05em dashed}
.m-box{border:.06em solid;padding:.12em .25em}
.m-under{border-bottom:.06em solid}
.m-strike{background:linear-gradient(to top right,transparent calc(50% - .05em),currentColor calc(50% - .05em),currentColor calc(50% + .05em),transparent calc(50% + .05em));print-color-adjust:exact;-webkit-print-color-adjust:exact;forced-color-adjust:none}
.m-red{color:var(--math-red,#b3261e)}.m-blue{color:var(--math-blue,#1a56b0)}.m-green{color:var(--math-green,#1e6b2e)}
.m-orange{color:var(--math-orange,#9a4a00)}.m-purple{color:var(--math-purple,#6b2fa0)}
@media (prefers-color-scheme:dark){.m-red{color:#ff9d94}.m-blue{color:#9cc4ff}.m-green{color:#8fdb9f}.m-orange{color:#ffbd7a}.m-purple{color:#d7b3ff}}
"""
"""The styles that the classes in `Formula.mathml` need; part of the site's and the studio's style sheets."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula ready to be shown: its LaTeX as a student may know it, its MathML, and how it is said."""

    latex: str
    mathml: str
    speech: str


@lru_cache(maxsize=8192)
def formula(latex: str, *, display: bool = False) -> Formula:
    """Reads one formula. Raises `FormulaError` where it cannot be shown truly; never hangs."""
    seen = prepared(latex)
    try:
        mathml = _CONVERTER.convert_with_local_state(rewritten(seen, display=display), displaystyle=display)
    except math_core.LatexError as error:
        raise _error(str(error), seen, latex) from None
    speech = spoken(seen)
    inside = _repaired(mathml)
    inside = inside[inside.index(">") + 1 :]
    block = ' display="block"' if display else ""
    head = f'<math{block} aria-label="{escape(speech)}" data-tex="{escape(seen)}">'
    return Formula(seen, head + inside, speech)


def _error(message: str, seen: str, latex: str) -> FormulaError:
    match = _MESSAGE.match(re.sub("\x1b\\[[0-9;]*m", "", message))
    reason = (match[2] if match else message).strip()
    offset = int(match[1]) if match and match[1] else 0
    if seen != latex:
        offset = 0
    hint = (
        "A % begins a comment; write \\% for a percent sign."
        if "%" in latex and "}" in reason
        else "Mend it, or write it in words."
    )
    return FormulaError(reason[:1].lower() + reason[1:], min(offset, len(latex)), hint)


def _repaired(mathml: str) -> str:
    """The renderer's output where it would be false mathematics on a page, and without inline style."""
    if "\u0332" in mathml:
        # A combining mark as a bar stands beside its letters or is not drawn at all; the spacing one stretches.
        mathml = mathml.replace("\u0332</mo></mover>", "\u203e</mo></mover>")
        mathml = _UNDERLINED.sub(r'<mrow class="m-under">\1</mrow>', mathml)
    if "<menclose" in mathml:
        mathml = re.sub(r'<mrow class="menclose-[a-z]*"></mrow>', "", mathml)
        mathml = re.sub(r'<menclose notation="box">', '<mrow class="m-box">', mathml)
        mathml = re.sub(r'<menclose notation="[a-z ]*strike">', '<mrow class="m-strike">', mathml)
        mathml = mathml.replace("</menclose>", "</mrow>")
    if "3.5em" in mathml:
        mathml = mathml.replace('<mo lspace="0" rspace="0">→</mo>', '<mo lspace="0" rspace="0">\u27f6</mo>')
    if " id=" in mathml or " href=" in mathml:
        mathml = _ID.sub("", mathml)
    return _STYLE.sub(_as_class, mathml) if " style=" in mathml else mathml


def _as_class(match: re.Match[str]) -> str:
    style = match[1]
    names: list[str] = []
    for known in sorted(_STYLES, key=len, reverse=True):
        if known in style:
            style = style.replace(known, "")
            names.append(_STYLES[known])
    for colour in re.findall(r"color:\s*#?([0-9A-Fa-f]{6})", style):
        names.append(f"m-{_COLOURS.get(colour.upper(), 'purple')}")
    return f' class="{" ".join(names)}"' if names else ""
