"""The tables of the studio's database, as the newest schema has them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA = "0016"
"""The newest step of `migrations/`; a workspace of another one is not opened."""


class Base(DeclarativeBase):
    """The tables. Times are seconds since 1970, UTC."""


class PersonRow(Base):
    """A person; `key` is what versions carry. Who left stays here as an author, without a way in."""

    __tablename__ = "people"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    account: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str] = mapped_column(default="")
    sample: Mapped[bool] = mapped_column(default=False)
    left: Mapped[bool] = mapped_column(default=False, server_default="0")


class SessionRow(Base):
    """A sign-in: the hash of its token, whose it is, when it began and was last seen, until when it holds."""

    __tablename__ = "sessions"
    token: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), index=True)
    until: Mapped[int]
    opened: Mapped[int] = mapped_column(default=0, server_default="0")
    seen: Mapped[int] = mapped_column(default=0, server_default="0")
    device: Mapped[str] = mapped_column(default="", server_default="")


class LinkRow(Base):
    """A one-use link to set a password: the hash of its token."""

    __tablename__ = "links"
    token: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"))
    until: Mapped[int]


class TeamRow(Base):
    """A team that owns units; one that was taken away keeps its members and units until it is brought back."""

    __tablename__ = "teams"
    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    private: Mapped[bool] = mapped_column(default=False)
    away: Mapped[bool] = mapped_column(default=False)


class MemberRow(Base):
    """A person in a team."""

    __tablename__ = "members"
    team: Mapped[str] = mapped_column(ForeignKey("teams.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)


class OwnedRow(Base):
    """A unit, by its id, and the team that owns it."""

    __tablename__ = "owned"
    unit: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(ForeignKey("teams.key", ondelete="CASCADE"), index=True)


class AuditRow(Base):
    """One entry of the record; `hash` covers the entry and the hash before it."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[int]
    actor: Mapped[str]
    act: Mapped[str]
    about: Mapped[str]
    detail: Mapped[str]
    hash: Mapped[str]


class AttemptRow(Base):
    """A sign-in that failed, by account or by address (hashed): what the limits count."""

    __tablename__ = "attempts"
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[int]
    __table_args__ = (Index("ix_attempts_key_at", "key", "at"),)


class VisitRow(Base):
    """When a person last looked at their home: what "since you were here" counts from."""

    __tablename__ = "visits"
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    at: Mapped[int]
    before: Mapped[int]


class NameRow(Base):
    """A name that somebody gave to a version of a file."""

    __tablename__ = "names"
    version: Mapped[str] = mapped_column(primary_key=True)
    lesson: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]


class BinRow(Base):
    """What was put away: its files' paths, the version in which they last stood, and where they belonged."""

    __tablename__ = "bin"
    key: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    paths: Mapped[str]
    version: Mapped[str]
    unit: Mapped[str]
    section: Mapped[int]
    person: Mapped[str]
    at: Mapped[int]


class RoundRow(Base):
    """A round of ratings: a unit in one version, and the whole text of the rubric as it was when the round began."""

    __tablename__ = "rounds"
    key: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    version: Mapped[str]
    rubric: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]
    closed: Mapped[bool] = mapped_column(default=False)
    calibration: Mapped[bool] = mapped_column(default=False, server_default=false())


class ReviewerRow(Base):
    """Who was invited to a round, when their rating came in (0 before), and when they first saw others' (0 before)."""

    __tablename__ = "reviewers"
    of: Mapped[str] = mapped_column("round", ForeignKey("rounds.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    at: Mapped[int] = mapped_column(default=0)
    saw: Mapped[int] = mapped_column(default=0)


class RatingRow(Base):
    """A value of one person for one criterion, why, and the words that show it. Written once, with all the others."""

    __tablename__ = "ratings"
    of: Mapped[str] = mapped_column("round", ForeignKey("rounds.key", ondelete="CASCADE"), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    note: Mapped[str]
    path: Mapped[str]
    quote: Mapped[str]


class ConsensusRow(Base):
    """What a round came to after talking, for one criterion; never counted among the ratings."""

    __tablename__ = "consensus"
    round: Mapped[str] = mapped_column(ForeignKey("rounds.key", ondelete="CASCADE"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    note: Mapped[str]
    person: Mapped[str]
    at: Mapped[int]


class WordRow(Base):
    """What somebody said about a round, once they might see it."""

    __tablename__ = "words"
    number: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(ForeignKey("rounds.key", ondelete="CASCADE"), index=True)
    person: Mapped[str]
    text: Mapped[str]
    at: Mapped[int]


class TokenRow(Base):
    """A personal token for other programs: its hash, whose it is, what it is called, what it may do, until when, last used.

    `fetched` is the version that it took along last, and when.
    """

    __tablename__ = "tokens"
    key: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("people.key", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    writes: Mapped[bool]
    made: Mapped[int]
    until: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    fetched: Mapped[str] = mapped_column(default="")
    fetched_at: Mapped[int] = mapped_column(default=0)


class PushRow(Base):
    """Changes that somebody brought in from outside: the version they made, the one before it, the files they touched."""

    __tablename__ = "pushes"
    version: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[str]
    person: Mapped[str] = mapped_column(index=True)
    at: Mapped[int] = mapped_column(index=True)
    paths: Mapped[str]
