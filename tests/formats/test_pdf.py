"""The plain PDF: whole, tagged, the same each time, with every word of what it was given."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from curriculum_studio.formats.pdf import Pdf


def report(seed: int) -> Pdf:
    draw = random.Random(seed)
    words = [
        "ratio",
        "taste",
        "(whole)",
        "back\\slash",
        "naïve",
        "−3",
        "x" * 90,
        "“quoted”",
        "6.RP.A.1",
        "ąé",
        "نسبة",
    ]
    paper = Pdf("Alignment of “Ratios” (6)")
    paper.heading(1, "Alignment")
    for _ in range(draw.randint(1, 8)):
        paper.heading(2, " ".join(draw.choices(words, k=4)))
        paper.paragraph(" ".join(draw.choices(words, k=draw.randint(1, 300))))
        rows = [[" ".join(draw.choices(words, k=draw.randint(0, 12))) for _ in range(3)] for _ in range(draw.randint(0, 60))]  # fmt: skip
        paper.table(("One", "Two", "Three"), rows, (3, 1, 1))
    return paper


@pytest.mark.parametrize("seed", range(6))
def test_the_file_is_whole(seed: int) -> None:
    print("seed", seed)
    content = report(seed).content()
    assert content == report(seed).content()
    assert content.startswith(b"%PDF-1.7")
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref")
    places = [int(row[:10]) for row in content[start:].split(b"\n")[3:] if row.endswith(b" n ")]
    for number, place in enumerate(places, 1):
        assert content[place:].startswith(b"%d 0 obj" % number)
    for length, stream in re.findall(rb"<</Length (\d+)>>stream\n(.*?)\nendstream", content, re.DOTALL):
        assert len(stream) == int(length)
        assert stream.count(b"BDC") + stream.count(b"BMC") == stream.count(b"EMC")
        # Nothing is drawn outside of the page.
        for x, y in re.findall(rb"([\d.]+) ([\d.-]+) Td", stream):
            assert 54 <= float(x) < 558
            assert 29 < float(y) < 738
    assert content.count(b"/StructElem") > 3


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
def test_another_program_reads_every_word(tmp_path: Path) -> None:
    paper = Pdf("A report")
    paper.heading(1, "Alignment of “Ratios”")
    paper.paragraph("naïve (really) \\ −3 ≥ 2 ą")
    paper.table(("Standard", "Claim"), [["6.RP.A.1 Ratio language", "addressing"]], (3, 1))
    file = tmp_path / "a.pdf"
    file.write_bytes(paper.content())
    told = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    )
    assert not told.stderr
    for words in ("Alignment of “Ratios”", "naïve (really) \\ -3 >= 2 a", "6.RP.A.1 Ratio language", "addressing", "page 1 of 1"):  # fmt: skip
        assert words in told.stdout, words
