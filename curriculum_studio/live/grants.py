"""Hides how the web side says who may do what in a room, so that the rooms believe it and nobody else can say it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

RoomRight = Literal["write", "comment", "read"]
RIGHTS = ("write", "comment", "read")


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may do what in which document, and until when (seconds); `sign_in` names the sign-in that it rests on."""

    document: str
    right: str
    person: str
    name: str
    sign_in: str
    until: int

    def with_right(self, right: str) -> Grant:
        """The same with another right."""
        return replace(self, right=right)


def sign(grant: Grant, secret: bytes) -> str:
    """A grant and its seal, in letters that an address may hold."""
    words = json.dumps(asdict(grant), ensure_ascii=False, sort_keys=True).encode()
    seal = hmac.new(secret, b"grant\0" + words, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(seal + words).decode("ascii").rstrip("=")


def read_grant(sealed: str, secret: bytes, now: float) -> Grant | None:
    """The grant, None where the seal is not ours or its time is over."""
    try:
        content = base64.urlsafe_b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    seal, words = content[:32], content[32:]
    if not hmac.compare_digest(seal, hmac.new(secret, b"grant\0" + words, hashlib.sha256).digest()):
        return None
    grant = Grant(**json.loads(words))
    return grant if grant.until > now and grant.right in RIGHTS else None
