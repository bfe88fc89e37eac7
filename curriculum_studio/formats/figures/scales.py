"""Hides how numbers become places: scales, ticks, and axes whose labels thin out before they touch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from curriculum_studio.formats.figures.exact import Exact, Style, nice_step, style_of
from curriculum_studio.formats.figures.reading import Fields
from curriculum_studio.formats.figures.scene import Scene
from curriculum_studio.formats.figures.text import label

MAX_TICKS = 200
AXIS_KEYS = ("from", "to", "step", "label")


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers `low` to `high` on the pixels `start` to `end`, with ticks every `step`."""

    low: Fraction
    high: Fraction
    step: Fraction
    style: Style
    start: float = 0
    end: float = 100
    words: str = ""
    every: int = 0
    zeroed: bool = False
    """Whether ticks are counted from zero, as on the axes of a plane, and not from the low end."""

    factor: float = field(init=False, repr=False, default=0)

    def __post_init__(self) -> None:
        # The difference is taken exactly, so that a narrow scale far from zero keeps its places.
        object.__setattr__(self, "factor", (self.end - self.start) / float(self.high - self.low))

    def at(self, value: Fraction | float) -> float:
        """Where a number stands."""
        away = float(value - self.low) if isinstance(value, Fraction) else value - float(self.low)
        return self.start + away * self.factor

    def on(self, start: float, end: float) -> Scale:
        """The same numbers on other pixels."""
        return replace(self, start=start, end=end)

    def holds(self, value: Fraction) -> bool:
        return self.low <= value <= self.high

    def ticks(self) -> list[Fraction]:
        """Every tick, from the low end or from zero (see `zeroed`)."""
        first = -(-self.low // self.step) * self.step if self.zeroed else self.low
        return [first + self.step * i for i in range(int((self.high - first) / self.step) + 1)]

    def labelled(self, *, across: bool = True) -> list[tuple[Fraction, str]]:
        """The ticks that get a number: as many as stand apart, zero among them."""
        if self.every < 0:
            return []
        ticks = self.ticks()
        words = [self.style.write(tick) for tick in ticks]
        room = abs(self.end - self.start) / float((self.high - self.low) / self.step)
        sizes = [label(word) for word in words]
        need = max(size.width + 8 if across else size.height + 1 for size in sizes)
        every = max(self.every, 1)
        if room * every < need:
            every = _rounder(max(int(need / room) + 1, every), self.step)
        origin = next((i for i, tick in enumerate(ticks) if tick == 0), 0)
        return [(ticks[i], words[i]) for i in range(len(ticks)) if (i - origin) % every == 0]


def _rounder(least: int, step: Fraction) -> int:
    """A number of ticks that is good to count in: whole numbers on a line of fractions, else 2, 5, 10 …"""
    whole = step.denominator
    if step.numerator == 1 and 1 < whole <= 16 and least <= whole * 2:
        good = [d for d in range(1, whole + 1) if whole % d == 0 and d >= least]
        return good[0] if good else -(-least // whole) * whole
    size = 1
    while True:
        for factor in (1, 2, 5):
            if size * factor >= least:
                return size * factor
        size *= 10


def read_scale(
    fields: Fields, low: Exact | None = None, high: Exact | None = None, *, most: int = 10, form: str = "same"
) -> Scale:
    """The scale that `from`, `to` and `step` name; faults are noted, and a scale comes back that can be used."""
    given = [fields.number(key) for key in ("from", "to", "step") if fields.has(key)]
    first, last = fields.number("from", low or Exact(Fraction(0), "0")), fields.number("to", high or Exact(Fraction(10), "10"))  # fmt: skip
    span = last.value - first.value
    if span <= 0:
        fields.problem("“to” is not greater than “from”.", "to")
        return Scale(Fraction(0), Fraction(1), Fraction(1), Style())
    step = fields.number("step").value if fields.has("step") else nice_step(span, most)
    if step <= 0:
        fields.problem("“step” is not greater than zero.", "step")
        step = span
    if span / step > MAX_TICKS:
        fields.problem(f"There would be more than {MAX_TICKS} ticks; make “step” larger.", "step")
        step = span
    typed = style_of(*given, form=form)
    if not fields.has("step") and typed.denominator == 1:
        typed = Style(max(typed.places if step < 1 else 0, 0))
    return Scale(first.value, last.value, step, typed, words=fields.text("label"))


def data_scale(fields: Fields, values: list[Exact], *, beyond: bool = False) -> Scale:
    """A scale for data: what the author names, else round numbers around the values.

    With `beyond` it ends after the largest value, not on it.
    """
    found = [v.value for v in values] or [Fraction(0)]
    low, high = min(found), max(found)
    style = style_of(*values)
    step = nice_step(high - low) if high > low else Fraction(1)
    if style.denominator > 1 and (high - low) * style.denominator <= 24:
        step = Fraction(1, style.denominator)
    elif all(v.denominator == 1 for v in found):
        step = max(step, Fraction(1))
    if fields.has("step") and fields.number("step").value > 0:
        step = fields.number("step").value
    down, up = low // step * step, -(-high // step) * step
    if up == down or (beyond and up == high):
        up += step
    down = fields.number("from").value if fields.has("from") else down
    if fields.has("from"):
        up = down + -(-(up - down) // step) * step
    scale = read_scale(fields, Exact(down, style.write(down)), Exact(up, style.write(up)))
    return scale if fields.has("step") else replace(scale, step=step, style=_finer(scale.style, style, step))


def _finer(one: Style, two: Style, step: Fraction) -> Style:
    if two.denominator > 1 or one.denominator > 1:
        return two if two.denominator > 1 else one
    places = 0
    while places < 6 and (step * 10**places).denominator != 1:
        places += 1
    return Style(max(one.places if step < 1 else 0, places))


def axis_across(
    scene: Scene, scale: Scale, y: float, *, title: bool = True, tick: float = 5, gap: float = 2
) -> float:
    """Ticks, numbers and title of an axis below its line at `y`, `gap` below its ticks; the bottom of what was set."""
    for value in scale.ticks():
        x = scale.at(value)
        scene.line((x, y), (x, y + tick), 1.2)
    bottom = y + tick
    for value, words in scale.labelled():
        bottom = max(bottom, scene.label(words, scale.at(value), y + tick + gap, 0, 1).bottom)
    if title and scale.words:
        middle = (scale.start + scale.end) / 2
        bottom = scene.label(scale.words, middle, bottom + 4, 0, 1, wrap=abs(scale.end - scale.start)).bottom
    return bottom


def axis_up(scene: Scene, scale: Scale, x: float, *, tick: float = 5) -> float:
    """Ticks and numbers of an axis left of its line at `x`; the left edge of what was set."""
    left = x - tick
    for value in scale.ticks():
        y = scale.at(value)
        scene.line((x - tick, y), (x, y), 1.2)
    for value, words in scale.labelled(across=False):
        left = min(left, scene.label(words, x - tick - 3, scale.at(value), -1, 0).left)
    return left
