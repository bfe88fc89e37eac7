"""Puts somebody's week together from what they may see, and sends it to those who chose it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from curriculum_studio.access import Access
from curriculum_studio.actions.evidence import results_of
from curriculum_studio.actions.flags import open_flags
from curriculum_studio.actions.home import home_since
from curriculum_studio.actions.series import meetings_ahead
from curriculum_studio.domain.notices import Mail
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.week import BY_MAIL, CHOICE, Line, Week, is_due, last_week, week_mail
from curriculum_studio.storage.content_changes import Version
from curriculum_studio.studio import Studio

_LOOKED_BACK = 400
_MOST = 8
_AHEAD = timedelta(days=14)
_AFTER = {"?": "", "!": "", ".": ""}
_AT_ONCE = 20
"""Mails put together in one go: whoever sends has other things to do."""


def week(studio: Studio, person: Person, first: date) -> Week:
    """The week that begins on a Monday, as somebody may see it. What waits and what comes stand in the newest week alone."""
    now = datetime.now(UTC)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = start + timedelta(days=7)
    groups = [
        ("What changed", tuple(_changes(studio, person, start, end))),
        ("What results say", tuple(_evidence(studio, person, start, end))),
        ("What we said we would do", tuple(_kept(studio, start, end))),
    ]
    if first == last_week(now):
        home = home_since(studio, person, start)
        items = [*home.stuck, *home.waiting]
        rows = [
            Line(
                f"{one.title}{_AFTER.get(one.title[-1:], ':')} {one.why}",
                one.address or f"/units/{one.path.removesuffix('.md')}",
            )
            for one in items[:_MOST]
        ]
        if len(items) > _MOST:
            rows.append(Line(f"And {len(items) - _MOST} more at home.", "/"))
        groups = [
            ("Waiting for you", tuple(rows)),
            *groups,
            ("What comes", tuple(_ahead(studio, person, now))),
        ]
    return Week(first, tuple((heading, lines) for heading, lines in groups if lines))


def _changes(studio: Studio, person: Person, start: datetime, end: datetime) -> Iterator[Line]:
    """A line for each text that somebody else changed: who, how often, and the last note; one's own units first."""
    if studio.content.tip() is None:
        return
    _, curriculum = studio.curriculum()
    access = Access(studio, person)
    by_path: dict[str, list[Version]] = {}
    for version in studio.content.recent(_LOOKED_BACK):
        if start <= version.at < end and version.author.key != person.key:
            for path in version.paths:
                if path in curriculum.facts and access.reads(path):
                    by_path.setdefault(path, []).append(version)
    own = [path for path in by_path if (team := access.team(path)) and person.key in team.members]
    order = [*own, *(path for path in by_path if path not in own)]
    for path in order[:_MOST]:
        versions = by_path[path]
        names = list(dict.fromkeys(one.author.name for one in reversed(versions)))
        who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        times = "" if len(versions) == 1 else f" in {len(versions)} versions"
        note = access.said(versions[0]).rstrip(".")
        title = curriculum.facts[path].title or path
        yield Line(f"{who} changed “{title}”{times}: {note}.", f"/units/{path.removesuffix('.md')}/history")
    if len(order) > _MOST:
        yield Line(f"And {len(order) - _MOST} other texts.")


def _evidence(studio: Studio, person: Person, start: datetime, end: datetime) -> Iterator[Line]:
    """Results that came in, and what they raised."""
    _, curriculum = studio.curriculum()
    for one in results_of(studio, person):
        if start.timestamp() <= one.at < end.timestamp():
            yield Line(f"Results of “{one.title}” came in.", f"/evidence/results/{one.key}")
    for flag in open_flags(studio, person):
        if start.timestamp() <= flag.at < end.timestamp():
            path = next(iter(curriculum.by_id.get(flag.document, ())), "")
            title = curriculum.facts[path].title if path else "a text"
            said = flag.steps[0].words.split("\n")[0]
            yield Line(f"{flag.title} in “{title}”. {said}", f"/loops/{flag.key}")


def _kept(studio: Studio, start: datetime, end: datetime) -> Iterator[Line]:
    """What the sides said, did, changed or let go."""
    said = {"made": "will do", "done": "did", "changed": "changed", "dropped": "let go"}
    for one in studio.commitments.all():
        step = one.steps[-1]
        if start.timestamp() <= step.at < end.timestamp():
            why = f" ({step.reason})" if step.reason else ""
            yield Line(f"The {one.side} {said[step.act]}: {one.words}{why}", f"/commitments#{one.key}")


def _ahead(studio: Studio, person: Person, now: datetime) -> Iterator[Line]:
    """What has its day soon."""
    today, until = now.date().isoformat(), (now + _AHEAD).date().isoformat()
    for one in studio.commitments.all():
        if one.open and today <= one.due <= until:
            day = date.fromisoformat(one.due)
            yield Line(f"By {day:%-d %B}, the {one.side}: {one.words}", f"/commitments#{one.key}")
    names = {one.person.key: one.person.name for one in studio.people.all()}
    for row in meetings_ahead(studio, person, _AHEAD):
        day, leads = date.fromisoformat(row.meeting.day), names.get(row.meeting.leads, "somebody")
        yield Line(f"On {day:%-d %B}, led by {leads}: “{row.session.title}”.", f"/learning/{row.session.id}")
    for pulse in studio.pulse.rounds(today):
        if not pulse.closed:
            yield Line(f"The pulse is open until {date.fromisoformat(pulse.until):%-d %B}.", "/pulse")


def choose_week(studio: Studio, person: Person, now: datetime) -> None:
    """Notes that the first mail is for the week that is under way: nobody gets one on the day on which they choose."""
    if not studio.notices.week_sent(person.key):
        studio.notices.sent_week(person.key, last_week(now).isoformat())


def weeks_due(studio: Studio, now: datetime, base: str) -> Iterator[tuple[Mail | None, str, str]]:
    """For people who chose it and have not got the last week: the mail (None for a quiet week), the person, the week."""
    first, made = last_week(now), 0
    people = {one.person.key: one.person for one in studio.people.all() if not one.left}
    for key in studio.notices.who_chose(CHOICE, BY_MAIL):
        to = studio.notices.choices(key).get("", "")
        if key not in people or not to or not is_due(studio.notices.week_sent(key), now):
            continue
        found = week(studio, people[key], first)
        yield week_mail(to, found, base) if found.groups else None, key, first.isoformat()
        made += 1
        if made == _AT_ONCE:
            return
