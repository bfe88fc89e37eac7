"""Hides the sample talk about texts of a studio for trying out: a question answered, suggestions of each fate, a review asked for, verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from curriculum_studio.actions.approvals import ask_for_review, give_verdict
from curriculum_studio.actions.reviews import Choice, assign_thread, close_thread, reply, start_thread
from curriculum_studio.actions.suggestions import accept, refuse
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio

_TASTE = "grade-6/ratios/02-same-taste.md"
_ONE = "grade-6/ratios/03-for-one.md"
_POINTS = "grade-6/ratios/06-points-in-a-row.md"
_BUY = "grade-6/ratios/07-better-buy.md"


def take_over_sample(
    studio: Studio, suggester: Person, writer: Person, path: str, before: str, now: str
) -> None:
    """A suggestion that was taken over: the text reads as it now does because of it."""
    why = "Students leave the units out when nobody asks."
    accept(studio, writer, [start_thread(studio, suggester, path, _words(before), why, now)])


def add_sample_reviews(studio: Studio, people: Mapping[str, Person]) -> None:
    """Threads, requests and verdicts on the unit on ratios; the texts stay as they are. Nothing is added where it is not."""
    if not all(path in studio.snapshot() for path in (_TASTE, _ONE, _POINTS, _BUY)):
        return
    ada, ben, carla, gita = (people[name] for name in ("ada", "ben", "carla", "gita"))
    on_taste = "Think alone for two minutes, then pairs."
    key = start_thread(
        studio, carla, _TASTE, _words(on_taste), "Is two minutes enough where the table is new, @Ada?"
    )
    reply(studio, ada, key, "In my class it was. I will watch for it in the next one.")
    assign_thread(studio, carla, key, ada.key)
    start_thread(
        studio, gita, _TASTE, Choice(part="m-add-both"), "This is the one to plan for: most teams met it."
    )
    start_thread(
        studio, carla, _TASTE, _words("That is the simplest reason, and the best one to hear last."),
        "It says why last.", "That is the simplest reason; hear it last, when the drawings are on the board.",
    )  # fmt: skip
    key = start_thread(studio, ben, _ONE, _words("mental work, thumbs"), "Thumbs for what?")
    reply(studio, ada, key, "For “I have a way”. It is in the first lesson’s launch.")
    close_thread(studio, ben, key, "answered")
    shorter = start_thread(studio, ben, _ONE, _words("Nothing else is needed."), "Shorter.", "")
    refuse(studio, ada, [shorter], "New teachers ask.")
    due = (datetime.now(UTC) + timedelta(days=6)).date().isoformat()
    ask_for_review(studio, ada, _POINTS, [ben.key, carla.key], "Do the axes come too early?", "", due)
    for person, verdict, words in (
        (ben, "approved", ""),
        (carla, "approved", "The comparison by unit rates is clear."),
    ):
        give_verdict(studio, person, _BUY, studio.content.blob_id(_BUY), verdict, words)  # type: ignore[arg-type]


def _words(words: str) -> Choice:
    return Choice(words=words, start=0)
