"""The rows of the publishing table: goals, and the figures that a run gives for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import search_index
from bench.curricula import FORMULAS
from bench.measure import Row, at_most, ratio
from bench.site_bytes import formulas, lesson_pages, on_the_wire, visit

if TYPE_CHECKING:
    from bench.publish import Bench

# Of our student edition's CPU seconds to a peer's; stated for 1,000 lessons.
_PEER_GOALS = {"eleventy": 0.20, "hugo": 0.06, "mkdocs": 0.12, "zensical": 0.17}
_PEER_NAMES = {
    "eleventy": "Eleventy with KaTeX",
    "hugo": "Hugo with ToMath",
    "mkdocs": "MkDocs Material, no mathematics",
    "zensical": "Zensical, no mathematics",
}
_KB = 1000
_ELSEWHERE = (
    Row(
        "one lesson released in the running studio",
        "≤ 15 ms CPU, ≤ 50 ms wall",
        "not measured here: needs the studio",
    ),
    Row("search results after the key, 4 × slower CPU", "≤ 100 ms", "not measured here: needs a browser"),
    Row("formulas of the list of 165 school formulas", "≥ 163", "not measured here: a test of the formats"),
)
_QUERY = "equivalent fractions"


def rows(bench: Bench) -> list[Row]:
    """Every row that a run can give; what could not be measured says so."""
    return [
        *_full(bench),
        *_growth(bench),
        *_again(bench),
        *_bytes(bench),
        *_search(bench),
        *_shown(bench),
        *_ELSEWHERE,
    ]


def _compared(
    bench: Bench, what: str, ours: tuple[str, int], other: tuple[str, int], limit: float, part: str = "cpu"
) -> Row:
    """The quotient of two measured things, pair by pair."""
    a, b = bench.figures(*ours, part), bench.figures(*other, part)
    if not a or len(a) != len(b):
        return Row(what, f"≤ {limit:g} ×", "not measured")
    unit = "MiB" if part == "peak" else "s"
    note = f"{median(a):.2f} {unit} to {median(b):.2f} {unit}"
    return at_most(what, ratio(a, b), limit, " ×", note)


def _full(bench: Bench) -> list[Row]:
    size = bench.base
    ours = ("student", size)
    found = []
    for peer, limit in _PEER_GOALS.items():
        name = f"full build, {size} lessons, student edition: {_PEER_NAMES[peer]} (CPU)"
        found.append(_compared(bench, name, ours, (peer, size), limit))
    for peer in _PEER_GOALS:
        a, b = bench.figures("teacher", size), bench.figures(peer, size)
        if a and len(a) == len(b):
            name = f"the same, teacher edition (all the text that the peer renders): {_PEER_NAMES[peer]}"
            found.append(Row(name, "–", f"{ratio(a, b):.3g} ×"))
    alone = ("markdown-it-py alone", size)
    found.append(_compared(bench, "student edition: markdown-it-py alone (CPU)", ours, alone, 1.8))
    cost = bench.figures(*ours)
    if cost:
        found.append(
            Row("a lesson's share", "–", f"{median(cost) / size * 1000:.2f} ms CPU, process included")
        )
    found.append(
        _compared(bench, "`--jobs 2`: its own wall time on one", ("jobs 2", size), ours, 0.6, "wall")
    )
    found.append(
        _compared(bench, "all three editions: student alone (CPU)", ("all editions", size), ours, 1.8)
    )
    return [_stated(row, size) for row in found]


def _stated(row: Row, size: int) -> Row:
    """The row without a verdict where its goal is stated for another size."""
    return row if size == 1000 else replace(row, met=None)


def _growth(bench: Bench) -> list[Row]:
    if not {1000, 5000} <= set(bench.sizes):
        return [Row("growth, 5,000 to 1,000 lessons", "≤ 5.3 ×", "not measured: other sizes")]
    large, small = ("student", 5000), ("student", 1000)
    found = [
        _compared(bench, "growth, 5,000 to 1,000 lessons (CPU)", large, small, 5.3),
        _compared(bench, "growth, 5,000 to 1,000 lessons (peak memory)", large, small, 1.2, "peak"),
    ]
    peak = bench.figures(*large, "peak")
    if peak:
        found.append(at_most("peak memory at 5,000 lessons", median(peak), 300, " MiB"))
    return found


def _again(bench: Bench) -> list[Row]:
    size = bench.base
    again = ("nothing changed", size)
    what = f"nothing changed, {size} lessons: cold build (CPU)"
    found = [_stated(_compared(bench, what, again, ("student", size), 0.05), size)]
    if bench.figures(*again):
        written = max(bench.written.get(again, [0]))
        found.append(at_most("nothing changed: files written", written, 0))
    for lessons in bench.sizes:
        cpu = bench.figures("one lesson", lessons)
        what = f"one lesson changed, fresh process, {lessons} lessons (CPU)"
        if cpu:
            note = f"{max(bench.written.get(('one lesson', lessons), [0]))} files changed"
            found.append(at_most(what, median(cpu), 0.5, " s", note))
        else:
            found.append(Row(what, "≤ 0.5 s", "not measured"))
    if len(bench.sizes) > 1:
        large, small = bench.sizes[-1], bench.sizes[0]
        what = f"one lesson changed: {large} to {small} lessons (CPU)"
        found.append(_compared(bench, what, ("one lesson", large), ("one lesson", small), 1.15))
    return found


def _sites(bench: Bench) -> dict[int, Path]:
    """The built student editions by size."""
    places = {lessons: bench.site("student", lessons) / "student" for lessons in bench.sizes}
    return {lessons: place for lessons, place in places.items() if lesson_pages(place)}


def _bytes(bench: Bench) -> list[Row]:
    sites = _sites(bench)
    if not sites:
        return [Row("one lesson page over the wire", "≤ 64 KB", "not measured")]
    found: list[Row] = []
    firsts: dict[int, float] = {}
    for lessons, site in sites.items():
        pages = lesson_pages(site)
        visits = [visit(page) for page in pages[:: max(len(pages) // 40, 1)]]
        first = median(one.whole for one in visits) / _KB
        firsts[lessons] = first
        if lessons != bench.base:
            continue
        fonts = median(one.fonts for one in visits) / _KB
        own = median(one.page + one.styles for one in visits) / _KB
        scripts = median(one.scripts for one in visits) / _KB
        seen = visits[0].files
        following = max(
            one.page + sum(on_the_wire(path) for path in one.files - seen) for one in visits[1:] or visits
        )
        note = f"fonts {fonts:.1f}, scripts {scripts:.1f} KB"
        found.append(at_most("first visit of a lesson page, over the wire", first, 64, " KB", note))
        found.append(at_most("of it HTML and CSS", own, 15, " KB"))
        found.append(at_most("the next lesson, the largest of 40", following / _KB, 15, " KB"))
        early = sum("search" in path.relative_to(site.resolve()).parts[0] for path in seen)
        found.append(at_most("search files fetched before search is used", early, 0))
    if len(firsts) > 1:
        large, small = max(firsts), min(firsts)
        change = abs(firsts[large] / firsts[small] - 1) * 100
        found.append(at_most(f"first visit at {large} against {small} lessons, difference", change, 3, " %"))
    return found


def _search(bench: Bench) -> list[Row]:
    """The bytes of a first query."""
    goals = {1000: 90, 5000: 110}
    found: list[Row] = []
    for lessons, site in _sites(bench).items():
        what = f"first query (“{_QUERY}”), {lessons} lessons"
        if not (site / "search" / "index.json").is_file():
            found.append(Row(what, "–", "not measured: no search index"))
            continue
        size = search_index.first_query_bytes(site, _QUERY) / _KB
        found.append(
            at_most(what, size, goals[lessons], " KB")
            if lessons in goals
            else Row(what, "–", f"{size:.1f} KB")
        )
    return found


def _shown(bench: Bench) -> list[Row]:
    """Whether all that is compared rendered all formulas, so that no one is quick by leaving work out."""
    size = bench.base
    places = {"ours, teacher edition": bench.site("teacher", size) / "teacher"}
    places |= {_PEER_NAMES[peer]: bench.built_by(peer, size) for peer in ("eleventy", "hugo")}
    found = []
    for name, place in places.items():
        pages = lesson_pages(place)
        if pages:
            count, wanted = sum(formulas(page) for page in pages), FORMULAS * size
            figure = f"{count:,} of {wanted:,}"
            found.append(Row(f"formulas on lesson pages: {name}", f"{wanted:,}", figure, count == wanted))
    return found
