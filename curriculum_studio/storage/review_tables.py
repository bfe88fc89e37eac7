"""The tables of review: threads and what was said in them, verdicts and requests, notices, and what the record still waits for.

Persons are named by their keys without a tie to the table of people: the record outlives an account, and comes back
into a database that has no people yet.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from curriculum_studio.domain.anchors import Anchor
from curriculum_studio.domain.reviews import Thread
from curriculum_studio.storage.tables import Base


class _By:
    """Who did something, and when."""

    person: Mapped[str]
    at: Mapped[int]


class _Chosen:
    """The columns of an anchor: words of a text as somebody chose them."""

    blob: Mapped[str]
    quote: Mapped[str]
    prefix: Mapped[str]
    suffix: Mapped[str]
    start: Mapped[int]
    part: Mapped[str]

    @property
    def anchor(self) -> Anchor:
        """The words as the field speaks of them."""
        return Anchor(self.quote, self.prefix, self.suffix, self.start, self.blob, self.part)


def chosen(anchor: Anchor) -> dict[str, Any]:
    """An anchor as the columns of a row."""
    return asdict(anchor)


class ThreadRow(_Chosen, _By, Base):
    """A thread: its words as they were chosen, where they were last seen, and what came of it."""

    __tablename__ = "threads"
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    seen_blob: Mapped[str]
    seen_start: Mapped[int]
    seen_end: Mapped[int]
    lost: Mapped[bool] = mapped_column(default=False)
    replacement: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="open")
    reason: Mapped[str] = mapped_column(default="")
    closed_by: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[int] = mapped_column(default=0)
    assigned: Mapped[str] = mapped_column(default="")


def thread_row(thread: Thread) -> ThreadRow:
    """A thread as its row; what was said in it has rows of its own."""
    place = thread.place
    return ThreadRow(
        key=thread.key, text=thread.text, path=thread.path, **chosen(thread.anchor), seen_blob=place.blob,
        seen_start=place.start, seen_end=place.end, lost=thread.lost, person=thread.person, at=thread.at,
        replacement=thread.replacement, state=thread.state, reason=thread.reason, closed_by=thread.closed_by,
        closed_at=thread.closed_at, assigned=thread.assigned,
    )  # fmt: skip


class RemarkRow(_By, Base):
    """What somebody said in a thread."""

    __tablename__ = "remarks"
    number: Mapped[int] = mapped_column(primary_key=True)
    thread: Mapped[str] = mapped_column(ForeignKey("threads.key", ondelete="CASCADE"), index=True)
    text: Mapped[str]


class PolicyRow(_By, Base):
    """Whether publishing needs approvals, and whose; one row. What `baseline` released needs none."""

    __tablename__ = "policies"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    needed: Mapped[bool]
    teachers: Mapped[int]
    researchers: Mapped[int]
    baseline: Mapped[str]


class VerdictRow(_By, Base):
    """What somebody found of a text, bound to its bytes and those of its pictures."""

    __tablename__ = "verdicts"
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    path: Mapped[str]
    blob: Mapped[str]
    closure: Mapped[str]
    role: Mapped[str]
    author: Mapped[bool]
    verdict: Mapped[str]
    words: Mapped[str]
    __table_args__ = (Index("ix_verdicts_text", "text"), Index("ix_verdicts_closure", "closure"))


class RequestRow(_By, Base):
    """Somebody asked others to review a text."""

    __tablename__ = "requests"
    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    question: Mapped[str]
    rubric: Mapped[str]
    due: Mapped[str]
    closed: Mapped[int] = mapped_column(default=0)


class AskedRow(Base):
    """Who was asked, and when they answered (0 before)."""

    __tablename__ = "asked"
    request: Mapped[str] = mapped_column(ForeignKey("requests.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True, index=True)
    answered: Mapped[int] = mapped_column(default=0)
    reminded: Mapped[int] = mapped_column(default=0)


class LookRow(Base):
    """The version of a text that a person last looked at."""

    __tablename__ = "looks"
    person: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[str]
    before: Mapped[str]
    at: Mapped[int]


class NoticeRow(Base):
    """Something that a person should know: what kind, about which thread or request, on which text, by whom."""

    __tablename__ = "notices"
    number: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str]
    path: Mapped[str]
    words: Mapped[str]
    sender: Mapped[str]
    at: Mapped[int]
    seen: Mapped[int] = mapped_column(default=0)
    mailed: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("ix_notices_person_seen", "person", "seen"), Index("ix_notices_mailed", "mailed"))


class WeekMailRow(Base):
    """The Monday (ISO) of the last week that was mailed to somebody."""

    __tablename__ = "week_mails"
    person: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[str]


class NoticeChoiceRow(Base):
    """How a person wants to hear of a kind of notice: studio, mail, digest or none; `address` in the row of kind ""."""

    __tablename__ = "notice_choices"
    person: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str]


class OutboxRow(Base):
    """Something that the record in the store of texts does not have yet."""

    __tablename__ = "outbox"
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]


class ReportRow(_Chosen, Base):
    """What a reader of the published site said; nobody but who may write there sees it until it is a thread."""

    __tablename__ = "reports"
    key: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str]
    words: Mapped[str]
    at: Mapped[int]
    dropped: Mapped[bool] = mapped_column(default=False)
