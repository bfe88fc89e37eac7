"""Two rendered texts as one page, and where it changed."""

from __future__ import annotations

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
