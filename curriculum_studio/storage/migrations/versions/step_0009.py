"""Cycles of improvement, and who took part in which session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "cycles",
        _text("key", primary_key=True),
        *(
            _text(name)
            for name in ("unit", "goal", "flag", "before", "idea", "prediction", "measure", "person")
        ),
        _number("planned"),
        _number("begun"),
        _text("happened"),
        _text("results"),
        _number("studied"),
        _text("decision"),
        _text("learned"),
        _number("decided"),
    )
    op.create_index("ix_cycles_unit", "cycles", ["unit"])
    op.create_table(
        "attendance",
        _text("session", primary_key=True),
        sa.Column(
            "person",
            sa.String(),
            sa.ForeignKey("people.key", ondelete="CASCADE"),
            nullable=False,
            primary_key=True,
        ),
        _text("took"),
        _number("at"),
        _text("used"),
        _number("used_at"),
    )
