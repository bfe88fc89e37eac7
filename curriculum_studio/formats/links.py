"""Where a link or picture leads, from the file in which it stands: inside the curriculum, out on the web, or nowhere."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Literal

from curriculum_studio.formats.html import target_path

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_SAFE = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@[^\s@]+$)", re.IGNORECASE)
_HIDDEN = re.compile("[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Target:
    """`kind` says what `path` is: a web address, a file of the curriculum (`part` may name a part of it), a path
    that leads out of the curriculum, or an address that no page may link to."""

    kind: Literal["web", "file", "outside", "refused"]
    path: str
    part: str = ""


def resolve(from_path: str, target: str) -> Target:
    """Reads a target as written in the file at `from_path`."""
    # Browsers drop invisible characters and line ends inside a scheme: so must the test for one.
    bare = _HIDDEN.sub("", target)
    if bare.startswith(("//", "\\", "/\\")):
        return Target("refused", target)
    if _SCHEME.match(bare):
        return Target("web", bare) if _SAFE.match(bare) and bare == target else Target("refused", target)
    path, part = target_path(target)
    if "\\" in path or _SCHEME.match(_HIDDEN.sub("", path)):
        return Target("refused", target)
    if not path:
        return Target("file", from_path, part)
    if path.startswith("/"):
        return Target("outside", path, part)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(from_path), path.partition("?")[0]))
    if joined == ".." or joined.startswith("../"):
        return Target("outside", path, part)
    if joined.endswith("/"):
        joined = joined.rstrip("/")
    return Target("file", joined, part)
