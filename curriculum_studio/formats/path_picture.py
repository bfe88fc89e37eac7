"""Draws a standard among its prerequisites and what it prepares, as one plain SVG picture from left to right."""

from __future__ import annotations

from html import escape

from curriculum_studio.domain.coherence import Surroundings

_BOX = (104, 34)
_STEP = (156, 46)
_MARGIN = 6
_HEAD = 26


def path_picture(near: Surroundings) -> str:
    """The picture as SVG. Boxes are told apart by place and border and not by colour alone; its words are in its title."""
    rows = max(len(column) + bool(hidden) for column, hidden in zip(near.columns, near.hidden, strict=True))
    wide = _MARGIN * 2 + _STEP[0] * (len(near.columns) - 1) + _BOX[0]
    high = _MARGIN * 2 + _HEAD + _STEP[1] * (rows - 1) + _BOX[1]
    spots: dict[str, tuple[float, float]] = {}
    shapes: list[str] = []
    for number, (column, hidden) in enumerate(zip(near.columns, near.hidden, strict=True)):
        x = _MARGIN + number * _STEP[0]
        names = [*column, *([f"and {hidden} more"] if hidden else [])]
        top = _MARGIN + _HEAD + (rows - len(names)) * _STEP[1] / 2
        shapes.append(
            f'<text class="head" x="{x + _BOX[0] / 2:g}" y="{_MARGIN + 12}">{steps_in_words(number - near.at)}</text>'
        )
        for place, name in enumerate(names):
            y = top + place * _STEP[1]
            more = place >= len(column)
            if not more:
                spots[name] = (x, y)
            shapes.append(_box(name, x, y, "more" if more else "here" if number == near.at else ""))
    lines = [_line(spots[one], spots[other]) for one, other in near.pairs if spots[one][0] < spots[other][0]]
    here = near.columns[near.at][0]
    title = f"{here}: {len(near.columns[near.at - 1]) if near.at else 0} standards come right before it"
    after = len(near.columns[near.at + 1]) if near.at + 1 < len(near.columns) else 0
    return (
        f'<svg class="path" role="img" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}" height="{high:g}">'
        f"<title>{escape(title)}, {after} right after it; the lists below say which.</title>"
        f"{''.join(lines)}{''.join(shapes)}</svg>"
    )


def steps_in_words(steps: int) -> str:
    """How far a column is from the standard, in words: negative before it, positive after it."""
    if not steps:
        return "this one"
    side = "before" if steps < 0 else "after"
    return f"right {side}" if abs(steps) == 1 else f"{abs(steps)} steps {side}"


def _box(name: str, x: float, y: float, kind: str) -> str:
    frame = (
        "" if kind == "more" else f'<rect x="{x:g}" y="{y:g}" width="{_BOX[0]}" height="{_BOX[1]}" rx="6"/>'
    )
    text = f'<text x="{x + _BOX[0] / 2:g}" y="{y + _BOX[1] / 2 + 5:g}">{escape(_short(name))}</text>'
    return f'<g class="{kind}">{frame}{text}</g>' if kind else f"<g>{frame}{text}</g>"


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"…{name[-13:]}"


def _line(one: tuple[float, float], other: tuple[float, float]) -> str:
    x1, y1 = one[0] + _BOX[0], one[1] + _BOX[1] / 2
    x2, y2 = other[0], other[1] + _BOX[1] / 2
    bend = min((x2 - x1) / 2, 60)
    return f'<path d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"/>'
