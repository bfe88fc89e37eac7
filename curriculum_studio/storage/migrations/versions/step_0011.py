"""Alignment studies, what was taught, calibrations with anchors, and the statements of releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of(name: str, target: str) -> sa.Column[str]:
    key = sa.ForeignKey(target, ondelete="CASCADE")
    return sa.Column(name, sa.String(), key, nullable=False, primary_key=True)


def upgrade() -> None:
    """Makes the tables."""
    op.add_column("rounds", sa.Column("calibration", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "studies",
        _text("key", primary_key=True),
        *(
            _text(name)
            for name in ("unit", "title", "version", "framework", "standards", "problems", "person")
        ),
        _number("at"),
        sa.Column("closed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_studies_unit", "studies", ["unit"])
    op.create_table(
        "coders", _of("study", "studies.key"), _of("person", "people.key"), _number("at"), _number("saw")
    )
    op.create_table(
        "codings",
        _of("study", "studies.key"),
        _of("person", "people.key"),
        _text("problem", primary_key=True),
        _text("standard"),
        _number("depth"),
    )
    op.create_table(
        "taught",
        _text("unit", primary_key=True),
        _text("lesson", primary_key=True),
        _of("person", "people.key"),
        _number("minutes"),
        _number("at"),
    )
    op.create_table(
        "anchors",
        _of("round", "rounds.key"),
        _text("criterion", primary_key=True),
        _number("value"),
        _text("note"),
    )
    op.create_table(
        "statements", _text("release", primary_key=True), _text("unit", primary_key=True), _text("document")
    )
