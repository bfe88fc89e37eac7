"""Says a formula in words: what a screen reader reads where it does not read MathML well."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\d+(?:[.,]\d+)*|::|\s+|.", re.DOTALL)
# `1{,}234` and `1\,234` are one number; `9{:}30` is a time, and no ratio.
_GROUPED = re.compile(r"(?<=\d)(?:\{,\}|\\,)(?=\d{3}(?!\d))")
_TIME = re.compile(r"(?<=\d)\{:\}(?=\d\d)")
_NUMBER = r"-?\s*(?:\d+(?:\.\d+)?|\d*\s*\\[dt]?frac(?:\{\d+\}\{\d+\}|\d\d)|[a-z])"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*,(?!\d{{3}}(?!\d))\s*({_NUMBER})\s*")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
# A pair in parentheses is a point where a formula begins or where one of these stands before it, and no argument.
_BEFORE_POINT = frozenset({"", "=", ",", ";", "\\to", "\\rightarrow"})
_WITH_COLUMNS = frozenset({"array", "alignat", "alignat*", "alignedat"})
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
    "\\iff": "if and only if", "::": "as", "\\lVert": "the norm of", "\\rVert": "end norm", "\\pmod": "mod",
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
_BLANKS = frozenset({"\\square", "\\Box"})
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


_PHRASES: Mapping[str, str] = {
    "sub": "sub {}", "root": "the square root of {}", "root-3": "the cube root of {}", "root-n": "the {1} root of {0}",
    "end-root": "end root", "above": "{} with {} above", "below": "{} with {} below", "choose": "{} choose {}", "line": ", next line,",
    "and": "and ", "over": "{} over {}", "fraction": "the fraction {} over {} end fraction", "degrees": "degrees", "squared": "squared",
    "cubed": "cubed", "prime": "prime", "power": "to the power {}", "end-power": "end power", "absolute": "the absolute value of {}",
    "bar": "vertical bar", "formula": "formula", "point": "the point {} {} {}", "blank": "a blank", "dollar": "dollar",
}  # fmt: skip


def spoken(latex: str) -> str:
    """The formula in English words, never empty."""
    return Speaker.say(latex)


class Speaker:
    """Reads the tokens of one formula from left to right, groups as units; its tables hold the words of one language."""

    words: Mapping[str, str] = _WORDS
    around: Mapping[str, tuple[str, str]] = _AROUND
    phrases: Mapping[str, str] = _PHRASES
    small: Sequence[str] = _SMALL
    parts: Mapping[int, tuple[str, str]] = _PARTS
    thousands = ","

    @classmethod
    def say(cls, latex: str) -> str:
        """A whole formula, never empty."""
        if "{" in latex or "\\," in latex:
            latex = _TIME.sub(" ", _GROUPED.sub(",", latex))
        words = " ".join(cls(_TOKEN.findall(latex)).all().split())
        return words.replace(" ,", ",") or cls.phrases["formula"]

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
        return type(self)(self.raw()).all().strip()

    def phrase(self, name: str, *inside: str) -> str:
        return self.phrases[name].format(*inside)

    def one(self, before: list[str]) -> str:
        token = self.tokens[self.at]
        self.at += 1
        if token.isspace() or token in _SILENT or token in "{}":
            return ""
        if token[0].isdigit():
            return self.number(token)
        if token in _FRACTIONS:
            return self.fraction(before)
        if token == "(" and (point := self.point()):
            return point
        if token == "\\$":
            return self.money()
        if token == "^":
            return self.power()
        if token == "_":
            return self.phrase("sub", self.group())
        if token == "\\sqrt":
            return self.root()
        if token in _GROUP_WORDS:
            return self.text(token)
        if token in self.around:
            first, last = self.around[token]
            inside = self.group()
            # A rule with nothing above it is a place to write.
            return f"{first} {inside} {last}" if inside else self.phrase("blank")
        if token == "\\overset" or token == "\\underset" or token == "\\stackrel":
            top = self.group()
            return self.phrase("below" if token == "\\underset" else "above", self.group(), top)
        if token == "\\binom":
            return self.phrase("choose", self.group(), self.group())
        if token in _SKIPPED_GROUP:
            if "".join(self.raw()) in _WITH_COLUMNS and token == "\\begin":
                self.raw()
            return ""
        if token == "\\textcolor":
            self.raw()
            return self.group()
        if token == "\\\\":
            return self.phrase("line")
        if token == "|":
            return self.absolute()
        return self.word(token)

    def word(self, token: str) -> str:
        """One sign or letter."""
        if token in self.words:
            return self.words[token]
        return token[1:] if token[0] == "\\" else token

    def number(self, token: str) -> str:
        grouped = "," in token and _THOUSANDS.fullmatch(token)
        return token.replace(",", self.thousands) if grouped else token

    def money(self) -> str:
        """Dollars behind their number, as they are said."""
        dollars = self.words["\\$"]
        self.skip()
        if self.at >= len(self.tokens) or not self.tokens[self.at][0].isdigit():
            return dollars
        amount = self.tokens[self.at]
        self.at += 1
        return f"{self.number(amount)} {self.phrase('dollar') if amount == '1' else dollars}"

    def point(self) -> str:
        """The pair behind an opening parenthesis as a point of the plane; nothing where it is something else."""
        behind = [t for t in self.tokens[: self.at - 1] if not t.isspace() and t not in _SILENT]
        if (behind[-1] if behind else "") not in _BEFORE_POINT or ")" not in self.tokens[self.at :]:
            return ""
        end = self.tokens.index(")", self.at)
        inside = "".join(t for t in self.tokens[self.at : end] if t not in ("\\left", "\\right"))
        if self.tokens[end + 1 : end + 2] in (["^"], ["_"]) or (pair := _PAIR.fullmatch(inside)) is None:
            return ""
        self.at = end + 1
        first, second = (type(self)(_TOKEN.findall(one)).all().strip() for one in pair.groups())
        return self.phrase("point", first, self.words[","], second)

    def root(self) -> str:
        index = "".join(self.optional()).strip()
        inside = self.group()
        name = {"": "root", "3": "root-3"}.get(index, "root-n")
        end = f" {self.phrase('end-root')}" if " " in inside else ""
        return self.phrase(name, inside, index) + end

    def text(self, token: str) -> str:
        inside = self.raw()
        if token.startswith("\\text") or token in ("\\operatorname", "\\mathrm"):
            return "".join(inside).replace("\\", "")
        said = type(self)(inside).all().strip()
        return said if said or token != "\\boxed" else self.phrase("blank")

    def fraction(self, before: list[str]) -> str:
        top, bottom = "".join(self.raw()).strip(), "".join(self.raw()).strip()
        said = [word for word in before if word]
        mixed = self.phrase("and") if said and re.fullmatch(r"[\d,]+", said[-1]) else ""
        if top.isdecimal() and bottom.isdecimal() and int(bottom) in self.parts and int(top) <= 1000:
            number = int(top)
            name = self.parts[int(bottom)][0 if number == 1 else 1]
            return f"{mixed}{self.small[number] if number < len(self.small) else number} {name}"
        over, under = (" ".join(type(self)(_TOKEN.findall(text)).all().split()) for text in (top, bottom))
        if any(" " in said and text not in _BLANKS for said, text in ((over, top), (under, bottom))):
            return self.phrase("fraction", over, under)
        return mixed + self.phrase("over", over, under)

    def power(self) -> str:
        inside = "".join(self.raw()).strip()
        if inside in ("\\circ", "\\degree"):
            return self.phrase("degrees")
        if inside in ("2", "3"):
            return self.phrase({"2": "squared", "3": "cubed"}[inside])
        if set(inside) == {"'"} or inside == "\\prime":
            return self.phrase("prime")
        words = type(self)(_TOKEN.findall(inside)).all().strip()
        return self.phrase("power", words) + (f" {self.phrase('end-power')}" if " " in words else "")

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
                return self.phrase("absolute", type(self)(inside).all().strip())
        return self.phrase("bar")
