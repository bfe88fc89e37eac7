"""What people do with suggested words: write a whole text anew as suggestions, take them over, in part or many at once, refuse
them, and take such a decision back."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from itertools import pairwise

from curriculum_studio.access import check_right
from curriculum_studio.actions.history import text_at
from curriculum_studio.actions.lessons import Lesson, read_lesson, save_version
from curriculum_studio.actions.reviews import NEWS, find_thread, follow_threads, readers
from curriculum_studio.actions.rooms import flush
from curriculum_studio.domain.anchors import anchor_on, grown
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.merging import merge
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.reviews import (
    Proposal,
    State,
    Thread,
    applied,
    changes_of,
    decided_together,
    fitting,
    proposals,
    said,
)
from curriculum_studio.formats.choosing import part_at
from curriculum_studio.formats.facts import text_key
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.live.text import blob_of
from curriculum_studio.storage.content_changes import Author, Saved
from curriculum_studio.studio import Studio

TAKEN_OVER, PUT_BACK = "Took over", "Put back"
"""How the notes of versions begin that take suggestions over, and that undo it."""
MOST = 200
"""More suggestions than this at once are a text of one's own."""
_LOOKED_BACK = 50
"""Versions among which the one is looked for from which somebody wrote."""
_NO_WRITING = "You may read here, and not write. Nothing was changed."


def suggest_text(studio: Studio, person: Person, path: str, text: str, base: str, words: str) -> int:
    """Turns what somebody changed in a text into suggestions under their name; gives how many. The text stays as it is.

    `base` is the version that they wrote from: where others changed the text since, the suggestions stand on the words
    of that version, and are found in the newest one like every thread.
    """
    check_right(studio, person, "comment", path, _NO_WRITING)
    lesson = read_lesson(studio, path)
    began = began_from(studio, lesson, base)
    if began is None:
        raise Refused("This was written from a text that is too old. Nothing was kept yet; your words are still here.")  # fmt: skip
    found = proposals(began, text.replace("\r\n", "\n"))
    if not found:
        raise Refused("Nothing is different yet. Change some words, then hand them in.")
    if len(found) > MOST:
        raise Refused("These are too many changes at once. Hand them in by and by.")
    document = read_document(path, began.encode())
    key = text_key(studio.curriculum()[1].facts[path])
    rows = []
    for one in found:
        part = part_at(document, one.start)
        low, high = grown(began, one.start, one.end)
        low, high = min(low, one.start), max(high, one.end)
        anchor = anchor_on(began, low, high, base, (part.id or "") if part else "")
        before, after = began[low : one.start], began[one.end : high]
        rows.append((key, path, anchor, before + one.replacement + after))
    studio.reviews.start(rows, person.key, said(words) if words.strip() else "", {})
    studio.rooms.tell(path, NEWS)
    return len(rows)


def began_from(studio: Studio, lesson: Lesson, blob: str) -> str | None:
    """The words of the version of a text from which somebody wrote; None where it is none of the last ones."""
    if blob == lesson.blob:
        return lesson.text
    for version in studio.content.history(lesson.path, lesson_id=lesson.id or None, limit=_LOOKED_BACK):
        with suppress(NotFound):
            words = text_at(studio, lesson.path, version.id)
            if blob_of(words) == blob:
                return words
    return None


def accept(
    studio: Studio, person: Person, keys: Sequence[str], chosen: Collection[int] | None = None
) -> Saved:
    """Takes suggestions on one text over, as one version that names who suggested them; of a single one also in part.

    Raises `Refused`, with nothing changed, where words are gone or were changed since.
    """
    threads, path = _open_suggestions(studio, person, keys)
    # While the text is being written, what was typed becomes a version first; the suggestion then goes into the room as
    # an edit on top of it, so that everybody there sees it and nobody's words are in its way.
    flush(studio, path)
    lesson = read_lesson(studio, path)
    followed = follow_threads(studio, lesson, threads)
    wanted = []
    for one in followed:
        if one.lost:
            raise Refused("The words of this suggestion are gone from the text. Nothing was changed.")
        now = lesson.text[one.place.start : one.place.end]
        wanted.append(Proposal(one.place.start, one.place.end, fitting(one, now, chosen)))
    names = {one.person.key: one.person.name for one in studio.people.all()}
    people = dict.fromkeys(one.person for one in threads)
    others = [Author(names.get(key, "Somebody"), key) for key in people if key != person.key]
    saved = amend(studio, person, lesson, applied(lesson.text, wanted), _note(threads, names), others)
    part = chosen is not None and len(chosen) < changes_of(threads[0])
    _close(studio, person, path, threads, "accepted", "in part" if part else "")
    return saved


def _close(
    studio: Studio, person: Person, path: str, threads: Sequence[Thread], state: State, reason: str
) -> None:
    """Closes suggestions as one act; who made them is told."""
    # Of two acts on a text no second is the same: by its moment an act is known again.
    before = max(one.closed_at for one in studio.reviews.of_text(threads[0].text))
    there, now = set(readers(studio, path)), max(int(time.time()), before + 1)
    for one in threads:
        studio.reviews.close(one.key, person.key, state, reason, {one.person} & there, now)
    studio.rooms.tell(path, NEWS)


def _note(threads: Sequence[Thread], names: dict[str, str]) -> str:
    """The note of the version: how many suggestions, and whose."""
    shown = ", ".join(dict.fromkeys(names.get(one.person, "somebody") for one in threads))
    what = "a suggestion" if len(threads) == 1 else f"{len(threads)} suggestions"
    return f"{TAKEN_OVER} {what} by {shown}"


def amend(
    studio: Studio, person: Person, lesson: Lesson, text: str, note: str, others: Sequence[Author]
) -> Saved:
    """The one way in which an accepted suggestion changes a text: as a version from the one that it was found in."""
    return save_version(studio, person, lesson.path, text, lesson.blob, note, others)


def refuse(studio: Studio, person: Person, keys: Iterable[str], reason: str) -> None:
    """Refuses suggestions, with the reason; the text stays as it is."""
    threads, path = _open_suggestions(studio, person, list(keys))
    _close(studio, person, path, threads, "refused", reason.strip() or "no change wanted")


def undo(studio: Studio, person: Person, key: str) -> None:
    """Takes back what was decided on a suggestion, and on all others in the same act: they are open again, and words that were
    taken over give way to those that stood there; what was written elsewhere since stays.

    Raises `Refused`, with nothing changed, where somebody wrote in the same words since.
    """
    thread, path = find_thread(studio, person, key)
    check_right(studio, person, "write", path, _NO_WRITING)
    if thread.kind != "suggestion" or thread.open:
        raise Refused("Nothing is decided on this, or somebody opened it again. Nothing was changed.")
    together = decided_together(thread, studio.reviews.of_text(thread.text))
    if thread.state == "accepted":
        _put_back(studio, person, path, together)
    there = set(readers(studio, path))
    for one in together:
        studio.reviews.reopen(one.key, person.key, {one.person} & there)
    studio.rooms.tell(path, NEWS)


def _put_back(studio: Studio, person: Person, path: str, threads: Sequence[Thread]) -> None:
    """Writes the words that stood there before suggestions were taken over, as a version on top of what stands there now."""
    flush(studio, path)
    lesson = read_lesson(studio, path)
    before, after = _taken_over_in(studio, lesson, threads[0])
    text = merge(after, before, lesson.text).text
    if text is None:
        raise Refused("The words were changed since in the same place. Nothing was changed; the history has them as they were.")  # fmt: skip
    count = len(threads)
    save_version(
        studio, person, path, text, lesson.blob,
        f"{PUT_BACK} {'the words' if count == 1 else f'{count} places'} as before a suggestion was taken over",
    )  # fmt: skip


def _taken_over_in(studio: Studio, lesson: Lesson, thread: Thread) -> tuple[str, str]:
    """A text before and after the version in which a suggestion was taken over: its words were last seen in the former."""
    versions = studio.content.history(lesson.path, lesson_id=lesson.id or None, limit=_LOOKED_BACK)
    for version, older in pairwise(versions):
        if version.author.key == thread.closed_by and version.note.startswith(TAKEN_OVER):
            before = text_at(studio, lesson.path, older.id)
            if blob_of(before) == thread.place.blob:
                return _read(lesson.path, before), _read(
                    lesson.path, text_at(studio, lesson.path, version.id)
                )
    raise Refused("That was too long ago to be undone here. Nothing was changed; the history has the words.")


def _read(path: str, text: str) -> str:
    """A text with the ends of lines that texts are read with."""
    return read_document(path, text.encode()).source


def _open_suggestions(studio: Studio, person: Person, keys: Sequence[str]) -> tuple[list[Thread], str]:
    """Open suggestions on one text in which somebody may write."""
    if not keys:
        raise Refused("Choose a suggestion first. Nothing was changed.")
    found = [find_thread(studio, person, key) for key in dict.fromkeys(keys)]
    threads, path = [thread for thread, _ in found], found[0][1]
    if any(other != path for _, other in found):
        raise NotFound("There is no such suggestion here.")
    check_right(studio, person, "write", path, _NO_WRITING)
    if any(one.kind != "suggestion" or not one.open for one in threads):
        raise Refused("Somebody decided on this meanwhile. Nothing was changed.")
    return threads, path


def suggestions_of(studio: Studio, path: str, person: str = "", part: str = "") -> list[str]:
    """The open suggestions on a text: of one person, or on one part and all below it."""
    lesson = read_lesson(studio, path)
    key = text_key(studio.curriculum()[1].facts[path])
    threads = [one for one in studio.reviews.of_text(key) if one.open and one.kind == "suggestion"]
    threads = [one for one in follow_threads(studio, lesson, threads) if not one.lost]
    whole = read_document(path, lesson.text.encode()).part(part) if part else None
    if part and whole is None:
        return []
    return [
        one.key
        for one in threads
        if (not person or one.person == person)
        and (whole is None or whole.start <= one.place.start < whole.end)
    ]


def with_suggestions(studio: Studio, path: str) -> str:
    """The text as it would read with all open suggestions taken over that can be."""
    lesson = read_lesson(studio, path)
    key = text_key(studio.curriculum()[1].facts[path])
    threads = [one for one in studio.reviews.of_text(key) if one.open and one.kind == "suggestion"]
    rows: list[Proposal] = []
    for one in sorted(follow_threads(studio, lesson, threads), key=lambda one: one.place.start):
        if one.lost or (rows and one.place.start < rows[-1].end):
            continue
        now = lesson.text[one.place.start : one.place.end]
        if now == one.anchor.quote:
            rows.append(Proposal(one.place.start, one.place.end, one.replacement or ""))
    return applied(lesson.text, rows)
