"""The tables of alignment studies: what people found that problems ask for, what was taught, anchors, statements."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from curriculum_studio.storage.tables import Base


class StudyRow(Base):
    """A study: problems of a unit's assessments in one version, and the standards with their depths, both as JSON."""

    __tablename__ = "studies"
    key: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    version: Mapped[str]
    framework: Mapped[str]
    standards: Mapped[str]
    problems: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]
    closed: Mapped[bool] = mapped_column(default=False)


class CoderRow(Base):
    """Who was invited to a study, when their codings came in (0 before), and when they first saw others' (0 before)."""

    __tablename__ = "coders"
    of: Mapped[str] = mapped_column("study", ForeignKey("studies.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    at: Mapped[int] = mapped_column(default=0)
    saw: Mapped[int] = mapped_column(default=0)


class CodingRow(Base):
    """What one person finds that a problem asks for. Written once, with all the others."""

    __tablename__ = "codings"
    of: Mapped[str] = mapped_column("study", ForeignKey("studies.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    problem: Mapped[str] = mapped_column(primary_key=True)
    standard: Mapped[str]
    depth: Mapped[int]


class TaughtRow(Base):
    """How many minutes somebody says that they taught a lesson; written anew, not added up."""

    __tablename__ = "taught"
    unit: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int]
    at: Mapped[int]


class AnchorRow(Base):
    """The value that a calibration holds for right, for one criterion, and why."""

    __tablename__ = "anchors"
    round: Mapped[str] = mapped_column(ForeignKey("rounds.key", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    note: Mapped[str]


class StatementRow(Base):
    """The alignment statement of a unit as it was when a release came out, as JSON. Written once."""

    __tablename__ = "statements"
    release: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
