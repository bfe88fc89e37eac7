"""Laws of figures: labels keep their room, equal text gives equal bytes, nothing typed can break or stall a page."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from itertools import combinations

import pytest

from curriculum_studio.formats.figures.drawing import KINDS, draw, drawing
from curriculum_studio.formats.figures.gallery import Example, chapters
from curriculum_studio.formats.figures.scene import MAX_HEIGHT, MAX_WIDTH, Scene
from curriculum_studio.formats.html import render_text

EXAMPLES = [one for chapter in chapters() for one in chapter.examples()]
KEYS = sorted({key for one in EXAMPLES for key in re.findall(r"\b([a-z][a-z-]*): ", one.body)})
HOSTILE = (
    "", "_", "?", "-", "0", "-1", "1e9", "999999999", "1000000000000", "1/3", "1/0", "1 1/2", "0.0000001", "x", "[", "]", "{", "}",
    "[]", "{}", "A B", "(1, 2)", "(0,0) (0,0)", "0 to 10", "10 to 0", "0 to 1000000 by 1/1000000", "y = 2x", "y > x^2", "x^9^9",
    "9^9^9^9", "1/x", "tan(x)", "sqrt(-1)", "100000000 x 3", "3 x 100", "'$\\frac{1}{2}$'", "$x$", "$", "'a, b'", "yes", "no", "all",
    "circle 99999", "triangle 1 1 2", "triangle 1 1 9", "angle 360", "square 0", "سعر (دينار)", "語彙", "long words " * 14, '"q"', "|",
    "[[[[[[[1]]]]]]]", "{a: {b: {c: 1}}}", "2 of 3", "0 to 3: x", "1,2,3,4,5", "{A: 1, A: 2}", "<b>", "&amp;", "\u202e", "a\u0301" * 9,
)  # fmt: skip


def mangled(chance: random.Random) -> tuple[str, str, str]:
    """A figure of the gallery with one to three things in it changed."""
    one = chance.choice(EXAMPLES)
    kind = chance.choice(list(KINDS)) if chance.random() < 0.15 else one.kind
    lines = one.body.rstrip("\n").split("\n")
    for _ in range(chance.randint(1, 3)):
        at, what = chance.randrange(len(lines)), chance.random()
        if what < 0.4:
            before = re.match(r" *(?:- )?[^:]+: ", lines[at])
            lines[at] = (before[0] if before else "") + chance.choice(HOSTILE)
        elif what < 0.6:
            lines.insert(at, f"{chance.choice(KEYS)}: {chance.choice(HOSTILE)}")
        elif what < 0.75:
            place = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + chance.choice(HOSTILE) + lines[at][place:]
        elif what < 0.95:
            lines[at] = re.sub(
                r"\d+", lambda _: str(chance.choice((0, 1, 7, -3, 10**6, "1/7", 2.5))), lines[at]
            )
        elif len(lines) > 1:
            del lines[at]
    if not any(line.startswith("alt:") for line in lines):
        lines.append("alt: Something, said in words.")
    return kind, one.info, "\n".join(lines) + "\n"


def kept_apart(scene: Scene, told: str) -> None:
    """No two labels meet, and every label lies inside the frame."""
    for one, two in combinations(scene.boxes, 2):
        assert not one.meets(two), told
    left, top, right, bottom = scene.frame
    for box in scene.boxes:
        assert left <= box.left, told
        assert top <= box.top, told
        assert box.right <= right, told
        assert box.bottom <= bottom, told
    assert right - left + 6 <= MAX_WIDTH + 1, told
    assert bottom - top + 6 <= MAX_HEIGHT, told


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.name)
@pytest.mark.parametrize("width", [0, 240, 600])
def test_labels_keep_their_room(one: Example, width: int) -> None:
    figure = draw(one.kind, f"{{width={width}}}" if width else one.info, one.body)
    if figure.faults:
        # A narrow drawing may have no room for its words; then it says so.
        assert width == 240
        assert figure.faults[0].reason
        return
    drawn = drawing(one.kind, one.body, width)[1]
    assert drawn is not None
    drawn.scene.svg("x")
    kept_apart(drawn.scene, one.name)
    assert f'viewBox="{drawn.scene.frame[0] - 3:.2f}'.rstrip("0").rstrip(".") in figure.html


def test_whatever_is_typed_is_drawn_or_told() -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    chance = random.Random(seed)
    drawn = 0
    for _ in range(1500):
        kind, info, body = mangled(chance)
        told = f"seed {seed}\n{kind} {info}\n{body}"
        figure = draw(kind, info, body)
        assert bool(figure.html) != bool(figure.faults), told
        for fault in figure.faults:
            assert 0 <= fault.line <= body.count("\n"), told
            assert fault.column >= 1, told
            assert fault.alt or fault.reason, told
        if figure.html:
            drawn += 1
            scene = drawing(kind, body, int(m[1]) if (m := re.search(r"width=(\d+)", info)) else 0)[1]
            assert scene is not None
            kept_apart(scene.scene, told)
            assert len(figure.html) < 200_000, told
            assert "<b>" not in figure.html, told
    assert drawn > 100


def test_equal_text_gives_equal_bytes() -> None:
    """In another process, with another hash seed, in another order."""
    program = (
        "from curriculum_studio.formats.figures.drawing import draw\n"
        "from curriculum_studio.formats.figures.gallery import chapters\n"
        "import hashlib\n"
        "every = [one for chapter in chapters() for one in chapter.examples()]\n"
        "made = {one.name: draw(one.kind, one.info, one.body).html for one in reversed(every)}\n"
        "print(hashlib.sha256(''.join(made[one.name] for one in every).encode()).hexdigest())\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    one = EXAMPLES[0]
    assert draw.__wrapped__(one.kind, one.info, one.body) == draw(one.kind, one.info, one.body)


LARGE = {
    "ticks": ("number-line", "to: 1000000000\nstep: 1/1000000"),
    "jumps": ("number-line", "to: 1000\njumps: 0 to 1000 by 1/1000"),
    "minor": ("number-line", "minor: 1/999999"),
    "points": ("number-line", "points: {" + ", ".join(f"P{i}: 1" for i in range(150)) + "}"),
    "values": ("dot-plot", "values: " + ", ".join("5" for _ in range(5000))),
    "counted": ("dot-plot", "values: {5: 1000000000}"),
    "bins": ("histogram", "values: 1, 2\nfrom: 0\nto: 1000000\nstep: 1/1000"),
    "parts": ("tape-diagram", "parts: 999 x 1"),
    "strips": ("fraction-strips", "strips: 999999/1000000"),
    "grid": ("area-model", "rows: 1000000\ncolumns: 1000000"),
    "blocks": ("base-ten-blocks", "ones: 1000000000"),
    "counters": ("ten-frame", "counters: 999999999"),
    "lines": ("coordinate-plane", "x: 0 to 1000000000 by 1/1000"),
    "tower": ("coordinate-plane", "functions: 9^9^9^9^x"),
    "tangents": (
        "coordinate-plane",
        "x: -1000 to 1000\nfunctions: [tan(x), tan(10x), sin(1/x), tan(tan(x)), 1/sin(99x)]",
    ),
    "brackets": ("coordinate-plane", "functions: " + "(" * 119 + "x"),
    "signs": ("coordinate-plane", "functions: " + "-" * 119 + "x"),
    "bars": ("bar-graph", "bars: {" + ", ".join(f"b{i}: {i}" for i in range(190)) + "}"),
    "squares": ("shape", "shape: rectangle 99999 by 1\ngrid: yes"),
    "corners": ("shape", "vertices: " + " ".join(f"({i}, {i * i})" for i in range(390))),
    "pieces": ("balance", "left: 999 x x\nright: 1"),
    "words": ("balance", "left: " + "w" * 9000 + "\nright: 1"),
    "deep": ("shape", "shapes: " + "[" * 500),
    "keys": ("shape", "\n".join(f"k{i}: 1" for i in range(500))),
    "formula": ("balance", "left: $" + "{" * 200 + "x$\nright: 1"),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_is_refused_with_a_reason(name: str) -> None:
    kind, body = LARGE[name]
    figure = draw(kind, "", body + "\nalt: Something, said in words.\n")
    if name in ("tower", "tangents"):
        # These are functions like others, if wild ones.
        assert len(figure.html) < 200_000
        return
    assert figure.faults
    assert all(fault.reason for fault in figure.faults)


def test_marks_of_pages_cannot_be_forged() -> None:
    text = '```number-line\npoints: {"<script>alert(1)</script>": 3}\nlabel: \'"><img src=x onerror=y>\'\ncaption: <i>x</i>\nalt: <b>&amp;</b>, "x"\n```\n'
    html = render_text(text).html
    assert "<svg" in html
    assert not re.search(r"<(?:script|img|i|b)\b", html)
