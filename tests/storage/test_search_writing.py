"""How the search index is written: gathered, in blocks, piece by piece, and joined again; nothing of it changes what is found."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum_studio.storage import search_turns
from curriculum_studio.storage.search import SearchDocument, SearchIndex, SearchPart
from curriculum_studio.storage.search_turns import Turns

WORDS = [f"{one}{two}" for one in ("ratio", "slope", "table", "prism") for two in ("", "ne", "ld", "kin")]


def _text(number: int, chance: random.Random, turn: int = 0) -> SearchDocument:
    words = " ".join(chance.choices(WORDS, weights=range(len(WORDS), 0, -1), k=chance.randint(1, 30)))
    part = SearchPart("a", "activity", f"Activity {number}", f"{words}. common {turn} turn{turn}")
    return SearchDocument(f"grade-6/u{number % 7}/{number:03}.md", f"id{number}", f"Text {number}", "lesson", (part,))  # fmt: skip


def _found(index: SearchIndex) -> dict[str, list[tuple[str, float]]]:
    queries = ("common", "ratio", "slope table", '"ratio slope"', "=activity", "Text 7", "turn3", "prismkin")
    found = {}
    for query in queries:
        answer = index.search(query, 500)
        found[query] = sorted((hit.path, round(hit.score, 4)) for hit in answer.hits)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_pieces_find_what_an_index_made_at_once_finds(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More texts than a block holds, then changes in many pieces, some joined: the same hits with the same scores."""
    monkeypatch.setattr(search_turns, "_REST", 0.01)
    chance = random.Random(seed)
    texts = {number: _text(number, chance) for number in range(300)}
    pieces, whole = SearchIndex(tmp_path / "pieces"), SearchIndex(tmp_path / "whole")
    pieces.rebuild(lambda: (len(texts), list(texts.values())))
    for turn in range(1, 16):
        changed = {n: _text(n, chance, turn) for n in chance.sample(sorted(texts), chance.randint(1, 12))}
        gone = [texts.pop(n).path for n in chance.sample(sorted(set(texts) - set(changed)), 2)]
        texts.update(changed)
        pieces.later(list(changed.values()), gone)
        pieces.flush()
        if chance.random() < 0.5:
            time.sleep(0.05)
    whole.rebuild(lambda: (len(texts), [texts[n] for n in sorted(texts)]))
    assert {path: card.length for path, card in pieces.cards().items()} == {
        path: card.length for path, card in whole.cards().items()
    }
    assert _found(pieces) == _found(whole)
    pieces.close()
    # What lies on the disk says the same to whoever opens it.
    again = SearchIndex(tmp_path / "pieces")
    assert _found(again) == _found(whole)
    again.close()
    whole.close()


@pytest.fixture
def turns() -> Iterator[tuple[Turns[int], list[list[int]], threading.Event]]:
    done: list[list[int]] = []
    rested = threading.Event()
    made: Turns[int] = Turns(done.append, rested.set)
    yield made, done, rested
    made.close()


Made = tuple[Turns[int], list[list[int]], threading.Event]


def test_what_is_asked_in_one_moment_is_done_in_one_turn(turns: Made) -> None:
    one, done, _ = turns
    for number in range(20):
        one.ask(number)
    assert one.pending
    assert not done
    one.flush()
    assert done == [list(range(20))]
    assert not one.pending


def test_nobody_who_waits_waits_for_others(turns: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_turns, "_GATHER", 3600)
    one, done, _ = turns
    one.ask(1)
    assert one.pending
    assert one.flush(60)
    one.ask(2, now=True)
    assert one.flush(60)
    assert done == [[1], [2]]


@pytest.mark.parametrize("moment", ["_GATHER", "_LONGEST"])
def test_without_anybody_waiting_it_is_done_after_a_moment_and_never_later_than_the_longest(
    turns: Made, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    for name in ("_GATHER", "_LONGEST"):
        monkeypatch.setattr(search_turns, name, 0.02 if name == moment else 3600)
    monkeypatch.setattr(search_turns, "_REST", 0.02)
    one, done, rested = turns
    one.ask(1)
    assert rested.wait(60)
    assert done == [[1]]


def test_the_end_does_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_turns, "_GATHER", 3600)
    done: list[list[int]] = []
    one: Turns[int] = Turns(done.append, lambda: None)
    one.ask(1)
    one.ask(2)
    one.close()
    assert [number for jobs in done for number in jobs] == [1, 2]


def test_work_that_somebody_waits_for_gives_way_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    began = threading.Event()
    go_on = threading.Event()

    def work(jobs: list[int]) -> None:
        began.set()
        assert go_on.wait(60)
        one.give_way()

    one: Turns[int] = Turns(work, lambda: None)
    monkeypatch.setattr(search_turns.time, "sleep", slept.append)
    one.ask(1, now=True)
    assert began.wait(60)
    one.give_way()
    assert slept == [search_turns._AWAY]
    waiting = threading.Thread(target=one.flush)
    waiting.start()
    while not one._awaiting:
        threading.Event().wait(0.01)
    go_on.set()
    waiting.join(60)
    assert slept == [search_turns._AWAY]
    one.close()
