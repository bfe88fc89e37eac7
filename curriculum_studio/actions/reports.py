"""What readers say of the published sites: taken in without a name, read by who writes there, turned into a thread or dropped."""

from __future__ import annotations

from contextlib import suppress

from curriculum_studio.access import Access
from curriculum_studio.actions.lessons import Lesson, read_lesson, text_of
from curriculum_studio.domain.anchors import Anchor, Place, anchor_at, find_all
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.flags import signs_of_reports
from curriculum_studio.domain.identity import in_words
from curriculum_studio.domain.kinds import EDITIONS
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.choosing import chosen_in, part_at
from curriculum_studio.formats.facts import text_key
from curriculum_studio.formats.lesson_markdown import read_document
from curriculum_studio.storage.reports import Report
from curriculum_studio.studio import Studio

MOST_CHARACTERS = 500


def reports_open(studio: Studio) -> bool:
    """Whether readers may report: only where the studio has an address of its own and somebody turned it on."""
    return studio.settings.reader_reports and bool(studio.settings.address)


def published_page(studio: Studio, page: str) -> str:
    """The path of the text whose published page stands at an address of the student or family site. Raises `NotFound`."""
    released = studio.content.published()
    if not reports_open(studio) or released is None:
        raise NotFound("There is no such page.")
    _, curriculum = studio.curriculum(released)
    wanted = page.removesuffix("index.html")
    for path in curriculum.facts:
        if any(curriculum.address(path, edition) == wanted for edition in EDITIONS if edition != "teacher"):
            return path
    raise NotFound("There is no such page.")


def take_report(studio: Studio, page: str, chosen: str, words: str) -> None:
    """Keeps what a reader said of words on a published page; nobody else sees it before a person has read it."""
    path = published_page(studio, page)
    words = words.strip()
    if not words:
        raise Refused("Say in a few words what is wrong.")
    if len(words) > MOST_CHARACTERS:
        raise Refused(f"That is more than {MOST_CHARACTERS} characters.")
    lesson = read_lesson(studio, path, studio.content.published())
    document = read_document(path, lesson.text.encode())
    anchor = Anchor("", "", "", 0, lesson.blob)
    place = chosen_in(document, chosen[:2000]) if chosen.strip() else None
    if place is not None:
        part = part_at(document, place[0])
        anchor = anchor_at(lesson.text, *place, lesson.blob, (part.id or "") if part else "")
    elif chosen.strip():
        words = f"“{' '.join(chosen.split())[:300]}”\n{words}"
    said = in_words(words)
    if said is not None and said[0] == "email":
        raise Refused("Leave out every address: nobody here needs to know who you are. Nothing was kept.")
    studio.reports.add(path, anchor, words)
    _raise_flags(studio, path)


def _raise_flags(studio: Studio, path: str) -> None:
    """Flags the parts of a text on which several reports lie that came after its last such flag was answered."""
    document = studio.curriculum()[1].facts[path].id if path in studio.curriculum()[1].facts else ""
    answered = {
        flag.part: flag.steps[-1].at
        for flag in studio.flags.all("aside", "closed", on=[document])
        if flag.rule == "reader-reports"
    }
    spots = [
        one.anchor.part
        for one in studio.reports.all()
        if one.path == path and one.at > answered.get(one.anchor.part, 0)
    ]
    if document:
        studio.flags.raise_all(signs_of_reports((document, part) for part in spots))


def reports_for(studio: Studio, person: Person, *, dropped: bool = False) -> list[Report]:
    """The reports on texts in which somebody writes: those that stand, or those that were deleted."""
    access = Access(studio, person)
    _, curriculum = studio.curriculum()
    return [
        one
        for one in studio.reports.all(dropped=dropped)
        if one.path in curriculum.facts and access.may("write", one.path)
    ]


def report_thread(studio: Studio, person: Person, key: str) -> str:
    """Turns a report into a thread on the words of today's text; gives the thread's key. Raises `NotFound`."""
    report = _writable(studio, person, key)
    lesson = read_lesson(studio, report.path)
    found = _today(studio, report.anchor, lesson)
    if found is not None:
        anchor = anchor_at(lesson.text, found.start, found.end, lesson.blob, report.anchor.part)
        said = f"A reader reports: {report.words}"
    else:
        anchor = Anchor("", "", "", 0, lesson.blob)
        quote = f" (on “{report.anchor.quote[:200]}”)" if report.anchor.quote else ""
        said = f"A reader reports{quote}: {report.words}"
    facts = studio.curriculum()[1].facts[report.path]
    made = studio.reviews.start([(text_key(facts), report.path, anchor, None)], person.key, said, {})[0]
    studio.reports.forget(key)
    return made


def _today(studio: Studio, anchor: Anchor, lesson: Lesson) -> Place | None:
    """Where the words of a report are in today's text: followed from the text that was published when it was made."""
    if anchor.whole:
        return None
    texts: dict[str, str] = {}
    with suppress(NotFound):
        texts[anchor.blob] = text_of(studio, anchor.blob)
    first = Place(anchor.blob, anchor.start, anchor.end)
    return find_all({"report": (anchor, first)}, texts, lesson.blob, lesson.text)["report"]


def drop_report(studio: Studio, person: Person, key: str) -> None:
    """Deletes a report; until it is too old it can be brought back. Raises `NotFound`."""
    _writable(studio, person, key)
    studio.reports.drop(key)


def bring_report_back(studio: Studio, person: Person, key: str) -> None:
    """Undoes that a report was deleted. Raises `NotFound`."""
    _writable(studio, person, key, dropped=True)
    studio.reports.drop(key, back=True)


def _writable(studio: Studio, person: Person, key: str, *, dropped: bool = False) -> Report:
    found = next((one for one in reports_for(studio, person, dropped=dropped) if one.key == key), None)
    if found is None:
        raise NotFound("There is no such report.")
    return found
