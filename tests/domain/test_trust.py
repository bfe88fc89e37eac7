"""Figures of trust: by role and both ways, and never of so few cases that they tell of a person."""

from __future__ import annotations

import pytest

from curriculum_studio.domain.goals import SIDE_OF
from curriculum_studio.domain.trust import FEWEST, Way, answer_times, reciprocity, shares_accepted

ROLES = {"a": "teacher", "b": "teacher", "c": "researcher", "d": "lead"}


def test_answers_are_counted_both_ways() -> None:
    rows = [("a", 0, "c", 3600 * hours) for hours in (1, 2, 3, 4, 50)] + [("c", 0, "a", 7200)] * 4
    assert answer_times(rows, ROLES) == [
        Way("researcher", "teacher", 4, None),
        Way("teacher", "researcher", 5, 3.0),
    ]


def test_who_has_not_answered_is_not_counted() -> None:
    assert answer_times([("a", 0, "c", 0), ("a", 0, "gone", 5)], ROLES) == []


def test_shares_leave_out_what_people_decide_on_their_own() -> None:
    rows = [("c", "a", "accepted")] * 4 + [("c", "b", "refused")] + [("a", "a", "accepted")] * 9
    assert shares_accepted(rows, ROLES, SIDE_OF) == [Way("researcher", "teacher", 5, 0.8)]


@pytest.mark.parametrize("count", range(FEWEST))
def test_few_cases_are_no_figure(count: int) -> None:
    assert all(
        one.figure is None for one in shares_accepted([("c", "a", "accepted")] * count, ROLES, SIDE_OF)
    )


def test_no_figure_of_a_few_follows_from_that_of_their_side() -> None:
    """Six suggestions of teachers' side, five of them by teachers: the sixth, by the coach, would follow."""
    roles = ROLES | {"g": "coach"}
    decided = [("a", "c", "accepted")] * 3 + [("a", "c", "refused")] * 2 + [("g", "c", "accepted")]
    sides = {key: SIDE_OF[role] for key, role in roles.items()}
    whole = reciprocity([(of, (), by, state) for of, by, state in decided], sides, ("teachers",))[0]
    assert (whole.decided, whole.taken) == (6, 4 / 6)
    assert [one.figure for one in shares_accepted(decided, roles, SIDE_OF)] == [None, None]
    many = decided + [("g", "c", "accepted")] * 4
    assert [one.figure for one in shares_accepted(many, roles, SIDE_OF)] == [1.0, 0.6]


def test_suggestions_are_heard_across_sides_or_not() -> None:
    sides = {"t1": "teachers", "t2": "teachers", "r": "researchers"}
    rows = [("t1", {"r"}, "r", "accepted")] * 4 + [
        ("t1", {"t2"}, "t2", "accepted"),
        ("t2", set(), "", "open"),
        ("t2", {"r"}, "", "open"),
    ]
    rows += [("r", set(), "t1", "refused")] * 5
    teachers, researchers = reciprocity(rows, sides, ("teachers", "researchers"))
    assert (teachers.made, teachers.answered, teachers.decided, teachers.taken) == (7, 5 / 7, 4, None)
    assert (researchers.made, researchers.answered, researchers.taken) == (5, 1.0, 0.0)
