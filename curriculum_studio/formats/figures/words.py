"""Hides the few words that a figure says by itself, beside those of its author, in the languages of the program."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HOLE = re.compile("\ue008(\\d)")
TABLE, COUNT, LEAST, LOWER, MEDIAN, UPPER, MOST, NAMED = (f"\ue008{i}" for i in range(8))
"""Stand for words until a page says them in its language."""
_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Table of values",
        "How many",
        "Minimum",
        "First quartile",
        "Median",
        "Third quartile",
        "Maximum",
        "What",
    ),
    "es": (
        "Tabla de valores",
        "Cuántos",
        "Mínimo",
        "Primer cuartil",
        "Mediana",
        "Tercer cuartil",
        "Máximo",
        "Qué",
    ),
    "ar": (
        "جدول القيم",
        "العدد",
        "القيمة الصغرى",
        "الربيع الأول",
        "الوسيط",
        "الربيع الثالث",
        "القيمة الكبرى",
        "الفئة",
    ),
}


def said(html: str, language: str) -> str:
    """The HTML with its own words in a language; in English where the program does not know it."""
    if "\ue008" not in html:
        return html
    words = _WORDS.get(language.partition("-")[0], _WORDS["en"])
    return _HOLE.sub(lambda match: words[int(match[1])], html)
