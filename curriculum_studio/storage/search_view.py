"""One state of the index as readers see it: postings read once and kept, scores, phrases, the vocabulary."""

from __future__ import annotations

import math
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from whoosh.reading import TermNotFound

from curriculum_studio.storage.search_schema import Card, card_of, parts_of, positions

Scores = dict[int, float]
_K, _B, _TITLE = 1.2, 0.6, 2.0
_MAX_KEPT = 3_000_000


class Segment:
    """What is remembered of a segment, which never changes but for deletions."""

    def __init__(self, leaf: Any) -> None:
        self.cards: dict[int, Card] = {number: card_of(stored) for number, stored in leaf.iter_docs()}
        self.vocabulary: list[str] = [word.decode() for word in leaf.lexicon("words")]
        self._postings: dict[tuple[str, str], tuple[array[int], array[float]]] = {}
        self._kept = 0

    def postings(self, leaf: Any, field: str, word: str) -> tuple[array[int], array[float]]:
        """Document numbers and weights of a term."""
        found = self._postings.get((field, word))
        if found is None:
            ids, weights = array("I"), array("f")
            try:
                matcher = leaf.postings(field, word.encode())
            except TermNotFound:
                return ids, weights
            while matcher.is_active():
                ids.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
            found = ids, weights
            self._kept += len(ids) + 20
            if self._kept > _MAX_KEPT:
                self._postings.clear()
                self._kept = len(ids) + 20
            self._postings[field, word] = found
        return found


class View:
    """An opened state of the index. Texts are known by numbers that hold for this view alone."""

    def __init__(self, reader: Any, generation: int, before: Mapping[str, Segment]) -> None:
        self.reader, self.generation = reader, generation
        self.users, self.retired = 0, False
        self.lock = threading.RLock()
        self.segments: dict[str, Segment] = {}
        self._leaves: list[tuple[Any, int, Segment]] = []
        self.cards: dict[int, Card] = {}
        for leaf, base in reader.leaf_readers():
            name = leaf.segment().segment_id() if hasattr(leaf, "segment") and leaf.segment() else ""
            if not name:
                continue
            segment = before.get(name) or Segment(leaf)
            self.segments[name] = segment
            self._leaves.append((leaf, base, segment))
            deleted = set(leaf.segment().deleted_docs()) if leaf.has_deletions() else ()
            for number, card in segment.cards.items():
                if number not in deleted:
                    self.cards[base + number] = card
        self.average = sum(c.length for c in self.cards.values()) / max(len(self.cards), 1) or 1.0
        self._scores: dict[tuple[str, str], Scores] = {}
        self._kept = 0
        self._words: frozenset[str] | None = None

    def close(self) -> None:
        """Closes the files."""
        self.reader.close()

    def parts(self, number: int) -> list[tuple[str, str, str, str]]:
        """The parts of a text: anchor, kind, heading, kept text."""
        with self.lock:
            return parts_of(self.reader.stored_fields(number))

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
        for leaf, base, segment in self._leaves:
            ids, weights = segment.postings(leaf, field, word)
            found.update(
                (base + number, weight)
                for number, weight in zip(ids, weights, strict=True)
                if base + number in cards
            )
        return found

    def phrase(self, words: list[str]) -> Scores:
        """The texts in which the words follow each other."""
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

    def _places(self, word: str, wanted: Iterable[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        numbers = set(wanted)
        with self.lock:
            for leaf, base, _ in self._leaves:
                try:
                    matcher = leaf.postings("words", word.encode())
                except TermNotFound:
                    continue
                while matcher.is_active():
                    if base + matcher.id() in numbers:
                        found[base + matcher.id()] = positions(matcher.value())
                    matcher.next()
        return found
