"""The tables of the partnership: rounds of the pulse without any answer of anybody, and what each side said it would do."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from curriculum_studio.storage.tables import Base


class PulseRow(Base):
    """A round: how many answered, and for each statement how many and the sum, as JSON. There is no row of an answer."""

    __tablename__ = "pulses"
    key: Mapped[str] = mapped_column(primary_key=True)
    opened: Mapped[int]
    until: Mapped[str]
    closed: Mapped[bool]
    answers: Mapped[int]
    sums: Mapped[str]


class PulseMarkRow(Base):
    """That some account has answered in a round that is open: a keyed hash, without a moment and without an order (a table
    with hidden row numbers would keep one). Deleted when the round ends."""

    __tablename__ = "pulse_marks"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy reads it from the class)
    mark: Mapped[str] = mapped_column(primary_key=True)
    pulse: Mapped[str] = mapped_column(ForeignKey("pulses.key", ondelete="CASCADE"))


class CommitmentRow(Base):
    """Something that a side said it would do."""

    __tablename__ = "commitments"
    key: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]


class CommitmentStepRow(Base):
    """What happened to it; the first step is that it was said."""

    __tablename__ = "commitment_steps"
    number: Mapped[int] = mapped_column(primary_key=True)
    commitment: Mapped[str] = mapped_column(ForeignKey("commitments.key", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    words: Mapped[str]
    due: Mapped[str]
    reason: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]
