"""Flags on parts of texts, and what happened to each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "flags",
        _text("key", primary_key=True),
        *(_text(name) for name in ("rule", "document", "part", "state")),
    )
    op.create_index("ix_flags_document", "flags", ["document"])
    op.create_index("ix_flags_state", "flags", ["state"])
    op.create_table(
        "flag_steps",
        sa.Column("number", sa.Integer(), primary_key=True, nullable=False),
        sa.Column("flag", sa.String(), sa.ForeignKey("flags.key", ondelete="CASCADE"), nullable=False),
        *(_text(name) for name in ("act", "person", "words")),
        sa.Column("at", sa.Integer(), nullable=False),
        _text("source"),
    )
    op.create_index("ix_flag_steps_flag", "flag_steps", ["flag"])
