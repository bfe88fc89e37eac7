"""The pulse: sums that hold nobody's answers, and figures that fewer than ten people, or all of one mind, do not show."""

from __future__ import annotations

import random

import pytest

from curriculum_studio.domain.commitments import Commitment, Step, how_kept, next_step, promised
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.pulse import (
    DIMENSIONS,
    FEWEST,
    STATEMENTS,
    Round,
    Sums,
    added,
    checked_answers,
    ends_on,
    figure,
    kept,
)

SEED = random.randrange(10**6)


def rounds_of(people: list[dict[str, int]]) -> tuple[Round, Sums]:
    sums: Sums = {}
    for answers in people:
        sums = added(sums, answers)
    number, there = kept(len(people), sums)
    return Round("u", 0, "2026-11-01", True, number, there), sums


# The number in the name is the same in every process that collects; the seed is told where the law fails.
@pytest.mark.parametrize("number", range(200))
def test_what_is_shown_comes_from_ten_people_or_more(number: int) -> None:
    seed = SEED + number
    print(f"seed {seed}")
    draw = random.Random(seed)
    people = [
        {key: draw.randint(1, 5) for key in STATEMENTS if draw.random() < draw.choice((0.3, 0.7, 1))}
        for _ in range(draw.randint(0, 25))
    ]
    one, sums = rounds_of(people)
    for dimension in DIMENSIONS:
        for keys in (tuple(dimension.statements), *((key,) for key in dimension.statements)):
            shown = figure(one, keys)
            fewest = min(sum(key in row for row in people) for key in keys)
            assert (shown.mean is not None) == (len(people) >= FEWEST and fewest >= FEWEST), seed
            if shown.mean is not None:
                mean = sum(sums[key][1] for key in keys) / sum(sums[key][0] for key in keys)
                assert 1.5 <= shown.mean <= 4.5, seed
                assert abs(shown.mean - min(4.5, max(1.5, mean))) <= 0.05 + 1e-9, seed
    # Nothing of a small number stays, not even unshown.
    assert all(number >= FEWEST for number, _ in (one.sums or {}).values())
    assert one.few == (len(people) < FEWEST)


def test_order_leaves_no_trace_in_sums() -> None:
    draw = random.Random(SEED)
    people = [{key: draw.randint(1, 5) for key in STATEMENTS} for _ in range(14)]
    mixed = draw.sample(people, len(people))
    assert rounds_of(people) == rounds_of(mixed), SEED


def test_of_one_mind_is_not_told() -> None:
    for value, words in ((5, "4.5 or more"), (1, "1.5 or less"), (3, "3.0")):
        one, _ = rounds_of([dict.fromkeys(STATEMENTS, value)] * 12)
        assert figure(one, ["trust-open"]).words == words


def test_answers_and_days_are_checked() -> None:
    assert checked_answers({"trust-open": "4", "trust-kept": "", "other": "9"}) == {"trust-open": 4}
    for bad in ({}, {"trust-open": "6"}, {"trust-open": "x"}):
        with pytest.raises(Refused):
            checked_answers(bad)
    assert ends_on("2026-11-01", "2026-11-04") == "2026-11-04"
    for day in ("2026-11-03", "2027-02-01", "soon", "2026-10-01"):
        with pytest.raises(Refused):
            ends_on("2026-11-01", day)


def made(*steps: tuple[str, str, str]) -> Commitment:
    return Commitment(
        "w",
        "teachers",
        tuple(Step(act, "Try it", due, "", "p", 0, day) for act, due, day in steps),  # type: ignore[arg-type]
    )


def test_how_a_side_keeps_to_its_word() -> None:
    first = ("made", "2026-11-10", "2026-11-01")
    found = [
        made(first, ("done", "2026-11-10", "2026-11-09")),
        made(first, ("changed", "2026-12-01", "2026-11-09"), ("done", "2026-12-01", "2026-11-20")),
        made(first),
        made(first, ("changed", "2026-12-24", "2026-11-09")),
        made(first, ("dropped", "2026-11-10", "2026-11-08")),
    ]
    row = how_kept(found, ("teachers", "researchers"), "2026-11-30")[0]
    assert (row.made, row.in_time, row.later, row.open, row.late, row.dropped) == (5, 1, 1, 2, 1, 1)


def test_a_change_needs_its_reason_and_the_end_is_the_end() -> None:
    one = made(("made", "2026-11-10", "2026-11-01"))
    assert next_step(one, "done", "", "", "", "2026-11-05")[0] == "done"
    with pytest.raises(Refused, match="why"):
        next_step(one, "changed", "Later", "2026-12-01", "", "2026-11-05")
    assert next_step(one, "changed", "", "2026-12-01", "Ill", "2026-11-05") == (
        "changed",
        "Try it",
        "2026-12-01",
        "Ill",
    )
    with pytest.raises(Refused):
        next_step(
            made(("made", "2026-11-10", "x"), ("done", "2026-11-10", "y")), "done", "", "", "", "2026-11-05"
        )
    for words, due in (
        ("", "2026-11-10"),
        ("x" * 301, "2026-11-10"),
        ("x", "2026-11-01"),
        ("x", "soon"),
        ("x", "2036-01-01"),
    ):
        with pytest.raises(Refused):
            promised(words, due, "2026-11-05")
