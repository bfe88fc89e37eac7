"""How formulas are heard, in English and in Spanish: golden lines."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from curriculum_studio.formats.math_speech import Speaker, spoken
from curriculum_studio.formats.math_speech_es import _Spanish, spoken_in_spanish

FIXTURES = Path(__file__).parent / "fixtures"


def lines() -> list[dict[str, str]]:
    text = (FIXTURES / "math-speech.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", lines(), ids=lambda row: row["latex"])
def test_golden_lines(row: dict[str, str]) -> None:
    assert spoken(row["latex"]) == row["en"]
    assert spoken_in_spanish(row["latex"]) == row["es"]


def test_spanish_has_every_phrase_with_the_same_places() -> None:
    def places(phrases: dict[str, str]) -> dict[str, int]:
        return {name: len(re.findall(r"\{\d?\}", text)) for name, text in phrases.items()}

    assert places(dict(_Spanish.phrases)) == places(dict(Speaker.phrases))
    assert _Spanish.parts.keys() == Speaker.parts.keys()
    assert len(_Spanish.small) == len(Speaker.small)


@pytest.mark.parametrize(
    "latex",
    [
        "f(2, 3)",
        r"\gcd(12, 18)",
        r"3(2, 4)",
        "(1,000)",
        "(2, 3)^2",
        "(x + 1, 3)",
        "(1, 2, 3)",
        "x \\in (0, 5)",
    ],
)
def test_what_is_no_point_is_not_called_one(latex: str) -> None:
    assert "point" not in spoken(latex)
