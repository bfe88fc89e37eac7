"""The settings of a workspace: from `studio.toml`, then the environment (`STUDIO_…`), then the defaults here."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from curriculum_studio.domain.errors import NotFound, Refused

FORMAT = 1
DATABASE_FILE = "studio.db"
JOURNAL_FILE = "journal.db"


def _set(default: bool | int | str, says: str) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; what each does stands beside it, and in `docs/settings.md`."""

    folder: Path
    format: int = _set(FORMAT, "The format of the workspace; written by `new`, not to be changed by hand.")
    sample_people: bool = _set(
        False, "Offers sample people at the sign-in page, without passwords. For trying out only."
    )
    secure_cookies: bool = _set(False, "Marks cookies as for HTTPS only. Set it to true behind HTTPS.")
    session_hours: int = _set(72, "How long a sign-in holds, in hours.")
    workers: int = _set(1, "Web processes. One for each two processors is enough.")
    threads: int = _set(64, "Threads of each web process.")
    trusted_proxies: str = _set("", "Addresses of front proxies whose `X-Forwarded-…` headers are believed, with commas; `unix` for a Unix socket. Nobody is believed otherwise.")  # fmt: skip
    version_after: int = _set(120, "After so many seconds in which nobody typed, what was written together becomes a version.")  # fmt: skip
    metrics_open: bool = _set(False, "Shows `/metrics` to every address, not only to this machine.")
    address: str = _set("", "The studio's own address as people type it, such as `https://studio.example.org`: mails link to it, and readers of the published sites report to it.")  # fmt: skip
    reader_reports: bool = _set(False, "Lets readers of the published student and family pages report something, at `/report` of `address`; nothing without one.")  # fmt: skip
    mail_server: str = _set("", "The server that sends mail, `smtp://user:password@host:587` or `smtps://…`. Without one, mails are written to the log.")  # fmt: skip
    mail_from: str = _set("Curriculum Studio <studio@localhost>", "What mails name as their sender.")
    database_url: str = _set("", "A PostgreSQL database instead of the SQLite file, such as `postgresql+psycopg://user:password@host/name`; install with the extra `postgres`.")  # fmt: skip

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
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path} cannot be read: {error}") from error
    settings = _with(Settings(folder.resolve()), values, str(path))
    if values:
        raise Refused(f"{path}: {next(iter(values))} is no setting of the studio.")
    if settings.format != FORMAT:
        hint = (
            "Run `curriculum-studio upgrade` on it first."
            if settings.format < FORMAT
            else "Use a newer program."
        )
        raise Refused(
            f"This workspace is of format {settings.format}; this program reads format {FORMAT}. {hint}"
        )
    return settings


def new_settings(folder: Path) -> Settings:
    """The settings of a workspace that is about to be made: the environment over the defaults. Raises `Refused`."""
    return _with(Settings(folder.resolve()), {}, "The environment")


def _with(settings: Settings, values: dict[str, Any], place: str) -> Settings:
    """The settings with what the environment or else `values` say; takes what it read out of `values`."""
    for name in (one.name for one in fields(Settings) if one.name != "folder"):
        own = values.pop(name, None)
        raw = os.environ.get(f"STUDIO_{name.upper()}", own)
        if raw is not None:
            value = _read(raw, type(getattr(settings, name)), f"{place}: {name}")
            settings = replace(settings, **{name: value})  # type: ignore[arg-type]
    return settings


def _read(raw: Any, kind: type, place: str) -> bool | int | str:
    if kind is str:
        return str(raw)
    if kind is bool:
        word = str(raw).casefold()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off", ""):
            return False
        raise Refused(f"{place} is true or false.")
    try:
        return int(raw)
    except (TypeError, ValueError) as error:
        raise Refused(f"{place} is a number.") from error


def settings_table() -> str:
    """The table of settings for the documentation, in Markdown."""
    rows = ["| in `studio.toml` | in the environment | default | what it does |", "|---|---|---|---|"]
    for one in fields(Settings):
        if one.name != "folder":
            shown = str(one.default).lower() if isinstance(one.default, bool) else one.default
            rows.append(
                f"| `{one.name}` | `STUDIO_{one.name.upper()}` | `{shown}` | {one.metadata['says']} |"
            )
    return "\n".join(rows) + "\n"
