"""Says a formula in words: what a screen reader reads where it does not read MathML well."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_PARTS = {2: ("half", "halves"), 3: ("third", "thirds"), 4: ("fourth", "fourths"), 5: ("fifth", "fifths"),
          6: ("sixth", "sixths"), 7: ("seventh", "sevenths"), 8: ("eighth", "eighths"), 9: ("ninth", "ninths"),
          10: ("tenth", "tenths"), 12: ("twelfth", "twelfths"), 16: ("sixteenth", "sixteenths"), 20: ("twentieth", "twentieths"),
          100: ("hundredth", "hundredths"), 1000: ("thousandth", "thousandths")}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "+": "plus", "-": "minus", "=": "equals", "<": "is less than", ">": "is greater than", "*": "times", "/": "divided by",
    ":": "to", "!": "factorial", "(": "open parenthesis", ")": "close parenthesis", "[": "open bracket", "]": "close bracket",
    "|": "vertical bar", ",": "comma", ";": "semicolon", "'": "prime", "?": "what", ".": "point", "~": "", "&": "",
    "\\times": "times", "\\cdot": "times", "\\div": "divided by", "\\pm": "plus or minus", "\\mp": "minus or plus",
    "\\le": "is less than or equal to", "\\leq": "is less than or equal to", "\\ge": "is greater than or equal to",
    "\\geq": "is greater than or equal to", "\\lt": "is less than", "\\gt": "is greater than", "\\ne": "is not equal to",
    "\\neq": "is not equal to", "\\approx": "is about", "\\sim": "is similar to", "\\cong": "is congruent to",
    "\\equiv": "is equivalent to", "\\propto": "is proportional to", "\\to": "goes to", "\\rightarrow": "goes to",
    "\\Rightarrow": "implies", "\\Leftrightarrow": "if and only if", "\\leftarrow": "comes from", "\\infty": "infinity",
    "\\pi": "pi", "\\theta": "theta", "\\circ": "of", "\\degree": "degrees", "\\angle": "angle", "\\triangle": "triangle",
    "\\parallel": "is parallel to", "\\perp": "is perpendicular to", "\\in": "is in", "\\notin": "is not in",
    "\\subset": "is a subset of", "\\subseteq": "is a subset of or equal to", "\\cup": "union", "\\cap": "intersection",
    "\\emptyset": "the empty set", "\\varnothing": "the empty set", "\\ldots": "and so on", "\\cdots": "and so on",
    "\\dots": "and so on", "\\%": "percent", "\\$": "dollars", "\\{": "open brace", "\\}": "close brace", "\\&": "and",
    "\\#": "number", "\\_": "blank", "\\sin": "sine", "\\cos": "cosine", "\\tan": "tangent", "\\log": "log", "\\ln": "natural log",
    "\\sum": "the sum", "\\prod": "the product", "\\int": "the integral", "\\lim": "the limit", "\\min": "the minimum",
    "\\max": "the maximum", "\\gcd": "the greatest common divisor", "\\therefore": "therefore", "\\because": "because",
    "\\prime": "prime", "\\square": "a blank", "\\Box": "a blank", "\\bigcirc": "a circle", "\\forall": "for all", "\\exists": "there is",
    "\\lvert": "the absolute value of", "\\rvert": "end absolute value", "\\langle": "open angle bracket", "\\rangle": "close angle bracket",
    "\\lfloor": "floor of", "\\rfloor": "end floor", "\\lceil": "ceiling of", "\\rceil": "end ceiling", "\\mid": "such that", "\\colon": "to",
    "\\frown": "arc", "\\bullet": "bullet", "\\star": "star", "\\checkmark": "check", "\\blacksquare": "square", "\\cdotp": "times",
    "\\vee": "or", "\\wedge": "and", "\\neg": "not", "\\lnot": "not", "\\vdots": "and so on down", "\\ddots": "and so on",
    "\\longrightarrow": "goes to", "\\mapsto": "maps to", "\\ell": "l", "\\hbar": "h bar", "\\partial": "partial",
}  # fmt: skip
_SILENT = frozenset(
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
        "\\scriptstyle",
        "\\limits",
        "\\nolimits",
        "\\,",
        "\\;",
        "\\:",
        "\\!",
        "\\quad",
        "\\qquad",
        "\\hline",
        "\\cr",
        "\\nonumber",
        "\\notag",
        "\\hfill",
        "\\middle",
        "\\hdashline",
        "\\smallskip",
        "\\mathstrut",
        "\\strut",
        "\\hphantom",
    ]
)
_GROUP_WORDS = frozenset(
    [
        "\\text",
        "\\mathrm",
        "\\mathbf",
        "\\mathit",
        "\\mathsf",
        "\\mathtt",
        "\\mathbb",
        "\\mathcal",
        "\\mathfrak",
        "\\boldsymbol",
        "\\bm",
        "\\textbf",
        "\\textit",
        "\\operatorname",
        "\\textrm",
        "\\boxed",
        "\\underbrace",
        "\\overbrace",
        "\\mathscr",
        "\\mathop",
        "\\mathbin",
        "\\mathrel",
        "\\mathord",
        "\\operatorname*",
        "\\textnormal",
        "\\textsf",
        "\\texttt",
    ]
)
_AROUND = {
    "\\overline": ("", "with a bar over it"), "\\bar": ("", "bar"), "\\underline": ("", "underlined"), "\\hat": ("", "hat"),
    "\\widehat": ("", "hat"), "\\tilde": ("", "tilde"), "\\vec": ("vector", ""), "\\dot": ("", "dot"), "\\cancel": ("crossed out", ""),
    "\\bcancel": ("crossed out", ""), "\\xcancel": ("crossed out", ""), "\\overrightarrow": ("ray", ""), "\\overleftrightarrow": ("line", ""),
    "\\sout": ("crossed out", ""), "\\overarc": ("arc", ""), "\\not": ("not", ""), "\\xrightarrow": ("arrow labelled", ""), "\\xleftarrow": ("left arrow labelled", ""),
}  # fmt: skip
_FRACTIONS = frozenset({"\\frac", "\\dfrac", "\\tfrac", "\\cfrac"})
_SKIPPED_GROUP = frozenset(
    {
        "\\hspace",
        "\\mkern",
        "\\kern",
        "\\vspace",
        "\\color",
        "\\begin",
        "\\end",
        "\\tag",
        "\\mspace",
        "\\hskip",
        "\\enclose",
        "\\require",
    }
)


def spoken(latex: str) -> str:
    """The formula in English words, never empty."""
    words = " ".join(_Speaker(_TOKEN.findall(latex)).all().split())
    return words.replace(" ,", ",") or "formula"


class _Speaker:
    """Reads the tokens of one formula from left to right, groups as units."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def all(self) -> str:
        out: list[str] = []
        while self.at < len(self.tokens):
            out.append(self.one(out))
        return " ".join(out)

    def skip(self) -> None:
        while self.at < len(self.tokens) and self.tokens[self.at].isspace():
            self.at += 1

    def raw(self) -> list[str]:
        """The tokens of the next group or single token."""
        self.skip()
        if self.at >= len(self.tokens):
            return []
        if self.tokens[self.at] != "{":
            token = self.tokens[self.at]
            if len(token) > 1 and token[0].isdigit():
                # LaTeX takes one digit: `\\frac12` is one half.
                self.tokens[self.at] = token[1:]
                return [token[0]]
            self.at += 1
            return [self.tokens[self.at - 1]]
        depth, start = 0, self.at + 1
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[self.at], 0)
            self.at += 1
            if depth == 0:
                return self.tokens[start : self.at - 1]
        return self.tokens[start:]

    def optional(self) -> list[str]:
        """The tokens between square brackets, if such stand next."""
        self.skip()
        if self.at >= len(self.tokens) or self.tokens[self.at] != "[":
            return []
        end = self.at
        while end < len(self.tokens) and self.tokens[end] != "]":
            end += 1
        inside = self.tokens[self.at + 1 : end]
        self.at = end + 1
        return inside

    def group(self) -> str:
        return _Speaker(self.raw()).all().strip()

    def one(self, before: list[str]) -> str:
        token = self.tokens[self.at]
        self.at += 1
        if token.isspace() or token in _SILENT or token in "{}":
            return ""
        if token in _FRACTIONS:
            return self.fraction(before)
        if token == "^":
            return self.power()
        if token == "_":
            return f"sub {self.group()}"
        if token == "\\sqrt":
            index = "".join(self.optional()).strip()
            name = {"": "the square root of", "3": "the cube root of"}.get(index, f"the {index} root of")
            inside = self.group()
            return f"{name} {inside}" + (" end root" if " " in inside else "")
        if token in _GROUP_WORDS:
            return self.words(token)
        if token in _AROUND:
            first, last = _AROUND[token]
            return f"{first} {self.group()} {last}"
        if token == "\\overset" or token == "\\underset" or token == "\\stackrel":
            top, where = self.group(), "below" if token == "\\underset" else "above"
            return f"{self.group()} with {top} {where}"
        if token == "\\binom":
            return f"{self.group()} choose {self.group()}"
        if token in _SKIPPED_GROUP:
            self.raw()
            return ""
        if token == "\\textcolor":
            self.raw()
            return self.group()
        if token == "\\\\":
            return ", next line,"
        if token in ("|", "\\lvert") and token == "|":
            return self.absolute()
        if token in _WORDS:
            return _WORDS[token]
        return token[1:] if token[0] == "\\" else token

    def words(self, token: str) -> str:
        inside = self.raw()
        if token.startswith("\\text") or token in ("\\operatorname", "\\mathrm"):
            return "".join(inside).replace("\\", "")
        return _Speaker(inside).all()

    def fraction(self, before: list[str]) -> str:
        top, bottom = "".join(self.raw()).strip(), "".join(self.raw()).strip()
        said = [word for word in before if word]
        mixed = "and " if said and re.fullmatch(r"[\d,]+", said[-1]) else ""
        if top.isdecimal() and bottom.isdecimal() and int(bottom) in _PARTS and int(top) <= 1000:
            number = int(top)
            name = _PARTS[int(bottom)][0 if number == 1 else 1]
            return f"{mixed}{_SMALL[number] if number < len(_SMALL) else number} {name}"
        over, under = (_Speaker(_TOKEN.findall(text)).all().strip() for text in (top, bottom))
        if " " in " ".join(over.split()) or " " in " ".join(under.split()):
            return f"the fraction {over} over {under} end fraction"
        return f"{mixed}{over} over {under}"

    def power(self) -> str:
        inside = "".join(self.raw()).strip()
        if inside in ("\\circ", "\\degree"):
            return "degrees"
        if inside in ("2", "3"):
            return {"2": "squared", "3": "cubed"}[inside]
        if set(inside) == {"'"} or inside == "\\prime":
            return "prime"
        words = _Speaker(_TOKEN.findall(inside)).all().strip()
        return f"to the power {words}" + (" end power" if " " in words else "")

    def absolute(self) -> str:
        """`|…|` as an absolute value where it is closed; a bar alone otherwise."""
        depth = 0
        for end in range(self.at, len(self.tokens)):
            token = self.tokens[end]
            depth += {"{": 1, "}": -1}.get(token, 0)
            if depth < 0:
                break
            if token == "|" and depth == 0:
                inside = [t for t in self.tokens[self.at : end] if t not in ("\\left", "\\right")]
                self.at = end + 1
                return f"the absolute value of {_Speaker(inside).all().strip()}"
        return "vertical bar"
