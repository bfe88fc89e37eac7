"""The words of search are the same in Python and in the browser's script."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from curriculum_studio.formats.html import render_text
from curriculum_studio.formats.math import formula_key, typed_keys
from curriculum_studio.formats.words import code_terms, term, terms

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import {{ formulaKey, term, typedKeys, words }} from "{path}";
const asked = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify({{
  words: asked.words.map(term), keys: asked.formulas.map(formulaKey), typed: asked.typed.map(typedKeys), cut: asked.texts.map(words),
}}));
"""
ENDINGS = ("", "s", "es", "ed", "ing", "ies", "er", "ly", "sses", "ches")
STEMS = [
    "ratio",
    "equivalent",
    "mix",
    "batch",
    "cup",
    "recipe",
    "fraction",
    "graph",
    "plot",
    "run",
    "hop",
    "stop",
    "add",
    "divide",
    "multiply",
    "compare",
    "measure",
    "table",
    "line",
    "box",
    "class",
    "guess",
    "buzz",
    "fly",
    "try",
]


def test_script_and_program_agree() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the path: the script's words are not compared")
    prose = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "units").rglob("*.md")))
    words = sorted(
        set(re.findall(r"[^\W_]+", prose)) | {stem + ending for stem in STEMS for ending in ENDINGS}
    )
    formulas = sorted(set(render_text(prose.replace("---", "")).formulas))
    typed = [
        "3/4",
        "1 1/2",
        "y = mx + b",
        "2:3",
        "x^2",
        "sqrt(2)",
        "a/b",
        "x <= 3",
        "ratio",
        "\\frac{3}{4}",
        "3*4",
    ]
    texts = ["Mézclas y razónes, 3/4!", "snow-ball 6.RP.A.1"]
    asked = json.dumps({"words": words, "formulas": formulas, "typed": typed, "texts": texts})
    path = (ROOT / "curriculum_studio" / "frontend" / "words.js").as_posix()
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT.format(path=path)],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert len(words) >= 1000
    assert answer["words"] == [term(word) for word in words]
    assert answer["keys"] == [formula_key(latex) for latex in formulas]
    assert answer["typed"] == [list(typed_keys(query)) for query in typed]


def test_codes_are_found_in_every_form() -> None:
    forms = code_terms("6.RP.A.3")
    for written in ("#6rpa3", "#6rp3", "#ccssmathcontent6rpa3"):
        assert written in forms


def test_terms_fold() -> None:
    assert terms("The Ratios, mixing and RAZÓN!") == ["ratio", "mix", "razon"]
