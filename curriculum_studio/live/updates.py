"""Hides how an update of the shared text is written (the first format of Yjs), and what of it a room accepts.

A room keeps one plain text and nothing else. So an update is read before anybody applies it: only runs of text and
what is deleted may be in it, in the one text, with nothing missing that it builds on. Whatever else comes is
refused here, byte by byte, and never reaches the library that applies updates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from curriculum_studio.live.offsets import units_of

ROOT = "text"
_MOST = 1 << 53
_MOST_CLOCK = 1 << 31
"""The library counts the units of a writer in 32 bits, and fails beyond."""
_GC, _DELETED, _STRING, _SKIP = 0, 1, 4, 10
_LEFT, _RIGHT = 0x80, 0x40


class Damaged(Exception):
    """Bytes that no update of one plain text may hold."""


class Reader:
    """Reads numbers and strings one after another. Raises `Damaged` where the bytes end too early."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def done(self) -> bool:
        """Whether everything was read."""
        return self._at == len(self._content)

    def byte(self) -> int:
        """One byte."""
        if self._at >= len(self._content):
            raise Damaged("it ends too early")
        self._at += 1
        return self._content[self._at - 1]

    def number(self) -> int:
        """A number of seven bits a byte, below 2⁵³."""
        found, shift = 0, 0
        while True:
            byte = self.byte()
            found |= (byte & 0x7F) << shift
            if found >= _MOST or shift > 56:
                raise Damaged("a number is too large")
            if byte < 0x80:
                return found
            shift += 7

    def piece(self) -> bytes:
        """Bytes after their number."""
        length = self.number()
        start, end = self._at, self._at + length
        if end > len(self._content):
            raise Damaged("it ends too early")
        self._at = end
        return self._content[start:end]

    def text(self) -> str:
        """A string after the number of its bytes."""
        try:
            return self.piece().decode()
        except UnicodeDecodeError as error:
            raise Damaged("a text is not UTF-8") from error

    def rest(self) -> bytes:
        """All that was not read yet."""
        start, self._at = self._at, len(self._content)
        return self._content[start:]


def number(value: int) -> bytes:
    """A number of seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def state_of(content: bytes) -> dict[int, int]:
    """A state vector: for each writer how many units are known. Raises `Damaged`."""
    reader = Reader(content)
    found = {reader.number(): reader.number() for _ in range(reader.number())}
    if not reader.done():
        raise Damaged("bytes are left over")
    return found


def state_vector(known: Mapping[int, int]) -> bytes:
    """The bytes of a state vector."""
    return number(len(known)) + b"".join(number(key) + number(clock) for key, clock in known.items())


@dataclass(slots=True)
class Update:
    """What an update holds. `runs`: for each writer from which clock to which; `needs`: for each writer the clock that
    must be known before or by it, `ties` those of them that another writer's text needs; `added` and `removed`: units
    of text put in and taken out. `halves` are the first units of characters that take two; `cuts`
    are the units after which it cuts the text in two; `pieces` are each writer's words, with the clock of their first unit."""

    runs: dict[int, tuple[int, int]] = field(default_factory=dict)
    needs: dict[int, int] = field(default_factory=dict)
    ties: dict[int, int] = field(default_factory=dict)
    added: int = 0
    removed: int = 0
    halves: set[tuple[int, int]] = field(default_factory=set)
    cuts: list[tuple[int, int]] = field(default_factory=list)
    pieces: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def fits(self, known: Mapping[int, int]) -> bool:
        """Whether everything that it builds on is known, or in it."""
        if any(start > known.get(key, 0) for key, (start, _) in self.runs.items()):
            return False
        return all(
            clock <= max(known.get(key, 0), self.runs.get(key, (0, 0))[1])
            for key, clock in self.needs.items()
        )

    def tied(self, known: Mapping[int, int]) -> bool:
        """Whether writers of whom it brings something new build on one another in it: they may do so in a circle."""
        return any(clock > known.get(key, 0) for key, clock in self.ties.items())

    def cuts_character(self, halves: Set[tuple[int, int]], known: Mapping[int, int]) -> bool:
        """Whether it cuts a character of two units in two: one of those that are there (`halves`) or of its own, by building
        on half of it, by taking out half of it, or by bringing half of one that is known already."""
        joints = [*self.cuts, *((writer, known.get(writer, 0) - 1) for writer in self.runs)]
        return any(joint in halves or joint in self.halves for joint in joints)

    def repeats(self, known: Mapping[int, int]) -> dict[int, int]:
        """The writers of whom it brings something that is known, and the clock from which on it does."""
        return {key: start for key, (start, _) in self.runs.items() if start < known.get(key, 0)}

    def contradicts(self, other: Update) -> bool:
        """Whether the two hold different words under the same clocks of one writer; what either has as taken out is no word."""
        return any(
            _differ(pieces, other.pieces[writer])
            for writer, pieces in self.pieces.items()
            if writer in other.pieces
        )

    def size(self, known: Mapping[int, int]) -> int:
        """The bytes of text that it puts in where so much is known."""
        return sum(
            len(_words_from(words, known.get(writer, 0) - clock).encode())
            for writer, pieces in self.pieces.items()
            for clock, words in pieces
        )

    def fresh(self, known: Mapping[int, int]) -> dict[int, int]:
        """The writers of whom it brings something new, and the clock that they then have."""
        return {key: end for key, (_, end) in self.runs.items() if end > known.get(key, 0)}


def _words_from(words: str, unit: int) -> str:
    return words.encode("utf-16-le")[2 * unit :].decode("utf-16-le", "ignore") if unit > 0 else words


def _differ(some: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]]) -> bool:
    left, right = ([(at, words.encode("utf-16-le")) for at, words in pieces] for pieces in (some, others))
    here = there = 0
    while here < len(left) and there < len(right):
        (one, words), (two, instead) = left[here], right[there]
        ends = one + len(words) // 2, two + len(instead) // 2
        start, end = max(one, two), min(ends)
        if (
            start < end
            and words[2 * (start - one) : 2 * (end - one)] != instead[2 * (start - two) : 2 * (end - two)]
        ):
            return True
        if ends[0] <= ends[1]:
            here += 1
        else:
            there += 1
    return False


def read_update(content: bytes) -> Update:
    """Reads an update. Raises `Damaged` where it is none, or holds anything but one plain text."""
    reader, found = Reader(content), Update()
    for _ in range(reader.number()):
        structs, writer, clock = reader.number(), reader.number(), reader.number()
        if writer in found.runs:
            raise Damaged("a writer stands in it twice")
        start = clock
        for _ in range(structs):
            clock = _read_struct(reader, found, writer, clock)
        if clock >= _MOST_CLOCK or not structs:
            raise Damaged("a clock makes no sense")
        found.runs[writer] = (start, clock)
        found.cuts.append((writer, start - 1))
    for _ in range(reader.number()):
        writer = reader.number()
        for _ in range(reader.number()):
            clock, length = reader.number(), reader.number()
            _need(found.needs, writer, clock + length)
            found.removed += length
            found.cuts += [(writer, clock - 1), (writer, clock + length - 1)]
    if not reader.done():
        raise Damaged("bytes are left over")
    return found


def _read_struct(reader: Reader, found: Update, writer: int, clock: int) -> int:
    kind = reader.byte()
    content = kind & 0x1F
    if content == _SKIP:
        raise Damaged("a piece is left out")
    if content == _GC:
        return clock + _length(reader)
    for side in (_LEFT, _RIGHT):
        if kind & side:
            whose, place = reader.number(), reader.number()
            if whose == writer and place >= clock:
                raise Damaged("it builds on itself")
            _need(found.needs, whose, place + 1)
            if whose != writer:
                _need(found.ties, whose, place + 1)
            found.cuts.append((whose, place if side == _LEFT else place - 1))
    if not kind & (_LEFT | _RIGHT) and (reader.number() != 1 or reader.text() != ROOT or kind & 0x20):
        raise Damaged("it writes elsewhere than in the text")
    if content == _DELETED:
        return clock + _length(reader)
    if content != _STRING:
        raise Damaged("it holds something else than text")
    words = reader.text()
    if not words:
        raise Damaged("a piece is empty")
    units = units_of(words)
    found.added += units
    found.pieces.setdefault(writer, []).append((clock, words))
    if units != len(words):
        _note_halves(found, writer, clock, words)
    return clock + units


def _note_halves(found: Update, writer: int, clock: int, words: str) -> None:
    for char in words:
        if char > "\uffff":
            found.halves.add((writer, clock))
            clock += 1
        clock += 1


def _length(reader: Reader) -> int:
    length = reader.number()
    if not length:
        raise Damaged("a piece is empty")
    return length


def _need(needs: dict[int, int], writer: int, clock: int) -> None:
    if clock > needs.get(writer, 0):
        needs[writer] = clock
