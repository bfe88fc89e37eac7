"""The tables of results: counts and sums of groups, the ledger of masks, and which column is which problem."""

from __future__ import annotations

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from curriculum_studio.storage.tables import Base


class ResultsRow(Base):
    """Results of one group on one text in one version: the items as they were, and their tallies, as JSON.

    There is no row of a student, no code and no name of a file. What was withdrawn stays for the ledger's sake: what had
    been shown of it must not be worked out from what is shown later.
    """

    __tablename__ = "results"
    key: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str] = mapped_column(index=True)
    path: Mapped[str]
    title: Mapped[str]
    version: Mapped[str]
    blob: Mapped[str]
    taken: Mapped[str] = mapped_column(index=True)
    classes: Mapped[int]
    students: Mapped[int]
    items: Mapped[str]
    tallies: Mapped[str]
    masks: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    person: Mapped[str]
    at: Mapped[int]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class MaskRow(Base):
    """An entry of the ledger: the mask that a table got when it was first taken in, by the hash of the table."""

    __tablename__ = "masks"
    digest: Mapped[str] = mapped_column(primary_key=True)
    mask: Mapped[str]
    at: Mapped[int]


class ColumnsRow(Base):
    """Which column of a file is which problem of a text, said once for files with so many columns."""

    __tablename__ = "columns"
    document: Mapped[str] = mapped_column(primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[str]


class FlagRow(Base):
    """A flag on a part of a text: the rule that raised it, and where its loop stands."""

    __tablename__ = "flags"
    key: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str]
    document: Mapped[str] = mapped_column(index=True)
    part: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)


class FlagStepRow(Base):
    """Something that happened to a flag; the first step holds the evidence that raised it."""

    __tablename__ = "flag_steps"
    number: Mapped[int] = mapped_column(primary_key=True)
    flag: Mapped[str] = mapped_column(ForeignKey("flags.key", ondelete="CASCADE"), index=True)
    act: Mapped[str]
    person: Mapped[str]
    words: Mapped[str]
    at: Mapped[int]
    source: Mapped[str]


class AssentRow(Base):
    """Somebody's yes to one text of the charter, from which side, and when."""

    __tablename__ = "assents"
    person: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    at: Mapped[int]


class PointRow(Base):
    """The value of a goal in a school year, in thousandths, and where it comes from."""

    __tablename__ = "goal_points"
    goal: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    source: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]


class CycleRow(Base):
    """A cycle of improvement; each field is written once, in the order in which things happened."""

    __tablename__ = "cycles"
    key: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    goal: Mapped[str]
    flag: Mapped[str]
    before: Mapped[str]
    idea: Mapped[str]
    prediction: Mapped[str]
    measure: Mapped[str]
    person: Mapped[str]
    planned: Mapped[int]
    begun: Mapped[int]
    happened: Mapped[str]
    results: Mapped[str]
    studied: Mapped[int]
    decision: Mapped[str]
    learned: Mapped[str]
    decided: Mapped[int]


class AttendanceRow(Base):
    """That somebody said of themselves that they took part in a session, and what they took with them."""

    __tablename__ = "attendance"
    session: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    took: Mapped[str]
    at: Mapped[int]
    used: Mapped[str]
    used_at: Mapped[int]
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())


class SeriesRow(Base):
    """A series of sessions over a year, and who set it up."""

    __tablename__ = "series"
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]


class MeetingRow(Base):
    """A meeting of a series: which session (its id), on which day, who leads it, where; `away` once it was taken back."""

    __tablename__ = "meetings"
    key: Mapped[str] = mapped_column(primary_key=True)
    series: Mapped[str] = mapped_column(ForeignKey("series.key", ondelete="CASCADE"), index=True)
    session: Mapped[str]
    day: Mapped[str]
    leads: Mapped[str]
    place: Mapped[str]
    away: Mapped[bool] = mapped_column(default=False)


class TopicRow(Base):
    """Something that people ask a session about; `session` is the one that takes it up, "" while none does."""

    __tablename__ = "topics"
    key: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    session: Mapped[str]
    at: Mapped[int]


class TopicVoiceRow(Base):
    """That somebody asks for it."""

    __tablename__ = "topic_voices"
    topic: Mapped[str] = mapped_column(ForeignKey("topics.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
