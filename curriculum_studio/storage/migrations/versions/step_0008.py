"""Who agreed to which text of the charter, and the values of its goals over the years."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "assents",
        _text("person", primary_key=True),
        _text("blob", primary_key=True),
        _text("side"),
        sa.Column("at", sa.Integer(), nullable=False),
    )
    op.create_table(
        "goal_points",
        _text("goal", primary_key=True),
        _text("year", primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
        _text("source"),
        _text("person"),
        sa.Column("at", sa.Integer(), nullable=False),
    )
