"""Threads on words: what is said about a text, and other words suggested for it; how they are ordered, read and applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from curriculum_studio.domain.anchors import Anchor, Place
from curriculum_studio.domain.differences import Piece, difference, tokens
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.merging import merge

Kind = Literal["comment", "suggestion"]
State = Literal["open", "resolved", "accepted", "refused"]
REASONS = ("done", "answered", "not now", "no change wanted", "its words are gone")
"""Why a thread may be closed, to choose from; other words may be given."""
MOST_WORDS = 4000
"""Characters in a remark."""
_APART = 3
"""Changes with fewer words than this between them are one suggestion."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said in a thread (`person` is a key, `at` seconds since 1970)."""

    person: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation on words of a text, or a suggestion of other words for them.

    `text` is the id of the text (its path where it has none), `path` where it last lay. `anchor` is never rewritten;
    `place` is where its words were last seen, and with `lost` they are not there now. Of a suggestion, `replacement`
    is what should stand in place of the words ("" takes them away); None of a comment.
    """

    key: str
    text: str
    path: str
    anchor: Anchor
    place: Place
    person: str
    at: int
    replacement: str | None = None
    lost: bool = False
    state: State = "open"
    reason: str = ""
    closed_by: str = ""
    closed_at: int = 0
    assigned: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether it is a comment or a suggestion."""
        return "comment" if self.replacement is None else "suggestion"

    @property
    def open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state == "open"

    @property
    def last(self) -> int:
        """When something last happened in it."""
        return max(self.at, self.closed_at, *(one.at for one in self.remarks), 0)

    @property
    def people(self) -> frozenset[str]:
        """Everybody who takes part."""
        found = {self.person, self.assigned, *(one.person for one in self.remarks)}
        return frozenset(found - {""})

    def pieces(self) -> list[Piece]:
        """Of a suggestion, what stays, goes and comes, word by word."""
        return list(_pieces(self.anchor.quote, self.replacement)) if self.replacement is not None else []


@lru_cache(maxsize=2048)
def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """A page asks for the same ones several times: to show them, to mark them in the text, to take a part of them."""
    return tuple(difference(old, new))


def said(text: str) -> str:
    """A remark as it is kept. Raises `Refused` where it is empty or too long."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Refused("Write a few words first. Nothing was kept yet.")
    if len(words) > MOST_WORDS:
        raise Refused(f"That is more than {MOST_WORDS} characters. Nothing was kept yet; your words are still here.")  # fmt: skip
    return words


def mentioned(text: str, names: Mapping[str, str]) -> list[str]:
    """The keys of the people whose name stands behind an @ (key to name); the longest name that fits is meant."""
    found = []
    for match in re.finditer(r"@(?=\S)", text):
        rest = text[match.end() :]
        fitting = [(len(name), key) for key, name in names.items() if name and rest.startswith(name)]
        if fitting:
            found.append(max(fitting)[1])
    return list(dict.fromkeys(found))


def in_order(threads: Iterable[Thread]) -> list[Thread]:
    """Threads as their words stand in the text; those on the whole text first, those that lost their words last."""
    return sorted(threads, key=lambda one: (one.lost, not one.anchor.whole, one.place.start, one.at, one.key))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of threads is narrowed to; "" wants all. `state` is open or closed."""

    person: str = ""
    state: str = "open"
    part: str = ""
    kind: str = ""

    def takes(self, thread: Thread) -> bool:
        """Whether a thread is wanted."""
        return (
            (not self.person or self.person in thread.people)
            and (self.state not in ("open", "closed") or thread.open == (self.state == "open"))
            and (not self.part or thread.anchor.part == self.part)
            and (not self.kind or thread.kind == self.kind)
        )


# Suggestions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """Other words for a range of a text."""

    start: int
    end: int
    replacement: str


def proposals(old: str, new: str) -> list[Proposal]:
    """What somebody changed in a text, as suggestions: changes that stand close together are one.

    Formulas and links are replaced whole. What is only put in takes the word beside it along, so that it has words
    to stay with.
    """
    found: list[Proposal] = []
    at = 0
    for piece in difference(old, new):
        if piece.kind == "same":
            at += len(piece.text)
            continue
        last = found[-1] if found else None
        close = last is not None and (
            at <= last.end or (_few(old[last.end : at]) and "\n\n" not in old[last.end : at])
        )
        if last is None or not close:
            last = Proposal(at, at, "")
            found.append(last)
        between = old[last.end : at]
        gone = piece.text if piece.kind == "gone" else ""
        came = piece.text if piece.kind == "came" else ""
        at += len(gone)
        found[-1] = Proposal(last.start, at, last.replacement + between + came)
    return _apart(old, found)


def _apart(old: str, raw: list[Proposal]) -> list[Proposal]:
    """Proposals with words to stay with; where that makes two touch the same words, they are one."""
    while True:
        whole = [_with_words(old, one) for one in raw]
        at = next((n for n, (one, two) in enumerate(pairwise(whole)) if two.start < one.end), -1)
        if at < 0:
            return whole
        one, two = raw[at : at + 2]
        both = one.replacement + old[one.end : two.start] + two.replacement
        raw = [*raw[:at], Proposal(one.start, two.end, both), *raw[at + 2 :]]


def _few(between: str) -> bool:
    return sum(one[0].isalnum() for one in tokens(between)) < _APART


def _with_words(old: str, one: Proposal) -> Proposal:
    """A proposal whose range has words: what is only put in takes the words before it along, else those after it."""
    if old[one.start : one.end].strip():
        return one
    before = list(tokens(old[max(one.start - 400, 0) : one.start]))
    ahead = ""
    while before and not any(char.isalnum() for char in ahead):
        ahead = before.pop() + ahead
    if any(char.isalnum() for char in ahead):
        return Proposal(one.start - len(ahead), one.end, ahead + one.replacement)
    behind = ""
    for token in tokens(old[one.end : one.end + 400]):
        behind += token
        if any(char.isalnum() for char in token):
            return Proposal(one.start, one.end + len(behind), one.replacement + behind)
    # No word stands near: the signs around it must do.
    return Proposal(one.start - len(ahead), one.end + len(behind), ahead + one.replacement + behind)


def changes_of(thread: Thread) -> int:
    """How many changes a suggestion has that can be taken one by one."""
    return len(_hunks(thread.pieces()))


def taken(thread: Thread, chosen: Iterable[int] | None = None) -> str:
    """The words of a suggestion with all its changes, or with the chosen ones alone (counted from 0)."""
    if chosen is None:
        return thread.replacement or ""
    pieces, wanted = thread.pieces(), set(chosen)
    number = {n: hunk for hunk, places in enumerate(_hunks(pieces)) for n in places}
    return "".join(
        piece.text
        for n, piece in enumerate(pieces)
        if piece.kind == "same" or (piece.kind == "came") == (number[n] in wanted)
    )


def _hunks(pieces: Sequence[Piece]) -> list[list[int]]:
    """The changes of a suggestion: pieces that follow each other without anything unchanged between."""
    found: list[list[int]] = []
    for n, piece in enumerate(pieces):
        if piece.kind == "same":
            continue
        if found and found[-1][-1] == n - 1:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def decided_together(thread: Thread, others: Iterable[Thread]) -> list[Thread]:
    """The suggestions on a text that were decided in the same act as one of them: by the same person, in the same way, in the
    same moment."""
    act = thread.state, thread.closed_by, thread.closed_at
    return [
        one for one in others if one.kind == "suggestion" and (one.state, one.closed_by, one.closed_at) == act
    ]


def applied(text: str, wanted: Iterable[Proposal]) -> str:
    """A text with suggestions taken over. Raises `Refused` where two of them want the same words changed."""
    rows = sorted(wanted, key=lambda one: (one.start, one.end))
    for one, following in pairwise(rows):
        if following.start < one.end:
            raise Refused("Two of these suggestions change the same words. Take them one after the other.")
    for one in reversed(rows):
        text = text[: one.start] + one.replacement + text[one.end :]
    return text


def fitting(thread: Thread, now: str, chosen: Iterable[int] | None = None) -> str:
    """What a suggestion puts in place of `now`, the words as they stand today.

    Where they are no longer the words that it was made for, its changes are put together with those made since.
    Raises `Refused` where both changed the same words.
    """
    wanted = taken(thread, chosen)
    if now == thread.anchor.quote:
        return wanted
    merged = merge(thread.anchor.quote, wanted, now).text
    if merged is None:
        raise Refused("The words were changed since in the same place. Nothing was changed; write the change by hand.")  # fmt: skip
    return merged


def moved_to(thread: Thread, place: Place | None) -> Thread:
    """A thread whose words were looked for in a newer text; without a place they are lost, and the last one is kept."""
    return replace(thread, lost=True) if place is None else replace(thread, place=place, lost=False)
