"""One state of the index as readers see it: postings read once and kept, scores, phrases, the vocabulary."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from whoosh.index import TOC, FileIndex
from whoosh.reading import SegmentReader, TermNotFound

from curriculum_studio.storage.search_schema import SCHEMA, Card, card_of, parts_of, positions

Scores = dict[int, float]
_K, _B, _TITLE = 1.2, 0.6, 2.0
_MAX_KEPT = 3_000_000
_TRIES = 10


Block = tuple[Sequence[int], Sequence[float], Callable[[], Sequence[bytes | None]]]
"""Document numbers, weights, and what gives the values."""


def blocks_of(matcher: Any) -> Iterator[Block]:
    """What a matcher of Whoosh's holds, block by block: one by one, as it offers them, they take several times as long."""
    while matcher.is_active():
        # Asking for the first of a block reads it whole.
        matcher.id(), matcher.weight()

        def values() -> Sequence[bytes | None]:
            matcher.value()
            found: Sequence[bytes | None] = matcher._values
            return found

        yield matcher._ids, matcher._weights, values
        matcher._next_block()


class Segment:
    """A piece of the index, opened once, with what is remembered of it. Its files never change; which of its texts still
    count, each state of the index says for itself."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.cards: dict[int, Card] = {number: card_of(stored) for number, stored in reader.iter_docs()}
        self.numbers = {card.path: number for number, card in self.cards.items()}
        self.vocabulary: list[str] = [word.decode() for word in reader.lexicon("words")]
        self._postings: dict[tuple[str, str], tuple[array[int], array[float]]] = {}
        self._kept = 0
        self._held = 0
        self._lock = threading.Lock()

    def hold(self) -> None:
        """One more state shows it."""
        with self._lock:
            self._held += 1

    def let_go(self) -> None:
        """One state fewer shows it; the last one closes its files."""
        with self._lock:
            self._held -= 1
            if not self._held:
                self.reader.close()

    def blocks(self, field: str, word: str) -> Iterator[Block]:
        """The postings of a term, a block at a time; nothing where it stands nowhere here."""
        try:
            matcher = self.reader.postings(field, word.encode())
        except TermNotFound:
            return iter(())
        # Where texts of this piece are gone, a filter stands before its postings; what counts, each state says for itself.
        return blocks_of(getattr(matcher, "child", matcher))

    def postings(self, field: str, word: str) -> tuple[array[int], array[float]]:
        """Document numbers and weights of a term."""
        found = self._postings.get((field, word))
        if found is None:
            ids, weights = array("I"), array("f")
            for numbers, weighing, _ in self.blocks(field, word):
                ids.extend(numbers)
                weights.extend(weighing)
            if not ids:
                return ids, weights
            found = ids, weights
            self._kept += len(ids) + 20
            if self._kept > _MAX_KEPT:
                self._postings.clear()
                self._kept = len(ids) + 20
            self._postings[field, word] = found
        return found


class View:
    """An opened state of the index. Texts are known by numbers that hold for this view alone."""

    def __init__(self, opened: FileIndex, number: int, before: View | None) -> None:
        """Of what an older state shows, only what is new is opened and looked through."""
        self.folder = Path(opened.storage.folder)
        self.segments: dict[str, Segment]
        toc, self.segments = _opened(opened, before.segments if before is not None else {})
        self.generation, self.number, self.pieces = toc.generation, number, list(toc.segments)
        self.users, self.retired = 0, False
        self.lock = threading.RLock()
        self._spread: list[tuple[int, Segment]] = []
        self._gone: list[frozenset[int]] = []
        base = 0
        for one in toc.segments:
            self._spread.append((base, self.segments[one.segment_id()]))
            self._gone.append(frozenset(one.deleted_docs()) if one.has_deletions() else frozenset())
            base += one.doc_count_all()
        self.cards, total = self._counted(before)
        for segment in self.segments.values():
            segment.hold()
        self._total = total
        self.average = total / max(len(self.cards), 1) or 1.0
        self._scores: dict[tuple[str, str], Scores] = {}
        self._kept = 0
        self._words: frozenset[str] | None = None

    def _counted(self, before: View | None) -> tuple[dict[int, Card], int]:
        """The card of every text that counts, and how many words they have together. Where an older state begins with the same
        segments, only what has gone from them since is taken out."""
        cards: dict[int, Card] = {}
        total = same = 0
        if before is not None:
            pairs = zip(before._spread, self._spread, strict=False)
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
            if same == len(before._spread):
                cards, total = dict(before.cards), before._total
            else:
                same = 0
        for place, ((base, segment), gone) in enumerate(zip(self._spread, self._gone, strict=True)):
            if place < same and before is not None:
                lost = [cards.pop(base + at) for at in gone - before._gone[place]]
                total -= sum(card.length for card in lost)
            else:
                fresh = {base + at: card for at, card in segment.cards.items() if at not in gone}
                cards.update(fresh)
                total += sum(card.length for card in fresh.values())
        return cards, total

    def close(self) -> None:
        """Lets go of the files that no newer state shows."""
        for segment in self.segments.values():
            segment.let_go()

    def parts(self, number: int) -> list[tuple[str, str, str, str]]:
        """The parts of a text: anchor, kind, heading, kept text."""
        base, segment = next(row for row in reversed(self._spread) if row[0] <= number)
        with self.lock:
            return parts_of(segment.reader.stored_fields(number - base))

    @property
    def vocabulary(self) -> frozenset[str]:
        """Every word that stands anywhere."""
        if self._words is None:
            self._words = frozenset().union(*(segment.vocabulary for segment in self.segments.values()))
        return self._words

    def idf(self, count: int) -> float:
        """How much it says that a text holds something which so many texts hold."""
        return math.log(1 + (len(self.cards) - count + 0.5) / (count + 0.5))

    def word(self, word: str) -> Scores:
        """The texts that hold a word, scored; a title counts more."""
        return self._scored(("words", word), lambda: self._word(word))

    def _word(self, word: str) -> Scores:
        weights = self._weights("words", word)
        idf, cards, average = self.idf(len(weights)), self.cards, self.average
        norm = {n: _K * (1 - _B + _B * cards[n].length / average) for n in weights}
        scores = {n: idf * w * (_K + 1) / (w + norm[n]) for n, w in weights.items()}
        titles = self._weights("title", word)
        bonus = _TITLE * self.idf(len(titles))
        for number in titles:
            scores[number] = scores.get(number, 0.0) + bonus
        return scores

    def mark(self, mark: str, worth: float = 2.0) -> Scores:
        """The texts that carry a code, a kind of part or a formula."""

        def made() -> Scores:
            weights = self._weights("marks", mark)
            return dict.fromkeys(weights, worth * self.idf(len(weights)))

        return self._scored(("marks", mark), made)

    def _scored(self, key: tuple[str, str], make: Callable[[], Scores]) -> Scores:
        with self.lock:
            found = self._scores.get(key)
            if found is None:
                found = make()
                self._kept += len(found) + 20
                if self._kept > _MAX_KEPT // 4:
                    self._scores.clear()
                    self._kept = len(found) + 20
                self._scores[key] = found
        return found

    def _weights(self, field: str, word: str) -> dict[int, float]:
        cards = self.cards
        found: dict[int, float] = {}
        for base, segment in self._spread:
            ids, weights = segment.postings(field, word)
            found.update(
                (base + number, weight)
                for number, weight in zip(ids, weights, strict=True)
                if base + number in cards
            )
        return found

    def phrase(self, words: list[str]) -> Scores:
        """The texts in which the words follow each other."""
        return self._scored(("phrase", " ".join(words)), lambda: self._phrase(words))

    def _phrase(self, words: list[str]) -> Scores:
        single = [self.word(word) for word in words]
        together = set(single[0]) if single else set()
        for one in single[1:]:
            together &= one.keys()
        if len(words) < 2 or not together:
            return {number: sum(one[number] for one in single) for number in together}
        places: list[dict[int, list[int]]] = [self._places(word, together) for word in words]
        scores: Scores = {}
        for number in together:
            starts = set(places[0].get(number, ()))
            for offset, there in enumerate(places[1:], 1):
                starts &= {place - offset for place in there.get(number, ())}
            if starts:
                scores[number] = 1.5 * sum(one[number] for one in single)
        return scores

    def _places(self, word: str, wanted: set[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for base, segment in self._spread:
            for numbers, _, values in segment.blocks("words", word):
                here = [at for at, number in enumerate(numbers) if base + number in wanted]
                if here:
                    read = values()
                    found.update((base + numbers[at], positions(read[at] or b"")) for at in here)
        return found


def _opened(opened: FileIndex, before: Mapping[str, Segment]) -> tuple[Any, dict[str, Segment]]:
    """The newest state and its segments. Whoosh opens them all anew for each state, which costs what exists and not what changed.

    A writer may take files away between the look at the list and the opening: then the list is read again."""
    for left in range(_TRIES, -1, -1):
        fresh: dict[str, Segment] = {}
        try:
            toc = TOC.read(opened.storage, opened.indexname, schema=SCHEMA)
            for one in toc.segments:
                name = one.segment_id()
                fresh[name] = before.get(name) or Segment(SegmentReader(opened.storage, SCHEMA, one))
        except OSError:
            for name, segment in fresh.items():
                if name not in before:
                    segment.reader.close()
            if not left:
                raise
            time.sleep(0.05)
        else:
            return toc, fresh
    raise AssertionError
