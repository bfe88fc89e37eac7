"""What a writer hands to the store and gets back: authors, changes, versions; and what the store refuses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from curriculum_studio.domain.errors import Refused
from curriculum_studio.storage.content_git import OID

MAX_FILE = 10 * 1024 * 1024
_OTHER = re.compile(r"Co-authored-by: ([^<>\n]+) <([a-z0-9-]+)@studio\.invalid>")
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]+\Z")
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?\Z", re.IGNORECASE
)
"""Names that one kind of computer keeps for its devices: a folder that holds one cannot be copied there."""
_UNSEEN = ("Cf", "Co", "Cs", "Cn", "Zl", "Zp")
"""Signs that nobody sees: two names would look the same."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote: a name as chosen, and a key that is no address (`p-7f3k`)."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its id, who, when (UTC), the note, the files that it changed; `others` wrote in it too."""

    id: str
    author: Author
    at: datetime
    note: str
    paths: tuple[str, ...]
    others: tuple[Author, ...] = ()

    @property
    def writers(self) -> str:
        """Everybody who wrote in it, by name, whoever wrote most first."""
        names = [one.name for one in (self.author, *self.others)]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True, slots=True)
class Change:
    """A file to write (`content`) or to take away (None), from the blob that the writer began with (None: new).

    With `exact` it is written only where the file still is that blob, and never merged.
    """

    path: str
    content: bytes | None
    base: str | None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Landed:
    """What a push made: the version, the one before, and for each file that is another now the blobs before and after."""

    version: str
    before: str | None
    blobs: Mapping[str, tuple[str | None, str | None]]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save made: the version, the blob of each file, and the files that were merged with others' words."""

    version: str
    blobs: Mapping[str, str]
    merged: tuple[str, ...] = ()


def clean(author: Author) -> Author:
    """An author whose name and key cannot break a version's record."""
    name = " ".join(re.sub(r"[<>\x00-\x1f\x7f]", " ", author.name).split())[:120] or "Someone"
    key = re.sub(r"[^a-z0-9-]", "", author.key.casefold())[:40] or "p-unknown"
    return replace(author, name=name, key=key)


def names_of(author: Author) -> tuple[str, str]:
    """Name and key as they are written."""
    plain = clean(author)
    return plain.name, plain.key


_TOO = "Co-authored-by: "


def with_others(note: str, others: Sequence[Author]) -> str:
    """A note that names everybody else who wrote, as Git's own tools understand it."""
    rows = [f"{_TOO}{name} <{key}@studio.invalid>" for name, key in map(names_of, others)]
    return f"{note}\n\n" + "\n".join(rows) if rows else note


def split_others(message: str) -> tuple[str, tuple[Author, ...]]:
    """The note of a version, and who else wrote in it."""
    lines = message.split("\n")
    found = [match for line in lines if (match := _OTHER.fullmatch(line))]
    kept = "\n".join(line for line in lines if not _OTHER.fullmatch(line)).strip()
    return kept, tuple(Author(match[1], match[2]) for match in found)


def plain_note(note: str) -> str:
    """A note without control characters, of at most 2,000 characters, never empty."""
    lines = [" ".join(line.split()) for line in re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", note).split("\n")]
    return "\n".join(lines).strip()[:2000] or "Changed"


@lru_cache(4096)
def _can_be_a_name(name: str) -> bool:
    return not (
        not _NAME.match(name)
        or name[0] in ".-~"
        or name.endswith((".", " ", ".lock"))
        or _DEVICE.match(name)
        or any(unicodedata.category(one) in _UNSEEN for one in name)
    )


def checked(change: Change) -> Change:
    """Refuses a path or a text that would harm the store."""
    path = change.path
    if not unicodedata.is_normalized("NFC", path) or len(path.encode()) > 400:
        raise Refused("The file's name cannot be used.")
    if not all(map(_can_be_a_name, path.split("/"))):
        raise Refused(f"“{path}” cannot be a file's name.")
    if change.base is not None and not OID.match(change.base):
        raise Refused("The version that this was written from is not known.")
    if change.content is not None:
        if len(change.content) > MAX_FILE:
            raise Refused(f"{path} is larger than {MAX_FILE // 1024 // 1024} MB.")
        if path.endswith((".md", ".yml", ".json", ".csv")):
            try:
                text = change.content.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Refused(f"{path} is not text (UTF-8).") from error
            if "\0" in text:
                raise Refused(f"{path} holds a character that no text may hold.")
    return change
