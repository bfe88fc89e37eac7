"""Teams and the units that they own, the record with its chain of hashes, leavers, visits, names of versions, the bin."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str, *rest: sa.ForeignKey, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *rest, **({"nullable": False} | options))


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **({"nullable": False} | options))


def _person(**options: Any) -> sa.Column[str]:
    return _text("person", sa.ForeignKey("people.key", ondelete="CASCADE"), **options)


def _team(**options: Any) -> sa.Column[str]:
    return _text("team", sa.ForeignKey("teams.key", ondelete="CASCADE"), **options)


def upgrade() -> None:
    """Widens people and sessions, and makes the new tables."""
    op.add_column("people", sa.Column("left", sa.Boolean(), nullable=False, server_default="0"))
    for column in (_number("opened", server_default="0"), _number("seen", server_default="0")):
        op.add_column("sessions", column)
    op.add_column("sessions", _text("device", server_default=""))
    op.create_table(
        "teams",
        _text("key", primary_key=True),
        _text("name", unique=True),
        sa.Column("private", sa.Boolean(), nullable=False),
    )
    op.create_table("members", _team(primary_key=True), _person(primary_key=True))
    op.create_table("owned", _text("unit", primary_key=True), _team())
    op.create_index("ix_owned_team", "owned", ["team"])
    op.create_table(
        "audit",
        _number("number", primary_key=True, autoincrement=False),
        _number("at"),
        *(_text(name) for name in ("actor", "act", "about", "detail", "hash")),
    )
    op.create_table("attempts", _number("number", primary_key=True), _text("key"), _number("at"))
    op.create_index("ix_attempts_key_at", "attempts", ["key", "at"])
    op.create_table("visits", _person(primary_key=True), _number("at"), _number("before"))
    op.create_table(
        "names",
        _text("version", primary_key=True),
        _text("lesson", primary_key=True),
        _text("name"),
        _text("person"),
        _number("at"),
    )
    op.create_table(
        "bin",
        _text("key", primary_key=True),
        *(_text(name) for name in ("title", "paths", "version", "unit")),
        _number("section"),
        _text("person"),
        _number("at"),
    )
    _append_only()


def _append_only() -> None:
    """The record grows and is never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger audit_no_{act} before {act} on audit begin select raise(abort, 'the record is append-only'); end"
            )
        return
    op.execute(
        "create function audit_fixed() returns trigger as $$ begin raise exception 'the record is append-only'; end $$ language plpgsql"
    )
    op.execute(
        "create trigger audit_fixed before update or delete on audit for each row execute function audit_fixed()"
    )
