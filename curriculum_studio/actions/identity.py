"""Whose comments, results and history a text has: nobody writes another text's id over their own and so takes them."""

from __future__ import annotations

import re

from curriculum_studio.access import unit_folder
from curriculum_studio.domain.errors import Refused
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.studio import Studio

_HEADER = re.compile(r"---[ \t]*\n.*?^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def check_identity(studio: Studio, path: str, text: str) -> None:
    """Raises `Refused` where a text that stands would get an id that is, or once was, that of a text of another unit, and
    where a unit would get another one than it has: by it people know whose it is."""
    _, curriculum = studio.curriculum()
    before, after = curriculum.facts.get(path), read_document(path, text.encode())
    name, kind = after.id, after.kind
    was = before.id if before is not None else ""
    if name in ("", was):
        return
    others = [one for one in curriculum.by_id.get(name, ()) if one != path]
    own = "" if kind == "translation" else was or studio.content.last_id(path)
    if kind == "unit" and own and len(curriculum.by_id.get(was, ())) < 2:
        allowed = name == own
    elif others:
        here = unit_folder(curriculum, path)
        allowed = all(unit_folder(curriculum, one) == here for one in others)
    else:
        allowed = name == own or not studio.content.ever_said(f"id: {name}")
    if not allowed:
        raise Refused(
            f"The lines at the top of this text call it “{name}”, which is another text. Nothing was saved; your text is still "
            + (f"here. Write “id: {own}” there again." if own else "here. Take that name away.")
        )


def under_its_own(studio: Studio, path: str, text: str, base: str) -> str:
    """The text as it may be kept where nobody can be asked: under the header of what it was written from, if its own would be
    refused."""
    try:
        check_identity(studio, path, text)
    except Refused:
        head, rest = _HEADER.match(base), _HEADER.match(text)
        return (head[0] if head else "") + (text[rest.end() :] if rest else text)
    return text
