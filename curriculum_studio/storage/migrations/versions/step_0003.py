"""Rounds of ratings: who was invited, what they gave, what was said, and what was agreed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _text(name: str, *rest: sa.ForeignKey, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *rest, **({"nullable": False} | options))


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **({"nullable": False} | options))


def _round(**options: Any) -> sa.Column[str]:
    return _text("round", sa.ForeignKey("rounds.key", ondelete="CASCADE"), **options)


def _person(**options: Any) -> sa.Column[str]:
    return _text("person", sa.ForeignKey("people.key", ondelete="CASCADE"), **options)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "rounds",
        _text("key", primary_key=True),
        *(_text(name) for name in ("unit", "title", "version", "rubric", "person")),
        _number("at"),
        sa.Column("closed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_rounds_unit", "rounds", ["unit"])
    op.create_table(
        "reviewers", _round(primary_key=True), _person(primary_key=True), _number("at"), _number("saw")
    )
    op.create_table(
        "ratings",
        _round(primary_key=True),
        _person(primary_key=True),
        _text("criterion", primary_key=True),
        _number("value"),
        *(_text(name) for name in ("note", "path", "quote")),
    )
    op.create_table(
        "consensus",
        _round(primary_key=True),
        _text("criterion", primary_key=True),
        _number("value"),
        _text("note"),
        _text("person"),
        _number("at"),
    )
    op.create_table(
        "words", _number("number", primary_key=True), _round(), _text("person"), _text("text"), _number("at")
    )
    op.create_index("ix_words_round", "words", ["round"])
