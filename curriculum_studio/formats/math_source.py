"""Makes a formula's LaTeX safe and plain: limits first, then comments, macros, phantoms and the few rewrites.

What a student must not see goes here, before anything is rendered, spoken or indexed.
"""

from __future__ import annotations

import re

MAX_LENGTH = 10_000
MAX_DEPTH = 100
MAX_UNMATCHED = 8
MAX_EXPANSIONS = 500

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}]|#[1-9]|[^\\{}#]+|#|\\", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?[ \t]*")
_OPENERS = {
    "(": 1,
    "[": 1,
    "\\{": 1,
    "\\langle": 1,
    "\\lbrace": 1,
    "\\lbrack": 1,
    "\\lfloor": 1,
    "\\lceil": 1,
    "\\lvert": 1,
    "\\lVert": 1,
}
_CLOSERS = {
    ")": 1,
    "]": 1,
    "\\}": 1,
    "\\rangle": 1,
    "\\rbrace": 1,
    "\\rbrack": 1,
    "\\rfloor": 1,
    "\\rceil": 1,
    "\\rvert": 1,
    "\\rVert": 1,
}
_BRACKET = re.compile(r"\\[a-zA-Z]+|\\.|[()\[\]]", re.DOTALL)
_PHANTOMS = frozenset({"\\phantom", "\\hphantom", "\\vphantom"})
_DEFINES = frozenset(
    {
        "\\def",
        "\\gdef",
        "\\newcommand",
        "\\renewcommand",
        "\\providecommand",
        "\\newcommand*",
        "\\renewcommand*",
    }
)
_REFUSED = {
    "\\href": "Links do not stand in formulas; put the link in the text.",
    "\\url": "Links do not stand in formulas; put the link in the text.",
    "\\class": "Leave it out.", "\\cssId": "Leave it out.", "\\style": "Leave it out.", "\\htmlClass": "Leave it out.",
    "\\htmlId": "Leave it out.", "\\htmlStyle": "Leave it out.", "\\htmlData": "Leave it out.",
    "\\includegraphics": "Use a picture outside the formula.", "\\smash": "Leave it out.", "\\rlap": "Leave it out.",
    "\\llap": "Leave it out.", "\\cancelto": "Use \\cancel and write the new value beside it.",
    "\\substack": "Write the lines with \\begin{array}.", "\\widetilde": "Use \\tilde.", "\\wideparen": "Use \\overset{\\frown}{AB}.",
    "\\hbox": "Use \\text.", "\\ifx": "Write the formula out.", "\\catcode": "Write the formula out.", "\\csname": "Write the formula out.",
    "\\input": "Write the formula out.", "\\let": "Use \\newcommand.", "\\edef": "Use \\newcommand.", "\\expandafter": "Write the formula out.",
    "\\ce": "Write the substance in \\text.", "\\colorbox": "Use \\boxed.", "\\fcolorbox": "Use \\boxed.", "\\label": "Leave it out.",
    "\\ref": "Name the formula in words.", "\\eqref": "Name the formula in words.",
}  # fmt: skip
_SPECIAL = re.compile(
    r"%|#|\\(?:[a-zA-Z]*def|[a-z]*command|[hv]?phantom|require|tag|enclose|begin|label|color|textcolor|href|class|html|css|style|url|smash|[rl]lap|cancelto|substack|wide|hbox|if|catcode|csname|input|let|expandafter|ce|[f]?colorbox|ref|eqref|includegraphics)\b"
)
SIMPLE = re.compile(r"[A-Za-z0-9 +\-=.,:/<>!'|]*")


class FormulaError(Exception):
    """A formula that cannot be shown: `reason` and `hint` for a teacher, `offset` in code points of its LaTeX."""

    def __init__(self, reason: str, offset: int = 0, hint: str = "") -> None:
        super().__init__(reason)
        self.reason, self.offset, self.hint = reason, offset, hint


def prepared(latex: str) -> str:
    """The student view of a formula: within limits, without comments, macros and phantoms. Raises `FormulaError`."""
    if len(latex) > MAX_LENGTH:
        raise FormulaError(f"it is longer than {MAX_LENGTH:,} characters.", MAX_LENGTH, "Divide it.")
    _check_depth(latex)
    if _SPECIAL.search(latex):
        latex = _COMMENT.sub(r"\1", latex)
        latex = _without_macros(latex)
        latex = _without_phantoms(latex)
        _check_depth(latex)
        _check_refused(latex)
    _check_brackets(latex)
    latex = latex.strip()
    if not latex:
        raise FormulaError("it is empty.", 0, "Write the formula, or `\\$` for a dollar.")
    return latex


def _check_depth(latex: str) -> None:
    if (
        latex.count("{") + latex.count("\\left") + latex.count("\\begin") <= MAX_DEPTH
        and latex.count("\\sqrt") <= MAX_DEPTH
    ):
        return
    depth = run = 0
    for match in re.finditer(r"\\[a-zA-Z]+|\\.|[{}]", latex, re.DOTALL):
        token = match[0]
        if token in ("{", "\\left", "\\begin"):
            depth += 1
        elif token in ("}", "\\right", "\\end"):
            depth = max(depth - 1, 0)
        run = run + 1 if token in ("\\sqrt", "\\frac", "\\dfrac", "\\tfrac") else (0 if token == "}" else run)
        if depth > MAX_DEPTH or run > MAX_DEPTH:
            raise FormulaError(
                f"it is nested more than {MAX_DEPTH} levels deep.", match.start(), "Write it more simply."
            )


def _check_brackets(latex: str) -> None:
    stack = unmatched = 0
    if not any(ch in latex for ch in "([") and "\\" not in latex:
        return
    for match in _BRACKET.finditer(latex):
        token = match[0]
        if token in _OPENERS:
            stack += 1
        elif token in _CLOSERS:
            if stack:
                stack -= 1
            else:
                unmatched += 1
        elif re.fullmatch(r"\\[bB]igg?[lr]?", token):
            continue
    if stack > MAX_UNMATCHED:
        raise FormulaError(
            f"it has more than {MAX_UNMATCHED} opening brackets that nothing closes.",
            0,
            "Close each bracket.",
        )


def _check_refused(latex: str) -> None:
    for match in re.finditer(r"\\[a-zA-Z]+", latex):
        if match[0] in _REFUSED:
            raise FormulaError(f"{match[0]} is not read in formulas.", match.start(), _REFUSED[match[0]])


def _group(tokens: list[str], at: int) -> tuple[list[str], int]:
    """The tokens of the group (or the one token) that begins at `at`, without its braces, and where it ends."""
    while at < len(tokens) and not tokens[at].strip():
        at += 1
    if at >= len(tokens):
        return [], at
    if tokens[at] != "{":
        text = tokens[at]
        if text[0] == "\\" or len(text) == 1:
            return [text], at + 1
        lead = len(text) - len(text.lstrip())
        tokens[at : at + 1] = [text[lead], text[lead + 1 :]]
        return [tokens[at]], at + 1
    depth, start = 0, at + 1
    while at < len(tokens):
        if tokens[at] == "{":
            depth += 1
        elif tokens[at] == "}":
            depth -= 1
            if depth == 0:
                return tokens[start:at], at + 1
        at += 1
    return tokens[start:], at


def _without_macros(latex: str) -> str:
    """Expands the formula's own definitions, and takes the definitions out."""
    if not re.search(r"\\(?:[a-z]*def|[a-z]*command)\b", latex):
        return latex
    tokens = _TOKEN.findall(latex)
    macros: dict[str, tuple[int, list[str]]] = {}
    out: list[str] = []
    at = spent = 0
    while at < len(tokens):
        token = tokens[at]
        if token in _DEFINES:
            at = _define(tokens, at, macros)
        elif token in macros:
            spent += 1
            if spent > MAX_EXPANSIONS or len(tokens) > MAX_LENGTH:
                raise FormulaError(
                    f"the definition of {token} calls itself, or is too long.", 0, "Write the formula out."
                )
            count, body = macros[token]
            values: list[list[str]] = []
            at += 1
            for _ in range(count):
                value, at = _group(tokens, at)
                values.append(value)
            filled: list[str] = []
            for piece in body:
                if piece[0] == "#" and len(piece) == 2 and int(piece[1]) <= count:
                    filled += ["{", *values[int(piece[1]) - 1], "}"]
                else:
                    filled.append(piece)
            if token[-1].isalpha() and filled and filled[-1][-1:].isalpha() and filled[-1][0] == "\\":
                filled.append(" ")
            tokens[:at] = filled
            at = 0
        else:
            out.append(token)
            at += 1
        if sum(map(len, out)) > MAX_LENGTH:
            raise FormulaError(f"it is longer than {MAX_LENGTH:,} characters.", 0, "Divide it.")
    return "".join(out)


def _define(tokens: list[str], at: int, macros: dict[str, tuple[int, list[str]]]) -> int:
    """Reads one definition that begins at `at`; gives where it ends."""
    kind = tokens[at]
    at += 1
    if kind in ("\\def", "\\gdef"):
        while at < len(tokens) and not tokens[at].strip():
            at += 1
        name = tokens[at] if at < len(tokens) else ""
        at += 1
        count = 0
        while at < len(tokens) and tokens[at] != "{":
            count += len(re.findall(r"#[1-9]", tokens[at]))
            at += 1
    else:
        group, at = _group(tokens, at)
        name, count = "".join(group).strip(), 0
        if at < len(tokens) and (match := re.match(r"\s*\[([1-9])\]", tokens[at])):
            count = int(match[1])
            tokens[at] = tokens[at][match.end() :]
    if not re.fullmatch(r"\\[a-zA-Z]+", name):
        raise FormulaError("a definition here has no name.", 0, "Write \\newcommand{\\name}{…}.")
    body, at = _group(tokens, at)
    macros[name] = (count, body)
    return at


def _without_phantoms(latex: str) -> str:
    if "phantom" not in latex:
        return latex
    tokens = _TOKEN.findall(latex)
    out: list[str] = []
    at = 0
    while at < len(tokens):
        if tokens[at] in _PHANTOMS:
            wide = tokens[at] != "\\vphantom"
            group, at = _group(tokens, at + 1)
            letters = sum(1 if t[0] == "\\" else len(t.replace(" ", "")) for t in group if t not in "{}")
            out.append(f"\\hspace{{{letters * 0.5:g}em}}" if wide and letters else "{}")
        else:
            out.append(tokens[at])
            at += 1
    return "".join(out)


def rewritten(latex: str, *, display: bool) -> str:
    """What is given to the renderer: constructs that it lacks, said in others that look the same."""
    if "\\" not in latex:
        return latex
    if "\\require" in latex:
        latex = re.sub(r"\\require\s*\{[^{}]*\}", "", latex)
    if "\\begin" in latex:
        latex = re.sub(r"\\(begin|end)\{split\}", r"\\\1{aligned}", latex)
        latex = re.sub(
            r"\\begin\{alignedat\}\s*\{\d+\}|\\begin\{alignat\*?\}\s*\{\d+\}", r"\\begin{aligned}", latex
        )
        latex = re.sub(r"\\end\{align(?:edat|at\*?)\}", r"\\end{aligned}", latex)
        latex = latex.replace("{}+{}", "\\;+\\;").replace("{}-{}", "\\;-\\;") if "aligned" in latex else latex
        latex = re.sub(
            r"\\begin\{smallmatrix\}(.*?)\\end\{smallmatrix\}", _small_matrix, latex, flags=re.DOTALL
        )
    if "\\enclose" in latex:
        latex = re.sub(r"\\enclose\s*\{longdiv\}\s*\{", r"\\overline{)", latex)
        latex = re.sub(r"\\enclose\s*\{box\}\s*", r"\\boxed", latex)
        latex = re.sub(r"\\enclose\s*\{(?:updiagonal|downdiagonal|horizontal)strike\}\s*", r"\\cancel", latex)
        if match := re.search(r"\\enclose", latex):
            raise FormulaError(
                "this kind of \\enclose is not drawn.", match.start(), "Use box, longdiv or a strike."
            )
    if "\\tag" in latex:
        if display:
            latex = f"\\begin{{equation}}{latex}\\end{{equation}}"
        else:
            raise FormulaError(
                "\\tag stands in displayed formulas only.", latex.index("\\tag"), "Put it between $$ lines."
            )
    return latex


def _small_matrix(match: re.Match[str]) -> str:
    columns = max((row.count("&") + 1 for row in match[1].split("\\\\")), default=1)
    return f"\\begin{{subarray}}{{{'c' * columns}}}{match[1]}\\end{{subarray}}"
