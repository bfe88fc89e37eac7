"""Credit for a lesson, by name as each chooses; and how roles work together, for the partnership to look at."""

from __future__ import annotations

from dataclasses import dataclass

from curriculum_studio.actions.lessons import read_lesson
from curriculum_studio.actions.suggestions import PUT_BACK, TAKEN_OVER
from curriculum_studio.domain.goals import ALL_SIDES, SIDE_OF
from curriculum_studio.domain.trust import Heard, Way, answer_times, reciprocity, shares_accepted
from curriculum_studio.studio import Studio

_LOOKED_BACK = 200
CREDIT = "credit"
"""The choice of people who do not want to be named: kept beside how they hear of things."""
UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Credit:
    """Who wrote a text and whose suggestions improved it, in the order in which they came; `unnamed` people besides."""

    wrote: tuple[str, ...]
    improved: tuple[str, ...]
    unnamed: int


def credit_of(studio: Studio, path: str) -> Credit:
    """The people of a text, by the names that they go by now, without those who do not want to be named."""
    lesson = read_lesson(studio, path)
    wrote: dict[str, str] = {}
    improved: dict[str, str] = {}
    for version in reversed(studio.content.history(path, lesson_id=lesson.id or None, limit=_LOOKED_BACK)):
        if version.note.startswith(PUT_BACK):
            continue
        # Who takes a suggestion over has not written it.
        taken = version.note.startswith(TAKEN_OVER)
        for one in version.others if taken else (version.author, *version.others):
            (improved if taken else wrote).setdefault(one.key, one.name)
    names = {one.person.key: one.person.name for one in studio.people.all()}
    known = [key for key in {**wrote, **improved} if key != "p-studio"]
    hidden = {key for key in known if studio.notices.choices(key).get(CREDIT) == UNNAMED}
    shown = [key for key in known if key not in hidden]
    return Credit(
        tuple(names.get(key, wrote[key]) for key in shown if key in wrote),
        tuple(names.get(key, improved[key]) for key in shown if key in improved and key not in wrote),
        len(hidden),
    )


@dataclass(frozen=True, slots=True)
class Trust:
    """How roles answer each other and take each other's suggestions; and how the suggestions of each side fare with the others."""

    answers: tuple[Way, ...]
    accepted: tuple[Way, ...]
    heard: tuple[Heard, ...]


def trust(studio: Studio) -> Trust:
    """The figures over everything that was ever asked and suggested."""
    roles = {one.person.key: one.person.role for one in studio.people.all()}
    requests = [
        (one.person, one.at, person, answered)
        for one in studio.approvals.requests(only_open=False)
        for person, answered in one.asked
    ]
    found = [one for one in studio.reviews.everywhere(only_open=False) if one.kind == "suggestion"]
    decided = [(one.person, one.closed_by, one.state) for one in found if not one.open]
    sides = {key: SIDE_OF[role] for key, role in roles.items() if role in SIDE_OF}
    heard = [
        (one.person, {row.person for row in one.remarks} - {one.person}, one.closed_by, one.state)
        for one in found
    ]
    return Trust(
        tuple(answer_times(requests, roles)),
        tuple(shares_accepted(decided, roles, SIDE_OF)),
        tuple(reciprocity(heard, sides, ALL_SIDES)),
    )
