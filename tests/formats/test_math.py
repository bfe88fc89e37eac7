"""Formulas: what is shown, what is said, what is refused, and what never comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.formats.math import FormulaError, formula, formula_key, typed_keys

SPOKEN = {
    r"\frac{3}{4}": "three fourths", r"1\frac12": "1 and one half", "x^2": "x squared", "x^3": "x cubed", "x^{10}": "x to the power 10",
    "y = mx + b": "y equals m x plus b", "2:3": "2 to 3", r"x \le 3": "x is less than or equal to 3", r"90^\circ": "90 degrees",
    r"\sqrt{2}": "the square root of 2", r"\sqrt[3]{8}": "the cube root of 8", "|x|": "the absolute value of x", r"\pi r^2": "pi r squared",
    r"\frac{a+b}{2}": "the fraction a plus b over 2 end fraction", r"0.\overline{3}": "0 point 3 with a bar over it", r"5\%": "5 percent",
    r"\angle ABC": "angle A B C", r"3\text{ cups}": "3 cups", "4!": "4 factorial", "x_1": "x sub 1", r"a \times b": "a times b", r"a \ne b": "a is not equal to b",
    r"\binom{5}{2}": "5 choose 2", r"\triangle ABC \cong \triangle DEF": "triangle A B C is congruent to triangle D E F", "-3": "minus 3",
}  # fmt: skip


@pytest.mark.parametrize("latex", SPOKEN)
def test_said(latex: str) -> None:
    assert formula(latex).speech == SPOKEN[latex]


@pytest.mark.parametrize(
    ("latex", "mark"),
    [
        (r"\overline{AB}", "\u203e"), (r"\cancel{x}", 'class="m-strike"'), (r"\boxed{4}", 'class="m-box"'), (r"\underline{x}", 'class="m-under"'),
        (r"\xrightarrow{\times 2}", "\u27f6"), (r"\begin{split}a&=b\end{split}", "mtable"), (r"\require{cancel}\cancel{x}", "m-strike"),
        (r"\begin{smallmatrix}1&2\end{smallmatrix}", "mtable"), (r"\enclose{longdiv}{128}", "128"), (r"\newcommand{\h}[1]{\frac{#1}{2}}\h{3}", "mfrac"),
        (r"\def\R{\mathbb R}\R", "ℝ"), (r"\begin{array}{r}12\\\hline 15\end{array}", "m-bt"), (r"\color{red}{x}", "m-red"),
        (r"\begin{alignedat}{2}a&=b\end{alignedat}", "mtable"), (r"\enclose{box}{3}", "m-box"),
    ],
)  # fmt: skip
def test_shown_truly(latex: str, mark: str) -> None:
    mathml = formula(latex).mathml
    assert mark in mathml
    assert " style=" not in mathml
    assert "\u0332" not in mathml
    assert "menclose" not in mathml


HOSTILE = [
    r"\frac{1}{" * 600, "(" * 20_000, "(" * 9_000, r"\frac{1}{" * 5_000, "{" * 100_000, r"\sqrt" * 2_000, r"\langle" * 100, r"\left(" * 200, "[" * 30,
    r"\def\a{\a\a}\a", r"\def\a#1{\a{#1#1}}\a x", r"\begin{array}{c}" * 300, r"\bigl(" * 50, "^" * 9_000, "\\" * 9_999, "}" * 9_000, r"\href{javascript:alert(1)}{x}",
    r"\class{x}{y}", r"\includegraphics{x}", "", "   ", "% only a comment", r"\unknowncommand", r"\input{/etc/passwd}", r"\csname x\endcsname", r"\ifx a b",
]  # fmt: skip


@pytest.mark.parametrize("latex", HOSTILE, ids=range(len(HOSTILE)))
def test_refused_plainly(latex: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formula(latex)
    assert caught.value.reason
    assert "\x1b" not in caught.value.reason


@pytest.mark.parametrize(
    "latex",
    [
        "x % SECRET", "x % SECRET\n+ y", r"\phantom{SECRET}x", r"\hphantom{SECRET}x", r"\vphantom{SECRET}x", r"\def\a{SECRET}x", r"\newcommand{\a}{SECRET}x",
        r"\phantom{\text{SECRET}}x", r"\def\a#1{x}\a{SECRET}",
    ],
)  # fmt: skip
def test_hidden_matter_stays_hidden(latex: str) -> None:
    shown = formula(latex)
    letters = "".join(ch for ch in shown.mathml if ch.isalpha())
    assert "SECRET" not in shown.latex + shown.speech + formula_key(latex)
    assert "SECRET" not in shown.mathml
    assert "S</mi><mi>E</mi>" not in shown.mathml
    assert letters


def test_text_is_escaped() -> None:
    mathml = formula(r"\text{<script>}").mathml
    assert "<script" not in mathml


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\dfrac34", r"\frac{3}{4}"),
        ("y=mx+b", "y = m x + b"),
        ("x^{2}", "x^2"),
        (r"\left(x\right)", "(x)"),
        (r"{a}+{b}", "a+b"),
        (r"x\le 3", r"x \leq 3"),
    ],
)
def test_same_key(one: str, other: str) -> None:
    assert formula_key(one) == formula_key(other)


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("3/4", r"\frac{3}{4}"),
        ("y = mx + b", "y=mx+b"),
        ("2:3", "2:3"),
        ("1 1/2", r"1\frac12"),
        ("x^2", "x^{2}"),
        ("sqrt(2)", r"\sqrt{2}"),
        ("x <= 3", r"x \le 3"),
    ],
)
def test_typed(typed: str, latex: str) -> None:
    assert formula_key(latex) in typed_keys(typed)


def test_words_are_no_formula() -> None:
    assert typed_keys("ratio tables") == ()


@given(st.text(alphabet="\\{}()[]$%^_&#abfrcsqtdlehionmpxy0123 \n'|~", max_size=60))
@settings(max_examples=500, deadline=None)
def test_anything_is_shown_or_refused(latex: str) -> None:
    try:
        shown = formula(latex)
    except FormulaError:
        return
    assert shown.speech
    assert shown.mathml.startswith("<math")
    assert shown.mathml.endswith("</math>")
