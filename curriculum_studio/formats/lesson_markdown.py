"""Reads any file of a curriculum into a document: header, outline, choices; the source stays the truth.

A `Document` is a view with offsets into `source`. Nothing turns a document back into text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from curriculum_studio.domain.findings import Finding, finding
from curriculum_studio.domain.lessons import Choice, DocumentKind, Part, Slot, all_parts
from curriculum_studio.formats import outline_lines as marks
from curriculum_studio.formats.choices import clean_choices, without_attributes
from curriculum_studio.formats.header import Header, HeaderError, read_mapping
from curriculum_studio.formats.outline import OutlineReader
from curriculum_studio.formats.outline_drafts import Draft

MAX_FILE = 256 * 1024
_TRANSLATION = re.compile(r"\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\.md$")
_EMPTY = Header({})


@dataclass(frozen=True)
class Document:
    """A file of the curriculum as read. `preface` holds the text before the first heading of the outline.

    `findings` are those of reading alone; `check` adds all others. `readable` is false where the bytes could
    not be read as text or the header not at all: such a document is in no edition.
    """

    path: str
    kind: DocumentKind
    source: str
    header: Header
    preface: Part
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]
    body_line: int
    readable: bool = True

    @cached_property
    def id(self) -> str:
        """The id of the header; of a translation, the id of what it translates."""
        if self.kind == "translation":
            value = self.header.table("translates").get("id", "")
            return value if isinstance(value, str) else ""
        return self.header.text("id")

    @property
    def title(self) -> str:
        """The title of the header."""
        return self.header.text("title")

    def walk(self) -> tuple[Part, ...]:
        """Every part, in the order of the text."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        return tuple(all_parts(self.parts))

    def part(self, name: str) -> Part | None:
        """The part with this id."""
        return next((part for part in all_parts(self.parts) if part.id == name), None)


def kind_of(path: str) -> DocumentKind | None:
    """What a file of a curriculum is, by its path; None for what is no text of it."""
    if not path.endswith(".md"):
        return None
    folder, _, name = path.rpartition("/")
    if not folder:
        fixed: Mapping[str, DocumentKind] = {
            "curriculum.md": "curriculum",
            "charter.md": "charter",
            "glossary.md": "glossary",
        }
        return fixed.get(name)
    if name == "unit.md":
        return "unit"
    translated = _TRANSLATION.search(name) is not None
    last = folder.rpartition("/")[2]
    if last == "assessments":
        return "assessment"
    if last == "professional-learning":
        return "professional-learning"
    return "translation" if translated else "lesson"


def language_of(path: str) -> str | None:
    """The language that a translation's name says: `es` of `01-intro.es.md`."""
    match = _TRANSLATION.search(path)
    return match[1] if match else None


@lru_cache(maxsize=128)
def read_document(path: str, content: bytes, kind: DocumentKind | None = None) -> Document:
    """Reads a file; never fails: what is wrong is among the findings, and unreadable matter is in no edition.

    What was read last is remembered: one request asks for the same text several times, and search for what many have saved.
    """
    kind = kind or kind_of(path) or "lesson"
    findings: list[Finding] = []
    source = _decode(path, content, findings)
    if source is None:
        blank = Part("root", 1, "", "", None, {}, 1, 0, 0, frozenset(), frozenset())
        return Document(path, kind, "", _EMPTY, blank, (), tuple(findings), 1, readable=False)
    lines = source.split("\n")
    header, body, readable = _header(path, kind, lines, findings)
    start = sum(len(line) + 1 for line in lines[:body])
    reader = OutlineReader(path, kind, lines[body:], body + 1, start)
    root = _freeze(path, reader.read(), reader.findings)
    findings += reader.findings
    return Document(
        path, kind, source, header, replace(root, parts=()), root.parts, tuple(findings), body + 1, readable
    )


def _decode(path: str, content: bytes, findings: list[Finding]) -> str | None:
    if len(content) > MAX_FILE:
        findings.append(finding("too-large", path, limit=MAX_FILE // 1024))
        return None
    try:
        source = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        findings.append(finding("not-utf8", path, line))
        return None
    if "\r" in source or source.startswith("\ufeff"):
        findings.append(finding("line-endings", path))
        source = source.replace("\r", " ")
        if source.startswith("\ufeff"):
            source = " " + source[1:]
    if odd := marks.ODD.search(source):
        line = source.count("\n", 0, odd.start()) + 1
        column = odd.start() - source.rfind("\n", 0, odd.start())
        findings.append(finding("odd-characters", path, line, column, what=f"U+{ord(odd[0]):04X}"))
        source = marks.ODD.sub("\ufffd", source)
    return source


def _header(
    path: str, kind: DocumentKind, lines: list[str], findings: list[Finding]
) -> tuple[Header, int, bool]:
    """The header, the index of the body's first line, and whether the document can be read at all."""
    if lines[0].rstrip() != "---":
        needed = kind not in ("charter", "glossary")
        if needed:
            findings.append(finding("header-missing", path))
        return _EMPTY, 0, not needed
    end = next((i for i in range(1, len(lines)) if lines[i].rstrip() == "---"), None)
    if end is None:
        reason = "its closing line `---` is missing."
        findings.append(finding("header-unreadable", path, 1, 1, reason=reason))
        return _EMPTY, len(lines), False
    try:
        return read_mapping("\n".join(lines[1:end]), 2), end + 1, True
    except HeaderError as error:
        findings.append(finding("header-unreadable", path, error.line, error.column, reason=error.reason))
        return _EMPTY, end + 1, False


def _freeze(path: str, draft: Draft, findings: list[Finding]) -> Part:
    """A draft as a part, the lines that a student may read cleared of keys."""
    place = draft.place
    found: tuple[Choice, ...] = ()
    text, lines, slots = _trimmed(draft)
    if place.kind == "problem":
        cleaned = clean_choices(path, text, lines)
        if cleaned is not None:
            text, found = cleaned.text, cleaned.choices
            findings += cleaned.findings
    if place.own & {"student", "family"}:
        bare = without_attributes(path, text, lines)
        text = [marks.untick(line) for line in bare.text]
        findings += bare.findings
    return Part(
        kind=place.kind,
        level=draft.level,
        words=draft.words,
        title=draft.title,
        id=draft.id,
        attributes=draft.attributes,
        line=draft.line,
        start=draft.start,
        end=draft.end,
        editions=place.editions,
        own=place.own,
        text="\n".join(text),
        lines=tuple(lines),
        slots=slots,
        choices=found,
        parts=tuple(_freeze(path, part, findings) for part in draft.parts),
    )


def _trimmed(draft: Draft) -> tuple[list[str], list[int], tuple[Slot, ...]]:
    """The part's own lines without empty ones at either end, so that what was cut there leaves no trace."""
    text = draft.text
    first, last = 0, len(text)
    while first < last and not text[first].strip():
        first += 1
    while last > first and not text[last - 1].strip():
        last -= 1
    slots = tuple(replace(slot, at=min(max(slot.at - first, 0), last - first)) for slot in draft.slots)
    return text[first:last], draft.lines[first:last], slots
