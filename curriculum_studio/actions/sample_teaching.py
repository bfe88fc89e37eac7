"""Hides the sample teaching of a studio for trying out: logs of lessons, a year's sessions, and what was found out about the unit.
All of it is made up, and no student is in it."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from curriculum_studio.actions.inquiries import write_inquiry
from curriculum_studio.actions.series import (
    ask_for_topic,
    begin_series,
    join_topic,
    set_meeting,
    take_topic_up,
)
from curriculum_studio.actions.teaching import write_log
from curriculum_studio.domain.effects import Arm
from curriculum_studio.domain.inquiries import Inquiry
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.teaching import Log, PartLog, Timed
from curriculum_studio.studio import Studio

_DAY = 86_400
_UNIT, _FIRST, _TASTE, _ONE, _FAIR = "ratiosu6", "k7f3q9m2", "t4w8n2xc", "r6d9v3hb", "e4n7w2pk"
_SESSION, _NEXT, _LAST = "pl6ratio", "pl6tools", "pl6rates"
_ADDING = "What to do when a whole table adds the same to both"
_Said = tuple[int | None, str, str, str]
"""Minutes, how, reason and words of one part."""


def _said(minutes: int | None = None, how: str = "written", reason: str = "", words: str = "") -> _Said:
    return minutes, how, reason, words


_LOGS: tuple[tuple[str, str, int, bool, str, dict[str, _Said]], ...] = (
    ("ada", _FIRST, 10, True, "Most drew first. The word “ratio” came late and stuck.", {
        "notice": _said(), "say-it": _said(19), "draw-band": _said(12), "lesson-synthesis": _said(), "paw": _said(),
    }),
    ("gita", _FIRST, 9, True, "", {"notice": _said(10), "say-it": _said(18), "draw-band": _said(11), "paw": _said()}),
    ("ada", _TASTE, 8, True, "Two pairs drew whole batches. Most kept the difference of 3 until the drawings hung side by side.", {
        "true-false": _said(9), "sweeter": _said(26), "batches": _said(None, "skipped", "time", "Came the next day, as the warm-up"),
        "lesson-synthesis": _said(), "lemonade": _said(8),
    }),
    ("ada", _TASTE, 7, True, "All guessed, all had a reason. It was worth the time, and the table had to be short.", {
        "true-false": _said(), "sweeter": _said(25),
        "batches": _said(9, "changed", "time", "Only the rows for 2 and 5 batches, together at the board"),
        "lesson-synthesis": _said(), "lemonade": _said(),
    }),
    ("carla", _TASTE, 7, True, "", {
        "sweeter": _said(27, "changed", "way-in", "Poured two pitchers together before the question was read"),
        "batches": _said(None, "skipped", "time"),
    }),
    ("gita", _TASTE, 6, True, "A student said that the picture is the reason. Others took that up.", {
        "true-false": _said(7), "sweeter": _said(22), "batches": _said(13), "lemonade": _said(),
    }),
    ("ada", _ONE, 5, False, "I talked too much in the second activity.", {
        "talk": _said(), "crawfish": _said(17), "rain": _said(12), "lesson-synthesis": _said(4), "reading": _said(),
    }),
    ("ben", _FAIR, 4, True, "Cutting took longer than naming. Everybody could say “one of four equal parts”.", {
        "one-pan": _said(22), "name-part": _said(12, "changed", "time", "Two of the pictures"), "garden-bed": _said(),
    }),
)  # fmt: skip
"""Who taught which lesson, how many days ago, whether it is shared, what students did, and what is said of its parts."""

_MADE_UP = "Made up for this sample; a real one names a report, or who has the figures"
_INQUIRIES: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("carla", {
        "title": "A guess before a reason, in eleven classes", "goal": "g1", "design": "compared", "assigned": "classes", "sites": 3,
        "finding": "Classes that guessed first did somewhat better on the district’s check. Eleven classes are few: the interval also "
        "holds no effect at all.",
        "measure": "The district’s autumn check, 20 questions on ratios", "maker": "independent",
        "treated": Arm(13.1, 4.2, 142, 6), "compared": Arm(11.9, 4.4, 118, 5), "apart": 0.04, "rationale": True,
    }),
    ("carla", {
        "title": "Time with tables, and what students do a year later", "goal": "g1", "design": "correlational", "assigned": "nobody",
        "finding": "Where more minutes went to ratio tables, more students solved proportion problems in the next grade, with last year’s "
        "scores held equal. What else those schools did differently is not known.",
        "measure": "State test of the next grade, proportional relationships", "maker": "standardized", "sites": 14, "adjusted": True,
        "positive": True, "rationale": True,
    }),
    ("ada", {
        "title": "Reasons in the cool-down, before and after the first pilot", "goal": "g2", "design": "before-after", "assigned": "nobody",
        "finding": "After the pilot more cool-downs had a picture as their reason. They were other students, in another year.",
        "measure": "The cool-down of lesson 2, sorted by two teachers", "maker": "developer", "sites": 1, "rationale": True,
    }),
)  # fmt: skip
"""Who wrote which inquiry down, and what it says."""


def add_sample_teaching(studio: Studio, people: Mapping[str, Person]) -> None:
    """Teaching logs, two flags that follow from them, a series with a meeting behind and one ahead, what teachers ask for,
    inquiries, and an open round of the pulse. Nothing is added to another curriculum."""
    _, curriculum = studio.curriculum()
    if not all(
        key in curriculum.by_id for key in (_UNIT, _FIRST, _TASTE, _ONE, _FAIR, _SESSION, _NEXT, _LAST)
    ):
        return
    # Random as keys have to be, and the same each time.
    draw, today = random.Random(8), datetime.now(UTC).date()  # noqa: S311 (keys of a sample, nothing secret)
    for account, lesson, days, shared, happened, said in _LOGS:
        log = Log(
            f"{draw.getrandbits(128):032x}", "", "", "", _text_taught(studio, lesson), (today - timedelta(days=days)).isoformat(), (), happened,
            shared, int(time.time()) - days * _DAY,
        )  # fmt: skip
        write_log(studio, people[account], lesson, partial(_part, said), log, sure=True)
    _add_sessions(studio, people, today)
    released = studio.content.published() or studio.content.tip() or ""
    for account, told in _INQUIRIES:
        write_inquiry(studio, people[account], _inquiry(released, told))
    studio.pulse.open((today + timedelta(days=9)).isoformat(), people["carla"].key)


def _part(said: Mapping[str, _Said], one: Timed) -> PartLog:
    return PartLog(one, *said[one.part]) if one.part in said else PartLog(one)


def _text_taught(studio: Studio, lesson: str) -> str:
    """The text that classes had: the published one."""
    path = studio.curriculum()[1].by_id[lesson][0]
    released = studio.snapshot(studio.content.published())
    return released.blob(path) if path in released else ""


def _inquiry(version: str, told: Mapping[str, Any]) -> Inquiry:
    rest: dict[str, Any] = {
        "key": "", "unit": _UNIT, "version": version, "person": "", "source": _MADE_UP, "treated": None, "compared": None, "apart": None,
        "adjusted": False, "positive": False, "rationale": False,
    }  # fmt: skip
    return Inquiry(**{**rest, **told})


def _add_sessions(studio: Studio, people: Mapping[str, Person], today: date) -> None:
    """A year of sessions: the first is over, and some weeks later it is asked what was used of it."""
    ada, ben, carla, gita = (people[name] for name in ("ada", "ben", "carla", "gita"))
    series = begin_series(studio, gita, "Ratios in grade 6: three afternoons")
    for session, days, place in ((_SESSION, -30, "Library"), (_NEXT, 6, "Library"), (_LAST, 48, "")):
        set_meeting(
            studio, gita, series, session, (today + timedelta(days=days)).isoformat(), gita.key, place
        )
    at = int(time.time()) - 30 * _DAY
    took = "Ask which cups the 5 stands for, and wait."
    studio.learning.attend(_SESSION, carla.key, took, shared=True, at=at)
    used = "Waited. Three students pointed at the drawing, and one of them said why the difference does not tell the taste."
    studio.learning.follow_up(_SESSION, carla.key, used, shared=True)
    studio.learning.attend(_SESSION, ada.key, "Draw first, also with those who say it at once.", at=at)
    for person, words in ((ada, _ADDING), (ben, "Hearing more from students who say little")):
        ask_for_topic(studio, person, words)
    for topic in studio.series.topics():
        join_topic(studio, gita if topic.words == _ADDING else ada, topic.key)
        if topic.words == _ADDING:
            take_topic_up(studio, gita, topic.key, _SESSION)
