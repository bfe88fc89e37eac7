"""Mathematics of figures: every point, bar, tick and region stands exactly where its numbers say."""

from __future__ import annotations

import random
import re
from fractions import Fraction

import pytest

from curriculum_studio.formats.figures.drawing import draw
from curriculum_studio.formats.figures.exact import Style, read_exact
from curriculum_studio.formats.figures.expressions import read_expression, read_relations
from curriculum_studio.formats.figures.outlines import outline

NEAR = 0.011
"""Coordinates are written to a hundredth."""


def svg(kind: str, body: str, info: str = "") -> str:
    figure = draw(kind, info, body + "\nalt: Something, said in words.\n")
    assert not figure.faults, figure.faults
    return figure.html


def faults(kind: str, body: str) -> list[tuple[int, str]]:
    return [
        (fault.line, fault.reason)
        for fault in draw(kind, "", body + "\nalt: Something, said in words.\n").faults
    ]


def dots(html: str) -> list[tuple[float, float]]:
    return [
        (float(x), float(y))
        for x, y in re.findall(r'<circle cx="([^"]+)" cy="([^"]+)"[^>]*fill="currentColor"', html)
    ]


def paths(html: str, mark: str) -> list[list[tuple[float, float]]]:
    """The corners of each path that carries a mark."""
    return [
        [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", d)]
        for d in re.findall(rf'<path d="([^"]+)"[^>]*{mark}', html)
    ]


def rectangles(html: str, mark: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of each path that carries a mark and has four corners."""
    return [
        (min(x for x, _ in p), min(y for _, y in p), max(x for x, _ in p), max(y for _, y in p))
        for p in paths(html, mark)
        if len(p) == 4
    ]


def test_numbers_are_read_as_they_are_typed() -> None:
    for typed, value in {"3": 3, "-2": -2, "\u22122": -2, "0.75": Fraction(3, 4), "3/4": Fraction(3, 4), "1 1/2": Fraction(3, 2), "-1 1/2": Fraction(-3, 2), ".5": Fraction(1, 2)}.items():  # fmt: skip
        assert read_exact(typed).value == value
    for wrong in (
        "",
        "x",
        "1/0",
        "1 / 2",
        "1,5",
        "1e3",
        "--1",
        "1 1",
        "3/4/5",
        "9" * 50,
        "1" + "0" * 12,
        "1/9999999",
    ):
        with pytest.raises(ValueError, match=r"\S"):
            read_exact(wrong)


def test_numbers_are_written_in_the_style_of_their_line() -> None:
    value = Fraction(3, 2)
    assert Style(0, 4).write(value) == "1 2/4"
    assert Style(0, 4, "lowest").write(value) == "1 1/2"
    assert Style(0, 4, "improper").write(value) == "6/4"
    assert Style(2).write(value) == "1.50"
    assert Style().write(-value) == "\u22121.5"
    assert Style(1).write(Fraction(0)) == "0"


def test_points_of_a_number_line_stand_at_their_numbers() -> None:
    chance = random.Random(7)
    for _ in range(30):
        low, step = Fraction(chance.randint(-20, 20)), Fraction(1, chance.randint(1, 8))
        high = low + step * chance.randint(3, 30)
        values = [low + (high - low) * Fraction(chance.randint(0, 60), 60) for _ in range(4)]
        body = f"from: {low}\nto: {high}\nstep: {step}\nnumbers: none\npoints: {', '.join(map(str, values))}"
        found = dots(svg("number-line", body))
        for value, (x, y) in zip(values, found, strict=True):
            assert abs(x - float((value - low) / (high - low)) * 480) < NEAR
            assert y == 0


def test_points_of_a_plane_stand_at_their_coordinates() -> None:
    chance = random.Random(11)
    for _ in range(30):
        x0, y0 = chance.randint(-9, 5), chance.randint(-9, 5)
        x1, y1 = x0 + chance.randint(2, 15), y0 + chance.randint(2, 15)
        inside = [
            (Fraction(chance.randint(x0 * 12, x1 * 12), 12), Fraction(chance.randint(y0 * 12, y1 * 12), 12))
            for _ in range(5)
        ]
        points = [(x0, y0), (x1, y0), (x0, y1), *inside]
        body = f"x: {x0} to {x1}\ny: {y0} to {y1}\npoints: {' '.join(f'({x}, {y})' for x, y in points)}"
        found = dots(svg("coordinate-plane", body))
        (ox, oy), (rx, _), (_, uy) = found[:3]
        for (x, y), (px, py) in zip(inside, found[3:], strict=True):
            assert abs(px - (ox + (rx - ox) * float((x - x0) / (x1 - x0)))) < 2 * NEAR
            assert abs(py - (oy + (uy - oy) * float((y - y0) / (y1 - y0)))) < 2 * NEAR


FUNCTIONS = {
    "x^2 - 3": lambda x: x * x - 3,
    "-x^2": lambda x: -x * x,
    "2x + 1": lambda x: 2 * x + 1,
    "|x| - 1": lambda x: abs(x) - 1,
    "1/2 x": lambda x: x / 2,
    "2(x - 1)(x + 1)": lambda x: 2 * (x - 1) * (x + 1),
    "2^x": lambda x: 2**x,
    "3 - 2x^3/4": lambda x: 3 - 2 * x**3 / 4,
    "1 1/2 x": lambda x: 1.5 * x,
    "2 − x²": lambda x: 2 - x * x,
    "abs(x - 2)": lambda x: abs(x - 2),
    "(x + 1)/2": lambda x: (x + 1) / 2,
    "-2^2 + 3": lambda x: -1,
}


@pytest.mark.parametrize("text", FUNCTIONS)
def test_graphs_follow_their_functions(text: str) -> None:
    function = FUNCTIONS[text]
    for x in (-2.5, -1, 0, 0.5, 3):
        assert read_expression(text).at(x) == pytest.approx(function(x))
    body = f"x: -5 to 5\ny: -5 to 5\nfunctions: [{text}]\npoints: (0, 0), (5, 0), (0, 5)"
    html = svg("coordinate-plane", body)
    (ox, oy), (rx, _), (_, uy) = dots(html)
    pieces = [piece for piece in paths(html, 'stroke-width="2"') if len(piece) >= 2]
    assert pieces
    for piece in pieces:
        for x, y in piece:
            at, value = (x - ox) / (rx - ox) * 5, (y - oy) / (uy - oy) * 5
            slope = abs(function(at + 1e-4) - function(at - 1e-4)) / 2e-4
            # Between samples a cut at the frame is straight; nowhere is it off by more than half a pixel.
            assert abs(value - function(at)) < 0.02 * (1 + slope), (at, value)


def test_a_function_breaks_where_it_jumps() -> None:
    html = svg("coordinate-plane", "x: -3 to 3\ny: -3 to 3\nfunctions: floor(x)\ngrid: no")
    pieces = paths(html, 'stroke-width="2"')
    assert len(pieces) == 6
    assert all(abs(piece[0][1] - piece[-1][1]) < NEAR for piece in pieces)
    assert (
        len(paths(svg("coordinate-plane", "x: -3 to 3\ny: -3 to 3\nfunctions: 1/x"), 'stroke-width="2"')) == 2
    )


def test_open_and_closed_ends_stand_at_limits() -> None:
    html = svg(
        "coordinate-plane",
        "x: -3 to 3\ny: -3 to 3\nfunctions: [floor(x) for x < -1, x for 0 < x <= 2]\npoints: (0, 0), (3, 0), (0, 3)",
    )
    (x2, y2), (ox, oy), (rx, _), (_, uy) = dots(html)
    rings = [
        (float(x), float(y))
        for x, y in re.findall(r'<circle cx="([^"]+)" cy="([^"]+)"[^>]*fill="none"', html)
    ]
    unit, up = (rx - ox) / 3, (uy - oy) / 3
    assert rings[0] == pytest.approx((ox - unit, oy - 2 * up), abs=NEAR)
    assert rings[1] == pytest.approx((ox, oy), abs=NEAR)
    assert (x2, y2) == pytest.approx((ox + 2 * unit, oy + 2 * up), abs=NEAR)


REGIONS = {
    "y > 2x + 1": lambda x, y: y > 2 * x + 1,
    "2x + 3y <= 6": lambda x, y: 2 * x + 3 * y <= 6,
    "x < -2": lambda x, y: x < -2,
    "3 >= y": lambda x, y: y <= 3,
    "-1 < x <= 3": lambda x, y: -1 < x <= 3,
    "y >= x and y < 4 and x > -3": lambda x, y: x <= y < 4 and x > -3,
    "x - y > 0": lambda x, y: x - y > 0,
    "-2y < x": lambda x, y: -2 * y < x,
    "y >= x^2 - 3": lambda x, y: y >= x * x - 3,
    "y < |x| and y > -2": lambda x, y: -2 < y < abs(x),
    "x^2 - 4 > y": lambda x, y: y < x * x - 4,
    "y < sqrt(x)": lambda x, y: x >= 0 and y < x**0.5,
}


@pytest.mark.parametrize("text", REGIONS)
def test_a_region_holds_the_points_that_satisfy_it_and_no_other(text: str) -> None:
    html = svg(
        "coordinate-plane", f"x: -5 to 5\ny: -5 to 5\nshade: ['{text}']\npoints: (0, 0), (5, 0), (0, 5)"
    )
    (ox, oy), (rx, _), (_, uy) = dots(html)
    surfaces = paths(html, 'fill="url')
    chance = random.Random(text)
    near = 0.06
    tried = 0
    for _ in range(400):
        x, y = chance.uniform(-4.9, 4.9), chance.uniform(-4.9, 4.9)
        around = {REGIONS[text](x + dx, y + dy) for dx in (-near, 0, near) for dy in (-near, 0, near)}
        if len(around) > 1:
            continue  # on the border, where a hundredth of a pixel decides
        tried += 1
        point = (ox + (rx - ox) * x / 5, oy + (uy - oy) * y / 5)
        assert any(_within(point, surface) for surface in surfaces) == REGIONS[text](x, y), (x, y)
    assert tried > 200


def _within(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def test_borders_are_dashed_where_they_do_not_belong() -> None:
    assert svg("coordinate-plane", "shade: y > x").count("stroke-dasharray") == 1
    assert "stroke-dasharray" not in svg("coordinate-plane", "shade: y >= x")


def test_bars_and_boxes_have_their_sizes() -> None:
    bars = rectangles(svg("bar-graph", "bars: {a: 1, b: 2.5, c: 4}\ny: 0 to 5"), 'stroke-width="1.5"')
    assert [round(bottom - top, 2) for _, top, _, bottom in bars] == [44, 110, 176]
    bars = rectangles(
        svg("histogram", "values: 1, 5, 5, 9, 10, 19, 0\nfrom: 0\nstep: 5\nto: 20\ny: 0 to 4"),
        'stroke-width="1.5"',
    )
    assert [round((bottom - top) / 57.5, 3) for _, top, _, bottom in bars] == [2, 3, 1, 1]
    assert len({round(right - left, 1) for left, _, right, _ in bars}) == 1
    ((left, _, right, _),) = rectangles(
        svg("box-plot", "summary: [0, 2, 5, 6, 10]\nfrom: 0\nto: 10"), 'stroke-width="1.6"'
    )
    assert (left, right) == pytest.approx((96, 288), abs=NEAR)
    tapes = rectangles(svg("tape-diagram", "parts: [1/2, 3/4, 1]"), 'stroke-width="1.5"')
    widths = [right - left for left, _, right, _ in tapes]
    assert [w / widths[0] for w in widths] == pytest.approx([1, 1.5, 2], abs=0.001)


def test_quartiles_are_medians_of_halves() -> None:
    table = svg("box-plot", "values: [1, 3, 5, 7, 9, 11, 13]")
    assert re.findall(r"<td>([^<]*)</td>", table) == ["1", "3", "7", "11", "13"]
    table = svg("box-plot", "values: [1, 2, 3, 4, 5, 6, 7, 20]\noutliers: yes")
    assert re.findall(r"<td>([^<]*)</td>", table) == ["1", "2.5", "4.5", "6.5", "20"]
    assert len(dots(table)) == 1


def test_two_lines_keep_one_scale_each() -> None:
    html = svg(
        "double-number-line",
        "top: {numbers: [0, 1/4, 1, 1 1/2]}\nbottom: {numbers: [0, 3, 12, _]}",
        "{width=400}",
    )
    ticks = sorted({float(x) for x in re.findall(r'<path d="M(-?[\d.]+) -7L\1 7"', html)})
    length = ticks[-1]
    assert [tick / length for tick in ticks] == pytest.approx([0, 1 / 6, 2 / 3, 1], abs=0.001)


def test_shapes_have_their_measures() -> None:
    def side(shape: str, i: int, k: int) -> float:
        corners = outline(shape).corners
        return float(((corners[i][0] - corners[k][0]) ** 2 + (corners[i][1] - corners[k][1]) ** 2) ** 0.5)

    assert [side("triangle 4 5 6", *pair) for pair in ((0, 1), (1, 2), (2, 0))] == pytest.approx([4, 5, 6])
    assert [side("regular hexagon 3", i, (i + 1) % 6) for i in range(6)] == pytest.approx([3] * 6)
    assert [side("equilateral triangle 5", i, (i + 1) % 3) for i in range(3)] == pytest.approx([5] * 3)
    assert outline("trapezoid 8 and 5 by 4").corners == ((0, 0), (8, 0), (6.5, 4), (1.5, 4))
    assert outline("regular pentagon 2").corners[:2] == (pytest.approx((0, 0)), pytest.approx((2, 0)))


@pytest.mark.parametrize(
    ("kind", "body", "line", "words"),
    [
        ("number-line", "from: 3\nto: 1", 2, "“to” is not greater"),
        ("number-line", "points: 11", 1, "11 lies outside the line"),
        ("number-line", "blanks: 1/3", 1, "no tick"),
        ("number-line", "jumps: 0 to 10 by 3", 1, "do not end"),
        ("number-line", "step: 1/2\nto: 1,5", 2, "is no number"),
        (
            "double-number-line",
            "top: {numbers: [0, 1]}\nbottom: {numbers: [0, 1, 2]}",
            2,
            "both need the same",
        ),
        (
            "double-number-line",
            "top: {numbers: [0, 2, 5]}\nbottom: {numbers: [0, 4, 11]}",
            2,
            "11 cannot stand",
        ),
        ("tape-diagram", "parts: [1, 100]", 1, "too narrow"),
        ("tape-diagram", "parts: [3, 4]\nshaded: 3", 2, "from 0 to 2"),
        ("fraction-strips", "strips: 3/25", 1, "at most 24"),
        ("area-model", "fractions: 3/2 x 1/2", 1, "between 0 and 1"),
        ("area-model", "across: [x, 3]\ndown: 2\nproducts: show", 3, "written in “cells”"),
        ("base-ten-blocks", "number: 2.345", 1, "cannot be laid"),
        ("ten-frame", "counters: 8 + 3", 1, "do not fit"),
        ("coordinate-plane", "points:\n  A: (1, 2)\n  B: (11, 2)", 3, "outside the plane"),
        ("coordinate-plane", "lines: y = 40", 1, "nowhere touches"),
        ("coordinate-plane", "functions: x^2 + foo", 1, "is not known in an expression"),
        ("coordinate-plane", "shade: y > 12", 1, "No point"),
        ("coordinate-plane", "segments: A B", 1, "no point of this plane"),
        ("dot-plot", "values: 3, 12\nto: 10", 1, "outside the line"),
        ("histogram", "values: 1, 9\nfrom: 0\nto: 9\nstep: 3", 1, "lies in no bar"),
        ("histogram", "frequencies: [1, 2]\nfrom: 0\nto: 9\nstep: 3", 1, "3 bars, but 2"),
        ("bar-graph", "bars: {a: 12}\ny: 0 to 10", 2, "does not fit"),
        ("bar-graph", "bars: {a: 12}\ny: 5 to 20", 2, "begin at 0"),
        ("box-plot", "summary: [1, 3, 2, 4, 5]", 1, "five numbers in order"),
        ("scatter-plot", "points: (1, 2)\nline: y = x^2", 2, "A line is written"),
        ("shape", "shape: triangle 1 2 4", 1, "make no triangle"),
        ("shape", "shape: rectangel 2 by 3", 1, "did you mean “rectangle”"),
        ("shape", "shape: rectangle 2 by 3\nequal-sides: AB BC", 2, "not equal"),
        ("shape", "shape: triangle 4 5 6\nright-angles: A", 2, "no right angle"),
        ("shape", "shape: trapezoid 8 and 5 by 4\nparallel: BC DA", 2, "not parallel"),
        ("balance", "left: 13 x x\nright: 1", 1, "At most 12"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(kind: str, body: str, line: int, words: str) -> None:
    found = faults(kind, body)
    assert any(at == line and words in reason for at, reason in found), found


def test_expressions_refuse_what_they_do_not_know() -> None:
    for wrong in (
        "",
        "x +",
        "2 3",
        "(x",
        "|x",
        "sin x",
        "__import__('os')",
        "x.y",
        "lambda x: x",
        "1/0",
        "x" * 200,
    ):
        with pytest.raises(ValueError, match=r"\S"):
            read_expression(wrong)
    for wrong in ("x", "x < y < 3 < 4", "", "y >"):
        with pytest.raises(ValueError, match=r"\S"):
            read_relations(wrong)
