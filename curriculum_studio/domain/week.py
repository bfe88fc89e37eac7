"""The week in plain words: which seven days it is about, what stands in it, and how it reads as a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.notices import Mail

CHOICE = "week"
"""The kind under which somebody's choice is kept, beside how they hear of things."""
BY_MAIL = "mail"
_HOUR = 6
"""The mail goes out on Mondays from this hour (UTC) on."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a week: a sentence, and where to look ("" for nowhere)."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A week from Monday to Sunday: headings with their lines; groups without a line are left out."""

    first: date
    groups: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def days(self) -> str:
        """Its days in words: `16 to 22 November 2026`."""
        same = self.first.month == self.last.month
        return f"{self.first:{'%-d' if same else '%-d %B'}} to {self.last:%-d %B %Y}"


def last_week(now: datetime) -> date:
    """The Monday of the last week that is over."""
    return now.date() - timedelta(days=now.weekday() + 7)


def week_of(text: str, now: datetime) -> date:
    """The Monday that an address names; the last whole week where it names none. Raises `Refused`."""
    newest = last_week(now)
    if not text:
        return newest
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Refused("There is no such week.") from error
    if found.weekday() or not newest - timedelta(days=371) <= found <= newest:
        raise Refused("There is no such week.")
    return found


def is_due(sent: str, now: datetime) -> bool:
    """Whether the last week should be mailed now to somebody who got that of `sent` (ISO, "" for none) last."""
    monday = now.date() - timedelta(days=now.weekday())
    return sent < last_week(now).isoformat() and (now.date() > monday or now.hour >= _HOUR)


def week_mail(to: str, week: Week, base: str) -> Mail:
    """The mail of a week. Its first line says why it comes."""
    lines = [f"You chose to hear once a week what happened where you work: this is {week.days}.", ""]
    for heading, rows in week.groups:
        lines += [heading.upper(), ""]
        for one in rows:
            lines += [f"- {one.words}", *([f"  {base}{one.address}"] if one.address else [])]
        lines.append("")
    lines += [
        f"The same to read in the studio: {base}/week?of={week.first.isoformat()}",
        f"You choose whether it comes at {base}/notices",
    ]
    return Mail(to, f"Your week in Curriculum Studio: {week.days}", "\n".join(lines))
