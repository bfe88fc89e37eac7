"""What can be found by looking at one document alone: header, parts, minutes, targets, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.headers import ASKS, KEYS
from curriculum_studio.domain.kinds import EXPECTED_IN_ACTIVITY, KINDS, PART_KEYS
from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.answer_keys import why_not
from curriculum_studio.formats.approvals import WRONG, approvals_needed
from curriculum_studio.formats.kinds import fold, shown
from curriculum_studio.formats.lesson_markdown import Document
from curriculum_studio.formats.starter_words import starter_lines

_ID = re.compile(r"[a-z0-9][a-z0-9-]{3,31}")
_NEEDS_ID = frozenset({"lesson", "unit", "assessment", "professional-learning", "curriculum"})
_LESSON_PARTS = ("learning-goals", "learning-targets", "warm-up", "activity", "lesson-synthesis", "cool-down",
                 "lesson-summary", "practice-problems")  # fmt: skip
_VALUES: Mapping[str, frozenset[str]] = {
    "udl": frozenset({"engagement", "representation", "action-expression"}),
    "optional": frozenset({"beyond-standard", "below-grade", "extra-practice"}),
    "check": frozenset({"true", "false"}),
    "dok": frozenset({"1", "2", "3", "4"}),
}
_RIGOR = frozenset({"conceptual", "procedural", "application"})


def check_outline(document: Document) -> Iterator[Finding]:
    """The findings of one document beyond those of reading it."""
    if not document.readable:
        return
    yield from _header(document)
    yield from _ids(document)
    yield from _attributes(document)
    if document.kind == "lesson":
        yield from _lesson_parts(document)
        yield from _minutes(document)
        yield from _goals_and_targets(document)
    elif document.kind == "professional-learning":
        yield from _minutes(document)
    elif document.kind == "charter":
        yield from _charter(document)
    yield from _problems(document)
    for line, words in starter_lines(document.source, document.body_line):
        yield finding("starter-words", document.path, line, 1, words=words)


def nearest(word: str, words: frozenset[str] | Mapping[str, object]) -> str:
    """A hint that names the nearest known word, or lists nothing where none is near."""
    scored = sorted((OSA.distance(word, known), known) for known in words)
    return f"Did you mean “{scored[0][1]}”?" if scored and scored[0][0] <= 3 else ""


def _header(document: Document) -> Iterator[Finding]:
    path, header, kind = document.path, document.header, document.kind
    if kind in _NEEDS_ID:
        name = header.text("id")
        if not name:
            yield finding("id-missing", path, 2, 1, proposed=_proposed_id(path))
        elif not _ID.fullmatch(name):
            yield finding("id-malformed", path, *header.place("id"), id=name)
    if kind not in ("charter", "glossary") and not header.text("title").strip():
        yield finding("title-missing", path, 2, 1)
    known = KEYS[kind]
    for key in header.values:
        if key not in known:
            hint = nearest(key, known) or "Keys of your own stand under `extra:`."
            yield finding("unknown-key", path, *header.place(key), key=key, hint=hint)
    minutes = header.text("minutes")
    if "minutes" in header.values and not _is_number(minutes):
        yield finding(
            "key-value", path, *header.place("minutes"), key="minutes", reason="a whole number is expected."
        )
    language = header.text("language")
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language):
        reason = "a language is two or three letters, as `en` or `es`."
        yield finding("key-value", path, *header.place("language"), key="language", reason=reason)
    if kind == "curriculum":
        yield from _asks(document)
    if kind == "curriculum" and header.text("format") != "1":
        yield finding(
            "key-value", path, *header.place("format"), key="format", reason="this program reads format 1."
        )
    if "approval" in header.values and approvals_needed(header) is None:
        yield finding("key-value", path, *header.place("approval"), key="approval", reason=WRONG)
    purposes = frozenset({"readiness", "mid-unit", "end-of-unit", "benchmark"})
    if kind == "assessment" and header.text("purpose") not in purposes:
        reason = "one of readiness, mid-unit, end-of-unit, benchmark."
        yield finding("key-value", path, *header.place("purpose"), key="purpose", reason=reason)


def _asks(document: Document) -> Iterator[Finding]:
    """What `alignment` asks of a release, where it cannot be understood."""
    header, asked = document.header, ASKS["alignment"]
    for key, value in header.table("alignment").items():
        place = (document.path, *header.place("alignment", key))
        if key not in asked:
            hint = nearest(key, asked) or f"It may hold {', '.join(sorted(asked))}."
            yield finding("unknown-key", *place, key=key, hint=hint)
        elif key in ("assessed", "taught") and value not in ("yes", "no"):
            yield finding("key-value", *place, key=key, reason="yes or no is expected.")
        elif key == "major-work" and not (isinstance(value, str) and re.fullmatch(r"\d{1,2}|100", value)):
            yield finding("key-value", *place, key=key, reason="a percentage is expected, such as 65.")


def _proposed_id(path: str) -> str:
    import hashlib

    digest = hashlib.sha256(path.encode()).digest()
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "".join(letters[byte % len(letters)] for byte in digest[:8])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) > 0


def _ids(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for part in document.walk():
        if part.id is not None:
            if part.id in seen:
                yield finding("part-id-twice", document.path, part.line, 1, id=part.id)
            seen.add(part.id)
    if document.kind == "translation":
        return
    needs = {"activity", "problem", "misconception", "term", "cool-down", "warm-up"}
    counts: dict[str, int] = {}
    for part in document.walk():
        if part.kind not in needs:
            continue
        counts[part.kind] = counts.get(part.kind, 0) + 1
        if part.id is None:
            proposed = _part_id(part, counts[part.kind], seen)
            yield finding("part-id", document.path, part.line, 1, words=part.heading, proposed=proposed)


def _part_id(part: Part, number: int, taken: set[str]) -> str:
    stem = {"problem": f"p{number}", "misconception": f"m-{number}"}.get(part.kind)
    words = re.sub(r"[^a-z0-9]+", "-", part.title.casefold()).strip("-")[:40]
    proposed = stem or (words if words[:1].isalpha() else f"{part.kind}-{number}")
    while proposed in taken:
        proposed += "-b"
    return proposed


def _attributes(document: Document) -> Iterator[Finding]:
    for part in document.walk():
        for key, value in part.attributes.items():
            if key not in PART_KEYS:
                hint = nearest(key, PART_KEYS) or "Help lists every attribute."
                yield finding("unknown-attribute", document.path, part.line, 1, key=key, hint=hint)
            elif key == "minutes" and not _is_number(value):
                reason = "a whole number is expected."
                yield finding("attribute-value", document.path, part.line, 1, key=key, reason=reason)
            elif key in _VALUES and value not in _VALUES[key]:
                reason = f"one of {', '.join(sorted(_VALUES[key]))}."
                yield finding("attribute-value", document.path, part.line, 1, key=key, reason=reason)
            elif key == "rigor" and not set(value.split(",")) <= _RIGOR:
                reason = f"any of {', '.join(sorted(_RIGOR))}, with commas."
                yield finding("attribute-value", document.path, part.line, 1, key=key, reason=reason)
        if part.kind != "unknown" and part.level <= 3 and not part.parts and not part.text and not part.slots:
            yield finding("part-empty", document.path, part.line, 1, words=part.heading)


def _lesson_parts(document: Document) -> Iterator[Finding]:
    path = document.path
    last = document.body_line
    kinds = [part.kind for part in document.parts]
    for kind in _LESSON_PARTS:
        if kind not in kinds:
            yield finding(
                "part-missing",
                path,
                last,
                1,
                where="The lesson",
                kind=shown(kind).lower(),
                heading=f"## {shown(kind)}",
            )
    for part in document.parts:
        if (
            part.kind in KINDS
            and KINDS[part.kind].once
            and kinds.index(part.kind) != document.parts.index(part)
        ):
            yield finding("part-repeated", path, part.line, 1, words=part.words)
        if part.kind == "activity":
            below = {child.kind for child in part.parts}
            for kind in EXPECTED_IN_ACTIVITY:
                if kind not in below:
                    name = shown(kind)
                    yield finding(
                        "part-missing", path, part.line, 1, where=f"“{part.heading}”", kind=name.lower(),
                        heading=f"### {name}",
                    )  # fmt: skip
    timed = [part.kind for part in document.parts if part.kind in KINDS and KINDS[part.kind].timed]
    if "warm-up" in timed and timed[0] != "warm-up":
        part = next(p for p in document.parts if p.kind == "warm-up")
        yield finding("warm-up-place", path, part.line, 1)


def _minutes(document: Document) -> Iterator[Finding]:
    timed = [
        part
        for part in document.parts
        if (part.kind in KINDS and KINDS[part.kind].timed) or "minutes" in part.attributes
    ]
    total = 0
    for part in timed:
        minutes = part.attributes.get("minutes", "")
        if not minutes:
            yield finding("minutes-missing", document.path, part.line, 1, words=part.heading)
        elif _is_number(minutes) and "optional" not in part.attributes:
            total += int(minutes)
    stated = document.header.text("minutes")
    if timed and _is_number(stated) and total and int(stated) != total:
        yield finding(
            "minutes-sum", document.path, *document.header.place("minutes"), sum=total, stated=stated
        )


_ITEM = re.compile(r"^(?:[-*+]|\d+[.)]) ", re.MULTILINE)


def _goals_and_targets(document: Document) -> Iterator[Finding]:
    goals = next((p for p in document.parts if p.kind == "learning-goals"), None)
    targets = next((p for p in document.parts if p.kind == "learning-targets"), None)
    if goals is None or targets is None:
        return
    counts = [len(_ITEM.findall(part.text)) for part in (goals, targets)]
    if counts[0] != counts[1]:
        yield finding("goal-target", document.path, targets.line, 1, goals=counts[0], targets=counts[1])


def _problems(document: Document) -> Iterator[Finding]:
    for part in document.walk():
        if part.kind != "problem":
            continue
        if part.choices and document.kind != "translation":
            if not any(choice.right for choice in part.choices):
                yield finding("choice-key", document.path, part.line, 1)
            for choice in part.choices:
                if not choice.right and choice.misconception is None:
                    yield finding("distractor", document.path, choice.line, 1)
        if part.attributes.get("check") == "true":
            reason = why_not(document.kind, part) if document.kind != "translation" else ""
            if reason:
                hint = "Take `check=true` away, or give the problem a key that can be compared."
                yield finding("check-refused", document.path, part.line, 1, reason=reason, hint=hint)
            elif document.kind == "lesson":
                yield finding("check-open", document.path, part.line, 1)


_VALUE = re.compile(r"^- (g\d+|[a-z][a-z0-9-]*): ", re.MULTILINE)


def charter_goals(document: Document) -> dict[str, int]:
    """The ids of the collective goals and the line on which each stands."""
    found: dict[str, int] = {}
    for part in document.parts:
        if fold(part.heading) not in ("goal", "collectivegoal", "meta"):
            continue
        for text, line in zip(part.text.split("\n"), part.lines, strict=False):
            if match := _VALUE.match(text):
                found.setdefault(match[1], line)
    return found


def _charter(document: Document) -> Iterator[Finding]:
    for part in document.parts:
        if fold(part.heading) not in ("goal", "collectivegoal", "meta"):
            continue
        blocks = re.split(r"(?m)^(?=- )", part.text)
        line = part.lines[0] if part.lines else part.line
        for block in blocks:
            match = _VALUE.match(block)
            if match:
                for what in ("measure", "target"):
                    if not re.search(rf"(?m)^\s+[-*] {what}:", block):
                        yield finding("charter-measure", document.path, line, 1, id=match[1], what=what)
            line += block.count("\n")
