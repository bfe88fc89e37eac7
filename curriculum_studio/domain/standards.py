"""Frameworks of standards: their codes in every common form, their tree, and what rests on what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache

_PREFIX = re.compile(r"^(?:CCSS\.)?(?:MATH\.)?(?:CONTENT\.|PRACTICE\.)?", re.IGNORECASE)
_GRADE = re.compile(
    r"^(K|[1-8])[.\s]*(CC|OA|NBT|NF|MD|G|RP|NS|EE|SP|F)(?:[.\s]*([A-K]))?(?:[.\s]*(\d{1,2})([.\s]*[a-k])?)?$",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"^(?:HS)?[\s.]*([NAFGS])[-.\s]*([A-Z]{1,3})(?:[.\s]*([A-K])(?![A-Z]))?(?:[.\s]*(\d{1,2})([.\s]*[a-k])?)?$",
    re.IGNORECASE,
)
_DEPTH = re.compile(r"\bDOK[ :_-]*([1-4])\b")
_PRACTICE = re.compile(r"^(?:MP|SMP)[.\s]*([1-8])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Standard:
    """One item of a framework. `parent` is a code; `label` a short name in our own words or the package's.

    `statement` is the package's whole sentence where it says more than the label, `type` the package's own word for
    what the item is.
    """

    guid: str
    code: str
    kind: str
    grade: str
    domain: str
    parent: str | None
    label: str
    emphasis: str | None = None
    statement: str = ""
    type: str = ""


@dataclass(frozen=True)
class Framework:
    """A framework: its standards by code, in its own order, and the pairs (before, after) of prerequisites.

    `elsewhere` gives for a code what its package links to outside of itself: pairs of the kind of link and a name.
    """

    id: str
    title: str
    standards: Mapping[str, Standard]
    prerequisites: frozenset[tuple[str, str]] = frozenset()
    related: frozenset[tuple[str, str]] = frozenset()
    elsewhere: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    _found: dict[str, Standard | None] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _by_form(self) -> Mapping[str, Standard]:
        forms: dict[str, Standard] = {}
        for standard in self.standards.values():
            for form in code_forms(standard.code):
                forms.setdefault(fold_code(form), standard)
        return forms

    def find(self, code: str) -> Standard | None:
        """The standard that a code names, in any common form of it; None where there is none."""
        exact = self.standards.get(code)
        if exact is not None:
            return exact
        if code not in self._found:
            self._found[code] = self._by_form.get(fold_code(canonical(code)))
        return self._found[code]

    def nearest(self, code: str) -> str | None:
        """The code most like one that does not exist."""
        near = get_close_matches(canonical(code), list(self.standards), 1, 0.6)
        return near[0] if near else None

    def look_for(self, words: str, limit: int = 60) -> list[Standard]:
        """Standards that a person may mean: by code in any form first, then those whose texts hold all the words."""
        asked = words.strip()
        exact = self.find(asked) if asked else None
        folded = fold_code(canonical(asked))
        wanted = asked.casefold().split()
        found = [exact] if exact is not None else []
        if any(ch.isdigit() for ch in asked) or "." in asked:
            found += [one for form, one in self._by_form.items() if folded and form.startswith(folded)]
        if wanted:
            found += [
                one
                for one in self.standards.values()
                if all(word in f"{one.code} {one.label} {one.statement}".casefold() for word in wanted)
            ]
        return list({one.code: one for one in found}.values())[:limit]

    def children(self, code: str) -> tuple[str, ...]:
        """The codes right below one; of "", those that stand at the top."""
        return self._children.get(code, ()) if code else self._top

    @cached_property
    def depths(self) -> Mapping[str, tuple[int, ...]]:
        """The depths of knowledge that the package links a standard to, where it does: `DOK 2` and the like."""
        found = {
            code: tuple(sorted({int(m[1]) for _, name in rows if (m := _DEPTH.search(name))}))
            for code, rows in self.elsewhere.items()
        }
        return {code: depths for code, depths in found.items() if depths}

    @cached_property
    def _top(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.standards.values() if one.parent not in self.standards)

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """For each standard those that come right before it, in the order of the framework."""
        return self._neighbours(lambda pair: (pair[1], pair[0]))

    @cached_property
    def after(self) -> Mapping[str, tuple[str, ...]]:
        """For each standard those that come right after it, in the order of the framework."""
        return self._neighbours(lambda pair: pair)

    def _neighbours(
        self, turned: Callable[[tuple[str, str]], tuple[str, str]]
    ) -> Mapping[str, tuple[str, ...]]:
        place = {code: number for number, code in enumerate(self.standards)}
        found: dict[str, list[str]] = {}
        for one, other in map(turned, self.prerequisites):
            if one in place and other in place:
                found.setdefault(one, []).append(other)
        return {code: tuple(sorted(codes, key=place.__getitem__)) for code, codes in found.items()}

    @cached_property
    def _before(self) -> Mapping[str, frozenset[str]]:
        before: dict[str, set[str]] = {}
        for first, second in self.prerequisites:
            before.setdefault(second, set()).add(first)
        return {code: frozenset(codes) for code, codes in before.items()}

    def ancestors(self, code: str) -> frozenset[str]:
        """Every standard that this one rests on, directly or through others, its parts counted as itself."""
        found = self._rests_on.get(code)
        if found is None:
            found = self._rests_on[code] = self._all_before(code)
        return found

    @cached_property
    def _rests_on(self) -> dict[str, frozenset[str]]:
        """The ancestors of what was asked for; every check of a text asks again."""
        return {}

    def _all_before(self, code: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = list(self._family(code))
        own = set(todo)
        while todo:
            for before in self._before.get(todo.pop(), ()):
                for one in self._family(before):
                    if one not in seen and one not in own:
                        seen.add(one)
                        todo.append(one)
        return frozenset(seen)

    def _family(self, code: str) -> tuple[str, ...]:
        """The standard, its parts and the standard that it is a part of; of a cluster, its standards."""
        found = self.find(code)
        if found is None:
            return (code,)
        parent = found.parent if found.kind == "substandard" else None
        parts = self._children.get(found.code, ())
        return (found.code, *([parent] if parent else []), *parts)

    def with_parts(self, code: str) -> tuple[str, ...]:
        """A numbered standard and its lettered parts; any other code alone. What its parts rest on, it rests on."""
        found = self.standards.get(code)
        return (code, *self._children.get(code, ())) if found and found.kind == "standard" else (code,)

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        children: dict[str, list[str]] = {}
        for standard in self.standards.values():
            if standard.parent:
                children.setdefault(standard.parent, []).append(standard.code)
        return {code: tuple(codes) for code, codes in children.items()}

    def is_prerequisite(self, before: str, after: str) -> bool:
        """Whether `after` rests on `before` in the graph of prerequisites, directly or through others."""
        first = self.find(before)
        return first is not None and first.code in self.ancestors(after)


@lru_cache(maxsize=8192)
def canonical(code: str) -> str:
    """The code in its usual spelling, as far as its form alone tells: `6.RP.A.3`, `A-REI.B.3`, `MP2`."""
    text = _PREFIX.sub("", code.strip(), count=1).strip().strip(".")
    if match := _PRACTICE.match(text):
        return f"MP{match[1]}"
    if match := _GRADE.match(text):
        grade, domain, cluster, number, part = match.groups()
        return _joined(f"{grade.upper()}.{domain.upper()}", cluster, number, part)
    if match := _HIGH.match(text):
        category, domain, cluster, number, part = match.groups()
        return _joined(f"{category.upper()}-{domain.upper()}", cluster, number, part)
    return text


def _joined(head: str, cluster: str | None, number: str | None, part: str | None) -> str:
    out = head
    if cluster:
        out += f".{cluster.upper()}"
    if number:
        out += f".{int(number)}"
    if part:
        out += f".{part.strip('. ').lower()}"
    return out


@lru_cache(maxsize=8192)
def code_forms(code: str) -> tuple[str, ...]:
    """Every common written form of a code, the code itself first: `6.RP.A.3`, `6.RP.3`, `CCSS.MATH.CONTENT.6.RP.A.3`."""
    usual = canonical(code)
    forms = [code, usual]
    if usual.startswith("MP"):
        number = usual[2:]
        return tuple(
            dict.fromkeys([*forms, f"MP.{number}", f"SMP{number}", f"CCSS.MATH.PRACTICE.MP{number}"])
        )
    parts = usual.split(".")
    # The letter of the cluster may be left out; the G of geometry and the F of functions are a domain's, in its place.
    place = 1 if "-" in parts[0] else 2
    cluster = len(parts) > place + 1 and bool(re.fullmatch(r"[A-K]", parts[place]))
    short = [part for index, part in enumerate(parts) if not (cluster and index == place)]
    forms.append(".".join(short) if len(short) > 1 else usual)
    if "-" in parts[0]:
        forms += [f"HS{usual}", f"HS{'.'.join(short)}", f"CCSS.MATH.CONTENT.HS{usual}"]
    else:
        forms.append(f"CCSS.MATH.CONTENT.{usual}")
    joined = [re.sub(r"\.(?=[a-k]$)", "", form) for form in forms if re.search(r"\d\.[a-k]$", form)]
    return tuple(dict.fromkeys([*forms, *joined]))


def fold_code(code: str) -> str:
    """A code as it is compared: letters and digits alone, case aside."""
    return "".join(ch for ch in code.casefold() if ch.isalnum())
