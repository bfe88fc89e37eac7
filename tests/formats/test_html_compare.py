"""Two rendered texts as one page, and where it changed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from curriculum_studio.formats.html_compare import changed_places, compared

OLD = (
    '<p>At the top.</p><section><h2>Warm-up <span class="badge">5 min</span></h2><p>One. Two.</p></section>'
    "<section><h2>Cool-down &amp; more</h2><p>Three.</p></section><section><h3>Old title</h3><p>Four.</p></section>"
)


def test_each_part_that_changed_is_named_once_in_order() -> None:
    new = (
        OLD.replace("One. Two.", "Uno. Two, due.")
        .replace("Three.", "")
        .replace("Old title", "New title")
        .replace("Four.", "Five.")
    )
    page, places = changed_places(compared(OLD, new))
    assert [(one.heading, one.name) for one in places] == [
        ("Warm-up", "change-1"), ("Cool-down & more", "change-2"), ("New title", "change-3"),
    ]  # fmt: skip
    for one in places:
        assert page.count(f'id="{one.name}"') == 1
    assert page.replace(' id="change-1"', "").replace(' id="change-2"', "").replace(
        ' id="change-3"', ""
    ) == compared(OLD, new)


def test_what_stands_above_all_parts_has_no_heading_and_what_is_the_same_no_place() -> None:
    _, places = changed_places(compared(OLD, OLD.replace("At the top.", "On the top.")))
    assert [one.heading for one in places] == [""]
    assert changed_places(compared(OLD, OLD)) == (OLD, ())


WORDS = st.lists(
    st.sampled_from(["one", "two", "of", "ratio", "3", " ", ".", "<math><mi>x</mi></math>"]), max_size=12
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(
    lambda parts: "".join(f"<p>{' '.join(part)}</p>" for part in parts)
)


@given(TEXTS, TEXTS)
def test_what_stayed_and_came_is_the_new_text(old: str, new: str) -> None:
    page = re.sub(r"<del>.*?</del>", "", compared(old, new), flags=re.DOTALL)
    page = re.sub(r'<ins><span class="quietly">added: </span>(.*?)</ins>', r"\1", page, flags=re.DOTALL)
    assert page == new


def test_a_sentence_that_was_written_anew_is_read_in_one_go() -> None:
    page = compared(
        "<p>What we learned, in words that students can keep.</p>",
        "<p>Mixtures with equal ratios taste the same.</p>",
    )
    assert page.count("<ins>") == page.count("<del>") == 1
