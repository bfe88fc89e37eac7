"""The partnership: its pulse, what each side said it would do, the week by mail, series of sessions, words that are shared, topics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _number(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=primary_key)


def _of(name: str, table: str, *, primary_key: bool = False) -> sa.Column[str]:
    key = sa.ForeignKey(f"{table}.key", ondelete="CASCADE")
    return sa.Column(name, sa.String(), key, nullable=False, primary_key=primary_key)


def upgrade() -> None:
    """Makes the tables, and the column that says whether words about a session are shared."""
    op.create_table(
        "pulses",
        _text("key", primary_key=True),
        _number("opened"),
        _text("until"),
        sa.Column("closed", sa.Boolean(), nullable=False),
        _number("answers"),
        _text("sums"),
    )
    op.create_table(
        "pulse_marks", _text("mark", primary_key=True), _of("pulse", "pulses"), sqlite_with_rowid=False
    )
    op.create_table("commitments", _text("key", primary_key=True), _text("side"))
    op.create_table(
        "commitment_steps",
        _number("number", primary_key=True),
        _of("commitment", "commitments"),
        *(_text(name) for name in ("act", "words", "due", "reason", "person")),
        _number("at"),
    )
    op.create_index("ix_commitment_steps_commitment", "commitment_steps", ["commitment"])
    op.create_table("week_mails", _text("person", primary_key=True), _text("week"))
    op.add_column("attendance", sa.Column("shared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table("series", _text("key", primary_key=True), _text("title"), _text("person"), _number("at"))
    op.create_table(
        "meetings",
        _text("key", primary_key=True),
        _of("series", "series"),
        *(_text(name) for name in ("session", "day", "leads", "place")),
    )
    op.create_index("ix_meetings_series", "meetings", ["series"])
    op.create_table("topics", _text("key", primary_key=True), _text("words"), _text("session"), _number("at"))
    op.create_table(
        "topic_voices",
        _of("topic", "topics", primary_key=True),
        _of("person", "people", primary_key=True),
    )
