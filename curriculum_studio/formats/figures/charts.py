"""Hides how counts are drawn: dots or crosses over a number line, bars over intervals, bars over names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from curriculum_studio.formats.figures.exact import Exact, Style, nice_step, plain
from curriculum_studio.formats.figures.frames import read_axis
from curriculum_studio.formats.figures.reading import COMMON, Drawn, Fields, Room, Table
from curriculum_studio.formats.figures.scales import Scale, axis_across, axis_up, data_scale, read_scale
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.text import label
from curriculum_studio.formats.figures.words import COUNT, NAMED

MOST_HIGH, MOST_BARS, MOST_SERIES = 30, 40, 4
FILLS = ("light", "hatch", "dots", "cross")


def dot_plot(fields: Fields, room: Room) -> Drawn:
    """A dot plot, or a line plot of crosses."""
    fields.knows(*COMMON, "values", "from", "to", "step", "label", "mark")
    fields.need("values")
    values = fields.counted("values")
    mark = fields.one_of("mark", ("dot", "x"))
    scale = data_scale(fields, values)
    counts = _counts(fields, values, scale)
    fields.done()
    scale = scale.on(0, room.wide(480) - 30)
    near = min((scale.at(b) - scale.at(a) for a, b in pairwise(sorted(counts))), default=20.0)
    r = min(6.5, near / 2 - 0.8)
    if r < 2.4:
        fields.problem(
            "The values lie too close together for dots; draw a histogram, or give it more width.", "values"
        )
    fields.done()
    scene = Scene()
    scene.line((-12, 0), (scale.end + 12, 0), 1.6)
    axis_across(scene, scale, 0)
    for value in sorted(counts):
        x = scale.at(value)
        for i in range(counts[value]):
            y = -8 - r - i * (2 * r + 2.5)
            if mark == "dot":
                scene.dot(x, y, r)
            else:
                s = r * 0.8
                scene.reach(((x - s, y - s), (x + s, y + s)))
                scene.drawn(f"M{x - s:.2f} {y - s:.2f}l{2 * s:.2f} {2 * s:.2f}m0 {-2 * s:.2f}l{-2 * s:.2f} {2 * s:.2f}", 1.8)  # fmt: skip
    style = scale.style
    # A place that the author names with 0 is a row too: a gap in a plot is heard as a gap.
    named = {value: 0 for value in fields.empty("values") if scale.holds(value)} | counts
    rows = tuple((style.write(value), str(named[value])) for value in sorted(named))
    return Drawn(scene, Table((scale.words, COUNT), rows))


def _counts(fields: Fields, values: Sequence[Exact], scale: Scale) -> dict[Fraction, int]:
    if fields.has("values") and not values and not fields.faults:
        fields.problem("There is no value.", "values")
    for value in values:
        if not scale.holds(value.value):
            fields.problem(f"{value.text} lies outside the line.", "values")
            break
    counts = dict(Counter(value.value for value in values))
    if counts and max(counts.values()) > MOST_HIGH:
        fields.problem(f"More than {MOST_HIGH} values stand at one place.", "values")
    return counts


def histogram(fields: Fields, room: Room) -> Drawn:
    """A histogram: the bars are the intervals from one tick to the next, the left end of each included."""
    fields.knows(*COMMON, "values", "frequencies", "from", "to", "step", "label", "y-label", "y")
    given = fields.has("frequencies")
    if given == fields.has("values"):
        fields.problem("Write either “values” or “frequencies”.")
    fields.need("step")
    scale, heights = _frequencies(fields) if given else _binned(fields)
    if len(heights) > MOST_BARS:
        fields.problem(f"There would be more than {MOST_BARS} bars; make “step” larger.", "step")
    fields.done()
    ys = _upright(fields, [Fraction(h) for h in heights])
    fields.done()
    scale, ys = scale.on(0, room.wide(460) - 50), ys.on(230, 0)
    scene = Scene()
    _levels(scene, ys, scale.end)
    ticks = scale.ticks()
    for (a, b), height in zip(pairwise(ticks), heights, strict=True):
        if height:
            top = ys.at(Fraction(height))
            scene.rect(scale.at(a), top, scale.at(b) - scale.at(a), 230 - top, 1.5, "light")
    scene.line((0, 230), (scale.end, 230), 1.8)
    axis_across(scene, scale, 230, gap=6)
    _axis_left(scene, ys)
    style = scale.style
    rows = tuple((f"{style.write(a)} – {style.write(b)}", str(h)) for (a, b), h in zip(pairwise(ticks), heights, strict=True))  # fmt: skip
    return Drawn(scene, Table((scale.words, ys.words or COUNT), rows))


def _frequencies(fields: Fields) -> tuple[Scale, list[int]]:
    heights = [fields.whole(value, 0, 10**6, *path) for value, path in fields.items("frequencies")]
    first, step = fields.number("from").value, fields.number("step").value
    end = first + step * max(len(heights), 1)
    scale = read_scale(fields, high=Exact(end, plain(end)))
    if fields.has("to") and not fields.faults and len(scale.ticks()) - 1 != len(heights):
        fields.problem(f"From “from” to “to” there are {len(scale.ticks()) - 1} bars, but {len(heights)} frequencies.", "frequencies")  # fmt: skip
    if not heights:
        fields.problem("There is no frequency.", "frequencies")
    return scale, heights


def _binned(fields: Fields) -> tuple[Scale, list[int]]:
    values = fields.counted("values")
    if fields.has("values") and not values and not fields.faults:
        fields.problem("There is no value.", "values")
    scale = data_scale(fields, values, beyond=True)
    if (scale.high - scale.low) % scale.step:
        fields.problem("“step” does not divide the way from “from” to “to” into equal bars.", "step")
    first = scale.low
    heights = [0] * int((scale.high - first) / scale.step)
    for value in values:
        place = int((value.value - first) // scale.step)
        if not 0 <= place < len(heights):
            fields.problem(f"{value.text} lies in no bar; a value on an edge belongs to the bar at its right.", "values")  # fmt: skip
            break
        heights[place] += 1
    return scale, heights


def _upright(fields: Fields, heights: Sequence[Fraction], *, exact: Style | None = None) -> Scale:
    """The scale of the heights: what the author names, else from zero to a round number above the highest."""
    top = max([*heights, Fraction(1)])
    low = min([*heights, Fraction(0)])
    # The axis goes up to the next whole step.
    step = nice_step(top - low, 8)
    if exact is None and step < 1:
        step = Fraction(1)
    high, bottom = -(-top // step) * step, low // step * step
    if fields.has("y"):
        scale = read_axis(fields, "y", "0", "1")
        if scale.low > 0:
            fields.problem("Bars begin at 0, so the axis does too.", "y")
        for height in heights:
            if not scale.holds(height):
                fields.problem(f"A bar of {plain(height)} does not fit between {plain(scale.low)} and {plain(scale.high)}.", "y")  # fmt: skip
                break
        return scale
    places = 0 if step.denominator == 1 else 1
    return Scale(bottom, high, step, Style(places), words=fields.text("y-label"))


def _levels(scene: Scene, ys: Scale, wide: float) -> None:
    d = "".join(f"M0 {ys.at(value):.2f}H{wide:.2f}" for value in ys.ticks())
    scene.drawn(d, 0.8, under=True, faint=True)


def _axis_left(scene: Scene, ys: Scale) -> None:
    scene.line((0, ys.start), (0, ys.end), 1.6)
    axis_up(scene, ys, 0)
    if ys.words and ys.words != "-":
        scene.label(label(ys.words, 420), scene.frame[0] + 1, scene.frame[1] - 4, 1, -1)


def bar_graph(fields: Fields, room: Room) -> Drawn:
    """Bars over names, up to four for each name, upright or level."""
    fields.knows(*COMMON, "bars", "series", "y", "x-label", "y-label", "direction", "show-values")
    fields.need("bars")
    groups = _groups(fields)
    series = fields.texts("series")
    most = max((len(values) for _, values in groups), default=1)
    if most > 1 and len(series) != most:
        fields.problem(
            f"Each name has {most} bars, so “series” names {most}.", "series" if series else "bars"
        )
    if most > MOST_SERIES:
        fields.problem(f"At most {MOST_SERIES} bars stand together.", "bars")
    across = fields.one_of("direction", ("up", "across")) == "across"
    shown = fields.flag("show-values", False)
    numbers = [value for _, values in groups for value in values if value is not None]
    fields.done()
    ys = _upright(fields, [value.value for value in numbers], exact=Style() if any(v.value.denominator != 1 for v in numbers) else None)  # fmt: skip
    fields.done()
    scene = Scene()
    if across:
        _draw_across(scene, groups, ys, room, shown, fields.text("x-label"))
    else:
        _draw_up(scene, groups, ys, room, shown, fields.text("x-label"))
    if most > 1:
        _legend(scene, series)
    heads = tuple(series) if most > 1 else (ys.words,)
    rows = tuple((name, *(value.text if value else "" for value in values)) for name, values in groups)
    return Drawn(scene, Table((fields.text("x-label") or NAMED, *(head or COUNT for head in heads)), rows))


Group = tuple[str, list[Exact | None]]


def _groups(fields: Fields) -> list[Group]:
    groups: list[Group] = []
    for name, value in fields.table("bars").items():
        items = value if isinstance(value, list) else [value]
        values: list[Exact | None] = []
        for i, item in enumerate(items):
            path = ("bars", name, i) if isinstance(value, list) else ("bars", name)
            values.append(None if item in ("_", "-", "?") else fields.exact(item, *path))
        groups.append((name, values))
    if fields.has("bars") and not 1 <= len(groups) <= MOST_BARS:
        fields.problem(f"Between 1 and {MOST_BARS} bars are expected.", "bars")
    for name, values in groups:
        if len(values) != len(groups[0][1]):
            fields.problem(
                "Every name has the same number of bars; write “-” where one is missing.", "bars", name
            )
    return groups


def _draw_up(scene: Scene, groups: Sequence[Group], ys: Scale, room: Room, shown: bool, title: str) -> None:
    wide = room.wide(min(max(90 * len(groups) + 60, 260), 560)) - 50
    each, ys = wide / len(groups), ys.on(220, 0)
    base = ys.at(Fraction(0))
    _levels(scene, ys, wide)
    _axis_left(scene, ys)
    # Names stand below the lowest number that may be written under a bar.
    below = (
        249 if shown and any(v is not None and v.value < 0 for _, values in groups for v in values) else 231
    )
    for i, (name, values) in enumerate(groups):
        bar = each * 0.7 / len(values)
        left = each * (i + 0.15)
        for k, value in enumerate(values):
            if value is None:
                continue
            top = ys.at(value.value)
            scene.rect(left + k * bar, min(top, base), bar, abs(base - top), 1.5, FILLS[k % 4])
            if shown:
                side = -1 if value.value >= 0 else 1
                scene.label(value.text, left + (k + 0.5) * bar, top + side * 2, 0, side)
        if name.strip("-"):
            scene.label(label(name, each - 6), each * (i + 0.5), below, 0, 1)
    scene.line((0, base), (wide, base), 1.8)
    if title:
        scene.label(label(title, wide), wide / 2, scene.frame[3] + 5, 0, 1)


def _draw_across(
    scene: Scene, groups: Sequence[Group], ys: Scale, room: Room, shown: bool, title: str
) -> None:
    names = [label(name, 130) for name, _ in groups]
    wide = max(room.wide(500) - 40 - max(name.width for name in names), 100)
    xs = ys.on(0, wide)
    base = xs.at(Fraction(0))
    y = 0.0
    for (_, values), name in zip(groups, names, strict=True):
        bar = 24.0 if len(values) == 1 else 17.0
        top = y
        for k, value in enumerate(values):
            if value is not None:
                end = xs.at(value.value)
                scene.rect(min(base, end), y, abs(end - base), bar, 1.5, FILLS[k % 4])
                if shown:
                    side = 1 if value.value >= 0 else -1
                    scene.label(value.text, end + side * 4, y + bar / 2, side, 0)
            y += bar
        scene.label(name, -8, (top + y) / 2, -1, 0)
        y += max(12.0, name.height - len(values) * bar + 6)
    d = "".join(f"M{xs.at(value):.2f} 0V{y:.2f}" for value in xs.ticks())
    scene.drawn(d, 0.8, under=True, faint=True)
    scene.line((base, -4), (base, y), 1.8)
    scene.line((0, y), (wide, y), 1.6)
    axis_across(scene, xs, y)
    if title:
        scene.label(label(title, 420), scene.frame[0] + 1, scene.frame[1] - 4, 1, -1)


def _legend(scene: Scene, series: Sequence[str]) -> None:
    """What each pattern means, in a line above the bars (or more where the words are long)."""
    left, right = max(scene.frame[0], 0.0), scene.frame[2]
    widths = [label(words).width + 40 for words in series]
    rows: list[list[int]] = [[]]
    for i, wide in enumerate(widths):
        if rows[-1] and sum(widths[k] for k in rows[-1]) + wide > right - left:
            rows.append([])
        rows[-1].append(i)
    y = scene.frame[1] - 8 - 24 * len(rows)
    for row in rows:
        x = left
        for i in row:
            scene.rect(x, y, 16, 16, 1.3, FILLS[i % 4])
            scene.label(series[i], x + 22, y + 8, 1, 0)
            x += widths[i]
        y += 24
