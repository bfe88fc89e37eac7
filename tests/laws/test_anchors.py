"""Comments stay on their words: every kind of edit, a thousand times, against the truth that the edits carry along."""

from __future__ import annotations

import os
import random

import pytest

from curriculum_studio.domain.anchor_paths import AnchorPath
from curriculum_studio.domain.anchors import Anchor, Place, anchor_at, find_all, grown, search
from curriculum_studio.domain.errors import Refused
from tests.laws.anchor_edits import GOALS, ROWS, judged

TRIALS = int(os.environ.get("ANCHOR_TRIALS", "1000"))
TEXT = "Lena mixes 2 cups of syrup with $5:2$ cups of ice.\n\nThe [ratio](glossary.md#ratio) is what matters here.\n"


@pytest.mark.parametrize("name", ROWS)
def test_words_are_found_again(name: str) -> None:
    seed = int(os.environ.get("ANCHOR_SEED", "7"))
    trial, exactly = ROWS[name]
    rng = random.Random(f"{seed} {name}")
    out = [judged(*trial(rng), exactly=exactly) for _ in range(TRIALS)]
    right, wrong = out.count("right") / TRIALS, out.count("wrong") / TRIALS
    least, most = GOALS[name]
    assert right >= least, f"{name}, seed {seed}: {right:.1%} right, {wrong:.1%} wrong"
    assert wrong <= most, f"{name}, seed {seed}: {right:.1%} right, {wrong:.1%} wrong"


@pytest.mark.parametrize(
    ("chosen", "whole"),
    [
        ("syrup with $5", "syrup with $5:2$"),
        ("2$ cups", "$5:2$ cups"),
        ("rat", "[ratio](glossary.md#ratio)"),
        ("of ice", "of ice"),
        (" cups ", "cups"),
    ],
)
def test_a_choice_grows_to_whole_formulas_and_links(chosen: str, whole: str) -> None:
    at = TEXT.index(chosen)
    start, end = grown(TEXT, at, at + len(chosen))
    assert TEXT[start:end] == whole


def test_an_anchor_keeps_the_words_and_what_stands_around_them() -> None:
    at = TEXT.index("cups of ice")
    anchor = anchor_at(TEXT, at, at + 11, "b1", "mix")
    assert anchor == Anchor("cups of ice", TEXT[:at][-64:], TEXT[at + 11 :][:64], at, "b1", "mix")
    assert (anchor.end, anchor.whole) == (at + 11, False)


@pytest.mark.parametrize(("start", "end"), [(3, 3), (-1, 4), (0, 9999), (10, 11), (5, 2)])
def test_what_is_no_choice_is_refused(start: int, end: int) -> None:
    text = "Lena mixes 2 cups."
    text = text[:10] + " " + text[10:]
    with pytest.raises(Refused):
        anchor_at(text, start, end, "b1")


def test_a_lost_place_is_tried_again_from_where_it_was_last_seen() -> None:
    at = TEXT.index("2 cups of syrup")
    anchor = anchor_at(TEXT, at, at + 15, "b1")
    last = Place("b1", at, at + 15)
    without = TEXT.replace("2 cups of syrup with ", "")
    assert find_all({"a": (anchor, last)}, {"b1": TEXT}, "b2", without) == {"a": None}
    found = find_all({"a": (anchor, last)}, {"b1": TEXT, "b2": without}, "b3", "So: " + TEXT)["a"]
    assert found == Place("b3", at + 4, at + 19)


def test_words_that_stand_twice_are_not_guessed() -> None:
    anchor = Anchor("the cups", "somewhere else entirely ", " and nothing like it", 0, "b0")
    assert search(anchor, "First the cups stand here. Then the cups stand there.") is None


def test_other_words_that_read_the_same_are_not_the_chosen_ones() -> None:
    old = "Draw the band. Use marks.\n\nColor the band. Use marks.\n"
    at = old.rindex("Use marks")
    anchor, last = anchor_at(old, at, at + 9, "b1"), Place("b1", at, at + 9)
    new = old[:at].rstrip() + "\n"
    assert find_all({"a": (anchor, last)}, {"b1": old}, "b2", new) == {"a": None}


def test_an_unreadable_old_text_leaves_the_search() -> None:
    quote = "a ratio compares two amounts that go together"
    anchor = Anchor(quote, "Remember: ", ".", 400, "gone")
    found = find_all({"a": (anchor, Place("gone", 400, 446))}, {}, "b2", f"Well. Remember: {quote}.")["a"]
    assert found is not None
    assert found.end - found.start == len(quote)


def test_positions_keep_their_order() -> None:
    path = AnchorPath(TEXT, TEXT.replace("Lena mixes", "On Monday Lena quickly mixes"))
    places = [path.near(n) for n in range(len(TEXT))]
    assert places == sorted(places)
