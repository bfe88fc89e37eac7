"""What rests on what: distances, paths and the near surroundings of a standard in the graph of prerequisites."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from curriculum_studio.domain.standards import Framework


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A standard among its neighbours: columns from the farthest prerequisite to the farthest consequence.

    `columns` are codes; the standard stands alone in column `at`. `hidden` counts, for each column, codes left out.
    `pairs` are those prerequisites of which both ends are shown.
    """

    columns: tuple[tuple[str, ...], ...]
    hidden: tuple[int, ...]
    at: int
    pairs: tuple[tuple[str, str], ...]


def distances(framework: Framework, codes: Iterable[str], *, back: bool) -> Mapping[str, int]:
    """For each standard that these rest on (`back`) or prepare, the number of steps to it; the codes themselves left out."""
    steps = framework.before if back else framework.after
    start = list(dict.fromkeys(codes))
    found = dict.fromkeys(start, 0)
    todo = deque(start)
    while todo:
        code = todo.popleft()
        for other in steps.get(code, ()):
            if other not in found:
                found[other] = found[code] + 1
                todo.append(other)
    return {code: steps for code, steps in found.items() if steps}


def path_between(framework: Framework, before: str, after: str) -> tuple[str, ...]:
    """A shortest chain of prerequisites from one standard up to another; empty where there is none."""
    came: dict[str, str] = {before: before}
    todo = deque([before])
    while todo:
        code = todo.popleft()
        if code == after:
            chain = [code]
            while chain[-1] != before:
                chain.append(came[chain[-1]])
            return tuple(reversed(chain))
        for other in framework.after.get(code, ()):
            if other not in came:
                came[other] = code
                todo.append(other)
    return ()


def circle(pairs: Iterable[tuple[str, str]]) -> str | None:
    """One member of a circle among pairs (before, after); None where there is no circle. Linear in the pairs."""
    after: dict[str, list[str]] = {}
    waits: dict[str, int] = {}
    for one, other in pairs:
        after.setdefault(one, []).append(other)
        waits[other] = waits.get(other, 0) + 1
        waits.setdefault(one, 0)
    todo = [code for code, count in waits.items() if not count]
    while todo:
        code = todo.pop()
        del waits[code]
        for other in after.get(code, ()):
            waits[other] -= 1
            if not waits[other]:
                todo.append(other)
    # What is left lies on a circle or behind one: walking back from any of it ends on the circle itself.
    if not waits:
        return None
    before = {other: one for one, others in after.items() if one in waits for other in others}
    code = next(iter(waits))
    for _ in range(len(waits)):
        code = before[code]
    return code


def surroundings(framework: Framework, code: str, reach: int = 2, most: int = 7) -> Surroundings:
    """The standard with what lies at most `reach` steps before and after it; at most `most` codes in a column."""
    own = framework.with_parts(code)
    back = distances(framework, own, back=True)
    # What lies between two parts of it comes before the one and after the other: it is shown once, before.
    ahead = {
        other: steps for other, steps in distances(framework, own, back=False).items() if other not in back
    }
    rows: list[list[str]] = []
    for steps in range(reach, 0, -1):
        rows.append([other for other in framework.standards if back.get(other) == steps])
    rows.append([code])
    for steps in range(1, reach + 1):
        rows.append([other for other in framework.standards if ahead.get(other) == steps])
    at = reach
    while rows and not rows[0]:
        rows.pop(0)
        at -= 1
    while rows and not rows[-1]:
        rows.pop()
    columns = tuple(tuple(row[:most]) for row in rows)
    shown = {other for column in columns for other in column}
    # The parts stand in the picture as the standard itself.
    inside = dict.fromkeys(own, code)
    steps_between = {
        (inside.get(one, one), inside.get(other, other))
        for one in (shown | set(own))
        for other in framework.after.get(one, ())
    }
    pairs = [(one, other) for one, other in steps_between if one != other and one in shown and other in shown]
    return Surroundings(columns, tuple(max(0, len(row) - most) for row in rows), at, tuple(sorted(pairs)))


def chain_of(codes: Sequence[str], here: str) -> Surroundings:
    """A chain of prerequisites as surroundings of one of its members: a column for each."""
    columns = tuple((code,) for code in codes)
    return Surroundings(columns, (0,) * len(columns), codes.index(here), tuple(pairwise(codes)))


def neighbours(framework: Framework, code: str, *, back: bool) -> tuple[str, ...]:
    """The standards right before one (`back`) or right after it, those of its parts among them, its own parts not."""
    found = distances(framework, framework.with_parts(code), back=back)
    return tuple(other for other in framework.standards if found.get(other) == 1)


def out_of_order(
    framework: Framework, lessons: Sequence[Iterable[str]]
) -> tuple[tuple[int, str, int, str], ...]:
    """Where an order of lessons (each the codes that it addresses) goes against the graph: the place of a lesson and its
    code, and the later place that is the first to address what the code rests on, with that code.

    The parts of one standard may come in any order.
    """
    rows = [tuple(codes) for codes in lessons]
    first: dict[str, int] = {}
    for place, codes in enumerate(rows):
        for code in codes:
            first.setdefault(code, place)
    found = []
    for code in first:
        for before in distances(framework, [code], back=True):
            later = first.get(before, -1)
            if later > first[code] and _whole(framework, before) != _whole(framework, code):
                found.append((first[code], code, later, before))
    return tuple(sorted(found))


def _whole(framework: Framework, code: str) -> str:
    """The standard that a part belongs to; any other code itself."""
    one = framework.standards[code]
    return one.parent if one.kind == "substandard" and one.parent else code
