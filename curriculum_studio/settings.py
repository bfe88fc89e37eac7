"""The settings of a workspace: from `studio.toml`, then the environment (`STUDIO_…`), then the defaults here."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from curriculum_studio.domain.errors import NotFound, Refused

FORMAT = 1
DATABASE_FILE = "studio.db"
JOURNAL_FILE = "journal.db"


_IN_ENVIRONMENT = "STUDIO_"
Value = bool | int | str


@dataclass(frozen=True, slots=True)
class _Must:
    """What a value must be: in words that follow "must be", and as a test."""

    be: str
    holds: Callable[[Any], bool]


def _number(least: int, most: int) -> _Must:
    return _Must(f"a whole number from {least} to {most}", lambda value: least <= value <= most)


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    """Whether a text is an address with a host; an empty one stands for none."""
    try:
        parts = urlsplit(text)
        whole = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return not text or (whole and not set(text) & set(' \t\r\n"<>'))


def _is_page_address(text: str) -> bool:
    # Links are made by putting a path behind it.
    return _is_address(text, ("http", "https")) and not set(text) & set("?#")


def _are_proxies(text: str) -> bool:
    try:
        return all(one.strip() == "unix" or ip_address(one.strip()) for one in text.split(",") if one.strip())
    except ValueError:
        return False


def _is_sender(text: str) -> bool:
    before, _, after = parseaddr(text)[1].partition("@")
    return bool(before and after) and text.isprintable()


def _is_database(text: str) -> bool:
    return not text or (text.startswith("postgresql+psycopg://") and text != "postgresql+psycopg://")


_ANY_NUMBER = _Must("a whole number", lambda value: True)
_YES_OR_NO = _Must("true or false", lambda value: True)
_PROXIES = _Must("addresses such as `127.0.0.1`, or `unix`, with commas between them", _are_proxies)
_PAGES = _Must("an address that begins with http:// or https://, such as `https://studio.example.org`", _is_page_address)  # fmt: skip
_MAILS = _Must("an address such as `smtp://user:password@host:587` or `smtps://host`", lambda text: _is_address(text, ("smtp", "smtps")))  # fmt: skip
_SENDER = _Must("a mail address, such as `Curriculum Studio <studio@example.org>`", _is_sender)
_SERVER = _Must("an address such as `postgresql+psycopg://user:password@host/name`", _is_database)


def _set(default: Value, says: str, must: _Must = _YES_OR_NO) -> Any:
    return field(default=default, metadata={"says": says, "must": must})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; what each does stands beside it, and in `docs/settings.md`."""

    folder: Path
    format: int = _set(
        FORMAT, "The format of the workspace; written by `new`, not to be changed by hand.", _ANY_NUMBER
    )
    sample_people: bool = _set(
        False, "Offers sample people at the sign-in page, without passwords. For trying out only."
    )
    secure_cookies: bool = _set(False, "Marks cookies as for HTTPS only. Set it to true behind HTTPS.")
    session_hours: int = _set(72, "How long a sign-in holds, in hours.", _number(1, 8760))
    workers: int = _set(1, "Web processes. One for each two processors is enough.", _number(1, 64))
    threads: int = _set(64, "Threads of each web process.", _number(2, 1024))
    trusted_proxies: str = _set("", "Addresses of front proxies whose `X-Forwarded-…` headers are believed, with commas; `unix` for a Unix socket. Nobody is believed otherwise.", _PROXIES)  # fmt: skip
    version_after: int = _set(120, "After so many seconds in which nobody typed, what was written together becomes a version.", _number(1, 86400))  # fmt: skip
    metrics_open: bool = _set(False, "Shows `/metrics` to every address, not only to this machine.")
    address: str = _set("", "The studio's own address as people type it, such as `https://studio.example.org`: mails and the links for new people name it, and readers of the published sites report to it.", _PAGES)  # fmt: skip
    reader_reports: bool = _set(False, "Lets readers of the published student and family pages report something, at `/report` of `address`; nothing without one.")  # fmt: skip
    mail_server: str = _set("", "The server that sends mail, `smtp://user:password@host:587` or `smtps://…`. Without one, mails are written to the log.", _MAILS)  # fmt: skip
    mail_from: str = _set("Curriculum Studio <studio@localhost>", "What mails name as their sender.", _SENDER)
    database_url: str = _set("", "A PostgreSQL database instead of the SQLite file, such as `postgresql+psycopg://user:password@host/name`; install with the extra `postgres`.", _SERVER)  # fmt: skip

    @property
    def content(self) -> Path:
        """The content store."""
        return self.folder / "curriculum.git"

    @property
    def database(self) -> Path | str:
        """The database of people, sessions and the record: a file of the workspace, or the address of a server's."""
        return self.database_url or self.folder / DATABASE_FILE

    @property
    def journal(self) -> Path:
        """The journal of what is being written together; only the rooms' process writes it."""
        return self.folder / JOURNAL_FILE

    @property
    def sites(self) -> Path:
        """Where published editions lie."""
        return self.folder / "sites"

    @property
    def search(self) -> Path:
        """The search index; may be deleted at any time."""
        return self.folder / "search"

    @property
    def facts(self) -> Path:
        """What was read of each working text; may be deleted at any time."""
        return self.folder / "facts.db"

    @property
    def key(self) -> Path:
        """The secret that signs form tokens."""
        return self.folder / "secret.key"


def load_settings(folder: Path) -> Settings:
    """The settings of a workspace. Raises `NotFound` where there is none, `Refused` where they cannot be used."""
    path = folder / "studio.toml"
    if not path.is_file():
        raise NotFound(
            f"{folder} is no workspace: it has no studio.toml. Make one with `curriculum-studio new {folder}`."
        )
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from error
    settings = _with(Settings(folder.resolve()), values, str(path))
    # The format first: a newer one may have settings that are not known here.
    if settings.format != FORMAT:
        hint = "Put back what `new` wrote there." if settings.format < FORMAT else "Use a newer program."
        raise Refused(
            f"This workspace is of format {settings.format}; this program reads format {FORMAT}. {hint}"
        )
    if values:
        raise _unknown(next(iter(values)), str(path))
    return settings


def new_settings(folder: Path) -> Settings:
    """The settings of a workspace that is about to be made: the environment over the defaults. Raises `Refused`."""
    return _with(Settings(folder.resolve()), {}, "")


def _with(settings: Settings, values: dict[str, Any], place: str) -> Settings:
    """The settings with what the environment or else `values` say; takes what it read out of `values`."""
    known = {one.name: one for one in fields(Settings) if one.name != "folder"}
    for given in sorted(os.environ):
        # Other programs have variables that begin so too: only what resembles a setting is one that was misspelt.
        if (
            given.startswith(_IN_ENVIRONMENT)
            and given[len(_IN_ENVIRONMENT) :].lower() not in known
            and _near(given)
        ):
            raise _unknown(given)
    for name, one in known.items():
        own, variable = values.pop(name, None), f"{_IN_ENVIRONMENT}{name.upper()}"
        outer = os.environ.get(variable)
        raw, said = (own, f"{place}: {name}") if outer is None else (outer, f"{variable} in the environment")
        if raw is not None:
            must: _Must = one.metadata["must"]
            value = _read(raw, type(one.default))
            # The value is not said again: an address can hold a password.
            if value is None or not must.holds(value):
                raise Refused(f"{said} must be {must.be}.")
            settings = replace(settings, **{name: value})  # type: ignore[arg-type]
    return settings


def _near(given: str) -> str:
    """The setting that a name resembles, "" for none."""
    names = [one.name for one in fields(Settings) if one.name != "folder"]
    return next(
        iter(difflib.get_close_matches(given.removeprefix(_IN_ENVIRONMENT).lower(), names, 1, 0.75)), ""
    )


def _unknown(given: str, place: str = "") -> Refused:
    """A name that is no setting, with the one that it resembles; a setting misspelt would otherwise be a setting not set."""
    near = _near(given)
    meant = near if place else f"{_IN_ENVIRONMENT}{near.upper()}"
    hint = f" Did you mean {meant}?" if near else " Take it out; the settings are listed in docs/settings.md."
    return Refused(f"{place or 'The environment'}: {given} is no setting of the studio.{hint}")


def _read(raw: Any, kind: type) -> Value | None:
    """A value as its kind, from a file or from the environment, where all is text; None where it is none."""
    if kind is str:
        return raw if isinstance(raw, str) else None
    if kind is bool:
        word = str(raw).casefold()
        if word in ("1", "true", "yes", "on"):
            return True
        return False if word in ("0", "false", "no", "off", "") else None
    if isinstance(raw, (bool, float)):
        return None
    try:
        return int(raw)
    except (TypeError, ValueError):
        return None


def settings_table() -> str:
    """The table of settings for the documentation, in Markdown."""
    rows = ["| in `studio.toml` | in the environment | default | what it does |", "|---|---|---|---|"]
    for one in fields(Settings):
        if one.name != "folder":
            shown = str(one.default).lower() if isinstance(one.default, bool) else one.default
            must: _Must = one.metadata["must"]
            range_ = must.be.partition(" from ")[2] if isinstance(one.default, int) else ""
            says = one.metadata["says"] + (f" From {range_}." if range_ else "")
            rows.append(f"| `{one.name}` | `STUDIO_{one.name.upper()}` | `{shown}` | {says} |")
    return "\n".join(rows) + "\n"
