"""The teaching log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "teaching",
        sa.Column(
            "person",
            sa.String(),
            sa.ForeignKey("people.key", ondelete="CASCADE"),
            nullable=False,
            primary_key=True,
        ),
        sa.Column("key", sa.String(), nullable=False, primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("document", "title", "blob", "day", "parts", "happened")
        ),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
    )
    op.create_index("ix_teaching_document", "teaching", ["document"])
