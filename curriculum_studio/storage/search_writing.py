"""Hides how a text comes into Whoosh's files in little time: postings gathered by term, small blocks unpacked, pieces joined."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PostingsWriter, W3Segment
from whoosh.reading import SegmentReader

from curriculum_studio.storage.search_view import View, blocks_of

_BLOCK = 128
_PACKED = 8
"""Blocks of fewer postings are not packed: it takes longer than to read them as they are."""
_POSTINGS, _TERMS = 128, 64
"""After so many there is a pause: about half a millisecond of work."""
FEW, MANY = 8, 48
"""Pieces of like size that are joined when nobody waits, and those that are joined whoever waits."""
Term = tuple[str, bytes, "array[int]", list[bytes]]
"""A field, a term of it, the numbers of the texts that hold it, and what each holds of it."""


class _Gathered:
    """The postings of a piece by their terms, with as few objects as can be. Whoosh would sort millions of rows, on the disk
    once they are many; here the texts come in order, and the terms alone are sorted."""

    def __init__(self, pause: Callable[[], None]) -> None:
        self._terms: dict[tuple[str, bytes], tuple[array[int], array[int], bytearray]] = {}
        self._pause, self._count = pause, 0

    def _breathe(self, often: int) -> None:
        self._count += 1
        if not self._count % often:
            self._pause()

    def add(self, posting: tuple[str, bytes, int, float, bytes | None]) -> None:
        """Takes one posting; those of a term come in the order of their texts."""
        field, term, number, _, value = posting
        found = self._terms.get((field, term))
        if found is None:
            found = self._terms[field, term] = array("I"), array("I"), bytearray()
        found[0].append(number)
        if value:
            found[2].extend(value)
        found[1].append(len(found[2]))
        self._breathe(_POSTINGS)

    def take_over(
        self, terms: Any, formats: Callable[[str], Any], number: Callable[[int], int | None]
    ) -> None:
        """Takes all postings of a piece that is joined, term by term in its order; `number` gives the new number of a text, None
        where it is gone. Whoosh would look each term up once more."""
        for (field, term), known in terms.items():
            matcher = terms._codec.postings_reader(terms._postfile, known, formats(field))
            for numbers, _, values in blocks_of(matcher):
                for old, value in zip(numbers, values(), strict=True):
                    if (new := number(old)) is not None:
                        self.add((field, term, new, 0.0, value))

    def iter_postings(self) -> Iterator[Term]:
        """All terms in order, each with its postings; they are let go on the way."""
        for field, term in sorted(self._terms):
            numbers, ends, values = self._terms.pop((field, term))
            self._breathe(_TERMS)
            yield field, term, numbers, [bytes(values[at:end]) for at, end in pairwise((0, *ends))]

    def cleanup(self) -> None:
        """Lets all go."""
        self._terms.clear()


class _Postings(W3PostingsWriter):  # type: ignore[misc]
    """Writes the postings of a term block by block; what it writes Whoosh's own reader reads."""

    def put(self, numbers: array[int], values: list[bytes]) -> None:
        """All postings of a term; the last block is written by `finish_postings`."""
        for at in range(0, len(numbers), _BLOCK):
            here = values[at : at + _BLOCK]
            self._ids = numbers[at : at + _BLOCK]
            # The weight of a posting is how often the term stands there: four bytes for each place.
            self._weights = array("f", [len(value) // 4 or 1 for value in here])
            self._maxweight = max(self._weights)
            self._values = [value for value in here if value]
            self._compression = 1 if len(here) >= _PACKED else 0
            if at + _BLOCK < len(numbers):
                self._write_block()


class _Fields(W3FieldWriter):  # type: ignore[misc]
    """Writes term by term, without the lengths of fields: the scores are ours, and look for them nowhere."""

    def add_postings(self, schema: Any, lengths: Any, terms: Iterable[Term]) -> None:
        field = ""
        for name, term, numbers, values in terms:
            if name != field:
                if field:
                    self.finish_field()
                self.start_field(name, schema[name])
                field = name
            self.start_term(term)
            self._postwriter.put(numbers, values)
            self.finish_term()
        if field:
            self.finish_field()


class _Codec(W3Codec):  # type: ignore[misc]
    """Whoosh's own files, written in less time: a save waits for nobody, but everybody's pages wait for its processor."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=1)

    def new_segment(self, storage: Any, indexname: str) -> Any:
        # What lies on the disk names Whoosh's own reader, and nothing of ours.
        return W3Segment(W3Codec(), indexname)

    def field_writer(self, storage: Any, segment: Any) -> Any:
        return _Fields(self, storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:
        return _Postings(dbfile, blocklimit=_BLOCK, byteids=byteids, compression=self._compression)


@contextlib.contextmanager
def writing(opened: Any, pause: Callable[[], None] = lambda: None) -> Iterator[Any]:
    """A writer of an opened index; every few postings and terms it calls `pause`, so that what nobody waits for can let others on.
    Where it did not commit, it lets go of all that it holds."""
    writer = opened.writer(codec=_Codec())
    try:
        writer.pool = _Gathered(pause)
        yield writer
    finally:
        if not writer.is_closed:
            writer.cancel()


def take_away(writer: Any, view: View | None, path: str) -> None:
    """Marks a text as gone in what a writer writes. Whoosh would open the whole index to find it; where the view knows every
    segment, it is found there."""
    known = view.segments if view is not None else {}
    if not all(one.segment_id() in known for one in writer.segments):
        writer.delete_by_term("path", path)
        return
    base = 0
    for one in writer.segments:
        number = known[one.segment_id()].numbers.get(path)
        if number is not None and not one.is_deleted(number):
            writer.delete_document(base + number)
        base += one.doc_count_all()


def joining(most: int) -> Callable[[Any, list[Any]], list[Any]]:
    """How a commit treats the pieces that are there: those of like size are joined once there are so many of them, so that a
    save never pays for the whole index."""

    def join(writer: Any, segments: list[Any]) -> list[Any]:
        left: list[Any] = []
        for members in _tiers(segments):
            if len(members) < most:
                left += members
                continue
            for segment in members:
                _take_over(writer, segment)
        return left

    return join


def _take_over(writer: Any, segment: Any) -> None:
    reader = SegmentReader(writer.storage, writer.schema, segment)
    base = writer.docnum
    moved: dict[int, int] | None = writer.write_per_doc(set(writer.schema.names()), reader)

    def number(old: int) -> int | None:
        return base + old if moved is None else moved.get(old)

    writer.pool.take_over(reader._terms, lambda field: writer.schema[field].format, number)
    writer._added = True
    reader.close()


def in_pieces(segments: list[Any]) -> bool:
    """Whether there is something to join when nobody waits."""
    return any(len(members) >= FEW for members in _tiers(segments))


def _tiers(segments: Iterable[Any]) -> list[list[Any]]:
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        if alive := segment.doc_count():
            tiers.setdefault(len(str(alive)), []).append(segment)
    return list(tiers.values())
