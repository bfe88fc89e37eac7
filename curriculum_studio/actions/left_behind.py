"""What waits for somebody and has to go to others when they leave: each line says where that is done."""

from __future__ import annotations

from datetime import UTC, date, datetime

from curriculum_studio.access import Access
from curriculum_studio.actions.cycles import cycles_of
from curriculum_studio.actions.home_lists import Item
from curriculum_studio.actions.ratings import rounds
from curriculum_studio.actions.series import series_of
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.curriculum import Curriculum
from curriculum_studio.studio import Studio


def left_behind(studio: Studio, actor: Person, person: Person) -> list[Item]:
    """The work that waits for `person`, as far as `actor` may see it: teams without anybody else, reviews, threads, ratings,
    meetings and cycles."""
    _, curriculum = studio.curriculum()
    return [
        *_teams(studio, person),
        *_reviews(studio, actor, person, curriculum),
        *_rounds(studio, actor, person),
        *_meetings(studio, actor, person),
        *_cycles(studio, actor, person),
    ]


def _teams(studio: Studio, person: Person) -> list[Item]:
    here = {one.person.key for one in studio.people.all() if not one.left}
    return [
        Item("", team.name, "Nobody else is in this team. Choose others.", f"/teams/{team.key}")
        for team in studio.teams.all()
        if person.key in team.members and not team.members & here - {person.key}
    ]


def _reviews(studio: Studio, actor: Person, person: Person, curriculum: Curriculum) -> list[Item]:
    access, paths = Access(studio, actor), curriculum.by_key
    found: list[Item] = []
    for request in studio.approvals.requests():
        path = paths.get(request.text, "")
        if path and request.awaits(person.key) and access.reads(path):
            place = path.removesuffix(".md")
            why = "Their review is asked for. Ask somebody else, and end this request."
            found.append(Item(path, curriculum.facts[path].title or path, why, f"/units/{place}/approval"))
    for thread in studio.reviews.everywhere():
        path = paths.get(thread.text, "")
        if path and thread.assigned == person.key and access.reads(path):
            why = "They look after a thread. Let somebody else do so."
            found.append(Item(path, curriculum.facts[path].title or path, why, f"/threads/{thread.key}"))
    return found


def _rounds(studio: Studio, actor: Person, person: Person) -> list[Item]:
    return [
        Item("", one.title, "Their rating is asked for. Whoever opened the round may close it without.", f"/ratings/{one.key}")
        for one in rounds(studio, actor)
        if not one.closed and any(who.person == person.key and not who.at for who in one.reviewers)
    ]  # fmt: skip


def _meetings(studio: Studio, actor: Person, person: Person) -> list[Item]:
    today = datetime.now(UTC).date().isoformat()
    return [
        Item("", row.session.title, f"They lead it on {date.fromisoformat(row.meeting.day):%-d %B}. Take the meeting back, and set it anew with somebody else.", f"/series/{series.key}")
        for series, planned in series_of(studio, actor)
        for row in planned
        if row.meeting.leads == person.key and row.meeting.day >= today
    ]  # fmt: skip


def _cycles(studio: Studio, actor: Person, person: Person) -> list[Item]:
    return [
        Item("", one.idea, f"Their cycle {one.waits_for}. Anybody who works in cycles may go on with it.", f"/cycles/{one.key}")
        for one in cycles_of(studio, actor)
        if one.person == person.key and not one.decided
    ]  # fmt: skip
