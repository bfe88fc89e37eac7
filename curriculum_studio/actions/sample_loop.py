"""Hides the sample evidence of a studio for trying out: one loop half-way round, a charter agreed to, some years of a goal."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from curriculum_studio.actions.commitments import make_commitment
from curriculum_studio.actions.cycles import plan_cycle
from curriculum_studio.actions.evidence import take_in_results
from curriculum_studio.actions.flags import move_flag, open_flags
from curriculum_studio.actions.goals import agree_to_charter, goals_board, write_progress
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.pulse import STATEMENTS
from curriculum_studio.studio import Studio

_LESSON, _MID = "t4w8n2xc", "mid6ratio"
_AGO = 9 * 86_400
_PILES = b"item,choice,count\nlemonade,right,58\nlemonade,m-add-both,47\nlemonade,other,19\n"


def add_sample_loop(studio: Studio, people: Mapping[str, Person]) -> None:
    """Made-up results of five classes on a cool-down and on the mid-unit assessment, the flag that follows and who took it up.

    The change that answers it is in the sample history; it waits to be published. Nothing is added to another curriculum.
    """
    ada, carla, dana = people["ada"], people["carla"], people["dana"]
    at = int(time.time()) - _AGO
    try:
        take_in_results(studio, ada, _PILES, _LESSON, taken="2026-10", classes=5, at=at)
        take_in_results(studio, carla, _rows(), _MID, taken="2026-10", classes=5, at=at + 3600)
        board = goals_board(studio, carla)
    except NotFound:
        return
    for flag in open_flags(studio, carla):
        if flag.part == "m-add-both":
            words = "Almost two in five kept the difference. Could every idea be on the board before anybody explains?"
            move_flag(studio, carla, flag.key, "taken", words)
    for person in (ada, carla, dana):
        agree_to_charter(studio, person, board.blob)
    for year, value in (("2023-24", "31"), ("2024-25", "38"), ("2025-26", "45")):
        write_progress(
            studio,
            carla,
            "g1",
            year,
            value,
            "Made up for this sample: explanations in end-of-unit assessments",
        )
    _add_partnership(studio, ada, carla)
    plan_cycle(
        studio,
        ada,
        Cycle(
            "", "ratiosu6", "g1", "", "", "Collect a guess from everybody before the first reason in “Which one is sweeter?”",
            "Fewer than one in four keep the difference in the cool-down", "The cool-down of lesson 2, sorted into piles", ada.key, 0,
        ),
    )  # fmt: skip


def _add_partnership(studio: Studio, teacher: Person, researcher: Person) -> None:
    """Three rounds of the pulse that have ended, of sixteen made-up people each, and what both sides said they would do."""
    draw, now = random.Random(5), datetime.now(UTC).date()  # noqa: S311 (made up, nothing secret)
    for number, days in enumerate((250, 160, 70)):
        key = studio.pulse.open((now - timedelta(days=days)).isoformat(), researcher.key)
        for stranger in range(16):
            answers = {
                name: min(5, max(1, round(draw.gauss(2.6 + place % 4 / 4 + number * (place % 3) / 4, 0.9))))
                for place, name in enumerate(STATEMENTS)
            }
            studio.pulse.answer(key, f"made-up-{stranger}", answers)
        studio.pulse.rounds(now.isoformat())
    for person, words, days in (
        (
            researcher,
            "Results of the mid-unit assessment are back within ten days, with one page in plain words",
            12,
        ),
        (
            teacher,
            "Two classes try the guess before the reason, and bring their cool-downs to the next session",
            20,
        ),
    ):
        make_commitment(studio, person, words, (now + timedelta(days=days)).isoformat())


def _rows() -> bytes:
    """Answers of 124 made-up students, the same each time."""
    draw = random.Random(6)  # noqa: S311 (made up, nothing secret)
    lines = ["row,q1,q2,q3,q4,q5"]
    for number in range(1, 125):
        skill = draw.random()
        right = [draw.random() < 0.25 + 0.7 * skill for _ in range(4)]
        answers = (
            "A" if right[0] else draw.choice("BBC"),
            "B" if right[1] else draw.choice("AAC"),
            str(min(3, int(4 * skill))),
            "1" if right[2] else "0",
            "A" if right[3] else draw.choice(("B", "B", "")),
        )
        lines.append(",".join((str(number), *answers)))
    return ("\n".join(lines) + "\n").encode()
