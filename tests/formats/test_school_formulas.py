"""The formulas that school mathematics writes: 163 of 165 are shown, and the other two say why not."""

from __future__ import annotations

import csv
from pathlib import Path

from curriculum_studio.formats.math import FormulaError, formula

LIST = Path(__file__).parent / "fixtures" / "school-formulas.tsv"
REFUSED = {r"\enclose{circle}{5}", r"\begin{CD} A @>f>> B \end{CD}"}


def test_school_formulas() -> None:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    refused = {}
    for row in rows:
        try:
            shown = formula(row["latex"], display=True)
        except FormulaError as error:
            refused[row["latex"]] = error.reason
            continue
        assert shown.mathml.startswith("<math"), row
        assert shown.speech.strip(), row
    assert len(rows) == 165
    assert set(refused) == REFUSED
    assert all(refused.values())
