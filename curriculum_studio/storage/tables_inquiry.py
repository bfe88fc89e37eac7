"""The tables of the teaching log and of inquiries."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from curriculum_studio.storage.tables import Base


class TeachingRow(Base):
    """What one person wrote of one lesson taught; what they said of parts is JSON.

    A log that was deleted leaves its key alone (`gone`, all else empty): a device that sends it once more must not bring
    it back.
    """

    __tablename__ = "teaching"
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    blob: Mapped[str]
    day: Mapped[str]
    parts: Mapped[str]
    happened: Mapped[str]
    shared: Mapped[bool]
    gone: Mapped[bool]
    at: Mapped[int]
    changed: Mapped[int]


class InquiryRow(Base):
    """A finding about a unit, with the figures of its groups as JSON; what was withdrawn stays and can come back."""

    __tablename__ = "inquiries"
    key: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    goal: Mapped[str]
    version: Mapped[str]
    person: Mapped[str]
    said: Mapped[str]
    at: Mapped[int]
    changed: Mapped[int]
    withdrawn: Mapped[bool]
