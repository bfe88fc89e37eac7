"""Teams and meetings that were taken away wait to be brought back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Adds the mark; every team and every meeting that is there stands."""
    for table in ("teams", "meetings"):
        op.add_column(table, sa.Column("away", sa.Boolean(), nullable=False, server_default=sa.false()))
