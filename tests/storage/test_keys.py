"""Names of new things: each once, in the order in which they were given; so of things of one second the newest stands first."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from curriculum_studio.domain.anchors import Anchor
from curriculum_studio.domain.cycles import Cycle
from curriculum_studio.storage.approvals import Approvals
from curriculum_studio.storage.bin import Bin
from curriculum_studio.storage.cycles import Cycles
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.people import People
from curriculum_studio.storage.reports import Reports
from curriculum_studio.storage.reviews import Reviews
from curriculum_studio.storage.series import SeriesShelf

WORDS = [f"number {n}" for n in range(12)]
ANCHOR = Anchor("", "", "", 0, "0" * 40)


def test_names_stand_in_the_order_in_which_they_were_given() -> None:
    names = [new_key("t") for _ in range(2000)]
    assert len(set(names)) == 2000
    assert names == sorted(names)


def cycles(database: Database, ada: str, words: str) -> list[str]:
    Cycles(database).plan(Cycle("", "u", "g1", "", "", words, "p", "m", ada, 0))
    return [one.idea for one in Cycles(database).all()]


def series(database: Database, ada: str, words: str) -> list[str]:
    SeriesShelf(database).begin(words, ada)
    return [one.title for one in SeriesShelf(database).all()]


def topics(database: Database, ada: str, words: str) -> list[str]:
    SeriesShelf(database).ask(words, ada)
    return [one.words for one in SeriesShelf(database).topics()]


def binned(database: Database, ada: str, words: str) -> list[str]:
    Bin(database).put(words, [], "v", "", 0, ada, int(time.time()))
    return [one.title for one in Bin(database).all()]


def reports(database: Database, ada: str, words: str) -> list[str]:
    Reports(database).add("a.md", ANCHOR, words)
    return [one.words for one in Reports(database).all()]


def threads(database: Database, ada: str, words: str) -> list[str]:
    Reviews(database).start([("text", "a.md", ANCHOR, None)], ada, words, {})
    found = [one.remarks[0].text for one in Reviews(database).everywhere()]
    assert [one.remarks[0].text for one in Reviews(database).of_text("text")] == found[::-1]
    return found


def requests(database: Database, ada: str, words: str) -> list[str]:
    Approvals(database).ask("text", "a.md", ada, ["p-ben"], words, "", "")
    return [one.question for one in Approvals(database).requests()]


@pytest.mark.parametrize("kind", [cycles, series, topics, binned, reports, threads, requests])
def test_of_one_second_the_newest_stands_first(
    database: Database, monkeypatch: pytest.MonkeyPatch, kind: Callable[[Database, str, str], list[str]]
) -> None:
    ada, now = People(database).add("Ada", "ada", "teacher").key, time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    for words in WORDS:
        found = kind(database, ada, words)
    assert found == WORDS[::-1]
