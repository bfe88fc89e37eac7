"""What people do with threads on a text: begin, answer, close, look after; and where each stands in the text of today."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from curriculum_studio.access import Access
from curriculum_studio.actions.lessons import Lesson, read_lesson, text_of
from curriculum_studio.actions.rooms import flush
from curriculum_studio.domain.anchor_paths import Range
from curriculum_studio.domain.anchors import Anchor, anchor_at, find_all, nearest
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.people import Person, near_first
from curriculum_studio.domain.reviews import (
    MOST_WORDS,
    State,
    Thread,
    Wanted,
    in_order,
    mentioned,
    moved_to,
    said,
)
from curriculum_studio.formats.choosing import WordsOf, chosen_in, drawn_in, heading_at, part_at, shown
from curriculum_studio.formats.facts import text_key
from curriculum_studio.formats.lesson_markdown import Document, read_document
from curriculum_studio.studio import Studio

_WRITTEN = "written"
"""What stands for the version of a text that is none yet."""
NEWS = "threads"
"""What those who write in a text hear when something is said about it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose on a page: words as shown there (formulas as `$…$`), what stands before and after, the part.

    Without words the whole part is meant, without a part the whole text. With `start` the words and what stands around
    them are those of the source, as the editor has it; with `figure` that figure or picture of the text is meant.
    """

    words: str = ""
    before: str = ""
    after: str = ""
    part: str = ""
    start: int = -1
    figure: int = -1
    written: bool = False
    """Whether the page shows the text as it is being written, and not as it was saved."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A thread beside its text: the words as they stand now ("" where they are lost), how a page shows them, which of
    equal places in their part (its id, "" outside of all) they are, and the heading above them."""

    thread: Thread
    now: str
    shown: str
    nth: int
    heading: str
    part: str = ""
    figure: str = ""
    """What the figure or picture shows that is meant; "" where words are meant."""

    @property
    def pieces(self) -> list[dict[str, str]]:
        """Of a suggestion, what stays, goes and comes, each as typed and as a page shows it."""
        return [
            {"kind": one.kind, "text": one.text, "shown": shown(one.text)} for one in self.thread.pieces()
        ]


def readers(studio: Studio, path: str) -> dict[str, str]:
    """The people (key to name) who may see a text, those of its team first: nobody else can be mentioned in it."""
    people = [one.person for one in studio.people.all() if not one.left]
    if not people:
        return {}
    team = Access(studio, people[0]).team(path)
    return {one.key: one.name for one in near_first(people, team) if one.may("read", team)}


def start_thread(
    studio: Studio, person: Person, path: str, choice: Choice, words: str, replacement: str | None = None
) -> str:
    """Begins a thread on chosen words of the text as it stands now; with a replacement it is a suggestion. Gives its key."""
    _may_comment(studio, person, path)
    if choice.start >= 0 or choice.written:
        # What was typed a moment ago is a version before somebody speaks of it.
        flush(studio, path)
    lesson = read_lesson(studio, path)
    document = read_document(path, lesson.text.encode())
    anchor = _anchor(document, lesson, choice)
    if replacement is None:
        words = said(words)
    else:
        replacement = replacement.replace("\r\n", "\n")
        _check_replacement(anchor, replacement)
        words = said(words) if words.strip() else ""
    told = dict.fromkeys(mentioned(words, readers(studio, path)), "mention")
    text = _key(studio, path)
    key = studio.reviews.start([(text, path, anchor, replacement)], person.key, words, told)[0]
    studio.rooms.tell(path, NEWS)
    return key


def _check_replacement(anchor: Anchor, replacement: str) -> None:
    if anchor.whole:
        raise Refused("Choose the words that should be other ones. Nothing was kept yet.")
    if replacement == anchor.quote:
        raise Refused("That is how the words stand already. Nothing was kept yet.")
    if len(replacement) > len(anchor.quote) + MOST_WORDS:
        raise Refused(f"That is more than {MOST_WORDS} characters. Nothing was kept yet.")


def _may_comment(studio: Studio, person: Person, path: str) -> None:
    if not Access(studio, person).may("comment", path):
        raise NotFound("There is no such lesson.")


def _key(studio: Studio, path: str) -> str:
    facts = studio.curriculum()[1].facts.get(path)
    if facts is None:
        raise NotFound("There is no such lesson.")
    return text_key(facts)


def _anchor(document: Document, lesson: Lesson, choice: Choice) -> Anchor:
    if choice.words.strip() or choice.figure >= 0:
        place = _place(document, choice)
        if place is None:
            raise Refused("These words do not stand in the text. Choose them anew: somebody may have changed them.")  # fmt: skip
        part = part_at(document, place[0])
        return anchor_at(lesson.text, *place, lesson.blob, (part.id or "") if part else "")
    if not choice.part:
        return Anchor("", "", "", 0, lesson.blob)
    whole = document.part(choice.part)
    if whole is None:
        raise Refused("There is no such part in the text any more. Nothing was kept yet.")
    return Anchor("", "", "", whole.start, lesson.blob, choice.part)


def _place(document: Document, choice: Choice) -> Range | None:
    if choice.figure >= 0:
        figures = drawn_in(document.source)
        one = figures[choice.figure] if choice.figure < len(figures) else None
        return (one.start, one.end) if one else None
    if choice.start >= 0:
        return nearest(choice.words, choice.before, choice.after, choice.start, document.source)
    return chosen_in(document, choice.words, choice.before, choice.after, choice.part)


def choice_source(studio: Studio, person: Person, path: str, choice: Choice) -> str:
    """The words of the source that a choice stands for, grown to whole formulas and links. Raises `Refused`."""
    _may_comment(studio, person, path)
    lesson = read_lesson(studio, path)
    return _anchor(read_document(path, lesson.text.encode()), lesson, choice).quote


def threads_on(studio: Studio, path: str, wanted: Wanted | None = None) -> list[Placed]:
    """The threads on a text in the order of its words, each found again in the text of today."""
    lesson = read_lesson(studio, path)
    found = follow_threads(studio, lesson, studio.reviews.of_text(_key(studio, path)))
    document = read_document(path, lesson.text.encode())
    kept = [one for one in in_order(found) if wanted is None or wanted.takes(one)]
    return _placed_all(document, lesson, kept)


def _placed_all(document: Document, lesson: Lesson, threads: Iterable[Thread]) -> list[Placed]:
    words = WordsOf(document.source)
    return [_placed(document, words, lesson, one) for one in threads]


def _placed(document: Document, words: WordsOf, lesson: Lesson, one: Thread) -> Placed:
    text = document.source
    if one.anchor.whole:
        part = document.part(one.anchor.part) if one.anchor.part else None
        return Placed(one, "", "", 0, part.heading if part else "")
    if one.lost or one.place.blob != lesson.blob:
        return Placed(one, "", "", 0, "")
    now, start = text[one.place.start : one.place.end], one.place.start
    inside, heading = part_at(document, start), heading_at(document, start)
    since, name = (inside.start, inside.id or "") if inside else (document.preface.start, "")
    if figure := _figure(now):
        return Placed(one, now, "", 0, heading, name, figure)
    return Placed(one, now, shown(now), words.nth(now, since, start), heading, name)


def _figure(now: str) -> str:
    """What a figure shows, where the words are one whole figure."""
    found = drawn_in(now)
    whole = len(found) == 1 and found[0].end - found[0].start == len(now)
    return (found[0].alt or "without a description") if whole else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """An open thread beside a text that is being written: where its words are there, None where they are not (or where
    it is about a whole part or text)."""

    placed: Placed
    at: Range | None


def threads_beside(studio: Studio, path: str, text: str) -> list[Beside]:
    """The open threads on a text as somebody has it in the editor, in its order. Nothing is kept of it: from here on the
    editor moves the places along with the words, and a version finds them for itself."""
    lesson = read_lesson(studio, path)
    threads = follow_threads(studio, lesson, studio.reviews.of_text(_key(studio, path), only_open=True))
    now = lesson if text == lesson.text else replace(lesson, content=text.encode(), blob=_WRITTEN)
    if now is not lesson:
        standing = {
            one.key: (one.anchor, one.place)
            for one in threads
            if not one.anchor.whole and one.place.blob == lesson.blob
        }
        found = find_all(standing, {lesson.blob: lesson.text}, _WRITTEN, text)
        threads = [moved_to(one, found[one.key]) if one.key in found else one for one in threads]
    placed = _placed_all(read_document(path, text.encode()), now, in_order(threads))
    return [Beside(one, _range(one.thread, now.blob)) for one in placed]


def _range(thread: Thread, blob: str) -> Range | None:
    there = thread.place.blob == blob and not (thread.anchor.whole or thread.lost)
    return (thread.place.start, thread.place.end) if there else None


def follow_threads(studio: Studio, lesson: Lesson, threads: Iterable[Thread]) -> list[Thread]:
    """Threads with the places of their words in the text as it stands; what was found is kept for the next look.

    Accepted and refused suggestions stay where they were: their words are done with.
    """
    threads = list(threads)
    moving = {
        one.key: (one.anchor, one.place)
        for one in threads
        if (one.lost or one.place.blob != lesson.blob)
        and not one.anchor.whole
        and one.state in ("open", "resolved")
    }
    if not moving:
        return threads
    texts: dict[str, str] = {}
    for blob in {blob for anchor, place in moving.values() for blob in (anchor.blob, place.blob)}:
        with suppress(NotFound):
            texts[blob] = text_of(studio, blob)
    places = find_all(moving, texts, lesson.blob, lesson.text)
    known = {one.key: one for one in threads}
    news = {key: place for key, place in places.items() if place is not None or not known[key].lost}
    if news:
        studio.reviews.found(news, lesson.path)
    return [moved_to(one, places[one.key]) if one.key in places else one for one in threads]


def find_thread(studio: Studio, person: Person, key: str) -> tuple[Thread, str]:
    """A thread, and where its text lies now, for somebody who may read that. Raises `NotFound` otherwise."""
    thread = studio.reviews.get(key)
    path = studio.curriculum()[1].by_key.get(thread.text)
    if path is None or not Access(studio, person).may("read", path):
        raise NotFound("There is no such thread.")
    return thread, path


def reply(studio: Studio, person: Person, key: str, words: str) -> None:
    """Adds a remark; who takes part is told, and who is mentioned."""
    thread, path = find_thread(studio, person, key)
    names = readers(studio, path)
    told = {one: "reply" for one in thread.people if one in names}
    told |= dict.fromkeys(mentioned(words, names), "mention")
    studio.reviews.reply(key, person.key, said(words), told)
    studio.rooms.tell(path, NEWS)


def close_thread(studio: Studio, person: Person, key: str, reason: str) -> None:
    """Closes a comment, or takes back one's own suggestion, with the reason."""
    thread, path = find_thread(studio, person, key)
    if person.key not in thread.people and not Access(studio, person).may("write", path):
        raise Refused("Only who takes part in it, or who writes here, closes this. Nothing was changed.")
    if not reason.strip():
        raise Refused("Say why in a word or two. Nothing was changed.")
    state: State = "refused" if thread.kind == "suggestion" else "resolved"
    studio.reviews.close(key, person.key, state, reason.strip(), _still(studio, thread, path))
    studio.rooms.tell(path, NEWS)


def reopen_thread(studio: Studio, person: Person, key: str) -> None:
    """Opens a closed thread again; a suggestion that was taken over stays so."""
    thread, path = find_thread(studio, person, key)
    if thread.state == "accepted":
        raise Refused("What was taken over stands in the text. Make a new suggestion. Nothing was changed.")
    studio.reviews.reopen(key, person.key, _still(studio, thread, path))
    studio.rooms.tell(path, NEWS)


def assign_thread(studio: Studio, person: Person, key: str, to: str) -> None:
    """Gives a thread to somebody who may see it, or to nobody."""
    _, path = find_thread(studio, person, key)
    if to and to not in readers(studio, path):
        raise Refused("That person cannot see this text. Nothing was changed.")
    studio.reviews.assign(key, person.key, to)


def place_again(studio: Studio, person: Person, key: str, choice: Choice) -> None:
    """Says where a thread belongs that has lost its words."""
    thread, path = find_thread(studio, person, key)
    if not thread.lost:
        raise Refused("This has its words. Nothing was changed.")
    lesson = read_lesson(studio, path)
    studio.reviews.place_again(key, _anchor(read_document(path, lesson.text.encode()), lesson, choice))
    studio.rooms.tell(path, NEWS)


def _still(studio: Studio, thread: Thread, path: str) -> set[str]:
    """Who takes part and may still see the text."""
    return set(thread.people) & set(readers(studio, path))
