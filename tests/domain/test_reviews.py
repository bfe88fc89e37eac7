"""Suggestions: what somebody changed becomes changes to take one by one, and taking them over gives the changed text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum_studio.domain.anchors import Anchor, Place
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.reviews import (
    Proposal,
    Remark,
    Thread,
    Wanted,
    applied,
    changes_of,
    fitting,
    in_order,
    mentioned,
    proposals,
    said,
    taken,
)

OLD = (
    "Lena mixes 2 cups of syrup with $5:2$ cups of ice. She stirs.\n\nThe ratio matters, and the order too.\n"
)
_WORDS = st.lists(
    st.sampled_from(
        ["Lena", "mixes", "syrup", "$5:2$", "cups", "\n\n", ".", "[ratio](g.md#ratio)", "- item", "é"]
    ),
    max_size=24,
).map(" ".join)


def thread(quote: str, replacement: str | None, **more: object) -> Thread:
    anchor = Anchor(quote, "", "", 0, "b1")
    return Thread("t-1", "x", "x.md", anchor, Place("b1", 0, len(quote)), "p-a", 5, replacement, **more)  # type: ignore[arg-type]


@given(_WORDS, _WORDS)
@settings(max_examples=300, deadline=None)
def test_all_suggestions_taken_over_give_the_changed_text(old: str, new: str) -> None:
    found = proposals(old, new)
    assert applied(old, found) == new
    assert all(old[one.start : one.end].strip() for one in found) or not old.strip()


def test_changes_that_stand_together_are_one_suggestion() -> None:
    new = OLD.replace("2 cups of syrup", "two cups of red syrup").replace(
        "the order too", "so does the order"
    )
    assert [(OLD[one.start : one.end], one.replacement) for one in proposals(OLD, new)] == [
        ("2 cups of", "two cups of red"),
        ("the order too", "so does the order"),
    ]


def test_what_is_put_in_has_words_to_stay_with() -> None:
    found = proposals(OLD, OLD.replace("She stirs.", "She stirs. Twice."))
    assert all(OLD[one.start : one.end].strip() for one in found)
    assert proposals("", "New") == [Proposal(0, 0, "New")]


def test_a_part_of_a_suggestion_can_be_taken() -> None:
    one = thread("mixes 2 cups of syrup", "stirs 2 cups of red syrup")
    assert changes_of(one) == 2
    assert taken(one) == "stirs 2 cups of red syrup"
    assert taken(one, [0]) == "stirs 2 cups of syrup"
    assert taken(one, [1]) == "mixes 2 cups of red syrup"
    assert taken(one, []) == "mixes 2 cups of syrup"


def test_a_suggestion_fits_words_that_changed_beside_it() -> None:
    one = thread("Lena mixes 2 cups of syrup.", "Lena stirs 2 cups of syrup.")
    assert fitting(one, "Lena mixes 2 cups of blue syrup.") == "Lena stirs 2 cups of blue syrup."
    with pytest.raises(Refused):
        fitting(one, "Lena shakes 2 cups of syrup.")


def test_two_suggestions_for_the_same_words_are_not_taken_together() -> None:
    with pytest.raises(Refused):
        applied(OLD, [Proposal(0, 10, "Ada stirs"), Proposal(5, 12, "mixed 3")])


def test_people_are_mentioned_by_their_whole_names() -> None:
    names = {"p-a": "Ada", "p-b": "Ada Byron", "p-c": "Carla"}
    assert mentioned("@Ada Byron and @Carla, see @Ada: @nobody @", names) == ["p-b", "p-c", "p-a"]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_remarks_have_words_and_an_end(text: str) -> None:
    with pytest.raises(Refused):
        said(text)


def test_threads_stand_in_the_order_of_the_text() -> None:
    def at(key: str, start: int, *, lost: bool = False, quote: str = "w") -> Thread:
        anchor = Anchor(quote, "", "", start, "b1")
        return Thread(key, "x", "x.md", anchor, Place("b1", start, start + 1), "p-a", 5, lost=lost)

    rows = [at("late", 9), at("lost", 0, lost=True), at("early", 3), at("whole", 50, quote="")]
    assert [one.key for one in in_order(rows)] == ["whole", "early", "late", "lost"]


def test_a_list_is_narrowed_by_person_state_kind() -> None:
    one = thread("w", None, assigned="p-b", remarks=(Remark("p-c", "hm", 7),))
    assert one.people == {"p-a", "p-b", "p-c"}
    assert one.last == 7
    for person in ("", "p-a", "p-b", "p-c"):
        assert Wanted(person).takes(one)
    assert not Wanted("p-d").takes(one)
    assert not Wanted(state="closed").takes(one)
    assert not Wanted(kind="suggestion").takes(one)
    assert not Wanted(part="mix").takes(one)
