"""What became of each standard when one edition of a framework gave way to the next, and what that means for a lesson's claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from curriculum_studio.domain.standards import Framework

KINDS: Mapping[str, str] = {
    "exact": "the same standard",
    "edited": "the same standard in other words",
    "moved": "the same standard at another place: another grade, domain or code",
    "split": "its content is divided among several standards",
    "merged": "joined with others into one standard",
    "dropped": "no longer asked for",
    "new": "asked for the first time",
}
"""The kinds of change, each in a teacher's words. A code says nothing by itself: the same code may mean another thing."""
_ALONE = ("exact", "edited", "moved", "merged")
_NUMBERED = ("standard", "substandard")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table as it was written: its number, the old and the new code ("" for none), the kind and a note."""

    number: int
    old: str
    new: str
    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one old standard: the codes of the new edition, in the order of the table."""

    old: str
    new: tuple[str, ...]
    kind: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Crosswalk:
    """A whole table from one edition (`old`) to another (`new`); identity is edition and code, never the code alone.

    `fresh` are standards that are new. `unnamed` and `unreached` are numbered standards of the old and the new
    edition of which the table says nothing.
    """

    old: Framework
    new: Framework
    changes: Mapping[str, Change]
    fresh: tuple[str, ...]
    unnamed: tuple[str, ...]
    unreached: tuple[str, ...]

    @property
    def name(self) -> str:
        """By what it is known."""
        return f"{self.old.id}--{self.new.id}"

    def counts(self) -> Mapping[str, int]:
        """How many old standards met each kind of change, and how many are new."""
        found = dict.fromkeys(KINDS, 0)
        for change in self.changes.values():
            found[change.kind] += 1
        found["new"] = len(self.fresh)
        return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a crosswalk says of one claim of a lesson.

    `change` is None where the table does not name the standard. `look_alike` says that the new edition has a standard
    of the same code which is not what became of this one. `done` are those new codes that the lesson claims already.
    """

    relation: str
    code: str
    change: Change | None
    look_alike: bool
    done: frozenset[str]

    @property
    def open(self) -> tuple[str, ...]:
        """New codes that a person may take over."""
        return tuple(one for one in self.change.new if one not in self.done) if self.change else ()

    @property
    def settled(self) -> bool:
        """Whether nothing is left to decide: everything taken over, or of a split at least one."""
        if self.change is None or self.change.kind == "dropped":
            return False
        return bool(self.done) if self.change.kind == "split" else not self.open


def crosswalk(old: Framework, new: Framework, lines: Iterable[Line]) -> tuple[Crosswalk, tuple[str, ...]]:
    """Puts a table together; the sentences say what is amiss in it, each with its line. With any of them, it is of no use."""
    problems: list[str] = []
    rows: dict[str, list[Line]] = {}
    fresh: dict[str, None] = {}
    into: dict[str, set[str]] = {}
    for line in lines:
        sound = _sound(old, new, line)
        if isinstance(sound, str):
            problems.append(f"Line {line.number}: {sound}")
        elif line.kind == "new":
            fresh[sound.new] = None
        else:
            rows.setdefault(sound.old, []).append(sound)
            if sound.new:
                into.setdefault(sound.new, set()).add(sound.old)
    changes: dict[str, Change] = {}
    for code, given in rows.items():
        problems += _together(given, into)
        notes = tuple(line.note for line in given if line.note)
        targets = tuple(dict.fromkeys(line.new for line in given if line.new))
        changes[code] = Change(code, targets, given[0].kind, notes)
    problems += [f"{code} is called new, and also what became of {', '.join(sorted(into[code]))}." for code in fresh if code in into]  # fmt: skip
    made = Crosswalk(
        old,
        new,
        changes,
        tuple(fresh),
        tuple(
            one.code for one in old.standards.values() if one.kind in _NUMBERED and one.code not in changes
        ),
        tuple(
            one.code
            for one in new.standards.values()
            if one.kind in _NUMBERED and one.code not in into and one.code not in fresh
        ),
    )
    return made, tuple(problems)


def _sound(old: Framework, new: Framework, line: Line) -> Line | str:
    """The line with both codes in their usual form, or what is wrong with it."""
    if line.kind not in KINDS:
        return f"“{line.kind}” is none of {', '.join(KINDS)}."
    if bool(line.old) == (line.kind == "new"):
        return f"“{line.kind}” {'names no old standard' if line.kind == 'new' else 'needs an old standard'}."
    if bool(line.new) == (line.kind == "dropped"):
        return (
            f"“{line.kind}” {'names no new standard' if line.kind == 'dropped' else 'needs a new standard'}."
        )
    before, after = _found(old, line.old), _found(new, line.new)
    if before is None:
        return f"{line.old} is no standard of {old.title}."
    if after is None:
        near = new.nearest(line.new)
        return f"{line.new} is no standard of {new.title}.{f' Is {near} meant?' if near else ''}"
    return Line(line.number, before, after, line.kind, line.note)


def _found(known: Framework, code: str) -> str | None:
    if not code:
        return ""
    found = known.find(code)
    return found.code if found is not None else None


def _together(given: list[Line], into: Mapping[str, set[str]]) -> list[str]:
    """What does not fit among the lines of one old standard."""
    first = given[0]
    kinds = {line.kind for line in given}
    if len(kinds) > 1:
        return [f"Line {given[-1].number}: {first.old} is called {first.kind} in line {first.number} and {given[-1].kind} here."]  # fmt: skip
    targets = {line.new for line in given}
    if first.kind in _ALONE and len(targets) > 1:
        return [f"Line {given[-1].number}: {first.old} goes to several standards; that is “split”."]
    if first.kind == "split" and len(targets) < 2:
        return [f"Line {first.number}: a “split” needs at least two new standards for {first.old}."]
    if first.kind == "merged" and len(into[first.new]) < 2:
        return [f"Line {first.number}: “merged” needs at least two old standards that go to {first.new}."]
    return []


def verdicts(
    walk: Crosswalk, claims: Iterable[tuple[str, str]], claimed: Iterable[tuple[str, str]]
) -> tuple[Verdict, ...]:
    """What the table says of each claim (relation, code) on the old edition, given those on the new one."""
    there = set(claimed)
    found = []
    for relation, code in dict.fromkeys(claims):
        change = walk.changes.get(code)
        targets = change.new if change else ()
        look_alike = code in walk.new.standards and code not in targets
        done = frozenset(one for one in targets if (relation, one) in there)
        found.append(Verdict(relation, code, change, look_alike, done))
    return tuple(found)
