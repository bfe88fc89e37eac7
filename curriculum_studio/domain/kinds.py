"""The kinds of part that a lesson has, and which edition shows each: the table that keeps answers from students.

Names and synonyms in several languages stand in `formats/kinds.toml`; this table knows only what a kind means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Edition = Literal["student", "family", "teacher"]
Editions = frozenset[str]

EDITIONS: tuple[Edition, ...] = ("student", "family", "teacher")
NOBODY: Editions = frozenset()
TEACHER: Editions = frozenset({"teacher"})
STUDENT_TEACHER: Editions = frozenset({"student", "teacher"})
FAMILY_TEACHER: Editions = frozenset({"family", "teacher"})
EVERYONE: Editions = frozenset(EDITIONS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of part: the level of its heading, who sees its own text, and what may stand in it.

    `parts` is true where deeper headings make parts of their own; the text before the first of them is then
    the teacher's. `once` kinds may stand once in a lesson; `timed` kinds carry minutes.
    """

    name: str
    level: int
    editions: Editions
    parts: bool = False
    timed: bool = False
    once: bool = False


def _table(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.name: kind for kind in kinds}


KINDS: Mapping[str, Kind] = _table(
    Kind("learning-goals", 2, TEACHER, once=True),
    Kind("learning-targets", 2, EVERYONE, once=True),
    Kind("lesson-preparation", 2, TEACHER, once=True),
    Kind("warm-up", 2, STUDENT_TEACHER, parts=True, timed=True, once=True),
    Kind("activity", 2, STUDENT_TEACHER, parts=True, timed=True),
    Kind("lesson-synthesis", 2, TEACHER, timed=True, once=True),
    Kind("cool-down", 2, STUDENT_TEACHER, parts=True, timed=True, once=True),
    Kind("lesson-summary", 2, EVERYONE, once=True),
    Kind("practice-problems", 2, STUDENT_TEACHER, parts=True, once=True),
    Kind("for-families", 2, FAMILY_TEACHER, once=True),
    Kind("for-students", 2, EVERYONE, once=True),
    Kind("research-notes", 2, NOBODY),
    Kind("section", 2, TEACHER, parts=True),
    Kind("directions", 2, TEACHER),
    Kind("launch", 3, TEACHER),
    Kind("grouping", 3, TEACHER),
    Kind("monitoring", 3, TEACHER),
    Kind("synthesis", 3, TEACHER),
    Kind("student-responses", 3, TEACHER),
    Kind("student-task", 3, STUDENT_TEACHER),
    Kind("anticipated-response", 3, TEACHER),
    Kind("misconception", 3, TEACHER),
    Kind("advancing-student-thinking", 3, TEACHER),
    Kind("support-multilingual-learners", 3, TEACHER),
    Kind("support-students-with-disabilities", 3, TEACHER),
    Kind("extension", 3, STUDENT_TEACHER),
    Kind("problem", 3, STUDENT_TEACHER, parts=True),
    Kind("hint", 4, STUDENT_TEACHER),
    Kind("answer", 4, TEACHER),
    Kind("solution", 4, TEACHER),
    Kind("rubric", 4, TEACHER),
)

TEACHER_ONLY: frozenset[str] = frozenset(
    name for name, kind in KINDS.items() if not kind.editions & {"student", "family"}
)
CONTAINERS: frozenset[str] = frozenset({"warm-up", "activity", "cool-down", "practice-problems"})
"""Parts in which an unknown `###` is held back, and whose own text before the first `###` is the teacher's."""

EXPECTED_IN_ACTIVITY: tuple[str, ...] = ("launch", "student-task", "synthesis")

PART_KEYS: Mapping[str, Editions] = {
    "minutes": EVERYONE,
    "optional": EVERYONE,
    "standard": EVERYONE,
    "points": EVERYONE,
    "check": EVERYONE,
    "rigor": TEACHER,
    "dok": TEACHER,
    "from": TEACHER,
    "for": TEACHER,
    "misconception": TEACHER,
    "udl": TEACHER,
    "routine": TEACHER,
    "tolerance": TEACHER,
    "unit": TEACHER,
}
"""Attributes of parts that the format knows, and who sees each. Anything else is seen by nobody."""

HEADER_KEYS: Mapping[str, Editions] = {
    **dict.fromkeys(
        [
            "id",
            "title",
            "minutes",
            "standards",
            "practices",
            "routines",
            "language",
            "license",
            "credits",
            "based-on",
            "formerly",
            "grade",
        ],
        EVERYONE,
    ),
    "materials": EVERYONE,  # of which students see `materials.student` alone
    "goals": TEACHER,
    "weeks": TEACHER,
    "sections": EVERYONE,  # of which students see titles and lessons
}
