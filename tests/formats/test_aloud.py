"""What a screen reader says of a text, in the language of the page."""

from __future__ import annotations

import re

import pytest

from curriculum_studio.formats.html import render_text, settled
from curriculum_studio.formats.math import formula
from curriculum_studio.formats.math_speech_es import spoken_in_spanish

SPANISH = {
    r"\frac{1}{2}": "un medio", r"\frac{3}{4}": "tres cuartos", r"2\frac{1}{4}": "2 y un cuarto", r"\frac{3}{1}": "3 sobre 1",
    r"\frac{12}{8} > 1": "doce octavos es mayor que 1", "4 \\times 2 = 8": "4 por 2 es igual a 8", "2:3": "2 a 3", "x^2": "x al cuadrado",
    r"\frac{6}{8} = \frac{\square}{4}": "seis octavos es igual a un espacio en blanco sobre 4", r"24 \div 6": "24 dividido entre 6",
    r"\sqrt[3]{8}": "la raíz cúbica de 8", r"36\%": "36 por ciento", r"3\text{ tazas}": "3 tazas",
    r"\frac{a+b}{2}": "la fracción a más b sobre 2 fin de la fracción",
}  # fmt: skip


def page(text: str, language: str = "en") -> str:
    return settled(render_text(text).html, "1", language)


@pytest.mark.parametrize("latex", SPANISH)
def test_said_in_spanish(latex: str) -> None:
    assert spoken_in_spanish(latex) == SPANISH[latex]
    assert f'aria-label="{SPANISH[latex]}"' in page(f"Mira ${latex}$.", "es")


def test_no_english_words_are_said_on_a_page_in_another_language() -> None:
    # Spanish has no word here for this sign, Arabic for none: the MathML is left to the reader's own voice.
    for latex, language in ((r"a \propto b", "es"), (r"\frac{3}{4}", "ar"), (r"\frac{3}{4}", "ar-LB")):
        shown = page(f"${latex}$", language)
        assert "<math data-tex=" in shown
        assert "aria-label" not in shown
    assert 'aria-label="three fourths"' in page(r"$\frac{3}{4}$", "en-US")


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\frac{\square}{8}", "a blank over 8"),
        (r"\frac{3}{\square} > \frac{3}{6}", "3 over a blank is greater than three sixths"),
        (r"\frac{\square + 1}{8}", "the fraction a blank plus 1 over 8 end fraction"),
    ],
)
def test_a_missing_number_of_a_fraction_is_said_shortly(latex: str, words: str) -> None:
    assert formula(latex).speech == words


@pytest.mark.parametrize(
    ("language", "word"), [("en", "blank"), ("es", "espacio en blanco"), ("ar", "فراغ"), ("fr", "blank")]
)
def test_a_blank_inside_a_sentence_is_heard(language: str, word: str) -> None:
    shown = page("There are ____ equal spaces.\n\n- $\\frac{1}{2} =$ ____\n- **Two** ______ here\n", language)
    assert re.findall(r'<span role="img" aria-label="([^"]*)">(_+)</span>', shown) == [
        (word, "____"), (word, "____"), (word, "______"),
    ]  # fmt: skip
    bare = re.sub(r'<span role="img"[^>]*>(_+)</span>', r"\1", shown)
    assert "<span" not in bare or "role=" not in bare
    assert "There are ____ equal spaces." in bare


def test_underscores_that_are_no_blank_are_left_alone() -> None:
    for text in ("`a____b`", "```\na ____ b\n```", "____\n", "two__words"):
        assert 'role="img"' not in page(text)


def test_footnotes_have_names() -> None:
    text = "A pan.[^a] And a jar.[^b]\n\n[^a]: Made up.\n[^b]: This too.\n"
    for language, note, notes, back in (
        ("en", "Note", "Notes", "Back to the text"),
        ("es", "Nota", "Notas", "Volver al texto"),
    ):
        shown = page(text, language)
        assert re.findall(r'<sup class="footnote-ref"><a [^>]*aria-label="([^"]*)"', shown) == [
            f"{note} 1",
            f"{note} 2",
        ]
        assert f'<section class="footnotes" aria-label="{notes}">' in shown
        assert shown.count(f'class="footnote-backref" aria-label="{back}">') == 2
        assert 'href="#fn-1-1"' in shown
        assert 'id="fnref-1-1"' in shown


def test_a_figure_is_named_by_a_whole_sentence() -> None:
    blocks = "```base-ten-blocks\nnumber: 248\nalt: 2 hundreds, 4 tens and 8 ones.\n```\n"
    assert "2 hundreds, 4 tens and 8 ones.</title>" in page(blocks)
    line = "```number-line\nfrom: 0\nto: 1\nalt: A line from 0, the oak, to 1, the ferry. It has no other mark.\n```\n"
    shown = page(line)
    assert "A line from 0, the oak, to 1, the ferry.</title>" in shown
    assert "It has no other mark.</desc>" in shown


def test_no_column_of_values_is_without_a_name() -> None:
    graph = "```bar-graph\nbars: {okra: 40, beans: 35}\nalt: Okra 40, beans 35.\n```\n"
    points = "```scatter-plot\npoints: {A: '(1, 2)', B: '(2, 3)'}\nalt: Two points.\n```\n"
    for language, name in (("en", "What"), ("es", "Qué")):
        heads = re.findall(r'<th scope="col">([^<]*)</th>', page(graph, language))
        assert len(heads) == 2
        assert heads[0] == name
        assert all(heads)
    assert all(re.findall(r'<th scope="col">([^<]*)</th>', page(points)))


def test_a_place_where_nothing_stands_is_a_row_of_a_line_plot_where_the_author_names_it() -> None:
    plot = "```dot-plot\nvalues: {3: 2, 3 1/4: 1, 3 3/4: 0, 4: 3}\nfrom: 3\nto: 4\nstep: 1/4\nmark: x\nalt: A plot.\n```\n"
    rows = re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', page(plot))
    assert rows == [("3", "2"), ("3 1/4", "1"), ("3 3/4", "0"), ("4", "3")]
