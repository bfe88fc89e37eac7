"""Adds a claim to a text's own header or to one of its parts; every other byte stays as typed."""

from __future__ import annotations

import json
import re

from curriculum_studio.domain.errors import Refused
from curriculum_studio.formats.assessment_items import title_of
from curriculum_studio.formats.header import Value
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.formats.rewriting import with_key

_STANDARD = re.compile(r"""(?<![a-z-])standard=(?:"[^"\n]*"|[^\s"{}]+)""")
_PLAIN = re.compile(r"[A-Za-z0-9][\w.-]*")


def with_claim(path: str, text: str, relation: str, framework: str, code: str) -> str:
    """The text with one claim more: a standard of a framework, under a relation; the same text where it stands there.

    Raises `Refused` where the list of standards holds remarks or shapes that a rewrite would lose.
    """
    document = read_document(path, text.encode())
    table = document.header.values.get("standards")
    relations: dict[str, list[Value]] = {}
    if isinstance(table, dict):
        # Lists of our own: the document is remembered, and others read it.
        relations = {key: [*value] if isinstance(value, list) else [value] for key, value in table.items()}
    elif isinstance(table, list):
        relations = {"addressing": [*table]}
    elif table:
        relations = {"addressing": [table]}
    wanted: Value = {"framework": framework, "code": code}
    if wanted in relations.get(relation, []):
        return text
    relations.setdefault(relation, []).append(wanted)
    shown = "".join(
        f"\n  {key}: [{', '.join(_item(one) for one in items)}]" for key, items in relations.items()
    )
    changed = with_key(text, "standards", shown)
    again = read_document(path, changed.encode()).header.values
    if again != {**document.header.values, "standards": relations} or _remarks(text) != _remarks(changed):
        raise Refused("The list of standards in this text is written in a way of its own. Open the text and add the standard there; nothing was changed.")  # fmt: skip
    return changed


def with_part_claim(path: str, text: str, line: int, framework: str, code: str) -> str:
    """The text with one claim more in the part whose heading stands in a line, beside those that it names already.

    Raises `Refused` where no part that names a standard stands there.
    """
    refusal = "No part of this text that names a standard stands there. Nothing was changed."
    before = {part.line: part for part in read_document(path, text.encode()).walk()}
    part = before.get(line)
    named = part.attributes.get("standard", "").replace(",", " ").split() if part is not None else []
    wanted = f"{framework}:{code}"
    if not named:
        raise Refused(refusal)
    if wanted in named:
        return text
    lines = text.split("\n")
    head, brace, group = lines[line - 1].rpartition("{")
    lines[line - 1] = head + brace + _STANDARD.sub(f'standard="{" ".join([*named, wanted])}"', group, count=1)
    changed = "\n".join(lines)
    after = {one.line: one for one in read_document(path, changed.encode()).walk()}
    if after.keys() != before.keys() or after[line].attributes["standard"].split() != [*named, wanted]:
        raise Refused(refusal)
    return changed


def part_titles(path: str, text: str) -> dict[int, str]:
    """For the line of each part's heading what the part is called."""
    return {part.line: title_of(part) for part in read_document(path, text.encode()).walk()}


def _item(value: Value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_item(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(_item(one) for one in value)}]"
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _remarks(text: str) -> int:
    """How many remarks stand in a header."""
    head = text.split("\n---", 1)[0]
    return len(re.findall(r"(?:^|\s)#", head, re.MULTILINE))
