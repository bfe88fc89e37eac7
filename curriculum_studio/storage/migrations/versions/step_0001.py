"""People, their sessions and their one-use links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the first tables."""
    op.create_table(
        "people",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False, unique=True),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
    )
    for name in ("sessions", "links"):
        op.create_table(
            name,
            sa.Column("token", sa.String(), primary_key=True),
            sa.Column("person", sa.String(), sa.ForeignKey("people.key", ondelete="CASCADE"), nullable=False),
            sa.Column("until", sa.Integer(), nullable=False),
        )
    op.create_index("ix_sessions_person", "sessions", ["person"])
