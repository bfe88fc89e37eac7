"""A reader's report knows the text that it was made on, so that its words are followed and not only looked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the two columns; of earlier reports nobody knows them."""
    op.add_column("reports", sa.Column("start", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("reports", sa.Column("blob", sa.String(), nullable=False, server_default=""))
