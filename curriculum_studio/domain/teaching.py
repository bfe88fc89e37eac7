"""The teaching log: what one teacher says of one lesson that was taught; theirs alone until they share it. What shared logs say
together is counted for each part, and never said as more than it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.flags import Sign
from curriculum_studio.domain.identity import in_words

HOWS: Mapping[str, str] = {"written": "as it is written", "changed": "changed", "skipped": "left out"}
REASONS: Mapping[str, str] = {
    "time": "too little time",
    "earlier": "earlier ideas were missing",
    "known": "students knew it already",
    "words": "the words stood in the way",
    "way-in": "students needed another way in",
    "room": "materials, room or devices",
    "lives": "closer to our students’ lives",
    "other": "another reason",
}
"""Why a part was changed or left out: a short list, so that it is chosen in a second and can be counted."""
MOST_WORDS, MOST_ABOUT_PART, MOST_MINUTES = 2000, 400, 240
ENOUGH = 3
"""Shared logs, of two teachers at least, from which on a rule looks at a part."""
OVER, OVER_BY = 1.25, 3
"""A part overruns where the middle of what was taught is above this many times the plan, and by this many minutes."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A part of a lesson that takes time: its id (the name of its kind where it has none), what it is called, and the minutes
    that the text plans (0: it does not say)."""

    part: str
    name: str
    planned: int


@dataclass(frozen=True, slots=True)
class PartLog:
    """What was said of one part; `taught` is None and `how` is "" where nothing was."""

    timed: Timed
    taught: int | None = None
    how: str = ""
    reason: str = ""
    words: str = ""

    @property
    def said(self) -> bool:
        """Whether anything was said."""
        return self.taught is not None or bool(self.how)


@dataclass(frozen=True, slots=True)
class Log:
    """One lesson taught once. `key` was made on the teacher's device, so that what is sent twice is kept once; `blob` is the
    text that was taught; `day` an ISO date; `at` and `changed` are seconds since 1970."""

    key: str
    person: str
    document: str
    title: str
    blob: str
    day: str
    parts: tuple[PartLog, ...]
    happened: str
    shared: bool = False
    at: int = 0
    changed: int = 0

    @property
    def minutes(self) -> tuple[int, int]:
        """Minutes planned and taught, over the parts of which both are known."""
        both = [one for one in self.parts if one.timed.planned and one.taught is not None]
        return sum(one.timed.planned for one in both), sum(one.taught or 0 for one in both)

    @property
    def whole(self) -> int | None:
        """Minutes that the lesson took; None unless of each part it is said how long, that it was left out, or that it went as
        it is written."""
        total = 0
        for one in self.parts:
            if one.taught is not None:
                total += one.taught
            elif one.how == "written" and one.timed.planned:
                total += one.timed.planned
            elif one.how != "skipped":
                return None
        return total if self.parts else None


def checked(log: Log, today: date, known: frozenset[str] = frozenset(), *, sure: bool = False) -> Log:
    """A log that can be kept. `known` are the words of the lesson: names that stand there are no student's; `sure` says that
    somebody was asked about what looks like a name. Raises `Refused`; then nothing of it is kept anywhere."""
    if not 20 <= len(log.key) <= 64 or not all(c.isascii() and (c.isalnum() or c == "-") for c in log.key):
        raise Refused("This log has no key of its own. Reload the page. Nothing was kept.")
    try:
        day = date.fromisoformat(log.day)
    except ValueError:
        raise Refused("Say on which day you taught it. Nothing was kept.") from None
    # A device may already have the next day.
    if not 0 <= (today - day).days + 1 <= 800:
        raise Refused("The day lies ahead, or very long ago. Nothing was kept.")
    parts = tuple(_part(one) for one in log.parts)
    happened = log.happened.strip()
    if not happened and not any(one.said for one in parts):
        raise Refused("Say something about one part, or what students did. Nothing was kept.")
    if len(happened) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was kept.")
    for words in (happened, *(one.words for one in parts)):
        found = in_words(words, known)
        if found and (found[0] != "name" or not sure):
            raise Refused(_SOMEBODY[found[0]].format(found[1]))
    return replace(log, parts=parts, happened=happened)


_SOMEBODY = {
    "email": "There is an address of somebody in your words. Take it out: no student may be named. Nothing was kept.",
    "number": "There is a long number in your words. Take it out: it could lead to a student. Nothing was kept.",
    "date": "There is a date in your words. Take it out: it could be a day of birth. Nothing was kept.",
    "name": "“{}” could be a student’s name. Write “a student” instead, or say below that it is no student’s name. Nothing was kept.",
}


def _part(one: PartLog) -> PartLog:
    if one.taught is not None and not 0 <= one.taught <= MOST_MINUTES:
        raise Refused(f"Minutes of {one.timed.name}: a number from 0 to {MOST_MINUTES}. Nothing was kept.")
    if len(one.words) > MOST_ABOUT_PART:
        raise Refused(f"The words about {one.timed.name} are too many. Nothing was kept.")
    how = one.how if one.how in HOWS else ""
    if how not in ("changed", "skipped"):
        return replace(one, how=how, reason="", words="")
    taught = None if how == "skipped" else one.taught
    reason = one.reason if one.reason in REASONS else ""
    return replace(one, how=how, taught=taught, reason=reason, words=one.words.strip())


@dataclass(frozen=True, slots=True)
class PartSum:
    """What shared logs say of one part: how many say anything, the minutes taught where they were said (sorted), how many
    changed it or left it out, and why (reasons with their counts, the most frequent first)."""

    timed: Timed
    logs: int
    minutes: tuple[int, ...]
    changed: int
    skipped: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def middle(self) -> float | None:
        """The median of the minutes taught."""
        return median(self.minutes) if self.minutes else None


def sums(logs: Sequence[Log]) -> tuple[PartSum, ...]:
    """What logs say of each part, in the order of the newest text; parts that only an older text had come last."""
    newest = sorted(logs, key=lambda one: (one.day, one.at), reverse=True)
    order = list(dict.fromkeys(row.timed.part for log in newest for row in log.parts))
    found = []
    for part in order:
        rows = [row for log in newest for row in log.parts if row.timed.part == part]
        said = [row for row in rows if row.said]
        reasons = Counter(row.reason or "not said" for row in said if row.how in ("changed", "skipped"))
        found.append(
            PartSum(
                rows[0].timed,
                len(said),
                tuple(sorted(row.taught for row in said if row.taught is not None)),
                sum(row.how == "changed" for row in said),
                sum(row.how == "skipped" for row in said),
                tuple((REASONS.get(name, name), count) for name, count in reasons.most_common()),
            )
        )
    return tuple(found)


def weight_of(logs: Sequence[Log]) -> str:
    """How much so many logs say, in a sentence."""
    people = len({one.person for one in logs})
    if not logs:
        return "Nobody has shared a log of this lesson yet."
    if len(logs) == 1:
        return "One log is shared. It tells of one lesson in one room, and of no other."
    who = "all by one teacher" if people == 1 else f"by {people} teachers"
    if not enough(logs):
        return f"{len(logs)} logs are shared, {who}: too few to say how the lesson usually goes."
    return (
        f"{len(logs)} logs are shared, {who}. They tell of these lessons; teachers who share may differ "
        "from those who do not."
    )


def signs_of_teaching(logs: Sequence[Log]) -> Iterator[Sign]:
    """The flags that shared logs of one lesson raise: a part that takes longer than planned, a part that is often changed or
    left out. Said in counts, without names."""
    for part in dict.fromkeys(row.timed.part for log in logs for row in log.parts):
        rows = [(log, row) for log in logs for row in log.parts if row.timed.part == part]
        timed = [(log, row) for log, row in rows if row.timed.planned and row.taught is not None]
        if _enough(timed):
            ratio = median((row.taught or 0) / row.timed.planned for _, row in timed)
            over = median((row.taught or 0) - row.timed.planned for _, row in timed)
            if ratio > OVER and over >= OVER_BY:
                planned, taught = (
                    median(r.timed.planned for _, r in timed),
                    median(r.taught or 0 for _, r in timed),
                )
                words = f"“{timed[0][1].timed.name}”: {len(timed)} shared logs, {taught:g} minutes in the middle, {planned:g} planned."
                yield Sign("overrun", logs[0].document, part, _LOG, words)
        told = [(log, row) for log, row in rows if row.how]
        other = [row for _, row in told if row.how != "written"]
        if _enough(told) and 2 * len(other) >= len(told):
            why = Counter(REASONS[row.reason] for row in other if row.reason).most_common(2)
            reasons = f" ({'; '.join(f'{name}: {count}' for name, count in why)})" if why else ""
            words = f"“{told[0][1].timed.name}”: changed or left out in {len(other)} of {len(told)} shared logs{reasons}."
            yield Sign("frequent-adaptation", logs[0].document, part, _LOG, words)


_LOG = "teaching"
"""The source of a sign of the log: one for all, so that an open flag is not raised anew with each log."""


def _enough(rows: Sequence[tuple[Log, PartLog]]) -> bool:
    return enough([log for log, _ in rows])


def enough(logs: Sequence[Log]) -> bool:
    """Whether a rule looks at so many logs: three, of two teachers at least."""
    return len(logs) >= ENOUGH and len({log.person for log in logs}) > 1
