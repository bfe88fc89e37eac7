"""Coverage of many lessons against the whole framework: cold (nothing kept) and warm (the page asked again).

`python -m bench.coverage [--lessons 5000]`; goals: 2 s cold, 200 ms warm. The starter curriculum's share of major work is
printed besides.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from curriculum_studio.actions.alignment import Scope, coverage_at, coverage_of
from curriculum_studio.cli_standards import curriculum_at
from curriculum_studio.formats import claims
from curriculum_studio.formats.coverage_table import coverage_csv
from curriculum_studio.formats.curriculum import curriculum_of
from curriculum_studio.formats.facts import facts_of
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.formats.lesson_markdown import read_document


def generate(lessons: int, seed: int = 1) -> dict[str, bytes]:
    """Texts of so many lessons in units of 20, with claims all over the framework."""
    draw = random.Random(seed)
    known = framework({}, "ccssm-2010")
    assert known is not None
    codes = {
        grade: [one.code for one in known.standards.values() if one.grade == grade]
        for grade in ("3", "4", "5", "6", "7", "8")
    }
    files = {"curriculum.md": b"---\nid: course\ntitle: Course\n---\n"}
    for number in range(lessons):
        folder, grade = f"unit-{number // 20:03}", str(3 + number // 20 % 6)
        if number % 20 == 0:
            files[f"{folder}/unit.md"] = (
                f"---\nid: unit-{number}\ntitle: Unit {number // 20}\ngrade: {grade}\n---\n".encode()
            )
        own = draw.sample(codes[grade], 4)
        files[f"{folder}/{number % 20:02}-lesson.md"] = (
            f"---\nid: lesson-{number}\ntitle: Lesson {number}\nminutes: 45\nstandards:\n  building-on: [{own[0]}]\n"
            f"  addressing: [{own[1]}, {own[2]}]\n  building-toward: [{own[3]}]\n---\n"
            f"## Activity: One {{#a minutes=20 rigor=conceptual,application}}\n### Student task\nThink.\n"
            f"## Practice problems\n### Problem {{#p1 standard={own[1]} dok=2}}\nWhy?\n"
        ).encode()
    return files


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lessons", type=int, default=5000)
    lessons = parser.parse_args().lessons
    files = generate(lessons)
    facts = {path: facts_of(read_document(path, content)) for path, content in files.items()}
    curriculum = curriculum_of(facts, files)
    known = framework({}, "ccssm-2010")
    assert known is not None
    single = sum(
        one.kind in ("standard", "substandard", "cluster", "practice") for one in known.standards.values()
    )
    cold, warm, table = [], [], []
    for _ in range(5):
        claims._KEPT.clear()
        began = time.perf_counter()
        coverage_at(files, curriculum, Scope())
        cold.append(time.perf_counter() - began)
    first = _Kept(files, curriculum)
    coverage_of(cast(Any, first), Scope(), lambda path: True)
    for _ in range(9):
        began = time.perf_counter()
        found = coverage_of(cast(Any, first), Scope(), lambda path: True)
        warm.append(time.perf_counter() - began)
    for _ in range(3):
        began = time.perf_counter()
        coverage_csv(found)
        table.append(time.perf_counter() - began)
    for name, rows, goal in (
        ("cold", cold, 2.0),
        ("warm", warm, 0.2),
        ("the whole table as CSV", table, None),
    ):
        middle = statistics.median(rows)
        verdict = "" if goal is None else f"  goal {goal:g} s: {'met' if middle <= goal else 'missed'}"
        print(f"{lessons:,} lessons x {single} standards, {name}: {middle * 1000:,.0f} ms{verdict}")
    source, own = curriculum_at(Path("units"))
    share = coverage_at(source, own, Scope()).major_share
    print(
        f"major work of the starter curriculum: {float(100 * share):.1f} %"
        if share is not None
        else "no share"
    )


class _Kept:
    """What coverage asks of a studio: its folder, and the newest version with its outline."""

    def __init__(self, files: dict[str, bytes], curriculum: Any) -> None:
        self.settings = SimpleNamespace(folder=Path("/bench"))
        self._files, self._curriculum = _Snapshot(files), curriculum

    def curriculum(self) -> tuple[Any, Any]:
        return self._files, self._curriculum


class _Snapshot(dict[str, bytes]):
    version = "v"


if __name__ == "__main__":
    main()
