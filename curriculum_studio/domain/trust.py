"""How a partnership works together, by role and both ways: how long answers take, how many suggestions are taken over.

Only roles are told apart, never persons, and a figure of fewer than five cases is no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

FEWEST = 5
"""Fewer cases than this say nothing about a role, and much about a person."""


@dataclass(frozen=True, slots=True)
class Way:
    """From one role to another: how many cases, and the figure (None where there are too few, or where it would give one of too
    few away; `cases` is not to be shown then)."""

    of: str
    to: str
    cases: int
    figure: float | None


def answer_times(requests: Iterable[tuple[str, int, str, int]], roles: Mapping[str, str]) -> list[Way]:
    """The median time from request to answer in hours, for each role that asks and each that answers.

    `requests` are (who asked, when, who answered, when; 0 where they have not).
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for asker, asked, answerer, answered in requests:
        if answered and asker in roles and answerer in roles:
            found[roles[asker], roles[answerer]].append((answered - asked) / 3600)
    return [
        Way(*pair, len(rows), median(rows) if len(rows) >= FEWEST else None)
        for pair, rows in sorted(found.items())
    ]


def shares_accepted(
    suggestions: Iterable[tuple[str, str, str]], roles: Mapping[str, str], sides: Mapping[str, str]
) -> list[Way]:
    """The share of suggestions taken over, for each role that suggests and each that decides on somebody else's.

    `suggestions` are (who suggested, who decided, `accepted` or `refused`); `sides` tells for a role its side. No figure may be left
    that, taken from those of a side (`reciprocity`), gives a figure of a few.
    """
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for suggester, decider, state in suggestions:
        if suggester != decider and suggester in roles and decider in roles:
            found[roles[suggester], roles[decider]].append(state == "accepted")
    hidden = {pair for pair, rows in found.items() if len(rows) < FEWEST}
    for side in set(sides.values()):
        others = [p for p in found if sides.get(p[0]) == side and sides.get(p[1], side) != side]
        while 0 < sum(len(found[pair]) for pair in others if pair in hidden) < FEWEST:
            shown = [pair for pair in others if pair not in hidden]
            if not shown:
                break
            hidden.add(min(shown, key=lambda pair: (len(found[pair]), pair)))
    return [
        Way(*pair, len(rows), None if pair in hidden else sum(rows) / len(rows))
        for pair, rows in sorted(found.items())
    ]


@dataclass(frozen=True, slots=True)
class Heard:
    """How the suggestions of one side fare: how many it made, the share that somebody of another side answered (said something
    or decided), and the share that was taken over of those that another side decided. None where there are too few."""

    side: str
    made: int
    answered: float | None
    decided: int
    taken: float | None


def reciprocity(
    suggestions: Iterable[tuple[str, Collection[str], str, str]],
    sides: Mapping[str, str],
    names: Iterable[str],
) -> list[Heard]:
    """How each side's suggestions fare with the others: giving and taking should go both ways.

    `suggestions` are (who suggested, who else said something, who decided or "", `open`, `accepted` or `refused`); `sides` tells
    for a person the side, `names` which sides there are.
    """
    rows = [(sides[one[0]], *one[1:]) for one in suggestions if one[0] in sides]
    found = []
    for side in names:
        own = [row[1:] for row in rows if row[0] == side]
        others = [
            (said, decider, state)
            for said, decider, state in own
            if sides.get(decider, side) != side or any(sides.get(one, side) != side for one in said)
        ]
        decided = [state for _, decider, state in own if sides.get(decider, side) != side]
        found.append(
            Heard(
                side,
                len(own),
                len(others) / len(own) if len(own) >= FEWEST else None,
                len(decided),
                decided.count("accepted") / len(decided) if len(decided) >= FEWEST else None,
            )
        )
    return found
