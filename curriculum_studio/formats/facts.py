"""All that the rest of a curriculum needs to know of one file: made once a text, small, kept between builds.

Checks that look at several files, lists, cards and link targets are made from facts; no other file is read again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.lessons import DocumentKind
from curriculum_studio.formats.attributes import standards_in
from curriculum_studio.formats.check_document import charter_goals, check_outline
from curriculum_studio.formats.header import Value
from curriculum_studio.formats.html import Rendered, Trouble, render_line, render_text
from curriculum_studio.formats.lesson_markdown import Document, language_of
from curriculum_studio.formats.passages import Passage, Spot, passages, shown_to
from curriculum_studio.formats.views import family_view, student_view, teacher_view, view_digest

MAX_FORMULAS = 2000


@dataclass(frozen=True, slots=True)
class Use:
    """Something named in a text: what, where, and who sees the text (a string of `s`, `f` and `t`)."""

    target: str
    line: int
    column: int
    seen: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A standard that a file names: `relation` is that of the header, or `practises` and `assesses` of a part;
    `seen` says who sees it, `in_part` that a part names it and not the header."""

    relation: str
    code: str
    framework: str
    line: int
    column: int
    seen: str = "sft"
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """A section of a unit as its header says it."""

    title: str
    goals: tuple[str, ...]
    lessons: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """See the module. `parts`: who sees each id; `misconceptions`: the title of each, as written; `digests`: each view's hash."""

    path: str
    kind: DocumentKind
    id: str
    title: str
    language: str
    grade: str
    minutes: str
    readable: bool
    parts: dict[str, str]
    misconceptions: dict[str, str]
    uses_misconceptions: tuple[Use, ...]
    links: tuple[Use, ...]
    pictures: tuple[Use, ...]
    claims: tuple[Claim, ...]
    goals: tuple[Use, ...]
    sections: tuple[SectionFacts, ...]
    formerly: tuple[str, ...]
    translates: tuple[str, str, str]
    student_hash: str
    whole_hash: str
    digests: tuple[str, str, str]
    framework: str = ""
    units: tuple[str, ...] = ()
    charter_goals: tuple[str, ...] = ()
    weeks: str = ""
    license: str = ""
    credits: tuple[str, ...] = ()
    based_on: tuple[tuple[str, str], ...] = ()
    practices: tuple[str, ...] = ()
    routines: tuple[str, ...] = ()
    materials: tuple[tuple[str, tuple[str, ...]], ...] = ()
    site: tuple[str, str, tuple[str, ...]] = ("", "", ())
    """Of curriculum.md: organization, school year, languages."""
    rigor: tuple[tuple[str, str], ...] = ()
    """Aspects and minutes of the activities that name an aspect, as typed."""
    dok: tuple[tuple[str, str], ...] = ()
    """Standards and depth of knowledge of the problems that name a depth, as typed."""
    purpose: str = ""
    """Of an assessment: readiness, mid-unit, end-of-unit, benchmark."""
    asks: tuple[tuple[str, str], ...] = ()
    """Of curriculum.md: what its `alignment` asks of a release, as typed; a list as its values."""
    asks_at: Spot = (1, 1)
    findings: tuple[Finding, ...] = field(repr=False, default=())


def text_key(facts: Facts) -> str:
    """What threads call a text: its id, with the language of a translation; its path where it has none."""
    if not facts.id:
        return facts.path
    return f"{facts.id}.{facts.language}" if facts.kind == "translation" else facts.id


def facts_of(document: Document) -> Facts:
    """Reads everything out of a document, its own findings included."""
    found: list[Finding] = list(document.findings)
    links: list[Use] = []
    pictures: list[Use] = []
    formulas = 0
    definitions = _definitions(document)
    parts = {part.id: shown_to(part) for part in document.walk() if part.id}
    for passage in passages(document):
        rendered = render_text(passage.text)
        formulas += len(rendered.formulas)
        found += _troubles(document.path, passage, rendered)
        for name in rendered.figures:
            if name in parts:
                found.append(finding("part-id-twice", document.path, *passage.place(f"#{name}"), id=name))
            parts.setdefault(name, passage.seen)
        if rendered.links or rendered.pictures:
            links += _uses(passage, rendered.links)
            pictures += _pictures(document.path, passage, rendered, found)
        if definitions:
            found += _out_of_reach(document.path, passage, definitions)
        if "<" in passage.text:
            found += _html_shown(document.path, passage)
    for part in document.walk():
        if "$" in part.title:
            render_line(part.title)
    if formulas > MAX_FORMULAS:
        found.append(finding("formula-limit", document.path, limit=MAX_FORMULAS))
    found += check_outline(document)
    header = document.header
    views = (student_view(document), family_view(document), teacher_view(document))
    digests = tuple(view_digest(view) if view is not None else "" for view in views)
    return Facts(
        path=document.path,
        kind=document.kind,
        id=document.id,
        title=document.title,
        language=header.text("language") or language_of(document.path) or "",
        grade=header.text("grade"),
        purpose=header.text("purpose"),
        minutes=header.text("minutes"),
        readable=document.readable,
        parts=parts,
        misconceptions={p.id: p.title for p in document.walk() if p.id and p.kind == "misconception"},
        uses_misconceptions=tuple(_misconception_uses(document)),
        links=tuple(links),
        pictures=tuple(pictures),
        claims=tuple(_claims(document)),
        goals=tuple(Use(goal, *header.place("goals"), "t") for goal in header.texts("goals")),
        sections=tuple(_sections(document)),
        formerly=header.texts("formerly"),
        translates=_translates(document),
        student_hash=digests[0][:8],
        whole_hash=hashlib.sha256(document.source.encode()).hexdigest()[:8],
        digests=(digests[0], digests[1], digests[2]),
        **_from_header(document),
        rigor=_attributes(document, "rigor", "minutes"),
        dok=_attributes(document, "dok", "standard", turned=True),
        charter_goals=tuple(charter_goals(document)) if document.kind == "charter" else (),
        findings=tuple(found),
    )


def _from_header(document: Document) -> dict[str, Any]:
    """What the header alone says, by the names of `Facts`."""
    header = document.header
    return {
        "framework": header.text("framework"),
        "units": header.texts("units"),
        "weeks": header.text("weeks"),
        "license": header.text("license"),
        "credits": header.texts("credits"),
        "based_on": tuple((k, v) for k, v in header.table("based-on").items() if isinstance(v, str)),
        "practices": header.texts("practices"),
        "routines": header.texts("routines"),
        "materials": tuple((k, _texts(v)) for k, v in header.table("materials").items()),
        "asks": tuple((k, " ".join(_texts(v))) for k, v in header.table("alignment").items()),
        "asks_at": header.place("alignment"),
        "site": (header.text("organization"), header.text("school-year"), header.texts("languages")),
    }


def _texts(value: Value) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(item for item in items if isinstance(item, str) and item)


def _troubles(path: str, passage: Passage, rendered: Rendered) -> list[Finding]:
    found: list[Finding] = []
    from_line: dict[str, int] = {}
    for trouble in rendered.troubles:
        if trouble.code == "figure-alt" and not passage.seen:
            continue  # in no edition, so nobody is shown it
        line, column = passage.place(trouble.mark, max(trouble.line, from_line.get(trouble.mark, 0)))
        found.append(finding(trouble.code, path, line, column + _offset(trouble), **trouble.words))
        if trouble.mark:
            from_line[trouble.mark] = passage.row(line) + 1
    return found


def _offset(trouble: Trouble) -> int:
    offset = trouble.words.get("offset", 0)
    return offset if isinstance(offset, int) else 0


def _uses(passage: Passage, targets: tuple[str, ...]) -> list[Use]:
    return [Use(target, *passage.place(target), passage.seen) for target in targets]


def _pictures(path: str, passage: Passage, rendered: Rendered, found: list[Finding]) -> list[Use]:
    uses: list[Use] = []
    for picture in rendered.pictures:
        line, column = passage.place(picture.target)
        uses.append(Use(picture.target, line, column, passage.seen))
        if not picture.alt.strip() and passage.seen:
            found.append(finding("alt-missing", path, line, column))
    return uses


_DEFINITION = re.compile(r"^[ >]{0,3}\[(\^?[^\]\n]+)\]:", re.MULTILINE)
_BRACKETS = re.compile(r"\[(\^?[^\[\]\n]+)\]")


def _definitions(document: Document) -> dict[str, int]:
    """Every label that is explained anywhere in the file, and how many texts explain it."""
    labels: dict[str, int] = {}
    if "]:" not in document.source:
        return labels
    for passage in passages(document):
        for label in {_label(m[1]) for m in _DEFINITION.finditer(passage.text)}:
            labels[label] = labels.get(label, 0) + 1
    return labels


def _label(text: str) -> str:
    return " ".join(text.casefold().split())


def _out_of_reach(path: str, passage: Passage, labels: dict[str, int]) -> list[Finding]:
    own = {_label(m[1]) for m in _DEFINITION.finditer(passage.text)}
    found = []
    for match in _BRACKETS.finditer(_bare(passage.text)):
        label = _label(match[1])
        if label in labels and label not in own:
            line, column = passage.spot(match.start())
            found.append(finding("definition-reach", path, line, column, label=match[1]))
    return found


_HTML = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?|[!?][^<>]*)>")
_QUOTED = re.compile(
    r"(?m:^)[ >]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:\n[ >]*(?P=fence)[`~]*[ \t]*(?m:$)|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|\$\$.+?\$\$|\$[^$\n]+\$",
    re.DOTALL,
)


def _bare(text: str) -> str:
    """The text with code, figures and formulas blanked: what stands in them is neither HTML nor a reference."""
    return _QUOTED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def _html_shown(path: str, passage: Passage) -> list[Finding]:
    return [
        finding("html-shown", path, *passage.spot(match.start()))
        for match in _HTML.finditer(_bare(passage.text))
        if not match[0].startswith("<http") and "@" not in match[0]
    ]


def _misconception_uses(document: Document) -> Iterator[Use]:
    for part in document.walk():
        if (name := part.attributes.get("for")) is not None:
            for one in name.replace(",", " ").split():
                yield Use(one, part.line, 1, "t")
        for choice in part.choices:
            if choice.misconception:
                yield Use(choice.misconception, choice.line, 1, "t")


def _claims(document: Document) -> Iterator[Claim]:
    table = document.header.values.get("standards")
    if isinstance(table, dict):
        for relation, value in table.items():
            items: list[Value] = value if isinstance(value, list) else [value]
            for index, item in enumerate(items):
                line, column = document.header.place("standards", relation, index)
                yield from _claim(relation, item, line, column)
    elif isinstance(table, list):
        for index, item in enumerate(table):
            yield from _claim("addressing", item, *document.header.place("standards", index))
    container = ""
    for part in document.walk():
        if part.level == 2:
            container = part.kind
        if code := part.attributes.get("standard"):
            relation = "practises" if container == "practice-problems" else "assesses"
            seen = shown_to(part)
            for bare, framework in standards_in(code):
                yield Claim(relation, bare, framework, part.line, 1, seen, True)


def _claim(relation: str, item: Value, line: int, column: int) -> Iterator[Claim]:
    if isinstance(item, str) and item:
        yield Claim(relation, item, "", line, column)
    elif isinstance(item, dict):
        code, framework = item.get("code", ""), item.get("framework", "")
        if isinstance(code, str) and isinstance(framework, str):
            yield Claim(relation, code, framework, line, column)


def _attributes(
    document: Document, name: str, beside: str, *, turned: bool = False
) -> tuple[tuple[str, str], ...]:
    """Each value of an attribute of parts, with that of another one beside it (or before it)."""
    rows = [
        (part.attributes[name], part.attributes.get(beside, ""))
        for part in document.walk()
        if part.attributes.get(name)
    ]
    return tuple((other, one) if turned else (one, other) for one, other in rows)


def _sections(document: Document) -> Iterator[SectionFacts]:
    rows = document.header.values.get("sections")
    if document.kind != "unit" or not isinstance(rows, list):
        return
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            continue
        lessons, goals, title = row.get("lessons", []), row.get("goals", []), row.get("title", "")
        names = lessons if isinstance(lessons, list) else [lessons]
        place = document.header.place("sections", index, "lessons")
        yield SectionFacts(
            title if isinstance(title, str) else "",
            tuple(g for g in (goals if isinstance(goals, list) else [goals]) if isinstance(g, str) and g),
            tuple(Use(name, *place, "sft") for name in names if isinstance(name, str) and name),
        )


def _translates(document: Document) -> tuple[str, str, str]:
    table = document.header.table("translates")
    values = [table.get(key, "") for key in ("id", "student", "whole")]
    texts = [value if isinstance(value, str) else "" for value in values]
    return texts[0], texts[1], texts[2]
