"""The law of small numbers: from everything that is ever shown, no hidden cell can be worked out, nor come within reach.

The attacker knows every release (rows on their own, the sum over groups, the same group with more students in it), knows that
numbers are whole and not negative, and solves for each hidden cell the least and the most that it can be.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import pytest

from curriculum_studio.domain.evidence import Item, Option, Results, ResultSet, Tally, masks_of, twin_of
from curriculum_studio.domain.item_report import report
from curriculum_studio.domain.suppression import FEWEST, Masked, added, mask_of, masked, too_near
from tests.laws.linear import Known

TABLES = 20_000 if os.environ.get("CAMPAIGN") else 1000
"""Of each kind: tables on their own, groups with their sums, releases with a later one."""
SEEDS = range(4)
WIDE = FEWEST - 1
"""No hidden cell may be known closer than to so many students."""


def drawn(draw: random.Random) -> dict[str, int]:
    """A row of counts: small and large, even and lopsided, with zeros."""
    size = draw.randrange(2, 6)
    kind = draw.randrange(4)
    most = draw.choice((3, 12, 25, 60, 400))
    counts = {"ABCDE"[n]: draw.randrange(most + 1) for n in range(size)}
    if kind == 0:
        counts["A"] += draw.randrange(20, 500)
    if kind == 1:
        counts = {mark: draw.choice((0, 0, 1, 9, 10, 11, count)) for mark, count in counts.items()}
    return counts


def tell(known: Known, seen: Masked, prefixes: tuple[str, ...]) -> None:
    """What a release says, about the sum of the unknowns that begin with each of the prefixes."""
    for mark, cell in seen.cells.items():
        terms = {f"{prefix}{mark}": 1 for prefix in prefixes}
        if cell.shown:
            known.equal(terms, cell.low)
            continue
        name = f"{'+'.join(prefixes)}{mark}"
        if name not in terms:
            known.equal({**terms, name: -1}, 0)
        if cell.state == "top":
            known.at_least(name, cell.low)
        known.at_most(name, cell.high)
    if seen.total is not None:
        known.equal({f"{prefix}{mark}": 1 for prefix in prefixes for mark in seen.cells}, seen.total)


def closest(known: Known, hidden: list[str]) -> Fraction:
    """How wide the narrowest of the hidden cells is."""
    return min(
        (high - low for low, high in (known.range_of(name) for name in hidden)), default=Fraction(10**9)
    )


def check(row: Mapping[str, int], seen: Masked) -> None:
    """A mask tells no lie, and shows nothing small."""
    for mark, cell in seen.cells.items():
        assert cell.low <= row[mark] <= cell.high
        assert not (cell.shown and row[mark] < FEWEST)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hidden_cell_of_one_table_is_recovered(seed: int) -> None:
    draw = random.Random(seed)
    hidden_at_all = 0
    for number in range(TABLES // 4):
        row = drawn(draw)
        mask = mask_of(row)
        seen = masked(row, mask)
        check(row, seen)
        known = Known()
        tell(known, seen, ("a",))
        hidden = [f"a{mark}" for mark, cell in seen.cells.items() if not cell.shown]
        hidden_at_all += len(hidden)
        assert closest(known, hidden) >= WIDE, (seed, number, row, mask)
    assert hidden_at_all > TABLES // 4


@pytest.mark.parametrize("seed", SEEDS)
def test_nor_from_sums_over_groups(seed: int) -> None:
    draw = random.Random(seed)
    for number in range(TABLES // 4):
        marks = drawn(draw)
        rows = [
            marks,
            *({mark: drawn(draw).get(mark, 0) for mark in marks} for _ in range(draw.randrange(1, 3))),
        ]
        seen = [masked(row, mask_of(row)) for row in rows]
        whole = added(seen)
        check(
            {mark: sum(row[mark] for row in rows) for mark in marks}, whole
        ) if whole.total is not None else None
        known, names = Known(), ("a", "b", "c")[: len(rows)]
        for name, one in zip(names, seen, strict=True):
            tell(known, one, (name,))
        tell(known, whole, names)
        hidden = [
            f"{n}{m}"
            for n, one in zip(names, seen, strict=True)
            for m, cell in one.cells.items()
            if not cell.shown
        ]
        assert closest(known, hidden) >= WIDE, (seed, number, rows)


def as_set(row: Mapping[str, int]) -> Results:
    options = tuple(Option(mark, "", mark == "A") for mark in row)
    return Results(sum(row.values()), (Tally(Item("q1", "", "choices", options), dict(row)),))


def known_set(results: Results, masks: Mapping[str, Mapping[str, str]]) -> ResultSet:
    return ResultSet("e", "d", "p", "t", "v", "b", "2026-11", 0, results, masks, "p", 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", SEEDS)
def test_nor_by_taking_one_release_from_a_later_one(seed: int) -> None:
    """The same students and some more, shown later: what is shown of both, and of their difference, gives nothing away."""
    draw = random.Random(seed)
    compared = refused = 0
    for number in range(TABLES // 4):
        row = drawn(draw)
        more = {
            mark: draw.choice((0, 0, draw.randrange(4), draw.randrange(15), draw.randrange(80)))
            for mark in row
        }
        later = {mark: count + more[mark] for mark, count in row.items()}
        first = as_set(row)
        before = known_set(first, masks_of(first, ()))
        if twin_of(as_set(later), [before]) is not None:
            assert 0 < sum(more.values()) < FEWEST
            refused += 1
            continue
        if not any(more.values()):
            continue
        seen = masked(row, before.masks["q1"])
        then = masked(later, masks_of(as_set(later), [before])["q1"])
        check(later, then)
        known = Known()
        tell(known, seen, ("a",))
        tell(known, then, ("a", "d"))
        hidden = [f"a{m}" for m, cell in seen.cells.items() if not cell.shown]
        assert closest(known, hidden) >= WIDE, (seed, number, row, more)
        # Those who came later are a group of their own: no small number of theirs may be known either.
        for mark in row:
            low, high = known.range_of(f"d{mark}")
            assert high - low >= WIDE or more[mark] >= FEWEST or more[mark] == 0 == sum(more.values()), (
                seed,
                number,
                row,
                more,
                mark,
            )
        compared += 1
    assert compared > TABLES // 12
    assert refused or seed


def test_the_attacker_is_no_straw_man() -> None:
    """Without each of the rules the attacker does recover cells, and its bounds are those of trying everything."""
    known = Known()
    for mark, count in {"A": 40, "B": 12}.items():
        known.equal({mark: 1}, count)
    known.equal({"A": 1, "B": 1, "C": 1}, 57)
    assert known.range_of("C") == (5, 5)
    pair = Known()
    pair.equal({"A": 1}, 40)
    pair.equal({"A": 1, "B": 1, "C": 1}, 40)
    assert pair.range_of("B") == (0, 0)
    draw = random.Random(3)
    for _ in range(25):
        total, cap = draw.randrange(3, 12), draw.randrange(1, 8)
        facts = Known()
        facts.equal({"x": 1, "y": 1, "z": 1}, total)
        facts.equal({"y": 1, "w": 1}, total - 1)
        facts.at_most("z", cap)
        facts.at_most("w", 2)
        all_ = [
            (x, y, z, w)
            for x, y, z, w in product(range(total + 1), repeat=4)
            if x + y + z == total and y + w == total - 1 and z <= cap and w <= 2
        ]
        assert facts.range_of("y") == (min(row[1] for row in all_), max(row[1] for row in all_))
        assert facts.range_of("x") == (min(row[0] for row in all_), max(row[0] for row in all_))


def test_rows_at_the_edges() -> None:
    assert mask_of({"A": 9}) == {"A": "hidden"}
    assert mask_of({"A": 195, "B": 5, "C": 0}) == {"A": "top", "B": "hidden", "C": "hidden"}
    # One hidden cell would follow from the rest: the smallest other one goes with it.
    assert mask_of({"A": 40, "B": 12, "C": 5}) == {"A": "shown", "B": "hidden", "C": "hidden"}
    # Two whose sum is small as well.
    assert mask_of({"A": 40, "B": 12, "C": 3, "D": 4}) == {
        "A": "shown",
        "B": "hidden",
        "C": "hidden",
        "D": "hidden",
    }
    assert mask_of({"A": 40, "B": 12, "C": 10}) == {"A": "shown", "B": "shown", "C": "shown"}
    assert too_near({"A": 40, "B": 13}, {"A": 38, "B": 12})
    assert not too_near({"A": 40, "B": 13}, {"A": 40, "B": 13})
    assert not too_near({"A": 40, "B": 11}, {"A": 38, "B": 12})


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_report_says_is_made_of_masked_cells(seed: int) -> None:
    """Twin results, alike in all that is shown and unlike in hidden cells, give the same shares and difficulties."""
    draw, twins = random.Random(seed), 0
    for _ in range(TABLES // 4):
        row = drawn(draw)
        mask = mask_of(row)
        hidden = [mark for mark, state in mask.items() if state == "hidden"]
        if len(hidden) < 2 or "top" in mask.values() or sum(row.values()) < FEWEST:
            continue
        a, b = draw.sample(hidden, 2)
        moved = draw.randrange(row[a] + 1)
        twin = {**row, a: row[a] - moved, b: row[b] + moved}
        one, other = (report(known_set(as_set(r), {"q1": mask})) for r in (row, twin))
        assert one.items == other.items
        assert one.mean == other.mean
        twins += 1
    assert twins > 5


POINTS = Item("q1", "", "points", most=4)
PILES = Item("q1", "", "piles", tuple(Option(mark, "", False, mark) for mark in "BCD"))
CHOICES = Item("q1", "", "choices", tuple(Option(mark, "", mark == "A") for mark in "ABCDE"))
MARKS = {
    "points": ("0", "1", "2", "3", "4"),
    "piles": ("right", "B", "C", "D", "other"),
    "choices": ("A", "B", "C", "D", ""),
}


def as_counted(item: Item, row: Mapping[str, int]) -> Results:
    """As results are counted: a mark that nobody gave has no cell."""
    return Results(sum(row.values()), (Tally(item, {mark: n for mark, n in row.items() if n}),))


@pytest.mark.parametrize("item", [POINTS, PILES, CHOICES], ids=lambda item: str(item.kind))
def test_nor_does_a_report_tell_whether_a_hidden_answer_was_given_at_all(item: Item) -> None:
    """Twin results with the same open cells, where nobody gave an answer that some gave in the other: the reports are one."""
    draw, twins, tops = random.Random(7), 0, 0
    for _ in range(TABLES):
        row = dict(zip(MARKS[item.kind], [*drawn(draw).values(), 0, 0, 0], strict=False))
        if sum(row.values()) < FEWEST:
            continue
        results = as_counted(item, row)
        mask = masks_of(results, ())["q1"]
        few = [mark for mark in row if mask.get(mark, "hidden") == "hidden"]
        top = next((mark for mark, state in mask.items() if state == "top"), None)
        if set(mask.values()) <= {"shown"} or len(few) < 2:
            continue
        moved = dict.fromkeys(few, 0) | {draw.choice(few): sum(row[mark] for mark in few)}
        if top is not None and draw.randrange(2):
            moved = dict.fromkeys(few, 0) | {top: sum(row.values())}
        twin = as_counted(item, {**row, **moved})
        # The answers that are hidden for the other's sake: a mask may differ in cells that nobody filled, and in nothing else.
        masks = {"q1": {mark: mask.get(mark, "hidden") for mark in twin.tallies[0].counts}}
        if "hidden" not in masks["q1"].values() and top is None:
            continue
        one, other = (report(known_set(*each)) for each in ((results, {"q1": mask}), (twin, masks)))
        assert one.items == other.items, (row, moved)
        twins, tops = twins + 1, tops + (top is not None)
    assert twins > 20
    assert tops > 5


def test_reliability_is_not_said_where_it_would_tell_what_is_hidden() -> None:
    """Where all gave the same answers "every student has the same score" would say so; where one problem of two is hidden, the
    figure and the correlation of the other would give it away."""
    right = Tally(CHOICES, {"A": 40}, {"A": 80})
    second = Item("q2", "", "choices", CHOICES.options)
    same = Results(40, (right, Tally(second, {"A": 40}, {"A": 80})), 80, 160)
    half = Results(
        40, (Tally(CHOICES, {"A": 20, "B": 20}, {"A": 38, "B": 16}), Tally(second, {"A": 34, "B": 6}, {"A": 52, "B": 2})), 54, 88
    )  # fmt: skip
    for results in (same, half):
        found = report(known_set(results, masks_of(results, ())))
        assert found.reliability is None
        assert found.because == found.mean_because == "a number below 10 could be reckoned from it"
