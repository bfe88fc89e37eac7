"""Inquiries of one workspace: written, changed, withdrawn and brought back, each noted in the record."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, replace

from sqlalchemy import select

from curriculum_studio.domain.effects import Arm
from curriculum_studio.domain.errors import NotFound
from curriculum_studio.domain.inquiries import Inquiry
from curriculum_studio.storage.audit import record
from curriculum_studio.storage.database import Database
from curriculum_studio.storage.keys import new_key
from curriculum_studio.storage.tables_inquiry import InquiryRow

_COLUMNS = ("key", "unit", "goal", "version", "person", "at", "changed", "withdrawn")


class Inquiries:
    """The inquiries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, inquiry: Inquiry) -> str:
        """Writes an inquiry down; gives its key."""
        now = int(time.time())
        made = replace(inquiry, key=new_key("i"), at=now, changed=now, withdrawn=False)
        with self._database.work() as work:
            work.add(InquiryRow(said=_said(made), **{name: getattr(made, name) for name in _COLUMNS}))
            record(work, made.person, "wrote an inquiry down", made.key, unit=made.unit)
        return made.key

    def all(self, *, withdrawn: bool = False) -> list[Inquiry]:
        """Every inquiry that counts (or every one that was withdrawn), the newest first."""
        wanted = select(InquiryRow).where(InquiryRow.withdrawn.is_(withdrawn))
        with self._database.look() as look:
            return [
                _inquiry(row)
                for row in look.scalars(wanted.order_by(InquiryRow.at.desc(), InquiryRow.key.desc()))
            ]

    def get(self, key: str) -> Inquiry:
        """An inquiry, withdrawn or not. Raises `NotFound`."""
        with self._database.look() as look:
            row = look.get(InquiryRow, key)
            if row is None:
                raise NotFound("There is no such inquiry.")
            return _inquiry(row)

    def change(self, inquiry: Inquiry, actor: str) -> None:
        """Writes an inquiry anew. Raises `NotFound`."""
        self._put(replace(inquiry, changed=int(time.time())), actor, "changed an inquiry")

    def withdraw(self, key: str, actor: str, withdrawn: bool) -> None:
        """Takes an inquiry out of every list, or brings it back. Raises `NotFound`."""
        act = "withdrew an inquiry" if withdrawn else "brought an inquiry back"
        self._put(replace(self.get(key), withdrawn=withdrawn), actor, act)

    def _put(self, inquiry: Inquiry, actor: str, act: str) -> None:
        with self._database.work() as work:
            row = work.get(InquiryRow, inquiry.key, with_for_update=True)
            if row is None:
                raise NotFound("There is no such inquiry.")
            for name in _COLUMNS:
                setattr(row, name, getattr(inquiry, name))
            row.said = _said(inquiry)
            record(work, actor, act, inquiry.key)


def _said(inquiry: Inquiry) -> str:
    rest = {name: value for name, value in asdict(inquiry).items() if name not in _COLUMNS}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True)


def _inquiry(row: InquiryRow) -> Inquiry:
    said = json.loads(row.said)
    for name in ("treated", "compared"):
        said[name] = Arm(**said[name]) if said[name] is not None else None
    return Inquiry(**said, **{name: getattr(row, name) for name in _COLUMNS})
