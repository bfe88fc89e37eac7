"""The lists of a charter and a glossary, as pages say them: months in words, and each item in the language that it says it is in."""

from __future__ import annotations

import pytest

from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.publishing.lists import month_in_words
from curriculum_studio.publishing.parts import leaf_of
from curriculum_studio.publishing.render import view_of


def shown(path: str, text: str) -> str:
    view = view_of(read_document(path, text.encode()), "teacher")
    assert view is not None
    return "".join(part.body for part in leaf_of(view).walk())


@pytest.mark.parametrize(
    ("written", "language", "said"),
    [
        ("2028-05", "en", "May 2028"), ("2028-05", "es", "mayo de 2028"), ("2027-12", "ar", "ديسمبر 2027"),
        ("2028-13", "en", "2028-13"), ("next spring", "en", "next spring"), ("2028", "en", "2028"),
    ],
)  # fmt: skip
def test_a_month_in_words(written: str, language: str, said: str) -> None:
    assert month_in_words(written, language) == said


def test_a_charter_says_months_in_words() -> None:
    html = shown("charter.md", "## Goals\n- g1: All explain.\n  - measure: Share\n  - by: 2028-05\n")
    assert "<em>By</em>: May 2028" in html
    assert "2028-05" not in html


def test_a_glossary_says_in_which_language_each_item_is() -> None:
    html = shown(
        "glossary.md",
        "### ratio {#ratio}\nSay: *for every*.\n\n- es: razón $a:b$\n- ar: نسبة\n- de: Verhältnis\n- other: no\n",
    )
    assert '<li><span lang="es">Español: razón <' in html
    assert '<li><span lang="ar" dir="rtl">العربية: نسبة</span></li>' in html
    assert '<li><span lang="de">de: Verhältnis</span></li>' in html
    assert "<li>other: no</li>" in html
    loose = shown("glossary.md", "### ratio {#ratio}\nSay.\n\n- es: razón\n\n- ar: نسبة\n")
    assert '<span lang="es">Español: razón</span></p>' in loose
