"""Review: threads, verdicts, requests, notices, readers' reports, and the outbox of the record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _text(name: str, *rest: sa.ForeignKey, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *rest, **({"nullable": False} | options))


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), **({"nullable": False} | options))


def _yes(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def upgrade() -> None:
    """Makes the tables."""
    _words()
    _acts()
    _news()


def _words() -> None:
    op.create_table(
        "threads",
        _text("key", primary_key=True),
        _text("text"),
        _text("path"),
        _text("blob"),
        _text("quote"),
        _text("prefix"),
        _text("suffix"),
        _number("start"),
        _text("part"),
        _text("seen_blob"),
        _number("seen_start"),
        _number("seen_end"),
        _yes("lost"),
        _text("person"),
        _number("at"),
        _text("replacement", nullable=True),
        _text("state"),
        _text("reason"),
        _text("closed_by"),
        _number("closed_at"),
        _text("assigned"),
    )
    op.create_index("ix_threads_text", "threads", ["text"])
    op.create_table(
        "remarks",
        _number("number", primary_key=True),
        _text("thread", sa.ForeignKey("threads.key", ondelete="CASCADE")),
        _text("person"),
        _text("text"),
        _number("at"),
    )
    op.create_index("ix_remarks_thread", "remarks", ["thread"])
    op.create_table(
        "policies",
        _number("number", primary_key=True, autoincrement=False),
        _yes("needed"),
        _number("teachers"),
        _number("researchers"),
        _text("baseline"),
        _text("person"),
        _number("at"),
    )
    op.create_table(
        "verdicts",
        _text("key", primary_key=True),
        _text("text"),
        _text("path"),
        _text("blob"),
        _text("closure"),
        _text("person"),
        _text("role"),
        _yes("author"),
        _text("verdict"),
        _text("words"),
        _number("at"),
    )
    op.create_index("ix_verdicts_closure", "verdicts", ["closure"])
    op.create_index("ix_verdicts_text", "verdicts", ["text"])


def _acts() -> None:
    op.create_table(
        "requests",
        _text("key", primary_key=True),
        _text("text"),
        _text("path"),
        _text("person"),
        _number("at"),
        _text("question"),
        _text("rubric"),
        _text("due"),
        _number("closed"),
    )
    op.create_index("ix_requests_text", "requests", ["text"])
    op.create_table(
        "asked",
        _text("request", sa.ForeignKey("requests.key", ondelete="CASCADE"), primary_key=True),
        _text("person", primary_key=True),
        _number("answered"),
        _number("reminded"),
    )
    op.create_index("ix_asked_person", "asked", ["person"])


def _news() -> None:
    op.create_table(
        "looks",
        _text("person", primary_key=True),
        _text("text", primary_key=True),
        _text("blob"),
        _text("before"),
        _number("at"),
    )
    op.create_table(
        "notices",
        _number("number", primary_key=True),
        _text("person"),
        _text("kind"),
        _text("about"),
        _text("path"),
        _text("words"),
        _text("sender"),
        _number("at"),
        _number("seen"),
        _number("mailed"),
    )
    op.create_index("ix_notices_mailed", "notices", ["mailed"])
    op.create_index("ix_notices_person_seen", "notices", ["person", "seen"])
    op.create_table(
        "notice_choices",
        _text("person", primary_key=True),
        _text("kind", primary_key=True),
        _text("way"),
    )
    op.create_table(
        "outbox",
        _number("number", primary_key=True),
        _text("kind"),
        _text("key"),
    )
    op.create_table(
        "reports",
        _text("key", primary_key=True),
        _text("path"),
        _text("part"),
        _text("quote"),
        _text("prefix"),
        _text("suffix"),
        _text("words"),
        _number("at"),
    )
