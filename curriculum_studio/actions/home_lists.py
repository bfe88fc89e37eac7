"""The lists of a person's home: what waits for them, what is stuck, where the evidence points; each line says why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from curriculum_studio.access import SHARED, Access
from curriculum_studio.actions.approvals import asked_of
from curriculum_studio.actions.cycles import cycles_of
from curriculum_studio.actions.goals import CHARTER
from curriculum_studio.actions.learning import sessions_about, sessions_by_id
from curriculum_studio.actions.pulse import waits_for_answer
from curriculum_studio.actions.ratings import rounds
from curriculum_studio.actions.series import meetings_ahead
from curriculum_studio.domain.flags import Flag
from curriculum_studio.domain.goals import SIDE_OF, SIDES, missing_sides
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.check import check_file
from curriculum_studio.formats.curriculum import Curriculum, UnitOutline
from curriculum_studio.formats.frameworks import framework
from curriculum_studio.studio import Studio

_LOOKED_AT = 80
"""Texts whose findings are looked for: a home page must come at once."""
_OLD = timedelta(days=21)
_UNANSWERED = timedelta(days=7)
_SOON = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: a text, or another `address`, and why it is there."""

    path: str
    title: str
    why: str
    address: str = ""


def lists_of(
    studio: Studio, person: Person, curriculum: Curriculum, access: Access, mine: list[UnitOutline]
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
    """What waits for somebody, what is stuck, and where the evidence points; `mine` are the units of their teams."""
    own_waiting, own_stuck = _texts(studio, person, curriculum, mine)
    asked, held = _reviews(studio, person, curriculum, access)
    said, late = _partnership(studio, person)
    return (
        (*_rounds(studio, person), *asked, *said, *own_waiting),
        (*held, *late, *own_stuck),
        evidence_of(studio, person, curriculum, access, mine),
    )


def _rounds(studio: Studio, person: Person) -> list[Item]:
    return [
        Item("", f"Rate “{one.title}”", "Somebody asks for your rating.", f"/ratings/{one.key}")
        for one in rounds(studio, person)
        if not one.closed and any(who.person == person.key and not who.at for who in one.reviewers)
    ]


def _partnership(studio: Studio, person: Person) -> tuple[list[Item], list[Item]]:
    """What the partnership asks: the pulse, the charter, what one's side said it would do, what one used of a session."""
    now = datetime.now(UTC)
    today, soon = now.date().isoformat(), (now + _SOON).date().isoformat()
    waiting, late = [], []
    pulse = waits_for_answer(studio, person)
    if pulse is not None:
        why = f"Ten short statements, unnamed, two minutes. Until {date.fromisoformat(pulse.until):%-d %B}."
        waiting.append(Item("", "How do you find our work together?", why, "/pulse/answer"))
    side = SIDE_OF.get(person.role, "")
    snapshot = studio.snapshot()
    if (
        side in SIDES
        and CHARTER in snapshot
        and side in missing_sides(studio.goals.assents(), snapshot.blob(CHARTER))
    ):
        why = f"Nobody of the {side} has agreed to it as it stands now. Read it, and agree or say what is missing."
        waiting.append(Item("", "Our charter", why, "/goals"))
    for one in studio.commitments.all():
        whose = "Your side" if one.side == side else f"The {one.side}"
        day = f"{date.fromisoformat(one.due):%-d %B}"
        if one.late(today) and (one.side == side or person.role in ("lead", "coach")):
            why = (
                f"{whose} said so for {day}. Say what became of it."
                if one.side == side
                else f"{whose} said so for {day}."
            )
            late.append(Item("", one.words, why, f"/commitments#{one.key}"))
        elif one.open and one.side == side and one.due <= soon:
            waiting.append(Item("", one.words, f"Your side said so, by {day}.", f"/commitments#{one.key}"))
    asked = [key for key, row in studio.learning.own(person.key).items() if row.asks(int(now.timestamp()))]
    for session in sessions_by_id(studio, person, asked):
        why = "You took part some weeks ago. What did you use, and what did it do?"
        waiting.append(Item("", session.title, why, f"/learning/{session.id}"))
    names = {one.person.key: one.person.name for one in studio.people.all()}
    for row in meetings_ahead(studio, person, _SOON):
        day = f"{date.fromisoformat(row.meeting.day):%-d %B}"
        why = f"On {day}, led by {names.get(row.meeting.leads, 'somebody')}."
        if row.meeting.leads == person.key:
            why = f"You lead it on {day}. The pack with lessons, slides and handouts is on its page."
        waiting.append(Item("", row.session.title, why, f"/learning/{row.session.id}"))
    if any(one.person == person.key and not one.decided for one in studio.cycles.all()):
        for cycle in cycles_of(studio, person):
            if cycle.person != person.key or cycle.decided:
                continue
            waiting.append(Item("", cycle.idea, f"Your cycle {cycle.waits_for}.", f"/cycles/{cycle.key}"))
    return waiting, late


def _texts(
    studio: Studio, person: Person, curriculum: Curriculum, mine: list[UnitOutline]
) -> tuple[list[Item], list[Item]]:
    """What waits and what is stuck in the texts of one's own units, and what is to be published."""
    snapshot, _ = studio.curriculum()
    waiting: list[Item] = []
    stuck: list[Item] = []
    codes = framework(snapshot, curriculum.framework)
    texts = [path for unit in mine for path in (f"{unit.folder}/unit.md", *unit.lessons, *unit.assessments)]
    for path in texts[:_LOOKED_AT]:
        graves = [one for one in check_file(path, curriculum, codes, snapshot) if one.severity == "grave"]
        if graves:
            more = f" (and {len(graves) - 1} more)" if len(graves) > 1 else ""
            stuck.append(_item(curriculum, path, f"Stops publishing: {graves[0].message}{more}"))
    old = datetime.now(UTC) - _OLD
    for unit in mine:
        for path in unit.drafts:
            last = studio.content.history(path, limit=1)
            if last and last[0].at < old:
                stuck.append(
                    _item(curriculum, path, f"A draft that nobody changed since {last[0].at:%-d %B}.")
                )
            else:
                waiting.append(
                    _item(curriculum, path, "A draft: not in any section yet, so students do not see it.")
                )
    changed, own = unpublished(studio), set(texts)
    ours = [path for path in changed if path in own]
    if person.may("publish") and changed:
        waiting.insert(
            0,
            Item(
                "",
                f"{len(changed):,} changed {'page' if len(changed) == 1 else 'pages'} to publish",
                "Look at what would change, then publish.",
                "/publish",
            ),
        )
    elif ours:
        out = studio.content.published()
        there = studio.snapshot(out) if out else {}
        why = {True: "Changed since it was published.", False: "Not published yet."}
        waiting += [_item(curriculum, path, why[path in there]) for path in ours[:12]]
    return waiting, stuck


def evidence_of(
    studio: Studio, person: Person, curriculum: Curriculum, access: Access, mine: list[UnitOutline]
) -> tuple[Item, ...]:
    """Where the evidence points: flags that nobody has looked at (in one's own units first; who looks after evidence for all
    sees all), the sessions that take up what is flagged, and flags that were taken up and left."""
    live = studio.flags.all("open", "taken")
    places = {flag.document: next(iter(curriculum.by_id.get(flag.document, ())), "") for flag in live}
    # Only what is flagged is asked for: a list of all texts would cost more than the whole page may.
    flags = [flag for flag in live if places[flag.document] and access.reads(places[flag.document])]
    ours = {unit.folder for unit in mine}
    everything = person.role != "teacher" or not mine
    found: list[tuple[int, Item]] = []
    old = (datetime.now(UTC) - _OLD).timestamp()
    for flag in flags:
        path = places[flag.document]
        own = any(path.startswith(f"{folder}/") for folder in ours)
        if not (own or everything):
            continue
        title = curriculum.facts[path].title or path
        if flag.state == "open":
            why = f"{flag.title}. {_first_line(flag)}"
            found.append((0 if own else 1, Item(path, title, why, f"/loops/{flag.key}")))
        elif flag.steps and flag.steps[-1].at < old:
            since = datetime.fromtimestamp(flag.steps[-1].at, UTC)
            why = f"{flag.title}. Taken up, and nothing has been said about it since {since:%-d %B}."
            found.append((2, Item(path, title, why, f"/loops/{flag.key}")))
    found.sort(key=lambda one: one[0])
    sessions = [
        Item("", session.title, f"A session on it: {flag.title.lower()} in “{curriculum.facts[places[flag.document]].title}”.", f"/learning/{session.id}")
        for session, flag in sessions_about(studio, person, flags)
        if everything or any(places[flag.document].startswith(f"{folder}/") for folder in ours)
    ]  # fmt: skip
    return (*(item for _, item in found[:8]), *sessions[:4])


def _first_line(flag: Flag) -> str:
    return flag.steps[0].words.split("\n")[0] if flag.steps else ""


def _reviews(
    studio: Studio, person: Person, curriculum: Curriculum, access: Access
) -> tuple[list[Item], list[Item]]:
    """What others ask of this person, and what of theirs does not get on."""
    names = {one.person.key: one.person.name for one in studio.people.all()}
    waiting: list[Item] = []
    stuck: list[Item] = []
    for request, path in asked_of(studio, person):
        due = f" Until {date.fromisoformat(request.due):%-d %B}." if request.due else ""
        why = f"{names.get(request.person, 'Somebody')} asks for your review: {request.question or 'is it ready?'}{due}"
        place = path.removesuffix(".md")
        waiting.append(Item(path, curriculum.facts[path].title or path, why, f"/units/{place}/approval"))
    paths = curriculum.by_key
    now = datetime.now(UTC)
    for thread in studio.reviews.everywhere():
        path = paths.get(thread.text, "")
        if not path or person.key not in thread.people or not access.may("read", path):
            continue
        title, address = curriculum.facts[path].title or path, f"/threads/{thread.key}"
        newest = thread.remarks[-1].person if thread.remarks else thread.person
        if thread.lost and thread.person == person.key:
            stuck.append(Item(path, title, "The words that you commented on are gone.", address))
        elif thread.assigned == person.key:
            waiting.append(
                Item(
                    path,
                    title,
                    f"You look after a thread of {names.get(thread.person, 'somebody')}.",
                    address,
                )
            )
        elif newest != person.key and thread.person == person.key:
            waiting.append(Item(path, title, f"{names.get(newest, 'Somebody')} answered you.", address))
        elif thread.person == person.key and now - datetime.fromtimestamp(thread.last, UTC) > _UNANSWERED:
            stuck.append(Item(path, title, "Nobody has answered you for a week.", address))
    for request in studio.approvals.requests():
        path = paths.get(request.text, "")
        if request.person == person.key and path and request.due and request.due < now.date().isoformat():
            place = path.removesuffix(".md")
            why = f"Your request for review was due on {date.fromisoformat(request.due):%-d %B}."
            stuck.append(Item(path, curriculum.facts[path].title or path, why, f"/units/{place}/approval"))
    return waiting[:30], stuck[:30]


def _item(curriculum: Curriculum, path: str, why: str) -> Item:
    return Item(path, curriculum.facts[path].title or path, why)


def unpublished(studio: Studio) -> list[str]:
    """The texts of units and shared pages whose working text is not what is published."""
    snapshot, curriculum = studio.curriculum()
    released = studio.content.published()
    if released is None:
        return sorted(curriculum.facts)
    changed = snapshot.differing(studio.snapshot(released))
    return sorted(
        path
        for path in changed
        if path in curriculum.facts
        and (
            path in SHARED
            or path in curriculum.placed
            or path.endswith("/unit.md")
            or path in curriculum.unit_of
        )
    )
