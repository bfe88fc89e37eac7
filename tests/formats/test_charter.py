"""The charter is read into values, goals and drivers, and drawn; what hangs in the air is said."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.goals import Assent, Goal, Point, checked_point, missing_sides, side_of
from curriculum_studio.formats.charter import read_charter
from curriculum_studio.formats.goal_pictures import driver_diagram, years_chart
from curriculum_studio.formats.lesson_markdown import read_document

UNITS = Path(__file__).resolve().parents[2] / "units"
TEXT = """## Values
- v1: Every idea
  counts.

## Goals
- g1: Explain <why>
  - measure: Share of
    answers
  - target: 60 percent
  - by: 2028-05
- g2: Listen

## Drivers
- d1: Tasks that ask why & how
  - serves: g1
  - idea: One sentence at the end
- d2: Hangs in the air
  - serves: g9

## Notes
- g7: no goal
"""


def charter(text: str = TEXT):  # type: ignore[no-untyped-def]
    return read_charter(read_document("charter.md", text.encode()))


def test_values_goals_and_drivers() -> None:
    found = charter()
    assert found.values == (("v1", "Every idea counts."),)
    assert found.goals == (
        Goal("g1", "Explain <why>", "Share of answers", "60 percent", "2028-05"),
        Goal("g2", "Listen"),
    )
    assert found.goals[0].aim == 60
    assert found.goals[1].aim is None
    assert [(one.id, one.serves, one.ideas) for one in found.drivers] == [
        ("d1", ("g1",), ("One sentence at the end",)),
        ("d2", ("g9",), ()),
    ]
    assert found.loose == (
        "Driver d2 serves no goal of the charter.", "Driver d2 has no idea for change.", "No driver serves goal g2.",
    )  # fmt: skip


def test_the_diagram_holds_every_word_and_is_well_formed() -> None:
    picture = driver_diagram(charter())
    drawn = ElementTree.fromstring(picture)  # noqa: S314 (our own)
    words = " ".join("".join(drawn.itertext()).split())
    for one in (
        "Explain <why>",
        "Tasks that ask why & how",
        "One sentence at the end",
        "Driver diagram: 2 aims, 2 drivers",
    ):
        assert one in words
    # Aim to driver, driver to idea; the one that serves nothing has no line.
    assert picture.count("<path") == 2
    assert driver_diagram(charter("## Goals\n- g1: x\n")) == ""


def test_years_are_drawn_with_their_target() -> None:
    goal = charter().goals[0]
    points = [Point("g1", "2024-25", 40, "x"), Point("g1", "2025-26", 52, "x")]
    picture = years_chart(goal, points)
    ElementTree.fromstring(picture)  # noqa: S314 (our own)
    assert "from 40 % to 52 %" in picture
    assert ">aimed at: 60 %</text>" in picture
    assert years_chart(goal, points[:1]) == ""


def test_the_starter_charter_hangs_together() -> None:
    found = read_charter(read_document("charter.md", (UNITS / "charter.md").read_bytes()))
    assert len(found.values) == 7
    assert [one.id for one in found.goals] == ["g1", "g2", "g3"]
    assert all(one.measure and one.target and one.by for one in found.goals)
    assert len(found.drivers) == 3
    assert not found.loose


def test_both_sides_agree_to_one_text() -> None:
    yes = [
        Assent("ada", side_of("teacher"), "b1", 1),
        Assent("carla", side_of("researcher"), "b0", 1),
        Assent("dana", side_of("lead"), "b1", 1),
    ]
    assert missing_sides(yes, "b1") == ("researchers",)
    assert missing_sides([*yes, Assent("carla", "researchers", "b1", 2)], "b1") == ()
    assert missing_sides(yes, "b2") == ("teachers", "researchers")
    with pytest.raises(Refused):
        side_of("administrator")


@pytest.mark.parametrize(
    ("goal", "year", "value", "source"),
    [
        ("g9", "2025-26", "1", "x"),
        ("g1", "2025-27", "1", "x"),
        ("g1", "25-26", "1", "x"),
        ("g1", "2025-26", "many", "x"),
        ("g1", "2025-26", "1", " "),
        ("g1", "2025-26", "1", "x" * 201),
    ],
)
def test_progress_that_makes_no_sense_is_refused(goal: str, year: str, value: str, source: str) -> None:
    with pytest.raises(Refused):
        checked_point(charter().goals, goal, year, value, source)
    assert checked_point(charter().goals, "g1", "2025-26", " 62.5 % ", "Observed lessons").value == 62.5
