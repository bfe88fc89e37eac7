"""Inquiries: findings about units with their figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "inquiries",
        sa.Column("key", sa.String(), nullable=False, primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("unit", "goal", "version", "person", "said")
        ),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_inquiries_unit", "inquiries", ["unit"])
