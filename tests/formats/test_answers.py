"""Laws of answers: equal values are one text, a tolerance is exact, and the browser's script reads as the program does."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.formats.answers import NotComparable, key_of, readings, sealed

HERE = Path(__file__).parent
SCRIPT = Path(__file__).resolve().parents[2] / "curriculum_studio" / "frontend" / "answers.js"
ROUNDS = 20_000 if os.environ.get("CAMPAIGN") else 3_000
CASES = [
    tuple(line.split("\t"))
    for line in (HERE / "fixtures" / "answers.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
RUN = """
import {{ pbkdf2, readNumber, readings, sealed }} from "{path}";
const asked = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify({{
  read: asked.read.map(([text, units, steps]) => readings(text, {{ units, steps: steps.map(readNumber) }})),
  sealed: asked.sealed.map(([text, salt]) => sealed(text, salt)), keys: asked.keys.map(([text, salt, turns]) => pbkdf2(text, salt, turns)),
}}));
"""


def in_node(asked: dict[str, Any]) -> dict[str, Any]:
    """What the script makes of the same inputs."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on the path: the script's answers are not compared")
    done = subprocess.run(
        [node, "--no-warnings", "--input-type=module", "-e", RUN.format(path=SCRIPT.as_uri())],
        input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def read(text: str, how: str) -> list[str]:
    steps = [Fraction(how[5:])] if how.startswith("grid ") else []
    return readings(text, units=how == "units", steps=steps)


@pytest.mark.parametrize(("text", "how", "expected"), CASES)
def test_cases(text: str, how: str, expected: str) -> None:
    assert read(text, how)[-1] == expected


def made(rng: random.Random) -> str:
    """Something that a student might type, or nearly."""
    whole = str(
        rng.choice(
            [rng.randrange(12), rng.randrange(5000), f"{rng.randrange(1, 99)},{rng.randrange(1000):03}"]
        )
    )
    number = rng.choice(
        [
            whole, f"{whole}.{rng.randrange(100)}", f"{rng.randrange(20)}/{rng.randrange(9)}", f"{whole} {rng.randrange(9)}/{rng.randrange(12)}",
            f"{whole}{rng.choice('½¼¾⅓⅞')}", f".{rng.randrange(99)}", f"{whole},{rng.randrange(9)}", "".join(rng.choice("٠١٢٣٤٥۶۷۸۹") for _ in range(3)),
        ]
    )  # fmt: skip
    unit = rng.choice(
        ["", "", " cups", "cm", " m", "m", "x", " ft²", "%", " miles per hour", " boxes of pens", " tazas", " mph", "°", " pi", " km/h", " cubic inches"]
    )  # fmt: skip
    sign = rng.choice(["", "", "", "-", "−", "$", "-$", "+", "$-"])
    one = f"{sign}{number}{unit}"
    frame = rng.random()
    if frame < 0.2:
        return one + rng.choice([":", " : ", " to ", " a ", "∶", " إلى "]) + str(rng.randrange(9))
    if frame < 0.35:
        pieces = [
            one,
            " ",
            "=",
            "x",
            "Σίς",
            "Año",
            "(",
            ")",
            "^2",
            ",",
            " and ",
            "é",
            "\u00a0",
            "·",
            "—",
            "İ",
            "ﬁ",
            "。",
            "𝑥",
            "\u200f",
            ".",
        ]
        return "".join(rng.choice(pieces) for _ in range(rng.randrange(1, 7)))
    return rng.choice(["", " ", "\t"]) + one + rng.choice(["", "", ".", "  "])


def test_script_and_program_agree() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    rng = random.Random(seed)
    texts = [text for text, _, _ in CASES] + [made(rng) for _ in range(ROUNDS)]
    grids: list[list[str]] = [[], [], ["1/100"], ["1/2", "24"], ["1/300", "7/10"]]
    asked = [(text, rng.random() < 0.5, rng.choice(grids)) for text in texts]
    salted = [(text, f"k7f3q9m2.p{n}.{n}") for n, text in enumerate(texts[:60])]
    keys = [
        ("k" * n, "salt" * (n % 40), turns)
        for n, turns in ((0, 1), (1, 2), (63, 3), (64, 4), (65, 5), (150, 9))
    ]
    found = in_node({"read": asked, "sealed": salted, "keys": keys})
    for (text, units, steps), theirs in zip(asked, found["read"], strict=True):
        ours = readings(text, units=units, steps=[Fraction(step) for step in steps])
        assert ours == theirs, (text, units, steps)
    assert found["sealed"] == [sealed(text, salt) for text, salt in salted]
    expected = [
        hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), turns).hex() for text, salt, turns in keys
    ]
    assert found["keys"] == expected


fractions = st.fractions(min_value=-500, max_value=500, max_denominator=64)


@given(fractions)
@settings(deadline=None)
def test_a_number_is_one_text_however_it_is_written(value: Fraction) -> None:
    whole, rest = divmod(abs(value), 1)
    sign = "-" if value < 0 else ""
    forms = [
        f"{value}",
        f"{value.numerator * 3}/{value.denominator * 3}",
        f"{sign}{whole} {rest.numerator}/{rest.denominator}",
    ]
    if value.denominator in (1, 2, 4, 8, 16, 32, 64):
        forms.append(f"{float(value):.6f}")
    assert {tuple(readings(form, units=False)) for form in forms} == {(f"n:{value}",)}


@given(
    st.fractions(-50, 50, max_denominator=20).filter(bool), st.sampled_from(["0.1", "1/4", "0.05", "2"]), st.fractions(-4, 4, max_denominator=240)
)  # fmt: skip
@settings(deadline=None)
def test_a_tolerance_is_exact(value: Fraction, tolerance: str, away: Fraction) -> None:
    try:
        key = key_of([str(value)], tolerance=tolerance)
    except NotComparable:
        return
    for near in (away, Fraction(tolerance), -Fraction(tolerance)):
        typed = readings(str(value + near), units=key.units, steps=key.steps)
        assert bool(set(typed) & set(key.texts)) == (abs(near) <= Fraction(tolerance)), (
            value,
            tolerance,
            near,
        )


@pytest.mark.parametrize(
    ("values", "told", "right", "wrong"),
    [
        (["1/2"], {"unit": "cups"}, ["1/2", "0.5 cup", "4 fl oz", "½ taza", "8 tablespoons"], ["1/2 pint", "5", "1/2 liter"]),
        (["50"], {}, ["50", "50 miles", "50m", "$50"], ["50 1/2", "49", "fifty"]),
        (["50 mph"], {}, ["50", "50 mi/h", "50 miles per hour", "5/6 mile per minute"], ["50 km/h"]),
        (["10:6", "5:3"], {}, ["10 to 6", "5:3", "5 : 3"], ["3:5", "5/3", "20:12"]),
        (["3.14"], {"tolerance": "0.01"}, ["3.13", "3.142", "3.15", "22/7", "3.14 cm"], ["3.1299", "3.151", "3"]),
        (["12"], {"tolerance": "0.5", "unit": "in"}, ["12", "1 ft", "11.5 inches", "12.2"], ["11.4 in", "2 ft", "1"]),
        (["3x", "3*x"], {}, ["3x", "3 x", "3 * x", "3X"], ["3", "3y"]),
        (["$\\frac{3}{4}$"], {}, ["3/4", ".75", "0,75", "6/8"], ["4/3"]),
        (["no", "No, it is not"], {}, ["No.", " NO", "no, it is not"], ["yes"]),
        (["y = 2x + 1"], {}, ["y=2x+1", "y = 2x+1."], ["y=2x-1"]),
    ],
)  # fmt: skip
def test_what_is_right(values: list[str], told: dict[str, str], right: list[str], wrong: list[str]) -> None:
    key = key_of(values, **told)
    for text in right:
        assert set(readings(text, units=key.units, steps=key.steps)) & set(key.texts), text
    for text in wrong:
        assert not set(readings(text, units=key.units, steps=key.steps)) & set(key.texts), text


@pytest.mark.parametrize(
    ("values", "told", "reason"),
    [
        ([], {}, "empty"),
        (["$\\sqrt{2}$"], {}, "cannot be compared"),
        (["3 {unit=cups}"], {}, "cannot be compared"),
        (["yes"], {"tolerance": "1"}, "only a number"),
        (["3"], {"tolerance": "small"}, "no number above zero"),
        (["3.14159"], {"tolerance": "0.01"}, "more digits"),
        (["3 cm", "2 in"], {"tolerance": "1"}, "one unit"),
    ],
)
def test_what_cannot_be_a_key(values: list[str], told: dict[str, str], reason: str) -> None:
    with pytest.raises(NotComparable, match=reason):
        key_of(values, **told)
