"""Personal tokens for other programs, and what was brought in from outside."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _text(name: str, *rest: sa.ForeignKey, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *rest, **({"nullable": False} | options))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "tokens",
        _text("key", primary_key=True),
        _text("hash", unique=True),
        _text("person", sa.ForeignKey("people.key", ondelete="CASCADE")),
        _text("name"),
        sa.Column("writes", sa.Boolean(), nullable=False),
        *(_number(name) for name in ("made", "until", "used", "fetched_at")),
        _text("fetched"),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"])
    op.create_table(
        "pushes",
        _text("version", primary_key=True),
        *(_text(name) for name in ("before", "person")),
        _number("at"),
        _text("paths"),
    )
    op.create_index("ix_pushes_person", "pushes", ["person"])
    op.create_index("ix_pushes_at", "pushes", ["at"])
