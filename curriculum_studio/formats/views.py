"""Cuts a document into the view of each edition: what an edition may not know is not in its view.

Pages, search, metadata and downloads are made from views alone; the law of editions holds because of that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from curriculum_studio.domain.editions import (
    FamilyView,
    Plain,
    Sealed,
    SeenPart,
    StudentView,
    TeacherView,
    View,
)
from curriculum_studio.domain.kinds import HEADER_KEYS, PART_KEYS
from curriculum_studio.domain.lessons import Part
from curriculum_studio.formats.answer_keys import choices_in, sealed_key
from curriculum_studio.formats.header import Value
from curriculum_studio.formats.lesson_markdown import Document

_V = TypeVar("_V", bound=View)
_KINDS_WITH_TEXT = frozenset({"lesson", "translation", "unit", "curriculum", "glossary"})


def student_view(document: Document) -> StudentView | None:
    """What students may know of a document; None where that is nothing at all."""
    return _view(StudentView, document, "student")


def family_view(document: Document) -> FamilyView | None:
    """What families may know of a document; None where that is nothing at all."""
    return _view(FamilyView, document, "family")


def teacher_view(document: Document) -> TeacherView | None:
    """What teachers may know of a document; None where it cannot be read."""
    return _view(TeacherView, document, "teacher")


def view_digest(view: View) -> str:
    """A hash of all that a view holds (line numbers aside, which no page shows)."""
    rows = [
        view.kind,
        view.id,
        view.title,
        view.language,
        _jsonable(view.header),
        [_row(p) for p in view.parts],
    ]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _row(part: SeenPart) -> list[Any]:
    return [
        part.kind, part.level, part.words, part.title, part.id, dict(part.attributes), part.text,
        [(s.at, s.prefix, s.text, s.held) for s in part.slots],
        [(c.text, c.right, c.misconception) for c in part.choices],
        [_row(p) for p in part.parts],
        *([_key_row(part.key)] if part.key else ()),
    ]  # fmt: skip


def _key_row(key: Sealed) -> list[Any]:
    return [key.form, key.salt, list(key.digests), key.choices, key.units, list(key.steps)]


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _jsonable(item) for key, item in value.items()}
    return [_jsonable(item) for item in value] if isinstance(value, tuple | list) else value


def _view(make: type[_V], document: Document, edition: str) -> _V | None:
    if not document.readable or (edition != "teacher" and document.kind not in _KINDS_WITH_TEXT):
        return None
    counter = [0, 0]
    parts = [p for part in document.parts if (p := _seen(document, part, edition, counter)) is not None]
    preface = document.preface
    if edition in preface.own and (preface.text.strip() or (edition == "teacher" and preface.slots)):
        counter[0] += 1
        first = _cut(preface, edition, counter[0], (), None)
        parts.insert(0, first)
    header = _cut_header(document, edition)
    language = document.header.text("language") or "en"
    return make(document.kind, document.id, document.title, language, header, tuple(parts))


def _seen(document: Document, part: Part, edition: str, counter: list[int]) -> SeenPart | None:
    """The part as the edition sees it; None where it sees nothing of it, the heading included.

    `counter` holds how many parts and how many problems the edition saw so far.
    """
    if edition not in part.editions:
        return None
    counter[0] += 1
    ordinal = counter[0]
    below = tuple(p for child in part.parts if (p := _seen(document, child, edition, counter)) is not None)
    if edition != "teacher" and not below and not (edition in part.own and part.text):
        counter[0] = ordinal - 1
        return None
    key = None
    if part.kind == "problem" and edition == "student":
        counter[1] += 1
        key = sealed_key(document.kind, document.id, part, counter[1])
    return _cut(part, edition, ordinal, below, key)


def shows(part: Part, edition: str) -> bool:
    """Whether a view of the edition holds the part at all."""
    if edition not in part.editions:
        return False
    shown = edition == "teacher" or (edition in part.own and bool(part.text))
    return shown or any(shows(child, edition) for child in part.parts)


def _cut(part: Part, edition: str, ordinal: int, below: tuple[SeenPart, ...], key: Sealed | None) -> SeenPart:
    own = edition in part.own
    teacher = edition == "teacher"
    return SeenPart(
        kind=part.kind,
        level=part.level,
        words=part.words,
        title=part.title,
        id=part.id,
        attributes={k: v for k, v in part.attributes.items() if edition in PART_KEYS.get(k, ())},
        ordinal=ordinal,
        text=part.text if own else "",
        lines=part.lines if own else (),
        slots=part.slots if own and teacher else (),
        choices=part.choices if teacher else (),
        parts=below,
        key=key,
    )


def _cut_header(document: Document, edition: str) -> Mapping[str, Plain]:
    seen: dict[str, Plain] = {}
    values = document.header.values
    if document.kind in ("curriculum",):
        keys = ("id", "title", "organization", "language", "languages", "license", "school-year", "framework")
        return {key: _plain(values[key]) for key in keys if key in values}
    for key, value in values.items():
        if edition not in HEADER_KEYS.get(key, ()) and not (
            edition == "teacher" and _teachers_own(document, key)
        ):
            continue
        if edition != "teacher" and key == "materials":
            student = document.header.table("materials").get("student")
            if student is not None:
                seen[key] = {"student": _plain(student)}
        elif edition != "teacher" and key == "sections":
            seen[key] = _plain_sections(value)
        else:
            seen[key] = _plain(value)
    return seen


def _teachers_own(document: Document, key: str) -> bool:
    extra = {
        "assessment": ("purpose",),
        "professional-learning": ("audience", "for", "addresses"),
    }
    return key in extra.get(document.kind, ())


def _plain_sections(value: Value) -> Plain:
    """Sections without their goals, which are the teacher's."""
    if not isinstance(value, list):
        return ()
    return tuple(
        {k: _plain(v) for k, v in row.items() if k in ("title", "lessons")}
        for row in value
        if isinstance(row, dict)
    )


def _plain(value: Value) -> Plain:
    if isinstance(value, list):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def translated(source: _V, translation: _V) -> _V:
    """A translated lesson: the translation's parts in the source's order, missing ones in the source's language.

    Parts pair by id, else by kind and order. Both views must be of one edition. The header is the source's, but
    for title and language.
    """
    counter = [0]
    parts = _paired(source.parts, translation.parts, source.language, counter)
    header = {**source.header, **{k: v for k, v in translation.header.items() if k in ("title", "language")}}
    return replace(source, title=translation.title, language=translation.language, header=header, parts=parts)


def _paired(
    source: tuple[SeenPart, ...], translation: tuple[SeenPart, ...], language: str, counter: list[int]
) -> tuple[SeenPart, ...]:
    by_id = {part.id: part for part in translation if part.id}
    by_kind: dict[str, list[SeenPart]] = {}
    for part in translation:
        if not part.id:
            by_kind.setdefault(part.kind, []).append(part)
    result: list[SeenPart] = []
    for part in source:
        counter[0] += 1
        ordinal = counter[0]
        same = by_id.get(part.id) if part.id else None
        if same is None and by_kind.get(part.kind):
            same = by_kind[part.kind].pop(0)
        if same is None:
            result.append(_in_source_language(part, language, ordinal, counter))
        else:
            below = _paired(part.parts, same.parts, language, counter)
            key = _paired_key(part, same)
            result.append(
                replace(same, id=part.id, attributes=part.attributes, ordinal=ordinal, parts=below, key=key)
            )
    return tuple(result)


def _paired_key(source: SeenPart, translation: SeenPart) -> Sealed | None:
    """The source's key for a translated problem, and what the translation accepts besides; none where the two
    have not the same choices."""
    key, other = source.key, translation.key
    if key is None or (key.choices and choices_in(translation.text) != key.choices):
        return None
    if other is None or (key.salt, key.form, key.units, key.steps) != (
        other.salt,
        other.form,
        other.units,
        other.steps,
    ):
        return key
    return replace(key, digests=tuple(sorted({*key.digests, *other.digests}))) if key.form == "value" else key


def _in_source_language(part: SeenPart, language: str, ordinal: int, counter: list[int]) -> SeenPart:
    below = []
    for child in part.parts:
        counter[0] += 1
        below.append(_in_source_language(child, language, counter[0], counter))
    return replace(part, ordinal=ordinal, parts=tuple(below), language=language)
