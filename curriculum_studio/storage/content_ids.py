"""How the id of a text is found in its bytes, without reading the text: what moved is looked for among thousands of files."""

from __future__ import annotations

import re

_HEAD = 2000
"""So many bytes of a file are looked through."""
_ID = re.compile(rb"^id:[ \t]*([a-z0-9][a-z0-9-]{3,31})[ \t]*(?:#.*)?\r?$", re.MULTILINE)
_INSIDE = rb"^translates:\s*(?:\{\s*)?(?:[a-z]+:[^,}\n]*[,\n]\s*)*id:\s*%s\s*[,}\n#]"


def id_in(content: bytes) -> str:
    """The id that a file has, "" where none can be found; what else is amiss in its header does not matter."""
    match = _ID.search(content[:_HEAD])
    return match[1].decode() if match else ""


def has_id(content: bytes, name: str) -> bool:
    """Whether a file has this id."""
    mark = f"id: {name}".encode()
    return any(line.split(b"#")[0].strip() == mark for line in content[:_HEAD].split(b"\n")[:40])


def translates(content: bytes, name: str) -> bool:
    """Whether a file says that it translates the text with this id."""
    return re.search(_INSIDE % re.escape(name.encode()), content[:_HEAD], re.MULTILINE) is not None
