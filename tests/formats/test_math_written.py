"""Formulas in a line of plain signs, as search shows them in what surrounds a result."""

from __future__ import annotations

import pytest

from curriculum_studio.formats.html import plain_words, render_text, with_formulas
from curriculum_studio.formats.math_written import written


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\frac{3}{4}", "3/4"),
        (r"1\frac{1}{2}", "1 1/2"),
        (r"4\times15=8\times30", "4 × 15 = 8 × 30"),
        (r"\frac{2}{3} = \frac{\square}{6}", "2/3 = □/6"),
        (r"2:5", "2:5"),
        (r"3 \text{ cups} \le x", "3 cups ≤ x"),
        (r"20\%", "20%"),
        (r"x^{2}", None),
        (r"\sqrt{2}", None),
    ],
)
def test_a_formula_is_a_line_or_nothing(latex: str, line: str | None) -> None:
    assert written(latex) == line


def test_words_with_formulas_can_be_read() -> None:
    html = render_text(r"A half note fills $\frac{1}{2}$ of it, and $x^2 = 9$.").html
    assert (
        plain_words(with_formulas(html)).replace(" .", ".")
        == "A half note fills 1/2 of it, and x squared equals 9."
    )
    assert "1/2" not in plain_words(html)
