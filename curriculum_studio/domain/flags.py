"""Flags: a part of a text with the evidence that something about it deserves a look. A flag is evidence and no verdict; a person
takes it up, sets it aside with a reason, or closes it once the next results are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from curriculum_studio.domain.agreement import Agreement
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.item_report import WEAK, Report

State = Literal["open", "taken", "aside", "closed"]
FREQUENT = 0.15
"""A misconception is frequent where even the lower end of the interval of its share lies above this."""
STEADY = 100
"""Students from whom on a weak item is flagged: with fewer, the correlation says little."""
LOW = 0.667
"""Krippendorff (2004), Content Analysis, 2nd ed., chapter 11: below this not even tentative conclusions are drawn."""
REPORTED = 3
"""Readers' reports on one part from which on it is flagged."""
MOST_WORDS = 2000

RULES: Mapping[str, tuple[str, str]] = {
    "strong-distractor": (
        "A misconception is frequent",
        "More than 15 % of students gave an answer that shows it: even the lower end of the 95 % interval lies above that.",
    ),
    "weak-item": (
        "A problem goes little with the others",
        "How students did on it has a correlation below 0.20 with how they did otherwise, with 100 students or more.",
    ),
    "low-agreement": (
        "Raters do not agree",
        "In a round that is over, Krippendorff’s alpha (Gwet’s AC2 where nearly all ratings are one value) is below 0.667, the least at which even cautious conclusions are drawn from ratings.",
    ),
    "reader-reports": (
        "Readers report something",
        "Three or more readers’ reports of the last 30 days are on the same part. Who writes there reads them.",
    ),
    "overrun": (
        "A part takes longer than planned",
        "In three or more shared teaching logs, of two teachers at least, the middle of the minutes taught is more than a quarter above the plan, and three minutes or more.",
    ),
    "frequent-adaptation": (
        "A part is often changed or left out",
        "In three or more shared teaching logs, of two teachers at least, half or more changed the part or left it out.",
    ),
}
"""Each rule by its name: its title, and when it raises a flag."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What raises a flag: the rule, the part (id of the text and of the part, "" for the whole text), where the evidence stands (the key of results, of
    a round; "teaching" for the teaching log), and the evidence in words."""

    rule: str
    document: str
    part: str
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a flag: `raised`, `taken`, `aside`, `closed` or `again`; by whom ("" for a rule), why, when."""

    act: str
    person: str
    words: str
    at: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag with all its steps, the oldest first."""

    key: str
    rule: str
    document: str
    part: str
    state: State
    steps: tuple[Step, ...] = field(default=())

    @property
    def title(self) -> str:
        """What it says, in a few words."""
        return RULES[self.rule][0]

    @property
    def at(self) -> int:
        """When it was raised."""
        return self.steps[0].at if self.steps else 0

    @property
    def live(self) -> bool:
        """Whether its loop is not closed."""
        return self.state in ("open", "taken")


_AFTER: Mapping[str, State] = {"taken": "taken", "aside": "aside", "closed": "closed", "again": "open"}
_FROM: Mapping[str, frozenset[State]] = {
    "taken": frozenset({"open"}),
    "aside": frozenset({"open", "taken"}),
    "closed": frozenset({"taken"}),
    "again": frozenset({"aside", "closed"}),
}


def state_after(flag: Flag, act: str, words: str) -> State:
    """The state after somebody's step. Raises `Refused` where it does not follow, or where no reason is given."""
    if act not in _AFTER or flag.state not in _FROM[act]:
        raise Refused("This flag has moved on meanwhile. Look at it again. Nothing was changed.")
    if not words.strip():
        raise Refused("Write a sentence that others can follow later. Nothing was changed.")
    if len(words) > MOST_WORDS:
        raise Refused("These are too many words. Nothing was changed.")
    return _AFTER[act]


def signs_of(found: Report, where: Mapping[str, str], called: Mapping[str, str]) -> Iterator[Sign]:
    """The signs in results. `where` gives for a misconception the id of the text that tells of it, `called` its name. Only what is
    shown speaks."""
    one = found.set
    for item in found.items:
        label = item.item.title if item.item.kind == "piles" else f"problem {item.item.id}"
        for answer in item.answers:
            share = answer.share
            if (
                answer.misconception
                and share
                and share.interval
                and share.interval[0] > FREQUENT
                and not answer.right
            ):
                low, high = (round(100 * end) for end in share.interval)
                idea = f"“{called.get(answer.misconception, answer.misconception)}”"
                what = (
                    f"show {idea}"
                    if item.item.kind == "piles"
                    else f"chose {answer.mark}, which shows {idea}"
                )
                yield Sign(
                    "strong-distractor",
                    where.get(answer.misconception, one.document),
                    answer.misconception if answer.misconception in where else item.item.id,
                    one.key,
                    f"{one.title}, {label}: {answer.cell.low} of {item.n} students {what} "
                    f"({round(100 * share.low)} %, 95 % interval {low} to {high} %).",
                )
        if item.discrimination is not None and item.discrimination < WEAK and one.results.students >= STEADY:
            yield Sign(
                "weak-item",
                one.document,
                item.item.id,
                one.key,
                f"{one.title}, {label}: correlation {_figure(item.discrimination)} with the other problems, "
                f"{one.results.students} students.",
            )


def sign_of_round(document: str, round_: str, title: str, found: Agreement, apart: str) -> Sign | None:
    """The sign of a round of ratings on a text (its id) that is over; `apart` names the criterion with the values given.
    None where raters agree well enough, by AC2 where nearly all gave one value and alpha misleads."""
    name, figure = ("AC2", found.ac2) if found.ac2 is not None else ("alpha", found.alpha)
    if figure.value is None or figure.value >= LOW:
        return None
    of = f"{found.raters} raters, {found.units} criteri{'on' if found.units == 1 else 'a'}"
    words = f"{title}: {name} {figure.shown()} of {of}. Farthest apart: {apart}."
    return Sign("low-agreement", document, "", round_, words)


def signs_of_reports(spots: Iterable[tuple[str, str]]) -> Iterator[Sign]:
    """The signs in readers' reports, each by the text (its id) and part ("": the whole text) that it is on; what readers said
    stays with those who write there."""
    for (document, part), count in Counter(spots).items():
        if count >= REPORTED:
            words = f"{count} readers’ reports in the last 30 days."
            yield Sign("reader-reports", document, part, "reports", words)


def _figure(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


STUCK = (
    "waits for somebody to look",
    "waits for a change of the text",
    "waits to be published",
    "waits for the next results",
    "waits to be judged",
    "closed",
    "set aside",
)


def stuck_at(flag: Flag, *, changed: bool, published: bool, measured: bool) -> str:
    """Where a loop stands: what has to happen next."""
    if flag.state == "aside":
        return STUCK[6]
    if flag.state == "closed":
        return STUCK[5]
    if flag.state == "open":
        return STUCK[0]
    if not changed:
        return STUCK[1]
    if not published:
        return STUCK[2]
    return STUCK[4] if measured else STUCK[3]


def merged(signs: Sequence[Sign]) -> list[Sign]:
    """The signs with one for each rule and part: their words one after the other."""
    found: dict[tuple[str, str, str], Sign] = {}
    for one in signs:
        key = (one.rule, one.document, one.part)
        old = found.get(key)
        words = one.words if old is None else f"{old.words}\n{one.words}"
        found[key] = Sign(one.rule, one.document, one.part, one.source, words)
    return list(found.values())
