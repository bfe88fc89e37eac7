"""Readers' reports that were deleted wait to be brought back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Adds the mark; every report that is there stands."""
    op.add_column("reports", sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false()))
