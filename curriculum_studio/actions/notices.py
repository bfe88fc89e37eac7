"""Telling people: their notices as they may see them, mails that are due, reminders, and how each wants to hear."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from curriculum_studio.access import Access
from curriculum_studio.actions.trust import CREDIT, UNNAMED
from curriculum_studio.actions.week import choose_week, weeks_due
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.notices import KINDS, WAYS, Mail, Told, digest, one_mail, reason, way_of
from curriculum_studio.domain.people import Person
from curriculum_studio.domain.week import BY_MAIL, CHOICE
from curriculum_studio.storage.mail import Later
from curriculum_studio.storage.notices import Notice
from curriculum_studio.studio import Studio

_DIGEST_HOUR = 6
"""Digests go out from this hour (UTC) on."""
_REMINDED = timedelta(days=1)
"""So long before the day a review is due people are reminded."""


def notices_of(studio: Studio, person: Person, *, unseen: bool = False) -> list[Told]:
    """A person's notices, the newest first; none on a text that they may no longer see."""
    rows = studio.notices.of(person.key, unseen=unseen)
    return _told(studio, person, rows)


def _told(studio: Studio, person: Person, rows: list[Notice]) -> list[Told]:
    if not rows:
        return []
    names = {one.person.key: one.person.name for one in studio.people.all()}
    _, curriculum = studio.curriculum()
    access = Access(studio, person)
    found = []
    for row in rows:
        facts = curriculum.facts.get(row.path)
        if facts is None or not access.may("read", row.path):
            continue
        place = row.path.removesuffix(".md")
        address = f"/threads/{row.about}" if row.about.startswith("t-") else f"/units/{place}/approval"
        sender = names.get(row.sender, "Somebody")
        title = facts.title or row.path
        words = "" if row.kind == "lost" else row.words
        found.append(Told(row.number, row.kind, reason(row.kind, sender, title), words, address))
    return found


def choose_notices(
    studio: Studio,
    person: Person,
    choices: Mapping[str, str],
    address: str,
    *,
    named: bool = True,
    weekly: bool = False,
) -> None:
    """Keeps how somebody wants to hear of each kind, their address ("" for no mail at all), whether lessons name them, and
    whether they want the week by mail."""
    address = address.strip()
    if address and (
        len(address) > 200
        or address.count("@") != 1
        or not address.isprintable()
        or " " in address
        or "," in address
    ):
        raise Refused("That is no e-mail address. Nothing was changed.")
    kept = {kind: way for kind, way in choices.items() if kind in KINDS and way in WAYS}
    credit = {} if named else {CREDIT: UNNAMED}
    if weekly:
        if not address:
            raise Refused("Give the address to which the week should be mailed. Nothing was changed.")
        choose_week(studio, person, datetime.now(UTC))
        credit[CHOICE] = BY_MAIL
    studio.notices.choose(person.key, kept | credit | ({"": address} if address else {}))


def mails_due(studio: Studio, now: datetime, base: str) -> list[tuple[Mail, tuple[int, ...]]]:
    """The mails that should go out now, each with the notices that it tells; what needs no mail is marked as dealt with."""
    people = {one.person.key: one.person for one in studio.people.all() if not one.left}
    by_person: dict[str, list[Notice]] = defaultdict(list)
    done: list[int] = []
    for row in studio.notices.unmailed():
        (by_person[row.person] if row.person in people else []).append(row)
        if row.person not in people:
            done.append(row.number)
    mails: list[tuple[Mail, tuple[int, ...]]] = []
    for key, rows in by_person.items():
        choices = studio.notices.choices(key)
        to = choices.get("", "")
        told = {one.number: one for one in _told(studio, people[key], rows)}
        later: list[Told] = []
        for row in rows:
            one, way = told.get(row.number), way_of(row.kind, choices)
            if not to or one is None or way == "studio" or row.seen:
                done.append(row.number)
            elif way == "mail":
                mails.append((one_mail(to, one, base), (row.number,)))
            elif now.hour >= _DIGEST_HOUR and datetime.fromtimestamp(row.at, UTC) < now.replace(
                hour=_DIGEST_HOUR, minute=0, second=0, microsecond=0
            ):
                later.append(one)
        if later:
            mails.append((digest(to, later, base), tuple(one.number for one in later)))
    if done:
        studio.notices.mailed(done)
    return mails


def send_mails(studio: Studio, now: datetime, send: Callable[[Mail], None]) -> int:
    """Reminds of what is due, then sends what should go out; gives how many mails went.

    One that the server will take later is tried again, and keeps no other from going out; one that it will never take is dealt
    with: what it says stands in the studio. Raises `StoreError` where some must be tried again.
    """
    studio.approvals.remind((now + _REMINDED).date().isoformat())
    base, gone = studio.settings.address.rstrip("/"), _Gone(send)
    for mail, numbers in mails_due(studio, now, base):
        if gone.out(mail):
            studio.notices.mailed(numbers)
    for weekly, person, week in weeks_due(studio, now, base):
        if weekly is None or gone.out(weekly):
            studio.notices.sent_week(person, week)
    if gone.waits is not None:
        raise gone.waits
    return gone.count


class _Gone:
    """What has gone out so far, and why something waits."""

    def __init__(self, send: Callable[[Mail], None]) -> None:
        self._send, self.count = send, 0
        self.waits: Later | None = None

    def out(self, mail: Mail) -> bool:
        """Sends one mail; whether it is dealt with."""
        try:
            self._send(mail)
        except Refused:
            return True
        except Later as later:
            self.waits = later
            return False
        self.count += 1
        return True
