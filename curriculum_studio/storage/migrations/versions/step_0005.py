"""Results of groups, the ledger of masks, and which column is which problem."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), **({"nullable": False} | options))


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **({"nullable": False} | options))


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "results",
        _text("key", primary_key=True),
        *(_text(name) for name in ("document", "path", "title", "version", "blob", "taken")),
        _number("classes"),
        _number("students"),
        *(_text(name) for name in ("items", "tallies", "masks", "digest", "person")),
        _number("at"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
    )
    for name in ("document", "taken", "digest"):
        op.create_index(f"ix_results_{name}", "results", [name])
    op.create_table("masks", _text("digest", primary_key=True), _text("mask"), _number("at"))
    op.create_table(
        "columns", _text("document", primary_key=True), _number("width", primary_key=True), _text("items")
    )
