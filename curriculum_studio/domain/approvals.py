"""When a text may be published: whose approval it needs, what an approval is bound to, and every reason why it is not ready."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from curriculum_studio.domain.lessons import DocumentKind

Finding = Literal["approved", "changes"]
State = Literal["draft", "in review", "changes requested", "approved", "published"]
BY_TEAM: frozenset[DocumentKind] = frozenset({"lesson", "translation"})
"""Texts that teachers and researchers approve; all others are approved by one lead."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whether publishing needs approvals, and how many teachers (other than the authors) and researchers of a lesson.

    `baseline` is the release that stood when approvals were first asked for: what it holds needs none.
    """

    needed: bool = False
    teachers: int = 1
    researchers: int = 1
    baseline: str = ""

    def says(self) -> str:
        """The policy in words."""
        if not self.needed:
            return "Publishing needs no approvals."
        people = [
            f"{count} {one if count == 1 else many}"
            for count, one, many in (
                (self.teachers, "teacher who did not write it", "teachers who did not write it"),
                (self.researchers, "researcher", "researchers"),
            )
            if count
        ]
        return f"A lesson needs the approval of {' and '.join(people) or 'nobody'}; every other page that of one lead."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person found of a text: bound to `closure`, its words (`blob`) and its pictures. `author` says whether they
    had written in it since it was last approved; `role` is the one that they had then. Of two of one second (`at`) the
    newer has the greater `key`."""

    key: str
    text: str
    path: str
    blob: str
    closure: str
    person: str
    role: str
    author: bool
    verdict: Finding
    words: str
    at: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a text stands: who approves it as it is, who asks for changes, and what is still missing, in words."""

    approvals: tuple[Verdict, ...]
    changes: tuple[Verdict, ...]
    missing: tuple[str, ...]
    stale: tuple[Verdict, ...] = ()
    """Approvals of an earlier wording."""

    @property
    def approved(self) -> bool:
        """Whether nothing is missing and nobody asks for changes."""
        return not self.missing and not self.changes


def closure_of(blob: str, pictures: Mapping[str, str]) -> str:
    """What a verdict binds to: a text's bytes and those of the pictures that it shows (path to blob)."""
    rows = [blob, *(f"{path}\0{one}" for path, one in sorted(pictures.items()))]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def standing(kind: DocumentKind, closure: str, verdicts: Iterable[Verdict], policy: Policy) -> Standing:
    """How a text stands with all verdicts ever given on it; of each person's on these very bytes the newest counts."""
    newest: dict[str, Verdict] = {}
    stale: dict[str, Verdict] = {}
    for one in sorted(verdicts, key=lambda one: (one.at, one.key)):
        (newest if one.closure == closure else stale)[one.person] = one
    approvals = tuple(one for one in newest.values() if one.verdict == "approved")
    changes = tuple(one for one in newest.values() if one.verdict == "changes")
    past = tuple(one for one in stale.values() if one.verdict == "approved" and one.person not in newest)
    return Standing(approvals, changes, tuple(_missing(kind, approvals, policy)), past)


def _missing(kind: DocumentKind, approvals: Sequence[Verdict], policy: Policy) -> Iterable[str]:
    if kind not in BY_TEAM:
        if not any(one.role == "lead" for one in approvals):
            yield "the approval of a lead"
        return
    teachers = sum(one.role == "teacher" and not one.author for one in approvals)
    researchers = sum(one.role == "researcher" for one in approvals)
    if teachers < policy.teachers:
        yield (
            "the approval of a teacher who did not write it"
            if policy.teachers - teachers == 1
            else f"the approval of {policy.teachers - teachers} teachers who did not write it"
        )
    if researchers < policy.researchers:
        yield (
            "the approval of a researcher"
            if policy.researchers - researchers == 1
            else f"the approval of {policy.researchers - researchers} researchers"
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is not ready: the text (path and title), and the reason as a sentence."""

    path: str
    title: str
    why: str


def reasons(
    path: str, title: str, stands: Standing, names: Mapping[str, str], open_threads: int = 0
) -> list[Reason]:
    """Every reason why a text is not approved, open threads among them, which an approval would wait for; none where it is."""
    found = [f"{names.get(one.person, 'Somebody')} asks for changes." for one in stands.changes]
    if stands.missing:
        stale = [names.get(one.person, "somebody") for one in stands.stale]
        since = f" It changed since {' and '.join(stale)} approved it." if stale else ""
        found.append(f"It lacks {' and '.join(stands.missing)}.{since}")
    if found and open_threads:
        found.append(f"{open_threads} {'thread is' if open_threads == 1 else 'threads are'} open.")
    return [Reason(path, title, why) for why in found]


def state_of(stands: Standing, policy: Policy, *, asked: bool, published: bool) -> State:
    """Where a text is on its way."""
    if stands.changes:
        return "changes requested"
    if stands.approved and (policy.needed or stands.approvals):
        return "published" if published else "approved"
    if asked:
        return "in review"
    return "published" if published and not policy.needed else "draft"


def rolled_up(states: Iterable[State]) -> dict[State, int]:
    """How many texts of a unit are in each state, in the order of the way."""
    order: tuple[State, ...] = ("draft", "in review", "changes requested", "approved", "published")
    rows = list(states)
    return {state: count for state in order if (count := rows.count(state))}
