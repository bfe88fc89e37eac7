"""What people are told of, and how: each kind of notice in words, the ways to hear of it, and what goes into which mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Way = Literal["mail", "digest", "studio"]
KINDS: Mapping[str, str] = {
    "mention": "Somebody mentions you",
    "reply": "Somebody answers where you take part",
    "closed": "Something that you take part in is closed",
    "assigned": "You are asked to look after a thread",
    "request": "You are asked for a review",
    "reminder": "A review that you were asked for is due",
    "verdict": "A verdict on a text that you write or asked about",
    "lost": "The words that you commented on are gone",
}
"""Each kind of notice, in the words of who gets it."""
WAYS: Mapping[Way, str] = {
    "mail": "here, and e-mail at once",
    "digest": "here, and e-mail once a day",
    "studio": "here only",
}
USUAL: Mapping[str, Way] = {
    "mention": "mail", "assigned": "mail", "request": "mail", "reminder": "mail", "verdict": "digest", "reply": "digest",
    "closed": "studio", "lost": "digest",
}  # fmt: skip
"""How a kind is told to who has not chosen."""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with what its reader needs: the sentence that says why, the first words, and where to look."""

    number: int
    kind: str
    reason: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail: to whom, and what it says. Its first line is the reason why it was sent."""

    to: str
    subject: str
    text: str


def reason(kind: str, sender: str, title: str) -> str:
    """Why somebody is told, as a sentence: who did what, on which text."""
    said = {
        "mention": f"{sender} mentions you on “{title}”.",
        "reply": f"{sender} answered on “{title}”.",
        "closed": f"{sender} closed a thread of yours on “{title}”.",
        "assigned": f"{sender} asks you to look after a thread on “{title}”.",
        "request": f"{sender} asks for your review of “{title}”.",
        "reminder": f"Your review of “{title}”, which {sender} asked for, is due.",
        "verdict": f"{sender} gave a verdict on “{title}”.",
        "lost": f"The words that you commented on in “{title}” are gone.",
    }
    return said.get(kind, f"Something happened on “{title}”.")


def way_of(kind: str, choices: Mapping[str, str]) -> Way:
    """How somebody wants to hear of a kind."""
    chosen = choices.get(kind, "")
    return next((way for way in WAYS if way == chosen), USUAL.get(kind, "studio"))


def one_mail(to: str, told: Told, base: str) -> Mail:
    """The mail for one notice."""
    lines = [
        told.reason,
        "",
        *([told.words, ""] if told.words else []),
        f"{base}{told.address}",
        "",
        _ENDING.format(base),
    ]
    return Mail(to, told.reason, "\n".join(lines))


def digest(to: str, rows: Iterable[Told], base: str) -> Mail:
    """The mail that gathers a day's notices."""
    told = list(rows)
    count = f"{len(told)} thing{'' if len(told) == 1 else 's'}"
    lines = [f"You chose to hear once a day: {count} happened where you take part.", ""]
    for one in told:
        lines += [one.reason, *([f"  {one.words}"] if one.words else []), f"  {base}{one.address}", ""]
    lines.append(_ENDING.format(base))
    return Mail(to, f"Curriculum Studio: {count} for you", "\n".join(lines))


_ENDING = "You choose what is mailed to you at {}/notices"
