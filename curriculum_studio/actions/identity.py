"""Whose comments, results and history a text has: nobody writes another text's id over their own and so takes them."""

from __future__ import annotations

import re

from curriculum_studio.access import unit_folder
from curriculum_studio.domain.errors import Refused
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.studio import Studio

_HEADER = re.compile(r"---[ \t]*\n.*?^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def check_identity(studio: Studio, path: str, text: str) -> None:
    """Raises `Refused` where a text that stands would get an id that is that of a text of another unit, or once was that of one
    in a private unit, and where a unit would get another one than it has: by it people know whose it is."""
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
        allowed = name == own or not studio.content.ever_said(f"id: {name}", private_folders(studio))
    if not allowed:
        raise Refused(
            f"The lines at the top of this text call it “{name}”, which is another text. Nothing was saved; your text is still "
            + (f"here. Write “id: {own}” there again." if own else "here. Take that name away.")
        )


def private_folders(studio: Studio) -> list[str]:
    """Where units lie, or lay before they were put away, that a team keeps private."""
    _, curriculum = studio.curriculum()
    private = {unit for unit, team in studio.teams.owners().items() if team.private}
    heads = [path for unit in private for path in curriculum.by_id.get(unit, ())]
    if private:
        away = [path for one in studio.bin.all() for path in one.paths if path.endswith("/unit.md")]
        heads += [path for path in away if studio.content.last_id(path) in private]
    return sorted({path.rpartition("/")[0] for path in heads})


def under_its_own(studio: Studio, path: str, text: str, base: str) -> str:
    """The text as it may be kept where nobody can be asked: under the header of what it was written from, if its own would be
    refused."""
    try:
        check_identity(studio, path, text)
    except Refused:
        head, rest = _HEADER.match(base), _HEADER.match(text)
        return (head[0] if head else "") + (text[rest.end() :] if rest else text)
    return text
