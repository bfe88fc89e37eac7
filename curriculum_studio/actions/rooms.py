"""What the studio does with texts that are being written together: begin, make versions, bring outside changes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.actions.identity import check_identity, under_its_own
from curriculum_studio.actions.search import index_lesson
from curriculum_studio.domain.errors import EditConflict, NotFound, StoreError
from curriculum_studio.domain.lessons import Part, all_parts
from curriculum_studio.domain.merging import changes
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.live.client import RoomsDown, Stale
from curriculum_studio.storage.content_changes import Author, Change
from curriculum_studio.studio import Studio

_TRIES = 6
_LOOKED = 50
KEPT_NOTE = "Kept the words that were being written when the text was taken away"


@dataclass(frozen=True, slots=True)
class MadeVersion:
    """A version made of what was written together; `blob` is that of its text, `note` says what it touched."""

    blob: str
    note: str
    authors: tuple[Author, ...]


def open_room(studio: Studio, path: str) -> None:
    """Makes a text ready to be written together. Raises `RoomsDown`, or `NotFound` where there is no such text."""
    try:
        bring_in(studio, path)
    except NotFound:
        blob = studio.content.blob_id(path)
        words = studio.content.read_blob(blob).decode("utf-8")
        studio.rooms.ask_room(path, "seed", blob=blob, text=words)


def bring_in(studio: Studio, path: str) -> bool:
    """Lets the room of a text rest on its newest version, whoever wrote that: whether anything was to do.

    Raises `NotFound` where nothing is kept of the text, `RoomsDown` where the rooms do not answer.
    """
    done = False
    for _ in range(_TRIES):
        # The room is looked at first: what it rests on has then been written already.
        standing = studio.rooms.ask_room(path, "standing")
        snapshot = studio.snapshot()
        if path not in snapshot:
            _taken_away(studio, path)
            return True
        blob, base = snapshot.blob(path), standing["base"]
        if blob == base:
            return done
        done = True
        # A version that was made of the room itself, and of which it never heard.
        own = _own_version(studio, path, set(standing["offered"]), base)
        try:
            if own:
                studio.rooms.ask_room(path, "settle", blob=own)
            else:
                _amend(studio, path, base, blob)
        except Stale:
            continue
    raise StoreError("The text changes faster than it can be read.")


def _own_version(studio: Studio, path: str, offered: set[str], base: str) -> str:
    """The newest version of a text that is one of those that its room offered; "" where none is."""
    if not offered - {base}:
        return ""
    for version in studio.content.history(path, limit=_LOOKED):
        try:
            blob = studio.content.blob_id(path, version.id)
        except NotFound:
            return ""
        if blob == base:
            return ""
        if blob in offered:
            return blob
    return ""


def _amend(studio: Studio, path: str, base: str, blob: str) -> None:
    old = studio.content.read_blob(base).decode("utf-8", "replace")
    new = studio.content.read_blob(blob).decode("utf-8", "replace")
    versions = studio.content.history(path, limit=1)
    author = versions[0].author if versions else Author("Somebody", "p-unknown")
    note = versions[0].note if versions else ""
    studio.rooms.amend(path, base, blob, changes(old, new), (author.key, author.name), note)


def _taken_away(studio: Studio, path: str) -> None:
    """The text is gone: nobody writes there any more, and what was typed since the last version is kept as one."""
    studio.rooms.ask_room(path, "close", why="gone")
    offer = studio.rooms.ask_room(path, "offer")
    if offer["authors"]:
        text = under_its_own(studio, path, offer["text"], _text(studio, offer["base"]))
        change = Change(path, text.encode(), None)
        studio.content.save([change], _authors(offer)[0], KEPT_NOTE, datetime.now(UTC))
        index_lesson(studio, path)
    studio.rooms.ask_room(path, "forget")


def make_version(studio: Studio, path: str, note: str = "") -> MadeVersion | None:
    """Makes what was written in a room since its last version a version; None where nothing was.

    Everybody who typed is named in it. Raises `NotFound` where nothing is kept of the text, `RoomsDown`, `StoreError`.
    """
    for _ in range(_TRIES):
        bring_in(studio, path)
        offer = studio.rooms.ask_room(path, "offer")
        if offer["text"] == _text(studio, offer["base"]):
            studio.rooms.ask_room(path, "settle", blob=offer["blob"])
            return None
        authors = _authors(offer)
        said = note or "; ".join(offer["notes"]) or touched(path, _text(studio, offer["base"]), offer["text"])
        check_identity(studio, path, offer["text"])
        change = Change(path, offer["text"].encode(), offer["base"], exact=True)
        try:
            studio.content.save([change], authors[0], said, datetime.now(UTC), authors[1:])
        except EditConflict:
            continue  # Another version came between: it is brought in first.
        except NotFound:
            continue
        studio.rooms.ask_room(
            path, "settle", blob=offer["blob"], note=said, by=", ".join(one.name for one in authors)
        )
        index_lesson(studio, path)
        return MadeVersion(offer["blob"], said, authors)
    raise StoreError("The text changes faster than it can be saved. Nothing is lost; it is tried again.")


def _text(studio: Studio, blob: str) -> str:
    return studio.content.read_blob(blob).decode("utf-8", "replace")


def _authors(offer: dict[str, list[tuple[str, str]]]) -> tuple[Author, ...]:
    found = tuple(Author(name, key) for key, name in offer["authors"])
    return found or (Author("Curriculum Studio", "p-studio"),)


def touched(path: str, old: str, new: str) -> str:
    """What a version touched, in words: the parts whose own text is not what it was."""
    before, after = _own_texts(path, old), _own_texts(path, new)
    parts = [heading for key, (heading, words) in after.items() if before.get(key, ("", ""))[1] != words]
    gone = [heading for key, (heading, _) in before.items() if key not in after]
    names = list(dict.fromkeys([*parts, *gone]))
    if not names:
        return "Changed the lines above the text"
    shown = [f"“{name[:60]}”" for name in names[:3]]
    more = len(names) - len(shown)
    if more:
        return f"Changed {', '.join(shown)} and {more} more part{'s' if more > 1 else ''}"
    return f"Changed {' and '.join([', '.join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)}"


def _own_texts(path: str, text: str) -> dict[str, tuple[str, str]]:
    """Each part's heading and own words, without those of the parts below it."""
    document = read_document(path, text.encode())
    found: dict[str, tuple[str, str]] = {}
    for number, part in enumerate(all_parts(document.parts)):
        key = part.id or f"{part.heading}/{number if part.heading in found else 0}"
        found[key] = part.heading or "the beginning", _own(document.source, part)
    return found


def _own(source: str, part: Part) -> str:
    return source[part.start : part.parts[0].start if part.parts else part.end]


def flush(studio: Studio, place: str) -> bool:
    """Lets what is being written in a text, or in all texts of a folder, become versions before somebody builds on them;
    whether there was anything to do.

    Where no rooms run, or nobody writes there, nothing is.
    """
    written: list[str] = []
    with suppress(StoreError):
        written = _written(studio, place)
        for path in written:
            with suppress(NotFound):
                make_version(studio, path)
    return bool(written)


def _written(studio: Studio, place: str) -> list[str]:
    if not studio.rooms.there:
        return []
    return [
        row["document"] for row in studio.rooms.waiting(0)
        if row["dirty"] and (row["document"] == place or row["document"].startswith(f"{place}/"))
    ]  # fmt: skip


@contextmanager
def nobody_writing(studio: Studio, paths: Iterable[str], why: str) -> Iterator[None]:
    """While texts are moved or put away nobody writes in them; what was typed before is a version by then.

    Where it fails they are open again. `why` is `moved` or `gone`, for those who write there.
    """
    shut: list[str] = []
    done = False
    try:
        for path in paths if studio.rooms.there else ():
            # Noted first: it may be closed though the answer was lost.
            shut.append(path)
            with suppress(NotFound, RoomsDown):
                studio.rooms.ask_room(path, "close", why=why)
                make_version(studio, path)
        yield
        done = True
    finally:
        for path in () if done else shut:
            with suppress(StoreError, NotFound):
                studio.rooms.ask_room(path, "open")
    let_rooms_follow(studio, shut)


def let_rooms_follow(studio: Studio, paths: Iterable[str]) -> None:
    """Brings versions that were just saved into the rooms of their texts; what cannot be reached follows by itself."""
    if not studio.rooms.there:
        return
    with suppress(RoomsDown):
        for path in paths:
            with suppress(NotFound):
                bring_in(studio, path)
