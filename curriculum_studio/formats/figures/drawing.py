"""Hides how a fenced block becomes a figure: its info line and body are read, drawn, and every fault is told by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from curriculum_studio.formats.attributes import GROUP, read_group
from curriculum_studio.formats.figures.areas import area_model
from curriculum_studio.formats.figures.balances import balance
from curriculum_studio.formats.figures.charts import bar_graph, dot_plot, histogram
from curriculum_studio.formats.figures.counters import base_ten_blocks, ten_frame
from curriculum_studio.formats.figures.double_lines import double_number_line
from curriculum_studio.formats.figures.number_lines import number_line
from curriculum_studio.formats.figures.planes import coordinate_plane
from curriculum_studio.formats.figures.reading import Drawn, Fields, FigureError, Room, Table
from curriculum_studio.formats.figures.scene import TooMuch
from curriculum_studio.formats.figures.shape_rows import shape
from curriculum_studio.formats.figures.spreads import box_plot, scatter_plot
from curriculum_studio.formats.figures.tapes import fraction_strips, tape_diagram
from curriculum_studio.formats.figures.words import TABLE
from curriculum_studio.formats.header import Header, HeaderError, read_mapping
from curriculum_studio.formats.math import FormulaError

Kind = Callable[[Fields, Room], Drawn]
KINDS: Mapping[str, Kind] = {
    "number-line": number_line,
    "double-number-line": double_number_line,
    "tape-diagram": tape_diagram,
    "fraction-strips": fraction_strips,
    "area-model": area_model,
    "base-ten-blocks": base_ten_blocks,
    "ten-frame": ten_frame,
    "coordinate-plane": coordinate_plane,
    "dot-plot": dot_plot,
    "histogram": histogram,
    "box-plot": box_plot,
    "bar-graph": bar_graph,
    "scatter-plot": scatter_plot,
    "shape": shape,
    "balance": balance,
}
"""What draws each kind of figure."""
LEAST_WIDTH, MOST_WIDTH = 160, 640
MAX_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a figure cannot be drawn: `line` is counted from the fence (0), `column` from 1; `alt` if words are missing."""

    line: int
    column: int
    reason: str
    alt: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as HTML with `NAME` in its ids and holes for its own words; or why there is none."""

    html: str
    id: str
    faults: tuple[Fault, ...] = ()


@lru_cache(maxsize=512)
def draw(kind: str, info: str, body: str) -> Figure:
    """The figure of a block: its kind, what stands behind the kind, its body. Never raises; see `faults`."""
    name = ""
    try:
        name, width = _info(info)
        header, drawn = drawing(kind, body, width)
        if drawn is None:
            return Figure("", name, (Fault(0, 1, "", alt=True),))
        svg = drawn.scene.svg(" ".join(header.text("alt").split()))
        return Figure(_figure(svg, name, header.text("caption"), drawn), name)
    except HeaderError as error:
        return Figure("", name, (Fault(error.line, error.column, error.reason),))
    except FigureError as error:
        found = tuple(Fault(one.line, one.column, one.reason) for one in error.all[:MAX_FAULTS])
        return Figure("", name, found)
    except (TooMuch, FormulaError) as error:
        reason = error.reason if isinstance(error, FormulaError) else str(error)
        return Figure("", name, (Fault(0, 1, reason),))


def drawing(kind: str, body: str, width: int = 0) -> tuple[Header, Drawn | None]:
    """The body as it was read, and its drawing; None where it has no `alt`.

    Raises `HeaderError`, `FigureError`, `FormulaError` and `TooMuch`, which say why it cannot be drawn.
    """
    for number, line in enumerate(body.split("\n"), 1):
        if (at := line.find("[ ]")) >= 0:
            # Reading a lesson empties every ticked box; what stood here cannot be told any more.
            raise FigureError(
                number, at + 1, "“[x]” is read as a ticked box; write x without brackets, or ['x']."
            )
    header = read_mapping(body.rstrip("\n"), name="figure", pairs=True)
    if not header.text("alt").strip():
        return header, None
    return header, KINDS[kind](Fields(header, (), (), []), Room(width))


def _info(info: str) -> tuple[str, int]:
    """The id and the width that an info line names behind the kind."""
    text = info.strip()
    if not text:
        return "", 0
    match = GROUP.fullmatch(text)
    if match is None:
        raise FigureError(0, 1, "behind its name stands only {#id width=480}.")
    group = read_group(match[1])
    for key in group.values:
        if key != "width":
            raise FigureError(0, 1, f"“{key[:40]}” is not known in the braces; they hold #id and width.")
    typed = group.values.get("width", "")
    if not typed:
        return group.id or "", 0
    if not (typed.isascii() and typed.isdecimal() and LEAST_WIDTH <= int(typed[:6]) <= MOST_WIDTH):
        raise FigureError(0, 1, f"the width is a whole number from {LEAST_WIDTH} to {MOST_WIDTH}.")
    return group.id or "", int(typed)


def _figure(svg: str, name: str, caption: str, drawn: Drawn) -> str:
    wide = " wide" if drawn.scene.width > 400 else ""
    held = f' id="{escape(name)}"' if name else ""
    words = f"<figcaption>{escape(caption)}</figcaption>" if caption.strip() else ""
    return (
        f'<figure class="figure"{held}><div class="figure-box{wide}" tabindex="0" role="group">{svg}</div>'
        f"{words}{_table(drawn.table)}</figure>\n"
    )


def _table(table: Table | None) -> str:
    if table is None:
        return ""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    return (
        f'<details class="figure-values"><summary>{TABLE}</summary>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )
